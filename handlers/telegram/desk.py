"""What the Telegram bot has at hand, and the typed context of its handlers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

from telegram import Bot
from telegram.ext import Application, CallbackContext

from bot.domain.actions import Action
from bot.domain.deliveries import Cause
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.ports import Speaker
from bot.services.destinations import Destinations
from bot.services.turns import People
from handlers.talk import Services

PLATFORM = "telegram"
EXTRA = ("channel",)  # commands of this platform alone
ONLY_GROUPS = frozenset({"members"})  # these say nothing elsewhere
SOURCES = ("arxiv", "huggingface")  # the sample day is for terminals


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every handler works with. `chats` are those that are answered, none means all; `owners` always are.

    `people` counts those who are being answered. `is_admin` asks the platform whether a person is an admin of a chat,
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
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    questions: dict[str, Action] = field(default_factory=dict)  # by chat: what our last words asked for, if they did
    in_hand: set[tuple[str, str, str]] = field(default_factory=set)  # slow presses: chat, message, and what the button says


class Context(CallbackContext[Bot, dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """A handler's context: the desk is all that it needs of it."""

    @property
    def desk(self) -> Desk:
        """What the bot has at hand."""
        return cast("Desk", self.bot_data["desk"])


App = Application[Bot, Context, dict[Any, Any], dict[Any, Any], dict[Any, Any], None]
