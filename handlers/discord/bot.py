"""What the Discord bot has at hand, whoever asks."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import discord

from bot import __version__
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.ports import Speaker
from bot.services.destinations import Destinations
from bot.services.turns import People
from handlers.desk import Desk
from handlers.talk import Services, nothing

PLATFORM = "discord"

Asking = discord.Interaction[discord.Client]


class Voice(Speaker, Protocol):
    """The Speaker of one interaction, with the first answers that only an interaction takes."""

    async def defer(self) -> None:
        """Say that an answer will come, as a message of its own; nothing if something was answered."""
        ...

    async def acknowledge(self) -> None:
        """Take a press, whose message may change later or stay; nothing if something was answered."""
        ...

    async def offer(self, choices: Sequence[Mapping[str, str]]) -> None:
        """Answer what is being typed with choices."""
        ...

    async def ask(self, modal: Mapping[str, Any]) -> bool:
        """Open a modal, which only the very first answer may be; whether it was opened."""
        ...

    async def finish(self) -> None:
        """There is nothing more to say: nobody is left before a "thinking" that never ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """`guilds` are the servers that are answered, none means all; `owners` always are.

    `voice` makes the voice of an interaction, whose answers only the person sees where `is_alone`. `tell` says something
    that nobody asked for. `in_hand` are the slow presses that are being worked on.
    """

    services: Services
    destinations: Destinations
    people: People
    owners: frozenset[Person]
    guilds: frozenset[str]
    voice: Callable[[Asking, bool], Voice]
    tell: Callable[[Address, Message], Awaitable[None]]
    in_hand: set[tuple[str, str, str]] = field(default_factory=set)

    def desk(self, voice: Voice) -> Desk:
        """The desk at which one interaction is answered: what somebody may is told with each."""
        return Desk(
            services=self.services,
            speaker=voice,
            destinations=self.destinations,
            people=self.people,
            is_admin=_nobody,
            lacking=nothing,
            owners=self.owners,
            chats=self.guilds,
            version=__version__,
            home="",
            hears_texts=False,
            in_hand=self.in_hand,
        )


async def _nobody(_chat: str, _person: str) -> bool:
    return False
