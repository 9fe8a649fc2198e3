"""A day's batch as one page: a real one where ../shared is, and its twin of builder-made papers everywhere."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.domain.intake import Page
from bot.domain.papers import Paper
from bot.storage import papers
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting

DAY = date(2026, 6, 2)
NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "day_2026-06-02.raw.jsonl.gz"


def real_papers() -> tuple[Paper, ...]:
    if not REAL.exists():
        pytest.skip("no real day at ../shared/data")
    entries = {entry["id"]: entry for entry in map(json.loads, gzip.decompress(REAL.read_bytes()).splitlines())}
    return tuple(
        a_paper(
            arxiv_id=entry["id"],
            title=entry["title"],
            abstract=entry["summary"],
            authors=tuple(entry["authors"]),
            categories=tuple(entry["categories"]),
            comment=entry["comment"],
        )
        for entry in entries.values()
    )


def made_papers() -> tuple[Paper, ...]:
    names = tuple(f"Author {number}" for number in range(8))
    return tuple(a_paper(arxiv_id=f"2606.{number:05}", authors=names, comment="12 pages") for number in range(1, 716))


@pytest.mark.parametrize("day", [real_papers, made_papers], ids=["real", "made"])
async def test_a_whole_day_is_one_page_and_comes_back_whole(store: Store, day: Callable[[], tuple[Paper, ...]]) -> None:
    listed = day()
    sightings = tuple(a_sighting(key=paper.key, batch_on=DAY, position=n) for n, paper in enumerate(listed))
    page = Page(source="arxiv", papers=listed, sightings=sightings)
    for expected in (len(listed), 0):
        async with store.write() as tx:
            recorded = await papers.record_page(tx, page, NOW)
        assert recorded == papers.Recorded(new=expected, updated=0)
    async with store.read() as tx:
        found = await papers.sighted(tx, sources=frozenset({"arxiv"}), since=DAY, until=DAY)
    assert len(found) == 715
    assert {seen.paper.key: seen.paper for seen in found} == {paper.key: paper for paper in listed}
