"""Step 6: one part. Claim it (W6), send it outside any transaction, keep what became of it (W7)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, repeat

import structlog

from bot.domain.deliveries import OF_THREAD, Cause, Claimed, Outcome, OutcomeKind, verdict
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.errors import DatabaseUnusable
from bot.ports import Channel
from bot.storage import destinations, outbox, subscriptions
from bot.storage.store import Store, Transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=2)  # longer than any send may take, and no longer than Discord knows a part again
NOTICE_DEADLINE = timedelta(hours=12)
WRITE_AGAIN_S = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # what was sent must be kept, even if the disk is full for a moment

Notice = Callable[[Address, str], Message]
"""Says in a language, to a whole chat, that one of its topics takes no messages."""
Send = Callable[[Claimed], Awaitable[Outcome]]
"""Sends a part through its channel; whatever happens is an outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A part that was tried, and what the platform said."""

    part: Claimed
    outcome: Outcome


async def deliver(
    part_id: int, *, store: Store, channel: Channel, send: Send, notice: Notice, now: Callable[[], datetime]
) -> Done | None:
    """Send one part of the outbox; None if it may not be claimed (any more).

    Once it is sent this ends only when its outcome is kept, however long the database fails: a row that says `sending`
    would be sent again when its lease is over.
    """
    async with store.write() as tx:
        part = await outbox.claim(tx, part_id, now=now(), lease=LEASE)
    if part is None:
        return None
    outcome = await send(part)
    for again_s in chain(WRITE_AGAIN_S, repeat(WRITE_AGAIN_S[-1])):
        try:
            await _keep(part, outcome, store=store, channel=channel, notice=notice, now=now())
        except DatabaseUnusable as error:
            log.warning("what became of a part cannot be kept yet", part=part.id, error=str(error))
            await asyncio.sleep(again_s)
        else:
            break
    return Done(part=part, outcome=outcome)


async def _keep(part: Claimed, outcome: Outcome, *, store: Store, channel: Channel, notice: Notice, now: datetime) -> None:
    """W7, and what the outcome says of the destination, in one transaction."""
    found = verdict(outcome, part, resend_for=channel.resend_for, now=now)
    async with store.write() as tx:
        await outbox.settle(
            tx, part, found, now=now, platform_id=outcome.platform_id, thread=outcome.thread, detail=outcome.detail
        )
        if outcome.kind is OutcomeKind.SUSPEND:
            await _suspend(tx, part.address, outcome.cause or Cause.REFUSED, channel=channel, notice=notice, now=now)
        elif outcome.kind is OutcomeKind.MOVED:
            await destinations.move(tx, channel.name, part.address.chat, outcome.moved_to)
        elif outcome.kind is OutcomeKind.WAIT and found.not_before is not None:
            await outbox.put_off(tx, part.address, found.not_before)
    level = log.info if outcome.kind is OutcomeKind.SENT else log.warning
    level("delivery", platform=channel.name, part=part.id, state=found.state, cause=found.cause, attempts=part.attempts)


async def _suspend(tx: Transaction, address: Address, cause: Cause, *, channel: Channel, notice: Notice, now: datetime) -> None:
    """Send nothing there for now; a group hears once, in its general topic, that one of its topics is closed."""
    if not await destinations.suspend(tx, address, cause, now=now):
        return
    log.warning("destination suspended", platform=channel.name, cause=cause)
    if cause not in OF_THREAD or not address.thread:
        return
    owner = await subscriptions.by_address(tx, address)
    parts = channel.render(notice(address, owner.language if owner else "en"))
    await outbox.notify(
        tx,
        replace(address, thread=""),
        f"topic {address.thread}",
        parts[0].payload,
        deadline_at=now + NOTICE_DEADLINE,
        now=now,
    )
