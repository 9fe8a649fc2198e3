"""What the files of the outbox share: conditions on parts, and what follows for others when parts change."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, Select, Text, and_, bindparam, exists, literal_column, select, update
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


async def free_unshown(tx: AsyncConnection, digest_ids: Collection[int | None]) -> None:
    """Parts of these digests ended unsent: their papers may come in another digest. Safe to repeat."""
    for chunk in _chunks(digest_ids):
        await tx.execute(_FREE, {"ids_": chunk})


async def close(tx: AsyncConnection, digest_ids: Collection[int | None], now: datetime) -> None:
    """Parts of these digests ended: one without open parts is delivered, if anything of it was shown. Safe to repeat."""
    for chunk in _chunks(digest_ids):
        await tx.execute(_CLOSE, {"ids_": chunk, "delivered_at": now})


def _chunks(digest_ids: Collection[int | None]) -> Iterator[tuple[int, ...]]:
    return chunks(sorted({number for number in digest_ids if number is not None}))


_part = parts.alias("part")
_of_item = and_(_part.c.digest_id == items.c.digest_id, _part.c.number == items.c.part)
_of_digest = _part.c.digest_id == digests.c.id
_FREE = (
    update(items)
    .where(items.c.digest_id.in_(bindparam("ids_", expanding=True)), ~items.c.is_freed)
    .where(exists().where(_of_item, is_in(_part, *sorted(FREEING))))
    .values(is_freed=True)
)
_CLOSE = update(digests).where(
    digests.c.id.in_(bindparam("ids_", expanding=True)),
    digests.c.queued_at.is_not(None),
    digests.c.delivered_at.is_(None),
    ~exists().where(_of_digest, is_open(_part)),
    exists().where(_of_digest, is_in(_part, *sorted(SHOWN))),
)
