"""The only place that builds things: adapters and services, each with what it needs; it closes them in reverse."""

import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.adapters import Outside, Sources, chat_channels, desk, language_model, outside, packaged_sample, platforms
from bot.config import Settings, make_now, user_agent
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from bot.http import PoliteClient
from bot.pipeline import prune
from bot.ports import Channel
from bot.rankers.keywords import KeywordRanker
from bot.services.alerting import Alerting
from bot.services.allowance import Allowance, Allowances
from bot.services.asking import Asking
from bot.services.browsing import Browsing
from bot.services.carrying import Carrying
from bot.services.checking import Checking
from bot.services.delivering import Delivering, Terms
from bot.services.destinations import Destinations
from bot.services.digesting import Digesting
from bot.services.expecting import Expecting
from bot.services.forgetting import Forgetting
from bot.services.gathering import Gathering
from bot.services.healing import Healing
from bot.services.ledger import Ledger
from bot.services.line import Line
from bot.services.making import Making, Workshop
from bot.services.marking import Marking
from bot.services.opening import Opening
from bot.services.reading_lists import OpenList, ReadingLists
from bot.services.samples import Samples
from bot.services.searching import Searching
from bot.services.spending import Spending
from bot.services.standing import Standing
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.services.troubles import Troubles
from bot.services.turns import Bench, People
from bot.services.uploads import Uploads
from bot.services.writing import Writing
from bot.sources.sample import SAMPLE_CLOCK_START, SAMPLE_DATE
from bot.storage import leases, migrate
from bot.storage.store import Store
from bot.summarizers.styles import styles
from bot.words import words
from bot.words.languages import language_code
from handlers.texts.alerts import alert

if TYPE_CHECKING:
    from bot.summarizers.llm import LanguageModel

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
    shop = _workshop(settings, ranker, writing, channels, people)
    senders = _senders(settings, store, channels, now)

    def wake() -> None:
        for sender in senders:
            sender.rouse()

    making = Making(store=store, gathering=gathering, workshop=shop, now=now)
    lookups = tuple(sources.open(name) for name in (("sample",) if is_sample else ("arxiv",)))
    summarizing = Summarizing(store=store, lookups=lookups, writing=writing, now=now)
    subscribing = Subscribing(store=store, now=now)
    uploads = Uploads(store=store, subscribing=subscribing, library=sources.library, now=now)
    allowance = Allowance(store=store, allowances=_allowances(settings), now=now)
    return App(
        settings=settings,
        store=store,
        now=now,
        browsing=Browsing(store=store, gathering=gathering, ranker=ranker, writing=writing, wait=shop.wait, now=now),
        subscribing=subscribing,
        carrying=_carrying(subscribing),
        uploads=uploads,
        reading_lists=_reading_lists(world, uploads, writing, partial(sources.reading_list, lookups[0])),
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
        standing=_standing(world, writing.model, line, senders, wake),
        people=people,
        alerting=_alerting(world, line, channels, senders, wake),
        writing=writing,
        healing=Healing(store=store, writing=writing, line=line, now=now),
        checking=_checking(world, sources, model),
        close=table.summarizer.close,
    )


def _workshop(
    settings: Settings, ranker: KeywordRanker, writing: Writing, channels: Mapping[str, Channel], people: People
) -> Workshop:
    return Workshop(
        ranker=ranker,
        writing=writing,
        wait=timedelta(seconds=settings.digest_wait_s),
        source_wait=timedelta(seconds=settings.source_wait_s),
        deadline=timedelta(seconds=settings.delivery_deadline_s),
        channels=channels,
        words=words,
        bench=Bench(people),
    )


def _carrying(subscribing: Subscribing) -> Carrying:
    names = tuple(style.name for style in styles())
    return Carrying(subscribing=subscribing, styles=names, language_code=language_code)


def _reading_lists(world: Outside, uploads: Uploads, writing: Writing, open_list: OpenList) -> ReadingLists:
    wait = timedelta(seconds=world.settings.digest_wait_s)
    return ReadingLists(store=world.store, uploads=uploads, open_list=open_list, writing=writing, wait=wait, now=world.now)


def _checking(world: Outside, sources: Sources, model: "LanguageModel | None") -> Checking:
    return Checking(
        store=world.store,
        ask=sources.ask,
        probes=probes(world.settings),
        ask_model=model.probe if model else None,
        platforms=lambda: platforms(world.settings),
        now=world.now,
    )


def _standing(world: Outside, model: str | None, line: Line, senders: Sequence[Delivering], wake: Callable[[], None]) -> Standing:
    return Standing(
        store=world.store,
        line=line,
        model=model,
        budget=world.settings.budget,
        senders=senders,
        deadline=timedelta(seconds=world.settings.delivery_deadline_s),
        now=world.now,
        queued=wake,
    )


def _alerting(
    world: Outside, line: Line, channels: Mapping[str, Channel], senders: Sequence[Delivering], wake: Callable[[], None]
) -> Alerting:
    settings, store, now = world.settings, world.store, world.now
    troubles = Troubles(store=store, line=line, budget=settings.budget, senders=senders, now=now)
    owners = settings.owners
    return Alerting(store=store, troubles=troubles, owners=owners, channels=channels, show=alert, now=now, queued=wake)


def _allowances(settings: Settings) -> Allowances:
    return Allowances(person=settings.asks_per_person, chat=settings.asks_per_chat)


def _senders(
    settings: Settings, store: Store, channels: Mapping[str, Channel], now: Callable[[], datetime]
) -> tuple[Delivering, ...]:
    terms = Terms(concurrency=settings.delivery_concurrency, notice=topic_notice, clock_rate=settings.clock_rate)
    return tuple(Delivering(store=store, channel=channel, terms=terms, now=now) for channel in channels.values())


def topic_notice(address: Address, language: str) -> Message:
    """What a group hears when one of its topics takes no messages."""
    return Message(blocks=(paragraph(words(language)("notice.topic_closed", thread=address.thread)),))


def probes(settings: Settings) -> Mapping[str, str]:
    """One small address of each source, for `paperboy check`."""
    return {
        "arXiv feeds (ARXIV_FEED_URL)": f"{settings.arxiv_feed_url}/rss/cs.DL",
        "arXiv API (ARXIV_API_URL)": f"{settings.arxiv_api_url}?id_list=hep-th/9901001",
        "Hugging Face (HUGGINGFACE_URL)": f"{settings.huggingface_url}/api/daily_papers?limit=1",
    }


async def tidy(app: App) -> None:
    """Forget what is too old."""
    await prune.prune(app.store, now=app.now(), texts_kept_days=app.settings.texts_kept_days)
