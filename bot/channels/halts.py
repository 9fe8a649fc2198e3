"""What a platform's 429 stop: the chat that got it, and all of them when several get it. Pure: who asks passes the time."""

from heapq import heappop, heappush
from math import inf

# One chat that is told to wait says nothing of the others. Three within ten seconds do: then it is the token that is too fast.
SEVERAL, WITHIN_S = 3, 10.0
# Chats may be told to wait for twelve hours; a token that stood still for so long would lose the whole day's digests.
TOKEN_MOST_S = 60.0


class Halts:
    """Until when each chat waits, and until when all do. Instants are monotonic seconds."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}
        self._by_end: list[tuple[float, str]] = []
        self._recent: dict[str, tuple[float, float]] = {}  # chats told to wait lately: when, and how long
        self._token_until = -inf

    def ends_at(self, chat: str) -> float:
        """When messages to this chat may leave again, as far as it is for halts; in the past if there is none."""
        return max(self._token_until, self._until.get(chat, -inf))

    def add(self, chat: str, seconds: float, now: float) -> None:
        """Stop this chat; if others were stopped lately, stop all for the shortest of their waits, and count anew."""
        until = now + max(seconds, 0.0)
        if until > self._until.get(chat, -inf):
            self._until[chat] = until
            heappush(self._by_end, (until, chat))
        recent = {each: told for each, told in self._recent.items() if now - told[0] < WITHIN_S}
        recent[chat] = (now, max(seconds, 0.0))
        if len(recent) >= SEVERAL:
            shortest = min(wait for _, wait in recent.values())
            self._token_until = max(self._token_until, now + min(shortest, TOKEN_MOST_S))
            recent = {}
        self._recent = recent

    def forget(self, now: float) -> None:
        """Let go of the chats whose wait is over."""
        while self._by_end and self._by_end[0][0] <= now:
            _, chat = heappop(self._by_end)
            if self._until.get(chat, inf) <= now:
                del self._until[chat]
