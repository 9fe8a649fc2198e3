"""The outbox: every delivery part before, while and after it is sent (W5, W6, W7). Instants are handed in, never asked for.

outbox_queue -> claimable -> claim -> (it is sent) -> settle -> outbox_ledger, or back to claimable for a retry
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import FREEING, OPEN, Cause, Claimed, PartState, Past, Verdict, crashed, part_key
from bot.domain.subscriptions import Address
from bot.storage.outbox_queue import give_up_unqueued as give_up_unqueued
from bot.storage.outbox_queue import notify as notify
from bot.storage.outbox_queue import queue as queue
from bot.storage.outbox_queue import send_again as send_again
from bot.storage.outbox_statements import BEFORE, CLAIM, CLAIMABLE, NEXT_AT, SETTLE
from bot.storage.part_rows import WAITING, close, free_unshown, hold_back, is_in, is_open, of_chat
from bot.storage.tables import addresses, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A part that may be claimed. `is_answer`: somebody waits for it."""

    id: int
    address: Address
    is_answer: bool = False


async def claimable(tx: AsyncConnection, platform: str, *, now: datetime, limit: int) -> tuple[Waiting, ...]:
    """Parts whose time has come, answers before all others, then first queued first.

    That is: due, retry whose time has come, or sending with its lease run out.

    Of a digest only the first that is not final; none to a suspended destination; none to a chat to which one is on its
    way (`sending` with a lease that runs), in whichever topic; none past its deadline.
    """
    found = await tx.execute(CLAIMABLE, {"platform_": platform, "now_": now, "limit_": limit})
    return tuple(Waiting(id=row.id, address=_address(row), is_answer=row.is_answer) for row in found)


async def claim(tx: AsyncConnection, part_id: int, *, now: datetime, lease: timedelta) -> Claimed | None:
    """W6, one conditional UPDATE ... RETURNING: the same conditions as `claimable`; None if they do not hold (any more)."""
    row = (await tx.execute(CLAIM, {"id_": part_id, "now_": now, "until_": now + lease})).first()
    if row is None:
        return None
    return Claimed(
        id=row.id,
        address=Address(platform=row.platform, chat=row.chat, thread=row.topic),
        number=row.number,
        payload=row.payload,
        key=part_key(row.id, row.queued_at),
        is_plain=row.is_plain,
        is_answer=row.is_answer,
        attempts=row.attempts,
        claimed_at=row.claimed_at,
        unsure_since=row.unsure_since,
        past=await _past(tx, row),
    )


async def settle(
    tx: AsyncConnection,
    part: Claimed,
    verdict: Verdict,
    *,
    now: datetime,
    platform_id: str = "",
    thread: str = "",
    detail: str = "",
) -> bool:
    """W7: what became of it; False if it is not this claim's any more (its lease ran out and another took it).

    A digest whose last part is final is marked as delivered if anything of it was shown; a part that ends unsent frees
    its papers. A part that was sent sets its destination's count of vain probes back. An unsure one remembers since when.
    """
    is_sent = verdict.state is PartState.SENT
    is_unsure = verdict.cause is Cause.NO_ANSWER and verdict.state in (PartState.RETRY, PartState.UNKNOWN)
    values = _ended(verdict, now) | {
        "is_plain": verdict.is_plain,
        "detail": detail,
        "platform_id": platform_id if is_sent else "",
        "thread": thread if is_sent else "",
        "unsure_since": part.unsure_since or (part.claimed_at if is_unsure else None),
    }
    row = (await tx.execute(SETTLE, {**values, "id_": part.id, "attempts_": part.attempts})).first()
    if row is None:
        return False
    await _follow(tx, part.id, verdict, row.digest_id, now)
    if is_sent and row.probes:
        await tx.execute(update(addresses).where(addresses.c.id == row.address_id).values(probes=0))
    return True


async def put_off(tx: AsyncConnection, address: Address, until: datetime) -> None:
    """A chat asked us to wait: none of its parts, in whichever topic, goes before `until`."""
    is_early = or_(parts.c.not_before.is_(None), parts.c.not_before < until)
    home = parts.c.address_id.in_(of_chat(address.platform, address.chat))
    waits = update(parts).where(is_open(parts), is_in(parts, *WAITING), is_early, home)
    await tx.execute(waits.values(not_before=until, cause=Cause.THROTTLED))


async def free_leases(tx: AsyncConnection, platform: str, *, now: datetime) -> int:
    """At the start of a process whose predecessor is dead: what was being sent may be claimed again; how many.

    Each counts a crash (`bot.domain.deliveries.crashed` says what becomes of it).
    """
    query = select(parts.c.id, parts.c.digest_id, parts.c.crashes).join_from(parts, addresses)
    query = query.where(is_open(parts), is_in(parts, PartState.SENDING), addresses.c.platform == platform)
    found = (await tx.execute(query.order_by(parts.c.id))).all()
    for row in found:
        verdict = crashed(row.crashes + 1, now=now)
        values = _ended(verdict, now) | {"crashes": row.crashes + 1}
        await tx.execute(update(parts).where(parts.c.id == row.id).values(**values))
        await _follow(tx, row.id, verdict, row.digest_id, now)
    return len(found)


async def expire(tx: AsyncConnection, *, now: datetime, limit: int = 500) -> int:
    """Parts past their deadline, and parts behind them, end as expired with the last cause (or TOO_LATE); how many.

    Their papers are free for the next digest. One on its way is left alone until its lease runs out. One that may have
    been shown ends as unknown: nobody could tell its reader that it was not.
    """
    is_idle = or_(~is_in(parts, PartState.SENDING), parts.c.lease_until <= now)
    late = select(parts.c.id).where(is_open(parts), parts.c.deadline_at <= now, is_idle).order_by(parts.c.id).limit(limit)
    is_unsure = parts.c.unsure_since.is_not(None)
    ended = update(parts).where(parts.c.id.in_(late))
    ended = ended.values(
        state=case((is_unsure, PartState.UNKNOWN), else_=PartState.EXPIRED),
        cause=case((is_unsure, Cause.NO_ANSWER), else_=func.coalesce(parts.c.cause, Cause.TOO_LATE)),
        ended_at=now,
        lease_until=None,
        not_before=None,
    )
    found = (await tx.execute(ended.returning(parts.c.digest_id))).scalars().all()
    await free_unshown(tx, found)
    await close(tx, found, now)
    return len(found)


async def give_up_unsure(tx: AsyncConnection, platform: str, *, unsure_before: datetime, now: datetime) -> int:
    """Parts that wait to be sent again after a lost answer, which the platform would not know again: they are `unknown`.

    Those held back with their destination too: they would come twice when it is resumed.
    """
    of_platform = parts.c.address_id.in_(select(addresses.c.id).where(addresses.c.platform == platform))
    is_old = is_in(parts, *WAITING, PartState.SUSPENDED) & (parts.c.unsure_since <= unsure_before)
    ended = update(parts).where(is_open(parts), is_old, of_platform)
    ended = ended.values(state=PartState.UNKNOWN, cause=Cause.NO_ANSWER, ended_at=now, not_before=None)
    found = (await tx.execute(ended.returning(parts.c.digest_id))).scalars().all()
    await close(tx, found, now)
    return len(found)


async def next_at(tx: AsyncConnection, platform: str, *, now: datetime) -> datetime | None:
    """When the next part that only waits for its time may be claimed; None if there is none."""
    at: datetime | None = (await tx.execute(NEXT_AT, {"platform_": platform, "now_": now})).scalar()
    return at


async def attempts_since(tx: AsyncConnection, platform: str, since: datetime) -> tuple[tuple[Address, datetime], ...]:
    """Where and when something was last tried, oldest first: what the pace of a new process begins with."""
    query = select(parts.c.claimed_at, addresses.c.platform, addresses.c.chat, addresses.c.thread).join_from(parts, addresses)
    query = query.where(parts.c.claimed_at >= since, addresses.c.platform == platform).order_by(parts.c.claimed_at, parts.c.id)
    return tuple((_address(row), row.claimed_at) for row in await tx.execute(query))


async def _past(tx: AsyncConnection, row: Row[*tuple[Any, ...]]) -> Past:
    """Looked up by itself: within the UPDATE SQLite would read the whole table for it."""
    is_first = row.digest_id is None or row.number == 1
    sent = [] if is_first else (await tx.execute(BEFORE, {"digest_": row.digest_id, "number_": row.number})).all()
    head = sent[0].platform_id if sent and sent[0].number == 1 else ""
    thread = sent[-1].thread if sent else ""
    return Past(head=head, thread=thread, is_repeat=row.attempts > 1, is_unsure=row.unsure_since is not None)


def _ended(verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "state": verdict.state,
        "cause": verdict.cause,
        "not_before": (verdict.not_before or now) if verdict.state is PartState.RETRY else None,
        "lease_until": None,
        "ended_at": None if verdict.state in OPEN else now,
    }


async def _follow(tx: AsyncConnection, part_id: int, verdict: Verdict, digest_id: int | None, now: datetime) -> None:
    """What the new state of a part means for others."""
    if verdict.state in OPEN:
        await hold_back(tx, parts.c.id == part_id)
        return
    if verdict.state in FREEING:
        await free_unshown(tx, (digest_id,))
    await close(tx, (digest_id,), now)


def _address(row: Row[*tuple[Any, ...]]) -> Address:
    return Address(platform=row.platform, chat=row.chat, thread=row.thread)
