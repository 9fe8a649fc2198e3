"""`make soak`: long runs against loopback platforms, bounded in time; each prints its figures and ends with 1 if a promise broke.

python -m tests.soak crash --platform telegram --kills 300
python -m tests.soak crash --platform discord --kills 300 --forums
python -m tests.soak storm
python -m tests.soak answers
python -m tests.soak people
"""

import argparse
import asyncio
import json
import logging
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.domain.subscriptions import Address
from tests import soak_discord, soak_discord_people, soak_discord_storm, soak_people
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_limits import Rate, Windows
from tests.lives import Lives, Tally, publish, subscribe
from tests.soak_world import DUE, EVE, Platform, a_platform, a_soaked_world
from tests.users import FIRST, Users
from tests.world import ROOT

LONGEST_S = 20 * 60.0


async def crash(asked: argparse.Namespace) -> bool:
    """Kills at random instants, which accumulate within broadcasts; the next day's follows when one is through."""
    if asked.platform == "discord":
        return await soak_discord.crash(asked)
    chance = random.Random(asked.seed)
    async with a_platform("telegram") as platform, a_soaked_world(platform) as world:
        await subscribe(world, *platform.addresses(asked.subscriptions), at="09:00", subscribed_at=EVE, limit=25)
        lives = Lives(world=world, platform=platform.name, starts_at=DUE)
        users = a_few_users(platform, chance)
        assert platform.telegram
        platform.telegram.limits = Windows(chat=Rate(most=3, seconds=3.0))  # short bursts pass; answers use that
        using = asyncio.create_task(users.use())
        ends_at, days = time.monotonic() + LONGEST_S, 0
        while lives.kills < asked.kills and time.monotonic() < ends_at:
            due = DUE + timedelta(days=days)
            publish(world, due.date(), papers=25)
            lives.jump(due)
            days += 1
            await _one_day(lives, asked.kills, days * asked.subscriptions, chance)
        await _stopped(using)
        if not lives.is_through(days * asked.subscriptions):  # what people asked for at last
            await lives.begin()
            await lives.through(days * asked.subscriptions, within_s=300)
            assert await lives.stop() == 0, lives.log()
        tally = lives.tally(platform.shown(), is_asked=True)
        return _told_crash(lives, tally, platform, days, asked) and _told_users(users, lives)


async def _stopped(using: asyncio.Task[None]) -> None:
    using.cancel()
    await asyncio.gather(using, return_exceptions=True)


def a_few_users(platform: Platform, chance: random.Random) -> Users:
    """Twenty who write and are no part of the broadcast, and twenty of its readers who press."""
    telegram = platform.telegram
    assert telegram
    writers = [telegram.person(FIRST + number, has_started=True) for number in range(20)]
    readers = [telegram.person(int(each.chat), has_started=True) for each in platform.addresses(20)]
    return Users(writers=writers, readers=readers, chance=chance)


def _told_users(users: Users, lives: Lives) -> bool:
    broken = users.broken(lives)
    print(f"  people meanwhile tried {told(dict(users.tried))}; were answered {told(dict(users.answered))}")
    print(f"  told that it is kept: {sum(map(len, users.told.values()))}; not kept: {len(broken)} {broken[:3]}")
    return not broken


async def _one_day(lives: Lives, kills: int, digests: int, chance: random.Random) -> None:
    """One broadcast to its end, through as many deaths as it takes."""
    while lives.kills < kills and not lives.is_through(digests):
        await lives.begin()
        await asyncio.sleep(chance.uniform(0.3, 3.5))
        await lives.kill()
    if not lives.is_through(digests):
        await lives.begin()
        await lives.through(digests, within_s=300)
        assert await lives.stop() == 0, lives.log()


def _told_crash(lives: Lives, tally: Tally, platform: Platform, days: int, asked: argparse.Namespace) -> bool:
    print(
        f"crash, {platform.name}: {lives.kills} kills (SIGKILL) within {days} broadcasts to {asked.subscriptions} subscriptions"
    )
    print(f"  parts {sum(tally.states.values())}: {told(tally.states)}; not final: {tally.open}")
    print(f"  lost {len(tally.lost)}, out of order {len(tally.out_of_order)}")
    for each in [*tally.lost, *tally.out_of_order, *tally.unexplained][:5]:
        print(f"    {each}")
    print(f"  seen twice {tally.repeated}; in dying hands {tally.allowed}; twice without a reason {len(tally.unexplained)}")
    print(f"  answers of 429: {platform.refusals_429}")
    may_repeat = tally.repeated <= tally.allowed
    is_clean = not (tally.lost or tally.out_of_order or tally.unexplained or tally.open)
    return is_clean and may_repeat and lives.kills >= asked.kills


def told(states: dict[str, int]) -> str:
    """Counts in words."""
    return ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"


async def storm(asked: argparse.Namespace) -> bool:
    """Everything at once: failing servers, lost answers, cut lines, floods, people who block, groups that move."""
    if asked.platform == "discord":
        return await soak_discord_storm.storm(asked)
    chance = random.Random(asked.seed)
    async with a_platform("telegram") as platform, a_soaked_world(platform) as world:
        telegram = platform.telegram
        assert telegram
        people = platform.addresses(asked.subscriptions - 60)
        groups = [Address(platform="telegram", chat=str(-5000 - number)) for number in range(40)]
        topics = [Address(platform="telegram", chat="-1009000", thread=str(number)) for number in range(1, 21)]
        await subscribe(world, *people, *groups, *topics, at="09:00", subscribed_at=EVE, limit=12)
        publish(world, DUE.date(), papers=12)
        for address in chance.sample(people, asked.subscriptions // 100):
            telegram.blocks(address.chat)
        for number, address in enumerate(groups[: asked.subscriptions // 100]):
            telegram.upgrades(address.chat, str(-1007000 - number))
        telegram.closes_topic("-1009000", "7")
        telegram.fails(502, share=0.10, times=10**9)
        telegram.loses_answer(cuts=True, share=0.02, times=10**9)
        telegram.loses_answer(share=0.01, times=10**9)
        telegram.drops(share=0.015, times=10**9)
        telegram.drops_unread(share=0.015, times=10**9)
        lives = Lives(world=world, platform="telegram", starts_at=DUE)
        began = time.monotonic()
        telegram.limits = Windows(chat=Rate(most=3, seconds=3.0))
        users = a_few_users(platform, chance)
        await lives.begin()
        using = asyncio.create_task(users.use())
        for seen in (asked.subscriptions // 4, asked.subscriptions):
            await telegram.has_accepted(seen)
            telegram.floods(5.0)
            await asyncio.sleep(5.0)
        await _stopped(using)
        await _settled(lives, asked.subscriptions)
        assert await lives.stop() == 0, lives.log()
        tally = lives.tally(platform.shown(), is_asked=True)
        return _told_storm(lives, tally, telegram, asked, time.monotonic() - began) and _told_users(users, lives)


async def _settled(lives: Lives, digests: int) -> None:
    """All parts final, but those that are held back with their destination."""
    ends_at = time.monotonic() + LONGEST_S
    waiting = "SELECT count(*) FROM parts WHERE state IN ('due', 'sending', 'retry')"
    while lives.number(
        "SELECT count(*) FROM digests WHERE queued_at IS NOT NULL AND slot_kind <> 'now'"
    ) < digests or lives.number(waiting):
        assert time.monotonic() < ends_at, lives.states()
        await asyncio.sleep(0.5)


def _told_storm(lives: Lives, tally: Tally, telegram: FakeTelegram, asked: argparse.Namespace, took_s: float) -> bool:
    due = lives.number("SELECT count(*) FROM parts")
    made = lives.number("SELECT count(*) FROM digests WHERE slot_kind <> 'now'")
    accounted = sum(tally.states.get(state, 0) for state in ("sent", "unknown", "suspended", "expired", "dead"))
    causes = dict(lives.rows("SELECT cause, count(*) FROM parts WHERE state IN ('suspended', 'dead', 'unknown') GROUP BY cause"))
    attempts = Counter(lives.rows("SELECT attempts FROM parts"))
    print(f"storm, telegram: {asked.subscriptions} subscriptions, {made} digests, {due} parts in {took_s:.0f} s")
    print(f"  {told(tally.states)} = {accounted} of {due} due; by cause: {told(causes)}")
    print(f"  answers: {told({str(status): count for status, count in telegram.answers.items()})}")
    print(f"  lost {len(tally.lost)}, seen twice {tally.repeated}, out of order {len(tally.out_of_order)}")
    print(f"  seen and not in the ledger, or twice without a reason: {tally.unexplained}")
    print(f"  tries of one part: at most {max(row[0] for row in attempts)}")
    return accounted == due and made == asked.subscriptions and not (tally.lost or tally.repeated or tally.unexplained)


async def answers(asked: argparse.Namespace) -> bool:
    """Answers at five a second beside a broadcast, in the bot's own process; and how long its loop stands still."""
    async with a_platform("telegram") as platform, a_soaked_world(platform) as world:
        await subscribe(world, *platform.addresses(asked.subscriptions), at="09:00", subscribed_at=EVE, limit=12)
        publish(world, DUE.date(), papers=12)
        world.clock = DUE.isoformat()
        assert platform.telegram
        platform.telegram.limits = Windows(chat=Rate(most=3, seconds=3.0))  # Telegram lets short bursts pass; answers use that
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.soak_child",
            str(asked.seconds),
            cwd=world.folder,
            env=world.environment | {"PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        found = json.loads(out.decode().splitlines()[-1])
        sent = len(platform.telegram.messages) - found["answers"]
        print(f"answers, telegram: {found['answers']} beside a broadcast of {sent} messages in {asked.seconds} s")
        print(f"  answer: median {found['median_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms, longest {found['longest_ms']:.0f} ms")
        print(f"  loop stands still: p99 {found['stall_p99_ms']:.0f} ms, longest {found['stall_longest_ms']:.0f} ms")
        print(f"  answers of 429: {platform.refusals_429}")
        return found["p95_ms"] < 300 and found["stall_p99_ms"] < 50 and platform.refusals_429 == 0


async def people(asked: argparse.Namespace) -> bool:
    """People beside a broadcast, on either platform."""
    return await (soak_discord_people.people(asked) if asked.platform == "discord" else soak_people.people(asked))


RUNS: dict[str, Callable[[argparse.Namespace], Coroutine[Any, Any, bool]]] = {
    "crash": crash,
    "storm": storm,
    "answers": answers,
    "people": people,
}


PLAN: tuple[tuple[str, str, bool, int], ...] = (
    ("crash", "telegram", False, 200),
    ("crash", "discord", False, 200),
    ("crash", "discord", True, 100),
    ("storm", "telegram", False, 2000),
    ("storm", "discord", False, 300),
    ("storm", "discord", True, 100),
    ("answers", "telegram", False, 2000),
    ("people", "telegram", False, 2000),
    ("people", "discord", False, 300),
)
"""Each run: its name, the platform, whether with forums alone, and to how many subscriptions."""


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("run", choices=RUNS, nargs="?", help="one of them; all without it")
    parser.add_argument("--platform", choices=("telegram", "discord"))
    parser.add_argument("--forums", action="store_true", help="of Discord, posts of forums alone")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--subscriptions", type=int)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=20260602)
    return parser.parse_args()


def main() -> int:
    asked = parsed()
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # clients that die in mid-answer are what this is about
    kept = True
    for name, platform, forums, subscriptions in PLAN:
        is_of_kind = forums == asked.forums or (asked.run is None and not asked.forums)
        if is_of_kind and asked.run in (None, name) and asked.platform in (None, platform):
            options = {"platform": platform, "forums": forums, "subscriptions": asked.subscriptions or subscriptions}
            is_kept = asyncio.run(RUNS[name](argparse.Namespace(**(vars(asked) | options))))
            print("  kept" if is_kept else "  BROKEN", flush=True)
            kept = kept and bool(is_kept)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
