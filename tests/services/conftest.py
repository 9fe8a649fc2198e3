"""The real store on a file: an empty database of this release, for each test its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.store import Store


@pytest.fixture
def file(tmp_path: Path, empty_database: Path) -> Path:
    """Where the database is."""
    return Path(shutil.copy(empty_database, tmp_path / "paperboy.db"))


@pytest.fixture
async def store(file: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite:///{file}")
    yield opened
    await opened.close()
