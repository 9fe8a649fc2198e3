from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import event

from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address, Interest, Schedule, Subscription
from bot.storage import destinations, subscriptions
from bot.storage.store import Store
from bot.storage.tables import addresses
from tests.storage.rows import stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
HERE = Address(platform="telegram", chat="-100123", thread="7")
FULL = Subscription(
    address=HERE,
    interest=Interest(
        sources=frozenset({"huggingface", "arxiv"}),
        categories=frozenset({"cs.CL", "cs.AI"}),
        keywords=("z", "agent", "混合专家"),
        excluded=("survey",),
        excluded_anywhere=("quantum",),
        authors=("Ada Example",),
        threshold=2.5,
        min_votes=10,
        wants_replacements=True,
    ),
    schedule=Schedule(at=time(8, 5), zone="Asia/Kathmandu", weekdays=frozenset({0, 6}), paused_until=date(2026, 2, 1)),
    style="deep",
    language="zh",
    limit=25,
    wants_empty_note=False,
    next_due_at=NOW,
    created_at=NOW - timedelta(days=1),
)


async def save(store: Store, *wishes: Subscription) -> list[Subscription]:
    async with store.write() as tx:
        return [await subscriptions.save(tx, wish) for wish in wishes]


async def test_a_subscription_comes_back_as_it_was_saved(store: Store) -> None:
    (saved,) = await save(store, FULL)
    assert saved == replace(FULL, id=saved.id)
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, HERE) == saved
        assert await subscriptions.by_id(tx, saved.id or 0) == saved
        assert await subscriptions.by_address(tx, replace(HERE, thread="")) is None


async def test_an_address_has_one_subscription_that_is_changed(store: Store) -> None:
    first, second = await save(store, FULL, replace(FULL, limit=5, interest=Interest(), created_at=NOW))
    assert second == replace(first, limit=5, interest=Interest())
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, HERE) == second


async def due(store: Store, *, limit: int = 9, after: Subscription | None = None) -> list[Subscription]:
    at = None if after is None or after.next_due_at is None else (after.next_due_at, after.id or 0)
    async with store.read() as tx:
        return list(await subscriptions.due(tx, NOW, platforms=("telegram",), limit=limit, after=at))


async def test_the_longest_overdue_comes_first(store: Store) -> None:
    late, later, not_yet, paused = (
        replace(FULL, address=replace(HERE, chat=str(number)), next_due_at=at)
        for number, at in enumerate((NOW, NOW - timedelta(hours=1), NOW + timedelta(microseconds=1), None))
    )
    await save(store, late, later, not_yet, paused)
    assert [s.address.chat for s in await due(store)] == ["1", "0"]


async def test_what_is_due_comes_in_batches_each_once(store: Store) -> None:
    times = (NOW, NOW - timedelta(hours=1), NOW, NOW - timedelta(hours=1), NOW)
    await save(store, *(replace(FULL, address=replace(HERE, chat=str(n)), next_due_at=at) for n, at in enumerate(times)))
    seen: list[Subscription] = []
    while batch := await due(store, limit=2, after=seen[-1] if seen else None):
        assert len(batch) <= 2
        seen += batch
    assert [s.address.chat for s in seen] == ["1", "3", "0", "2", "4"]


async def test_what_is_elsewhere_or_takes_no_messages_is_not_due(store: Store) -> None:
    here, elsewhere = (replace(FULL, address=replace(HERE, platform=name), next_due_at=NOW) for name in ("telegram", "discord"))
    await save(store, here, elsewhere)
    assert [s.address for s in await due(store)] == [here.address]
    async with store.write() as tx:
        await destinations.suspend(tx, here.address, Cause.BLOCKED, now=NOW)
    assert await due(store) == []
    async with store.write() as tx:
        await destinations.resume(tx, here.address)
    assert [s.address for s in await due(store)] == [here.address]


async def test_who_is_due_is_found_by_the_time_that_is_due(sqlite_url: str) -> None:
    """However many readers there are, in order and from the one that was seen last: no table is read from end to end."""
    store, said = await Store.open(sqlite_url), []
    async with store.read() as tx:
        assert tx.sync_connection
        event.listen(tx.sync_connection, "before_cursor_execute", lambda *args: said.append(args[2:4]))
        for after in (None, (NOW, 7)):
            await subscriptions.due(tx, NOW, platforms=("telegram", "discord"), limit=9, after=after)
        plans = [
            [row.detail for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)] for text, values in said[:]
        ]
    await store.close()
    assert [plan[0].partition("(")[2] for plan in plans] == ["next_due_at<?)", "next_due_at>? AND next_due_at<?)"]
    assert [line for plan in plans for line in plan if line.startswith("SCAN") or "TEMP B-TREE" in line] == []


async def test_those_who_will_be_due_are_counted_by_platform(store: Store) -> None:
    homes = (Address(platform=platform, chat=str(n)) for n, platform in enumerate(("telegram", "telegram", "discord", "discord")))
    due = (NOW, NOW + timedelta(days=9), NOW, None)
    await save(store, *(replace(FULL, address=home, next_due_at=at) for home, at in zip(homes, due, strict=True)))
    async with store.read() as tx:
        assert await subscriptions.count_by_platform(tx) == {"telegram": 2, "discord": 1}


async def test_the_due_time_is_moved_only_from_what_it_is(store: Store) -> None:
    (saved,) = await save(store, replace(FULL, next_due_at=NOW))
    tomorrow = NOW + timedelta(days=1)
    async with store.write() as tx:
        assert not await subscriptions.move_due(tx, saved.id or 0, tomorrow, None)
        assert await subscriptions.move_due(tx, saved.id or 0, NOW, tomorrow)
        assert not await subscriptions.move_due(tx, saved.id or 0, NOW, None)
    async with store.read() as tx:
        assert await subscriptions.by_address(tx, HERE) == replace(saved, next_due_at=tomorrow)


async def test_who_leaves_is_forgotten(store: Store) -> None:
    await save(store, FULL)
    async with store.write() as tx:
        assert await subscriptions.remove(tx, HERE)
        assert not await subscriptions.remove(tx, HERE)
        assert await subscriptions.by_address(tx, HERE) is None
    assert await stored(store, addresses) == []


async def test_words_with_characters_that_no_database_holds_are_kept_without_them(store: Store) -> None:
    (saved,) = await save(store, replace(FULL, interest=Interest(keywords=("a\0\ud800",))))
    async with store.read() as tx:
        read = await subscriptions.by_id(tx, saved.id or 0)
    assert read is not None
    assert read.interest.keywords == ("a\ufffd\ufffd",)


async def test_an_address_keeps_its_number_and_gives_it_back(store: Store) -> None:
    async with store.write() as tx:
        number = await subscriptions.number_of(tx, HERE)
        assert await subscriptions.number_of(tx, HERE) == number
        other = await subscriptions.number_of(tx, replace(HERE, thread=""))
    await save(store, FULL)
    async with store.write() as tx:
        assert await subscriptions.number_of(tx, HERE) == number != other
        assert await subscriptions.address_of(tx, number) == HERE
        assert await subscriptions.by_address(tx, HERE) is not None
        await subscriptions.remove(tx, HERE)
        for unknown in (number, 0, -1, 2**31, 2**62):
            assert await subscriptions.address_of(tx, unknown) is None
