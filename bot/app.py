"""The only place that builds things: adapters and services, each with what it needs; it closes them in reverse."""

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from bot import assembling
from bot.adapters import Sources, chat_channels, desk, language_model, outside, packaged_sample
from bot.config import Settings, make_now, user_agent
from bot.domain.subscriptions import Address
from bot.http import PoliteClient
from bot.pipeline import prune
from bot.ports import Channel
from bot.rankers.keywords import KeywordRanker
from bot.services.alerting import Alerting
from bot.services.allowance import Allowance
from bot.services.asking import Asking
from bot.services.browsing import Browsing
from bot.services.carrying import Carrying
from bot.services.checking import Checking
from bot.services.delivering import Delivering
from bot.services.destinations import Destinations
from bot.services.digesting import Digesting
from bot.services.expecting import Expecting
from bot.services.forgetting import Forgetting
from bot.services.gathering import Gathering
from bot.services.healing import Healing
from bot.services.ledger import Ledger
from bot.services.line import Line
from bot.services.making import Making
from bot.services.marking import Marking
from bot.services.opening import Opening
from bot.services.reading_lists import ReadingLists
from bot.services.samples import Samples
from bot.services.searching import Searching
from bot.services.spending import Spending
from bot.services.standing import Standing
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.services.turns import People
from bot.services.uploads import Uploads
from bot.services.writing import Writing
from bot.sources.sample import SAMPLE_CLOCK_START, SAMPLE_DATE
from bot.storage import leases, migrate
from bot.storage.store import Store

log = structlog.get_logger()

__all__ = ["CHAT", "SAMPLE_CLOCK_START", "App", "opened", "tidy"]

CHAT = Address(platform="console", chat="chat")
GRACE_S = 10.0  # how long a stop waits for summaries in hand


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
    carrying: Carrying
    uploads: Uploads
    reading_lists: ReadingLists
    ledger: Ledger
    opening: Opening
    allowance: Allowance
    marking: Marking
    forgetting: Forgetting
    digesting: Digesting
    expecting: Expecting
    samples: Samples
    destinations: Destinations
    channels: Mapping[str, Channel]
    senders: tuple[Delivering, ...]
    summarizing: Summarizing
    asking: Asking
    searching: Searching
    spending: Spending
    standing: Standing
    alerting: Alerting
    people: People
    writing: Writing
    healing: Healing
    checking: Checking
    close: Callable[[], Awaitable[None]]


@asynccontextmanager
async def opened(settings: Settings, *, is_sample: bool = False, is_sending: bool = False) -> AsyncIterator[App]:
    """The whole bot without its process: the database brought up to date, the sources at hand; closed at the end.

    With `is_sample` papers are looked up on the sample day only, and nothing is asked of the network. Only with
    `is_sending` there are channels: the process must hold the lock then.
    """
    url = settings.database_url.get_secret_value()
    now = make_now(settings)
    await _prepare(url, now())
    store = await Store.open(url)
    client = PoliteClient(user_agent=user_agent(settings))
    channels = chat_channels(settings, say) if is_sending else {}
    app = _build(settings, store, client, now, channels, is_sample=is_sample)
    gc.freeze()  # what is there now stays: a full collection takes 1 ms instead of 40 to 50, in which nobody is served
    try:
        yield app
    finally:
        await app.writing.finish(GRACE_S)
        await app.allowance.finish()
        await app.close()
        for channel in channels.values():
            await channel.close()
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
    channels: Mapping[str, Channel],
    *,
    is_sample: bool,
) -> App:
    world = outside(settings, store, client, now, owner=leases.RUN if channels else "")
    sources, model, ranker = Sources(world), language_model(world), KeywordRanker()
    table = desk(world, model, is_sample=is_sample)
    line = Line(concurrency=settings.openai_concurrency, now=now)
    gathering = Gathering(store=store, open_source=sources.open, now=now, own_days={"sample": SAMPLE_DATE})
    writing = Writing(store=store, desk=table, line=line, now=now, sleep=world.sleep)
    people = People()
    shop = assembling.workshop(settings, ranker, writing, channels, people)
    senders = assembling.senders(world, channels)

    wake = assembling.waker(senders)
    making = Making(store=store, gathering=gathering, workshop=shop, now=now)
    lookups = tuple(sources.open(name) for name in (("sample",) if is_sample else ("arxiv",)))
    summarizing = Summarizing(store=store, lookups=lookups, writing=writing, now=now)
    subscribing = Subscribing(store=store, now=now)
    uploads = Uploads(store=store, subscribing=subscribing, library=sources.library, now=now)
    allowance = assembling.allowance(world)
    return App(
        settings=settings,
        store=store,
        now=now,
        browsing=Browsing(store=store, gathering=gathering, ranker=ranker, writing=writing, wait=shop.wait, now=now),
        subscribing=subscribing,
        carrying=assembling.carrying(subscribing),
        uploads=uploads,
        reading_lists=assembling.reading_lists(world, uploads, writing, partial(sources.reading_list, lookups[0])),
        ledger=Ledger(store=store, now=now),
        opening=Opening(store=store),
        allowance=allowance,
        marking=Marking(store=store, summarizing=summarizing, now=now),
        forgetting=Forgetting(store=store, allowance=allowance, model=writing.model, now=now),
        digesting=Digesting(store=store, making=making, workshop=shop, now=now, queued=wake),
        expecting=Expecting(store=store, ranker=ranker, now=now),
        samples=Samples(store=store, packaged=packaged_sample, now=now),
        destinations=Destinations(store=store, now=now, woken=wake),
        channels=channels,
        senders=senders,
        summarizing=summarizing,
        asking=Asking(store=store, summarizing=summarizing, writing=writing, desk=table, line=line, now=now),
        searching=Searching(store=store),
        spending=Spending(store=store, model=writing.model, prices=settings.prices, budget=settings.budget, now=now),
        standing=assembling.standing(world, writing.model, line, senders, wake),
        people=people,
        alerting=assembling.alerting(world, line, channels, senders, wake),
        writing=writing,
        healing=Healing(store=store, writing=writing, line=line, now=now),
        checking=assembling.checking(world, sources, model),
        close=table.summarizer.close,
    )


async def tidy(app: App) -> None:
    """Forget what is too old."""
    await prune.prune(app.store, now=app.now(), texts_kept_days=app.settings.texts_kept_days)
