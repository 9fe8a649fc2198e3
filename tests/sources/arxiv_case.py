"""A source of arXiv against the fake one, for the tests beside this file."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from bot.domain.intake import Page, Wanted, Watermark, Why
from bot.http import LocalGate, PoliteClient
from bot.sources.arxiv import Arxiv
from bot.sources.arxiv_access import ArxivIntervals
from bot.sources.arxiv_daily import LastBatch
from bot.sources.arxiv_search import ArxivSearch
from tests.fakes.arxiv import FakeArxiv

FRIDAY, MONDAY, TUESDAY = date(2026, 5, 29), date(2026, 6, 1), date(2026, 6, 2)
NOW = datetime(2026, 6, 2, 15, tzinfo=UTC)  # Tuesday, 11:00 US Eastern
AT_ONCE = ArxivIntervals(feed_s=0, page_s=0)


@dataclass(slots=True, kw_only=True)
class Case:
    """`now` may be moved; `pages` are those that came before an error too."""

    fake: FakeArxiv
    client: PoliteClient
    now: datetime = NOW
    last_batch: LastBatch | None = None
    pages: list[Page] = field(default_factory=list)

    @property
    def source(self) -> Arxiv:
        gate = LocalGate("arxiv")
        return Arxiv(
            client=self.client,
            gate=gate,
            now=lambda: self.now,
            urls=self.fake.urls,
            intervals=AT_ONCE,
            last_batch=self.last_batch,
        )

    @property
    def search(self) -> ArxivSearch:
        gate = LocalGate("arxiv")
        return ArxivSearch(client=self.client, gate=gate, now=lambda: self.now, urls=self.fake.urls, intervals=AT_ONCE)

    async def fetches(self, *categories: str, since: date = TUESDAY, until: date | None = None) -> list[Page]:
        return await self.runs(self.source, Wanted(categories=frozenset(categories), since=since, until=until or since))

    async def runs(self, source: Arxiv | ArxivSearch, wanted: Wanted) -> list[Page]:
        self.pages.clear()
        async for page in source.fetch(wanted):
            self.pages.append(page)
        return self.pages

    @property
    def ids(self) -> list[str]:
        return [sighting.key.value for page in self.pages for sighting in page.sightings]

    @property
    def whys(self) -> list[Why]:
        return [notice.why for page in self.pages for notice in page.notices]

    @property
    def finished(self) -> list[tuple[str, date]]:
        marks: list[Watermark] = [mark for page in self.pages for mark in page.finished]
        return [(mark.topic, mark.batch_on) for mark in marks]


@asynccontextmanager
async def a_case(timeout_s: float = 5.0) -> AsyncIterator[Case]:
    client = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=timeout_s)
    async with FakeArxiv() as fake:
        yield Case(fake=fake, client=client)
    await client.close()
