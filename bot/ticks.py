"""The heartbeat that wakes the workers: one tick an interval that only sets Events. It does no work and knows nobody.

APScheduler cancels what it runs when it stops, so nothing that matters may run inside it.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

# Whatever CLOCK_RATE asks for, ten ticks a second are enough to keep the loop free for work.
LEAST_S = 0.1


class Ticks:
    """Sets `ticks` at the start and then every `every_s` seconds of real time; whoever waits for one clears it.

    A clock that runs at CLOCK_RATE is honoured by the interval, 60 / rate. A loop that was held up, or a machine that
    slept, loses no tick and gets no burst of them: all that are late are one.
    """

    def __init__(self, ticks: Sequence[asyncio.Event], *, every_s: float = 60.0) -> None:
        self._ticks = tuple(ticks)
        self._every_s = max(every_s, LEAST_S)
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Begin, inside a running loop."""
        self._scheduler.add_job(
            self._set,
            "interval",
            seconds=self._every_s,
            # Without it the first tick is an interval away, and a bot just started would idle for a minute.
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    def stop(self) -> None:
        """End; safe to repeat, and before a start."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _set(self) -> None:
        # A coroutine, because APScheduler runs plain functions in a thread, where an Event must not be touched.
        for tick in self._ticks:
            tick.set()
