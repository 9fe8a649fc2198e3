"""Sliding windows over what has left, over all chats and in each. Pure: instants are monotonic seconds, and handed in."""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from math import inf


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


class Windows:
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
