"""Whole platforms that fail: one of two, or the only one; at the start, in the middle of a broadcast, or past a deadline."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from bot.domain.subscriptions import Address
from tests.fakes.discord import TOKEN as DISCORD_TOKEN
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import ALWAYS, FakeTelegram
from tests.fakes.telegram import TOKEN as TELEGRAM_TOKEN
from tests.lives import Lives, publish, subscribe
from tests.process.watching import look, until
from tests.world import World

DAY, NEXT_DAY = date(2026, 6, 2), date(2026, 6, 3)
EVE, DUE = datetime(2026, 6, 2, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 0, 1, tzinfo=UTC)
LATE = "an earlier digest could not be delivered"
READERS = 4


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        world.extra |= {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url}
        yield fake


@pytest.fixture
async def discord(world: World) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as fake:
        world.extra |= {"DISCORD_BOT_TOKEN": fake.token, "DISCORD_API_URL": fake.url}
        yield fake


async def a_broadcast(world: World, *platforms: str, papers: int = 6, readers: int = READERS) -> Lives:
    """Readers on each platform whose digest is due as soon as the bot begins."""
    homes = [Address(platform=platform, chat=str(1000 + number)) for platform in platforms for number in range(readers)]
    await subscribe(world, *homes, at="09:00", subscribed_at=EVE, limit=papers)
    publish(world, DAY, papers=papers)
    return Lives(world=world, platform="", starts_at=DUE)


def on_platform(lives: Lives, platform: str) -> dict[str, int]:
    query = "SELECT state, count(*) FROM parts p JOIN addresses a ON a.id = p.address_id WHERE platform = ? GROUP BY state"
    return dict(lives.rows(query, platform))


def stopped(world: World) -> int:
    return (world.folder / "bot.log").read_text().count("platform stopped: it refuses our token")


async def test_a_token_that_is_refused_later_stops_its_platform_alone_and_the_last_one_ends_the_process(
    world: World, telegram: FakeTelegram, discord: FakeDiscord
) -> None:
    lives = await a_broadcast(world, "telegram", "discord", papers=10)
    is_alone = asyncio.Event()

    async def hold(*_: object) -> None:
        if len(discord.messages) >= READERS:
            await is_alone.wait()

    discord.on_send = hold
    await lives.begin()
    await telegram.has_accepted(2)
    telegram.revokes_token()
    await until(lives, lambda: stopped(world) == 1)
    is_alone.set()
    await discord.has_accepted(READERS + 1)
    discord.revokes_token()
    assert await lives.ended() == 1
    assert stopped(world) == 2, "one line for each"
    assert (world.folder / "bot.log").read_text().count("no chat platform takes our token any more") == 1
    seen = await look(lives)
    refused = {part["platform"] for parts in seen.parts.values() for part in parts if part["cause"] == "token_refused"}
    assert refused == {"telegram", "discord"}
    telegram.token, discord.token = TELEGRAM_TOKEN, DISCORD_TOKEN
    await lives.begin()
    await lives.through(2 * READERS)
    assert await lives.stop() == 0
    for platform, messages in (("telegram", telegram.messages), ("discord", discord.messages)):
        assert on_platform(lives, platform) == {"sent": len(messages)}


@pytest.mark.parametrize(("setting", "name"), [("TELEGRAM_BOT_TOKEN", "Telegram"), ("DISCORD_BOT_TOKEN", "Discord")])
async def test_a_token_that_is_refused_at_the_start_is_one_sentence_and_sends_nothing(
    world: World, telegram: FakeTelegram, discord: FakeDiscord, setting: str, name: str
) -> None:
    await a_broadcast(world, "telegram", "discord", readers=1)
    world.clock = DUE.isoformat()
    world.extra[setting] = "123456789:AAE-another-token-of-thirty-five-lette"
    done = await world.paperboy("run")
    assert done.code == 78
    assert done.err.count("\n") == 1
    assert f"{name} refuses the token in {setting}" in done.err
    assert "AAE" not in done.err
    assert not telegram.messages
    assert not discord.messages


@pytest.mark.parametrize("down", ["telegram", "discord"])
async def test_a_platform_out_of_reach_at_the_start_is_tried_again_and_the_other_sends_meanwhile(
    world: World, telegram: FakeTelegram, discord: FakeDiscord, down: str
) -> None:
    lives = await a_broadcast(world, "telegram", "discord")
    fakes: dict[str, FakeTelegram | FakeDiscord] = {"telegram": telegram, "discord": discord}
    up = next(name for name in fakes if name != down)
    await fakes[down].down()
    lives.rate = 20
    await lives.begin()
    await until(lives, lambda: on_platform(lives, up).keys() == {"sent"} and on_platform(lives, down).keys() == {"due"})
    assert "platform out of reach" in lives.log()
    await fakes[down].up()
    await lives.through(2 * READERS)
    assert await lives.stop() == 0
    assert [on_platform(lives, name) for name in fakes] == [{"sent": len(fake.messages)} for fake in fakes.values()]


@pytest.mark.parametrize("platform", ["telegram", "discord"])
async def test_a_platform_that_goes_down_in_mid_broadcast_loses_nothing_and_is_not_hammered(
    world: World, telegram: FakeTelegram, discord: FakeDiscord, platform: str
) -> None:
    fake: FakeTelegram | FakeDiscord = telegram if platform == "telegram" else discord
    lives = await a_broadcast(world, platform, papers=2, readers=40)
    lives.rate = 20
    await lives.begin()
    await fake.has_accepted(6)
    await fake.down()
    begun = lives.now
    await until(lives, lambda: (lives.now - begun).total_seconds() > 60)
    tried = lives.number("SELECT sum(attempts) FROM parts WHERE state IN ('due', 'retry', 'sending')")
    assert lives.number("SELECT count(*) FROM parts WHERE cause = 'unreachable'") >= 3
    assert lives.number("SELECT max(attempts) FROM parts") <= 5
    assert tried <= 40, "a minute of a platform that is down is a few tries, not one for each part and second"
    await fake.up()
    await lives.through(40)
    assert await lives.stop() == 0
    states = on_platform(lives, platform)
    assert states.keys() <= {"sent", "unknown"}
    assert states.get("unknown", 0) <= 8, "no more than were in hand when the connections broke"
    assert len(fake.messages) >= states["sent"]


async def test_a_platform_that_is_down_past_the_deadline_expires_what_is_due_and_its_papers_come_late(
    world: World, telegram: FakeTelegram
) -> None:
    world.extra["DELIVERY_DEADLINE_S"] = "3600"
    lives = await a_broadcast(world, "telegram")
    await telegram.down()
    await lives.begin()
    await until(lives, lambda: lives.number("SELECT count(*) FROM digests WHERE queued_at IS NOT NULL") == READERS)
    assert await lives.stop() == 0
    lives.jump(DUE.replace(hour=10, minute=1))
    await lives.begin()  # still down
    await lives.through(READERS)
    assert lives.states().keys() == {"expired"}
    seen = await look(lives, has_table=True)
    assert "its turn did not come before its deadline" in seen.table
    assert await lives.stop() == 0
    await telegram.up()
    publish(world, NEXT_DAY, papers=1)
    lives.jump(DUE.replace(day=NEXT_DAY.day))
    await lives.begin()
    await lives.through(2 * READERS)
    assert await lives.stop() == 0
    for number in range(READERS):
        shown = "".join(telegram.texts(str(1000 + number)))
        assert shown.count(LATE) == 5, "its limit of six, with a new one"


async def test_a_flood_of_several_chats_pauses_the_token_and_then_all_is_sent(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, "telegram", papers=2, readers=40)
    telegram.floods(3.0)
    await lives.begin()
    await lives.through(40)
    assert await lives.stop() == 0
    assert lives.states() == {"sent": 40}
    assert len(telegram.messages) == 40
    assert telegram.refusals_429 == 0
    assert telegram.answers[429] <= 2 * 8, "once it is clear, nobody else is tried"


async def test_a_platform_that_fails_for_a_while_is_tried_more_and_more_seldom(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, "telegram", readers=2)
    lives.rate = 20
    telegram.fails(502, times=ALWAYS, chat="1000")
    await lives.begin()
    begun = lives.now
    await until(lives, lambda: lives.number("SELECT coalesce(max(attempts), 0) FROM parts") == 4)
    assert (lives.now - begun).total_seconds() >= 5 + 10 + 20
    telegram.recovers()
    await lives.through(2)
    assert await lives.stop() == 0
    assert lives.states().keys() == {"sent"}


async def test_who_waits_for_a_token_that_is_missing_is_told_to_the_operator(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, "telegram", "discord", readers=2)
    world.extra["LOG_FORMAT"] = "json"
    await lives.begin()
    await lives.through(2)
    assert await lives.stop() == 0
    log = (world.folder / "bot.log").read_text()
    (told,) = [line for line in map(json.loads, log.splitlines()) if line["event"].startswith("platform left out")]
    assert (told["platform"], told["subscriptions"], told["level"]) == ("discord", 2, "warning")
    assert {message.chat for message in telegram.messages} == {"1000", "1001"}
