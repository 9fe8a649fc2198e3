"""Time that passes only when everybody waits: hours of a program in seconds of a test, the same at each run.

For asyncio code without threads: while a thread works, its loop looks idle and time would run on.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from math import ulp
from typing import Any, Self, TypeVar

T = TypeVar("T")


class VirtualTime:
    """A loop with a clock of its own, to be entered with `with`. `asyncio.timeout` and `call_later` keep its time too."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._idle = _Idle()
        self._runner = asyncio.Runner(loop_factory=lambda: _Loop(self._idle))

    def __enter__(self) -> Self:
        self._runner.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._runner.close()

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run `main` to its end; may be called again, time goes on from there. StuckError if it would wait for ever."""
        return self._runner.run(main)

    def clock(self) -> float:
        """Monotonic seconds, from 0."""
        return self._idle.now_s

    def now(self) -> datetime:
        """The same as an instant, aware UTC."""
        return self._start + timedelta(seconds=self._idle.now_s)

    async def sleep(self, seconds: float) -> None:
        """Let others work, and come back when `seconds` have passed on this clock."""
        await asyncio.sleep(seconds)


# asyncio runs a timer once it is less than its nanosecond from now, which never comes when the clock's own steps are longer:
# from the 97th day on each wait lasts a few nanoseconds more.
FINE_UNTIL_S = 2.0**23


class StuckError(Exception):
    """Every task waits, and none for a time: without this the test would hang."""


class _Idle(selectors.DefaultSelector):
    """A loop asks its selector to wait only when no task can go on: instead of waiting, this one lets the time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise StuckError
        if not ready and timeout:
            self.now_s += timeout
            if self.now_s > FINE_UNTIL_S:
                self.now_s += 2 * ulp(self.now_s)
        return ready


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, idle: _Idle) -> None:
        super().__init__(idle)
        self._idle = idle

    def time(self) -> float:
        return self._idle.now_s
