"""The line to the model: how many may ask at once, who goes first, and when nobody asks for a while.

It is left alone after its quota is gone, its settings are refused, or several answers in a row did not come.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.summaries import Lack, lack_of
from bot.errors import ModelRefused, ModelThrottled, ModelUnreachable, PaperboyError, QuotaSpent, Retry
from bot.services.turns import Slots

log = structlog.get_logger()

FAILURES_UNTIL_PAUSE = 3
REFUSED_FOR_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """The model has written nothing since then, and why; `until`: nobody asks it before that (None: it may be asked)."""

    lack: Lack
    since: datetime
    until: datetime | None


class Line:
    """One of it in a process, for all who ask the model. Another process finds out for itself."""

    def __init__(self, *, concurrency: int, now: Callable[[], datetime]) -> None:
        self._slots = Slots(concurrency)
        self._now = now
        self._failures = 0
        self._lack: Lack | None = None
        self._until: datetime | None = None
        self._failing_since: datetime | None = None
        self.answered_at: datetime | None = None  # by this process
        self.unpaid_at: datetime | None = None  # when the day's money last had no room for a call that somebody wanted

    @property
    def outage(self) -> Outage | None:
        """What keeps it from writing; None if its last answer was good, or nobody asked it yet."""
        if self._lack is None or self._failing_since is None:
            return None
        return Outage(lack=self._lack, since=self._failing_since, until=self.until)

    @property
    def until(self) -> datetime | None:
        """When it may be asked again, None if it may be asked now."""
        return self._until if self.closed() is not None else None

    def closed(self) -> Lack | None:
        """Why nobody is to ask now; None: ask."""
        return self._lack if self._until is not None and self._now() < self._until else None

    @asynccontextmanager
    async def turn(self, *, is_urgent: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it; look at `closed` again inside, since waiting takes time."""
        async with self._slots.turn(is_urgent=is_urgent):
            yield

    def answered(self) -> None:
        """It works: begin anew."""
        self._failures, self._lack, self._until, self._failing_since = 0, None, None, None
        self.answered_at = self._now()

    def unpaid(self) -> None:
        """The day's money has no room for a call."""
        self.unpaid_at = self._now()

    def failed(self, error: PaperboyError) -> None:
        """Take a failure into account; a paper that cannot be summarized is no fault of the line."""
        if not isinstance(error, Retry | ModelRefused):
            return
        self._failures += 1
        self._failing_since = self._failing_since or self._now()
        is_final = isinstance(error, QuotaSpent | ModelRefused)
        is_silent = isinstance(error, ModelUnreachable | ModelThrottled) and self._failures >= FAILURES_UNTIL_PAUSE
        if not is_final and not is_silent:
            return
        is_news = self.closed() is None
        after_s = error.after_s if isinstance(error, Retry) else REFUSED_FOR_S
        self._lack, self._until = lack_of(error), self._now() + timedelta(seconds=after_s)
        if is_news:  # the owner is told once
            log.error("summaries paused", lack=str(self._lack), until=str(self._until), reason=str(error)[:200])
