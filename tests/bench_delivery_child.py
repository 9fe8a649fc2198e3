"""The delivery path in a process of its own: `python -m tests.bench_delivery_child RUN DATABASE [NUMBERS]`.

The sources are read, there is no model, and the platform answers at once. The last line of the output is JSON.
"""

import asyncio
import gc
import json
import logging
import re
import resource
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import structlog

from bot.assembling import topic_notice
from bot.channels.telegram_markup import rendered
from bot.domain.budget import Budget, Prices
from bot.domain.deliveries import FRESH, Outcome, OutcomeKind, Past
from bot.domain.intake import Page, Wanted
from bot.domain.messages import Message
from bot.domain.papers import Paper, PaperRef
from bot.domain.subscriptions import Address
from bot.pipeline.summarize import Terms
from bot.ports import Delivered, Part
from bot.rankers.keywords import KeywordRanker
from bot.readers.abstract import AbstractReader
from bot.services import delivering
from bot.services.delivering import Delivering
from bot.services.desk import Desk
from bot.services.digesting import Digesting
from bot.services.gathering import Gathering
from bot.services.line import Line
from bot.services.making import Making, Workshop
from bot.services.writing import Writing
from bot.storage.store import Store
from bot.summarizers.extractive import Extractive
from bot.words import words
from tests.crowds import NOON, filled

LOOK_S = 0.005


class Read:
    """A source of which nothing is left to ask."""

    name = "arxiv"

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """Nobody calls it while the day's watermarks stand."""
        raise AssertionError(wanted)
        yield

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """Nothing."""
        return ()


class Answering:
    """A Channel that takes everything at once; rendered as for Telegram."""

    name = "telegram"
    resend_for = timedelta(0)
    takes_presses = True
    shows_cards = False

    def __init__(self) -> None:
        self._ids = count(1)

    def render(self, message: Message) -> tuple[Part, ...]:
        """As Telegram's."""
        return rendered(message)

    async def open(self) -> None:
        """There is no token."""

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """There is no pace."""

    def ready_in(self, address: Address) -> float:
        """At once, always."""
        return 0.0

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """It is there."""
        return Outcome(kind=OutcomeKind.SENT, platform_id=str(next(self._ids)), thread=address.thread)

    async def probe(self, address: Address) -> Outcome:
        """It takes messages."""
        return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

    def private(self, person: str) -> Address:
        """As Telegram's."""
        return Address(platform=self.name, chat=person)

    async def close(self) -> None:
        """There is nothing to let go of."""


_BEGAN = time.monotonic()


def now() -> datetime:
    """Time goes on from noon."""
    return NOON + timedelta(seconds=time.monotonic() - _BEGAN)


@asynccontextmanager
async def built(url: str, most: int) -> AsyncIterator[tuple[Digesting, Delivering]]:
    """Both halves of the path; after `most` digests no more are begun."""
    store = await Store.open(url)
    channel, spare, reader = Answering(), Extractive(), AbstractReader()
    terms = Terms(prices=Prices(), budget=Budget(), sleep=asyncio.sleep)
    desk = Desk(ahead=reader, at_once=reader, summarizer=spare, spare=spare, terms=terms, concurrency=4)
    shop = Workshop(
        ranker=KeywordRanker(),
        writing=Writing(store=store, desk=desk, line=Line(concurrency=4, now=now), now=now, sleep=asyncio.sleep),
        wait=timedelta(minutes=5),
        source_wait=timedelta(minutes=30),
        deadline=timedelta(hours=20),
        channels={channel.name: channel},
        words=words,
    )
    gathering = Gathering(store=store, open_source=lambda _: Read(), now=now, own_days={})
    making = Making(store=store, gathering=gathering, workshop=shop, now=now)
    left = iter(range(most - 1, -1, -1))

    def queued() -> None:
        if next(left, 0) == 0:
            digesting.stop()

    digesting = Digesting(store=store, making=making, workshop=shop, now=now, queued=queued)
    sending = delivering.Terms(concurrency=8, notice=topic_notice)
    gc.freeze()  # as the bot does
    try:
        yield digesting, Delivering(store=store, channel=channel, terms=sending, now=now)
    finally:
        await store.close()


async def watch(gaps: list[float]) -> None:
    """How long the loop stood still beyond what was asked for."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(LOOK_S)
        gaps.append(max(0.0, time.monotonic() - began - LOOK_S))


async def measured(run: Callable[[], Awaitable[int]]) -> dict[str, float]:
    """What a turn does and costs."""
    gaps: list[float] = []
    watching = asyncio.create_task(watch(gaps))
    began, used = time.monotonic(), time.process_time()
    done = await run()
    wall_s, cpu_s = time.monotonic() - began, time.process_time() - used
    watching.cancel()
    gaps.sort()
    return {
        "done": done,
        "wall_s": wall_s,
        "cpu_s": cpu_s,
        "peak_mib": peak_mib(),
        "gap_p99_ms": gaps[len(gaps) * 99 // 100] * 1000,
        "gap_longest_ms": gaps[-1] * 1000,
        "gaps_over_50_ms": sum(gap > 0.05 for gap in gaps),
    }


def peak_mib() -> float:
    """Of this process alone: on Linux `ru_maxrss` begins with what its parent had."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def main(run: str, url: str, *numbers: int) -> None:
    """Fill a database (readers, papers, papers of a topic), or take a turn of one half."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if run == "fill":
        await filled(url, *numbers)
        return
    async with built(url, *numbers) as (digesting, sending):
        found = await measured(digesting.turn if run == "make" else sending.turn)
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])))
