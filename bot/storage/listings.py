"""Which list of commands a platform was told last, so that only a list that changed is told anew."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.statements import insert
from bot.storage.tables_people import listings


async def mark_of(tx: AsyncConnection, platform: str, bot: str) -> str:
    """What was told of this bot, "" if nothing was."""
    query = select(listings.c.mark).where(listings.c.platform == platform, listings.c.bot == bot)
    return str((await tx.execute(query)).scalar() or "")


async def keep(tx: AsyncConnection, platform: str, bot: str, mark: str) -> None:
    """The platform knows the list with this mark now."""
    statement = insert(tx, listings).values(platform=platform, bot=bot, mark=mark)
    await tx.execute(statement.on_conflict_do_update(index_elements=["platform", "bot"], set_={"mark": mark}))
