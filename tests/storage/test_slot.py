import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.errors import SourceThrottled
from bot.storage.slot import LEASE_S, StoreGate
from bot.storage.store import Store
from bot.storage.tables import gates
from tests.storage.rows import stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
INTERVAL_S = 0.15


class Clock:
    """Wall time that passes only while somebody sleeps."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.slept_s = 0.0

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, for_s: float) -> None:
        self.now += timedelta(seconds=for_s)
        self.slept_s += for_s
        await asyncio.sleep(0)


def a_gate(store: Store, clock: Clock, name: str = "arxiv") -> StoreGate:
    return StoreGate(store, name, now=clock, sleep=clock.sleep)


async def test_turns_start_an_interval_apart(store: Store) -> None:
    clock, began = Clock(), []
    gate = a_gate(store, clock)
    for _ in range(3):
        async with gate.turn(3.0):
            began.append((clock() - NOW).total_seconds())
    assert began == [0.0, 3.0, 6.0]


async def test_a_gate_that_is_shut_for_long_is_told_at_once_with_the_time_that_is_left(store: Store) -> None:
    clock = Clock()
    await a_gate(store, clock).shut(3_600)
    await clock.sleep(600)
    with pytest.raises(SourceThrottled) as told:
        async with a_gate(store, clock).turn(3.0):
            pass
    assert told.value.after_s == 3_000
    assert clock.slept_s == 600


async def test_no_interval_is_added_to_a_long_turn(store: Store) -> None:
    clock = Clock()
    async with a_gate(store, clock).turn(3.0):
        await clock.sleep(10.0)
    async with a_gate(store, clock).turn(3.0):
        assert clock.slept_s == 10.0


async def test_a_turn_that_is_held_is_waited_for(store: Store) -> None:
    clock, is_waiting, happened = Clock(), asyncio.Event(), []

    async def sleep(for_s: float) -> None:
        is_waiting.set()
        await clock.sleep(for_s)

    async def ask() -> None:
        async with StoreGate(store, "arxiv", now=clock, sleep=sleep).turn(0.0):
            happened.append("the second has its turn")

    async with asyncio.TaskGroup() as group, a_gate(store, clock).turn(0.0):
        group.create_task(ask())
        await is_waiting.wait()
        happened.append("the first has had its turn")
    assert happened == ["the first has had its turn", "the second has its turn"]


async def test_a_shut_gate_lets_nobody_through_until_its_time(store: Store) -> None:
    clock = Clock()
    gate = a_gate(store, clock)
    async with gate.turn(3.0):
        await gate.shut(30.0)
    await gate.shut(6.0)  # never shortens
    async with a_gate(store, clock).turn(3.0):
        assert clock.slept_s == 30.0
    async with a_gate(store, clock, "huggingface").turn(3.0):
        assert clock.slept_s == 30.0


async def test_a_turn_that_failed_is_given_back(store: Store) -> None:
    clock = Clock()
    gate = a_gate(store, clock)
    with pytest.raises(ZeroDivisionError):
        async with gate.turn(0.0):
            raise ZeroDivisionError
    async with gate.turn(0.0):
        assert clock.slept_s == 0.0


async def test_a_cancelled_turn_is_given_back(store: Store) -> None:
    clock, is_held = Clock(), asyncio.Event()

    async def hold() -> None:
        async with a_gate(store, clock).turn(0.0):
            is_held.set()
            await asyncio.Event().wait()

    holding = asyncio.ensure_future(hold())
    await is_held.wait()
    holding.cancel()
    await asyncio.wait([holding])
    assert [row["holder"] for row in await stored(store, gates)] == [None]


async def test_a_clock_set_back_does_not_close_the_gate_for_months(store: Store) -> None:
    async with a_gate(store, Clock(NOW + timedelta(days=150))).turn(3.0):
        clock = Clock()
        async with a_gate(store, clock).turn(3.0):
            assert clock.slept_s == 0.0


def a_process(url: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "tests.storage.dying", url, *arguments], stdout=subprocess.PIPE, text=True)


async def test_three_processes_never_overlap_and_keep_the_interval(store: Store, url: str) -> None:
    children = [a_process(url, "turns", "3", str(INTERVAL_S)) for _ in range(3)]
    outputs = [await asyncio.to_thread(child.communicate, timeout=50) for child in children]
    turns = sorted(tuple(map(float, line.split())) for output, _ in outputs for line in output.splitlines())
    assert len(turns) == 9
    assert all(end <= begin for (_, end), (begin, _) in pairwise(turns))
    assert all(second - first >= INTERVAL_S for (first, _), (second, _) in pairwise(turns))


async def test_the_turn_of_a_killed_process_is_free_after_its_lease(store: Store, url: str) -> None:
    child = a_process(url, "hold")
    assert child.stdout is not None
    assert await asyncio.to_thread(child.stdout.readline) == "held\n"
    child.kill()
    await asyncio.to_thread(child.communicate)
    clock = Clock(datetime.now(UTC))
    async with a_gate(store, clock).turn(3.0):
        assert LEASE_S - 10 < clock.slept_s <= LEASE_S + 1
