"""`paperboy deliveries`, `/history` and `paperboy chat --for` as processes, on a database that the real storage filled."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.deliveries import Cause, PartState, Verdict
from bot.domain.subscriptions import Address
from bot.reports.terminal import columns
from bot.storage import destinations, outbox
from bot.storage.store import Store
from tests.builders import a_paper
from tests.storage.parcels import DEADLINE, NOW, SENT, UNKNOWN, a_digest, again, at, ids_of, later, queued, through
from tests.world import World

GROUP = at("-1001234567890", "7")
CHANNEL = at("-1009999999999")
TERMINAL = Address(platform="console", chat="chat")
SECRET = "the text of a message"
TODAY = date(2026, 6, 2)


@asynccontextmanager
async def stored(world: World) -> AsyncIterator[Store]:
    store = await Store.open(f"sqlite:///{world.folder / 'paperboy.db'}")
    yield store
    await store.close()


async def a_ledger(world: World) -> None:
    """Three parts for a topic (sent, put off, in line), one for a channel where the bot was blocked, a notice of yesterday."""
    async with stored(world) as store:
        async with store.write() as tx:
            await outbox.notify(tx, GROUP, "topic", SECRET, deadline_at=DEADLINE, now=later(days=-1))
        first, second, _ = await ids_of(store, await queued(store, GROUP, 3))
        await through(store, first)
        part = Verdict(state=PartState.RETRY, cause=Cause.THROTTLED, not_before=later(minutes=10))
        await through(store, second, part)
        await queued(store, CHANNEL, 1, now=later(minutes=1))
        async with store.write() as tx:
            await destinations.suspend(tx, CHANNEL, Cause.BLOCKED, now=later(minutes=2))
    world.clock = "2026-01-06T15:05:00Z"


async def rows(world: World, *options: str) -> list[list[str]]:
    """The cells of the table's rows, without its head."""
    done = await world.paperboy("deliveries", *options)
    assert done.code == 0, done.err
    assert SECRET not in done.out
    lines = [line for line in done.out.splitlines() if re.match(r"\d{4}-", line)]
    return [re.split(r"\s{2,}", line.strip()) for line in lines]


async def values(world: World, *options: str) -> list[dict[str, Any]]:
    done = await world.paperboy("deliveries", "--format", "json", *options)
    assert done.code == 0, done.err
    assert SECRET not in done.out
    return [json.loads(line) for line in done.out.splitlines()]


async def test_an_empty_ledger_is_a_sentence(world: World) -> None:
    done = await world.paperboy("deliveries")
    assert (done.code, done.out) == (0, "The ledger is empty: nothing was queued for delivery yet.\n")
    assert await values(world) == [{"what": "totals"} | {str(state): 0 for state in PartState}]


async def test_the_table_shows_each_part_newest_first_with_its_reason_and_below_it_totals_and_closed_chats(world: World) -> None:
    await a_ledger(world)
    channel = ("2026-01-06 15:01:00", "telegram", "-1009999999999")
    topic = ("2026-01-06 15:00:00", "telegram", "-1001234567890", "7")
    assert await rows(world) == [
        [*channel, "2026-01-06 daily", "1/1", "suspended", "0", "the bot was blocked in that chat"],
        [*topic, "2026-01-06 daily", "3/3", "due", "0"],
        [*topic, "2026-01-06 daily", "2/3", "retry", "2026-01-06 15:10:00", "1", "Telegram asked us to wait"],
        [*topic, "2026-01-06 daily", "1/3", "sent", "2026-01-06 15:00:00", "1"],
        ["2026-01-05 15:00:00", "telegram", "-1001234567890", "7", "a notice", "1/1", "due", "0"],
    ]
    out = (await world.paperboy("deliveries")).out
    assert "In the whole ledger: 2 due, 1 sent, 1 retry, 1 suspended." in out
    closed = out.partition("Destinations that take no messages for now\n")[2].splitlines()
    assert re.split(r"\s{2,}", closed[1]) == [
        *("telegram", "-1009999999999", "2026-01-06 15:02:00", "2026-01-06 16:02:00", "the bot was blocked in that chat")
    ]


async def test_columns_stand_under_each_other_in_a_language_of_wide_letters_too(world: World) -> None:
    await a_ledger(world)
    done = await world.paperboy("deliveries", "--language", "zh")
    lines = done.out.splitlines()
    cells = ("原因", "机器人在该聊天中被屏蔽", "Telegram 要求我们稍候")
    found = [next(line for line in lines if cell in line) for cell in cells]
    assert len({columns(line.partition(cell)[0]) for line, cell in zip(found, cells, strict=True)}) == 1


async def test_options_narrow_what_is_shown(world: World) -> None:
    await a_ledger(world)
    options = ("--chat", "-1001234567890", "--state", "due", "--since", "2h", "--limit", "9")
    (due,) = await rows(world, *options)
    assert "3/3" in due


async def test_more_than_the_limit_is_said(world: World) -> None:
    await a_ledger(world)
    assert "the newest 2; there are more" in (await world.paperboy("deliveries", "--limit", "2")).out


async def test_json_is_an_object_a_line_with_the_same_keys_in_all_parts(world: World) -> None:
    await a_ledger(world)
    found = await values(world)
    parts = [each for each in found if each["what"] == "part"]
    assert len({tuple(part) for part in parts}) == 1
    put_off = next(part for part in parts if part["state"] == "retry")
    assert put_off["next_at"] == "2026-01-06T15:10:00Z"
    assert (put_off["cause"], put_off["number"], put_off["total"], put_off["thread"]) == ("throttled", 2, 3, "7")
    assert put_off["digest"] == {"on": "2026-01-06", "kind": "daily", "number": 0}
    assert parts[-1]["digest"] is None
    closed = next(each for each in found if each["what"] == "destination")
    assert (closed["chat"], closed["cause"], closed["since"]) == (CHANNEL.chat, "blocked", "2026-01-06T15:02:00Z")
    totals = found[-1]
    assert sum(totals[state] for state in PartState) == len(parts) == 5


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--chat", "telegram:-100/7"), "all its topics"),
        (("--state", "lost"), "suspended, expired, dead"),
        (("--since", "yesterday"), "2d, 6h"),
    ],
)
async def test_what_is_not_understood_is_one_sentence(world: World, options: tuple[str, ...], hint: str) -> None:
    done = await world.paperboy("deliveries", *options)
    assert (done.code, done.out) == (2, "")
    assert hint in done.err
    assert done.err.count("\n") == 1


async def test_the_ledger_is_read_beside_a_writer(world: World) -> None:
    await a_ledger(world)
    async with stored(world) as store, store.write():
        assert len(await rows(world)) == 5


async def test_history_says_what_became_of_each_digest(world: World) -> None:
    await world.paperboy("chat", typed="/subscribe cs.CL agents\n/timezone Berlin\n")
    async with stored(world) as store:
        for days, verdict in ((3, Verdict(state=PartState.EXPIRED, cause=Cause.TOO_LATE)), (2, UNKNOWN), (1, SENT)):
            made = await queued(
                store, TERMINAL, 1, now=later(days=-days), on=(NOW - timedelta(days=days)).date(), first_paper=days * 10,
                created_at=later(days=-days), deadline_at=later(days=-days + 1),
            )  # fmt: skip
            (part,) = await ids_of(store, made)
            if verdict.state is PartState.EXPIRED:
                async with store.write() as tx:
                    await outbox.expire(tx, now=later(days=-2))
            else:
                await through(store, part, verdict, later(days=-days))
        first, second = await ids_of(store, await queued(store, TERMINAL, 2))
        await through(store, first)
        await through(store, second, again(later(minutes=15)))
    world.clock = "2026-01-06T15:05:00Z"
    done = await world.paperboy("chat", typed="/history\n")
    assert [line.strip() for line in done.out.splitlines() if line.startswith("  - 2026")] == [
        "- 2026-01-06, daily, 2 papers: part 1 of 2 sent at 16:00; "
        "part 2 of 2 waiting until 16:15 because the terminal could not be reached",
        "- 2026-01-05, daily, 1 paper: sent at 16:00",
        "- 2026-01-04, daily, 1 paper: sent at 16:00, but no answer came: it may have been shown",
        "- 2026-01-03, daily, 1 paper: expired at 2026-01-04 16:00 because its turn did not come before its deadline; "
        "its papers come with the next digest",
    ]


async def test_history_tells_no_more_than_ten(world: World) -> None:
    async with stored(world) as store, store.write() as tx:
        for day in range(1, 13):
            await a_digest(tx, TERMINAL, on=date(2026, 1, day), first_paper=day * 10, created_at=later(days=day))
    done = await world.paperboy("chat", typed="/history\n")
    assert done.out.count("it is being made") == 10
    assert "2026-01-12" in done.out
    assert "2026-01-02" not in done.out


async def test_an_operator_sets_up_a_feed_elsewhere_and_their_own_settings_stay(world: World) -> None:
    await world.paperboy("chat", typed="/subscribe cs.CL agents\n")
    setup = await world.paperboy("chat", "--for", "telegram:-1001234567890/7", typed="/subscribe cs.LG birds\n/language zh\n")
    assert setup.code == 0, setup.err
    first = setup.out.splitlines()[0]
    assert "Telegram -1001234567890, topic 7" in first
    assert "until TELEGRAM_BOT_TOKEN is set" in setup.out
    again_ = await world.paperboy("chat", "--for", "telegram:-1001234567890/7", typed="/settings\n")
    assert "birds" in again_.out
    assert again_.out.startswith("这是 Telegram -1001234567890，话题 7 的设置")
    other = await world.paperboy("chat", "--for", "telegram:-1001234567890", typed="/settings\n")
    assert "no subscription" in other.out
    own = await world.paperboy("chat", typed="/settings\n")
    assert "agents" in own.out
    assert "birds" not in own.out


async def test_with_a_token_nothing_is_said_to_be_missing(world: World) -> None:
    world.extra = {"DISCORD_BOT_TOKEN": "a.b.c", "DISCORD_API_URL": "http://127.0.0.1:9"}
    done = await world.paperboy("chat", "--for", "discord:123456789012345678", typed="")
    assert done.code == 0, done.err
    assert "Discord 123456789012345678" in done.out
    assert "BOT_TOKEN" not in done.out


async def test_a_digest_looked_at_from_elsewhere_uses_up_no_papers(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    typed = "/subscribe cs.CL agents\n/digest\n/digest\n/history\n"
    done = await world.paperboy("chat", "--for", "telegram:-1001234567890", typed=typed)
    assert "1 of 1 paper that is new to you matches" in done.out
    assert "/digest shows it now" not in done.out, "it goes elsewhere"
    assert done.out.count("A digest now would list 1 of 1 new paper") == 2
    assert done.out.count("A preview: these papers stay new, and the digest itself goes to Telegram -1001234567890.") == 2
    assert "No digest was made for you yet." in done.out


@pytest.mark.parametrize("arguments", [("--for", "telegram:somebody"), ("--for", "discord:1", "--sample"), ("--for", "")])
async def test_no_address_no_conversation(world: World, arguments: tuple[str, ...]) -> None:
    done = await world.paperboy("chat", *arguments, typed="/settings\n")
    assert (done.code, done.out) == (2, "")
