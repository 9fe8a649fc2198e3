"""The clock of tests in virtual time."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.virtual_time import StuckError, VirtualTime


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    with VirtualTime() as made:
        yield made


def test_who_waits_for_nothing_is_told(time: VirtualTime) -> None:
    async def main() -> None:
        await asyncio.Event().wait()

    with pytest.raises(StuckError):
        time.run(main())


def test_it_goes_on_from_one_run_to_the_next(time: VirtualTime) -> None:
    start = time.now()
    for _ in range(366):
        time.run(time.sleep(86400))

    assert time.clock() == pytest.approx(366 * 86400, abs=1e-4)
    assert (time.now() - start).days == 366


def test_it_stands_still_while_anybody_works(time: VirtualTime) -> None:
    async def main() -> float:
        sleeper = asyncio.create_task(time.sleep(1))
        for _ in range(1000):
            await asyncio.sleep(0)
        worked_until = time.clock()
        await sleeper
        return worked_until

    assert time.run(main()) == 0
    assert time.clock() == 1
