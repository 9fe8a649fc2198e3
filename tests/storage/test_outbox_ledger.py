from datetime import datetime, timedelta

from sqlalchemy import event, select

from bot.domain.deliveries import Cause, PartState
from bot.domain.digests import Slot, SlotKind
from bot.storage import destinations, outbox_ledger
from bot.storage.store import Store
from bot.storage.tables import digests, items, papers
from tests.storage.parcels import (
    DEAD,
    DEADLINE,
    NOW,
    SENT,
    UNKNOWN,
    a_digest,
    again,
    at,
    freed,
    ids_of,
    later,
    queued,
    settled,
    states,
    taken,
    through,
)


async def entries(store: Store, **asked: object) -> list[int]:
    async with store.read() as tx:
        return [entry.id for entry in await outbox_ledger.entries(tx, **asked)]  # type: ignore[arg-type]


async def test_a_line_of_the_ledger_says_what_became_of_a_part(store: Store) -> None:
    digest = await queued(store, at("7", "3"), 1)
    part = await taken(store, (await ids_of(store, digest))[0])
    await settled(store, part, SENT, later(seconds=1), platform_id="77", thread="3")
    async with store.write() as tx:
        await destinations.suspend(tx, at("7"), Cause.KICKED, now=NOW)
    async with store.read() as tx:
        (found,) = await outbox_ledger.entries(tx)
    assert found == outbox_ledger.Entry(
        id=part.id,
        digest_id=digest,
        slot=Slot(on=NOW.date(), kind=SlotKind.DAILY),
        address=at("7", "3"),
        number=1,
        total=1,
        state=PartState.SENT,
        cause=None,
        detail="",
        is_plain=False,
        attempts=1,
        queued_at=NOW,
        deadline_at=DEADLINE,
        not_before=None,
        ended_at=later(seconds=1),
        platform_id="77",
        suspended_because=Cause.KICKED,
    )


async def test_what_the_platform_said_is_kept_and_what_waits_says_until_when(store: Store) -> None:
    part = await taken(store, (await ids_of(store, await queued(store, at(), 1)))[0])
    await settled(store, part, again(later(minutes=1)), detail="Bad\0 Gateway")
    async with store.read() as tx:
        (found,) = await outbox_ledger.entries(tx)
    assert (found.cause, found.detail, found.not_before) == (Cause.UNREACHABLE, "Bad\ufffd Gateway", later(minutes=1))


async def test_the_ledger_is_told_newest_first_and_narrowed_by_every_word(store: Store) -> None:
    old = await ids_of(store, await queued(store, at("1"), 2, now=NOW - timedelta(days=1)))
    here = await ids_of(store, await queued(store, at("1"), 2, number=1, kind="now", first_paper=5))
    topic = await ids_of(store, await queued(store, at("1", "5"), 1))
    longer = await ids_of(store, await queued(store, at("11"), 1))
    there = await ids_of(store, await queued(store, at("1", platform="discord"), 1))
    await through(store, here[0])
    await through(store, longer[0])
    newest = [*there, *longer, *topic, here[1], here[0], old[1], old[0]]
    assert await entries(store) == newest
    assert await entries(store, limit=3) == newest[:3]
    assert await entries(store, platform="discord") == [*there]
    assert await entries(store, chat="1", platform="telegram") == [*topic, here[1], here[0], old[1], old[0]]
    assert await entries(store, chat="1", state=PartState.SENT) == [here[0]]
    assert await entries(store, state=PartState.SENT) == [longer[0], here[0]]
    assert await entries(store, since=NOW, chat="1", state=PartState.DUE) == [*there, *topic, here[1]]
    assert await entries(store, since=NOW + timedelta(microseconds=1)) == []


async def test_what_was_queued_later_comes_first_whatever_its_number(store: Store) -> None:
    (first,) = await ids_of(store, await queued(store, at("1"), 1, now=later(hours=1)))
    (second,) = await ids_of(store, await queued(store, at("2"), 1, now=NOW))
    assert await entries(store) == [first, second]


async def test_every_part_is_counted_once(store: Store) -> None:
    async def counts(since: datetime | None = None) -> dict[str, int]:
        async with store.read() as tx:
            return {str(state): number for state, number in (await outbox_ledger.counts(tx, since)).items()}

    none = dict.fromkeys(map(str, PartState), 0)
    assert await counts() == none
    parts = [(await ids_of(store, await queued(store, at(str(chat)), 1)))[0] for chat in range(6)]
    await queued(store, at("9"), 1, now=later(hours=-1))
    for part, verdict in zip(parts, (SENT, SENT, UNKNOWN, DEAD, again(later(minutes=1))), strict=False):
        await through(store, part, verdict)
    assert await counts() == none | {"sent": 2, "unknown": 1, "dead": 1, "retry": 1, "due": 2}
    assert await counts(NOW) == none | {"sent": 2, "unknown": 1, "dead": 1, "retry": 1, "due": 1}


async def test_parts_of_digests_come_in_order(store: Store) -> None:
    one, two = await queued(store, at("1"), 3), await queued(store, at("2"), 1)
    async with store.write() as tx:
        empty = await a_digest(tx, at("3"), papers_=0)
    async with store.read() as tx:
        found = await outbox_ledger.of_digests(tx, [two, one, empty, 999])
        assert await outbox_ledger.of_digests(tx, []) == {}
    assert {digest: [part.number for part in parts] for digest, parts in found.items()} == {
        one: [1, 2, 3],
        two: [1],
        empty: [],
        999: [],
    }


async def prune(store: Store, before: datetime, limit: int = 1000) -> int:
    async with store.write() as tx:
        return await outbox_ledger.prune(tx, before, limit=limit)


async def test_only_what_ended_long_ago_is_forgotten_and_what_was_shown_is_remembered(store: Store) -> None:
    digest = await queued(store, at(), 5)
    one, two, three, four, _ = await ids_of(store, digest)
    for part, verdict, hours in ((one, SENT, 1), (two, DEAD, 2), (three, UNKNOWN, 3), (four, again(later(days=9)), 4)):
        await through(store, part, verdict, later(hours=hours))
    assert await prune(store, later(hours=1)) == 0
    assert await prune(store, later(days=99), limit=1) == 1
    assert await states(store, digest) == ["dead", "unknown", "retry", "due"]
    assert await prune(store, later(hours=3)) == 1
    assert await prune(store, later(days=99)) == 1
    assert await prune(store, later(days=99)) == 0
    assert await states(store, digest) == ["retry", "due"]
    assert await freed(store, digest) == [False, True, False, False, False]


async def prune_digests(store: Store, before: datetime, limit: int = 1000) -> int:
    async with store.write() as tx:
        return await outbox_ledger.prune_digests(tx, before, limit=limit)


async def test_a_digest_is_forgotten_with_its_memory_once_it_waits_for_nothing(store: Store) -> None:
    open_, over, gone, young = [
        await queued(store, at(chat), 1, created_at=created)
        for chat, created in zip("1234", [NOW, NOW, NOW, later(days=1)], strict=True)
    ]
    for digest in (over, gone):
        await through(store, (await ids_of(store, digest))[0])
    assert await prune(store, later(hours=1), limit=2) == 2
    await queued(store, at("5"), 1, created_at=NOW)
    assert await prune_digests(store, NOW) == 0
    assert await prune_digests(store, later(hours=1), limit=1) == 1
    assert await prune_digests(store, later(hours=1)) == 1
    assert await prune_digests(store, later(hours=1)) == 0
    async with store.read() as tx:
        assert set((await tx.execute(select(digests.c.id))).scalars()) == {open_, young, 5}
        assert set((await tx.execute(select(items.c.digest_id))).scalars()) == {open_, young, 5}
        assert (await tx.execute(select(papers.c.key))).scalars().all() == ["arxiv:2601.00001"]


async def test_what_is_old_enough_to_be_forgotten_is_found_by_its_age(sqlite_url: str) -> None:
    """It is looked for every minute, inside a write: 1,000,000 digests were read from end to end in 150 ms."""
    store, said = await Store.open(sqlite_url), []
    async with store.write() as tx:
        assert tx.sync_connection
        event.listen(tx.sync_connection, "before_cursor_execute", lambda *args: said.append(args[2:4]))
        await outbox_ledger.prune(tx, NOW)
        await outbox_ledger.prune_digests(tx, NOW)
        plan = [row.detail for text, values in said[:] for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
    await store.close()
    assert [line for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line] == []


async def test_a_forgotten_digest_takes_its_final_parts_with_it(store: Store) -> None:
    digest = await queued(store, at(), 2)
    for part in await ids_of(store, digest):
        await through(store, part)
    assert await prune_digests(store, later(hours=1)) == 1
    assert await entries(store) == []
