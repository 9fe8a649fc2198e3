"""What people said of papers: votes, and what they saved. A mark stays when its paper goes, and goes along with its name.

A paper may have been marked under a name that became an alias since: all its marks of one person count as one, and the next
change makes them one row. A mark that says nothing any more is no row.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import Paper, PaperKey, SeenPaper
from bot.domain.people import Mark, Person, Vote
from bot.storage import paper_rows as rows
from bot.storage import papers
from bot.storage.aliases import resolved
from bot.storage.statements import chunks, insert
from bot.storage.tables import aliases, marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many papers one person saved, and voted up and down."""

    saved: int
    up: int
    down: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    vote: Vote = Vote.NONE
    voted_at: datetime | None = None
    saved_at: datetime | None = None


async def vote(tx: AsyncConnection, person: Person, key: PaperKey, wanted: Vote, now: datetime) -> Mark:
    """The vote from now on; `Vote.NONE` takes it back. Safe to repeat: of the same vote the first time is kept."""

    def voted(said: _Said) -> _Said:
        if said.vote is wanted:
            return said
        return replace(said, vote=wanted, voted_at=now if wanted else None)

    return await _change(tx, person, key, voted)


async def save(tx: AsyncConnection, person: Person, key: PaperKey, now: datetime) -> Mark:
    """Saved from now on; what is saved already keeps its first time."""
    return await _change(tx, person, key, lambda said: replace(said, saved_at=said.saved_at or now))


async def unsave(tx: AsyncConnection, person: Person, key: PaperKey) -> Mark:
    """Not saved any more; a vote stays."""
    return await _change(tx, person, key, lambda said: replace(said, saved_at=None))


async def of(tx: AsyncConnection, person: Person, keys: Collection[PaperKey]) -> dict[PaperKey, Mark]:
    """What this person said of each of these papers, under whatever name; an empty mark where it is nothing."""
    asked = {key: rows.key_text(key) for key in keys}
    canonical = await resolved(tx, set(asked.values()))
    said: dict[str, list[_Said]] = {}
    for chunk in chunks(tuple(set(canonical.values()))):
        for row in await tx.execute(_theirs(person).where(_PAPER.in_(chunk))):
            said.setdefault(row.paper, []).append(_said(row))
    return {key: _mark(_whole(said.get(canonical[text], ()))) for key, text in asked.items()}


async def saved(tx: AsyncConnection, person: Person, *, limit: int | None = None, offset: int = 0) -> tuple[PaperKey, ...]:
    """The canonical keys of what this person saved, newest first; at most `limit` of them from `offset` on."""
    query = select(_PAPER).select_from(_NAMED).where(_is(person), marks.c.saved_at.is_not(None)).group_by(_PAPER)
    query = query.order_by(func.min(marks.c.saved_at).desc(), _PAPER).offset(offset)
    return tuple(rows.key_of(key) for key in (await tx.execute(query.limit(limit) if limit else query)).scalars())


async def papers_of(tx: AsyncConnection, keys: Sequence[PaperKey]) -> tuple[SeenPaper, ...]:
    """The papers of these keys, in order; of one that is not stored any more its name alone, which leads to its page."""
    found = await papers.by_keys(tx, keys)
    return tuple(found.get(key) or SeenPaper(paper=Paper(key=key, version=None, title="")) for key in keys)


async def counts(tx: AsyncConnection, person: Person) -> Counts:
    """How much this person said."""
    said: dict[str, list[_Said]] = {}
    for row in await tx.execute(_theirs(person)):
        said.setdefault(row.paper, []).append(_said(row))
    whole = [_whole(each) for each in said.values()]
    return Counts(
        saved=sum(each.saved_at is not None for each in whole),
        up=sum(each.vote is Vote.UP for each in whole),
        down=sum(each.vote is Vote.DOWN for each in whole),
    )


async def forget(tx: AsyncConnection, person: Person) -> None:
    """All that this person said of papers."""
    await tx.execute(delete(marks).where(_is(person)))


_NAMED = marks.outerjoin(aliases, aliases.c.alias == marks.c.paper_key)
_PAPER = func.coalesce(aliases.c.paper_key, marks.c.paper_key)


def _is(person: Person) -> ColumnElement[bool]:
    return (marks.c.platform == person.platform) & (marks.c.person == person.id)


def _theirs(person: Person) -> Select[*tuple[Any, ...]]:
    return select(_PAPER.label("paper"), marks).select_from(_NAMED).where(_is(person))


async def _change(tx: AsyncConnection, person: Person, key: PaperKey, change: Callable[[_Said], _Said]) -> Mark:
    """Read, change and write in one transaction, whose writer is the only one."""
    (paper,) = (await resolved(tx, (rows.key_text(key),))).values()
    found = (await tx.execute(_theirs(person).where(_PAPER.in_((paper,))))).all()
    said = change(_whole(map(_said, found)))
    if found:
        names = [row.paper_key for row in found]
        await tx.execute(delete(marks).where(_is(person), marks.c.paper_key.in_(names)))
    if said != _Said():
        values = {"vote": int(said.vote), "voted_at": said.voted_at, "saved_at": said.saved_at}
        await tx.execute(insert(tx, marks).values(platform=person.platform, person=person.id, paper_key=paper, **values))
    return _mark(said)


def _said(row: Row[Any]) -> _Said:
    return _Said(vote=Vote(row.vote), voted_at=row.voted_at, saved_at=row.saved_at)


def _whole(said: Iterable[_Said]) -> _Said:
    """Several marks of one paper as one: the last vote, and the first time it was saved."""
    each = tuple(said)
    voted = [(one.voted_at, one.vote) for one in each if one.voted_at is not None]
    voted_at, last = max(voted, default=(None, Vote.NONE))
    return _Said(vote=last, voted_at=voted_at, saved_at=min((one.saved_at for one in each if one.saved_at), default=None))


def _mark(said: _Said) -> Mark:
    return Mark(vote=said.vote, saved_at=said.saved_at)
