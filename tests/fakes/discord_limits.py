"""The rate limits of the fake Discord: a bucket for each channel and kind of request, and one for the whole bot."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Bucket:
    """A window that begins with its first request; `left` counts down within it."""

    left: int
    ends_at: float


@dataclass(slots=True, kw_only=True)
class Limits:
    """`most` requests in `seconds` to each channel, `overall` in any second over all. `is_on` switches them off."""

    most: int = 5
    seconds: float = 5.0
    overall: int = 50
    is_on: bool = True
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)

    def overall_wait(self) -> float:
        """Seconds until this bot may ask anything again; 0: now, and it is counted."""
        now = self.clock()
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if self.is_on and len(self._recent) >= self.overall:
            return self._recent[0] + 1.0 - now
        self._recent.append(now)
        return 0.0

    def wait(self, name: str) -> float:
        """Seconds until this bucket takes a request again; 0: now, and it is counted."""
        bucket = self._bucket(name)
        if self.is_on and bucket.left <= 0:
            return bucket.ends_at - self.clock()
        bucket.left -= 1
        return 0.0

    def headers(self, name: str) -> dict[str, str]:
        """What each answer says of its bucket."""
        if not self.is_on:
            return {}
        bucket = self._bucket(name)
        after_s = max(bucket.ends_at - self.clock(), 0.0)
        return {
            "X-RateLimit-Limit": str(self.most),
            "X-RateLimit-Remaining": str(max(bucket.left, 0)),
            "X-RateLimit-Reset": f"{time.time() + after_s:.3f}",
            "X-RateLimit-Reset-After": f"{after_s:.3f}",
            "X-RateLimit-Bucket": f"b{abs(hash(name.partition(':')[0])):x}"[:16],
        }

    def _bucket(self, name: str) -> Bucket:
        bucket = self._buckets.get(name)
        if bucket is None or bucket.ends_at <= self.clock():
            bucket = self._buckets[name] = Bucket(self.most, self.clock() + self.seconds)
        return bucket
