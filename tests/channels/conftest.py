"""The fake Telegram without limits of pace, and the real library's Bot that talks to it; what talks to a fake Discord.

A module about Discord has a `fake` of its own, to which `client`, `discord` and `hasty` belong.
"""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from discord import Client, Intents
from discord.http import Route
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.discord import Discord
from tests.channels.discord_feeds import opened
from tests.fakes.discord import TOKEN, FakeDiscord
from tests.fakes.telegram import FakeTelegram


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        platform.limits.switched_off()
        yield platform
        assert platform.oddities == []


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    made = Bot(
        fake.token,
        base_url=f"{fake.url}/bot",
        base_file_url=f"{fake.url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    )
    async with made:
        yield made


@pytest.fixture
async def client(fake: FakeDiscord) -> AsyncIterator[Client]:
    """The real library's client, logged in."""
    Route.BASE = fake.url
    made = Client(intents=Intents(guilds=True))
    await made.login(TOKEN)
    yield made
    await made.close()


@pytest.fixture
async def wire() -> AsyncIterator[aiohttp.ClientSession]:
    """Requests as a bot makes them, without its library."""
    headers = {"Authorization": f"Bot {TOKEN}", "User-Agent": "DiscordBot (test, 1)"}
    async with aiohttp.ClientSession(headers=headers) as session:
        yield session


@pytest.fixture
async def discord(fake: FakeDiscord) -> AsyncIterator[Discord]:
    """Our channel, open."""
    async with opened(fake) as channel:
        yield channel


@pytest.fixture
async def hasty(fake: FakeDiscord) -> AsyncIterator[Discord]:
    """The same without patience."""
    async with opened(fake, timeout_s=0.4) as channel:
        yield channel
