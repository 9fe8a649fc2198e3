"""Papers and their sightings: W1, and everything that is read of them. Keys come in any form and leave canonical."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identity import merge
from bot.domain.intake import Page
from bot.domain.papers import AnnounceType, Paper, PaperKey, Scheme, SeenPaper, Sighting
from bot.storage import paper_rows as rows
from bot.storage import search_index
from bot.storage import sources as source_table
from bot.storage.aliases import absorb, add_alias, name_all, resolve, resolved
from bot.storage.shown import is_fresh, standing
from bot.storage.statements import chunks, insert
from bot.storage.tables import items, papers, sightings, versions

__all__ = ["Recorded", "Shelf", "add_alias", "batch_keys", "by_keys", "fresh_to", "record_page", "resolve", "sighted"]

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a page brought: papers that are new, papers whose record changed, sightings of papers that nobody described."""

    new: int
    updated: int
    skipped: int = 0


async def record_page(tx: AsyncConnection, page: Page, now: datetime) -> Recorded:
    """W1: store a page's papers, sightings and finished watermarks, and clear its source's error. Safe to repeat.

    Of a paper the newest version wins (`bot.domain.identity.merge`). A page that holds nothing but failures clears nothing.
    """
    described = rows.folded(page.papers)
    sighted_keys = {rows.key_text(sighting.key) for sighting in page.sightings}
    canonical = await resolved(tx, described.keys() | sighted_keys)
    records = rows.folded(rows.rekeyed(paper, canonical[key]) for key, paper in described.items())
    new = updated = 0
    for chunk in chunks(tuple(records.items())):
        was_new, was_updated = await _record_papers(tx, dict(chunk), now)
        new, updated = new + was_new, updated + was_updated
    await _name_dois(tx, records)
    canonical = await resolved(tx, sighted_keys)
    skipped = 0
    for batch in chunks(page.sightings):
        skipped += await _record_sightings(tx, [(canonical[rows.key_text(s.key)], s) for s in batch], now)
    await source_table.advance(tx, page.finished)
    if page.papers or page.sightings or page.finished or not any(notice.why.is_failure for notice in page.notices):
        await source_table.record_success(tx, page.source, now)
    return Recorded(new=new, updated=updated, skipped=skipped)


async def _record_papers(tx: AsyncConnection, records: dict[str, Paper], now: datetime) -> tuple[int, int]:
    known = {row.key: rows.paper_of(row) for row in await tx.execute(select(papers).where(papers.c.key.in_(records)))}
    fresh, changed, unindexed = [], [], []
    for key, paper in records.items():
        old = known.get(key)
        whole = paper if old is None else merge(old, paper)
        if old is None:
            fresh.append({**rows.paper_values(key, whole), "first_seen_at": now})
            unindexed.append(key)
        elif whole != old:
            changed.append({**rows.paper_values(key, whole), "b_key": key})
            unindexed += [key] if search_index.reads_differently(old, whole) else []
    if fresh:
        await tx.execute(insert(tx, papers), fresh)
    if changed:
        await tx.execute(update(papers).where(papers.c.key == bindparam("b_key")), changed)
    await search_index.mark(tx, unindexed)
    await _record_versions(tx, records)
    return len(fresh), len(changed)


async def _record_versions(tx: AsyncConnection, records: dict[str, Paper]) -> None:
    known = {(key, version): at for key, paper in records.items() for key, version, at in rows.version_values(key, paper)}
    if not known:
        return
    statement = insert(tx, versions)
    statement = statement.on_conflict_do_update(
        index_elements=[versions.c.paper_key, versions.c.version],
        set_={"submitted_at": func.coalesce(versions.c.submitted_at, statement.excluded.submitted_at)},
    )
    await tx.execute(statement, [{"paper_key": k, "version": v, "submitted_at": at} for (k, v), at in known.items()])


async def _name_dois(tx: AsyncConnection, records: dict[str, Paper]) -> None:
    """A paper of arXiv that states its publisher's DOI is the same paper as the one that a file names by it."""
    named: dict[str, str] = {}
    for key, paper in records.items():
        for doi in (paper.doi or "").lower().replace(";", " ").split() if paper.key.scheme is Scheme.ARXIV else ():
            named.setdefault(rows.key_text(PaperKey(scheme=Scheme.DOI, value=doi)), key)
    for chunk in chunks(tuple(named)):
        stored = await tx.execute(select(papers.c.key).where(papers.c.key.in_(chunk)))
        for name in stored.scalars().all():
            await absorb(tx, name, named[name])
    await name_all(tx, named)


async def _record_sightings(tx: AsyncConnection, seen: Sequence[tuple[str, Sighting]], now: datetime) -> int:
    keys = {key for key, _ in seen}
    described = set((await tx.execute(select(papers.c.key).where(papers.c.key.in_(keys)))).scalars())
    query = select(sightings).where(sightings.c.paper_key.in_(keys), sightings.c.source.in_({s.source for _, s in seen}))
    known = {rows.listing_key(values): values for values in map(rows.stored_sighting, await tx.execute(query))}
    merged = dict(known)
    for key, sighting in seen:
        if key in described:
            values = rows.sighting_values(key, sighting)
            place = rows.listing_key(values)
            merged[place] = rows.merged_sighting(merged[place], values) if place in merged else values
    fresh = [{**values, "first_seen_at": now} for place, values in merged.items() if place not in known]
    changed = [_update_of(values) for place, values in merged.items() if place in known and values != known[place]]
    if fresh:
        await tx.execute(insert(tx, sightings), fresh)
    if changed:
        await tx.execute(update(sightings).where(sightings.c.id == bindparam("b_id")), changed)
    return sum(key not in described for key, _ in seen)


def _update_of(values: rows.Values) -> rows.Values:
    """SQLAlchemy keeps a column's own name for the value that is set."""
    return {("b_id" if name == "id" else name): value for name, value in values.items()}


async def by_keys(tx: AsyncConnection, keys: Iterable[PaperKey]) -> dict[PaperKey, SeenPaper]:
    """The papers of these keys that are stored, by the key that was asked for: an alias leads to its paper."""
    asked = {key: rows.key_text(key) for key in keys}
    canonical = await resolved(tx, asked.values())
    found = await load(tx, set(canonical.values()))
    return {key: found[canonical[text]] for key, text in asked.items() if canonical[text] in found}


async def load(tx: AsyncConnection, keys: Collection[str]) -> dict[str, SeenPaper]:
    """Papers with all their sightings (by batch, then source), by stored canonical key."""
    found: dict[str, SeenPaper] = {}
    for chunk in chunks(tuple(keys)):
        listed: dict[str, list[Sighting]] = {}
        for row in await tx.execute(select(sightings).where(sightings.c.paper_key.in_(chunk))):
            listed.setdefault(row.paper_key, []).append(rows.sighting_of(row))
        for row in await tx.execute(select(papers).where(papers.c.key.in_(chunk))):
            seen = sorted(listed.get(row.key, ()), key=lambda s: (s.batch_on or date.min, s.source))
            found[row.key] = SeenPaper(paper=rows.paper_of(row), sightings=tuple(seen))
    return found


_LISTING = ("source", "batch_on", "announce_type", "version", "votes")
_Listing = tuple[Any, ...]  # Any: these columns of a sighting


class Shelf:
    """Papers for several readers in turn: one that is read stays, and is read again only if its listings changed meanwhile.

    What is no news to the reader (its record, older listings, other sources') may be as old as the shelf: one a batch.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[frozenset[_Listing], SeenPaper]] = {}
        self._lock = asyncio.Lock()  # who comes second finds what the first one reads

    async def take(self, tx: AsyncConnection, listed: Mapping[str, set[_Listing]]) -> dict[str, SeenPaper]:
        """The papers of these stored keys, with at least these listings."""
        async with self._lock:
            lacking = [key for key, listings in listed.items() if key not in self._kept or not listings <= self._kept[key][0]]
            for key, seen in (await load(tx, lacking)).items():
                self._kept[key] = frozenset(tuple(getattr(one, name) for name in _LISTING) for one in seen.sightings), seen
            return {key: self._kept[key][1] for key in listed if key in self._kept}


async def sighted(tx: AsyncConnection, *, sources: frozenset[str], since: date, until: date) -> tuple[SeenPaper, ...]:
    """Papers that one of `sources` listed from `since` to `until` (both included), in the order of their keys.

    What counts is the date of the batch; of undated sightings (files, searches) the UTC day on which they were seen last.
    """
    keys = set((await tx.execute(_listed(select(sightings.c.paper_key), sources, since, until))).scalars())
    return _ordered((await load(tx, keys)).values())


async def fresh_to(
    tx: AsyncConnection,
    subscription_id: int,
    *,
    sources: frozenset[str],
    since: date | None = None,
    until: date,
    first_seen_after: datetime | None = None,
    shelf: Shelf | None = None,
) -> tuple[SeenPaper, ...]:
    """As `sighted`, without what stands in a digest of this subscription; by key.

    With `first_seen_after` only what was stored at or after that instant, and what was freed. A paper that was shown comes
    again only as a replacement, if a later version than the shown one was announced as one. Where all that came in since
    is replacements, earlier announcements (new, cross) are left out of the paper's sightings, whether it was shown or not,
    so that the announce type of what remains says what is new about it. Who asks for many readers hands in one `shelf`.
    """
    query = _listed(select(sightings.c.paper_key, *(sightings.c[name] for name in _LISTING)), sources, since, until)
    if first_seen_after is not None:
        freed = select(items.c.paper_key).where(items.c.subscription_id == subscription_id, items.c.is_freed)
        query = query.where(or_(sightings.c.first_seen_at >= first_seen_after, sightings.c.paper_key.in_(freed)))
    shown = await standing(tx, subscription_id)
    listed = (await tx.execute(query)).all()
    fresh = [row for row in listed if is_fresh(row.announce_type, row.version, shown.get(row.paper_key))]
    listings: dict[str, set[_Listing]] = {row.paper_key: set() for row in fresh}
    for key, *listing in listed:
        if key in listings:
            listings[key].add(tuple(listing))
    found = await (shelf or Shelf()).take(tx, listings)
    announced = {
        row.paper_key for row in fresh if row.announce_type is None or not AnnounceType(row.announce_type).is_replacement
    }
    return _ordered(seen if key in announced else _replaced(seen) for key, seen in found.items())


def _replaced(seen: SeenPaper) -> SeenPaper:
    kept = tuple(s for s in seen.sightings if s.announce_type is None or s.announce_type.is_replacement)
    return SeenPaper(paper=seen.paper, sightings=kept)


def _ordered(found: Iterable[SeenPaper]) -> tuple[SeenPaper, ...]:
    return tuple(sorted(found, key=lambda seen: (seen.paper.key.scheme, seen.paper.key.value)))


def _listed(query: Select[*Columns], sources: frozenset[str], since: date | None, until: date) -> Select[*Columns]:
    dated: list[ColumnElement[bool]] = [sightings.c.batch_on <= until]
    undated: list[ColumnElement[bool]] = [
        sightings.c.batch_on.is_(None),
        sightings.c.seen_at < _midnight(until + timedelta(days=1)),
    ]
    if since is not None:
        dated.append(sightings.c.batch_on >= since)
        undated.append(sightings.c.seen_at >= _midnight(since))
    return query.where(sightings.c.source.in_(sources), or_(and_(*dated), and_(*undated)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)


async def batch_keys(tx: AsyncConnection, source: str, before: date, category: str) -> frozenset[PaperKey]:
    """The papers of `category` in the latest batch of `source` that is stored and older than `before`; none: empty."""
    of_category = (
        select(sightings.c.batch_on, sightings.c.paper_key)
        .join(papers, papers.c.key == sightings.c.paper_key)
        .where(
            sightings.c.source == source,
            sightings.c.batch_on < before,
            func.lower(papers.c.categories).contains(f'"{category.lower()}"', autoescape=True),
        )
    )
    latest = (await tx.execute(of_category.order_by(sightings.c.batch_on.desc()).limit(1))).first()
    if latest is None:
        return frozenset()
    keys = (await tx.execute(of_category.where(sightings.c.batch_on == latest.batch_on))).all()
    return frozenset(rows.key_of(row.paper_key) for row in keys)
