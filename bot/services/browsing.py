"""A digest for whoever asks at the command line: one shot, nothing is marked as shown unless asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import PurePath

from bot.domain.digests import Criteria, Digest, DigestItem, DigestPlan, Slot, SlotKind
from bot.domain.intake import Notice, Wanted
from bot.domain.papers import PaperKey
from bot.domain.progress import Report, Stage
from bot.domain.selection import Order
from bot.domain.subscriptions import Address, Interest, Schedule, Subscription
from bot.pipeline.compose import compose, spanned
from bot.pipeline.match import match
from bot.ports import Ranker
from bot.services.desk import Wish
from bot.services.gathering import Gathered, Gathering, days_off
from bot.services.writing import Writing
from bot.storage import digests, subscriptions
from bot.storage.store import Store

COMMAND_LINE = Address(platform="console", chat="digest")  # whose memory `--new` is; never delivered to


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """What was asked for. `sources` as typed; `on` None is the newest list; `days` looks back from it by search."""

    sources: tuple[str, ...] = ("arxiv",)
    interest: Interest = field(default_factory=Interest)
    on: date | None = None
    days: int | None = None
    limit: int | None = None
    summaries: int | None = None
    style: str = "card"
    language: str = "en"
    only_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A digest, and what must be called once it has been shown."""

    digest: Digest
    stored_id: int | None = None
    has_failed: bool = False


class Browsing:
    """Makes digests on request."""

    def __init__(
        self,
        *,
        store: Store,
        gathering: Gathering,
        ranker: Ranker,
        writing: Writing,
        wait: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._gathering = gathering
        self._ranker = ranker
        self._writing = writing
        self._wait = wait
        self._now = now

    async def digest(self, request: DigestRequest, *, report: Report) -> Made:
        """Fetch, match, summarize, compose. Raises Show errors for what the person must correct."""
        gathered = await self._gathering.once(wanted_of(request, self._gathering.newest), report=report)
        subscription = await self._memory(request) if request.only_new else None
        shown = await self._shown(subscription)
        plan = await match(
            gathered.papers,
            ranker=self._ranker,
            interest=request.interest,
            limit=request.limit,
            shown=shown,
            order=order_of(request),
        )
        report(Stage.MATCH, "", plan.counts.matched, plan.counts.found)
        wish = Wish(
            style=request.style,
            language=request.language,
            address=COMMAND_LINE,
            until=self._now() + self._wait,
            report=report,
        )
        items = await self._writing.many(plan.picks, wish, first=request.summaries)
        digest = self._compose(request, gathered, plan, items)
        stored_id = await self._keep(subscription, plan, digest) if subscription else None
        return Made(digest=digest, stored_id=stored_id, has_failed=gathered.are_all_down)

    async def shown(self, made: Made) -> None:
        """Remember that the digest reached its reader: what it listed does not come again."""
        if made.stored_id is not None:
            async with self._store.write() as tx:
                await digests.mark_delivered(tx, made.stored_id, self._now())

    def _compose(self, request: DigestRequest, gathered: Gathered, plan: DigestPlan, items: tuple[DigestItem, ...]) -> Digest:
        now = self._now()
        on = request.on or max(self._gathering.newest(source) for source in request.sources)
        notices = tuple(notice for intake in gathered.intakes for notice in intake.notices)
        return compose(
            on=on,
            made_at=now,
            criteria=criteria_of(request.sources, request.interest),
            plan=plan,
            items=items,
            notices=(*notices, *calendar_notices(request, now)),
            are_all_sources_down=gathered.are_all_down,
            model=self._writing.model,
            language=request.language,
            style=request.style,
        )

    async def _memory(self, request: DigestRequest) -> Subscription:
        async with self._store.write() as tx:
            known = await subscriptions.by_address(tx, COMMAND_LINE)
            if known is not None:
                return known
            paused = Schedule(is_paused=True)
            return await subscriptions.save(
                tx,
                Subscription(address=COMMAND_LINE, interest=request.interest, schedule=paused, created_at=self._now()),
            )

    async def _shown(self, subscription: Subscription | None) -> frozenset[PaperKey]:
        if subscription is None or subscription.id is None:
            return frozenset()
        async with self._store.read() as tx:
            return await digests.shown_keys(tx, subscription.id)

    async def _keep(self, subscription: Subscription, plan: DigestPlan, digest: Digest) -> int | None:
        if subscription.id is None or not plan.picks:
            return None
        async with self._store.write() as tx:
            number = await digests.next_number(tx, subscription.id, digest.on, SlotKind.NOW)
            return await digests.record_plan(
                tx,
                subscription.id,
                Slot(on=digest.on, kind=SlotKind.NOW, number=number),
                plan,
                due=None,
                now=self._now(),
                deadline_at=self._now(),  # it is shown at once, or never
                spans=spanned([pick.seen for pick in plan.picks]),
                notices=digest.notices,
            )


def wanted_of(request: DigestRequest, newest: Callable[[str], date]) -> tuple[tuple[str, Wanted], ...]:
    """What to ask of each source. `days` back from `on` goes to arXiv as a search, to daily lists as more days."""
    asked = []
    for source in request.sources:
        until = request.on or newest(source)
        since = until - timedelta(days=(request.days or 1) - 1)
        is_search = source == "arxiv" and request.days is not None
        wanted = Wanted(
            categories=request.interest.categories if source.startswith("arxiv") else frozenset(),
            since=since,
            until=until,
            words=request.interest.keywords if is_search else (),
            authors=request.interest.authors if is_search else (),
        )
        asked.append(("arxiv-search" if is_search else source, wanted))
    return tuple(asked)


def order_of(request: DigestRequest) -> Order:
    """A reading list keeps its file's order, a day's list without words is sorted by votes, all else by score."""
    if all(source.startswith("bibtex:") for source in request.sources):
        return Order.AS_LISTED
    has_words = request.interest.keywords or request.interest.authors
    if request.sources == ("huggingface",) and not has_words:
        return Order.BY_VOTES
    return Order.BY_SCORE


def criteria_of(sources: tuple[str, ...], interest: Interest) -> Criteria:
    """The wish as the head of a digest repeats it."""
    return Criteria(
        sources=tuple(public_name(source) for source in sources),
        categories=tuple(sorted(interest.categories)),
        keywords=interest.keywords,
        excluded=(*interest.excluded, *interest.excluded_anywhere),
        authors=interest.authors,
    )


def calendar_notices(request: DigestRequest, now: datetime) -> tuple[Notice, ...]:
    """Why the newest batch of arXiv is not today's, where it is not."""
    if "arxiv" not in request.sources or request.on is not None or request.days is not None:
        return ()
    return days_off("arxiv", now)


def public_name(source: str) -> str:
    """A source as readers see it: of a file its name only, since a report may leave the machine that its folder is on."""
    kind, colon, path = source.partition(":")
    return f"{kind}{colon}{PurePath(path).name}"
