"""Turns of one process: never more than there are slots, urgent ones first, none lost to a cancellation."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.turns import OneAtATime, Slots, together


async def test_urgent_goes_before_those_who_came_first() -> None:
    slots, order, release = Slots(1), [], asyncio.Event()

    async def one(name: str, *, is_urgent: bool = False) -> None:
        async with slots.turn(is_urgent=is_urgent):
            order.append(name)
            await release.wait()

    async with asyncio.TaskGroup() as group:
        for name in ("first", "second", "third"):
            group.create_task(one(name))
        await asyncio.sleep(0)  # the first holds the slot, the others wait
        group.create_task(one("urgent", is_urgent=True))
        await asyncio.sleep(0)
        release.set()
    assert order == ["first", "urgent", "second", "third"]


@given(size=st.integers(1, 4), jobs=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 3)), max_size=20))
async def test_never_more_at_once_and_every_slot_comes_back(size: int, jobs: list[tuple[bool, bool, int]]) -> None:
    slots, inside, most = Slots(size), 0, 0

    async def one(is_urgent: bool, steps: int) -> None:
        nonlocal inside, most
        async with slots.turn(is_urgent=is_urgent):
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
            finally:
                inside -= 1

    tasks = [asyncio.create_task(one(is_urgent, steps)) for is_urgent, _, steps in jobs]
    await asyncio.sleep(0)
    for task, (_, is_cancelled, _) in zip(tasks, jobs, strict=True):
        if is_cancelled:
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert most <= size
    async with asyncio.timeout(1), asyncio.TaskGroup() as group:  # all slots are free again: so many fit at once
        held = asyncio.Barrier(size)

        async def all_at_once() -> None:
            async with slots.turn():
                await held.wait()

        for _ in range(size):
            group.create_task(all_at_once())


async def test_turn_that_comes_with_a_cancellation_goes_to_the_next() -> None:
    slots = Slots(1)
    release = asyncio.Event()

    async def hold() -> None:
        async with slots.turn():
            await release.wait()

    async def wait() -> None:
        async with slots.turn():
            pass

    holder = asyncio.create_task(hold())
    await asyncio.sleep(0)
    cancelled, patient = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    release.set()
    await asyncio.sleep(0)  # the turn is given to `cancelled`, which has not run yet
    assert holder.done()
    cancelled.cancel()
    async with asyncio.timeout(1):
        await patient
    with pytest.raises(asyncio.CancelledError):
        await cancelled


async def test_locks_of_keys_that_nobody_holds_are_gone() -> None:
    alone = OneAtATime()
    async with alone.of("a"):
        assert alone.of("a").locked()
        assert not alone.of("b").locked()
    assert not alone._locks


async def test_an_error_of_one_job_rises_as_it_is() -> None:
    async def fails() -> int:
        raise KeyError("it")

    async def waits() -> int:
        await asyncio.sleep(60)
        return 1

    with pytest.raises(KeyError, match="it"):
        await together([waits(), fails()])


async def test_jobs_answer_in_their_order() -> None:
    async def late(number: int) -> int:
        await asyncio.sleep(0.01 * (3 - number))
        return number

    assert await together([late(number) for number in range(3)]) == [0, 1, 2]
