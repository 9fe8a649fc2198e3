"""A bot on the fake Discord that does with each interaction what a test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import discord
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.fakes.discord import TOKEN, FakeDiscord

Answering = Callable[[discord.Interaction], Awaitable[object]]


class Bot(discord.Client):
    """Does with each interaction what the test says."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.does: Answering | None = None
        self.heard: list[discord.Interaction] = []

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.heard.append(interaction)
        if self.does:
            await self.does(interaction)


@asynccontextmanager
async def listening(fake: FakeDiscord) -> AsyncIterator[Bot]:
    """The bot, connected, with `/papers subscribe` registered."""
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.url, URL(fake.gateway_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as registering:
        await registering.login(TOKEN)
        tree = app_commands.CommandTree(registering)
        tree.add_command(papers())
        await tree.sync()
    made = Bot()
    await made.login(TOKEN)
    running = asyncio.create_task(made.connect())
    await fake.connected()
    yield made
    await made.close()
    await running


def papers() -> app_commands.Group:
    group = app_commands.Group(name="papers", description="Papers")

    @group.command(name="subscribe", description="Subscribe")
    @app_commands.default_permissions(manage_guild=True)
    async def subscribe(
        interaction: discord.Interaction,
        categories: str,
        least: app_commands.Range[int, 1, 9] = 1,
        channel: discord.TextChannel | None = None,
        file: discord.Attachment | None = None,
    ) -> None:
        """Never called: the client has no tree that listens."""

    subscribe.autocomplete("categories")(nothing)
    return group


async def nothing(_: discord.Interaction, __: str) -> list[app_commands.Choice[str]]:
    return []
