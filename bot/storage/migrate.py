"""The schema's release: what a database has, how it gets ours, and backups. Alembic is imported only when there is work.

read version_num -> ours? done -> newer? SchemaMismatch -> older: back up (SQLite) -> one transaction -> checked -> committed
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from bot.errors import BadFile, DatabaseUnusable, SchemaMismatch
from bot.storage.engine import BUSY_TIMEOUT_MS, MIGRATE, MODE, READ, make_sync_engine, sqlite_file, translated, where

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")  # oldest first; a test compares them with migrations/
HEAD = REVISIONS[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """What an upgrade did: nothing if the revisions are equal. `backup` is the copy of the file that was made before."""

    from_revision: str | None
    to_revision: str
    backup: Path | None = None


async def upgrade(url: str, now: datetime) -> Upgrade:
    """Bring the database to this release, all or nothing; an SQLite file that holds anything is copied beside itself first.

    Safe to repeat, and from several processes at once. Works in a thread. Raises SchemaMismatch if the database is of a newer
    release, DatabaseUnusable if it cannot be changed.
    """
    return await asyncio.to_thread(_upgrade, url, now)


async def require_current(url: str) -> None:
    """Raise SchemaMismatch unless the database is of this release."""
    found = await asyncio.to_thread(revision, url)
    if found != HEAD:
        _refuse_newer(url, found)
        state = "has no tables yet" if found is None else f"is of an older release ({found}, this one needs {HEAD})"
        raise SchemaMismatch(f"the database {where(url)} {state}: run `paperboy db upgrade`")


async def backup(url: str, target: Path) -> None:
    """Copy the SQLite database to `target`, whole and consistent, while others read and write it. Works in a thread.

    Raises BadFile if `target` exists or cannot be written, DatabaseUnusable if there is nothing to copy.
    """
    file = sqlite_file(url)
    if file is None:
        raise DatabaseUnusable("backups of PostgreSQL are made by its own tool: pg_dump --format=custom --file=FILE DATABASE_URL")
    await asyncio.to_thread(_copy, file, target)


def revision(url: str) -> str | None:
    """The revision that the database says it has, None if it says nothing. Blocks; raises DatabaseUnusable."""
    with _engine(url) as engine, engine.execution_options(**{MODE: READ}).begin() as connection:
        return _revision(connection)


def _upgrade(url: str, now: datetime) -> Upgrade:
    with _engine(url) as engine:
        with engine.execution_options(**{MODE: READ}).begin() as connection:
            found, has_tables = _revision(connection), bool(inspect(connection).get_table_names())
        _refuse_newer(url, found)
        if found == HEAD:
            return Upgrade(from_revision=found, to_revision=HEAD)
        file = sqlite_file(url)
        copied = _copy_beside(file, found, now) if file and has_tables else None
        with engine.execution_options(**{MODE: MIGRATE}).begin() as connection:
            _run_alembic(connection)  # does nothing if another process did it while we waited
    return Upgrade(from_revision=found, to_revision=HEAD, backup=copied)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    with translated(where(url)):
        engine = make_sync_engine(url)
        try:
            yield engine
        finally:
            engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _refuse_newer(url: str, found: str | None) -> None:
    if found is not None and found not in REVISIONS:
        raise SchemaMismatch(
            f"the database {where(url)} is of a newer release ({found}, this one knows {HEAD}): "
            "start that release, or restore the backup that it made"
        )


def _run_alembic(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("migrations")).replace("%", "%%"))
    command.upgrade(config, "head")
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise DatabaseUnusable(f"the migration would break {len(broken)} references; nothing was changed")


def _copy_beside(file: Path, found: str | None, now: datetime) -> Path:
    """`paperboy.db.0001-20260602T150000Z.backup`; a second one of the same second gets a number."""
    stem = f"{file.name}.{found or 'unversioned'}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    number = 1
    target = file.with_name(f"{stem}.backup")
    while target.exists():
        number += 1
        target = file.with_name(f"{stem}-{number}.backup")
    _copy(file, target)
    return target


def _copy(file: Path, target: Path) -> None:
    if not file.is_file():
        raise DatabaseUnusable(f"there is no database at {file}")
    if not target.name:
        raise BadFile(str(target), "is not the name of a file; choose one")
    partial = target.with_name(target.name + ".part")
    try:
        if target.exists():
            raise BadFile(str(target), "exists already; choose another name")
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        _copy_pages(file, partial)
        partial.rename(target)
    except OSError as error:
        raise BadFile(str(target), f"cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):  # a name that could not be made cannot be taken away
            partial.unlink(missing_ok=True)


def _copy_pages(file: Path, target: Path) -> None:
    """By SQLite's own backup: a copied file would lack what is still in the write-ahead log."""
    try:
        with (
            closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT_MS / 1000)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise DatabaseUnusable(f"the backup of {file} to {target} failed: {error}") from error
    if verdict != "ok":
        raise DatabaseUnusable(f"the database {file} is damaged: {verdict}")
