from datetime import timedelta

import pytest

from bot.domain.deliveries import OF_THREAD, Cause, PartState, Verdict, probe_at
from bot.domain.subscriptions import Address
from bot.storage import destinations, outbox
from bot.storage.destinations import Destination
from bot.storage.store import Store
from tests.storage.parcels import (
    DEADLINE,
    NOW,
    again,
    at,
    claimed,
    digest_row,
    ids_of,
    later,
    part_row,
    queued,
    settled,
    states,
    taken,
    through,
    waiting,
)

HERE, TOPIC, OTHER_TOPIC, ELSEWHERE = at("1"), at("1", "5"), at("1", "6"), at("2")


async def suspend(store: Store, address: Address, cause: Cause = Cause.BLOCKED, hours: float = 0) -> tuple[Address, ...]:
    async with store.write() as tx:
        return await destinations.suspend(tx, address, cause, now=later(hours=hours))


async def resume(store: Store, address: Address) -> bool:
    async with store.write() as tx:
        return await destinations.resume(tx, address)


async def state(store: Store, address: Address) -> Destination | None:
    async with store.read() as tx:
        return await destinations.state(tx, address)


async def is_active(store: Store, *asked: Address) -> list[bool]:
    found = [await state(store, address) for address in asked]
    return [one is not None and one.because is None for one in found]


async def test_what_is_not_known_has_no_state_and_is_not_suspended(store: Store) -> None:
    await queued(store, ELSEWHERE)
    assert await state(store, HERE) is None
    assert await suspend(store, HERE) == ()
    assert await state(store, HERE) is None
    assert not await resume(store, HERE)
    assert await state(store, ELSEWHERE) == Destination(address=ELSEWHERE)


@pytest.mark.parametrize("cause", list(Cause))
async def test_a_cause_suspends_the_topic_or_the_whole_chat(store: Store, cause: Cause) -> None:
    for address in (HERE, TOPIC, OTHER_TOPIC, ELSEWHERE, at("1", platform="discord")):
        await queued(store, address)
    reached = (TOPIC,) if cause in OF_THREAD else (HERE, TOPIC, OTHER_TOPIC)
    assert await suspend(store, TOPIC, cause) == reached
    assert await suspend(store, TOPIC, cause) == ()
    everybody = (HERE, TOPIC, OTHER_TOPIC, ELSEWHERE, at("1", platform="discord"))
    assert await is_active(store, *everybody) == [address not in reached for address in everybody]
    assert await state(store, TOPIC) == Destination(address=TOPIC, because=cause, since=NOW, probe_at=probe_at(0, NOW))


async def test_parts_that_wait_are_held_back_and_the_one_on_its_way_is_left_to_its_outcome(store: Store) -> None:
    one, two = await queued(store, HERE, 3), await queued(store, TOPIC, 1)
    first, second, _ = await ids_of(store, one)
    await through(store, first)
    part = await taken(store, second)
    await suspend(store, HERE)
    assert (await states(store, one), await states(store, two)) == (["sent", "sending", "suspended"], ["suspended"])
    assert await settled(store, part, Verdict(state=PartState.SUSPENDED, cause=Cause.BLOCKED))
    assert await states(store, one) == ["sent", "suspended", "suspended"]
    assert await waiting(store) == []
    assert await resume(store, HERE)
    assert (await states(store, one), await states(store, two)) == (["sent", "due", "due"], ["due"])
    assert (await claimed(store, second)) is not None


async def test_a_retry_that_was_held_back_is_due_at_once_when_its_destination_is_back(store: Store) -> None:
    (part,) = await ids_of(store, await queued(store, HERE, 1))
    await through(store, part, again(later(hours=5)))
    await suspend(store, HERE)
    await resume(store, HERE)
    row = await part_row(store, part)
    assert (row.state, row.not_before, row.attempts) == ("due", None, 1)


async def test_a_second_cause_takes_the_place_of_the_first_and_not_its_time(store: Store) -> None:
    digest = await queued(store, HERE, 1)
    await suspend(store, HERE, Cause.NO_PERMISSION)
    async with store.write() as tx:
        await destinations.still_closed(tx, HERE, now=later(hours=1))
    await suspend(store, HERE, Cause.KICKED, hours=2)
    expected = Destination(address=HERE, because=Cause.KICKED, since=NOW, probe_at=probe_at(1, later(hours=1)), probes=1)
    assert await state(store, HERE) == expected
    assert (await part_row(store, (await ids_of(store, digest))[0])).cause == "kicked"


async def test_a_closed_topic_stays_closed_when_its_chat_is_back_and_opens_when_it_is_named(store: Store) -> None:
    for address in (HERE, TOPIC, OTHER_TOPIC):
        await queued(store, address, 1)
    await suspend(store, HERE)
    await suspend(store, TOPIC, Cause.TOPIC_CLOSED)
    assert await resume(store, OTHER_TOPIC)
    assert await is_active(store, HERE, TOPIC, OTHER_TOPIC) == [True, False, True]
    assert not await resume(store, HERE)
    assert await resume(store, TOPIC)
    assert await is_active(store, TOPIC) == [True]
    assert not await resume(store, TOPIC)
    assert len(await waiting(store)) == 3


async def test_what_was_held_back_past_its_deadline_is_not_sent_any_more(store: Store) -> None:
    digest = await queued(store, HERE, 2)
    await suspend(store, HERE)
    await resume(store, HERE)
    assert await waiting(store, DEADLINE) == []
    async with store.write() as tx:
        assert await outbox.expire(tx, now=DEADLINE) == 2
    assert await states(store, digest) == ["expired", "expired"]


async def to_probe(store: Store, hours: float, limit: int = 50, platform: str = "telegram") -> list[Address]:
    async with store.read() as tx:
        found = await destinations.to_probe(tx, platform, now=later(hours=hours), limit=limit)
    return [one.address for one in found]


async def test_a_closed_destination_is_looked_at_after_an_hour_and_then_rarer_up_to_a_day(store: Store) -> None:
    for address in (HERE, TOPIC, ELSEWHERE, at("3", platform="discord")):
        await queued(store, address, 1)
        await suspend(store, address, Cause.TOPIC_GONE, hours=0.5 if address is HERE else 0)
    assert await to_probe(store, 0.99) == []
    assert await to_probe(store, 1) == [TOPIC, ELSEWHERE]
    assert await to_probe(store, 1.5) == [TOPIC, ELSEWHERE, HERE]
    assert await to_probe(store, 1.5, limit=1) == [TOPIC]
    assert await to_probe(store, 1, platform="discord") == [at("3", platform="discord")]
    waits, now = [], NOW
    for _ in range(7):
        known = await state(store, TOPIC)
        assert known is not None
        assert known.probe_at is not None
        waits.append((known.probe_at - now) / timedelta(hours=1))
        now = known.probe_at
        async with store.write() as tx:
            await destinations.still_closed(tx, TOPIC, now=now)
    assert waits == [1, 2, 4, 8, 16, 24, 24]
    assert await to_probe(store, 2) == [ELSEWHERE, HERE]


async def test_a_look_at_what_is_open_or_unknown_changes_nothing(store: Store) -> None:
    await queued(store, HERE, 1)
    async with store.write() as tx:
        await destinations.still_closed(tx, HERE, now=NOW)
        await destinations.still_closed(tx, at("99"), now=NOW)
    assert await state(store, HERE) == Destination(address=HERE)


async def test_the_vain_looks_count_on_until_a_part_is_sent(store: Store) -> None:
    (part,) = await ids_of(store, await queued(store, HERE, 1))
    await suspend(store, HERE)
    async with store.write() as tx:
        await destinations.still_closed(tx, HERE, now=later(hours=1))
    await resume(store, HERE)
    assert await suspend(store, HERE, hours=2) == (HERE,)
    known = await state(store, HERE)
    assert known is not None
    assert (known.since, known.probe_at, known.probes) == (later(hours=2), later(hours=4), 1)
    await resume(store, HERE)
    await through(store, part)
    assert await state(store, HERE) == Destination(address=HERE)


async def test_what_is_suspended_is_told_latest_first(store: Store) -> None:
    addresses = [at("1"), at("2", platform="discord"), at("3")]
    for hours, address in enumerate(addresses):
        await queued(store, address, 1)
        await suspend(store, address, hours=hours)
    await queued(store, at("4"), 1)
    async with store.read() as tx:
        found = [one.address for one in await destinations.suspended(tx)]
        of_telegram = [one.address for one in await destinations.suspended(tx, platform="telegram")]
    assert found == addresses[::-1]
    assert of_telegram == [at("3"), at("1")]


async def test_settings_and_digests_survive_a_suspension(store: Store) -> None:
    digest = await queued(store, HERE, 1)
    before = await digest_row(store, digest)
    await suspend(store, HERE, Cause.CHAT_GONE)
    assert await digest_row(store, digest) == before


async def test_a_look_that_was_wrong_makes_the_next_one_later(store: Store) -> None:
    """The probe says that it is open, and what is sent then says that it is not: again and again, but ever more seldom."""
    await queued(store, HERE)
    waits = []
    for round_of in range(3):
        await suspend(store, HERE, Cause.NO_PERMISSION, hours=100 * round_of)
        found = await state(store, HERE)
        assert found is not None
        assert found.probe_at is not None
        waits.append(found.probe_at - later(hours=100 * round_of))
        async with store.write() as tx:
            await destinations.resume(tx, HERE, is_probed=True)
    assert waits == [timedelta(hours=1), timedelta(hours=2), timedelta(hours=4)]
