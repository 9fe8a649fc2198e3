"""How often somebody asked on a day (UTC): one row a person or chat and day."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.statements import insert
from bot.storage.tables import allowances


async def used(tx: AsyncConnection, platform: str, who: str, on: date) -> int:
    """How often `who` ("person:123", "chat:-100123") asked on that day."""
    query = select(allowances.c.used).where(allowances.c.platform == platform, allowances.c.who == who, allowances.c["on"] == on)
    return int((await tx.execute(query)).scalar() or 0)


async def count(tx: AsyncConnection, platform: str, who: str, on: date) -> None:
    """Once more."""
    statement = insert(tx, allowances).values(platform=platform, who=who, on=on, used=1)
    key = (allowances.c.platform, allowances.c.who, allowances.c["on"])
    await tx.execute(statement.on_conflict_do_update(index_elements=key, set_={"used": allowances.c.used + 1}))


async def forget(tx: AsyncConnection, platform: str, who: str) -> None:
    """What is known of it."""
    await tx.execute(delete(allowances).where(allowances.c.platform == platform, allowances.c.who == who))


async def prune(tx: AsyncConnection, before: date) -> int:
    """Forget the days before that; returns how many rows."""
    return (await tx.execute(delete(allowances).where(allowances.c["on"] < before))).rowcount
