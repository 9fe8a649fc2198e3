"""The words that searches look through, kept up with the papers: what changes is marked in its own transaction, indexed after it.

Turning TeX into words and words into an index takes seven times as long as storing a paper, so whoever stores does not wait
for it: a mark is a row, and lost only with the change that it is about.
"""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import Paper
from bot.domain.queries import folded
from bot.domain.visible import shown
from bot.storage import paper_rows as rows
from bot.storage.statements import CHUNK, insert
from bot.storage.tables import papers
from bot.storage.tables_search import searchable, unindexed

_KEPT = ("title", "authors", "abstract")


def reads_differently(old: Paper, new: Paper) -> bool:
    """Whether what a search looks through is not the same any more."""
    return (old.title, old.abstract, old.authors) != (new.title, new.abstract, new.authors)


async def mark(tx: AsyncConnection, keys: Collection[str]) -> None:
    """These stored papers are to be indexed, anew if they were before. Safe to repeat."""
    if keys:
        statement = insert(tx, unindexed).on_conflict_do_nothing(index_elements=[unindexed.c.paper_key])
        await tx.execute(statement, [{"paper_key": key} for key in keys])


async def is_behind(tx: AsyncConnection) -> bool:
    """Whether anything waits to be indexed."""
    return (await tx.execute(select(unindexed.c.paper_key).limit(1))).first() is not None


async def catch_up(tx: AsyncConnection, *, limit: int = CHUNK) -> int:
    """Index at most so many papers of those that wait; returns how many. Its CPU time is spent in a thread."""
    query = select(papers.c.key, *(papers.c[name] for name in _KEPT)).join(unindexed, unindexed.c.paper_key == papers.c.key)
    waiting = (await tx.execute(query.limit(limit))).all()
    if not waiting:
        return 0
    statement = insert(tx, searchable)
    changed = {name: statement.excluded[name] for name in _KEPT}
    statement = statement.on_conflict_do_update(index_elements=[searchable.c.paper_key], set_=changed)
    await tx.execute(statement, await asyncio.to_thread(_entries, waiting))
    keys = [row.key for row in waiting]
    await _index(tx, keys)
    await tx.execute(delete(unindexed).where(unindexed.c.paper_key.in_(keys)))
    return len(waiting)


def entry(key: str, *, title: str, authors: Iterable[str], abstract: str) -> rows.Values:
    """The row of `searchable` for a paper with these raw texts."""
    texts = {"title": title, "authors": "; ".join(authors), "abstract": abstract}
    return {"paper_key": key, **{name: folded(shown(raw)) for name, raw in texts.items()}}


def _entries(stored: Sequence[Row[Any]]) -> list[rows.Values]:
    return [entry(row.key, title=row.title, authors=(name for name, _ in row.authors), abstract=row.abstract) for row in stored]


async def _index(tx: AsyncConnection, keys: Sequence[str]) -> None:
    """On SQLite triggers have done it already. `paperboy` is the configuration of migration 0005."""
    if tx.dialect.name == "sqlite":
        return
    vectors = (
        "setweight(to_tsvector('paperboy', title), 'A') || setweight(to_tsvector('paperboy', authors), 'B')"
        " || setweight(to_tsvector('paperboy', abstract), 'C')"
    )
    statement = f"INSERT INTO searchable_fts (rowid, words) SELECT id, {vectors} FROM searchable WHERE paper_key = ANY(:keys)"  # noqa: S608
    await tx.execute(text(f"{statement} ON CONFLICT (rowid) DO UPDATE SET words = excluded.words"), {"keys": list(keys)})
