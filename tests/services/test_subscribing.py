"""Changes of a subscription: what they do to the next digest, and that none overwrites another or a digest that is made."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.subscriptions import Address, Interest, Schedule, Subscription
from bot.errors import BadInput
from bot.services.subscribing import MAX_TERMS, NotSubscribed, Subscribing
from bot.storage import digests, subscriptions
from bot.storage.store import Store

HERE = Address(platform="console", chat="1")
TUESDAY = date(2026, 6, 2)
NINE = datetime(2026, 6, 2, 9, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock(NINE - timedelta(hours=1))


@pytest.fixture
async def subscribing(store: Store, clock: Clock) -> Subscribing:
    """One reader, whose digests are due at nine every day, from 2 June 2026 on."""
    made = Subscribing(store=store, now=clock)
    await made.subscribe(HERE, Interest(keywords=("agents",)))
    return made


async def due_at(subscribing: Subscribing) -> datetime | None:
    return (await subscribing.require(HERE)).next_due_at


async def digest_is_made(store: Store, on: date, *, kind: SlotKind = SlotKind.DAILY, answered: datetime = NINE) -> None:
    """W2, without papers."""
    plan = DigestPlan(picks=(), counts=Counts(found=0, matched=0, listed=0))
    async with store.write() as tx:
        reader = await subscriptions.by_address(tx, HERE)
        assert reader is not None
        assert reader.id is not None
        stored = await digests.record_plan(
            tx,
            reader.id,
            Slot(on=on, kind=kind, number=0 if kind is SlotKind.DAILY else 1),
            plan,
            due=None if kind is SlotKind.NOW else digests.DueTime(answered=answered, next_at=NINE + DAY),
            now=NINE,
            deadline_at=NINE + DAY,
        )
        assert stored is not None


def at(hour: int, minute: int = 0) -> Callable[[Schedule], Schedule]:
    return lambda known: replace(known, at=time(hour, minute))


async def test_the_first_digest_is_due_strictly_after_the_subscription(store: Store, clock: Clock) -> None:
    clock.now = NINE
    made = await Subscribing(store=store, now=clock).subscribe(HERE, Interest())
    assert (made.next_due_at, made.created_at) == (NINE + DAY, NINE)


async def test_only_the_schedule_moves_the_next_digest(store: Store, subscribing: Subscribing) -> None:
    odd = datetime(2026, 6, 2, 7, 11, 13, tzinfo=UTC)
    async with store.write() as tx:
        known = await subscriptions.by_address(tx, HERE)
        assert known is not None
        await subscriptions.save(tx, replace(known, next_due_at=odd))
    await subscribing.subscribe(HERE, Interest(keywords=("tools",)))
    await subscribing.set_interest(HERE, lambda wish: replace(wish, threshold=2.0))
    await subscribing.set_limit(HERE, 3)
    await subscribing.set_form(HERE, style="brief", language="vi", note=False)
    await subscribing.set_schedule(HERE, lambda same: same)
    await subscribing.resume(HERE)
    assert await due_at(subscribing) == odd
    known = await subscribing.require(HERE)
    assert known.interest.keywords == ("agents", "tools")
    assert (known.interest.threshold, known.limit, known.style, known.language) == (2.0, 3, "brief", "vi")
    assert not known.wants_empty_note


async def test_an_hour_changed_in_the_minute_it_is_due_before_the_tick(subscribing: Subscribing, clock: Clock) -> None:
    clock.now = NINE + 20 * SECOND
    assert (await subscribing.set_schedule(HERE, at(8))).next_due_at == NINE
    assert (await subscribing.set_schedule(HERE, at(9, 1))).next_due_at == NINE + 60 * SECOND
    assert (await subscribing.set_schedule(HERE, at(8))).next_due_at == clock.now


@pytest.mark.parametrize("kind", [SlotKind.DAILY, SlotKind.CATCHUP])
async def test_an_hour_changed_in_the_minute_it_is_due_behind_the_tick(
    subscribing: Subscribing, store: Store, clock: Clock, kind: SlotKind
) -> None:
    clock.now = NINE + 20 * SECOND
    await digest_is_made(store, TUESDAY, kind=kind)
    assert (await subscribing.set_schedule(HERE, at(9, 1))).next_due_at == NINE + DAY + 60 * SECOND
    assert (await subscribing.set_schedule(HERE, at(8))).next_due_at == NINE + DAY - timedelta(hours=1)


async def test_a_digest_that_was_asked_for_is_none_of_the_schedule(subscribing: Subscribing, store: Store, clock: Clock) -> None:
    await digest_is_made(store, TUESDAY, kind=SlotKind.NOW)
    assert (await subscribing.set_schedule(HERE, at(20))).next_due_at == NINE.replace(hour=20)


async def test_the_days_that_a_stopped_bot_missed_stay_due(subscribing: Subscribing, clock: Clock) -> None:
    clock.now = NINE + 3 * DAY
    await subscribing.set_schedule(HERE, at(20))
    assert await due_at(subscribing) == NINE


async def test_a_pause_and_its_end(subscribing: Subscribing, clock: Clock) -> None:
    clock.now = NINE + 20 * SECOND
    assert (await subscribing.pause(HERE)).next_due_at is None
    assert (await subscribing.resume(HERE)).next_due_at == NINE + DAY
    assert (await subscribing.pause(HERE, date(2026, 6, 9))).next_due_at == NINE + 7 * DAY
    assert (await subscribing.set_schedule(HERE, at(10))).next_due_at == NINE + 7 * DAY + timedelta(hours=1)


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Kiritimati", date(2026, 6, 3)), ("Pacific/Midway", TUESDAY - DAY)])
async def test_a_pause_ends_after_the_day_of_its_reader(subscribing: Subscribing, clock: Clock, zone: str, today: date) -> None:
    clock.now = NINE.replace(hour=10 if zone == "Pacific/Kiritimati" else 9)
    await subscribing.set_schedule(HERE, lambda known: replace(known, zone=zone))
    known = await subscribing.require(HERE)
    with pytest.raises(BadInput):
        await subscribing.pause(HERE, today)
    assert await subscribing.require(HERE) == known
    assert (await subscribing.pause(HERE, today + DAY)).schedule.paused_until == today + DAY


async def test_what_is_refused_changes_nothing(subscribing: Subscribing) -> None:
    known = await subscribing.require(HERE)
    words = tuple(f"word {number}" for number in range(MAX_TERMS))
    with pytest.raises(BadInput):
        await subscribing.subscribe(HERE, Interest(keywords=words))
    with pytest.raises(BadInput):
        await subscribing.set_limit(HERE, 0)
    assert await subscribing.require(HERE) == known


async def test_nothing_is_changed_where_nobody_subscribed(subscribing: Subscribing, store: Store) -> None:
    elsewhere = replace(HERE, chat="2")
    for change in (
        subscribing.set_interest(elsewhere, lambda wish: wish),
        subscribing.set_limit(elsewhere, 3),
        subscribing.set_form(elsewhere, style="brief"),
        subscribing.set_schedule(elsewhere, at(8)),
        subscribing.pause(elsewhere),
        subscribing.resume(elsewhere),
    ):
        with pytest.raises(NotSubscribed):
            await change
    assert await subscribing.current(elsewhere) is None


async def test_changes_at_the_same_time_all_stay(file: Path, subscribing: Subscribing, clock: Clock) -> None:
    """Also those of another process, which has its own connections."""
    other_store = await Store.open(f"sqlite:///{file}")
    other = Subscribing(store=other_store, now=clock)
    words = [f"word {number}" for number in range(12)]
    await asyncio.gather(
        *(each.subscribe(HERE, Interest(keywords=(word,))) for word in words[:6] for each in (subscribing, other)),
        *(each.set_interest(HERE, _with(word)) for word in words[6:] for each in (subscribing, other)),
        subscribing.set_limit(HERE, 3),
        other.set_form(HERE, style="brief"),
        subscribing.set_schedule(HERE, at(20)),
        other.set_schedule(HERE, lambda known: replace(known, zone="Europe/Berlin")),
    )
    await other_store.close()
    known = await subscribing.require(HERE)
    assert set(known.interest.keywords) == {"agents", *words}
    assert (known.limit, known.style, known.schedule.at, known.schedule.zone) == (3, "brief", time(20), "Europe/Berlin")
    assert known.next_due_at == NINE.replace(hour=18)


def _with(word: str) -> Callable[[Interest], Interest]:
    return lambda wish: replace(wish, keywords=(*(w for w in wish.keywords if w != word), word))


async def test_two_first_subscriptions_at_the_same_time_are_one(store: Store, clock: Clock) -> None:
    subscribing = Subscribing(store=store, now=clock)
    await asyncio.gather(*(subscribing.subscribe(HERE, Interest(keywords=(f"word {n}",))) for n in range(8)))
    assert set((await subscribing.require(HERE)).interest.keywords) == {f"word {n}" for n in range(8)}


async def test_a_digest_that_is_made_meanwhile_is_not_overwritten(subscribing: Subscribing, store: Store, clock: Clock) -> None:
    clock.now = NINE + 20 * SECOND
    changes: list[asyncio.Task[Subscription]] = []
    for limit in range(1, 21):
        changes.append(asyncio.create_task(subscribing.set_limit(HERE, limit)))
        if limit == 10:
            made = asyncio.create_task(digest_is_made(store, TUESDAY))
    await asyncio.gather(made, *changes)
    assert await due_at(subscribing) == NINE + DAY


async def test_nobody_else_writes_between_reading_and_saving(file: Path, subscribing: Subscribing) -> None:
    refused: list[str] = []

    def another_process_writes() -> None:
        with sqlite3.connect(file, timeout=0, isolation_level=None) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                refused.append(str(error))
        connection.close()

    def interest(known: Interest) -> Interest:
        another_process_writes()
        return known

    def schedule(known: Schedule) -> Schedule:
        another_process_writes()
        return replace(known, at=time(20))

    await subscribing.set_interest(HERE, interest)
    await subscribing.set_schedule(HERE, schedule)
    assert refused == ["database is locked"] * 2
