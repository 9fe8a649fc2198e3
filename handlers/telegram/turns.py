"""In which order updates are worked on: those of one chat one after the other, but for what takes long; each once.

A person who types /subscribe and then /unsubscribe means the second. Whoever asks for a summary does not stop their group.
"""

from collections import OrderedDict
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.domain.actions import unpacked
from bot.services.turns import OneAtATime, People
from handlers.presses import PRESSES
from handlers.telegram.commands import is_slow

AT_ONCE = 256
SLOW_S = 0.5  # whatever is there already is shown by then
REMEMBERED = 2_000  # a webhook whose answer was lost brings the same update again, within minutes


class Turns(BaseUpdateProcessor):
    """An update processor. `username` is the bot's, as it stands in commands; `people` hears who is being answered."""

    def __init__(self, username: str, people: People) -> None:
        super().__init__(AT_ONCE)
        self._username, self._people = username, people
        self._alone = OneAtATime()
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on it when its turn has come; one that was there before is dropped."""
        if not isinstance(update, Update) or not self._is_new(update.update_id):
            _dropped(coroutine)
            return
        chat = update.effective_chat
        if chat is None or self._is_slow(update):
            with self._people.one_for(SLOW_S):
                await coroutine
            return
        async with self._alone.of(chat.id):
            with self._people.one():
                await coroutine

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
            action = unpacked(update.callback_query.data or "")
            return action is not None and action.name in PRESSES and PRESSES[action.name].is_slow
        return is_slow(update.effective_message, self._username)


def _dropped(coroutine: Awaitable[Any]) -> None:
    """It is never run, and must not warn about that."""
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
