"""The engine of one process: a tick wakes one turn of the day. What a turn does is handed in."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


async def work(
    tick: asyncio.Event,
    stop: asyncio.Event,
    turn: Callable[[], Awaitable[int]],
    *,
    name: str,
) -> None:
    """Take a turn at every tick until `stop` is set; the turn in hand is finished first. `name` is how the log calls it.

    A turn that fails is logged and the next tick tries again: this is a worker's boundary, where errors end.
    """
    stopped = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            woken = asyncio.create_task(tick.wait())
            await asyncio.wait({woken, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if stop.is_set():
                woken.cancel()
                return
            tick.clear()
            await _turn(turn, name)
    finally:
        stopped.cancel()


async def _turn(turn: Callable[[], Awaitable[int]], name: str) -> None:
    try:
        done = await turn()
    except Exception as error:  # boundary: a worker outlives any one turn
        log.exception("turn failed", turn=name, error=type(error).__name__)
        return
    if done:
        log.info("turn", turn=name, done=done)
