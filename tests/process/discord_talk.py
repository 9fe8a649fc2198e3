"""The whole bot as a process, with Discord on loopback, for people to talk to."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_people import Person
from tests.lives import Lives
from tests.process.telegram_talk import AFTERNOON
from tests.world import World, a_world

_SUBSCRIPTIONS = "FROM subscriptions s JOIN addresses a ON a.id = s.address_id"
_SELECTED = (
    "SELECT local_time, zone, weekdays, is_paused, paused_until, style, language, max_papers, form, wants_empty_note, is_muted, "
    "members_may_ask, has_thread, sources, categories, keywords, excluded, excluded_anywhere, authors, threshold, min_votes, "
    "wants_replacements"
)


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A running bot, and the platform that its people are on."""

    world: World
    discord: FakeDiscord
    lives: Lives
    _ids: Iterator[int] = field(default_factory=lambda: count(5001))

    def member(self, locale: str = "en-US", **how: Any) -> Person:  # noqa: ANN401  (as FakeDiscord.person takes it)
        """Somebody on server 1 who manages nothing."""
        return self.discord.person(next(self._ids), locale=locale, **how)

    def boss(self, locale: str = "en-US") -> Person:
        """Somebody who manages server 1."""
        return self.discord.person(next(self._ids), locale=locale, manages_guild=True)

    def place(self, name: str = "papers", guild: str = "1") -> str:
        """A text channel of its own; its id."""
        number = str(next(self._ids))
        self.discord.text_channel(number, guild=guild, name=name)
        return number

    def subscription(self, chat: str, thread: str = "") -> dict[str, Any] | None:
        """Its columns, with those of its interest; None where nobody subscribed. A person's own place is `@id`."""
        query = f"{_SELECTED} {_SUBSCRIPTIONS} JOIN interests i ON i.subscription_id = s.id WHERE a.chat = ? AND a.thread = ?"
        found = self.rows(query, chat, thread)
        columns = _SELECTED.removeprefix("SELECT ").split(", ")
        return dict(zip(columns, found[0], strict=True)) if found else None

    def digests(self, chat: str) -> int:
        """How many were made for this chat."""
        query = f"SELECT count(*) {_SUBSCRIPTIONS} JOIN digests d ON d.subscription_id = s.id WHERE a.chat = ?"
        return self.lives.number(query, chat)

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database holds."""
        return self.lives.rows(query, *values)

    def log(self) -> str:
        """All that the bot wrote."""
        return (self.world.folder / "bot.log").read_text(errors="replace")


@asynccontextmanager
async def a_conversation(folder: Path, *, at: datetime = AFTERNOON, **settings: str) -> AsyncIterator[Conversation]:
    """Begin it with `lives.begin()`: it is up when `discord.connected()` and `discord.synced()`. Nothing is published yet."""
    async with FakeDiscord() as discord, a_world(folder) as world:
        discord.limits.is_on = False
        world.extra |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url, "LOG_LEVEL": "info", **settings}
        lives = Lives(world=world, platform="discord", starts_at=at)
        yield Conversation(world=world, discord=discord, lives=lives)
        if lives.has_begun and lives.is_alive:
            assert await lives.stop() == 0, lives.log()
        await discord.no_loose_ends()
