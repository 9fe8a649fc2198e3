"""The heartbeat, on a real loop with short intervals; every wait is for the tick itself."""

import asyncio
import time

import pytest

from bot.ticks import Ticks

SOON_S = 5.0


async def next_tick(tick: asyncio.Event) -> None:
    await asyncio.wait_for(tick.wait(), SOON_S)
    tick.clear()


async def test_first_tick_comes_at_the_start() -> None:
    tick = asyncio.Event()
    ticks = Ticks((tick,), every_s=3600)
    ticks.start()
    await next_tick(tick)
    ticks.stop()


async def test_ticks_go_on_at_their_interval() -> None:
    tick = asyncio.Event()
    ticks = Ticks((tick,), every_s=0.1)
    ticks.start()
    began = time.monotonic()
    for _ in range(3):
        await next_tick(tick)
    ticks.stop()
    assert time.monotonic() - began > 0.15


async def test_tick_that_is_late_since_the_loop_was_held_up_is_not_dropped() -> None:
    tick = asyncio.Event()
    ticks = Ticks((tick,), every_s=1.8)
    ticks.start()
    await next_tick(tick)
    held_until = time.monotonic() + 2.9  # late by more than the second that APScheduler forgives by itself
    while time.monotonic() < held_until:
        pass
    free = time.monotonic()
    await next_tick(tick)
    ticks.stop()
    assert time.monotonic() - free < 0.5


async def test_nothing_ticks_after_the_stop() -> None:
    tick = asyncio.Event()
    ticks = Ticks((tick,), every_s=0.1)
    ticks.start()
    await next_tick(tick)
    ticks.stop()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(tick.wait(), 0.3)


async def test_stop_may_be_repeated_and_come_first() -> None:
    ticks = Ticks((asyncio.Event(),))
    ticks.stop()
    ticks.start()
    ticks.stop()
    await asyncio.sleep(0)
    ticks.stop()


async def test_interval_has_a_floor() -> None:
    tick = asyncio.Event()
    ticks = Ticks((tick,), every_s=1e-6)
    ticks.start()
    await next_tick(tick)
    began = time.monotonic()
    await next_tick(tick)
    ticks.stop()
    assert time.monotonic() - began > 0.05
