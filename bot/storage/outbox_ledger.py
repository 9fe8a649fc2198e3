"""The ledger of the outbox: what was sent when, what became of the rest, and what is forgotten of it in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, delete, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import OPEN, Cause, PartState
from bot.domain.digests import Slot, SlotKind
from bot.domain.subscriptions import Address
from bot.storage.part_rows import WAITING, is_in, is_open
from bot.storage.statements import chunks
from bot.storage.tables import addresses, digests, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. `suspended_because` is of its destination, as it is now; a notice has no digest and no slot.

    `is_plain`: its markup was refused, and it goes or went without.
    """

    id: int
    digest_id: int | None
    slot: Slot | None
    address: Address
    number: int
    total: int
    state: PartState
    cause: Cause | None
    detail: str
    is_plain: bool
    attempts: int
    queued_at: datetime
    deadline_at: datetime
    not_before: datetime | None
    ended_at: datetime | None
    platform_id: str
    suspended_because: Cause | None


async def entries(
    tx: AsyncConnection,
    *,
    platform: str | None = None,
    chat: str | None = None,
    state: PartState | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> tuple[Entry, ...]:
    """The ledger, newest first."""
    asked: tuple[tuple[Any, ColumnElement[bool]], ...] = (
        (platform, addresses.c.platform == platform),
        (chat, addresses.c.chat == chat),
        (state, parts.c.state == state),
    )
    query = _SELECT.where(*(condition for value, condition in asked if value is not None))
    if since is not None:
        query = query.where(parts.c.queued_at >= since)
    found = await tx.execute(query.order_by(parts.c.queued_at.desc(), parts.c.id.desc()).limit(limit))
    return tuple(_entry(row) for row in found)


async def counts(tx: AsyncConnection, since: datetime | None = None) -> dict[PartState, int]:
    """How many parts there are in each state (0 too), of those queued at or after `since`."""
    query = select(parts.c.state, func.count()).group_by(parts.c.state)
    if since is not None:
        query = query.where(parts.c.queued_at >= since)
    found = {PartState(state): number for state, number in await tx.execute(query)}
    return {state: found.get(state, 0) for state in PartState}


async def unsure(tx: AsyncConnection, address: Address, *, since: datetime, limit: int) -> tuple[Entry, ...]:
    """Parts of exactly this address whose answer was lost since then, newest first."""
    is_here = (addresses.c.platform == address.platform) & (addresses.c.chat == address.chat)
    query = _SELECT.where(is_here, addresses.c.thread == address.thread, parts.c.state == PartState.UNKNOWN)
    query = query.where(parts.c.ended_at >= since).order_by(parts.c.ended_at.desc(), parts.c.id.desc())
    return tuple(_entry(row) for row in await tx.execute(query.limit(limit)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits in the outbox, by state, and since when the oldest of it that is due."""

    waiting: Mapping[PartState, int]
    oldest_at: datetime | None
    lost: int


async def queue(tx: AsyncConnection, *, now: datetime, since: datetime) -> Queue:
    """The outbox as it stands; `lost` are the parts whose answer was lost since then. Reads open parts, no final ones."""
    counted = select(parts.c.state, func.count()).where(is_open(parts)).group_by(parts.c.state)
    waiting = {PartState(state): number for state, number in await tx.execute(counted)}
    may_go = or_(parts.c.not_before.is_(None), parts.c.not_before <= now)
    oldest = select(func.min(parts.c.queued_at)).where(is_open(parts), is_in(parts, *WAITING), may_go)
    lost = select(func.count()).where(parts.c.ended_at >= since, parts.c.state == PartState.UNKNOWN)
    return Queue(
        waiting={state: waiting.get(state, 0) for state in sorted(OPEN)},
        oldest_at=(await tx.execute(oldest)).scalar(),
        lost=(await tx.execute(lost)).scalar_one(),
    )


async def faults(tx: AsyncConnection, *, since: datetime) -> dict[tuple[str, Cause], int]:
    """How many parts ended since then as they should not have, by platform: markup refused or too long, or given up.

    What was refused with its markup and then shown without counts as MARKUP_REFUSED.
    """
    is_ours = or_(parts.c.is_plain, parts.c.cause.in_((Cause.MARKUP_REFUSED, Cause.TOO_LONG)))
    cause = case((is_ours, Cause.MARKUP_REFUSED), else_=parts.c.cause).label("why")
    is_crashed = (parts.c.state == PartState.DEAD) & (parts.c.cause == Cause.CRASHED)
    query = select(addresses.c.platform, cause, func.count()).join_from(parts, addresses)
    query = query.where(parts.c.ended_at >= since, or_(is_ours, is_crashed)).group_by(addresses.c.platform, cause)
    return {(platform, Cause(why)): number for platform, why, number in await tx.execute(query)}


async def of_digests(tx: AsyncConnection, digest_ids: Sequence[int]) -> dict[int, tuple[Entry, ...]]:
    """The parts of these digests, in order; () for one that has none."""
    found: dict[int, list[Entry]] = {number: [] for number in digest_ids}
    for chunk in chunks(tuple(found)):
        query = _SELECT.where(parts.c.digest_id.in_(chunk))
        for row in await tx.execute(query.order_by(parts.c.digest_id, parts.c.number)):
            found[row.digest_id].append(_entry(row))
    return {number: tuple(listed) for number, listed in found.items()}


async def prune(tx: AsyncConnection, before: datetime, *, limit: int = 1000) -> int:
    """Forget final parts that ended before `before`; what was shown is remembered elsewhere (`items`)."""
    old = select(parts.c.id).where(parts.c.ended_at < before, parts.c.state.not_in(OPEN)).order_by(parts.c.ended_at)
    return (await tx.execute(delete(parts).where(parts.c.id.in_(old.limit(limit))))).rowcount


async def prune_digests(tx: AsyncConnection, before: datetime, *, limit: int = 1000) -> int:
    """Forget digests that were made before `before` and wait for nothing, with what they remember as shown; how many."""
    waits = exists().where(parts.c.digest_id == digests.c.id, is_open(parts))
    old = select(digests.c.id).where(digests.c.created_at < before, ~waits).order_by(digests.c.created_at)
    return (await tx.execute(delete(digests).where(digests.c.id.in_(old.limit(limit))))).rowcount


_SELECT: Select[*tuple[Any, ...]] = (
    select(
        parts,
        addresses.c.platform,
        addresses.c.chat,
        addresses.c.thread.label("topic"),
        addresses.c.suspended_because,
        digests.c.slot_on,
        digests.c.slot_kind,
        digests.c.slot_number,
    )
    .join_from(parts, addresses)
    .outerjoin(digests, digests.c.id == parts.c.digest_id)
)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        digest_id=row.digest_id,
        slot=None if row.digest_id is None else Slot(on=row.slot_on, kind=SlotKind(row.slot_kind), number=row.slot_number),
        address=Address(platform=row.platform, chat=row.chat, thread=row.topic),
        number=row.number,
        total=row.total,
        state=PartState(row.state),
        cause=_cause(row.cause),
        detail=row.detail,
        is_plain=row.is_plain,
        attempts=row.attempts,
        queued_at=row.queued_at,
        deadline_at=row.deadline_at,
        not_before=row.not_before,
        ended_at=row.ended_at,
        platform_id=row.platform_id,
        suspended_because=_cause(row.suspended_because),
    )


def _cause(value: str | None) -> Cause | None:
    return None if value is None else Cause(value)
