"""Who goes first in one process: one at a time for each key; of a few at once, those whom a person waits for."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Coroutine, Hashable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from itertools import count
from typing import Any, TypeVar
from weakref import WeakValueDictionary

T = TypeVar("T")

STEP_BACK_S = 1.0  # so a broadcast beside which people never stop asking still makes a digest every two seconds


class OneAtATime:
    """A lock for each key, gone when nobody holds it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def of(self, key: Hashable) -> asyncio.Lock:
        """The lock of `key`; keep it for as long as it is needed."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock


async def together(jobs: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """What all of them return, in order. The first that fails stops the others, and its error rises as it is, not in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as failed:
        raise _first(failed) from None
    return [task.result() for task in tasks]


def _first(failed: BaseException) -> BaseException:
    while isinstance(failed, BaseExceptionGroup):
        failed = failed.exceptions[0]
    return failed


class Slots:
    """At most `size` turns at once; of those who wait the urgent ones go first, then the first come."""

    def __init__(self, size: int) -> None:
        self._free = size
        self._order = count()
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, *, is_urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        await self._take(is_urgent=is_urgent)
        try:
            yield
        finally:
            self._give()

    async def _take(self, *, is_urgent: bool) -> None:
        if self._free > 0:
            self._free -= 1
            return
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not is_urgent, next(self._order), ready))
        try:
            await ready
        except asyncio.CancelledError:
            if ready.done() and not ready.cancelled():  # the turn came together with the cancellation
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            _, _, ready = heapq.heappop(self._waiting)
            if not ready.done():
                ready.set_result(None)
                return
        self._free += 1


class People:
    """How many are being answered right now, from what is there: each takes some milliseconds."""

    def __init__(self) -> None:
        self._here = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Somebody is being answered."""
        self._here += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._here -= 1
            if not self._here:
                self._nobody.set()

    @contextmanager
    def one_for(self, seconds: float) -> Iterator[None]:
        """Somebody asked for what may take long: after `seconds` it is not from what is there, and they wait for others."""
        with ExitStack() as counted:
            counted.enter_context(self.one())
            timer = asyncio.get_running_loop().call_later(seconds, counted.close)
            try:
                yield
            finally:
                timer.cancel()

    async def gone(self, most_s: float) -> None:
        """Wait until nobody is, or so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                await self._nobody.wait()


class Bench:
    """Where digests are computed, one at a time: threads that compute together take no less time, and the event loop's turns.

    Each steps back for a moment while a person is being answered: a broadcast of minutes does not feel it, and they do.
    """

    def __init__(self, people: People) -> None:
        self._people = people
        self._alone = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for the turn and hold it."""
        async with self._alone:
            await self._people.gone(STEP_BACK_S)
            yield
