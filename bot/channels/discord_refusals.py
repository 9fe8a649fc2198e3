"""How many of our requests Discord refused lately: at 10,000 in ten minutes it bans the address, and then nobody is answered.

Pure: who asks passes monotonic seconds. docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

from collections import deque

WITHIN_S = 600.0
MOST = 5_000  # half of it: the rest is for the answers to people


class Refusals:
    """Answers of 401, 403 and 429 but for the shared limit of a place, over a sliding window."""

    def __init__(self) -> None:
        self._at: deque[float] = deque(maxlen=MOST)

    def count(self, status: int, scope: str, now: float) -> None:
        """Take note of an answer, with what it says of whose limit it was."""
        if status in (401, 403) or (status == 429 and scope != "shared"):
            self._at.append(now)

    def wait_s(self, now: float) -> float:
        """Seconds until broadcasts may go on; 0 for at once."""
        return max(self._at[0] + WITHIN_S - now, 0.0) if len(self._at) == MOST else 0.0
