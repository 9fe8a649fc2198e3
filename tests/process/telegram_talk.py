"""The whole bot as a process, with Telegram on loopback, for people to talk to."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.words import words
from tests.builders import a_paper
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person
from tests.lives import Lives
from tests.world import World, a_world

TODAY = date(2026, 6, 2)  # a Tuesday
AFTERNOON = datetime(2026, 6, 2, 15, tzinfo=UTC)  # after the day's feed and lists came out

_SUBSCRIPTIONS = "FROM subscriptions s JOIN addresses a ON a.id = s.address_id"
_SELECTED = (
    "SELECT local_time, zone, weekdays, is_paused, paused_until, style, language, max_papers, form, wants_empty_note, is_muted, "
    "members_may_ask, sources, categories, keywords, excluded, excluded_anywhere, authors, threshold, min_votes, "
    "wants_replacements"
)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A running bot, and the platform that its people are on."""

    world: World
    telegram: FakeTelegram
    lives: Lives
    _ids: Iterator[int] = field(default_factory=lambda: count(1001))

    def newcomer(self, language: str = "en") -> Person:
        """Somebody who never wrote to the bot: each has a pace and a subscription of their own."""
        return self.telegram.person(next(self._ids), language=language)

    async def reader(self, wish: str = "cs.CL agents", language: str = "en") -> Person:
        """Somebody who has a subscription."""
        reader = self.newcomer(language)
        await reader.says(f"/subscribe {wish}")
        await reader.sees(words(language)("subscribed.head", wish="...").partition("...")[0])
        return reader

    def subscription(self, person: Person, thread: str = "") -> dict[str, Any] | None:
        """Its columns, with those of its interest; None where nobody subscribed."""
        query = f"{_SELECTED} {_SUBSCRIPTIONS} JOIN interests i ON i.subscription_id = s.id WHERE a.chat = ? AND a.thread = ?"
        found = self.rows(query, str(person.id), thread)
        columns = _SELECTED.removeprefix("SELECT ").split(", ")
        return dict(zip(columns, found[0], strict=True)) if found else None

    def digests(self, person: Person) -> int:
        """How many were made for them."""
        query = f"SELECT count(*) {_SUBSCRIPTIONS} JOIN digests d ON d.subscription_id = s.id WHERE a.chat = ?"
        return self.lives.number(query, str(person.id))

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database holds."""
        return self.lives.rows(query, *values)

    def log(self) -> str:
        """All that the bot wrote."""
        return (self.world.folder / "bot.log").read_text(errors="replace")


@asynccontextmanager
async def a_conversation(folder: Path, *, at: datetime = AFTERNOON, **settings: str) -> AsyncIterator[Conversation]:
    """The bot is up and has asked for what people write; nothing is published yet."""
    async with FakeTelegram() as telegram, a_world(folder) as world:
        telegram.limits.switched_off()
        world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url, "LOG_LEVEL": "info", **settings}
        lives = Lives(world=world, platform="telegram", starts_at=at)
        yield Conversation(world=world, telegram=telegram, lives=lives)
        if lives.has_begun and lives.is_alive:
            assert await lives.stop() == 0, lives.log()
        assert telegram.oddities == []


def publish_papers(world: World, *titles: str, on: date = TODAY) -> tuple[str, ...]:
    """One paper in cs.CL a title, announced on that day; their ids, in order."""
    ids = tuple(f"{on:%y%m}.{on.day:02}{number:03}" for number in range(1, len(titles) + 1))
    world.arxiv.publishes(*(a_paper(arxiv_id=one, title=title) for one, title in zip(ids, titles, strict=True)), batch_on=on)
    return ids
