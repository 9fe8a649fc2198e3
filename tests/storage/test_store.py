import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import guard
from bot.errors import DatabaseUnusable
from bot.storage import heartbeat, sources
from bot.storage.store import Store
from bot.storage.tables import heartbeats, papers
from bot.storage.tables import sources as source_table
from tests.storage.rows import stored

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)


async def add_one(tx: AsyncConnection) -> None:
    """Read, let the others run, write what was read plus one."""
    count = (await tx.execute(select(source_table.c.failures))).scalar_one()
    await asyncio.sleep(0)
    await tx.execute(update(source_table).values(failures=count + 1, why="broken", failed_at=NOW))


async def test_five_concurrent_read_then_writes_lose_nothing(store: Store) -> None:
    async with store.write() as tx:
        await sources.record_success(tx, "arxiv", NOW)

    async def read_then_write() -> None:
        async with store.write() as tx:
            await add_one(tx)

    await asyncio.gather(*(read_then_write() for _ in range(5)))
    assert [row["failures"] for row in await stored(store, source_table)] == [5]


@asynccontextmanager
async def plain_engine(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine as SQLAlchemy makes it, without our events."""
    parsed = make_url(url)
    driver = "sqlite+aiosqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_async_engine(parsed.set(drivername=driver))
    yield engine
    await engine.dispose()


async def test_without_our_begin_the_same_transactions_lose_updates(store: Store, url: str) -> None:
    """Why the begin event is there: if this fails, the driver's default has become safe and the event may go."""
    async with store.write() as tx:
        await sources.record_success(tx, "arxiv", NOW)
    barrier = asyncio.Barrier(5)

    async def read_then_write(engine: AsyncEngine) -> None:
        async with engine.begin() as tx:
            count = (await tx.execute(select(source_table.c.failures))).scalar_one()
            await barrier.wait()  # with ours, the second reader waits for the first writer: nobody would pass
            await tx.execute(update(source_table).values(failures=count + 1, why="broken", failed_at=NOW))

    async with plain_engine(url) as engine:
        await asyncio.gather(*(read_then_write(engine) for _ in range(5)), return_exceptions=True)
    assert [row["failures"] for row in await stored(store, source_table)] == [1]


async def test_a_failed_write_leaves_nothing(store: Store) -> None:
    async def fail() -> None:
        async with store.write() as tx:
            await heartbeat.beat(tx, "tick", NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await stored(store, heartbeats) == []


async def test_reading_cannot_write(store: Store) -> None:
    with pytest.raises((DatabaseUnusable, DBAPIError), match=r"(?i)read-?only"):
        async with store.read() as tx:
            await heartbeat.beat(tx, "tick", NOW)
    assert await stored(store, heartbeats) == []


async def test_a_connection_that_read_can_write_again(store: Store) -> None:
    for minute in range(12):
        async with store.read() as tx:
            await heartbeat.last_beat(tx, "tick")
        async with store.write() as tx:
            await heartbeat.beat(tx, "tick", NOW.replace(minute=minute))
    assert [row["beat_at"].minute for row in await stored(store, heartbeats)] == [11]


async def test_a_reader_does_not_wait_for_the_writer_and_keeps_its_picture(store: Store) -> None:
    has_written, may_end = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with store.write() as tx:
            await heartbeat.beat(tx, "tick", NOW)
            has_written.set()
            await may_end.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(write())
        await has_written.wait()
        async with store.read() as tx:
            assert await heartbeat.last_beat(tx, "tick") is None
            may_end.set()
    async with store.read() as tx:
        assert await heartbeat.last_beat(tx, "tick") == NOW


async def test_the_guard_knows_of_open_transactions(store: Store) -> None:
    for opened in (store.read, store.write):
        async with opened():
            with pytest.raises(guard.TransactionOpen):
                guard.require_no_transaction("asking arXiv")
        guard.require_no_transaction("asking arXiv")


async def test_a_transaction_inside_another_is_refused_at_once(store: Store) -> None:
    async with store.write():
        with pytest.raises(guard.TransactionOpen):
            async with store.write():
                pass


async def test_the_rules_of_the_schema_are_held(store: Store) -> None:
    with pytest.raises(IntegrityError):
        async with store.write() as tx:
            await tx.execute(text("INSERT INTO aliases (alias, paper_key) VALUES ('doi:1', 'arxiv:nobody')"))


async def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        async with store.write() as tx:
            await heartbeat.beat(tx, "tick", datetime(2026, 6, 2, 15, 0))  # noqa: DTZ001


async def test_instants_compare_by_time_whatever_zone_they_came_in(store: Store) -> None:
    early = datetime.fromisoformat("2026-06-02T23:59:59.000001+09:00")
    late = datetime.fromisoformat("2026-06-02T11:00:00-04:00")
    async with store.write() as tx:
        await heartbeat.beat(tx, "early", early)
        await heartbeat.beat(tx, "late", late)
    async with store.read() as tx:
        found = (await tx.execute(select(heartbeats.c.name).order_by(heartbeats.c.beat_at))).scalars().all()
        assert found == ["early", "late"]
        assert (await tx.execute(select(heartbeats.c.name).where(heartbeats.c.beat_at < late))).scalars().all() == ["early"]
        assert await heartbeat.newest_instant(tx) == late
        read = await heartbeat.last_beat(tx, "early")
    assert read == early
    assert read is not None
    assert read.tzinfo is UTC


async def test_sqlite_is_opened_to_survive_a_power_cut(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    async with store.read() as tx:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        found = [(await tx.execute(text(f"PRAGMA {name}"))).scalar() for name in pragmas]
    await store.close()
    assert found == ["wal", 2, 1, 30_000]


async def test_the_directory_of_the_database_is_made(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'new' / 'data' / 'paperboy.db'}")
    await store.close()
    assert (tmp_path / "new" / "data" / "paperboy.db").exists()


async def test_a_database_without_tables_names_the_cure(empty_url: str) -> None:
    store = await Store.open(empty_url)
    with pytest.raises(DatabaseUnusable, match="paperboy db upgrade"):
        async with store.read() as tx:
            await tx.execute(select(papers.c.key))
    await store.close()


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "paperboy.db"
    file.write_bytes(b"this is not a database, " * 100)
    with pytest.raises(DatabaseUnusable, match=r"paperboy\.db.*not a database"):
        await Store.open(f"sqlite:///{file}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("mysql://me@there/db", "mysql databases are not supported"),
        ("nonsense", "is no database URL"),
        ("sqlite:////proc/nowhere/paperboy.db", "/proc/nowhere/paperboy.db cannot be made"),
    ],
)
async def test_a_database_that_cannot_be_is_refused_in_a_sentence(url: str, said: str) -> None:
    with pytest.raises(DatabaseUnusable, match=said):
        await Store.open(url)


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        await Store.open("postgresql://reader:s3cret@127.0.0.1:1/paperboy")
    assert "127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)
