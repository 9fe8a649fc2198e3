"""What the files of the outbox share: conditions on parts, and what follows for others when parts change."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Select, Text, exists, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import FREEING, SHOWN, PartState
from bot.storage.statements import chunks
from bot.storage.tables import addresses, digests, items, parts

WAITING = (PartState.DUE, PartState.RETRY)
_OPEN_AS_IN_THE_INDEX = (PartState.DUE, PartState.SENDING, PartState.RETRY, PartState.SUSPENDED)


def is_in(table: FromClause, *states: PartState) -> ColumnElement[bool]:
    """The part is in one of `states`, which stand in the statement itself: a variable hides that an index fits."""
    return table.c.state.in_([literal_column(f"'{state}'", Text) for state in states])


def is_open(table: FromClause) -> ColumnElement[bool]:
    """The part is not final. Word for word the condition of ix_parts_open: SQLite takes a partial index for no other."""
    return is_in(table, *_OPEN_AS_IN_THE_INDEX)


def of_chat(platform: str, chat: str) -> Select[int]:
    """The ids of all addresses of a chat."""
    return select(addresses.c.id).where(addresses.c.platform == platform, addresses.c.chat == chat)


async def hold_back(tx: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Of these parts, those that wait for a suspended destination are suspended with it."""
    cause = select(addresses.c.suspended_because).where(addresses.c.id == parts.c.address_id).scalar_subquery()
    is_closed = exists().where(addresses.c.id == parts.c.address_id, addresses.c.suspended_because.is_not(None))
    held = update(parts).where(which, is_open(parts), is_in(parts, *WAITING), is_closed)
    await tx.execute(held.values(state=PartState.SUSPENDED, cause=cause, not_before=None))


async def follow(tx: AsyncConnection, digest_ids: Collection[int | None], now: datetime) -> None:
    """Parts of these digests have ended: papers of those not shown are free, and a digest without open parts is through.

    Through means delivered, if anything of it was shown. Safe to repeat.
    """
    part = parts.alias("part")
    of_item = (part.c.digest_id == items.c.digest_id) & (part.c.number == items.c.part)
    of_digest = part.c.digest_id == digests.c.id
    for chunk in chunks(sorted({number for number in digest_ids if number is not None})):
        is_unshown = exists().where(of_item, is_in(part, *sorted(FREEING)))
        freed = update(items).where(items.c.digest_id.in_(chunk), ~items.c.is_freed, is_unshown)
        await tx.execute(freed.values(is_freed=True))
        through = update(digests).where(
            digests.c.id.in_(chunk),
            digests.c.queued_at.is_not(None),
            digests.c.delivered_at.is_(None),
            ~exists().where(of_digest, is_open(part)),
            exists().where(of_digest, is_in(part, *sorted(SHOWN))),
        )
        await tx.execute(through.values(delivered_at=now))
