"""A shelf that is shared by many readers shows each of them what they would find alone, whatever comes in between."""

import asyncio
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.intake import Page
from bot.domain.papers import AnnounceType, SeenPaper, Sighting
from bot.domain.subscriptions import Address
from bot.storage import digests, papers
from bot.storage.store import Store
from bot.storage.tables import sightings
from tests.builders import a_paper, a_pick, a_sighting
from tests.storage.parcels import a_reader, at

START = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
UNTIL = date(2026, 1, 9)
IDS = tuple(f"2601.0000{number}" for number in range(1, 5))
READERS = 3

a_listing = st.builds(
    a_sighting,
    arxiv_id=st.sampled_from(IDS),
    source=st.sampled_from(("arxiv", "arxiv", "huggingface")),
    batch_on=st.sampled_from((date(2026, 1, 5), date(2026, 1, 6), None)),
    announce_type=st.sampled_from((None, *AnnounceType)),
    version=st.integers(1, 3),
    votes=st.sampled_from((None, 1, 2)),
)
a_step = st.tuples(st.lists(a_listing, max_size=4), st.integers(0, READERS - 1), st.booleans())


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(a_step, min_size=1, max_size=5), since=st.lists(st.integers(-1, 6), min_size=READERS, max_size=READERS))
def test_a_shared_shelf_shows_what_each_would_find_alone(
    sqlite_template: Path, steps: list[tuple[list[Sighting], int, bool]], since: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(shutil.copy(sqlite_template, Path(folder) / "paperboy.db"))
        asyncio.run(_lived(f"sqlite:///{file}", steps, since))


async def _lived(url: str, steps: list[tuple[list[Sighting], int, bool]], since: list[int]) -> None:
    store, shelf = await Store.open(url), papers.Shelf()
    async with store.write() as tx:
        readers = [await a_reader(tx, at(str(number))) for number in range(READERS)]
    for number, (listed, reader, is_shown) in enumerate(steps):
        now = START + timedelta(hours=number)
        await _comes_in(store, listed, now)
        for place, one in enumerate(readers):
            after = None if since[place] < 0 else START + timedelta(hours=since[place])
            alone, shared = [await _fresh(store, one, after, kept) for kept in (None, shelf)]
            news = await _news(store, after)
            assert _told(shared, news) == _told(alone, news)
            if is_shown and place == reader and shared:
                await _shown(store, one, shared[0], number, now)
    await store.close()


async def _comes_in(store: Store, listed: Sequence[Sighting], now: datetime) -> None:
    async with store.write() as tx:
        for one in listed:
            paper = a_paper(arxiv_id=one.key.value, version=one.version)
            await papers.record_page(tx, Page(source=one.source, papers=(paper,), sightings=(replace(one, seen_at=now),)), now)


async def _fresh(store: Store, reader: int, after: datetime | None, shelf: papers.Shelf | None) -> tuple[SeenPaper, ...]:
    async with store.read() as tx:
        return await papers.fresh_to(tx, reader, sources=frozenset({"arxiv"}), until=UNTIL, first_seen_after=after, shelf=shelf)


async def _shown(store: Store, reader: int, seen: SeenPaper, number: int, now: datetime) -> None:
    plan = DigestPlan(picks=(a_pick(seen),), counts=Counts(found=1, matched=1, listed=1))
    async with store.write() as tx:
        slot = Slot(on=now.date(), kind=SlotKind.NOW, number=number + 1)
        await digests.record_plan(tx, reader, slot, plan, due=None, now=now, deadline_at=now + timedelta(hours=20))


async def _news(store: Store, after: datetime | None) -> set[tuple[str, date | None]]:
    """The listings that came in since."""
    query = select(sightings.c.paper_key, sightings.c.batch_on).where(sightings.c.source == "arxiv")
    async with store.read() as tx:
        found = await tx.execute(query if after is None else query.where(sightings.c.first_seen_at >= after))
        return {(row.paper_key, row.batch_on) for row in found}


def _told(found: Sequence[SeenPaper], news: set[tuple[str, date | None]]) -> list[tuple[object, ...]]:
    """Which papers, and all that is news of them; but for the time at which a listing was read last."""
    return [
        (
            seen.paper.key,
            [
                replace(one, seen_at=START)
                for one in seen.sightings
                if one.source == "arxiv" and (str(one.key), one.batch_on) in news
            ],
        )
        for seen in found
    ]


async def test_a_paper_is_read_once_for_all_who_look_at_it(store: Store) -> None:
    await _comes_in(store, [a_sighting(arxiv_id=name) for name in IDS], START)
    shelf = papers.Shelf()
    async with store.write() as tx:
        readers = [await a_reader(tx, Address(platform="telegram", chat=str(number))) for number in range(2)]
    first, second = [await _fresh(store, reader, None, shelf) for reader in readers]
    assert [seen.paper.key.value for seen in first] == list(IDS)
    assert all(one is other for one, other in zip(first, second, strict=True))
