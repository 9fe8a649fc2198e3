"""Which paper stands under which number of a digest, and in which part: what the buttons below it open. Reads only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import PaperKey
from bot.domain.subscriptions import Address
from bot.storage.paper_rows import key_of
from bot.storage.tables import addresses, digests, items, parts, subscriptions

_LARGEST_ID = 2**31 - 1  # of a column: PostgreSQL refuses a statement that compares it with more


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """The papers of a digest by their numbers: `listed` from 1 on, and behind them the `rest`, which was beyond the limit.

    `parts` says of each listed paper in which part it begins (None: it was not sent in parts), `last_part` which part is the
    last, as far as that is still known.
    """

    id: int
    on: date
    listed: tuple[PaperKey, ...]
    parts: tuple[int | None, ...]
    last_part: int | None
    rest: tuple[PaperKey, ...]


async def of_reader(tx: AsyncConnection, address: Address, digest_id: int) -> Numbered | None:
    """A digest of whoever reads at exactly this address; None for one of another, and where there is none of this id."""
    if not 0 < digest_id <= _LARGEST_ID:
        return None
    query = select(digests.c.slot_on, digests.c.rest).join_from(digests, subscriptions).join(addresses)
    query = query.where(
        digests.c.id == digest_id,
        addresses.c.platform == address.platform,
        addresses.c.chat == address.chat,
        addresses.c.thread == address.thread,
    )
    digest = (await tx.execute(query)).first()
    if digest is None:
        return None
    listed = select(items.c.paper_key, items.c.part).where(items.c.digest_id == digest_id).order_by(items.c.position)
    found = (await tx.execute(listed)).all()
    kept = (await tx.execute(select(func.max(parts.c.number)).where(parts.c.digest_id == digest_id))).scalar()
    begun = [row.part for row in found if row.part is not None]
    return Numbered(
        id=digest_id,
        on=digest.slot_on,
        listed=tuple(key_of(row.paper_key) for row in found),
        parts=tuple(row.part for row in found),
        last_part=kept or max(begun, default=None),
        rest=tuple(map(key_of, digest.rest)),
    )
