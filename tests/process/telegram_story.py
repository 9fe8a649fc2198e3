"""Telegram chats with a fate each, in one broadcast, and what becomes of them within two days. Told once, for many tests."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.subscriptions import Address
from tests.fakes.telegram import FakeTelegram
from tests.lives import Lives, publish, subscribe
from tests.process.watching import Stages, Story, until
from tests.world import a_world

FIRST, SECOND, THIRD = "2026-06-02", "2026-06-03", "2026-06-04"  # Tuesday to Thursday
EVE = datetime(2026, 6, 2, 8, tzinfo=UTC)
PAPERS = 24
FINE = ("1001", "1002")
BLOCKED, DEACTIVATED, UNKNOWN, STUBBORN = "1101", "1102", "1103", "1104"
KICKED, CHANNEL = "-1201", "-1001202"
GROUP = "-1001300"
CLOSED_TOPIC, DELETED_TOPIC, OPEN_TOPIC = f"{GROUP}/7", f"{GROUP}/8", f"{GROUP}/9"
MOVING, MOVED = "-1401", "-1001401"
DOUBLE, TWIN = "-1402", "-1001402"
MARKUP, TWICE, SHAKY, LOST, GARBAGE, ODD = "1501", "1502", "1503", "1504", "1505", "1506"
PATIENT, FLOODED = "1601", "1602"
PLACES = (
    *FINE,
    BLOCKED,
    DEACTIVATED,
    UNKNOWN,
    STUBBORN,
    KICKED,
    CHANNEL,
    CLOSED_TOPIC,
    DELETED_TOPIC,
    OPEN_TOPIC,
    MOVING,
    DOUBLE,
    TWIN,
    MARKUP,
    TWICE,
    SHAKY,
    LOST,
    GARBAGE,
    ODD,
    PATIENT,
    FLOODED,
)
CLOSED = (BLOCKED, DEACTIVATED, UNKNOWN, STUBBORN, KICKED, CHANNEL, CLOSED_TOPIC, DELETED_TOPIC)
OPENED = tuple(place for place in CLOSED if place != STUBBORN)


def befall(telegram: FakeTelegram) -> None:
    """What waits for the broadcast."""
    telegram.blocks(BLOCKED)
    telegram.blocks(STUBBORN)
    telegram.deactivates(DEACTIVATED)
    telegram.forgets(UNKNOWN)
    telegram.kicks(KICKED)
    telegram.makes_channel(CHANNEL)
    telegram.takes_rights(CHANNEL)
    telegram.closes_topic(GROUP, "7")
    telegram.deletes_topic(GROUP, "8")
    telegram.refuses_markup(chat=MARKUP)
    telegram.refuses(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 3", chat=TWICE, times=2)
    telegram.fails(502, chat=SHAKY)
    telegram.loses_answer(cuts=True, chat=LOST)
    telegram.says("<html>welcome to the hotel</html>", chat=GARBAGE, accepts=True)
    telegram.refuses(403, "Forbidden: the stars are not right", chat=ODD)
    telegram.throttles(10_000, chat=PATIENT)
    telegram.throttles(43_200, chat=FLOODED)


def relent(telegram: FakeTelegram) -> None:
    telegram.unblocks(BLOCKED)
    telegram.reactivates(DEACTIVATED)
    telegram.remembers(UNKNOWN)
    telegram.readmits(KICKED)
    telegram.gives_rights(CHANNEL)
    telegram.reopens_topic(GROUP, "7")
    telegram.reopens_topic(GROUP, "8")


def address(place: str) -> Address:
    chat, _, thread = place.partition("/")
    return Address(platform="telegram", chat=chat, thread=thread)


async def told(folder: Path) -> Story:
    """Tuesday at nine, at ten and at noon, Wednesday at nine, Thursday at noon."""
    story = Story()
    async with a_world(folder) as world, FakeTelegram() as telegram:
        world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        await subscribe(world, *map(address, PLACES), at="09:00", subscribed_at=EVE, limit=PAPERS)
        publish(world, date.fromisoformat(FIRST), PAPERS)
        befall(telegram)
        lives = Lives(world=world, platform="telegram", starts_at=EVE)
        stages = Stages(
            lives=lives, story=story, shown=lambda: [(f"{m.chat}/{m.thread}".rstrip("/"), m) for m in telegram.messages]
        )
        upgrading = asyncio.create_task(upgraded(telegram, lives))
        await stages.pass_by("broadcast", f"{FIRST}T09:00:01", digests=len(PLACES), closed=len(CLOSED), has_table=True)
        await upgrading
        await stages.pass_by("in vain", f"{FIRST}T10:01:00", digests=len(PLACES), closed=len(CLOSED), looks=1)
        relent(telegram)
        await stages.pass_by("opened", f"{FIRST}T12:02:00", digests=len(PLACES), closed=1, looks=2)
        publish(world, date.fromisoformat(SECOND), 3)
        await stages.pass_by("next day", f"{SECOND}T09:00:01", digests=2 * len(PLACES) - 2, closed=1, looks=3)
        publish(world, date.fromisoformat(THIRD), 3)
        telegram.unblocks(STUBBORN)
        lives.rate = 20  # its digest is made at the first tick after it was opened
        await stages.pass_by("caught up", f"{THIRD}T12:00:00", digests=3 * len(PLACES) - 3, closed=0)
        story.log = (folder / "bot.log").read_text()
        world.clock = lives.now.isoformat()
        story.history = (await world.paperboy("chat", "--for", f"telegram:{STUBBORN}", typed="/history\n")).out
        story.subscriptions = lives.number("SELECT count(*) FROM subscriptions")
        assert telegram.refusals_429 == 0, "within the limits all the time"
    return story


async def upgraded(telegram: FakeTelegram, lives: Lives) -> None:
    """In mid-broadcast two groups become supergroups."""
    await telegram.has_accepted(1)
    await until(lives, lambda: lives.number("SELECT count(*) FROM digests WHERE queued_at IS NOT NULL") == len(PLACES))
    telegram.upgrades(MOVING, MOVED)
    telegram.upgrades(DOUBLE, TWIN)
