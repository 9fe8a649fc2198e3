"""How `paperboy run` stops in the middle of its work, and what the next start makes of it; faults that concern one reader."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.subscriptions import Address, Subscription
from bot.storage import subscriptions
from bot.storage.store import Store
from tests.fakes.telegram import ALWAYS, Asked, FakeTelegram
from tests.lives import Lives, Shown, publish, subscribe
from tests.process.watching import look, quiet, until
from tests.world import World

DAY = date(2026, 6, 2)
EVE, DUE = datetime(2026, 6, 2, 8, tzinfo=UTC), datetime(2026, 6, 2, 9, 0, 1, tzinfo=UTC)


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        world.extra |= {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url}
        yield fake


def chats(count: int) -> list[Address]:
    return [Address(platform="telegram", chat=str(1000 + number)) for number in range(count)]


async def a_broadcast(world: World, readers: int, papers: int) -> Lives:
    """Readers whose digest is due as soon as the bot begins."""
    await subscribe(world, *chats(readers), at="09:00", subscribed_at=EVE, limit=papers)
    publish(world, DAY, papers=papers)
    return Lives(world=world, platform="telegram", starts_at=DUE)


def shown(telegram: FakeTelegram) -> Shown:
    return [(each.chat, each.html) for each in telegram.messages]


def sends(telegram: FakeTelegram) -> int:
    return sum(each.method == "sendMessage" for each in telegram.requests)


async def test_a_stop_lets_the_parts_in_hand_finish_and_claims_no_more(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, readers=12, papers=2)
    is_stopping = asyncio.Event()

    async def hold(moment: str, _: Asked) -> None:
        if moment == "accepted":
            await is_stopping.wait()
            await asyncio.sleep(1.0)  # the answer comes a second after the signal

    telegram.on_send = hold
    await lives.begin()
    await telegram.has_accepted(8)
    is_stopping.set()
    began = time.monotonic()
    assert await lives.stop() == 0, lives.log()
    assert time.monotonic() - began < 10
    assert sends(telegram) == 8, "as many as are in hand at once"
    assert lives.states().get("sending", 0) == 0
    assert lives.states()["sent"] == 8
    telegram.on_send = None
    await lives.begin()
    await lives.through(12)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.unexplained, tally.repeated, tally.states) == ((), (), 0, {"sent": 12})


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_it_at_once_and_the_next_start_loses_nothing(
    world: World, telegram: FakeTelegram, second: signal.Signals
) -> None:
    lives = await a_broadcast(world, readers=3, papers=2)
    world.extra["LOG_LEVEL"] = "info"
    telegram.hangs(times=3)
    await lives.begin()
    await until(lives, lambda: sends(telegram) == 3)
    lives.signal(signal.SIGTERM)
    await until(lives, lambda: "stopping" in lives.log())
    lives.signal(second)
    began = time.monotonic()
    code = await lives.ended()
    assert time.monotonic() - began < 5
    assert code in (-second, 128 + second)
    telegram.recovers()
    await lives.begin()
    await lives.through(3)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.states, tally.repeated) == ((), {"sent": 3}, 0), "what hung was never accepted"


async def test_a_stop_while_digests_are_made_loses_none_and_makes_none_twice(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, readers=40, papers=2)
    await lives.begin()
    await until(lives, lambda: lives.number("SELECT count(*) FROM digests") > 4)
    assert await lives.stop() == 0, lives.log()
    made = lives.number("SELECT count(*) FROM digests")
    assert made < 40
    await lives.begin()
    await lives.through(40)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.unexplained, tally.repeated, tally.states) == ((), (), 0, {"sent": 40})


@pytest.mark.parametrize("where", ["the source", "the token"])
async def test_a_stop_is_heard_while_somebody_does_not_answer(world: World, telegram: FakeTelegram, where: str) -> None:
    lives = await a_broadcast(world, readers=1, papers=2)
    if where == "the source":
        world.arxiv.hangs()
    else:
        telegram.hangs(times=ALWAYS, method="getMe")
    await lives.begin()
    await until(lives, lambda: bool(world.arxiv.asked if where == "the source" else telegram.requests))
    assert await lives.stop() == 0, lives.log()
    assert not telegram.messages
    telegram.recovers()
    world.arxiv.recovers()
    await lives.begin()
    await lives.through(1)
    assert await lives.stop() == 0
    assert len(telegram.messages) == 1


async def test_a_digest_goes_on_where_it_was_interrupted(world: World, telegram: FakeTelegram) -> None:
    lives = await a_broadcast(world, readers=1, papers=30)
    await lives.begin()
    await telegram.has_accepted(2)
    await lives.kill()
    before = len(telegram.messages)
    await lives.begin()
    await lives.through(1)
    assert await lives.stop() == 0
    tally = lives.tally(shown(telegram))
    assert (tally.lost, tally.unexplained, tally.out_of_order) == ((), (), ())
    assert tally.states["sent"] > 3
    again = set(shown(telegram)[:before]) & set(shown(telegram)[before:])
    assert len(again) <= 1, "only what was in hand may come again"


async def change(world: World, *changes: Callable[[Subscription], Subscription]) -> None:
    """One for each reader, as no service would make it."""
    store = await Store.open(f"sqlite:///{world.folder / 'paperboy.db'}")
    async with store.write() as tx:
        for address, changed in zip(chats(len(changes)), changes, strict=True):
            one = await subscriptions.by_address(tx, address)
            assert one is not None
            await subscriptions.save(tx, changed(one))
    await store.close()


async def test_what_cannot_be_made_for_one_reader_is_made_for_the_others(world: World, telegram: FakeTelegram) -> None:
    """A file that is gone, a zone and a style that never were; and a source that is down for who asked for it too."""
    lives = await a_broadcast(world, readers=5, papers=2)
    world.huggingface.is_down_for(1000)
    await change(
        world,
        lambda one: replace(one, interest=replace(one.interest, sources=frozenset({"arxiv", "bibtex:gone.bib"}))),
        lambda one: replace(one, schedule=replace(one.schedule, zone="Mars/Base")),
        lambda one: replace(one, style="sonnet"),
        lambda one: replace(one, interest=replace(one.interest, sources=frozenset({"arxiv", "huggingface"}))),
    )
    world.extra["SOURCE_WAIT_S"] = "0"
    await lives.begin()
    await until(lives, lambda: len(telegram.messages) >= 4)
    await quiet(lives, 4)
    seen = await look(lives)
    assert await lives.stop() == 0
    assert {place for place in seen.parts if seen.states(place) == ["sent"]} == {"1000", "1002", "1003", "1004"}
    assert "gone.bib" in telegram.texts("1000")[0]
    assert "Hugging Face" in telegram.texts("1003")[0]
    assert all(text.count("Agents of 02 June") == 2 for text in telegram.texts())
    assert lives.log().count("digest failed") == 1
