"""Killed between any two steps and at any instant, and started again: nothing is lost, and repeated only what was in hand.

The long form is `make soak`.
"""

import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.domain.subscriptions import Address
from tests.fakes.telegram import FakeTelegram
from tests.lives import Lives, Shown, publish, subscribe
from tests.world import World

STEPS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7")
DAY = date(2026, 6, 2)
EVE, DUE = datetime(2026, 6, 2, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 0, 1, tzinfo=UTC)


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        world.extra |= {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url}
        yield fake


def shown(telegram: FakeTelegram) -> Shown:
    return [(each.chat, each.html) for each in telegram.messages]


def chats(count: int) -> list[Address]:
    return [Address(platform="telegram", chat=str(1000 + number)) for number in range(count)]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("edge", ["before", "after"])
async def test_killed_at_every_step_it_loses_nothing(writing_world: World, telegram: FakeTelegram, edge: str) -> None:
    """One life for each step: papers, plan, text, summary, outbox, claim, outcome."""
    await subscribe(writing_world, *chats(3), at="09:00", subscribed_at=EVE)
    publish(writing_world, DAY, papers=2)
    lives = Lives(world=writing_world, platform="telegram", starts_at=DUE)
    for step in STEPS:
        await lives.begin(dies=f"{step}:{edge}:1")
        assert await lives.died(), f"{step} was never reached: {lives.log()}"
    await lives.begin()
    await lives.through(3)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
    assert tally.states == {"sent": 3}
    assert tally.repeated <= tally.allowed, "only what was sent and not kept may come twice"


@pytest.mark.timeout(180)
async def test_killed_at_any_instant_of_a_broadcast_it_repeats_only_what_was_in_hand(
    world: World, telegram: FakeTelegram
) -> None:
    await subscribe(world, *chats(60), at="09:00", subscribed_at=EVE, limit=30)
    publish(world, DAY, papers=30)
    lives = Lives(world=world, platform="telegram", starts_at=DUE)
    chance = random.Random(4)
    for _ in range(10):
        seen = len(telegram.messages)
        await lives.begin()
        await telegram.has_accepted(seen + chance.randrange(1, 9))
        await lives.kill()
    await lives.begin()
    await lives.through(60)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
    assert set(tally.states) == {"sent"}
    assert tally.states["sent"] > 120, "every digest has several parts"
    assert tally.repeated <= tally.allowed
    assert telegram.refusals_429 == 0
