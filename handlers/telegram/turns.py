"""Telegram's updates, each worked on once and in its turn."""

from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.domain.actions import unpacked
from bot.services.turns import People
from handlers import presses
from handlers.telegram.commands import is_slow
from handlers.telegram.membership import is_service
from handlers.turns import Turns

MOST_IN_HAND = 10_000  # with all that wait
REMEMBERED = 2_000  # a webhook whose answer was lost brings the same update again, within minutes


class UpdateTurns(BaseUpdateProcessor):
    """An update processor. `username` is the bot's, as it stands in commands; `people` hears who is being answered."""

    def __init__(self, username: str, people: People) -> None:
        super().__init__(MOST_IN_HAND)
        self._username, self._turns = username, Turns(people)
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on it when its turn has come; one that was there before is dropped, and one too many of its sender."""
        if not isinstance(update, Update) or not self._is_new(update.update_id):
            _dropped(coroutine)
            return
        chat = update.effective_chat
        is_done = await self._turns.in_turn(
            chat=str(chat.id) if chat else "",
            sender=_sender_of(update),
            is_slow=chat is None or self._is_slow(update),
            work=lambda: coroutine,
            is_never_too_much=update.my_chat_member is not None or is_service(update.effective_message),
        )
        if not is_done:
            _dropped(coroutine)

    async def initialize(self) -> None:
        """Nothing to begin."""

    async def shutdown(self) -> None:
        """Nothing to end."""

    def _is_new(self, number: int) -> bool:
        if number in self._seen:
            return False
        self._seen[number] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _is_slow(self, update: Update) -> bool:
        if update.callback_query is not None:
            return presses.is_slow(unpacked(update.callback_query.data or ""))
        return is_slow(update.effective_message, self._username)


def _sender_of(update: Update) -> str:
    """Who is behind it: a person, a channel, whoever writes as the group."""
    behind = update.effective_sender or update.effective_chat
    return str(behind.id) if behind else ""


def _dropped(coroutine: Awaitable[Any]) -> None:
    """It is never run, and must not warn about that."""
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
