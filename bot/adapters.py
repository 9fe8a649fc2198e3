"""Builds the adapters that app.py hands to services: sources by name, readers in two lanes, the model and its stand-in.

Each is imported when it is first asked for: a digest of the sample day loads no library of arXiv's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings, user_agent
from bot.domain.dialects import Dialect
from bot.domain.intake import Wanted
from bot.domain.papers import SeenPaper
from bot.errors import BadInput
from bot.http import Gate, PoliteClient
from bot.pipeline.summarize import Terms
from bot.ports import Channel, FullTextReader, PaperSource, Summarizer
from bot.readers.abstract import AbstractReader
from bot.services.desk import Desk
from bot.services.samples import STYLE, Sample
from bot.storage import dialects, papers
from bot.storage.slot import StoreGate
from bot.storage.store import Store
from bot.summarizers.extractive import Extractive
from bot.summarizers.styles import styles

if TYPE_CHECKING:
    from bot.domain.suggestions import Library
    from bot.sources.arxiv_access import ArxivIntervals, ArxivUrls
    from bot.summarizers.llm import LanguageModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What every adapter is built with."""

    settings: Settings
    store: Store
    client: PoliteClient
    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]
    gate: StoreGate
    owner: str


def outside(settings: Settings, store: Store, client: PoliteClient, now: Callable[[], datetime], *, owner: str = "") -> Outside:
    """Waits are on the process's clock: CLOCK_RATE shortens them. arXiv has one slot, whoever asks.

    `owner` is RUN in the one process of the bot.
    """

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds / settings.clock_rate)

    gate = StoreGate(store, "arxiv", now=now, sleep=sleep, owner=owner)
    return Outside(settings=settings, store=store, client=client, now=now, sleep=sleep, gate=gate, owner=owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDialect:
    """What the endpoint was found to understand, kept for every process and the next start."""

    world: Outside

    async def recall(self) -> Dialect | None:
        """What is known of it."""
        chosen = self.world.settings
        async with self.world.store.read() as tx:
            return await dialects.recall(tx, chosen.openai_base_url, chosen.openai_model)

    async def remember(self, dialect: Dialect) -> None:
        """Keep what was learnt."""
        chosen = self.world.settings
        async with self.world.store.write() as tx:
            await dialects.remember(tx, chosen.openai_base_url, chosen.openai_model, dialect, self.world.now())


def desk(world: Outside, model: Summarizer | None, *, is_sample: bool) -> Desk:
    """Readers and summarizers. On the sample day nothing is read but abstracts; without a model they are summarized too."""
    chosen, spare = world.settings, Extractive()
    styles()  # a file that is none ends the start, not a digest
    readers: tuple[FullTextReader, FullTextReader] = (AbstractReader(), AbstractReader())
    if not is_sample:
        readers = (_reader(world, world.gate), _reader(world, world.gate.urgent))
    terms = Terms(prices=chosen.prices, budget=chosen.budget, sleep=world.sleep, owner=world.owner)
    return Desk(
        ahead=readers[0],
        at_once=readers[1],
        summarizer=model or spare,
        spare=spare,
        terms=terms,
        concurrency=chosen.openai_concurrency,
    )


async def packaged_sample(language: str) -> Sample | None:
    """The paper of the sample day that most people voted for, with sentences of its abstract as its card."""
    from bot.sources.sample import SAMPLE_DATE, SampleDay

    pages = [page async for page in SampleDay().fetch(Wanted(categories=frozenset(), since=SAMPLE_DATE, until=SAMPLE_DATE))]
    papers_of_day = {paper.key: paper for page in pages for paper in page.papers}
    sighting = max((each for page in pages for each in page.sightings), key=lambda one: one.votes or 0)
    paper = papers_of_day[sighting.key]
    text = await AbstractReader().read(paper)
    summary = await Extractive().summarize(paper, text, STYLE, language)
    return Sample(seen=SeenPaper(paper=paper, sightings=(sighting,)), summary=summary)


def _reader(world: Outside, gate: Gate) -> FullTextReader:
    from bot.readers.first_that_works import FirstThatWorks
    from bot.readers.html import HtmlReader
    from bot.readers.pdf import PdfReader

    url, interval_s = world.settings.arxiv_url, world.settings.arxiv_page_interval_s
    html = HtmlReader(client=world.client, gate=gate, site_url=url, interval_s=interval_s)
    return FirstThatWorks((html, PdfReader(client=world.client, gate=gate, site_url=url, interval_s=interval_s)))


def language_model(world: Outside) -> "LanguageModel | None":
    """The model of the settings, None if there is none; its package is loaded with the first call."""
    if not world.settings.has_model:
        return None
    from bot.summarizers.endpoint import Endpoint
    from bot.summarizers.llm import LanguageModel

    chosen = world.settings
    endpoint = Endpoint(
        base_url=chosen.openai_base_url,
        api_key=chosen.openai_api_key.get_secret_value(),
        model=chosen.openai_model,
        timeout_s=chosen.openai_timeout_s,
        context_tokens=chosen.openai_context_tokens,
        memory=StoredDialect(world=world),
        user_agent=user_agent(chosen),
    )
    return LanguageModel(endpoint, context_tokens=chosen.openai_context_tokens)


def chat_channels(settings: Settings, write: Callable[[str], None]) -> dict[str, Channel]:
    """Channels by name: the platforms that there is a token for, else the console."""
    found = {channel.name: channel for channel in platforms(settings).values()}
    if not found:
        from bot.channels.console import Console

        found["console"] = Console(write)
    return found


def platforms(settings: Settings) -> dict[str, Channel]:
    """Every platform that there is a token for, by the setting that holds it; their packages are loaded here."""
    found: dict[str, Channel] = {}
    if token := settings.telegram_bot_token.get_secret_value():
        from bot.channels.pace import Pace
        from bot.channels.telegram import Telegram
        from bot.channels.telegram_limits import TELEGRAM

        found["TELEGRAM_BOT_TOKEN"] = Telegram(token, settings.telegram_api_url, pace=Pace(TELEGRAM))
    if token := settings.discord_bot_token.get_secret_value():
        from bot.channels.discord import REQUESTS, Discord
        from bot.channels.pace import Pace

        found["DISCORD_BOT_TOKEN"] = Discord(token, settings.discord_api_url, pace=Pace(REQUESTS))
    return found


class Sources:
    """Opens sources by the names that people type; each adapter is imported when it is first asked for."""

    def __init__(self, world: Outside) -> None:
        self._settings, self._store, self._client = world.settings, world.store, world.client
        self._now, self._gate = world.now, world.gate

    async def ask(self, url: str, source: str) -> tuple[int, int]:
        """The status and the size of one answer, for `paperboy check`; arXiv's slot is kept."""
        gate = self._gate if "arxiv" in source.casefold() else None
        body = await self._client.get(url, source=source, gate=gate, interval_s=self._settings.arxiv_interval_s)
        return body.status, len(body.content)

    def open(self, name: str) -> PaperSource:
        """Raises BadInput for a name that is none."""
        kind, _, rest = name.partition(":")
        match kind:
            case "arxiv":
                return self.arxiv
            case "arxiv-search":
                return self.search
            case "huggingface":
                from bot.sources.huggingface import HuggingFace

                return HuggingFace(self._client, self._settings.huggingface_url, self._now)
            case "bibtex":
                from bot.sources.bibtex import BibtexFile

                return BibtexFile(Path(rest), self.arxiv.find, self._now)
            case "sample":
                from bot.sources.sample import SampleDay

                return SampleDay()
        raise BadInput(f"there is no source {name!r}")

    def library(self, name: str, content: bytes) -> "Library":
        """What a BibTeX file tells that somebody sent; blocks."""
        from bot.sources.bibtex_library import library

        return library(name, content)

    def reading_list(self, lookup: PaperSource, name: str, text: str, *, first: int, most: int) -> PaperSource:
        """A part of such a file, whose papers are looked up by `lookup`."""
        from bot.sources.bibtex_library import SentBibtex

        return SentBibtex(name, text, lookup.find, self._now, first=first, most=most)

    @cached_property
    def arxiv(self) -> PaperSource:
        """The announcements of arXiv, and its papers by id; one for the process, which caches the day's queries."""
        from bot.sources.arxiv import Arxiv

        return Arxiv(
            client=self._client,
            gate=self._gate,
            now=self._now,
            urls=self._urls(),
            intervals=self._intervals(),
            last_batch=self._last_batch,
        )

    @cached_property
    def search(self) -> PaperSource:
        """ArXiv by query, for looking back."""
        from bot.sources.arxiv_search import ArxivSearch

        return ArxivSearch(client=self._client, gate=self._gate, now=self._now, urls=self._urls(), intervals=self._intervals())

    def _urls(self) -> "ArxivUrls":
        from bot.sources.arxiv_access import ArxivUrls

        chosen = self._settings
        return ArxivUrls(site=chosen.arxiv_url, api=chosen.arxiv_api_url, feeds=chosen.arxiv_feed_url)

    def _intervals(self) -> "ArxivIntervals":
        from bot.sources.arxiv_access import ArxivIntervals

        chosen = self._settings
        return ArxivIntervals(feed_s=chosen.arxiv_interval_s, page_s=chosen.arxiv_page_interval_s)

    async def _last_batch(self, topic: str, before: date) -> frozenset[str]:
        async with self._store.read() as tx:
            keys = await papers.batch_keys(tx, "arxiv", before, topic)
        return frozenset(key.value for key in keys)
