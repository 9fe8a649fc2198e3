"""Discord in long runs: killed at random instants, with threads, with posts of forums, and with people who use it meanwhile.

python -m tests.soak crash --platform discord --kills 300
python -m tests.soak crash --platform discord --kills 300 --forums
"""

import argparse
import asyncio
import random
import time
from collections import Counter
from datetime import timedelta

from tests.discord_crowd import Crowd, a_crowd, a_crowd_of_forums, users_of
from tests.discord_seen import seen, threads
from tests.discord_users import Users
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_places import BOT_ID
from tests.lives import Lives, Tally, publish
from tests.soak_world import DUE, EVE, a_platform, a_soaked_world

LONGEST_S = 40 * 60.0
PAPERS = 12
QUIET_S = 900.0


async def crash(asked: argparse.Namespace) -> bool:
    """Kills at random instants, which accumulate within broadcasts; the next day's follows when one is through."""
    chance = random.Random(asked.seed)
    async with a_platform("discord") as platform, a_soaked_world(platform) as world:
        discord = platform.discord
        assert discord
        crowd = (a_crowd_of_forums if asked.forums else a_crowd)(discord, asked.subscriptions)
        await crowd.subscribes(world, discord, at="09:00", since=EVE, limit=PAPERS)
        lives = Lives(world=world, platform="discord", starts_at=DUE)
        users = users_of(discord, crowd, chance)
        using = asyncio.create_task(users.use())
        ends_at, days = time.monotonic() + LONGEST_S, 0
        while lives.kills < asked.kills and time.monotonic() < ends_at:
            due = DUE + timedelta(days=days)
            publish(world, due.date(), papers=PAPERS)
            lives.jump(due)
            days += 1
            await _one_day(lives, crowd, asked.kills, days * asked.subscriptions, chance)
        using.cancel()
        await asyncio.gather(using, return_exceptions=True)
        if lives.number("SELECT count(*) FROM parts WHERE ended_at IS NULL"):  # what people asked for at last
            await lives.begin()
            await lives.through(days * asked.subscriptions, within_s=QUIET_S)
            assert await lives.stop() == 0, lives.log()
        is_kept = told_crash(lives, discord, crowd, days, asked)
        return told_users(users, lives) and is_kept


async def _one_day(lives: Lives, crowd: Crowd, kills: int, digests: int, chance: random.Random) -> None:
    """One broadcast to its end, through as many deaths as it takes."""
    while lives.kills < kills and not _is_through(lives, crowd, digests):
        await lives.begin()
        await asyncio.sleep(chance.uniform(0.3, 4.5))
        await lives.kill()
    await _to_its_end(lives, crowd, digests)


async def _to_its_end(lives: Lives, crowd: Crowd, digests: int) -> None:
    """Undisturbed, if anything is left."""
    if _is_through(lives, crowd, digests):
        return
    await lives.begin()
    ends_at = time.monotonic() + QUIET_S
    while not _is_through(lives, crowd, digests):
        assert time.monotonic() < ends_at, f"{lives.states()} {lives.log()}"
        assert lives.is_alive, lives.log()
        await asyncio.sleep(0.2)
    assert await lives.stop() == 0, lives.log()


def _is_through(lives: Lives, crowd: Crowd, digests: int) -> bool:
    """Whatever people ask for meanwhile, and the digests of those who subscribed meanwhile."""
    waiting = (
        "SELECT count(*) FROM parts p JOIN digests d ON d.id = p.digest_id WHERE p.ended_at IS NULL AND d.slot_kind <> 'now'"
    )
    return digests_of(lives, crowd) >= digests and not lives.number(waiting)


def told_crash(lives: Lives, discord: FakeDiscord, crowd: Crowd, days: int, asked: argparse.Namespace) -> bool:
    """The figures; whether the promise was kept: of forums, that nothing was lost."""
    tally, spread = lives.tally(seen(discord), is_asked=True), threads(lives, discord)
    due = days * asked.subscriptions
    made = digests_of(lives, crowd)
    what = f"{asked.subscriptions} {'forums' if asked.forums else 'channels and people'}"
    print(f"crash, discord: {lives.kills} kills (SIGKILL) within {days} broadcasts to {what}; {made} of {due} digests made")
    print(f"  parts {sum(tally.states.values())}: {told(tally.states)}; not final: {tally.open}")
    told_seen(tally, discord)
    print(f"  in threads or posts: {spread.digests} digests; scattered over several {len(spread.scattered)}, ", end="")
    print(f"outside of theirs {len(spread.outside)}, threads without a digest or with two {len(spread.unwanted)}")
    if asked.forums:
        print(f"  posts {discord.posts}, opened twice {opened_twice(discord)}")
    for each in [*tally.lost, *tally.out_of_order, *tally.unexplained, *spread.scattered, *spread.unwanted][:8]:
        print(f"    {each}")
    is_whole = not (tally.lost or tally.open or tally.unexplained) and made == due and lives.kills >= asked.kills
    is_in_place = not (tally.repeated or tally.out_of_order or spread.scattered or spread.outside or spread.unwanted)
    return is_whole and (asked.forums or is_in_place)


def told_seen(tally: Tally, discord: FakeDiscord) -> None:
    print(f"  lost {len(tally.lost)}, out of order {len(tally.out_of_order)}, seen twice {tally.repeated}")
    print(f"  in dying hands {tally.allowed}; stopped by their nonce {discord.repeats_stopped}; ", end="")
    print(f"twice without a reason {len(tally.unexplained)}; answers of 429: {discord.refusals_429}")


def told_users(users: Users, lives: Lives, *, may_repeat: bool = False) -> bool:
    """What people got, and whether what they were told is so; `may_repeat`: answers of Discord's are lost, so ours come again."""
    broken, took = users.broken(lives), users.first_answers()
    again = [each for each in users.discord.oddities if "answered twice" in each]  # what Discord said to the first was lost
    odd = [each for each in users.discord.oddities if each not in again]
    print(f"  people meanwhile tried {told(dict(users.tried))}; were answered {told(dict(users.answered))}")
    print(f"  told that it is kept: {sum(map(len, users.told.values()))}; not kept: {len(broken)} {broken[:3]}")
    if took:
        middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
        print(f"  first answers: median {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms, longest {took[-1] * 1000:.0f} ms")
    print(f"  answered again, and refused: {len(again)}; odd: {len(odd)} {odd[:3]}")
    return not broken and not odd and (may_repeat or not again)


def digests_of(lives: Lives, crowd: Crowd) -> int:
    """Digests of the schedule that the crowd got, without those that people subscribed to meanwhile."""
    query = "SELECT a.chat, a.thread FROM digests d JOIN subscriptions s ON s.id = d.subscription_id JOIN addresses a"
    made = lives.rows(f"{query} ON a.id = s.address_id WHERE d.slot_kind <> 'now' AND d.queued_at IS NOT NULL")
    homes = {*crowd.channels, *crowd.theirs, *(f"@{each}" for each in crowd.people)}
    return sum((thread or chat) in homes for chat, thread in made)


def opened_twice(discord: FakeDiscord) -> int:
    """Posts that begin with what another post of the same forum begins with."""
    ours = [each for each in discord.messages if each.is_post and each.author == BOT_ID]
    return sum(times - 1 for times in Counter((each.parent, each.content) for each in ours).values())


def told(counts: dict[str, int]) -> str:
    """Counts in words."""
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"
