"""The polite client: user agent, pace, time-out, size cap, Retry-After; it judges the bytes before anyone parses them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol


class Gate(Protocol):
    """One host's slot, shared by every process of ours: a turn at a time, `interval_s` apart."""

    def turn(self, interval_s: float) -> AbstractAsyncContextManager[None]:
        """Wait for a turn and hold it; the next one starts at least `interval_s` after this one began."""
        ...

    async def shut(self, for_s: float) -> None:
        """Give nobody a turn for `for_s` seconds (a 429, a 403)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An answer that was judged whole: `status` is 200 or 400 (some 400s hold a reason that its source must read)."""

    url: str
    status: int
    content_type: str
    content: bytes


class PoliteClient:
    """TO BE WRITTEN by the owner of http.py; the signature stands."""

    def __init__(
        self,
        *,
        user_agent: str,
        timeout_s: float = 30.0,
        max_bytes: int = 20_000_000,
    ) -> None: ...

    async def get(
        self,
        url: str,
        *,
        source: str,
        params: Mapping[str, str] | None = None,
        gate: Gate | None = None,
        interval_s: float = 0.0,
        accepts: Callable[[Body], str | None] | None = None,
    ) -> Body:
        """Ask once. `accepts` says what is wrong with a 200 (None: nothing), which raises BrokenPage.

        Raises SourceUnreachable, SourceThrottled (gate shut as told), SourceRefused (gate shut), ClientRefused, BrokenPage.
        """
        raise NotImplementedError

    async def close(self) -> None: ...
