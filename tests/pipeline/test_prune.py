"""How long what is remembered: longer than anybody looks back."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people import Person
from bot.pipeline.prune import prune
from bot.storage import allowances, digests, uploads
from bot.storage.store import Store
from tests.storage.parcels import NOW, at, ids_of, queued, states, through


@pytest.fixture
async def store(tmp_path: Path, empty_database: Path) -> AsyncIterator[Store]:
    file = tmp_path / "paperboy.db"
    shutil.copy(empty_database, file)
    opened = await Store.open(f"sqlite:///{file}")
    yield opened
    await opened.close()


async def after(store: Store, days: float) -> None:
    await prune(store, now=NOW + timedelta(days=days), texts_kept_days=30)


async def shown(store: Store, subscription_id: int = 1) -> int:
    """How many papers this reader will not be shown again."""
    async with store.read() as tx:
        return len(await digests.shown_keys(tx, subscription_id))


async def test_parts_are_told_for_35_days_at_least_and_shown_papers_known_for_400(store: Store) -> None:
    digest = await queued(store, at(), 2)
    for part in await ids_of(store, digest):
        await through(store, part)
    await after(store, 35)
    assert await states(store, digest) == ["sent", "sent"]
    await after(store, 41)
    assert await states(store, digest) == []
    await after(store, 400)
    assert await shown(store) == 2
    await after(store, 421)
    assert await shown(store) == 0


async def test_what_waits_is_never_forgotten(store: Store) -> None:
    digest = await queued(store, at(), 2)
    await after(store, 500)
    assert await states(store, digest) == ["due", "due"]
    assert await shown(store) == 2


async def test_how_often_somebody_asked_is_known_for_two_days(store: Store) -> None:
    async with store.write() as tx:
        await allowances.count(tx, "telegram", "person:1", NOW.date())
    for days, known in ((2, 1), (3, 0)):
        await after(store, days)
        async with store.read() as tx:
            assert await allowances.used(tx, "telegram", "person:1", NOW.date()) == known


async def test_a_file_that_somebody_sent_is_kept_for_two_days(store: Store) -> None:
    sender = Person(platform="telegram", id="1")
    async with store.write() as tx:
        number = await uploads.keep(tx, sender, "refs.bib", "@misc{a}", NOW)
    for days, is_there in ((2, True), (2.1, False)):
        await after(store, days)
        async with store.read() as tx:
            assert (await uploads.get(tx, number, sender) is not None) is is_there
