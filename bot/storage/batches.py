"""The batches that sources announced, as far as they are stored. Reads only."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import papers, sightings


async def newest(
    tx: AsyncConnection, *, sources: Collection[str], categories: Collection[str], until: date, limit: int
) -> tuple[tuple[date, int], ...]:
    """The last `limit` batches up to `until` with a paper in one of `categories` (none: in any), newest first.

    Each with the number of its papers that are stored. What was never asked for is not stored, and no batch counts that
    holds nothing of these categories.
    """
    query = select(sightings.c.batch_on, func.count(sightings.c.paper_key.distinct())).where(
        sightings.c.source.in_(sources), sightings.c.batch_on.is_not(None), sightings.c.batch_on <= until
    )
    if categories:
        listed = func.lower(papers.c.categories)
        of_them = (listed.contains(f'"{category.lower()}"', autoescape=True) for category in sorted(categories))
        query = query.join(papers, papers.c.key == sightings.c.paper_key).where(or_(*of_them))
    query = query.group_by(sightings.c.batch_on).order_by(sightings.c.batch_on.desc()).limit(limit)
    return tuple((row[0], row[1]) for row in await tx.execute(query))
