"""The only place that builds things: adapters, services and the process, in start order; it stops them in reverse."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot import __version__
from bot.channels.console import Console
from bot.config import Settings, make_now, user_agent
from bot.domain.subscriptions import Address
from bot.errors import BadInput
from bot.http import PoliteClient
from bot.ports import PaperSource
from bot.rankers.keywords import KeywordRanker
from bot.readers.abstract import AbstractReader
from bot.services.browsing import Browsing
from bot.services.checking import Checking
from bot.services.digesting import Digesting, Workshop
from bot.services.gathering import Gathering
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.sources.sample import SAMPLE_CLOCK_START, SAMPLE_DATE
from bot.storage import heartbeat, migrate, papers, queries
from bot.storage.lock import process_lock
from bot.storage.slot import StoreGate
from bot.storage.store import Store
from bot.summarizers.extractive import Extractive
from bot.words import words

if TYPE_CHECKING:
    from bot.sources.arxiv_access import ArxivIntervals, ArxivUrls

log = structlog.get_logger()

__all__ = ["CHAT", "SAMPLE_CLOCK_START", "App", "opened", "run"]

CHAT = Address(platform="console", chat="chat")
TICK_S = 60.0
GRACE_S = 10.0  # how long a stop waits for the turn in hand


def say(text: str) -> None:
    """Print at once: whoever reads a pipe is waiting for a digest, not for a full buffer."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What a command may use, built and open."""

    settings: Settings
    store: Store
    now: Callable[[], datetime]
    browsing: Browsing
    subscribing: Subscribing
    digesting: Digesting
    summarizing: Summarizing
    checking: Checking


@asynccontextmanager
async def opened(settings: Settings, *, write: Callable[[str], None] = say, is_sample: bool = False) -> AsyncIterator[App]:
    """The whole bot without its process: the database brought up to date, the sources at hand; closed at the end.

    With `is_sample` papers are looked up on the sample day only, and nothing is asked of the network.
    """
    url = settings.database_url.get_secret_value()
    now = make_now(settings)
    await _prepare(url, now())
    store = await Store.open(url)
    client = PoliteClient(user_agent=user_agent(settings))
    try:
        lookups = ("sample",) if is_sample else ("arxiv",)
        yield _build(settings, store, client, now, write, lookups)
    finally:
        await client.close()
        await store.close()


async def _prepare(url: str, now: datetime) -> None:
    """SQLite is brought up to date by itself; PostgreSQL is refused unless `paperboy db upgrade` was run."""
    if url.startswith("sqlite"):
        done = await migrate.upgrade(url, now)
        if done.backup is not None:
            log.info("database upgraded", to=done.to_revision, backup=str(done.backup))
    else:
        await migrate.require_current(url)


def _build(
    settings: Settings,
    store: Store,
    client: PoliteClient,
    now: Callable[[], datetime],
    write: Callable[[str], None],
    lookups: tuple[str, ...],
) -> App:
    sources = Sources(settings, store, client, now)
    gathering = Gathering(store=store, open_source=sources.open, now=now, own_days={"sample": SAMPLE_DATE})
    ranker, reader, summarizer = KeywordRanker(), AbstractReader(), Extractive()
    shop = Workshop(ranker=ranker, reader=reader, summarizer=summarizer, channels={"console": Console(write)}, words=words)
    return App(
        settings=settings,
        store=store,
        now=now,
        browsing=Browsing(store=store, gathering=gathering, ranker=ranker, reader=reader, summarizer=summarizer, now=now),
        subscribing=Subscribing(store=store, now=now),
        digesting=Digesting(store=store, gathering=gathering, workshop=shop, now=now),
        summarizing=Summarizing(
            store=store, lookups=tuple(sources.open(name) for name in lookups), reader=reader, summarizer=summarizer, now=now
        ),
        checking=Checking(store=store, ask=sources.ask, probes=probes(settings), now=now),
    )


def probes(settings: Settings) -> Mapping[str, str]:
    """One small address of each source, for `paperboy check`."""
    return {
        "arXiv feeds (ARXIV_FEED_URL)": f"{settings.arxiv_feed_url}/rss/cs.DL",
        "arXiv API (ARXIV_API_URL)": f"{settings.arxiv_api_url}?id_list=hep-th/9901001",
        "Hugging Face (HUGGINGFACE_URL)": f"{settings.huggingface_url}/api/daily_papers?limit=1",
    }


class Sources:
    """Opens sources by the names that people type; each adapter is imported when it is first asked for."""

    def __init__(self, settings: Settings, store: Store, client: PoliteClient, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._store = store
        self._client = client
        self._now = now
        self._gate = StoreGate(store, "arxiv", now=now, sleep=self._sleep)

    async def _sleep(self, seconds: float) -> None:
        """A wait on the process's clock: CLOCK_RATE shortens it."""
        await asyncio.sleep(seconds / self._settings.clock_rate)

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


async def run(settings: Settings, *, write: Callable[[str], None] = say) -> None:
    """The bot's process, until SIGTERM or SIGINT; a second signal ends it at once. Raises AlreadyRunning."""
    with process_lock(settings.database_url.get_secret_value()):
        async with opened(settings, write=write) as app:
            await _work(app)


async def _work(app: App) -> None:
    from bot.engines.inline import work
    from bot.ticks import Ticks

    tick, stop = asyncio.Event(), asyncio.Event()
    _on_signals(stop)
    await _warn_of_an_early_clock(app)
    ticks = Ticks(tick, every_s=TICK_S / app.settings.clock_rate)
    ticks.start()
    log.info("running", version=__version__, platforms="console")
    try:
        turning = asyncio.create_task(work(tick, stop, app.digesting.turn, lambda: _beat(app)))
        await stop.wait()
        await asyncio.wait({turning}, timeout=GRACE_S)
        turning.cancel()
        await asyncio.gather(turning, return_exceptions=True)
    finally:
        ticks.stop()
    log.info("stopped")


async def _beat(app: App) -> None:
    """Say that the process lives, and forget answers that nobody may use any more."""
    async with app.store.write() as tx:
        await heartbeat.beat(tx, "tick", app.now())
        await queries.prune(tx, app.now())


async def _warn_of_an_early_clock(app: App) -> None:
    async with app.store.read() as tx:
        newest = await heartbeat.newest_instant(tx)
    if newest is not None and newest > app.now():
        log.warning("the clock starts before the newest instant in the database", clock=app.now().isoformat())


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def first(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)  # the next one ends the process at once
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, first, number)
