"""What somebody asked is counted by day, and nobody asks more than they may, however many ask at once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.services.allowance import Allowance, Allowances, AllowanceSpent
from bot.storage import allowances
from bot.storage.store import Store
from bot.storage.tables import allowances as table
from tests.storage.rows import stored

DAY = date(2026, 1, 6)
NOON = datetime(2026, 1, 6, 12, 0, tzinfo=UTC)
ADA, BO = Person(platform="telegram", id="1"), Person(platform="telegram", id="2")
GROUP, OTHER = Address(platform="telegram", chat="-1", thread="7"), Address(platform="telegram", chat="-2")


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def an_allowance(store: Store, *, person: int = 2, chat: int = 0, clock: Clock | None = None) -> Allowance:
    return Allowance(store=store, allowances=Allowances(person=person, chat=chat), now=clock or Clock())


async def used(store: Store, allowance: Allowance | None = None) -> dict[str, int]:
    if allowance is not None:
        await allowance.finish()
    return {row["who"]: row["used"] for row in await stored(store, table)}


async def test_each_day_platform_and_asker_has_its_own_count(store: Store) -> None:
    async with store.write() as tx:
        for platform, who, on in (
            ("telegram", "person:1", DAY),
            ("telegram", "person:1", DAY),
            ("telegram", "chat:1", DAY),
            ("discord", "person:1", DAY),
            ("telegram", "person:1", DAY + timedelta(days=1)),
        ):
            await allowances.count(tx, platform, who, on)
    async with store.read() as tx:
        assert await allowances.used(tx, "telegram", "person:1", DAY) == 2
        assert await allowances.used(tx, "telegram", "chat:1", DAY) == 1
        assert await allowances.used(tx, "discord", "person:1", DAY) == 1
        assert await allowances.used(tx, "discord", "person:2", DAY) == 0


async def test_old_days_are_pruned_and_an_asker_forgotten_alone(store: Store) -> None:
    async with store.write() as tx:
        for days in range(4):
            await allowances.count(tx, "telegram", "person:1", DAY - timedelta(days=days))
        await allowances.count(tx, "telegram", "person:2", DAY)
        assert await allowances.prune(tx, DAY - timedelta(days=2)) == 1
        await allowances.forget(tx, "telegram", "person:1")
    assert await used(store) == {"person:2": 1}


async def test_whoever_asked_as_often_as_they_may_is_refused_and_nothing_is_counted(store: Store) -> None:
    allowance = an_allowance(store)
    for _ in range(2):
        await allowance.take(ADA, GROUP)
    before = await used(store, allowance)
    for chat in (GROUP, OTHER):
        with pytest.raises(AllowanceSpent) as spent:
            await allowance.take(ADA, chat)
        assert (spent.value.is_person, spent.value.most) == (True, 2)
    assert await used(store, allowance) == before == {"person:1": 2, "chat:-1": 2}
    await allowance.take(BO, GROUP)
    await allowance.finish()


async def test_a_chat_has_an_allowance_for_all_its_people_and_topics(store: Store) -> None:
    allowance = an_allowance(store, person=0, chat=2)
    await allowance.take(ADA, GROUP)
    await allowance.take(BO, Address(platform="telegram", chat="-1", thread="8"))
    with pytest.raises(AllowanceSpent) as spent:
        await allowance.take(ADA, GROUP)
    assert (spent.value.is_person, spent.value.most) == (False, 2)
    assert await used(store, allowance) == {"person:1": 1, "person:2": 1, "chat:-1": 2}
    await allowance.take(ADA, OTHER)
    await allowance.finish()


async def test_a_day_in_utc_begins_anew(store: Store) -> None:
    clock = Clock()
    allowance = an_allowance(store, person=1, clock=clock)
    clock.now = datetime(2026, 1, 6, 23, 59, 59, tzinfo=UTC)
    await allowance.take(ADA, GROUP)
    with pytest.raises(AllowanceSpent):
        await allowance.take(ADA, GROUP)
    clock.now += timedelta(seconds=1)
    await allowance.take(ADA, GROUP)
    await allowance.finish()


async def test_zero_is_no_limit(store: Store) -> None:
    allowance = an_allowance(store, person=0, chat=0)
    for _ in range(20):
        await allowance.take(ADA, GROUP)
    await allowance.finish()


async def test_who_is_nobody_in_particular_is_counted_as_the_chat(store: Store) -> None:
    allowance = an_allowance(store, person=1, chat=2)
    nobody = Person(platform="telegram", id="")
    for _ in range(2):
        await allowance.take(nobody, GROUP)
    with pytest.raises(AllowanceSpent):
        await allowance.take(nobody, GROUP)
    assert await used(store, allowance) == {"chat:-1": 2}


async def test_those_who_ask_at_once_never_get_more_than_they_may(store: Store) -> None:
    allowance = an_allowance(store, person=3, chat=5)
    asked = [allowance.take(person, GROUP) for person in (ADA, BO) for _ in range(8)]
    ends = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(end is None for end in ends) == 5
    assert all(end is None or isinstance(end, AllowanceSpent) for end in ends)
    counted = await used(store, allowance)
    assert counted["chat:-1"] == counted["person:1"] + counted["person:2"] == 5
    assert max(counted["person:1"], counted["person:2"]) <= 3


async def test_what_was_deleted_today_still_counts_today(store: Store) -> None:
    clock = Clock()
    allowance = an_allowance(store, person=3, clock=clock)
    for kept in (1, 1):  # asked, deleted, asked, deleted
        await allowance.take(ADA, GROUP)
        await allowance.finish()
        async with store.write() as tx:
            await allowances.forget(tx, "telegram", "person:1")
        allowance.remember("telegram", "person:1", DAY, kept)
    await allowance.take(ADA, GROUP)
    with pytest.raises(AllowanceSpent):
        await allowance.take(ADA, GROUP)
    await allowance.take(BO, GROUP)
    clock.now += timedelta(days=1)
    for _ in range(3):
        await allowance.take(ADA, GROUP)
    await allowance.finish()
