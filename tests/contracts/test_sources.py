"""The sources that have joined the contract: add an opener to SUBJECTS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime

import pytest

from bot.domain.intake import Wanted
from bot.http import LocalGate, PoliteClient
from bot.sources.arxiv import Arxiv
from bot.sources.arxiv_access import ArxivIntervals
from bot.sources.arxiv_search import ArxivSearch
from bot.sources.huggingface import HuggingFace
from bot.sources.sample import SAMPLE_DATE, SampleDay
from tests.builders import a_paper
from tests.contracts.source_contract import NetworkContract, Opens, PaceContract, SourceContract, Subject
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.huggingface import FakeHuggingFace

MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
NOW = datetime(2026, 6, 2, 15, tzinfo=UTC)
CS_CL = frozenset({"cs.CL"})


class Turns(LocalGate):
    """A gate on a clock that passes only in sleep; remembers when each turn began."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.began: list[float] = []
        super().__init__("arxiv", clock=lambda: self.now_s, sleep=self._pass)

    async def _pass(self, for_s: float) -> None:
        self.now_s += for_s

    @asynccontextmanager
    async def turn(self, interval_s: float) -> AsyncIterator[None]:
        async with super().turn(interval_s):
            self.began.append(self.now_s)
            yield


@asynccontextmanager
async def _arxiv_and_client() -> AsyncIterator[tuple[FakeArxiv, PoliteClient, Turns]]:
    client = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=5)
    async with FakeArxiv() as fake:
        fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 121)), batch_on=MONDAY)
        fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(200, 330)), batch_on=TUESDAY)
        yield fake, client, Turns()
    await client.close()


@asynccontextmanager
async def _arxiv() -> AsyncIterator[Subject]:
    async with _arxiv_and_client() as (fake, client, gate):
        source = Arxiv(client=client, gate=gate, now=lambda: NOW, urls=fake.urls, intervals=ArxivIntervals())
        wanted = Wanted(categories=CS_CL, since=MONDAY, until=TUESDAY)
        yield Subject(source=source, wanted=wanted, breaks=fake.cuts_body, asked_at=lambda: gate.began, interval_s=3.0)


@asynccontextmanager
async def _arxiv_search() -> AsyncIterator[Subject]:
    async with _arxiv_and_client() as (fake, client, gate):
        source = ArxivSearch(client=client, gate=gate, now=lambda: NOW, urls=fake.urls, intervals=ArxivIntervals())
        wanted = Wanted(categories=CS_CL, since=date(2026, 1, 1), until=TUESDAY)
        yield Subject(source=source, wanted=wanted, breaks=fake.answers_html, asked_at=lambda: gate.began, interval_s=3.0)


@asynccontextmanager
async def _huggingface() -> AsyncIterator[Subject]:
    client = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=5)
    async with FakeHuggingFace() as fake:
        for number, day in enumerate((MONDAY, MONDAY, TUESDAY), start=1):
            fake.lists(f"2606.{number:05}", on=day)
        source = HuggingFace(client, fake.url, lambda: NOW)
        yield Subject(source=source, wanted=Wanted(since=MONDAY, until=TUESDAY), breaks=fake.sends_html)
    await client.close()


@asynccontextmanager
async def _sample() -> AsyncIterator[Subject]:
    yield Subject(source=SampleDay(), wanted=Wanted(since=SAMPLE_DATE, until=SAMPLE_DATE))


PACED: dict[str, Opens] = {"arxiv": _arxiv, "arxiv-search": _arxiv_search}
NETWORKED = PACED | {"huggingface": _huggingface}
SUBJECTS = NETWORKED | {"sample": _sample}


class TestSources(SourceContract):
    @pytest.fixture(params=SUBJECTS)
    async def subject(self, request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
        async with SUBJECTS[request.param]() as subject:
            yield subject


class TestSourcesOfTheNetwork(NetworkContract):
    @pytest.fixture(params=NETWORKED)
    async def subject(self, request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
        async with NETWORKED[request.param]() as subject:
            yield subject


class TestSourcesWithAPace(PaceContract):
    @pytest.fixture(params=PACED)
    async def subject(self, request: pytest.FixtureRequest) -> AsyncIterator[Subject]:
        async with PACED[request.param]() as subject:
            yield subject
