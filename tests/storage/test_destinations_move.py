"""A chat gets a new id (a Telegram group becomes a supergroup): nothing that was known of it may be lost, or stay behind."""

from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import Table, select

from bot.domain.budget import Usage
from bot.domain.deliveries import Cause, PartState, Verdict
from bot.domain.papers import PaperRef
from bot.domain.subscriptions import Interest, Schedule, Subscription
from bot.storage import calls, destinations, outbox, outbox_ledger, subscriptions
from bot.storage.store import Store
from bot.storage.tables import addresses, digests, items
from bot.storage.tables import calls as call_table
from tests.builders import arxiv_key
from tests.storage.parcels import (
    DEAD,
    DEADLINE,
    NOW,
    SENT,
    a_digest,
    again,
    at,
    drafts,
    freed,
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
from tests.storage.rows import everything, stored

OLD, NEW, OLD_TOPIC, NEW_TOPIC = at("-5"), at("-1005"), at("-5", "7"), at("-1005", "7")


async def move(store: Store) -> bool:
    async with store.write() as tx:
        return await destinations.move(tx, "telegram", OLD.chat, NEW.chat)


async def all_of(store: Store, table: Table) -> list[dict[str, Any]]:
    async with store.read() as tx:
        return [dict(row._mapping) for row in await tx.execute(select(table).order_by(table.c.id))]


async def chats(store: Store) -> list[tuple[str, str, str]]:
    return sorted((row["platform"], row["chat"], row["thread"]) for row in await stored(store, addresses))


async def digest_slots(store: Store) -> list[tuple[int, date, str, int]]:
    return [(row["id"], row["slot_on"], row["slot_kind"], row["slot_number"]) for row in await all_of(store, digests)]


async def a_subscription(store: Store, at_: Any, *keywords: str, hour: int = 9, **more: Any) -> Subscription:  # noqa: ANN401
    wish = Subscription(
        address=at_, interest=Interest(keywords=keywords, **more), schedule=Schedule(at=time(hour)), next_due_at=NOW
    )
    async with store.write() as tx:
        return await subscriptions.save(tx, wish)


async def a_call(store: Store, reader: str | None) -> None:
    call = calls.Call(purpose="answer", ref=PaperRef(key=arxiv_key()), language="en", model="m", reader=reader)
    async with store.write() as tx:
        await calls.reserve(tx, call, NOW, Usage(tokens_in=1, tokens_out=1), 1)


async def test_a_chat_of_which_nothing_is_known_moves_nothing(store: Store) -> None:
    await queued(store, NEW)
    await queued(store, at("-5", platform="discord"))
    async with store.read() as tx:
        before = await everything(tx)
    assert not await move(store)
    async with store.read() as tx:
        assert await everything(tx) == before


async def test_a_chat_takes_everything_along(store: Store) -> None:
    wish = await a_subscription(store, OLD, "agents")
    digest, in_topic = await queued(store, OLD, 3), await queued(store, OLD_TOPIC, 1)
    first, second, _ = await ids_of(store, digest)
    await through(store, first)
    assert await move(store)
    assert not await move(store)
    assert await chats(store) == [("telegram", "-1005", ""), ("telegram", "-1005", "7")]
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, NEW) == replace(wish, address=NEW)
    assert await states(store, digest) == ["sent", "due", "due"]
    assert await waiting(store) == [second, (await ids_of(store, in_topic))[0]]
    assert (await taken(store, second)).address == NEW


async def test_the_part_that_learnt_of_the_move_goes_to_the_new_chat(store: Store) -> None:
    (one,) = await ids_of(store, await queued(store, OLD, 1))
    part = await taken(store, one)
    await queued(store, NEW, 1)
    assert await move(store)
    assert await settled(store, part, again(NOW, Cause.MOVED))
    found = await taken(store, one)
    assert (found.address, found.attempts) == (NEW, 2)


async def test_a_chat_that_moves_is_alive_and_what_was_held_back_goes_out(store: Store) -> None:
    digest = await queued(store, OLD, 2)
    async with store.write() as tx:
        await destinations.suspend(tx, OLD, Cause.CHAT_GONE, now=NOW)
        await destinations.still_closed(tx, OLD, now=NOW)
    await move(store)
    async with store.read() as tx:
        assert await destinations.state(tx, NEW) == destinations.Destination(address=NEW)
    assert await states(store, digest) == ["due", "due"]


async def test_what_comes_to_a_suspended_chat_is_held_back_with_its_own(store: Store) -> None:
    old, new = await queued(store, OLD, 1), await queued(store, NEW, 1)
    async with store.write() as tx:
        await destinations.suspend(tx, NEW, Cause.NO_PERMISSION, now=NOW)
    await move(store)
    assert (await states(store, old), await states(store, new)) == (["suspended"], ["suspended"])
    async with store.read() as tx:
        known = await destinations.state(tx, NEW)
    assert known is not None
    assert (known.because, known.since) == (Cause.NO_PERMISSION, NOW)


async def test_two_subscriptions_become_one_that_wants_what_both_wanted(store: Store) -> None:
    await a_subscription(store, OLD, "agents", "Notes", hour=7, categories=frozenset({"cs.CL"}), threshold=3.0)
    kept = await a_subscription(store, NEW, "notes", "memory", hour=8, categories=frozenset({"cs.AI"}), threshold=5.0)
    assert await move(store)
    async with store.read() as tx:
        found = await subscriptions.by_address(tx, NEW)
        assert await subscriptions.by_address(tx, OLD) is None
    both = Interest(keywords=("notes", "memory", "agents"), categories=frozenset({"cs.CL", "cs.AI"}), threshold=5.0)
    assert found == replace(kept, interest=both)
    assert await chats(store) == [("telegram", "-1005", "")]


async def test_a_chat_without_a_subscription_gets_the_one_of_its_old_id(store: Store) -> None:
    async with store.write() as tx:
        assert await outbox.notify(tx, NEW, "hello", "{}", deadline_at=DEADLINE, now=NOW)
    wish, digest = await a_subscription(store, OLD, "agents"), await queued(store, OLD, 1)
    assert await move(store)
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, NEW) == replace(wish, address=NEW)
        assert [entry.digest_id for entry in await outbox_ledger.entries(tx, chat="-1005")] == [digest, None]


async def test_a_chat_that_had_only_notices_leaves_the_other_its_subscription(store: Store) -> None:
    async with store.write() as tx:
        for place, about in ((OLD, "hello"), (OLD, "farewell"), (NEW, "hello")):
            assert await outbox.notify(tx, place, about, "{}", deadline_at=DEADLINE, now=NOW)
    wish = await a_subscription(store, NEW, "agents")
    assert await move(store)
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, NEW) == wish
        assert [entry.address for entry in await outbox_ledger.entries(tx)] == [NEW, NEW]
    async with store.write() as tx:
        for about in ("hello", "farewell"):
            assert not await outbox.notify(tx, NEW, about, "{}", deadline_at=DEADLINE, now=NOW)


async def test_digests_of_one_slot_both_stay(store: Store) -> None:
    slots = (("daily", 0), ("catchup", 1), ("now", 1))
    old = [await queued(store, OLD, 1, kind=kind, number=n, first_paper=1 + i) for i, (kind, n) in enumerate(slots)]
    new = [await queued(store, NEW, 1, kind=kind, number=n, first_paper=9 + i) for i, (kind, n) in enumerate(slots)]
    alone = await queued(store, OLD, 1, on=date(2026, 1, 5), first_paper=20)
    await move(store)
    day = date(2026, 1, 6)
    assert await digest_slots(store) == [
        (old[0], day, "catchup", 2),
        (old[1], day, "catchup", 3),
        (old[2], day, "now", 2),
        *((digest, day, kind, number) for digest, (kind, number) in zip(new, slots, strict=True)),
        (alone, date(2026, 1, 5), "daily", 0),
    ]
    rows = await all_of(store, digests)
    assert len({row["subscription_id"] for row in rows}) == 1
    assert (rows[0]["covers_from"], rows[6]["covers_from"]) == (day, None)
    assert len({row["subscription_id"] for row in await all_of(store, items)}) == 1
    assert [await states(store, digest) for digest in (*old, *new, alone)] == [["due"]] * 7


@pytest.mark.parametrize(
    ("there", "here", "expected"),
    [
        (None, None, ([True], [False])),
        (SENT, None, ([False], [True])),
        (None, SENT, ([True], [False])),
        (SENT, SENT, ([True], [False])),
        (DEAD, SENT, ([True], [False])),
        (SENT, DEAD, ([False], [True])),
        (DEAD, None, ([True], [False])),
    ],
)
async def test_a_paper_that_both_had_stands_once_where_it_was_shown(
    store: Store, there: Verdict | None, here: Verdict | None, expected: tuple[list[bool], list[bool]]
) -> None:
    old, new = await queued(store, OLD, 1), await queued(store, NEW, 1)
    for digest, verdict in ((old, there), (new, here)):
        if verdict is not None:
            await through(store, (await ids_of(store, digest))[0], verdict)
    await move(store)
    assert (await freed(store, old), await freed(store, new)) == expected


async def test_what_was_shown_without_the_outbox_counts_as_shown(store: Store) -> None:
    async with store.write() as tx:
        old = await a_digest(tx, OLD, papers_=1)
        await outbox.queue(tx, old, (), now=NOW)  # through at once
    new = await queued(store, NEW, 1)
    await move(store)
    assert (await freed(store, old), await freed(store, new)) == ([False], [True])


async def test_papers_of_only_one_of_them_stay_as_they_were(store: Store) -> None:
    old, new = await queued(store, OLD, 3), await queued(store, NEW, 2, first_paper=3)
    await through(store, (await ids_of(store, old))[0], DEAD)
    await move(store)
    assert (await freed(store, old), await freed(store, new)) == ([True, False, True], [False, False])


async def test_each_topic_moves_to_its_own(store: Store) -> None:
    topic, root = await queued(store, OLD_TOPIC, 1), await queued(store, OLD, 1)
    await queued(store, NEW_TOPIC, 1, first_paper=9)
    await move(store)
    assert await chats(store) == [("telegram", "-1005", ""), ("telegram", "-1005", "7")]
    async with store.read() as tx:
        found = await outbox_ledger.of_digests(tx, [topic, root])
    assert [found[digest][0].address for digest in (topic, root)] == [NEW_TOPIC, NEW]


async def test_the_ledger_of_calls_names_the_new_chat(store: Store) -> None:
    readers = ("telegram:-5", "telegram:-5:7", "telegram:-55", "discord:-5", "telegram:-5%", None)
    for reader in readers:
        await a_call(store, reader)
    assert await move(store)
    found = {row["reader"] for row in await stored(store, call_table)}
    assert found == {"telegram:-1005", "telegram:-1005:7", "telegram:-55", "discord:-5", "telegram:-5%", None}
    assert not await move(store)


async def test_a_chat_that_moves_to_its_own_id_stays(store: Store) -> None:
    await queued(store, OLD, 1)
    async with store.read() as tx:
        before = await everything(tx)
    async with store.write() as tx:
        assert await destinations.move(tx, "telegram", OLD.chat, OLD.chat)
    async with store.read() as tx:
        assert await everything(tx) == before


async def test_a_planned_digest_goes_to_the_new_chat(store: Store) -> None:
    await queued(store, NEW, 1, first_paper=9)
    async with store.write() as tx:
        planned = await a_digest(tx, OLD, papers_=1)
    await move(store)
    async with store.write() as tx:
        assert await outbox.queue(tx, planned, drafts(1), now=later(minutes=1))
    assert (await taken(store, (await ids_of(store, planned))[0])).address == NEW
    assert (await part_row(store, 1)).state == PartState.DUE
