"""Digests on the fake Discord as people find them: what stands in a channel of a day, and the cards behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.domain.subscriptions import Address
from bot.words import words as words_in
from tests.fakes.discord_looking import words
from tests.fakes.discord_people import Person
from tests.fakes.discord_posts import Accepted
from tests.lives import subscribe
from tests.process.discord_talk import Conversation

SAID = words_in("en", "discord")
EXPIRED = SAID("press.expired")
AGENTS = {"categories": "cs.CL", "keywords": "agents"}
CARD = ["Summary", "👍", "👎", "Save", "PDF"]
SILENT = 1 << 12
Answered = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One day in one place: the message with the list, and a card a paper, wherever they stand."""

    head: Accepted
    cards: Sequence[Accepted]

    @property
    def numbers(self) -> list[int]:
        """Those that the list holds."""
        lines = (line.replace("\\", "") for line in self.head.content.splitlines())
        return [int(line.split(".")[0]) for line in lines if line.split(".")[0].isdigit()]

    @property
    def titles(self) -> list[str]:
        """Of the cards."""
        return [each.embeds[0]["title"].replace("\\", "") for each in self.cards if each.embeds]


def public(talk: Conversation, channel: str) -> list[Accepted]:
    """What everybody sees there that answers nobody, oldest first."""
    there = (each for each in talk.discord.messages if each.channel == channel and each.is_seen)
    return [each for each in there if not each.seen_by and each.interaction is None]


def feeds(talk: Conversation, channel: str) -> list[Feed]:
    """The digests of a channel, of a forum, of a thread or of a direct chat, in order."""
    posts = [each.channel for each in talk.discord.messages if each.is_post and each.parent == channel]
    shown = [each for place in (posts or [channel]) for each in public(talk, place)]
    begins = [place for place, each in enumerate(shown) if not each.embeds] + [len(shown)]
    made = []
    for start, end in pairwise(begins):
        head = shown[start]
        behind = public(talk, head.thread) if head.thread else []
        made.append(Feed(head=head, cards=[*shown[start + 1 : end], *behind]))
    return made


async def says(person: Person, channel: str, command: str, /, **options: Any) -> str:  # noqa: ANN401  (as Person.runs takes it)
    """They run it; what they read then."""
    return words(await (await person.runs(command, channel, **options)).answer())


async def wants(talk: Conversation, channel: str, *more: Answered, by: Person | None = None, **wish: Any) -> str:  # noqa: ANN401
    """Somebody who may subscribes a channel to agents, two a day, and says what else is wanted; the channel."""
    person = by or talk.boss()
    await says(person, channel, "papers subscribe", **{**AGENTS, **wish})
    await says(person, channel, "papers limit", papers=2)
    for command, options in more:
        await says(person, channel, command, **options)
    return channel


async def is_due(talk: Conversation, at: datetime, digests: int) -> None:
    """The bot sleeps, wakes at that hour, and goes on until so many digests in all were delivered."""
    if talk.lives.is_alive and talk.lives.has_begun:
        assert await talk.lives.stop() == 0, talk.lives.log()
    talk.lives.jump(at)
    await talk.lives.begin()
    await talk.lives.through(digests)


async def soon(talk: Conversation, *places: str) -> datetime:
    """A digest of agents is due there in two minutes of the clock, `channel/thread` in a thread; returns when that is over."""
    at = talk.lives.now + timedelta(minutes=2)
    homes = (
        Address(platform="discord", chat=chat, thread=thread) for chat, _, thread in (each.partition("/") for each in places)
    )
    await subscribe(talk.world, *homes, at=f"{at:%H:%M}", subscribed_at=talk.lives.now - timedelta(hours=1))
    return at + timedelta(minutes=1)


async def a_feed(talk: Conversation, *, papers: int = 2, channel: str = "", by: Person | None = None) -> Feed:
    """A channel that subscribes and asks for its digest at once."""
    person, place = by or talk.boss(), channel or talk.place()
    await wants(talk, place, ("papers limit", {"papers": papers}), by=person)
    return await asked(talk, place, person, papers=papers)


async def asked(talk: Conversation, place: str, person: Person, *, papers: int) -> Feed:
    """The digest that somebody asks for, when all of it is there."""
    before = len(feeds(talk, place))
    await says(person, place, "papers digest")

    def is_whole() -> bool:
        found = feeds(talk, place)
        return len(found) > before and len(found[-1].cards) >= papers

    await talk.discord.until(is_whole)
    return feeds(talk, place)[-1]


def marks(talk: Conversation, person: Person) -> list[tuple[object, ...]]:
    """What they said of papers: key, vote, whether it is saved."""
    return talk.rows("SELECT paper_key, vote, saved_at IS NOT NULL FROM marks WHERE person = ?", person.id)


def suspended(talk: Conversation, chat: str, thread: str = "") -> object:
    """Why nothing is sent there, None if something is."""
    found = talk.rows("SELECT suspended_because FROM addresses WHERE chat = ? AND thread = ?", chat, thread)
    return found[0][0] if found else None


def nine(day: int) -> datetime:
    """In the morning of a day in June, a moment after the hour at which digests come."""
    return datetime(2026, 6, day, 9, tzinfo=UTC) + timedelta(seconds=1)
