"""Papers for somebody, from the sources they chose: asks each source once a batch, and the store for the rest."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.announcements import batch_on, next_midnight_et, why_no_batch
from bot.domain.categories import ARCHIVES, NAMES
from bot.domain.intake import Notice, Wanted, Why
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.progress import Report
from bot.pipeline.fetch import Intake, fetch
from bot.ports import PaperSource
from bot.services.turns import OneAtATime
from bot.storage import papers, queries, sources
from bot.storage.sources import SourceFailure
from bot.storage.store import Store

CATCHUP_DAYS = 90  # how far back arXiv's catch-up pages reach (sources of this figure: arxiv.org/help, catchup page)
REREAD_DAYS = 3  # votes of a daily list go on coming in: 64 % of same-day readings are below 10
LISTS_DAYS = 30  # how far back daily lists are asked for after a stop: a request or two for each day
ALL_OF_ARXIV = frozenset({*ARCHIVES, *(name for name in NAMES if "." not in name)})  # what no category means
FRESH_FOR = timedelta(minutes=15)  # an unfinished batch is asked for again after this


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """The batches of one source to look at, both ends included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What all sources gave for one wish."""

    papers: tuple[SeenPaper, ...]
    intakes: tuple[Intake, ...]

    @property
    def are_all_down(self) -> bool:
        return bool(self.intakes) and all(intake.has_failed and not intake.keys for intake in self.intakes)


def newest_list(source: str, now: datetime) -> date:
    """The date of the newest list that `source` can have at `now`: arXiv's batch, or the calendar day in UTC."""
    return batch_on(now) if source.startswith("arxiv") else now.astimezone(UTC).date()


def within(seen: SeenPaper, ranges: Mapping[str, Range]) -> SeenPaper:
    """`seen` with only those sightings of the asked sources that lie in their range; other sources' are kept whole."""

    def belongs(source: str, on: date | None) -> bool:
        asked = ranges.get(source)
        return asked is None or on is None or asked.since <= on <= asked.until

    kept = tuple(s for s in seen.sightings if belongs(s.source, s.batch_on))
    return SeenPaper(paper=seen.paper, sightings=kept)


class Gathering:
    """Fills the store from the sources and reads it back."""

    def __init__(
        self,
        *,
        store: Store,
        open_source: Callable[[str], PaperSource],
        now: Callable[[], datetime],
        own_days: Mapping[str, date],
    ) -> None:
        self._store = store
        self._open = open_source
        self._now = now
        self._own_days = own_days
        self._alone = OneAtATime()

    def newest(self, source: str) -> date:
        """The date of the newest list that `source` can have now; some sources live on a day of their own."""
        return self._own_days.get(source) or newest_list(source, self._now())

    async def once(self, requests: Iterable[tuple[str, Wanted]], *, report: Report) -> Gathered:
        """Ask every source for exactly what is wanted, whatever is stored: a person is waiting for just this."""
        intakes, ranges = [], {}
        for spec, wanted in requests:
            source = self._open(spec)
            intakes.append(await self._ask(source, wanted, report))
            ranges[source.name] = Range(since=wanted.since, until=wanted.until)
        keys = tuple(dict.fromkeys(key for intake in intakes for key in intake.keys))
        found = await self.known(keys)
        papers_found = tuple(within(found[key], ranges) for key in keys if key in found)
        return Gathered(papers=papers_found, intakes=tuple(intakes))

    async def _ask(self, source: PaperSource, wanted: Wanted, report: Report) -> Intake:
        """One fetch, or the store's answer if the same was asked and wholly answered since the last midnight in New York."""
        request = f"{sorted(wanted.categories)} {wanted.since} {wanted.until} {wanted.words} {wanted.authors}"
        is_settled = source.name.startswith("arxiv")
        if is_settled:
            async with self._store.read() as tx:
                keys = await queries.recall(tx, source.name, request, self._now())
            if keys is not None:
                return Intake(source=source.name, keys=keys)
        intake = await fetch(self._store, source, wanted, now=self._now, report=report)
        if is_settled and intake.keys and not intake.notices:
            async with self._store.write() as tx:
                await queries.remember(tx, source.name, request, intake.keys, next_midnight_et(self._now()))
        return intake

    async def batches(self, spec: str, categories: frozenset[str], *, report: Report) -> Intake:
        """Bring the store up to the newest batch of `categories`; asks nothing that is wholly there.

        No category means all. A category without a watermark starts at the newest batch (a baseline, not a flood); a stopped
        bot's missed days are asked for as far back as the source reaches. A source that failed is left alone until its
        time to be asked again, and its failure is told until then: what was not asked is never taken for nothing.
        Who wants the same at the same moment waits for the one who asks.
        """
        source = self._open(spec)
        if source.name == "arxiv":
            categories = categories or ALL_OF_ARXIV
        async with self._alone.of((source.name, categories)):
            return await self._batches(source, categories, report)

    async def _batches(self, source: PaperSource, categories: frozenset[str], report: Report) -> Intake:
        now, newest = self._now(), self.newest(source.name)
        async with self._store.read() as tx:
            marks = await sources.watermarks(tx, source.name)
            recent = await queries.recall(tx, source.name, f"asked {sorted(categories)} {newest}", now)
            down = standing(await sources.failures(tx), source.name, newest, now)
        if down is not None:
            return Intake(source=source.name, notices=(down,), has_failed=True)
        day_off = days_off(source.name, now)
        if recent is not None:
            return Intake(source=source.name, notices=(*day_off, *late(source.name, categories, marks, newest)))
        intakes = [
            await fetch(self._store, source, wanted, now=self._now, report=report)
            for wanted in self._behind(source.name, categories, marks, newest)
        ]
        has_failed = any(intake.has_failed for intake in intakes)
        if not has_failed:
            async with self._store.write() as tx:
                await queries.remember(tx, source.name, f"asked {sorted(categories)} {newest}", (), now + FRESH_FOR)
        return Intake(
            source=source.name,
            keys=tuple(key for intake in intakes for key in intake.keys),
            notices=(*day_off, *(notice for intake in intakes for notice in intake.notices)),
            has_failed=has_failed,
        )

    def _behind(self, source: str, categories: frozenset[str], marks: Mapping[str, date], newest: date) -> tuple[Wanted, ...]:
        if source in self._own_days:  # it has this day and no other: nothing is missing before it
            return (Wanted(since=newest, until=newest),)
        return behind(categories, marks, newest, is_listed_daily=not source.startswith("arxiv"))

    async def known(self, keys: Sequence[PaperKey]) -> dict[PaperKey, SeenPaper]:
        """What the store holds of these papers."""
        async with self._store.read() as tx:
            return await papers.by_keys(tx, keys)


def standing(failures: Sequence[SourceFailure], source: str, on: date, now: datetime) -> Notice | None:
    """Why `source` is not to be asked at `now`: its last failure, for as long as it wants to be left alone."""
    for failure in failures:
        if failure.source == source and failure.retry_at is not None and failure.retry_at > now:
            return Notice(source=source, why=failure.why, subject=failure.subject, detail=failure.detail, on=on)
    return None


def days_off(source: str, now: datetime) -> tuple[Notice, ...]:
    """Why the newest batch of arXiv is not today's, where its calendar says so; other sources tell of their own days."""
    if source != "arxiv":
        return ()
    newest, today = newest_list(source, now), now.astimezone(UTC).date()
    why = why_no_batch(today, now) if newest < today else None
    return (Notice(source=source, why=why, on=today),) if why in (Why.WEEKEND, Why.HOLIDAY) else ()


def late(source: str, categories: frozenset[str], marks: Mapping[str, date], newest: date) -> tuple[Notice, ...]:
    """A batch that was asked for a moment ago and was not out: said again, although nobody is asked again."""
    behind_it = sorted(category for category in categories if marks.get(category, date.min) < newest)
    is_by_batch = source.startswith("arxiv")
    return tuple(Notice(source=source, why=Why.NOT_OUT_YET, subject=name, on=newest) for name in behind_it if is_by_batch)


def behind(categories: frozenset[str], marks: Mapping[str, date], newest: date, *, is_listed_daily: bool) -> tuple[Wanted, ...]:
    """What to ask so that every category reaches `newest`, oldest first, categories with the same gap together."""
    if is_listed_daily:
        reread = newest - timedelta(days=REREAD_DAYS)
        missed = max(marks.values(), default=reread) + timedelta(days=1)
        return (Wanted(since=max(min(reread, missed), newest - timedelta(days=LISTS_DAYS)), until=newest),)
    earliest = newest - timedelta(days=CATCHUP_DAYS)
    gaps: dict[date, set[str]] = {}
    for category in categories:
        mark = marks.get(category)
        since = newest if mark is None else max(mark + timedelta(days=1), earliest)
        if since <= newest:
            gaps.setdefault(since, set()).add(category)
    return tuple(Wanted(categories=frozenset(names), since=since, until=newest) for since, names in sorted(gaps.items()))
