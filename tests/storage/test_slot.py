import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.errors import SourceThrottled
from bot.storage.slot import LEASE_S, POLL_S, URGENT_S, StoreGate
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


async def urgent_until(store: Store) -> datetime | None:
    (row,) = await stored(store, gates)
    until: datetime | None = row["urgent_until"]
    return until


async def test_both_lanes_keep_one_pace(store: Store) -> None:
    clock, began = Clock(), []
    gate = a_gate(store, clock)
    for turn in (gate.turn, gate.urgent.turn, gate.urgent.turn, gate.turn):
        async with turn(3.0):
            began.append((clock() - NOW).total_seconds())
    assert began == [0.0, 3.0, 6.0, 9.0]


async def test_who_is_urgent_goes_before_all_who_came_earlier(store: Store) -> None:
    """In one process; the others in the order in which they came."""
    is_waiting, order = asyncio.Event(), []

    async def sleep(for_s: float) -> None:
        is_waiting.set()
        await asyncio.sleep(for_s / 10)

    gate = StoreGate(store, "arxiv", now=lambda: datetime.now(UTC), sleep=sleep)

    async def take(name: str, *, is_urgent: bool = False) -> None:
        async with (gate.urgent if is_urgent else gate).turn(0.0):
            order.append(name)
            await asyncio.sleep(0.05)  # what a request takes: time enough for everybody to ask

    async with asyncio.TaskGroup() as group, gate.turn(0.0):
        for name in ("first", "second", "third"):
            group.create_task(take(name))
        for name in ("urgent", "urgent too", "urgent as well"):
            group.create_task(take(name, is_urgent=True))
        await is_waiting.wait()  # only the first urgent one asks the store: the others stand behind the holder
    assert order == ["urgent", "urgent too", "urgent as well", "first", "second", "third"]


async def test_the_next_urgent_one_is_not_overtaken_after_a_turn_that_took_long(store: Store) -> None:
    clock, is_waiting, order = Clock(), asyncio.Event(), []

    async def at_once(_: float) -> None:
        is_waiting.set()
        await asyncio.sleep(0)

    async def take(name: str, *, is_urgent: bool = False, gate: StoreGate) -> None:
        async with (gate.urgent if is_urgent else gate).turn(0.0):
            order.append(name)

    gate = StoreGate(store, "arxiv", now=clock, sleep=at_once)
    async with asyncio.TaskGroup() as group, gate.urgent.turn(0.0):
        group.create_task(take("urgent", is_urgent=True, gate=gate))
        for _ in range(5):
            group.create_task(take("ordinary", gate=StoreGate(store, "arxiv", now=clock, sleep=at_once)))
        await is_waiting.wait()
        await clock.sleep(3 * URGENT_S)
    assert order == ["urgent", *["ordinary"] * 5]


async def test_who_is_urgent_here_goes_before_those_of_another_process(store: Store, url: str) -> None:
    is_waiting = asyncio.Event()

    def now() -> datetime:
        return datetime.now(UTC)

    async def sleep(for_s: float) -> None:
        is_waiting.set()
        await asyncio.sleep(for_s)

    async def take() -> float:
        async with StoreGate(store, "arxiv", now=now, sleep=sleep).urgent.turn(0.0):
            return now().timestamp()

    async with StoreGate(store, "arxiv", now=now).turn(0.0):
        child = a_process(url, "together", "6")
        assert child.stdout is not None
        for _ in range(6):
            assert await asyncio.to_thread(child.stdout.readline) == "waiting\n"
        urgent = asyncio.ensure_future(take())
        await is_waiting.wait()
    output, _ = await asyncio.to_thread(child.communicate, timeout=50)
    began = [float(line.split()[1]) for line in output.splitlines() if line.startswith("began")]
    assert len(began) == 6
    assert await urgent < min(began)


async def test_a_killed_process_that_was_urgent_holds_nobody_up_for_long(store: Store, url: str) -> None:
    async with a_gate(store, Clock(datetime.now(UTC))).turn(0.0):
        child = a_process(url, "urgent")
        assert child.stdout is not None
        assert await asyncio.to_thread(child.stdout.readline) == "waiting\n"
        child.kill()
        await asyncio.to_thread(child.communicate)
    clock = Clock(datetime.now(UTC))
    async with a_gate(store, clock).turn(0.0):
        assert 0 < clock.slept_s <= URGENT_S + POLL_S


async def test_an_urgent_turn_takes_its_announcement_back(store: Store) -> None:
    clock = Clock()
    gate = a_gate(store, clock)
    await gate.shut(1.0)
    async with gate.urgent.turn(0.0):
        assert clock.slept_s == 1.0
        assert await urgent_until(store) is None
    async with gate.turn(0.0):
        assert clock.slept_s == 1.0


async def test_an_urgent_turn_leaves_the_announcement_of_another_process(store: Store) -> None:
    clock, is_waiting = Clock(), asyncio.Event()

    async def stuck(_: float) -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    async def wait() -> None:
        async with StoreGate(store, "arxiv", now=clock, sleep=stuck).urgent.turn(0.0):
            pass

    await a_gate(store, clock).shut(1.0)
    waiting = asyncio.ensure_future(wait())
    await is_waiting.wait()
    async with a_gate(store, clock).urgent.turn(0.0):
        assert await urgent_until(store) == NOW + timedelta(seconds=URGENT_S)
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_who_waits_long_and_urgently_renews_the_announcement(store: Store) -> None:
    clock, seen = Clock(), []

    async def sleep(for_s: float) -> None:
        await clock.sleep(for_s)
        until = await urgent_until(store)
        seen.append(until is not None and until > clock())

    gate = StoreGate(store, "arxiv", now=clock, sleep=sleep)
    await gate.shut(25.0)
    async with gate.urgent.turn(0.0):
        assert clock.slept_s == 25.0
    assert len(seen) > 5
    assert all(seen)


async def test_who_is_urgent_on_another_clock_holds_nobody_up(store: Store) -> None:
    later, is_waiting = Clock(NOW + timedelta(days=150)), asyncio.Event()

    async def stuck(_: float) -> None:
        is_waiting.set()
        await asyncio.Event().wait()

    async def wait() -> None:
        async with StoreGate(store, "arxiv", now=later, sleep=stuck).urgent.turn(0.0):
            pass

    await a_gate(store, later).shut(10.0)
    waiting = asyncio.ensure_future(wait())
    await is_waiting.wait()
    clock = Clock()
    async with a_gate(store, clock).turn(3.0):
        assert clock.slept_s == 0.0
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_urgency_does_not_open_a_gate_that_is_shut(store: Store) -> None:
    clock = Clock()
    gate = a_gate(store, clock)
    await gate.urgent.shut(3_600)
    with pytest.raises(SourceThrottled) as told:
        async with gate.urgent.turn(3.0):
            pass
    assert told.value.after_s == 3_600
