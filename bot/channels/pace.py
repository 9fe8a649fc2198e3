"""The pace of one token: sliding windows for all chats and for each, and two lanes, answers before broadcasts.

Time is monotonic seconds. What a platform counts, it counts at its own end: windows are a little longer than its own.

    turn -> in line for the chat -> its windows and halts -> in line for the token -> the window over all -> counted
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from bot.channels.halts import Halts
from bot.channels.windows import Limit, Limits, Windows
from bot.ports import Delivered

__all__ = ["Limit", "Limits", "Pace"]

# A broadcast that stood in line for a minute might hold its claim past its lease, and a halt of twelve hours would keep a
# worker: longer waits than this are the ledger's.
PATIENCE_S = 5.0
# The ledger says when a part was claimed; it left a little later, after its turn.
CLAIMED_BEFORE_S = 1.0
# Less than this cannot be slept, and a difference of two clock readings may be too small to get anywhere.
SHORTEST_S = 0.001


class _Line:
    """One at a time, in the order in which they came."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self.length = 0

    @asynccontextmanager
    async def wait(self) -> AsyncIterator[None]:
        self.length += 1
        try:
            async with self._lock:
                yield
        finally:
            self.length -= 1


class Pace:
    """Says when the next message may leave, and remembers those that did."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._chat_s = limits.chat.seconds if limits.chat else 0.0
        self._windows, self._halts = Windows(limits), Halts()
        self._of_chats: dict[tuple[str, bool], _Line] = {}
        self._answers, self._broadcasts = _Line(), _Line()

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Count what an earlier process sent in the last minute. Once, before the first turn."""
        now = self._clock()
        for each in sorted(attempts, key=lambda each: each.ago_s, reverse=True):
            at = now - max(each.ago_s - CLAIMED_BEFORE_S, 0.0)
            self._windows.count(each.address.chat, at, at)

    def ready_in(self, chat: str) -> float:
        """Seconds until a broadcast to this chat may leave, as far as its own windows and all halts go; 0: at once."""
        return max(self._shut_until(chat, is_answer=False) - self._clock(), 0.0)

    def halted_s(self, chat: str) -> float:
        """Seconds for which the platform asked us to leave this chat alone, 0 if it did not; for what is no message."""
        return max(self._halts.ends_at(chat) - self._clock(), 0.0)

    async def turn(self, chat: str, *, is_answer: bool = False) -> float:
        """Wait until a message to `chat` may leave, count it as leaving now, and return 0: send it at once.

        More than 0: it may not be sent for so many seconds, longer than anybody should stand and wait for, and it is not
        counted. That is so for halts, and for broadcasts also when the windows of their chat are used up; answers wait for
        windows. Messages to one chat leave in the order of their calls, answers before broadcasts. Safe to cancel.
        """
        async with self._in_line_of(chat, is_answer):
            while (away_s := self._away_s(chat, is_answer)) <= PATIENCE_S:
                if (wait_s := self._chat_wait(chat, is_answer)) > 0.0:
                    await self._sleep(max(wait_s, SHORTEST_S))
                elif await self._leave(chat, is_answer):
                    return 0.0
        return away_s

    def halt(self, chat: str, seconds: float) -> None:
        """The platform asked us to wait with this chat; when several chats are told so within seconds, all wait."""
        self._halts.add(chat, seconds, self._clock())

    @asynccontextmanager
    async def _in_line_of(self, chat: str, is_answer: bool) -> AsyncIterator[None]:
        line = self._of_chats.setdefault((chat, is_answer), _Line())
        try:
            async with line.wait():
                yield
        finally:
            if not line.length:
                del self._of_chats[chat, is_answer]

    def _away_s(self, chat: str, is_answer: bool) -> float:
        return self._halts.ends_at(chat) - self._clock() if is_answer else self.ready_in(chat)

    def _shut_until(self, chat: str, *, is_answer: bool) -> float:
        return max(self._windows.chat_opens_at(chat, is_answer=is_answer), self._halts.ends_at(chat))

    def _chat_wait(self, chat: str, is_answer: bool) -> float:
        wait_s = self._shut_until(chat, is_answer=is_answer) - self._clock()
        if not is_answer and (chat, True) in self._of_chats:
            return max(wait_s, self._chat_s)  # costs nothing: once the answer has left, the chat is shut for as long
        return wait_s

    async def _leave(self, chat: str, is_answer: bool) -> bool:
        """Wait in line for the token, and count; False if the chat was shut in the meantime, by an answer or a halt."""
        async with (self._answers if is_answer else self._broadcasts).wait():
            meant_at = self._clock()
            while self._chat_wait(chat, is_answer) <= 0.0:
                now = self._clock()
                wait_s = self._windows.opens_at(is_answer=is_answer) - now
                if not is_answer and self._answers.length:
                    wait_s = max(wait_s, self._windows.spacing_s)  # costs nothing either, for the same reason
                if wait_s <= 0.0:
                    self._windows.count(chat, now, meant_at)
                    self._halts.forget(now)
                    return True
                meant_at = now + wait_s
                await self._sleep(max(wait_s, SHORTEST_S))
        return False
