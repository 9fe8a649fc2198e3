"""The pace of one token: sliding windows for all chats and for each, and two lanes, answers before broadcasts.

Time is monotonic seconds. What a platform counts, it counts at its own end: windows are a little longer than its own.

    turn -> in line for the chat -> its windows and halts -> in line for the token -> the window over all -> counted
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import inf

from bot.channels.halts import Halts
from bot.ports import Delivered

# A sender that stood through a long halt would hold its claim past its lease, and one of twelve hours would keep a worker.
PATIENCE_S = 5.0
# The ledger says when a part was claimed; it left a little later, after its turn.
CLAIMED_BEFORE_S = 1.0
# Less than this cannot be slept, and a difference of two clock readings may be too small to get anywhere.
SHORTEST_S = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float


def _never(_: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one token may do: over all chats, in each chat, and in each chat of many people. None: no limit of ours.

    Broadcasts keep all of them. Answers keep `burst` instead of `chat`, if there is one: a few at once, but no more in the
    long run.
    """

    overall: Limit | None = None
    chat: Limit | None = None
    burst: Limit | None = None
    group: Limit | None = None
    is_group: Callable[[str], bool] = _never

    def of_chat(self, chat: str, *, is_answer: bool) -> tuple[Limit, ...]:
        """Those that hold within this chat."""
        own = (self.burst or self.chat,) if is_answer else (self.chat, self.burst)
        group = self.group if self.is_group(chat) else None
        return tuple(limit for limit in (*own, group) if limit)


class _Windows:
    """What left when. Nothing is kept of a chat once its windows have passed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        within = [limit for limit in (limits.chat, limits.burst, limits.group) if limit]
        self._most = max((limit.most for limit in within), default=0)
        self._longest_s = max((limit.seconds for limit in within), default=0.0)
        self._chats: OrderedDict[str, deque[float]] = OrderedDict()  # those that were quiet longest come first
        self._all: deque[float] = deque(maxlen=limits.overall.most if limits.overall else 0)
        self._even_at = -inf
        self.spacing_s = limits.overall.seconds / limits.overall.most if limits.overall else 0.0

    def chat_opens_at(self, chat: str, *, is_answer: bool) -> float:
        left = self._chats.get(chat, ())
        limits = self._limits.of_chat(chat, is_answer=is_answer)
        return max((left[-limit.most] + limit.seconds for limit in limits if len(left) >= limit.most), default=-inf)

    def opens_at(self, *, is_answer: bool) -> float:
        """When the window over all lets one more leave. Broadcasts are spread evenly in it, answers take the next place.

        So the places of a window come free one by one: an answer waits for one spacing, and one for each answer before it.
        """
        limit = self._limits.overall
        free_at = self._all[0] + limit.seconds if limit and len(self._all) == limit.most else -inf
        return free_at if is_answer else max(free_at, self._even_at)

    def count(self, chat: str, at: float, meant_at: float) -> None:
        """One leaves `at`. Spacing goes on from when it was meant to, or each late timer would cost a bit of the rate."""
        self._all.append(at)
        self._even_at = max(self._even_at, meant_at) + self.spacing_s
        if self._most:
            self._chats.setdefault(chat, deque(maxlen=self._most)).append(at)
            self._chats.move_to_end(chat)
        while self._chats and next(iter(self._chats.values()))[-1] + self._longest_s < at:
            self._chats.popitem(last=False)


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
        self._windows, self._halts = _Windows(limits), Halts()
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
        opens_at = self._windows.chat_opens_at(chat, is_answer=False)
        return max(self._halts.ends_at(chat) - self._clock(), opens_at - self._clock(), 0.0)

    async def turn(self, chat: str, *, is_answer: bool = False) -> float:
        """Wait until a message to `chat` may leave, count it as leaving now, and return 0: send it at once.

        More than 0: it must not be sent for so many seconds, because of a halt too long to stand and wait for; it is not
        counted. Messages to one chat leave in the order of their calls, answers before broadcasts. Safe to cancel.
        """
        async with self._in_line_of(chat, is_answer):
            while (halted_s := self._halts.ends_at(chat) - self._clock()) <= PATIENCE_S:
                if (wait_s := self._chat_wait(chat, is_answer)) > 0.0:
                    await self._sleep(max(wait_s, SHORTEST_S))
                elif await self._leave(chat, is_answer):
                    return 0.0
        return halted_s

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

    def _chat_wait(self, chat: str, is_answer: bool) -> float:
        now = self._clock()
        wait_s = max(self._windows.chat_opens_at(chat, is_answer=is_answer), self._halts.ends_at(chat)) - now
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
