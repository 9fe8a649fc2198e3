"""In which order updates are worked on: those of one chat one after the other, but for what takes long; each once.

A person who types /subscribe and then /unsubscribe means the second. Whoever asks for a summary does not stop their group.
Whoever sends without end stops nobody but themselves: what waits for its turn takes no place from others.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.domain.actions import unpacked
from bot.services.turns import OneAtATime, People
from handlers.presses import PRESSES
from handlers.telegram.commands import is_slow
from handlers.telegram.membership import is_service

AT_ONCE = 256
MOST_IN_HAND = 10_000  # with all that wait
MOST_OF_ONE = 50  # of one sender, with all that wait: as many as a person may ask for in a day; what comes on top is dropped
SLOW_OF_ONE = 6  # of what takes long, at once
SLOW_S = 0.5  # whatever is there already is shown by then
REMEMBERED = 2_000  # a webhook whose answer was lost brings the same update again, within minutes


@dataclass(slots=True)
class _Sender:
    """How many updates of somebody are in hand, and the places for those that take long."""

    in_hand: int = 0
    slow: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SLOW_OF_ONE))


class Turns(BaseUpdateProcessor):
    """An update processor. `username` is the bot's, as it stands in commands; `people` hears who is being answered."""

    def __init__(self, username: str, people: People) -> None:
        super().__init__(MOST_IN_HAND)
        self._username, self._people = username, people
        self._alone, self._places = OneAtATime(), asyncio.Semaphore(AT_ONCE)
        self._senders: dict[int, _Sender] = {}
        self._seen: OrderedDict[int, None] = OrderedDict()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on it when its turn has come; one that was there before is dropped, and one too many of its sender."""
        if not isinstance(update, Update) or not self._is_new(update.update_id):
            _dropped(coroutine)
            return
        async with self._in_hand(update) as sender:
            if sender is None:
                _dropped(coroutine)
            else:
                await self._in_turn(update, sender, coroutine)

    async def _in_turn(self, update: Update, sender: _Sender, coroutine: Awaitable[Any]) -> None:
        chat = update.effective_chat
        if chat is None or self._is_slow(update):
            async with sender.slow, self._places:
                with self._people.one_for(SLOW_S):
                    await coroutine
            return
        async with self._alone.of(chat.id), self._places:
            with self._people.one():
                await coroutine

    @asynccontextmanager
    async def _in_hand(self, update: Update) -> AsyncIterator[_Sender | None]:
        """Count it; None where its sender has too many already. What the platform tells of chats is never too much."""
        number = _sender_of(update)
        sender = self._senders.setdefault(number, _Sender())
        if sender.in_hand >= MOST_OF_ONE and update.my_chat_member is None and not is_service(update.effective_message):
            yield None
            return
        sender.in_hand += 1
        try:
            yield sender
        finally:
            sender.in_hand -= 1
            if not sender.in_hand:
                del self._senders[number]

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


def _sender_of(update: Update) -> int:
    """Who is behind it: a person, a channel, whoever writes as the group."""
    behind = update.effective_sender or update.effective_chat
    return behind.id if behind else 0


def _dropped(coroutine: Awaitable[Any]) -> None:
    """It is never run, and must not warn about that."""
    close = getattr(coroutine, "close", None)
    if close is not None:
        close()
