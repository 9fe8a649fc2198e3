"""People of the fake Discord, whom the real discord.py hears and answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest
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


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as platform:
        platform.limits.is_on = False
        platform.guild("1", "Lab", locale="vi")
        platform.text_channel("42")
        yield platform


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.url, URL(fake.gateway_url)
    made = Bot()
    await made.login(TOKEN)
    tree = app_commands.CommandTree(made)
    tree.add_command(papers())
    await tree.sync()
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


async def test_command_is_heard_and_answered(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Save", custom_id="v1:sv"))
        await interaction.response.send_message("Subscribed", view=view, ephemeral=True)

    bot.does = answer
    reader, other = fake.person(1001, name="ada", locale="vi", manages_guild=True), fake.person(1002)
    use = await reader.runs("papers subscribe", "42", categories="cs.CL", least=3)
    message = await use.answer()
    heard = bot.heard[0]
    assert heard.data == fake.uses[use.id].data
    assert (heard.user.id, str(heard.locale), str(heard.guild_locale), heard.channel_id) == (1001, "vi", "vi", 42)
    assert heard.permissions.manage_guild
    assert heard.app_permissions.send_messages
    assert (message.content, use.is_ephemeral, reader.toasts, other.seen("42")) == ("Subscribed", True, [message], [])
    assert (use.answered_with, use.answered_within_s is not None) == (4, True)
    with pytest.raises(LookupError):
        await other.taps(message, "Save")

    async def change(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="Saved", view=None)

    bot.does = change
    tap = await reader.taps(message, "Save")
    assert (await tap.answer()).content == "Saved"
    assert await reader.sees("Saved", "42") is message
    assert message.seen_by == reader.id
    await fake.no_loose_ends()
