"""Killed between any two steps and at any instant, and started again: nothing is lost, and repeated only what was in hand.

On Discord not even that: it knows a part again by its nonce. The long form is `make soak`.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.domain.subscriptions import Address
from tests.discord_crowd import a_crowd
from tests.discord_seen import seen, threads
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_limits import Rate, Windows
from tests.lives import Lives, Shown, publish, subscribe
from tests.users import FIRST, Users
from tests.world import World

STEPS = ("W1", "W2", "W3", "W4", "W5", "W6", "W7")
DAY = date(2026, 6, 2)
EVE, DUE = datetime(2026, 6, 2, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 0, 1, tzinfo=UTC)
KILLS = 6
Platform = FakeTelegram | FakeDiscord


@pytest.fixture(params=["telegram", "discord"])
async def platform(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Platform]:
    if request.param == "telegram":
        async with FakeTelegram() as telegram:
            world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
            yield telegram
    else:
        async with FakeDiscord() as discord:
            world.extra |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url}
            yield discord


def name(platform: Platform) -> str:
    return "telegram" if isinstance(platform, FakeTelegram) else "discord"


def shown(platform: Platform) -> Shown:
    if isinstance(platform, FakeTelegram):
        return [(each.chat, each.html) for each in platform.messages]
    return seen(platform)


def chats(count: int) -> list[Address]:
    return [Address(platform="telegram", chat=str(1000 + number)) for number in range(count)]


async def readers(world: World, platform: Platform, count: int, papers: int = 10) -> None:
    """So many subscriptions; on Discord channels with threads and without, others' threads, people alone."""
    if isinstance(platform, FakeTelegram):
        await subscribe(world, *chats(count), at="09:00", subscribed_at=EVE, limit=papers)
    else:
        await a_crowd(platform, count).subscribes(world, platform, at="09:00", since=EVE, limit=papers)


def each_in_its_thread(platform: Platform, lives: Lives) -> bool:
    """Whether the papers of each digest are in one thread, and no thread is there for nothing."""
    if isinstance(platform, FakeTelegram):
        return True
    found = threads(lives, platform)
    return found.digests > 0 and (found.scattered, found.outside, found.unwanted) == ((), (), ())


def allowed(platform: Platform, lives: Lives) -> int:
    return sum(lives.in_hand.values()) if name(platform) == "telegram" else 0


@pytest.mark.timeout(180)
@pytest.mark.parametrize("edge", ["before", "after"])
async def test_killed_at_every_step_it_loses_nothing(writing_world: World, platform: Platform, edge: str) -> None:
    """One life for each step: papers, plan, text, summary, outbox, claim, outcome."""
    await readers(writing_world, platform, 2)
    publish(writing_world, DAY, papers=2)
    lives = Lives(world=writing_world, platform=name(platform), starts_at=DUE)
    for step in STEPS:
        await lives.begin(dies=f"{step}:{edge}:1")
        assert await lives.died(), f"{step} was never reached: {lives.log()}"
    await lives.begin()
    await lives.through(2)
    assert await lives.stop() == 0
    tally = lives.tally(shown(platform))
    assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
    assert set(tally.states) == {"sent"}
    assert tally.repeated <= allowed(platform, lives), "only what was sent and not kept may come twice"
    assert each_in_its_thread(platform, lives)


@pytest.mark.timeout(180)
async def test_killed_at_any_instant_of_a_broadcast_it_repeats_only_what_was_in_hand(world: World, platform: Platform) -> None:
    papers = 12 if name(platform) == "telegram" else 6
    await readers(world, platform, 20, papers)
    publish(world, DAY, papers=papers)
    lives = Lives(world=world, platform=name(platform), starts_at=DUE)
    chance = random.Random(4)
    for _ in range(KILLS):
        seen = len(platform.messages)
        await lives.begin()
        await platform.has_accepted(seen + chance.randrange(1, 7))
        await lives.kill()
    await lives.begin()
    await lives.through(20)
    assert await lives.stop() == 0
    tally = lives.tally(shown(platform))
    assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
    assert set(tally.states) == {"sent"}
    assert tally.states["sent"] >= 40, "every digest has several parts"
    assert tally.repeated <= allowed(platform, lives)
    assert each_in_its_thread(platform, lives)
    assert name(platform) == "discord" or platform.refusals_429 <= lives.kills, "a new life may begin a little too fast"


@pytest.mark.timeout(180)
async def test_killed_while_people_use_it_it_keeps_what_it_told_them(world: World) -> None:
    """They subscribe, press and ask for digests while a broadcast goes out and the bot dies again and again."""
    async with FakeTelegram() as telegram:
        world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        telegram.limits = Windows(chat=Rate(most=3, seconds=3.0))
        addresses = chats(12)
        await subscribe(world, *addresses, at="09:00", subscribed_at=EVE, limit=12)
        publish(world, DAY, papers=12)
        writers = [telegram.person(FIRST + number, has_started=True) for number in range(8)]
        readers = [telegram.person(int(each.chat), has_started=True) for each in addresses]
        users = Users(writers=writers, readers=readers, chance=random.Random(5))
        lives = Lives(world=world, platform="telegram", starts_at=DUE)
        using = asyncio.create_task(users.use())
        for _ in range(4):
            seen = len(telegram.messages)
            await lives.begin()
            await telegram.has_accepted(seen + users.chance.randrange(6, 12))
            await lives.kill()
        using.cancel()
        await asyncio.gather(using, return_exceptions=True)
        await lives.begin()
        await lives.through(12)
        assert await lives.stop() == 0
        tally = lives.tally([(each.chat, each.html) for each in telegram.messages], is_asked=True)
        assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
        assert set(tally.states) == {"sent"}
        assert tally.repeated <= sum(lives.in_hand.values())
        assert users.broken(lives) == []
        assert sum(users.answered.values()) >= 4, "people were answered in between"
