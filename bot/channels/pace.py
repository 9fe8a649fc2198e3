"""The pace of one token: sliding windows for all chats and for each, and two lanes, answers before broadcasts.

Time is monotonic seconds. What a platform counts, it counts at its own end: windows are a little longer than its own.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.ports import Delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one token may do: over all chats, in each chat, and in each chat of many people."""

    overall: Limit
    chat: Limit
    group: Limit
    is_group: Callable[[str], bool]


class Pace:
    """Says when the next message may leave, and remembers those that did."""

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        raise NotImplementedError

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Count what an earlier process sent in the last minute."""
        raise NotImplementedError

    def ready_in(self, chat: str) -> float:
        """Seconds until a broadcast to this chat may leave, as far as its own windows and all halts go; 0: at once."""
        raise NotImplementedError

    async def turn(self, chat: str, *, is_answer: bool = False) -> None:
        """Wait until a message to `chat` may leave, and count it as leaving now."""
        raise NotImplementedError

    def halt(self, chat: str, seconds: float) -> None:
        """The platform asked us to wait with this chat; when several chats are told so within seconds, all wait."""
        raise NotImplementedError
