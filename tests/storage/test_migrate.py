import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import ProgrammingError

import migrations
from bot.domain.deliveries import Cause
from bot.domain.intake import Page
from bot.domain.queries import query
from bot.domain.subscriptions import Address, Form
from bot.errors import BadFile, DatabaseUnusable, PaperboyError, SchemaMismatch
from bot.storage import destinations, heartbeat, outbox, papers, search, search_index, subscriptions
from bot.storage.engine import MIGRATE, MODE, make_sync_engine
from bot.storage.migrate import HEAD, REVISIONS, Upgrade, backup, require_current, revision, upgrade
from bot.storage.store import Store
from bot.storage.tables import metadata
from bot.storage.tables_search import INDEX
from migrations.check import drift
from tests.builders import a_paper

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)


def run(url: str, *statements: str) -> None:
    engine = make_sync_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def tables_of(url: str) -> set[str]:
    engine = make_sync_engine(url)
    with engine.begin() as connection:
        found = {name for name in inspect(connection).get_table_names() if not name.startswith(INDEX)}
    engine.dispose()
    return found


def test_the_revisions_in_code_are_those_of_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert tuple(script.revision for script in reversed(scripts)) == REVISIONS


async def test_an_empty_database_gets_all_tables_and_needs_no_backup(empty_url: str) -> None:
    assert await upgrade(empty_url, NOW) == Upgrade(from_revision=None, to_revision=HEAD)
    assert tables_of(empty_url) == {*metadata.tables, "alembic_version"}
    assert await upgrade(empty_url, NOW) == Upgrade(from_revision=HEAD, to_revision=HEAD)
    await require_current(empty_url)


def differences(url: str) -> tuple[str, ...]:
    engine = make_sync_engine(url).execution_options(**{MODE: MIGRATE})
    with engine.connect() as connection:
        found = drift(connection)
        connection.rollback()
    engine.dispose()
    return found


def test_migrations_and_tables_agree(url: str) -> None:
    assert differences(url) == ()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE papers ADD COLUMN mood TEXT",
        "DROP INDEX uq_items_shown_once",
        "DROP TABLE heartbeats",
        "CREATE INDEX extra ON papers (title)",
    ],
)
def test_the_drift_check_sees_a_difference(url: str, change: str) -> None:
    run(url, change)
    assert differences(url)


async def test_several_processes_may_upgrade_at_once(empty_url: str) -> None:
    code = "import asyncio, sys; from datetime import UTC, datetime; from bot.storage.migrate import upgrade; "
    code += "asyncio.run(upgrade(sys.argv[1], datetime.now(UTC)))"
    children = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, empty_url) for _ in range(3)]
    assert [await child.wait() for child in children] == [0, 0, 0]
    await require_current(empty_url)


async def test_a_database_of_a_newer_release_is_refused_and_left_alone(url: str) -> None:
    run(url, "UPDATE alembic_version SET version_num = '9999'")
    for asked in (upgrade(url, NOW), require_current(url)):
        with pytest.raises(SchemaMismatch, match="newer release"):
            await asked
    assert revision(url) == "9999"


async def test_a_database_without_tables_is_not_current(empty_url: str) -> None:
    with pytest.raises(SchemaMismatch, match=r"no tables yet.*paperboy db upgrade"):
        await require_current(empty_url)


async def test_what_a_file_holds_is_copied_beside_it_before_it_is_changed(tmp_path: Path) -> None:
    """Whatever it is: here a table that no release of ours made."""
    url = f"sqlite:///{tmp_path / 'paperboy.db'}"
    run(url, "CREATE TABLE older (word TEXT)", "INSERT INTO older VALUES ('kept')")
    done = await upgrade(url, NOW)
    assert done.backup == tmp_path / "paperboy.db.unversioned-20260602T150000Z.backup"
    assert tables_of(f"sqlite:///{done.backup}") == {"older"}
    assert tables_of(url) == {*metadata.tables, "alembic_version", "older"}


A_DAY_OF_THE_FIRST_RELEASE = (
    "INSERT INTO papers (key, version, title, abstract, authors, categories, links, is_withdrawn, first_seen_at)"
    " VALUES ('arxiv:2601.00001', 1, 'A Notebook', '', '[]', '[]', '[]', {no}, {at})",
    "INSERT INTO sightings (id, paper_key, source, batch_on, seen_at, first_seen_at, tags, is_guess)"
    " VALUES (1, 'arxiv:2601.00001', 'arxiv', '2026-01-06', {at}, {at}, '[]', {no})",
    "INSERT INTO gates (name, next_at, holder, lease_until) VALUES ('arxiv', {at}, 'somebody', {at})",
    "INSERT INTO addresses (id, platform, chat, thread) VALUES (1, 'console', '1', '')",
    "INSERT INTO subscriptions"
    " (id, address_id, local_time, zone, weekdays, is_paused, style, language, max_papers, wants_empty_note)"
    " VALUES (1, 1, '08:00:00.000000', 'UTC', 127, {no}, 'card', 'en', 5, {no})",
    "INSERT INTO digests (id, subscription_id, slot_on, slot_kind, slot_number, found, matched, listed, notices, created_at)"
    " VALUES (1, 1, '2026-01-06', 'daily', 0, 1, 1, 1, '[]', {at})",
    "INSERT INTO items (id, digest_id, subscription_id, paper_key, shown_as, position, score, reasons, is_freed)"
    " VALUES (1, 1, 1, 'arxiv:2601.00001', 0, 0, 1.0, '[]', {no})",
)


A_DAY_OF_THE_SECOND_RELEASE = (
    *(A_DAY_OF_THE_FIRST_RELEASE[:4]),
    "INSERT INTO addresses (id, platform, chat, thread) VALUES (2, 'console', '2', 'topic')",
    *(A_DAY_OF_THE_FIRST_RELEASE[4:]),
    "INSERT INTO digests"
    " (id, subscription_id, slot_on, slot_kind, slot_number, found, matched, listed, notices, created_at, delivered_at)"
    " VALUES (2, 1, '2026-01-05', 'daily', 0, 1, 1, 1, '[]', {at}, {later})",
    "INSERT INTO digests (id, subscription_id, slot_on, slot_kind, slot_number, found, matched, listed, notices, created_at)"
    " VALUES (3, 1, '2026-01-06', 'now', 1, 1, 1, 1, '[]', {at})",
    "INSERT INTO items (id, digest_id, subscription_id, paper_key, shown_as, position, score, reasons, is_freed)"
    " VALUES (2, 2, 1, 'arxiv:2601.00001', 2, 0, 1.0, '[]', {no}), (3, 3, 1, 'arxiv:2601.00001', 3, 0, 1.0, '[]', {no})",
)


A_DAY_OF_THE_THIRD_RELEASE = (
    *(A_DAY_OF_THE_FIRST_RELEASE[:3]),
    "INSERT INTO addresses (id, platform, chat, thread, probes) VALUES (1, 'telegram', '1', '', 0)",
    A_DAY_OF_THE_FIRST_RELEASE[4],
    "INSERT INTO interests (subscription_id, sources, categories, keywords, excluded, excluded_anywhere, authors, threshold,"
    " min_votes, wants_replacements) VALUES (1, '[\"arxiv\"]', '[]', '[\"agents\"]', '[]', '[]', '[]', 0, 0, {no})",
    "INSERT INTO digests (id, subscription_id, slot_on, slot_kind, slot_number, found, matched, listed, notices, created_at,"
    " deadline_at, queued_at) VALUES (4, 1, '2026-01-06', 'daily', 0, 1, 1, 1, '[]', {at}, {later}, {at})",
    "INSERT INTO items (id, digest_id, subscription_id, paper_key, shown_as, position, score, reasons, is_freed, is_late, part)"
    " VALUES (1, 4, 1, 'arxiv:2601.00001', 0, 0, 1.0, '[]', {no}, {no}, 1)",
    "INSERT INTO parts (id, digest_id, address_id, about, number, total, state, detail, is_plain, attempts, crashes, queued_at,"
    " deadline_at, platform_id, thread, payload)"
    " VALUES (7, 4, 1, '', 1, 1, 'due', '', {no}, 0, 0, {at}, {later}, '', '', '{{}}')",
)


def of_release(url: str, revision: str, rows: Iterable[str]) -> None:
    """That revision, in use."""
    engine = make_sync_engine(url).execution_options(**{MODE: MIGRATE})
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(Path(migrations.__file__).parent))
        command.upgrade(config, revision)
        is_sqlite = connection.dialect.name == "sqlite"
        at, later = ("'2026-01-06T09:00:00.000000+00:00'", "'2026-01-06T09:05:00.000000+00:00'")
        for statement in rows:
            connection.execute(text(statement.format(no="0" if is_sqlite else "false", at=at, later=later)))
    engine.dispose()


def of_the_first_release(url: str) -> None:
    """Revision 0001, in use."""
    of_release(url, "0001", A_DAY_OF_THE_FIRST_RELEASE)


def rows_by_table(url: str, tables: Iterable[str]) -> dict[str, list[dict[str, object]]]:
    """All rows, column by column as the database has them now."""
    engine = make_sync_engine(url)
    with engine.begin() as connection:
        known = inspect(connection)
        found = {}
        for name in sorted(tables):
            columns = [metadata.tables[name].c[column["name"]] for column in known.get_columns(name)]
            found[name] = [dict(row._mapping) for row in connection.execute(select(*columns).order_by(columns[0]))]
    engine.dispose()
    return found


def are_kept(before: dict[str, list[dict[str, object]]], after: dict[str, list[dict[str, object]]]) -> bool:
    """Every row is there with every value it had; columns may have come."""
    return all(
        [{name: new[name] for name in old} for old, new in zip(rows, after[table], strict=True)] == rows
        for table, rows in before.items()
    )


async def test_a_database_in_use_since_the_first_release_keeps_its_rows(empty_url: str) -> None:
    of_the_first_release(empty_url)
    with pytest.raises(SchemaMismatch, match=r"older release \(0001"):
        await require_current(empty_url)
    older = tables_of(empty_url) - {"alembic_version"}
    before = rows_by_table(empty_url, older)
    done = await upgrade(empty_url, NOW)
    assert (done.from_revision, done.to_revision) == ("0001", HEAD)
    after = rows_by_table(empty_url, older)
    assert are_kept(before, after)
    assert {name for name, rows in before.items() if rows} >= {"papers", "sightings", "subscriptions", "digests", "items"}
    (gate,) = after["gates"]
    assert (gate["name"], gate["holder"], gate["urgent_until"]) == ("arxiv", "somebody", None)
    assert differences(empty_url) == ()
    if done.backup is not None:
        assert revision(f"sqlite:///{done.backup}") == "0001"
    assert (done.backup is None) == empty_url.startswith("postgresql")


async def test_what_was_delivered_before_the_outbox_stays_so_and_the_rest_is_past_its_deadline(empty_url: str) -> None:
    of_release(empty_url, "0002", A_DAY_OF_THE_SECOND_RELEASE)
    older = tables_of(empty_url) - {"alembic_version"}
    before = rows_by_table(empty_url, older)
    await upgrade(empty_url, NOW)
    after = rows_by_table(empty_url, {*older, "parts"})
    assert are_kept(before, {name: rows for name, rows in after.items() if name in before})
    assert after["parts"] == []
    assert [address["probes"] for address in after["addresses"]] == [0, 0]
    made, delivered = (datetime(2026, 1, 6, 9, minute, tzinfo=UTC) for minute in (0, 5))
    digests = [(row["deadline_at"], row["queued_at"], row["delivered_at"]) for row in after["digests"]]
    assert digests == [(made, None, None), (made, delivered, delivered), (made, None, None)]
    assert [(item["is_late"], item["part"], item["is_freed"]) for item in after["items"]] == [(False, None, False)] * 3
    assert differences(empty_url) == ()


async def test_a_digest_that_was_never_shown_before_the_outbox_gives_its_papers_back_at_the_first_start(empty_url: str) -> None:
    of_release(empty_url, "0002", A_DAY_OF_THE_SECOND_RELEASE)
    await upgrade(empty_url, NOW)
    store = await Store.open(empty_url)
    async with store.write() as tx:
        assert await outbox.give_up_unqueued(tx, now=NOW) == 1
        assert await destinations.suspend(tx, Address(platform="console", chat="1"), Cause.BLOCKED, now=NOW)
    await store.close()
    after = rows_by_table(empty_url, {"digests", "items"})
    assert [row["skipped"] for row in after["digests"]] == ["failed", None, None]
    assert [row["is_freed"] for row in after["items"]] == [True, False, False]


async def test_readers_from_before_the_chat_platforms_see_their_digests_as_before(empty_url: str) -> None:
    of_release(empty_url, "0003", A_DAY_OF_THE_THIRD_RELEASE)
    older = tables_of(empty_url) - {"alembic_version"}
    before = rows_by_table(empty_url, older)
    assert all(before[name] for name in ("subscriptions", "interests", "digests", "items", "parts"))
    await upgrade(empty_url, NOW)
    after = rows_by_table(empty_url, {*older, "marks", "allowances", "uploads"})
    assert are_kept(before, {name: rows for name, rows in after.items() if name in before})
    assert [after[name] for name in ("marks", "allowances", "uploads")] == [[], [], []]
    assert (after["digests"][0]["rest"], after["parts"][0]["is_answer"]) == ([], False)
    store = await Store.open(empty_url)
    async with store.read() as tx:
        known = await subscriptions.by_address(tx, Address(platform="telegram", chat="1"))
        due = await outbox.claimable(tx, "telegram", now=datetime(2026, 1, 6, 9, 1, tzinfo=UTC), limit=10)
    await store.close()
    assert known is not None
    assert (known.form, known.is_muted, known.members_may_ask, known.limit) == (Form.CARDS, False, True, 5)
    assert known.interest.keywords == ("agents",)
    assert [part.id for part in due] == [7]
    assert differences(empty_url) == ()


@pytest.mark.parametrize("table", ["digests", "parts", "uploads"])
def test_numbers_of_rows_that_are_gone_are_never_given_again(sqlite_url: str, table: str) -> None:
    """A button or an answer of a platform may come long after its row: SQLite would give its number to another."""
    engine = make_sync_engine(sqlite_url)
    with engine.begin() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
    engine.dispose()
    assert "AUTOINCREMENT" in made


async def test_a_failed_migration_of_a_database_in_use_leaves_it_as_it_was(empty_url: str) -> None:
    of_the_first_release(empty_url)
    run(empty_url, "CREATE TABLE dialects (word TEXT)")  # in the way of a table that is made last
    with pytest.raises((PaperboyError, ProgrammingError), match="already exists"):
        await upgrade(empty_url, NOW)
    assert revision(empty_url) == "0001"
    run(empty_url, "DROP TABLE dialects")
    await upgrade(empty_url, NOW)
    assert differences(empty_url) == ()


async def test_a_failed_migration_leaves_what_was_there(empty_url: str) -> None:
    run(empty_url, "CREATE TABLE items (word TEXT)")  # in the way of the last table that is made
    with pytest.raises((PaperboyError, ProgrammingError), match="already exists"):
        await upgrade(empty_url, NOW)
    assert tables_of(empty_url) == {"items"}
    run(empty_url, "DROP TABLE items")
    await upgrade(empty_url, NOW)
    await require_current(empty_url)


def test_a_current_database_is_known_without_alembic(sqlite_url: str) -> None:
    code = (
        "import asyncio, sys; from datetime import UTC, datetime; from bot.storage.migrate import upgrade; "
        "asyncio.run(upgrade(sys.argv[1], datetime.now(UTC))); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, sqlite_url], check=False, timeout=50).returncode == 0


def test_the_check_can_be_run_alone() -> None:
    assert subprocess.run([sys.executable, "-m", "migrations.check"], check=False, timeout=50).returncode == 0


async def test_a_backup_made_beside_a_writer_is_whole_and_restores(sqlite_url: str, tmp_path: Path) -> None:
    store = await Store.open(sqlite_url)
    async with store.write() as tx:
        await heartbeat.beat(tx, "tick", NOW)
    async with store.write() as tx:
        await heartbeat.beat(tx, "unfinished", NOW)
        await backup(sqlite_url, tmp_path / "copy.db")
    await store.close()
    restored = tmp_path / "elsewhere" / "paperboy.db"
    restored.parent.mkdir()
    shutil.copy(tmp_path / "copy.db", restored)
    await require_current(f"sqlite:///{restored}")
    store = await Store.open(f"sqlite:///{restored}")
    async with store.read() as tx:
        assert await heartbeat.last_beat(tx, "tick") == NOW
        assert await heartbeat.last_beat(tx, "unfinished") is None
    await store.close()
    assert not (tmp_path / "copy.db.part").exists()


async def test_a_backup_overwrites_nothing(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    with pytest.raises(BadFile, match="exists already"):
        await backup(sqlite_url, tmp_path / "precious")
    assert (tmp_path / "precious").read_text() == "precious"


async def test_a_backup_that_cannot_be_made_is_said(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be written: No such file or directory"):
        await backup(sqlite_url, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(DatabaseUnusable, match="there is no database"):
        await backup(f"sqlite:///{tmp_path / 'missing.db'}", tmp_path / "copy.db")
    with pytest.raises(DatabaseUnusable, match="pg_dump"):
        await backup("postgresql://localhost/paperboy", tmp_path / "copy.db")


async def test_the_file_of_a_damaged_database_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "paperboy.db").write_bytes(b"no database, " * 1000)
    with pytest.raises(DatabaseUnusable, match="failed"):
        await backup(f"sqlite:///{tmp_path / 'paperboy.db'}", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


A_PAPER_OF_THE_FOURTH_RELEASE = (
    "INSERT INTO papers (key, version, title, abstract, authors, categories, links, is_withdrawn, first_seen_at)"
    " VALUES ('arxiv:2601.NUMBER', 1, 'Plan $\\alpha$NUMBER', 'Words of Schr\\\"odinger, NUMBER',"
    " '[[\"Ada Example\",null]]', '[\"cs.CL\"]', '[]', {no}, {at})"
)


async def test_papers_of_the_fourth_release_can_be_searched_after_the_upgrade(empty_url: str) -> None:
    """More than fit into one batch, and none of them waits to be indexed."""
    rows = (A_PAPER_OF_THE_FOURTH_RELEASE.replace("NUMBER", f"{number:05}") for number in range(1, 1_203))
    of_release(empty_url, "0004", rows)
    before = rows_by_table(empty_url, {"papers"})
    await upgrade(empty_url, NOW)
    after = rows_by_table(empty_url, {"papers", "searchable", "unindexed"})
    assert (after["papers"], after["unindexed"]) == (before["papers"], [])
    assert len(after["searchable"]) == 1_202
    store = await Store.open(empty_url)
    for typed, total in (("plan", search.MOST), ("schrödinger 01202", 1), ('"ada example" α00007', 1), ("unheard", 0)):
        async with store.read() as tx:
            assert (await search.found(tx, query(typed), page=1, size=8)).total == total
    await store.close()
    assert differences(empty_url) == ()


async def test_a_backup_can_be_searched(sqlite_url: str, tmp_path: Path) -> None:
    store = await Store.open(sqlite_url)
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(title="Kept words"),)), NOW)
        await search_index.catch_up(tx)
    await backup(sqlite_url, tmp_path / "copy.db")
    await store.close()
    store = await Store.open(f"sqlite:///{tmp_path / 'copy.db'}")
    async with store.read() as tx:
        assert (await search.found(tx, query("kept"), page=1, size=8)).total == 1
    await store.close()
