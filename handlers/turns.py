"""In which order is worked on what people do: in one chat one after the other, but for what takes long.

A person who types /subscribe and then /unsubscribe means the second. Whoever asks for a summary does not stop their group.
Whoever sends without end stops nobody but themselves: what waits for its turn takes no place from others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.services.turns import OneAtATime, People

AT_ONCE = 256
MOST_OF_ONE = 50  # of one sender, with all that wait: as many as a person may ask for in a day; what comes on top is dropped
SLOW_OF_ONE = 6  # of what takes long, at once
SLOW_S = 0.5  # whatever is there already is shown by then


@dataclass(slots=True)
class _Sender:
    """How much of somebody is in hand, and the places for what takes long."""

    in_hand: int = 0
    slow: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SLOW_OF_ONE))


class Turns:
    """The turns of one platform. `people` hears who is being answered."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._alone, self._places = OneAtATime(), asyncio.Semaphore(AT_ONCE)
        self._senders: dict[str, _Sender] = {}

    async def in_turn(
        self,
        *,
        chat: str,
        sender: str,
        is_slow: bool,
        work: Callable[[], Awaitable[object]],
        is_never_too_much: bool = False,
    ) -> bool:
        """Do the work when its turn has come; False if it is one too many of its sender, and dropped.

        `sender` is whoever is behind it, a person or a chat. What is slow waits for nobody else in its chat. With
        `is_never_too_much` (what the platform tells of chats) it is never dropped. Raises what `work` raises.
        """
        with self._in_hand(sender, is_never_too_much=is_never_too_much) as known:
            if known is None:
                return False
            if is_slow:
                async with known.slow, self._places:
                    with self._people.one_for(SLOW_S):
                        await work()
            else:
                async with self._alone.of(chat), self._places:
                    with self._people.one():
                        await work()
        return True

    @contextmanager
    def _in_hand(self, name: str, *, is_never_too_much: bool) -> Iterator[_Sender | None]:
        """Count it; None where its sender has too many already."""
        sender = self._senders.setdefault(name, _Sender())
        if sender.in_hand >= MOST_OF_ONE and not is_never_too_much:
            yield None
            return
        sender.in_hand += 1
        try:
            yield sender
        finally:
            sender.in_hand -= 1
            if not sender.in_hand:
                del self._senders[name]
