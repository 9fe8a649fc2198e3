"""How a database is opened, and how a transaction begins on it. The one place that knows both dialects' ways."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import DatabaseUnusable

MODE = "paperboy_mode"  # the execution option that says how a transaction begins
READ, WRITE, MIGRATE, PLAIN = "read", "write", "migrate", "plain"
BUSY_TIMEOUT_MS = 30_000
WRITER_KEY = 0x7061706572_01  # advisory locks on PostgreSQL are numbers; these are ours
PROCESS_KEY = 0x7061706572_02

# On PostgreSQL writes queue on one advisory lock, as SQLite makes them queue on the file: what was read inside `write()`
# stays true until its end, with the same code and no retries.
_BEGIN: dict[tuple[str, str], tuple[str, ...]] = {
    ("sqlite", READ): ("PRAGMA query_only=ON", "BEGIN DEFERRED"),
    ("sqlite", WRITE): ("PRAGMA query_only=OFF", "BEGIN IMMEDIATE"),
    # A batch migration drops and rebuilds tables, which must not cascade; this pragma works outside transactions only.
    ("sqlite", MIGRATE): ("PRAGMA query_only=OFF", "PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"),
    ("postgresql", READ): ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    ("postgresql", WRITE): (f"SELECT pg_advisory_xact_lock({WRITER_KEY})",),
    ("postgresql", MIGRATE): (f"SELECT pg_advisory_xact_lock({WRITER_KEY})",),
}
_UNUSABLE_STATES = frozenset({"42P01", "3F000", "42501", "3D000"})  # no such table, schema; no right; no database


def parse(url: str) -> URL:
    """The database's URL. Raises DatabaseUnusable for what is neither an SQLite file nor PostgreSQL."""
    try:
        parsed = make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusable("DATABASE_URL is no database URL: use sqlite:///FILE or postgresql://...") from error
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise DatabaseUnusable("the database must be a file: several connections share it (sqlite:///data/paperboy.db)")
    if kind not in ("sqlite", "postgresql"):
        raise DatabaseUnusable(f"{kind} databases are not supported: use sqlite:///FILE or postgresql://...")
    return parsed


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL, None on PostgreSQL."""
    parsed = parse(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def where(url: str) -> str:
    """What to call this database in a message: never with its password."""
    file = sqlite_file(url)
    return str(file) if file else parse(url).set(query={}).render_as_string(hide_password=True)


def make_engine(url: str) -> AsyncEngine:
    """An engine for the running loop, whose transactions begin by MODE (WRITE unless told). Makes the file's directory.

    Nothing is connected yet. The caller disposes of it. Raises DatabaseUnusable. Errors do not show what was written.
    """
    parsed = _prepared(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_async_engine(parsed.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
    else:
        with _driver_needed():
            engine = create_async_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    _listen(engine.sync_engine)
    return engine


def make_sync_engine(url: str) -> Engine:
    """The same for a thread of its own (migrations, locks): no pool, a connection closes when it is given back."""
    parsed = _prepared(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed.set(drivername="sqlite+pysqlite"), poolclass=NullPool)
    else:
        with _driver_needed():
            engine = create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    _listen(engine)
    return engine


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn what a database says when it cannot work into DatabaseUnusable; a broken rule of ours (a bug) passes as it is."""
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) not in _UNUSABLE_STATES:
            raise
        raise DatabaseUnusable(_sentence(place, error)) from error
    except (DatabaseError, InterfaceError) as error:
        raise DatabaseUnusable(_sentence(place, error)) from error
    except PoolTimeout as error:
        raise DatabaseUnusable(f"{place}: every connection is in use") from error


def _sentence(place: str, error: DBAPIError) -> str:
    reason = " ".join(str(error.orig).split())[:300]
    is_empty = "no such table" in reason or getattr(error.orig, "sqlstate", None) == "42P01"
    return f"the database {place} cannot be used: {reason}" + (" (run: paperboy db upgrade)" if is_empty else "")


@contextmanager
def _driver_needed() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise DatabaseUnusable('PostgreSQL needs its driver: pip install "paperboy[postgres]"') from error


def _prepared(url: str) -> URL:
    file = sqlite_file(url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnusable(f"the directory of {file} cannot be made: {error.strerror}") from error
    return parse(url)


def _listen(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin)


def _configure_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  (the driver's, or its async wrapping)
    connection.isolation_level = None  # no BEGIN but ours: the driver's is DEFERRED, and absent before DDL
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY_TIMEOUT_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get(MODE, WRITE)
    for statement in () if mode == PLAIN else _BEGIN[connection.dialect.name, mode]:
        connection.exec_driver_sql(statement)
