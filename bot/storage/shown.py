"""What each reader was shown: the memory that keeps a paper from coming twice. Reads only; `digests` writes it."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import AnnounceType
from bot.storage.tables import items


async def standing(tx: AsyncConnection, subscription_id: int) -> dict[str, int]:
    """The highest version shown of each paper that stands in a digest, by stored key; 0 where it was not known."""
    query = (
        select(items.c.paper_key, func.max(func.coalesce(items.c.version, 0)).label("version"))
        .where(items.c.subscription_id == subscription_id, ~items.c.is_freed)
        .group_by(items.c.paper_key)
    )
    return {row.paper_key: row.version for row in await tx.execute(query)}


def is_fresh(announce_type: str | None, version: int | None, shown_version: int | None) -> bool:
    """Whether a sighting is news to a reader who was shown `shown_version` of its paper (None: nothing of it)."""
    if shown_version is None:
        return True
    is_replacement = announce_type is not None and AnnounceType(announce_type).is_replacement
    return is_replacement and version is not None and version > shown_version
