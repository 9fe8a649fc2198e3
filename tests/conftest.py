"""What holds for every test: no network beyond loopback (and no proxy on the way), and a world for the bot as a process."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import tests.network  # noqa: F401
from bot.storage import migrate
from tests.fakes.openai import FakeOpenAI
from tests.world import World, a_world

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot warns wherever a wait is read without it


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of this release without a row, made by the migrations; worlds copy it."""
    file = tmp_path_factory.mktemp("template") / "paperboy.db"
    asyncio.run(migrate.upgrade(f"sqlite:///{file}", datetime.now(UTC)))
    return file


@pytest.fixture
async def writing_world(world: World) -> AsyncIterator[World]:
    """The same, with a model that writes."""
    async with FakeOpenAI(key="sk-test-0123456789") as model:
        world.model = model
        yield world


@pytest.fixture
async def world(tmp_path: Path, empty_database: Path) -> AsyncIterator[World]:
    """arXiv and Hugging Face on loopback, an empty folder, and the real command."""
    shutil.copy(empty_database, tmp_path / "paperboy.db")
    async with a_world(tmp_path) as made:
        yield made
