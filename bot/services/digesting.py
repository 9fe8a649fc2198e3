"""The digests of the schedule, from their due time to the outbox, and those that somebody asks for."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import structlog

from bot.domain.digests import Digest, DigestPlan, Skipped, SlotKind
from bot.domain.intake import Notice
from bot.domain.papers import SeenPaper
from bot.domain.progress import Report
from bot.domain.schedules import DueSlot, due_slot, local_date, next_due
from bot.domain.subscriptions import Subscription
from bot.pipeline.fetch import Intake
from bot.services.batches import Batches, apart
from bot.services.making import Making, Planned, Workshop, is_worth_waiting
from bot.services.showing import Look, parts_of
from bot.services.turns import together
from bot.storage import digests, outbox, papers, subscriptions
from bot.storage.store import Store

log = structlog.get_logger()

T = TypeVar("T")
_Leftover = tuple[Subscription, digests.StoredDigest]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the subscriptions of a batch have in common."""

    intakes: Mapping[str, Intake]
    shelf: papers.Shelf


_Due = tuple[Subscription, _Shared]

AT_ONCE = 8  # digests that are made at the same time
BATCH = 100  # due subscriptions in memory at once, however many there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a digest would be made of now: `papers` are all that are new, `notices` what the sources did not give."""

    plan: DigestPlan
    papers: tuple[SeenPaper, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A digest that somebody asked for, and its number in the store."""

    digest: Digest
    stored_id: int | None


class Digesting:
    """Makes digests; the outbox takes it from there. `queued` is called whenever there is something to send."""

    def __init__(
        self,
        *,
        store: Store,
        making: Making,
        workshop: Workshop,
        now: Callable[[], datetime],
        queued: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._making = making
        self._shop = workshop
        self._now = now
        self._queued = queued
        self._stopping = False

    def stop(self) -> None:
        """Begin no more digests; those in hand are finished."""
        self._stopping = True

    async def turn(self) -> int:
        """Queue what an earlier process had planned, then every digest that is due now; returns how many were queued.

        One subscription's failure is logged and spoils nothing else; it is tried again at the next tick.
        """
        left = await self._all(Batches(self._leftovers_after), self._leftover)
        return left + await self._all(Batches(self._due_after), self._due)

    async def _all(
        self, jobs: Batches[tuple[Subscription, T]], make: Callable[[Subscription, T], Coroutine[Any, Any, int]]
    ) -> int:
        """Several at once: their summaries wait for the same slow pages, and each is made once."""

        async def worker() -> int:
            made = 0
            while not self._stopping and (job := await jobs.next()) is not None:
                made += await apart(make(*job), "digest failed", subscription=job[0].id) or 0
            return made

        return sum(await together([worker() for _ in range(AT_ONCE)]))

    async def _due_after(self, last: _Due | None) -> tuple[_Due, ...]:
        after = None if last is None or last[0].next_due_at is None else (last[0].next_due_at, last[0].id or 0)
        async with self._store.read() as tx:
            found = await subscriptions.due(tx, self._now(), platforms=self._shop.channels, limit=BATCH, after=after)
        intakes = await self._making.bring_in_each(found) if found else {}
        shared = _Shared(intakes=intakes, shelf=papers.Shelf())
        return tuple((subscription, shared) for subscription in found)

    async def _due(self, subscription: Subscription, shared: _Shared) -> int:
        if self._waits(subscription, shared.intakes):
            return 0
        due = await self._slot_of(subscription)
        if due is None:
            return 0
        kind, slots = due.slot.kind, due.slots
        planned = await self._making.plan(subscription, kind, shared.intakes, slots=slots, shelf=shared.shelf)
        stored_id = await self._making.keep_due(subscription, due, planned)
        if stored_id is None:  # another process made it, or its hour was changed: the next tick sees what is true then
            return 0
        makes_up_for = (due.covers_from, due.slot.on) if due.slot.kind is SlotKind.CATCHUP else None
        digest = await self._making.finish(subscription, planned, on=due.slot.on, makes_up_for=makes_up_for)
        return await self._queue(subscription, stored_id, digest)

    async def _slot_of(self, subscription: Subscription) -> DueSlot | None:
        """What is due; None, and the next time set right, if the day that was due is over already."""
        if subscription.id is None:
            return None
        async with self._store.read() as tx:
            last = await digests.last_slot_on(tx, subscription.id)
        now = self._now()
        due = due_slot(subscription.schedule, subscription.next_due_at, now, last_slot_on=last)
        if due is None:
            async with self._store.write() as tx:
                known, last = await subscriptions.by_id(tx, subscription.id), await digests.last_slot_on(tx, subscription.id)
                if known is None or known.next_due_at is None or known.next_due_at > now:
                    return None
                if due_slot(known.schedule, known.next_due_at, now, last_slot_on=last) is None:
                    await subscriptions.move_due(tx, subscription.id, known.next_due_at, next_due(known.schedule, now, last))
        return due

    def _waits(self, subscription: Subscription, intakes: Mapping[str, Intake]) -> bool:
        """Whether it may still get what its sources do not give right now."""
        mine = [intakes[name] for name in subscription.interest.sources if name in intakes]
        at = subscription.next_due_at
        return at is not None and self._now() < at + self._shop.source_wait and is_worth_waiting(mine)

    async def _leftovers_after(self, last: _Leftover | None) -> tuple[_Leftover, ...]:
        async with self._store.read() as tx:
            found = await digests.unqueued(tx, now=self._now(), after_id=last[1].id if last else 0, limit=BATCH)
            owners = {stored.subscription_id: await subscriptions.by_id(tx, stored.subscription_id) for stored in found}
        return tuple((owner, stored) for stored in found if (owner := owners[stored.subscription_id]) is not None)

    async def _leftover(self, subscription: Subscription, stored: digests.StoredDigest) -> int:
        """A digest that was planned before a stop: it is finished as it was planned, with the reasons that held then."""
        if subscription.address.platform not in self._shop.channels:
            return 0
        async with self._store.read() as tx:
            is_first = await digests.is_first(tx, stored)
        failed = {notice.source for notice in stored.notices if notice.why.is_failure}
        planned = Planned(
            plan=DigestPlan(picks=stored.picks, counts=stored.counts),
            papers=(),
            notices=stored.notices,
            at=stored.created_at,
            is_first=is_first,
            are_all_down=failed >= subscription.interest.sources,
        )
        makes_up_for = None if stored.covers_from is None else (stored.covers_from, stored.slot.on)
        digest = await self._making.finish(subscription, planned, on=stored.slot.on, makes_up_for=makes_up_for)
        return await self._queue(subscription, stored.id, digest)

    async def _queue(self, subscription: Subscription, stored_id: int, digest: Digest, *, is_asked_for: bool = False) -> int:
        """W5: its parts into the outbox, all or nothing; an empty one only if its reader wants to hear of such days."""
        is_silent = not digest.items and not subscription.wants_empty_note and not is_asked_for
        channel = self._shop.channels[subscription.address.platform]
        look = Look(
            form=subscription.form,
            words=self._shop.words(subscription.language, subscription.address.platform),
            number=stored_id if channel.takes_presses else None,
            is_silent=subscription.is_muted and not is_asked_for,
            has_thread=subscription.has_thread,
        )
        async with self._shop.bench.turn():
            parts = () if is_silent else await parts_of(digest, channel, look)
        async with self._store.write() as tx:
            if is_silent:
                await digests.skip(tx, stored_id, Skipped.EMPTY, self._now())
            elif not await outbox.queue(tx, stored_id, parts, now=self._now()):
                return 0
        log.info("digest queued", subscription=subscription.id, digest=stored_id, parts=len(parts), listed=len(digest.items))
        self._queued()
        return 1

    async def now(self, subscription: Subscription, *, report: Report) -> Asked:
        """A digest at once, for whoever shows it and then calls `shown`: only then its papers do not come again.

        What an earlier one listed that nobody was shown (the process ended in between) comes back first.
        """
        await self._withdraw_unshown(subscription)
        intakes = await self._making.bring_in((subscription,), report=report)
        planned = await self._making.plan(subscription, SlotKind.NOW, intakes)
        stored_id = await self._making.keep_asked(subscription, planned)
        digest = await self._making.finish(
            subscription, planned, on=local_date(subscription.schedule, planned.at), is_rest=not planned.is_first, report=report
        )
        return Asked(digest=digest, stored_id=stored_id)

    async def send(self, subscription: Subscription, *, report: Report) -> int:
        """A digest at once, through the outbox, before what nobody waits for; returns how many papers it lists.

        An empty one is sent too, whatever its reader wants to hear of such days: they asked.
        """
        asked = await self.now(subscription, report=report)
        if asked.stored_id is not None:
            await self._queue(subscription, asked.stored_id, asked.digest, is_asked_for=True)
        return len(asked.digest.items)

    async def shown(self, asked: Asked) -> None:
        """The digest reached its reader."""
        if asked.stored_id is not None:
            async with self._store.write() as tx:
                await digests.mark_delivered(tx, asked.stored_id, self._now())

    async def _withdraw_unshown(self, subscription: Subscription) -> None:
        if subscription.id is None:
            return
        async with self._store.write() as tx:
            for digest_id in await digests.unshown(tx, subscription.id):
                await digests.skip(tx, digest_id, Skipped.WITHDRAWN, self._now())

    async def preview(self, subscription: Subscription, *, report: Report) -> Preview:
        """What a digest would hold now, and why each other paper would not come; changes nothing."""
        intakes = await self._making.bring_in((subscription,), report=report)
        planned = await self._making.plan(subscription, SlotKind.NOW, intakes)
        return Preview(plan=planned.plan, papers=planned.papers, notices=planned.notices)
