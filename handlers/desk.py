"""What a platform's bot has at hand while it answers people."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.domain.actions import Action
from bot.domain.deliveries import Cause
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.ports import Speaker
from bot.services.destinations import Destinations
from bot.services.turns import People
from handlers.talk import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every handler works with. `chats` are those that are answered, none means all; `owners` always are.

    `people` counts those who are being answered. `hears_texts`: what people write may answer a question of ours.
    `is_admin` asks the platform whether a person is an admin of a chat,
    `lacking` what the bot lacks to write somewhere. `sleep` is in real seconds.
    """

    services: Services
    speaker: Speaker
    destinations: Destinations
    people: People
    is_admin: Callable[[str, str], Awaitable[bool]]
    lacking: Callable[[Address], Awaitable[Cause | None]]
    owners: frozenset[Person]
    chats: frozenset[str]
    version: str
    home: str
    hears_texts: bool = True
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    questions: dict[str, Action] = field(default_factory=dict)  # by chat: what our last words asked for, if they did
    in_hand: set[tuple[str, str, str]] = field(default_factory=set)  # slow presses: chat, message, and what the button says

    @contextmanager
    def once(self, chat: str, message_id: str, data: str) -> Iterator[bool]:
        """Hold a slow press in hand; False for a second tap before the first has done its work: once is meant."""
        press = (chat, message_id, data)
        if press in self.in_hand:
            yield False
            return
        self.in_hand.add(press)
        try:
            yield True
        finally:
            self.in_hand.discard(press)
