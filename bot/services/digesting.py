"""A subscription's digest: `gather -> match -> keep -> summarize -> compose -> deliver`, when it is due or asked for."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from bot.domain.digests import Digest, DigestPlan, Slot, SlotKind
from bot.domain.intake import Notice
from bot.domain.layout import digest_message
from bot.domain.papers import SeenPaper
from bot.domain.progress import Report, silent
from bot.domain.subscriptions import Subscription, local_date, next_due
from bot.domain.words import Words
from bot.errors import PaperboyError
from bot.pipeline.compose import compose, spanned
from bot.pipeline.deliver import deliver
from bot.pipeline.fetch import Intake
from bot.pipeline.match import match
from bot.ports import Channel, Ranker
from bot.services.browsing import criteria_of
from bot.services.desk import Wish
from bot.services.fresh import fresh_to
from bot.services.gathering import Gathering
from bot.services.turns import Slots, together
from bot.services.writing import Writing
from bot.storage import digests, subscriptions
from bot.storage.store import Store

log = structlog.get_logger()

AT_ONCE = 8  # digests that are made at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a digest is made with; it waits for summaries for `wait` at most."""

    ranker: Ranker
    writing: Writing
    wait: timedelta
    channels: Mapping[str, Channel]
    words: Callable[[str], Words]


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
    """Makes and delivers the digests of subscriptions."""

    def __init__(self, *, store: Store, gathering: Gathering, workshop: Workshop, now: Callable[[], datetime]) -> None:
        self._store = store
        self._gathering = gathering
        self._shop = workshop
        self._now = now

    async def turn(self) -> int:
        """Deliver what was left over, then every digest that is due now; returns how many were delivered.

        One subscription's failure is logged and spoils nothing else; it is tried again at the next tick.
        """
        delivered = await self._leftovers()
        async with self._store.read() as tx:
            due = await subscriptions.due(tx, self._now())
        due = tuple(s for s in due if s.address.platform in self._shop.channels)
        if not due:
            return delivered
        intakes = await self._bring_in(due)
        return delivered + await self._all(due, intakes)

    async def _all(self, due: Sequence[Subscription], intakes: Mapping[str, Intake]) -> int:
        """Several at once: their summaries wait for the same slow pages, and each is made once."""
        slots = Slots(AT_ONCE)

        async def one(subscription: Subscription) -> int:
            async with slots.turn():
                return await self._one(subscription, intakes)

        return sum(await together([one(subscription) for subscription in due]))

    async def now(self, subscription: Subscription, *, report: Report) -> Asked:
        """A digest at once, for whoever shows it and then calls `shown`: only then its papers do not come again.

        What an earlier one listed that nobody was shown (the process ended in between) comes back first.
        """
        await self._free_unshown(subscription)
        intakes = await self._bring_in((subscription,), report=report)
        digest, stored_id = await self._make(subscription, SlotKind.NOW, intakes, report=report)
        return Asked(digest=digest, stored_id=stored_id)

    async def shown(self, asked: Asked) -> None:
        """The digest reached its reader."""
        if asked.stored_id is not None:
            await self._mark(asked.stored_id)

    async def _free_unshown(self, subscription: Subscription) -> None:
        async with self._store.write() as tx:
            for stored in await digests.undelivered(tx, subscription.id):
                if stored.slot.kind is SlotKind.NOW:
                    await digests.free_items(tx, stored.id)
                    await digests.mark_delivered(tx, stored.id, self._now())

    async def preview(self, subscription: Subscription, *, report: Report) -> Preview:
        """What a digest would hold now, and why each other paper would not come; changes nothing."""
        intakes = await self._bring_in((subscription,), report=report)
        fresh = await fresh_to(subscription, SlotKind.NOW, store=self._store, newest=self._gathering.newest)
        plan = await self._match(subscription, fresh.papers)
        return Preview(plan=plan, papers=fresh.papers, notices=tuple(n for intake in intakes.values() for n in intake.notices))

    async def _one(self, subscription: Subscription, intakes: Mapping[str, Intake]) -> int:
        async def deliver_today() -> int:
            digest, stored_id = await self._make(subscription, SlotKind.DAILY, intakes, report=silent)
            if stored_id is None:  # another turn made this day's digest, and delivers it
                return 0
            await self._show(subscription, digest)
            await self._mark(stored_id)
            log.info("digest delivered", subscription=subscription.id, listed=digest.counts.listed)
            return 1

        return await self._apart(subscription, deliver_today())

    async def _apart(self, subscription: Subscription, delivering: Coroutine[Any, Any, int]) -> int:
        """How many were delivered: none, if anything goes wrong with this one."""
        try:
            return await delivering
        except PaperboyError as error:
            log.warning("digest failed", subscription=subscription.id, error=type(error).__name__)
        except Exception as error:  # boundary: one subscription
            log.exception("digest failed", subscription=subscription.id, error=type(error).__name__)
        return 0

    async def _leftovers(self) -> int:
        """Digests that were planned before a stop and never shown: they go first, as they were planned."""
        async with self._store.read() as tx:
            left = await digests.undelivered(tx)
        asked_again = tuple(stored for stored in left if stored.slot.kind is not SlotKind.NOW)
        slots = Slots(AT_ONCE)

        async def one(stored: digests.StoredDigest) -> int:
            async with slots.turn():
                return await self._leftover(stored)

        return sum(await together([one(stored) for stored in asked_again]))

    async def _leftover(self, stored: digests.StoredDigest) -> int:
        async with self._store.read() as tx:
            subscription = await subscriptions.by_id(tx, stored.subscription_id)
        if subscription is None or subscription.address.platform not in self._shop.channels:
            return 0
        return await self._apart(subscription, self._deliver_again(subscription, stored))

    async def _deliver_again(self, subscription: Subscription, stored: digests.StoredDigest) -> int:
        plan = DigestPlan(picks=stored.picks, counts=stored.counts)
        digest = await self._finish(subscription, plan, stored.notices, report=silent, on=stored.slot.on)
        await self._show(subscription, digest)
        await self._mark(stored.id)
        return 1

    async def _bring_in(self, wanting: tuple[Subscription, ...], *, report: Report = silent) -> Mapping[str, Intake]:
        """Every source that these subscriptions name, asked once for the union of their categories."""
        named = sorted({source for subscription in wanting for source in subscription.interest.sources})
        intakes = {}
        for name in named:
            categories = frozenset(
                category
                for subscription in wanting
                if name in subscription.interest.sources
                for category in subscription.interest.categories
            )
            intakes[name] = await self._gathering.batches(name, categories, report=report)
        return intakes

    async def _match(self, subscription: Subscription, fresh: tuple[SeenPaper, ...]) -> DigestPlan:
        return await match(fresh, ranker=self._shop.ranker, interest=subscription.interest, limit=subscription.limit)

    async def _make(
        self, subscription: Subscription, kind: SlotKind, intakes: Mapping[str, Intake], *, report: Report
    ) -> tuple[Digest, int | None]:
        now = self._now()  # what is stored while this digest is made belongs to the next one
        fresh = await fresh_to(subscription, kind, store=self._store, newest=self._gathering.newest)
        plan = await self._match(subscription, fresh.papers)
        chosen = [intakes[name] for name in sorted(subscription.interest.sources) if name in intakes]
        notices = tuple(notice for intake in chosen for notice in intake.notices)
        stored_id = await self._keep(subscription, kind, plan, notices, now=now)
        is_down = bool(chosen) and all(intake.has_failed for intake in chosen)
        digest = await self._finish(
            subscription,
            plan,
            notices,
            report=report,
            on=local_date(subscription.schedule, now),
            are_all_sources_down=is_down,
            is_first=fresh.is_first,
            is_rest=kind is SlotKind.NOW and not fresh.is_first,
        )
        return digest, stored_id

    async def _keep(
        self, subscription: Subscription, kind: SlotKind, plan: DigestPlan, notices: tuple[Notice, ...], *, now: datetime
    ) -> int | None:
        """W2: the digest, its items and the next due time, all or nothing."""
        if subscription.id is None:
            return None
        on = local_date(subscription.schedule, now)
        due_at = next_due(subscription.schedule, now, on) if kind is SlotKind.DAILY else subscription.next_due_at
        async with self._store.write() as tx:
            number = 0 if kind is SlotKind.DAILY else await digests.next_number(tx, subscription.id, on, kind)
            return await digests.record_plan(
                tx,
                subscription.id,
                Slot(on=on, kind=kind, number=number),
                plan,
                next_due_at=due_at,
                now=now,
                spans=spanned([pick.seen for pick in plan.picks]),
                notices=notices,
            )

    async def _finish(
        self,
        subscription: Subscription,
        plan: DigestPlan,
        notices: tuple[Notice, ...],
        *,
        report: Report,
        on: date,
        are_all_sources_down: bool = False,
        is_first: bool = False,
        is_rest: bool = False,
    ) -> Digest:
        wish = Wish(
            style=subscription.style,
            language=subscription.language,
            address=subscription.address,
            until=self._now() + self._shop.wait,
            report=report,
        )
        items = await self._shop.writing.many(plan.picks, wish)
        return compose(
            on=on,
            made_at=self._now().astimezone(UTC),
            criteria=criteria_of(tuple(sorted(subscription.interest.sources)), subscription.interest),
            plan=plan,
            items=items,
            notices=notices,
            are_all_sources_down=are_all_sources_down,
            is_first=is_first,
            is_rest=is_rest,
            model=self._shop.writing.model,
            language=subscription.language,
            style=subscription.style,
        )

    async def _show(self, subscription: Subscription, digest: Digest) -> None:
        """Deliver it, unless it is empty and its reader wants to hear nothing of such days."""
        if not digest.items and not subscription.wants_empty_note:
            return
        channel = self._shop.channels[subscription.address.platform]
        message = digest_message(digest, self._shop.words(subscription.language))
        await deliver(message, channel=channel, address=subscription.address)

    async def _mark(self, stored_id: int) -> None:
        async with self._store.write() as tx:
            await digests.mark_delivered(tx, stored_id, self._now())
