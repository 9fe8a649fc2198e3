"""Answers that stay true for a day: arXiv's search results change once a day, so the same question is asked once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import PaperKey
from bot.storage import paper_rows as rows
from bot.storage.statements import insert
from bot.storage.tables import queries


async def remember(tx: AsyncConnection, source: str, request: str, keys: Sequence[PaperKey], valid_until: datetime) -> None:
    """Keep the answer, in its order, until `valid_until` (exclusive)."""
    values = {"keys": [rows.key_text(key) for key in keys], "valid_until": valid_until}
    statement = insert(tx, queries).values(source=source, request=request, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=[queries.c.source, queries.c.request], set_=values))


async def recall(tx: AsyncConnection, source: str, request: str, now: datetime) -> tuple[PaperKey, ...] | None:
    """The answer that still holds, None if there is none; an empty one is an answer too."""
    query = select(queries.c["keys"]).where(queries.c.source == source, queries.c.request == request, queries.c.valid_until > now)
    row = (await tx.execute(query)).first()
    return None if row is None else tuple(rows.key_of(key) for key in row[0])


async def prune(tx: AsyncConnection, now: datetime) -> int:
    """Forget what no longer holds; returns how many."""
    return (await tx.execute(delete(queries).where(queries.c.valid_until <= now))).rowcount
