"""Telegram's limits at its own end: sliding windows on its own clock. Only what is accepted counts."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Rate:
    """At most `most` in any `seconds`."""

    most: int
    seconds: float


@dataclass(slots=True, kw_only=True)
class Windows:
    """The limits; None switches one off. `chat` may be widened into a burst: Rate(most=3, seconds=3)."""

    overall: Rate | None = field(default_factory=lambda: Rate(most=30, seconds=1.0))
    chat: Rate | None = field(default_factory=lambda: Rate(most=1, seconds=1.0))
    group: Rate | None = field(default_factory=lambda: Rate(most=20, seconds=60.0))
    clock: Callable[[], float] = time.monotonic
    _taken: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def switched_off(self) -> None:
        self.overall = self.chat = self.group = None

    def takes(self, chat: str) -> int:
        """Count a message as accepted now and return 0; or count nothing, and return the seconds to wait for."""
        now, wait = self.clock(), 0.0
        rates = [("overall", self.overall), (f"chat {chat}", self.chat)]
        rates += [(f"group {chat}", self.group)] if chat.startswith(("-", "@")) else []
        held = [(self._taken[name], rate) for name, rate in rates if rate]
        for taken, rate in held:
            while taken and taken[0] <= now - rate.seconds:
                taken.popleft()
            if len(taken) >= rate.most:
                wait = max(wait, taken[len(taken) - rate.most] + rate.seconds - now)
        if wait > 0:
            return max(1, math.ceil(wait))
        for taken, _ in held:
            taken.append(now)
        return 0
