"""Discord's own, killed again and again: posts of forums, which nothing keeps from coming twice, and people in private.

The long form is `make soak ARGS="crash --platform discord"`, with `--forums` for the first.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from functools import partial

import pytest

from tests.discord_crowd import a_crowd, a_crowd_of_forums, users_of
from tests.discord_seen import seen, threads
from tests.discord_users import Users
from tests.fakes.discord import FakeDiscord
from tests.lives import Lives, publish
from tests.world import World

DAY = date(2026, 6, 2)
EVE, DUE = datetime(2026, 6, 2, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 0, 1, tzinfo=UTC)
PAPERS = 4
KILLS = 5


def _has_told(users: Users, words: int) -> bool:
    return sum(map(len, users.told.values())) >= words


@pytest.fixture
async def discord(world: World) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        world.extra |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url}
        yield discord


@pytest.mark.timeout(180)
async def test_posts_of_forums_are_not_lost_and_repeated_only_where_they_were_in_hand(world: World, discord: FakeDiscord) -> None:
    """What is there already is found among the active posts, and goes on in the same post."""
    crowd = a_crowd_of_forums(discord, 12)
    await crowd.subscribes(world, discord, at="09:00", since=EVE, limit=PAPERS)
    publish(world, DAY, papers=PAPERS)
    lives, chance = Lives(world=world, platform="discord", starts_at=DUE), random.Random(6)
    for _ in range(KILLS):
        shown = len(discord.messages)
        await lives.begin()
        await discord.has_accepted(shown + chance.randrange(1, 7))
        await lives.kill()
    await lives.begin()
    await lives.through(12)
    assert await lives.stop() == 0
    tally = lives.tally(seen(discord))
    assert (tally.lost, tally.unexplained) == ((), ())
    assert set(tally.states) == {"sent"}
    assert tally.repeated <= sum(lives.in_hand.values())
    assert threads(lives, discord).digests == 12
    told_at_once = [each for each in crowd.forums if not discord.channels.at(each).hides_for]
    assert [len(discord.threads_of(each)) for each in told_at_once] == [1] * 9, "a post that can be seen is not made again"


@pytest.mark.timeout(180)
async def test_killed_while_people_use_it_it_keeps_what_it_told_them(world: World, discord: FakeDiscord) -> None:
    """They subscribe, press and ask for digests, alone and in channels, while a broadcast goes out and the bot dies."""
    crowd, chance = a_crowd(discord, 10), random.Random(7)
    await crowd.subscribes(world, discord, at="09:00", since=EVE, limit=PAPERS)
    publish(world, DAY, papers=PAPERS)
    lives, users = Lives(world=world, platform="discord", starts_at=DUE), users_of(discord, crowd, chance)
    using = asyncio.create_task(users.use())
    for life in range(1, KILLS):
        await lives.begin()
        async with asyncio.timeout(30):
            await discord.until(partial(_has_told, users, life))
        await lives.kill()
    using.cancel()
    await asyncio.gather(using, return_exceptions=True)
    if not lives.is_through(10):
        await lives.begin()
        await lives.through(10)
        assert await lives.stop() == 0
    tally, found = lives.tally(seen(discord), is_asked=True), threads(lives, discord)
    assert (tally.lost, tally.repeated, tally.out_of_order) == ((), 0, ())
    assert (found.scattered, found.outside, found.unwanted) == ((), (), ())
    assert users.broken(lives) == []
    assert discord.oddities == []
