import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import AlreadyRunning, DatabaseUnusable
from bot.storage.engine import make_sync_engine
from bot.storage.lock import process_lock
from bot.storage.store import Store

HOLDER = """
import sys
from bot.storage.engine import make_sync_engine
from bot.storage.lock import process_lock
with process_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def a_holder(url: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


@pytest.mark.parametrize("ends", ["in peace", "killed"])
def test_a_second_process_is_refused_until_the_first_is_gone(url: str, ends: str) -> None:
    first = a_holder(url)
    with pytest.raises(AlreadyRunning, match="another `paperboy run` holds"), process_lock(url):
        pass
    if ends == "killed":
        first.kill()
    first.communicate()
    with process_lock(url):
        pass


async def test_every_other_command_works_beside_it(url: str) -> None:
    with process_lock(url):
        store = await Store.open(url)
        async with store.write():
            pass
        await store.close()


def test_the_refusal_names_the_file_and_the_process(sqlite_url: str) -> None:
    first = a_holder(sqlite_url)
    with pytest.raises(AlreadyRunning, match=rf"alone\.db \(process {first.pid}\)"), process_lock(sqlite_url):
        pass
    first.communicate()


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "paperboy.db.lock").mkdir()
    with pytest.raises(DatabaseUnusable, match="cannot be opened"), process_lock(f"sqlite:///{tmp_path / 'paperboy.db'}"):
        pass


def test_whoever_holds_it_learns_that_it_was_lost(url: str) -> None:
    """On PostgreSQL it ends with its connection, which the server, or somebody between, may cut."""
    with process_lock(url) as is_held:
        assert is_held()
        if url.startswith("sqlite"):
            return
        engine = make_sync_engine(url)
        with engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks "
                    "WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                    " AND pid <> pg_backend_pid()"
                )
            )
        engine.dispose()
        assert not is_held()
        assert not is_held()
        with process_lock(url):
            pass
