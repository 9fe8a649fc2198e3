"""People who use the bot while a broadcast goes out: how soon each is answered, as they see it.

python -m tests.soak people --seconds 60
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.subscriptions import Address
from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_limits import Rate, Windows
from tests.fakes.telegram_people import Person
from tests.lives import Lives, publish, subscribe
from tests.soak_world import DUE, EVE, a_platform, a_soaked_world

PAPERS = 12
A_SECOND = 10
CROWD = 200  # who ask in turn, so that nobody is faster than one chat may be


@dataclass(slots=True)
class Tallied:
    """How long each kind of request took, in seconds, and what was not answered."""

    took: dict[str, list[float]] = field(default_factory=dict)
    unanswered: Counter[str] = field(default_factory=Counter)

    def all(self) -> list[float]:
        return sorted(each for times in self.took.values() for each in times)


Ask = Callable[[Person], Awaitable[object]]
Somebody = TypeVar("Somebody")


async def people(asked: argparse.Namespace) -> bool:
    """Ten requests a second, all from what is there already, beside a broadcast that fills the pace of the token."""
    async with FakeOpenAI() as model, a_platform("telegram") as platform, a_soaked_world(platform) as world:
        telegram = platform.telegram
        assert telegram
        world.model = model
        await subscribe(world, *platform.addresses(asked.subscriptions), at="09:00", subscribed_at=EVE, limit=PAPERS)
        crowd = [telegram.person(900_000 + number, has_started=True) for number in range(CROWD)]
        await subscribe(world, *_homes(crowd), at="23:00", subscribed_at=EVE, limit=PAPERS)
        publish(world, DUE.date(), papers=PAPERS)
        telegram.limits = Windows(chat=Rate(most=3, seconds=3.0))
        lives = Lives(world=world, platform="telegram", starts_at=DUE)
        await lives.begin()
        await telegram.has_accepted(20)
        before = len(telegram.messages)
        tallied = await used(crowd, _requests(), seconds=asked.seconds, a_second=A_SECOND, seed=asked.seed)
        beside = len(telegram.messages) - before - len(tallied.all())
        assert await lives.stop() == 0, lives.log()
        return _told(tallied, telegram, beside, asked.seconds)


def _homes(crowd: list[Person]) -> list[Address]:
    return [Address(platform="telegram", chat=str(person.id)) for person in crowd]


def _requests() -> dict[str, Ask]:
    """What people do: each is there at once, without a source, a page or a model."""
    number = iter(range(10**9))

    async def summary(person: Person) -> object:
        paper = f"{DUE:%y%m}.{DUE.day:02}{next(number) % PAPERS + 1:03}"
        await person.says(f"/summary {paper}")
        return await person.sees("Agents of")

    async def settings(person: Person) -> object:
        await person.says("/settings")
        return await person.sees("")

    async def search(person: Person) -> object:
        await person.says("/search agents")
        return await person.sees("Agents of")

    async def menu(person: Person) -> object:
        await person.says("/settings")
        shown = await person.sees("")
        tap = await person.taps(shown, shown.labels[0])
        return await tap.answer()

    return {"summary": summary, "settings": settings, "search": search, "menu": menu}


async def used(
    crowd: Sequence[Somebody],
    requests: Mapping[str, Callable[[Somebody], Awaitable[object]]],
    *,
    seconds: float,
    a_second: float,
    seed: int,
) -> Tallied:
    """People of the crowd do one thing after another, evenly spread; each waits for its answer as a person would."""
    tallied, chance = Tallied(), random.Random(seed)
    ends_at, turn = time.monotonic() + seconds, 0

    async def one(person: Somebody, name: str) -> None:
        began = time.monotonic()
        try:
            await requests[name](person)
        except AssertionError:
            tallied.unanswered[name] += 1
        else:
            tallied.took.setdefault(name, []).append(time.monotonic() - began)

    async with asyncio.TaskGroup() as group:
        while time.monotonic() < ends_at:
            group.create_task(one(crowd[turn % len(crowd)], chance.choice(list(requests))))
            turn += 1
            await asyncio.sleep(1 / a_second)
    return tallied


def _told(tallied: Tallied, telegram: FakeTelegram, beside: int, seconds: float) -> bool:
    took = tallied.all()
    p95 = took[len(took) * 95 // 100]
    print(f"people, telegram: {len(took)} requests answered in {seconds:.0f} s, beside {beside} messages of a broadcast")
    print(f"  all: median {took[len(took) // 2] * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms")
    for name, times in sorted(tallied.took.items()):
        ordered = sorted(times)
        middle, late = ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100]
        print(f"  {name}: {len(ordered)}, median {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms")
    print(f"  not answered: {dict(tallied.unanswered)}; answers of 429: {telegram.refusals_429}; odd: {telegram.oddities[:3]}")
    return p95 < 0.3 and not tallied.unanswered and telegram.refusals_429 == 0 and not telegram.oddities
