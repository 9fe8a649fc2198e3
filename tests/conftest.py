"""What holds for every test: no network beyond loopback (and no proxy on the way), and a world for the bot as a process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import tests.network  # noqa: F401
from tests.world import World, a_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """arXiv and Hugging Face on loopback, an empty folder, and the real command."""
    async with a_world(tmp_path) as made:
        yield made
