"""What people and platforms say of a chat is heard by the ledger, and the sender is woken when something may go."""

from bot.domain.deliveries import Cause
from bot.services.destinations import Destinations
from bot.storage.store import Store
from tests.storage.parcels import NOW, at, digest_row, queued, states, waiting

HERE, TOPIC, ELSEWHERE = at("-1"), at("-1", "7"), at("-2")


def told(store: Store) -> tuple[Destinations, list[str]]:
    woken: list[str] = []
    return Destinations(store=store, now=lambda: NOW, woken=lambda: woken.append("sender")), woken


async def test_a_chat_that_closed_keeps_its_parts_until_somebody_there_speaks_again(store: Store) -> None:
    digest, topic, other = await queued(store, HERE), await queued(store, TOPIC), await queued(store, ELSEWHERE)
    destinations, woken = told(store)
    assert await destinations.closed(HERE, Cause.BLOCKED)
    assert not await destinations.closed(HERE, Cause.BLOCKED), "it was known"
    assert [await states(store, each) for each in (digest, topic, other)] == [["suspended"] * 2, ["suspended"] * 2, ["due"] * 2]
    assert woken == []
    assert await destinations.opened(HERE)
    assert [await states(store, each) for each in (digest, topic, other)] == [["due"] * 2] * 3
    assert woken == ["sender"]
    assert not await destinations.opened(HERE), "it was open"
    assert woken == ["sender"]
    assert await digest_row(store, digest), "its settings and digests stayed"


async def test_what_is_not_known_is_neither_closed_nor_opened_nor_moved(store: Store) -> None:
    destinations, woken = told(store)
    assert not await destinations.closed(HERE, Cause.KICKED)
    assert not await destinations.opened(HERE)
    assert not await destinations.moved("telegram", "-1", "-1001")
    assert woken == []


async def test_a_move_that_a_service_message_tells_takes_all_topics_along(store: Store) -> None:
    digest, topic = await queued(store, HERE), await queued(store, TOPIC)
    destinations, woken = told(store)
    await destinations.closed(HERE, Cause.KICKED)
    assert await destinations.moved("telegram", "-1", "-1001")
    assert [await states(store, each) for each in (digest, topic)] == [["due"] * 2] * 2, "a chat that moves is alive"
    assert len(await waiting(store)) == 2
    assert woken == ["sender"]
    assert not await destinations.moved("telegram", "-1", "-1001"), "it is told twice, in the old chat and in the new one"
