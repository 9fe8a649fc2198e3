"""When a model is left alone: after its quota is gone, its settings are refused, or several answers in a row did not come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.summaries import Lack, lack_of
from bot.errors import ModelRefused, ModelThrottled, ModelUnreachable, PaperboyError, QuotaSpent, Retry

FAILURES_UNTIL_PAUSE = 3
REFUSED_FOR_S = 600.0


@dataclass(slots=True)
class Pause:
    """Until when nobody asks, and why. Of this process: another one finds out for itself."""

    lack: Lack | None = None
    until: datetime | None = None
    failures: int = 0

    def standing(self, now: datetime) -> Lack | None:
        """Why nobody is to be asked at `now`; None: ask."""
        return self.lack if self.until is not None and now < self.until else None

    def note(self, error: PaperboyError, now: datetime) -> bool:
        """Take a failure into account; true if a pause begins with it."""
        is_about_one_paper = not isinstance(error, Retry | ModelRefused)
        if is_about_one_paper:
            return False
        self.failures += 1
        is_final = isinstance(error, QuotaSpent | ModelRefused)
        is_silent = isinstance(error, ModelUnreachable | ModelThrottled) and self.failures >= FAILURES_UNTIL_PAUSE
        if not is_final and not is_silent:
            return False
        is_news = self.standing(now) is None
        after_s = error.after_s if isinstance(error, Retry) else REFUSED_FOR_S
        self.lack, self.until = lack_of(error), now + timedelta(seconds=after_s)
        return is_news

    def worked(self) -> None:
        """It answered: begin anew."""
        self.failures, self.lack, self.until = 0, None, None
