"""One `paperboy run` per database: a lock of the operating system, which dies with its holder whatever happens."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.errors import AlreadyRunning, DatabaseUnusable
from bot.storage.engine import MODE, PLAIN, PROCESS_KEY, make_sync_engine, sqlite_file, translated, where

IsHeld = Callable[[], bool]
"""Whether the lock is still ours; blocks for a few ms, so it is asked in a thread."""


@contextmanager
def process_lock(url: str) -> Iterator[IsHeld]:
    """Hold the database's lock (`<file>.lock`, or an advisory lock on a connection of its own on PostgreSQL).

    Never waits; blocks for the few ms of a file or a connection. Raises AlreadyRunning if another process holds it.
    A file's lock ends with this process alone; PostgreSQL's ends with its connection too, which a server or a firewall
    may cut: whoever holds it for long asks now and then what is given here, and stops when it is lost.
    """
    file = sqlite_file(url)
    with _connection_lock(url) if file is None else _file_lock(file) as is_held:
        yield is_held


@contextmanager
def _file_lock(database: Path) -> Iterator[IsHeld]:
    path = database.with_name(database.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+", encoding="ascii", errors="replace")
    except OSError as error:
        raise DatabaseUnusable(f"{path} cannot be opened: {error.strerror}") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise AlreadyRunning(_sentence(str(database), handle.read(20).strip())) from error
        handle.truncate(0)  # the number is for the message only: what counts is the lock
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield lambda: True


@contextmanager
def _connection_lock(url: str) -> Iterator[IsHeld]:
    place = where(url)
    engine = make_sync_engine(url).execution_options(**{"isolation_level": "AUTOCOMMIT", MODE: PLAIN})
    with translated(place):
        connection = engine.connect()
    try:
        with translated(place):
            is_ours = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": PROCESS_KEY}).scalar()
        if not is_ours:
            raise AlreadyRunning(_sentence(place))

        def is_held() -> bool:
            if connection.invalidated:  # the lock went with its session: to connect anew would not bring it back
                return False
            try:
                connection.execute(text("SELECT 1"))
            except DBAPIError:
                return False
            return True

        yield is_held
    finally:
        connection.close()


def _sentence(place: str, pid: str = "") -> str:
    return f"another `paperboy run` holds {place}" + (f" (process {pid})" if pid.isdigit() else "")
