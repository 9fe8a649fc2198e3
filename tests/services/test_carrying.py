"""Settings out and in, on a real store: all of them in one go, or nothing at all."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.subscriptions import Address, Form, Interest
from bot.services.carrying import Carrying
from bot.services.subscribing import NotSubscribed, Subscribing
from bot.storage.store import Store
from bot.words.languages import language_code

HERE, THERE = Address(platform="console", chat="1"), Address(platform="telegram", chat="-100", thread="3")
NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
SOURCES = ("arxiv", "huggingface")


@pytest.fixture
def subscribing(store: Store) -> Subscribing:
    return Subscribing(store=store, now=lambda: NOON)


@pytest.fixture
def carrying(subscribing: Subscribing) -> Carrying:
    return Carrying(subscribing=subscribing, styles=("brief", "card"), language_code=language_code)


async def put(carrying: Carrying, address: Address, content: bytes) -> None:
    await carrying.imported(address, "settings.json", content, language="vi", sources=SOURCES)


async def test_settings_are_the_same_elsewhere_and_due_at_their_hour(carrying: Carrying, subscribing: Subscribing) -> None:
    await subscribing.subscribe(HERE, Interest(keywords=("agents",), categories=frozenset({"cs.CL"})), language="zh")
    await subscribing.set_schedule(HERE, lambda known: replace(known, at=time(18, 30), zone="Europe/Berlin"))
    await subscribing.set_form(HERE, style="brief", form=Form.TITLES, is_muted=True, note=False, members_may_ask=False)
    known = await subscribing.set_limit(HERE, 7)
    await put(carrying, THERE, await carrying.exported(HERE))
    there = await subscribing.require(THERE)
    assert replace(there, id=known.id, address=HERE) == known
    assert there.next_due_at == datetime(2026, 6, 2, 16, 30, tzinfo=UTC)


async def test_a_new_subscription_speaks_as_whoever_brought_it_unless_the_file_says_otherwise(
    carrying: Carrying, subscribing: Subscribing
) -> None:
    await put(carrying, HERE, b'{"paperboy": 1}')
    assert (await subscribing.require(HERE)).language == "vi"
    await put(carrying, THERE, b'{"paperboy": 1, "form": {"language": "French"}}')
    assert (await subscribing.require(THERE)).language == "fr"


async def test_what_is_there_is_replaced_not_added_to(carrying: Carrying, subscribing: Subscribing) -> None:
    await subscribing.subscribe(HERE, Interest(keywords=("agents",), authors=("Ada Example",)))
    await put(carrying, HERE, b'{"paperboy": 1, "interest": {"keywords": ["memory"], "authors": []}}')
    assert (await subscribing.require(HERE)).interest == Interest(keywords=("memory",))


async def test_a_paused_schedule_stops_what_was_due_and_another_hour_moves_it(
    carrying: Carrying, subscribing: Subscribing
) -> None:
    await subscribing.subscribe(HERE, Interest())
    await put(carrying, HERE, b'{"paperboy": 1, "schedule": {"paused": true}}')
    assert (await subscribing.require(HERE)).next_due_at is None
    await put(carrying, HERE, b'{"paperboy": 1, "schedule": {"paused": false, "at": "13:00"}}')
    assert (await subscribing.require(HERE)).next_due_at == datetime(2026, 6, 2, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b'{"paperboy": 1, "interest": {"keywords": ["memory"]}, "form": {"limit": 0}}', Flaw.NO_NUMBER),
        (b'{"paperboy": 1, "interest": {"sources": ["sample"]}}', Flaw.NO_CHOICE),
        (b'{"paperboy": 7}', Flaw.NEWER),
        (b"no json", Flaw.NO_JSON),
    ],
)
async def test_a_file_with_a_flaw_changes_nothing_and_begins_nothing(
    carrying: Carrying, subscribing: Subscribing, content: bytes, flaw: Flaw
) -> None:
    known = await subscribing.subscribe(HERE, Interest(keywords=("agents",)))
    for address in (HERE, THERE):
        with pytest.raises(UnfitFile) as caught:
            await put(carrying, address, content)
        assert caught.value.flaw is flaw
    assert await subscribing.current(HERE) == known
    assert await subscribing.current(THERE) is None


async def test_what_others_change_meanwhile_is_not_lost_where_the_file_says_nothing_of_it(
    carrying: Carrying, subscribing: Subscribing
) -> None:
    await subscribing.subscribe(HERE, Interest())
    names = [f"Ada Number{number}" for number in range(5)]

    async def follows(name: str) -> None:
        await subscribing.set_interest(HERE, lambda known: replace(known, authors=(*known.authors, name)))

    brings = (put(carrying, HERE, b'{"paperboy": 1, "interest": {"keywords": ["memory"]}}') for _ in range(5))
    await asyncio.gather(*brings, *map(follows, names))
    interest = (await subscribing.require(HERE)).interest
    assert interest.keywords == ("memory",)
    assert sorted(interest.authors) == names


async def test_without_a_subscription_there_is_nothing_to_export(carrying: Carrying) -> None:
    with pytest.raises(NotSubscribed):
        await carrying.exported(HERE)
