"""The services that need more than the store, put together for app.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.adapters import Outside, Sources, platforms
from bot.config import Settings
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from bot.ports import Channel
from bot.rankers.keywords import KeywordRanker
from bot.services.alerting import Alerting
from bot.services.allowance import Allowance, Allowances
from bot.services.carrying import Carrying
from bot.services.checking import Checking
from bot.services.delivering import Delivering, Terms
from bot.services.line import Line
from bot.services.making import Workshop
from bot.services.reading_lists import OpenList, ReadingLists
from bot.services.standing import Standing
from bot.services.subscribing import Subscribing
from bot.services.troubles import Troubles
from bot.services.turns import Bench, People
from bot.services.uploads import Uploads
from bot.services.writing import Writing
from bot.summarizers.styles import styles
from bot.words import words
from bot.words.languages import language_code
from handlers.texts.alerts import alert

if TYPE_CHECKING:
    from bot.summarizers.llm import LanguageModel


def workshop(
    settings: Settings, ranker: KeywordRanker, writing: Writing, channels: Mapping[str, Channel], people: People
) -> Workshop:
    """What digests are made with."""
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


def carrying(subscribing: Subscribing) -> Carrying:
    """Settings as files."""
    names = tuple(style.name for style in styles())
    return Carrying(subscribing=subscribing, styles=names, language_code=language_code)


def reading_lists(world: Outside, uploads: Uploads, writing: Writing, open_list: OpenList) -> ReadingLists:
    """Bibliographies that people sent, as digests."""
    wait = timedelta(seconds=world.settings.digest_wait_s)
    return ReadingLists(store=world.store, uploads=uploads, open_list=open_list, writing=writing, wait=wait, now=world.now)


def checking(world: Outside, sources: Sources, model: "LanguageModel | None") -> Checking:
    """What `paperboy check` looks at."""
    return Checking(
        store=world.store,
        ask=sources.ask,
        probes=probes(world.settings),
        ask_model=model.probe if model else None,
        platforms=lambda: platforms(world.settings),
        now=world.now,
    )


def standing(world: Outside, model: str | None, line: Line, senders: Sequence[Delivering], wake: Callable[[], None]) -> Standing:
    """What `/status` tells."""
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


def alerting(
    world: Outside, line: Line, channels: Mapping[str, Channel], senders: Sequence[Delivering], wake: Callable[[], None]
) -> Alerting:
    """What owners hear."""
    settings, store, now = world.settings, world.store, world.now
    troubles = Troubles(store=store, line=line, budget=settings.budget, senders=senders, now=now)
    owners = settings.owners
    return Alerting(store=store, troubles=troubles, owners=owners, channels=channels, show=alert, now=now, queued=wake)


def allowance(world: Outside) -> Allowance:
    """What a person and a chat may ask in a day."""
    most = Allowances(person=world.settings.asks_per_person, chat=world.settings.asks_per_chat)
    return Allowance(store=world.store, allowances=most, now=world.now)


def waker(senders: Sequence[Delivering]) -> Callable[[], None]:
    """Rouses every sender: there is something to send."""

    def wake() -> None:
        for sender in senders:
            sender.rouse()

    return wake


def senders(world: Outside, channels: Mapping[str, Channel]) -> tuple[Delivering, ...]:
    """One for each platform."""
    settings = world.settings
    terms = Terms(concurrency=settings.delivery_concurrency, notice=topic_notice, clock_rate=settings.clock_rate)
    return tuple(Delivering(store=world.store, channel=channel, terms=terms, now=world.now) for channel in channels.values())


def topic_notice(address: Address, language: str) -> Message:
    """What a group hears when one of its topics takes no messages."""
    return Message(blocks=(paragraph(words(language, address.platform)("notice.topic_closed", thread=address.thread)),))


def probes(settings: Settings) -> Mapping[str, str]:
    """One small address of each source, for `paperboy check`."""
    return {
        "arXiv feeds (ARXIV_FEED_URL)": f"{settings.arxiv_feed_url}/rss/cs.DL",
        "arXiv API (ARXIV_API_URL)": f"{settings.arxiv_api_url}?id_list=hep-th/9901001",
        "Hugging Face (HUGGINGFACE_URL)": f"{settings.huggingface_url}/api/daily_papers?limit=1",
    }
