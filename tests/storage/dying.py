"""A process that is killed in the middle of its work: `python -m tests.storage.dying URL WORK STATEMENTS`."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.intake import Page, Watermark
from bot.domain.papers import PaperRef
from bot.domain.subscriptions import Address
from bot.domain.summaries import SummaryKey
from bot.storage import digests, papers, subscriptions, summaries
from bot.storage.slot import StoreGate
from bot.storage.store import Store
from tests.builders import a_paper, a_pick, a_sighting, arxiv_key

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
HERE = Address(platform="console", chat="1")
IDS = tuple(f"2601.{number:05}" for number in range(1, 601))
PAGE = Page(
    source="arxiv",
    papers=tuple(a_paper(arxiv_id=i, doi=f"10.1000/{i}") for i in IDS),
    sightings=tuple(a_sighting(arxiv_id=i) for i in IDS),
    finished=(Watermark(source="arxiv", topic="cs.CL", batch_on=NOW.date()),),
)
A_KEY = SummaryKey(ref=PaperRef(key=arxiv_key(), version=1), style="card", language="en", model="example-model")


async def page(tx: AsyncConnection) -> None:
    """W1."""
    await papers.record_page(tx, PAGE, NOW)


async def plan(tx: AsyncConnection) -> None:
    """W2, of everything that is fresh to the reader."""
    reader = await subscriptions.by_address(tx, HERE)
    assert reader is not None
    assert reader.id is not None
    fresh = await papers.fresh_to(tx, reader.id, sources=frozenset({"arxiv"}), until=NOW.date())
    wanted = DigestPlan(picks=tuple(a_pick(seen) for seen in fresh), counts=Counts(found=3, matched=3, listed=3))
    slot = Slot(on=NOW.date(), kind=SlotKind.DAILY)
    await digests.record_plan(tx, reader.id, slot, wanted, due=None, now=NOW, deadline_at=NOW + timedelta(hours=12))


async def write(url: str, work: str, statements: int) -> None:
    store = await Store.open(url)
    async with store.write() as tx:
        left = statements

        def count(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(tx.sync_connection, "after_cursor_execute", count)
        await {"page": page, "plan": plan}[work](tx)
    await store.close()


async def hold(url: str) -> None:
    """Take a turn, say so, and never give it back."""
    store = await Store.open(url)
    async with StoreGate(store, "arxiv", now=lambda: datetime.now(UTC)).turn(0.0):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def take_turns(url: str, turns: int, interval_s: float) -> None:
    """Take turns and write when each began and ended."""
    store = await Store.open(url)
    gate = StoreGate(store, "arxiv", now=lambda: datetime.now(UTC))
    for _ in range(turns):
        async with gate.turn(interval_s):
            began = datetime.now(UTC).timestamp()
            await asyncio.sleep(interval_s / 3)  # what a request takes
            sys.stdout.write(f"{began} {datetime.now(UTC).timestamp()}\n")
    await store.close()


async def wait_urgently(url: str) -> None:
    """Wait for a turn in the urgent lane for as long as nobody gives one, and say that somebody waits."""
    store = await Store.open(url)

    async def sleep(for_s: float) -> None:
        sys.stdout.write("waiting\n")
        sys.stdout.flush()
        await asyncio.sleep(for_s)

    async with StoreGate(store, "arxiv", now=lambda: datetime.now(UTC), sleep=sleep).urgent.turn(0.0):
        sys.stdout.write("held\n")
        sys.stdout.flush()
    await store.close()


async def wait_together(url: str, number: int) -> None:
    """Wait for ordinary turns, `number` of them at once and unaware of each other; write when each began."""
    store = await Store.open(url)

    async def wait() -> None:
        async def sleep(for_s: float) -> None:
            sys.stdout.write("waiting\n")
            sys.stdout.flush()
            await asyncio.sleep(for_s / 4)  # the next turn is most likely one of these

        async with StoreGate(store, "arxiv", now=lambda: datetime.now(UTC), sleep=sleep).turn(0.0):
            sys.stdout.write(f"began {datetime.now(UTC).timestamp()}\n")

    async with asyncio.TaskGroup() as group:
        for _ in range(number):
            group.create_task(wait())
    await store.close()


async def claim_and_die(url: str, holder: str) -> None:
    """Take the claim of a summary, say so, and never give it back."""
    store = await Store.open(url)
    async with store.write() as tx:
        is_mine = await summaries.claim(tx, A_KEY, holder, datetime.now(UTC), 120.0)
    sys.stdout.write(f"{is_mine}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def race(url: str, holder: str, rounds: int) -> None:
    """Try to claim one summary after another as fast as it goes; write the numbers of those that were got."""
    store = await Store.open(url)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(1, rounds + 1):
        key = replace(A_KEY, ref=replace(A_KEY.ref, version=number))
        async with store.write() as tx:
            is_mine = await summaries.claim(tx, key, holder, datetime.now(UTC), 120.0)
        if is_mine:
            sys.stdout.write(f"{number}\n")
    await store.close()


if __name__ == "__main__":
    _, url, work, *numbers = sys.argv
    match work:
        case "turns":
            asyncio.run(take_turns(url, int(numbers[0]), float(numbers[1])))
        case "hold":
            asyncio.run(hold(url))
        case "urgent":
            asyncio.run(wait_urgently(url))
        case "together":
            asyncio.run(wait_together(url, int(numbers[0])))
        case "claim":
            asyncio.run(claim_and_die(url, numbers[0]))
        case "race":
            asyncio.run(race(url, numbers[0], int(numbers[1])))
        case _:
            asyncio.run(write(url, work, int(numbers[0])))
