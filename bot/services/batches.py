"""Many jobs of one kind: taken one by one from batches, so that they are never all in memory, and none of them spoils another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Generic, TypeVar

import structlog

from bot.errors import PaperboyError, Stop

T = TypeVar("T")

log = structlog.get_logger()


async def apart(job: Coroutine[Any, Any, T], event: str, **ids: int | str | None) -> T | None:
    """What it returns; None, and one line in the log, if it fails: it stops nothing but itself. `ids` say which one it was."""
    try:
        return await job
    except Stop as error:  # of the owner's doing, and without a person's words
        log.warning(event, error=type(error).__name__, reason=str(error), **ids)
    except PaperboyError as error:
        log.warning(event, error=type(error).__name__, **ids)
    except Exception as error:  # boundary: one job of many
        log.exception(event, error=type(error).__name__, **ids)
    return None


class Batches(Generic[T]):
    """Jobs one by one, for several workers, from batches that are loaded when the one before is used up."""

    def __init__(self, more: Callable[[T | None], Awaitable[Sequence[T]]]) -> None:
        """`more` gives the batch that comes after a job (None: the first batch); an empty one is the end."""
        self._more = more
        self._loaded: deque[T] = deque()
        self._last: T | None = None
        self._is_over = False
        self._lock = asyncio.Lock()

    async def next(self) -> T | None:
        """The next job, None at the end."""
        async with self._lock:
            if not self._loaded and not self._is_over:
                self._loaded.extend(await self._more(self._last))
                self._is_over = not self._loaded
            if not self._loaded:
                return None
            self._last = self._loaded.popleft()
            return self._last
