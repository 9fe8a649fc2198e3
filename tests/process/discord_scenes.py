"""Scenes on Discord that one running bot plays side by side: each has channels and people of its own."""

from collections.abc import Awaitable, Callable

from tests.process import scenes
from tests.process.discord_talk import Conversation, a_conversation

Scene = Callable[[Conversation], Awaitable[None]]


def a_play(first: Callable[[Conversation], None], *, has_model: bool = False) -> scenes.Play[Conversation]:
    """The scenes of a module; `first` publishes papers before the bot is up."""
    return scenes.Play(talking=a_conversation, first=first, up=up, has_model=has_model)


async def up(talk: Conversation) -> None:
    """Begin, until people can talk to the bot: the gateway is open and the commands are listed."""
    await talk.lives.begin()
    await talk.discord.connected()
    await talk.discord.synced()
