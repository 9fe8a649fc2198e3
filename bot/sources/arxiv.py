"""arXiv as a paper source: feeds for today, catch-up pages for missed days, the API for what they lack and for single papers.

batch days -> feeds | catch-up pages -> each paper once -> metadata by id -> pages of ours -> watermarks with the last
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import date, datetime, timedelta

from bot.domain.announcements import EASTERN, why_no_batch
from bot.domain.intake import Notice, Page, Wanted, Watermark, Why
from bot.domain.papers import Paper, PaperKey, PaperRef, Sighting
from bot.errors import BrokenPage, ClientRefused, Retry, SourceChanged, SourceRefused, SourceThrottled, Stop
from bot.http import Gate, PoliteClient
from bot.sources.arxiv_access import SOURCE, ArxivAccess, ArxivIntervals, ArxivUrls
from bot.sources.arxiv_api import BATCH, ArxivApi
from bot.sources.arxiv_catchup import REACH_DAYS, CatchUp
from bot.sources.arxiv_daily import DailyFeeds, LastBatch
from bot.sources.arxiv_listing import EVERYTHING, Listed, Outcome, is_topic, joined, notice, with_more

_WHY: tuple[tuple[type[Exception], Why], ...] = (
    (SourceThrottled, Why.THROTTLED),
    (SourceRefused, Why.REFUSED),
    (BrokenPage, Why.BROKEN),
    (ClientRefused, Why.CLIENT_REFUSED),
    (SourceChanged, Why.CHANGED),
)


class Arxiv:
    """The announcements of arXiv. `last_batch` lets a stale feed be told from a fresh one; without it none is."""

    name = SOURCE

    def __init__(
        self,
        *,
        client: PoliteClient,
        gate: Gate,
        now: Callable[[], datetime],
        urls: ArxivUrls,
        intervals: ArxivIntervals,
        last_batch: LastBatch | None = None,
    ) -> None:
        access = ArxivAccess(client=client, gate=gate, urls=urls, intervals=intervals)
        self._now = now
        self._api = ArxivApi(access, now)
        self._catchup = CatchUp(access)
        self._feeds = DailyFeeds(access, self._catchup.day, last_batch)

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """Yield the batches from `wanted.since` to `wanted.until`, oldest first, at most 100 papers a page. Safe to repeat.

        Today (US Eastern) comes from the feeds, the 90 days before from catch-up pages: one request per category and day.
        A topic that was not finished on one day gets no watermark for later days either. Raises as PaperSource.fetch says,
        after the pages of what was read before.
        """
        now = self._now()
        today = now.astimezone(EASTERN).date()
        topics, notices = _asked(wanted)
        since = max(wanted.since, today - timedelta(days=REACH_DAYS))
        if since > wanted.since:
            last = min(since - timedelta(days=1), wanted.until)
            notices += (notice(Why.TOO_OLD, wanted.since, detail=f"up to {last}: arXiv lists the last {REACH_DAYS} days"),)
        if notices:
            yield Page(source=SOURCE, notices=notices)
        behind: frozenset[str] = frozenset()
        for day in _days(since, wanted.until):
            outcome = await self._day(day, topics, now)
            if outcome.was_asked:
                behind |= frozenset(topics) - outcome.finished
            async for page in self._pages(day, outcome, outcome.finished - behind):
                yield page
            if outcome.error:
                raise outcome.error
            topics = tuple(topic for topic in topics if topic not in outcome.refused)

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """See PaperSource.find: id batches with versions, or one title search (near matches only: a guess)."""
        if not refs:
            best = await self._api.by_title(title) if title else None
            return (best,) if best else ()
        found = {(paper.key, paper.version): paper for paper in await self._api.by_ids(refs)}
        latest: dict[PaperKey, Paper] = {}
        for paper in sorted(found.values(), key=lambda paper: paper.version or 0):
            latest[paper.key] = paper
        chosen = (found.get((ref.key, ref.version)) if ref.version else latest.get(ref.key) for ref in refs)
        return tuple(dict.fromkeys(paper for paper in chosen if paper))

    async def _day(self, day: date, topics: tuple[str, ...], now: datetime) -> Outcome:
        explained = why_no_batch(day, now)
        if explained in (Why.WEEKEND, Why.NOT_OUT_YET) or not topics:
            return Outcome(notices=(notice(explained, day),) if explained else (), was_asked=False)
        if day == now.astimezone(EASTERN).date():
            return await self._feeds.day(day, topics, explained)
        return await self._past_day(day, topics, explained)

    async def _past_day(self, day: date, topics: tuple[str, ...], explained: Why | None) -> Outcome:
        """One category's broken pages are a notice, and the others go on; an error of the host ends the day."""
        outcomes: list[Outcome] = []
        broken: BrokenPage | None = None
        for topic in topics:
            try:
                outcomes.append(await self._catchup.day(topic, day, explained))
            except BrokenPage as error:
                broken = error
                outcomes.append(Outcome(notices=(notice(Why.BROKEN, day, subject=topic, detail=error.reason),)))
            except (Retry, Stop) as error:
                return joined((*outcomes, Outcome(error=error)))
        whole = joined(outcomes)
        return Outcome(error=broken) if broken and not whole.finished else whole

    async def _pages(self, day: date, outcome: Outcome, finished: frozenset[str]) -> AsyncIterator[Page]:
        """The day in pages: its notices with the first, its watermarks with the last."""
        marks = tuple(Watermark(source=SOURCE, topic=topic, batch_on=day) for topic in sorted(finished))
        notices, is_enriched = outcome.notices, True
        starts = range(0, len(outcome.listed), BATCH)
        for start in starts:
            listed = outcome.listed[start : start + BATCH]
            if is_enriched:
                listed, failure = await self._enriched(listed, day)
                is_enriched = failure is None
                notices += (failure,) if failure else ()
            is_last = start == starts[-1]
            yield self._page(day, listed, start, notices, marks if is_last else ())
            notices = ()
        if not starts and (notices or marks):
            yield Page(source=SOURCE, notices=notices, finished=marks)

    async def _enriched(self, listed: tuple[Listed, ...], day: date) -> tuple[tuple[Listed, ...], Notice | None]:
        """The same papers with what the API knows of them; if it fails they go as they are, and a notice says so."""
        refs = [PaperRef(key=one.paper.key, version=one.paper.version) for one in listed]
        try:
            papers = await self.find(refs)
        except (Retry, SourceChanged, ClientRefused) as error:
            why = next((why for kind, why in _WHY if isinstance(error, kind)), Why.UNREACHABLE)
            return listed, notice(why, day, subject="api", detail=f"dates and comments are missing: {error}")
        known = {paper.key: paper for paper in papers}
        return tuple(with_more(one, known[one.paper.key]) if one.paper.key in known else one for one in listed), None

    def _page(
        self, day: date, listed: tuple[Listed, ...], start: int, notices: tuple[Notice, ...], finished: tuple[Watermark, ...]
    ) -> Page:
        seen_at = self._now()
        sightings = tuple(
            Sighting(
                key=one.paper.key,
                version=one.paper.version,
                source=SOURCE,
                seen_at=seen_at,
                batch_on=day,
                announce_type=one.announce_type,
                position=start + index,
            )
            for index, one in enumerate(listed)
        )
        papers = tuple(one.paper for one in listed)
        return Page(source=SOURCE, papers=papers, sightings=sightings, finished=finished, notices=notices)


def _asked(wanted: Wanted) -> tuple[tuple[str, ...], tuple[Notice, ...]]:
    """The topics to ask for, and a notice for each that cannot be a category and goes into no URL."""
    names = tuple(sorted(wanted.categories)) or EVERYTHING
    refused = tuple(name for name in names if not is_topic(name))
    notices = tuple(notice(Why.BAD_TOPIC, subject=name[:40], detail="not the name of a category") for name in refused)
    return tuple(name for name in names if name not in refused), notices


def _days(since: date, until: date) -> tuple[date, ...]:
    return tuple(since + timedelta(days=offset) for offset in range((until - since).days + 1))
