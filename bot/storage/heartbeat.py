"""Signs of life, for whoever asks from outside whether the bot still works."""

from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.statements import insert
from bot.storage.tables import digests, heartbeats, sources


async def beat(tx: AsyncConnection, name: str, now: datetime) -> None:
    """`name` was at work at `now`."""
    statement = insert(tx, heartbeats).values(name=name, beat_at=now)
    await tx.execute(statement.on_conflict_do_update(index_elements=[heartbeats.c.name], set_={"beat_at": now}))


async def last_beat(tx: AsyncConnection, name: str) -> datetime | None:
    """When `name` was last at work."""
    return (await tx.execute(select(heartbeats.c.beat_at).where(heartbeats.c.name == name))).scalar()


async def newest_instant(tx: AsyncConnection) -> datetime | None:
    """The latest instant that any process wrote: a clock that is set before it goes back in time."""
    instants = union_all(
        select(func.max(heartbeats.c.beat_at).label("at")),
        select(func.max(digests.c.created_at)),
        select(func.max(sources.c.succeeded_at)),
        select(func.max(sources.c.failed_at)),
    ).subquery()
    newest: datetime | None = (await tx.execute(select(func.max(instants.c.at)))).scalar()
    return newest
