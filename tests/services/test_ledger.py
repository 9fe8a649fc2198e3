"""The ledger shows what was asked for and nothing else, and says when there is more."""

from datetime import date, timedelta

import pytest

from bot.domain.deliveries import Cause, PartState
from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.subscriptions import Schedule, Subscription
from bot.services.ledger import Asked, Ledger
from bot.services.subscribing import NotSubscribed
from bot.storage import destinations, digests, subscriptions
from bot.storage.store import Store
from tests.storage.parcels import DEADLINE, NOW, at, ids_of, later, queued, through

GROUP, OTHER, DISCORD = at("-1", "7"), at("-2"), at("-1", platform="discord")


@pytest.fixture
async def ledger(store: Store) -> Ledger:
    """Three parts for a topic, of which the first is sent; one for another chat, a minute later; one on Discord, closed."""
    first, *_ = await ids_of(store, await queued(store, GROUP, 3))
    await through(store, first)
    await queued(store, OTHER, 1, now=later(minutes=1))
    await queued(store, DISCORD, 1, now=later(minutes=2))
    async with store.write() as tx:
        await destinations.suspend(tx, DISCORD, Cause.CHANNEL_GONE, now=later(minutes=3))
        await destinations.suspend(tx, OTHER, Cause.BLOCKED, now=later(minutes=3))
    return Ledger(store=store, now=lambda: NOW)


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (Asked(), [("discord", 1), ("telegram", 1), ("telegram", 3), ("telegram", 2), ("telegram", 1)]),
        (Asked(platform="telegram", chat="-1"), [("telegram", 3), ("telegram", 2), ("telegram", 1)]),
        (Asked(chat="-1"), [("discord", 1), ("telegram", 3), ("telegram", 2), ("telegram", 1)]),
        (Asked(platform="telegram", chat="7"), []),
        (Asked(state=PartState.SENT), [("telegram", 1)]),
        (Asked(since=later(minutes=1)), [("discord", 1), ("telegram", 1)]),
        (Asked(since=later(minutes=1), chat="-2"), [("telegram", 1)]),
    ],
)
async def test_a_page_holds_what_was_asked_for_newest_first(ledger: Ledger, asked: Asked, parts: list[tuple[str, int]]) -> None:
    page = await ledger.page(asked)
    assert [(entry.address.platform, entry.number) for entry in page.entries] == parts
    assert not page.has_more


@pytest.mark.parametrize(("limit", "has_more"), [(4, True), (5, False), (6, False)])
async def test_a_page_knows_whether_there_is_more(ledger: Ledger, limit: int, has_more: bool) -> None:
    page = await ledger.page(Asked(limit=limit))
    assert (len(page.entries), page.has_more) == (min(limit, 5), has_more)


async def test_totals_are_of_all_chats_since_the_same_time(ledger: Ledger) -> None:
    page = await ledger.page(Asked(chat="-2"))
    assert {state: n for state, n in page.totals.items() if n} == {"due": 2, "sent": 1, "suspended": 2}
    page = await ledger.page(Asked(chat="-2", since=later(minutes=2)))
    assert {state: n for state, n in page.totals.items() if n} == {"suspended": 1}


async def test_every_chat_that_is_closed_is_told_whatever_the_limit(ledger: Ledger) -> None:
    assert {each.address for each in (await ledger.page(Asked())).closed} == {OTHER, DISCORD}
    assert len((await ledger.page(Asked(limit=1))).closed) == 2
    for mine in (OTHER, DISCORD):
        page = await ledger.page(Asked(chat=mine.chat, limit=1))
        assert [each.address for each in page.closed] == [mine]


async def test_history_is_of_one_address_with_its_parts_and_its_zone(ledger: Ledger) -> None:
    found = await ledger.history(GROUP)
    assert [(one.slot.on, len(one.parts)) for one in found.made] == [(date(2026, 1, 6), 3)]
    assert (found.zone, found.at) == ("UTC", NOW)
    with pytest.raises(NotSubscribed):
        await ledger.history(at("-1"))


async def test_only_a_catchup_says_which_days_it_stands_for(store: Store) -> None:
    home, plan = at("-3"), DigestPlan(picks=(), counts=Counts(found=0, matched=0, listed=0))
    async with store.write() as tx:
        saved = await subscriptions.save(tx, Subscription(address=home, schedule=Schedule(zone="Asia/Tokyo")))
        assert saved.id is not None
        for number, kind in enumerate((SlotKind.NOW, SlotKind.CATCHUP, SlotKind.DAILY)):
            await digests.record_plan(
                tx,
                saved.id,
                Slot(on=NOW.date(), kind=kind, number=0 if kind is SlotKind.DAILY else 1),
                plan,
                due=None,
                now=later(seconds=number),
                deadline_at=DEADLINE,
                covers_from=NOW.date() - timedelta(days=number),
            )
    found = await Ledger(store=store, now=lambda: NOW).history(home)
    spans = [one.makes_up_for for one in found.made]
    assert spans == [None, (date(2026, 1, 5), date(2026, 1, 6)), None]
    assert found.zone == "Asia/Tokyo"
