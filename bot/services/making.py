"""One digest for one subscription: `gather -> match -> keep (W2) -> read and summarize -> compose`. Delivers nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.categories import expand
from bot.domain.digests import Digest, DigestPlan, Slot, SlotKind
from bot.domain.intake import Notice, Why
from bot.domain.papers import SeenPaper
from bot.domain.progress import Report, silent
from bot.domain.schedules import DueSlot, due_slot, local_date, next_due
from bot.domain.subscriptions import Interest, Subscription
from bot.domain.words import Words
from bot.errors import BadTopic, Show
from bot.pipeline.compose import compose, spanned
from bot.pipeline.fetch import Intake
from bot.pipeline.match import match
from bot.ports import Channel, Ranker
from bot.services.browsing import criteria_of
from bot.services.desk import Wish
from bot.services.fresh import fresh_to
from bot.services.gathering import Gathering
from bot.services.turns import Bench, People
from bot.services.writing import Writing
from bot.storage import digests, papers, subscriptions
from bot.storage.store import Store

CATCHUP_DIGESTS = 3  # a catch-up lists as many papers as this many digests, however many it stands for
MOST_PAPERS = 100  # in any digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What a digest is made with. It waits `wait` for summaries, `source_wait` for a source, and has `deadline` to be sent.

    `words` are those of a language, with commands spelled as on a platform.
    """

    ranker: Ranker
    writing: Writing
    wait: timedelta
    source_wait: timedelta
    deadline: timedelta
    channels: Mapping[str, Channel]
    words: Callable[[str, str], Words]
    bench: Bench = field(default_factory=lambda: Bench(People()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was chosen for one reader, from what was known at `at`; `papers` are all that are new."""

    plan: DigestPlan
    papers: tuple[SeenPaper, ...]
    notices: tuple[Notice, ...]
    at: datetime
    is_first: bool
    are_all_down: bool


class Making:
    """Makes the digests of subscriptions."""

    def __init__(self, *, store: Store, gathering: Gathering, workshop: Workshop, now: Callable[[], datetime]) -> None:
        self._store = store
        self._gathering = gathering
        self._shop = workshop
        self._now = now

    async def bring_in(self, wanting: Sequence[Subscription], *, report: Report = silent) -> Mapping[str, Intake]:
        """Every source that these subscriptions name, asked once for the union of their categories. Raises Show."""
        return {name: await self._gathering.batches(name, of, report=report) for name, of in _wanted(wanting).items()}

    async def bring_in_each(self, wanting: Sequence[Subscription]) -> Mapping[str, Intake]:
        """The same, where nobody is there to be told: a source that one of them named wrongly spoils nothing but itself."""
        found = {}
        for name, categories in _wanted(wanting).items():
            try:
                found[name] = await self._gathering.batches(name, categories, report=silent)
            except Show as error:
                on = self._gathering.newest(name)
                notice = Notice(source=name, why=Why.UNREACHABLE, detail=str(error), on=on)
                found[name] = Intake(source=name, notices=(notice,), has_failed=True)
        return found

    async def plan(
        self,
        subscription: Subscription,
        kind: SlotKind,
        intakes: Mapping[str, Intake],
        *,
        slots: int = 1,
        shelf: papers.Shelf | None = None,
    ) -> Planned:
        """What is new to this reader, and what of it is for them; changes nothing."""
        async with self._store.write():  # the only writer: a page of others is stored by now, or stamped later than `at`
            at = self._now()  # what is stored while this digest is made belongs to the next one
        fresh = await fresh_to(subscription, kind, store=self._store, newest=self._gathering.newest, shelf=shelf)
        limit = max(subscription.limit, min(subscription.limit * min(slots, CATCHUP_DIGESTS), MOST_PAPERS))
        async with self._shop.bench.turn():
            plan = await match(fresh.papers, ranker=self._shop.ranker, interest=subscription.interest, limit=limit)
        chosen = [intakes[name] for name in sorted(subscription.interest.sources) if name in intakes]
        return Planned(
            plan=await self._with_late(subscription, plan),
            papers=fresh.papers,
            notices=tuple(each for intake in chosen for each in intake.notices if _is_for(each, subscription.interest)),
            at=at,
            is_first=fresh.is_first,
            are_all_down=bool(chosen) and all(intake.has_failed for intake in chosen),
        )

    async def _with_late(self, subscription: Subscription, plan: DigestPlan) -> DigestPlan:
        if subscription.id is None or not plan.picks:
            return plan
        async with self._store.read() as tx:
            late = await digests.late_keys(tx, subscription.id, [pick.seen.paper.key for pick in plan.picks])
        if not late:
            return plan
        return replace(plan, picks=tuple(replace(pick, is_late=pick.seen.paper.key in late) for pick in plan.picks))

    async def keep_asked(self, subscription: Subscription, planned: Planned) -> int | None:
        """W2 for a digest that somebody asked for; the schedule stays as it is."""
        if subscription.id is None:
            return None
        on = local_date(subscription.schedule, planned.at)
        async with self._store.write() as tx:
            number = await digests.next_number(tx, subscription.id, on, SlotKind.NOW)
            return await digests.record_plan(
                tx,
                subscription.id,
                Slot(on=on, kind=SlotKind.NOW, number=number),
                planned.plan,
                due=None,
                now=planned.at,
                deadline_at=planned.at + self._shop.deadline,
                spans=spanned([pick.seen for pick in planned.plan.picks]),
                notices=planned.notices,
            )

    async def keep_due(self, subscription: Subscription, due: DueSlot, planned: Planned) -> int | None:
        """W2 for a digest of the schedule; None if it was made, or if its hour, zone or days were changed, meanwhile."""
        if subscription.id is None:
            return None
        async with self._store.write() as tx:
            known = await subscriptions.by_id(tx, subscription.id)
            last = await digests.last_slot_on(tx, subscription.id)
            if known is None or known.next_due_at is None:
                return None
            if due_slot(known.schedule, known.next_due_at, planned.at, last_slot_on=last) != due:
                return None
            slot = replace(due.slot, number=await digests.next_number(tx, subscription.id, due.slot.on, due.slot.kind))
            next_at = next_due(known.schedule, planned.at, due.slot.on)
            return await digests.record_plan(
                tx,
                subscription.id,
                slot,
                planned.plan,
                due=digests.DueTime(answered=known.next_due_at, next_at=next_at),
                now=planned.at,
                deadline_at=planned.at + self._shop.deadline,
                covers_from=due.covers_from if slot.kind is SlotKind.CATCHUP else None,
                spans=spanned([pick.seen for pick in planned.plan.picks]),
                notices=planned.notices,
            )

    async def finish(
        self,
        subscription: Subscription,
        planned: Planned,
        *,
        on: date,
        makes_up_for: tuple[date, date] | None = None,
        is_rest: bool = False,
        report: Report = silent,
    ) -> Digest:
        """Read, summarize and compose what was planned."""
        wish = Wish(
            style=subscription.style,
            language=subscription.language,
            address=subscription.address,
            until=self._now() + self._shop.wait,
            report=report,
        )
        items = await self._shop.writing.many(planned.plan.picks, wish)
        return compose(
            on=on,
            made_at=self._now().astimezone(UTC),
            criteria=criteria_of(tuple(sorted(subscription.interest.sources)), subscription.interest),
            plan=planned.plan,
            items=items,
            notices=planned.notices,
            are_all_sources_down=planned.are_all_down,
            is_first=planned.is_first,
            is_rest=is_rest,
            makes_up_for=makes_up_for,
            model=self._shop.writing.model,
            language=subscription.language,
            style=subscription.style,
        )


def _is_for(notice: Notice, interest: Interest) -> bool:
    """Whether it says something to this reader: a source is asked once for all, and a category of others is no news to them."""
    named = [_classes(name) for name in notice.subject.split(", ")]
    if not interest.categories or not all(named):
        return True  # of a whole source, of an entry, of a day
    wanted = frozenset().union(*map(_classes, interest.categories))
    return any(classes & wanted for classes in named)


def _classes(name: str) -> frozenset[str]:
    """What a category or an archive stands for; nothing for any other text."""
    try:
        return expand(name)
    except BadTopic:
        return frozenset()


def _wanted(wanting: Sequence[Subscription]) -> Mapping[str, frozenset[str]]:
    """The sources that are named, each with all categories that are asked of it."""
    named = sorted({source for subscription in wanting for source in subscription.interest.sources})
    return {
        name: frozenset().union(*(one.interest.categories for one in wanting if name in one.interest.sources)) for name in named
    }


def is_worth_waiting(intakes: Sequence[Intake]) -> bool:
    """Whether a source may give more soon: it failed, or the batch of arXiv's that is due by its calendar is not out yet.

    A daily list has no hour at which it is due: on a weekend it may stay empty until the next day.
    """
    return any(intake.has_failed or any(_is_late(notice) for notice in intake.notices) for intake in intakes)


def _is_late(notice: Notice) -> bool:
    return notice.why is Why.NOT_OUT_YET and notice.source == "arxiv"
