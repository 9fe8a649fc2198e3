"""Whether a platform answers: after several sends in a row that nobody answered, the next ones wait, longer each time."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.deliveries import doubled

# So many in a row that nobody answered are the platform's fault, not a part's; then one at a time tries whether it is over.
UNREACHED, UNREACHED_MOST_S = 3, 60.0


class Hearing:
    """What one platform let us hear. `since`: since then nobody answered, or a server failed; None: the last send was heard."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._unreached = 0
        self._held: tuple[datetime, datetime] | None = None  # since when, and until when
        self.since: datetime | None = None
        self.heard_at: datetime | None = None  # by this process

    @property
    def is_doubtful(self) -> bool:
        """Whether one at a time is enough to find out if it is back."""
        return self._unreached >= UNREACHED

    @property
    def is_held(self) -> bool:
        """Whether nothing is to be sent just now; a clock that was set back holds nobody."""
        return self._held is not None and self._held[0] <= self._now() < self._held[1]

    @property
    def held_until(self) -> datetime | None:
        """Until when nothing is to be sent."""
        return self._held[1] if self._held else None

    def heard(self) -> None:
        """It answered, whatever it said."""
        self._unreached, self._held, self.since = 0, None, None
        self.heard_at = self._now()

    def failed(self) -> None:
        """It answered that it cannot just now: it is there, so nothing is held back, and yet of no use since then."""
        self._unreached, self._held = 0, None
        self.since = self.since or self._now()

    def unheard(self) -> None:
        """Nobody answered."""
        now = self._now()
        self.since = self.since or now
        self._unreached += 1
        if self.is_doubtful:
            wait_s = doubled(1.0, self._unreached - UNREACHED + 1, UNREACHED_MOST_S)
            self._held = (now, now + timedelta(seconds=wait_s))
