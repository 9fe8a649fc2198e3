"""The world of a soak: a platform on loopback, an empty database, the instant at which a broadcast is due."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.subscriptions import Address
from bot.storage import migrate
from tests.discord_seen import seen
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.lives import Shown
from tests.world import World, a_world

EVE = datetime(2026, 6, 2, 8, tzinfo=UTC)  # a Tuesday
DUE = EVE + timedelta(hours=1, seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A fake, how its chats are named, and what people saw there."""

    name: str
    telegram: FakeTelegram | None
    discord: FakeDiscord | None
    environment: dict[str, str]

    def shown(self) -> Shown:
        if self.telegram:
            return [(f"{each.chat}/{each.thread}" if each.thread else each.chat, each.html) for each in self.telegram.messages]
        assert self.discord
        return seen(self.discord)

    def addresses(self, count: int) -> list[Address]:
        first = 1000 if self.telegram else 10**17
        return [Address(platform=self.name, chat=str(first + number)) for number in range(count)]

    @property
    def refusals_429(self) -> int:
        return self.telegram.refusals_429 if self.telegram else (self.discord.refusals_429 if self.discord else 0)


@asynccontextmanager
async def a_platform(name: str) -> AsyncIterator[Platform]:
    async with AsyncExitStack() as stack:
        if name == "telegram":
            telegram = await stack.enter_async_context(FakeTelegram())
            told = {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
            yield Platform(name=name, telegram=telegram, discord=None, environment=told)
        else:
            discord = await stack.enter_async_context(FakeDiscord())
            told = {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url}
            yield Platform(name=name, telegram=None, discord=discord, environment=told)


@asynccontextmanager
async def a_soaked_world(platform: Platform) -> AsyncIterator[World]:
    """A folder with an empty database, the sources, and the platform's token."""
    folder = Path(tempfile.mkdtemp(prefix="paperboy-soak-"))
    try:
        await migrate.upgrade(f"sqlite:///{folder / 'paperboy.db'}", EVE)
        async with a_world(folder) as world:
            world.extra |= platform.environment
            yield world
    finally:
        shutil.rmtree(folder, ignore_errors=True)
