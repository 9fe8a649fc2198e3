"""The only place that builds things: adapters, services and the process, in start order; it stops them in reverse."""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import __version__
from bot.adapters import Sources, desk, language_model, outside
from bot.channels.console import Console
from bot.config import Settings, make_now, user_agent
from bot.domain.subscriptions import Address
from bot.http import PoliteClient
from bot.rankers.keywords import KeywordRanker
from bot.services.asking import Asking
from bot.services.browsing import Browsing
from bot.services.checking import Checking
from bot.services.digesting import Digesting, Workshop
from bot.services.gathering import Gathering
from bot.services.healing import Healing
from bot.services.line import Line
from bot.services.spending import Spending
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.services.writing import Writing
from bot.sources.sample import SAMPLE_CLOCK_START, SAMPLE_DATE
from bot.storage import calls, heartbeat, migrate, queries, texts
from bot.storage.lock import process_lock
from bot.storage.store import Store
from bot.words import words

log = structlog.get_logger()

__all__ = ["CHAT", "SAMPLE_CLOCK_START", "App", "opened", "run"]

CHAT = Address(platform="console", chat="chat")
TICK_S = 60.0
CALLS_KEPT = timedelta(days=400)  # what was asked of a model, and what it cost
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
    asking: Asking
    spending: Spending
    writing: Writing
    healing: Healing
    checking: Checking
    close: Callable[[], Awaitable[None]]


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
    app = _build(settings, store, client, now, write, is_sample=is_sample)
    gc.freeze()  # what is there now stays: a full collection takes 1 ms instead of 40 to 50, in which nobody is served
    try:
        yield app
    finally:
        await app.writing.finish(GRACE_S)
        await app.close()
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
    *,
    is_sample: bool,
) -> App:
    world = outside(settings, store, client, now)
    sources, model, ranker = Sources(world), language_model(world), KeywordRanker()
    table = desk(world, model, is_sample=is_sample)
    line = Line(concurrency=settings.openai_concurrency, now=now)
    gathering = Gathering(store=store, open_source=sources.open, now=now, own_days={"sample": SAMPLE_DATE})
    writing = Writing(store=store, desk=table, line=line, now=now, sleep=world.sleep)
    wait = timedelta(seconds=settings.digest_wait_s)
    shop = Workshop(ranker=ranker, writing=writing, wait=wait, channels={"console": Console(write)}, words=words)
    lookups = tuple(sources.open(name) for name in (("sample",) if is_sample else ("arxiv",)))
    summarizing = Summarizing(store=store, lookups=lookups, writing=writing, now=now)
    return App(
        settings=settings,
        store=store,
        now=now,
        browsing=Browsing(store=store, gathering=gathering, ranker=ranker, writing=writing, wait=wait, now=now),
        subscribing=Subscribing(store=store, now=now),
        digesting=Digesting(store=store, gathering=gathering, workshop=shop, now=now),
        summarizing=summarizing,
        asking=Asking(store=store, summarizing=summarizing, writing=writing, desk=table, line=line, now=now),
        spending=Spending(store=store, model=writing.model, prices=settings.prices, budget=settings.budget, now=now),
        writing=writing,
        healing=Healing(store=store, writing=writing, line=line, now=now),
        checking=Checking(
            store=store, ask=sources.ask, probes=probes(settings), ask_model=model.probe if model else None, now=now
        ),
        close=table.summarizer.close,
    )


def probes(settings: Settings) -> Mapping[str, str]:
    """One small address of each source, for `paperboy check`."""
    return {
        "arXiv feeds (ARXIV_FEED_URL)": f"{settings.arxiv_feed_url}/rss/cs.DL",
        "arXiv API (ARXIV_API_URL)": f"{settings.arxiv_api_url}?id_list=hep-th/9901001",
        "Hugging Face (HUGGINGFACE_URL)": f"{settings.huggingface_url}/api/daily_papers?limit=1",
    }


async def run(settings: Settings, *, write: Callable[[str], None] = say) -> None:
    """The bot's process, until SIGTERM or SIGINT; a second signal ends it at once. Raises AlreadyRunning."""
    with process_lock(settings.database_url.get_secret_value()):
        async with opened(settings, write=write) as app:
            await _work(app)


async def _work(app: App) -> None:
    from bot.engines.inline import work
    from bot.ticks import Ticks

    stop = asyncio.Event()
    _on_signals(stop)
    await _warn_of_an_early_clock(app)
    # A turn may wait a quarter of an hour for texts: neither the sign of life nor what is owed waits for it.
    turns = {"digests": app.digesting.turn, "owed summaries": app.healing.heal, "heartbeat": lambda: _beat(app)}
    woken = {name: asyncio.Event() for name in turns}
    ticks = Ticks(tuple(woken.values()), every_s=TICK_S / app.settings.clock_rate)
    ticks.start()
    log.info("running", version=__version__, platforms="console")
    try:
        workers = [asyncio.create_task(work(woken[name], stop, turn, name=name)) for name, turn in turns.items()]
        await stop.wait()
        await asyncio.wait(workers, timeout=GRACE_S)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    finally:
        ticks.stop()
    log.info("stopped")


async def _beat(app: App) -> int:
    """Say that the process lives, and tidy up."""
    async with app.store.write() as tx:
        await heartbeat.beat(tx, "tick", app.now())
    await tidy(app)
    return 0


async def tidy(app: App) -> None:
    """Forget what is too old: answers that nobody may use any more, full texts, calls of last year."""
    now = app.now()
    async with app.store.write() as tx:
        await queries.prune(tx, now)
        await texts.prune(tx, now - timedelta(days=app.settings.texts_kept_days))
        await calls.prune(tx, now - CALLS_KEPT)


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
