from datetime import UTC, date, datetime

from bot.domain.intake import Page
from bot.storage import batches, papers
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting

NOW = datetime(2026, 6, 5, 15, 0, tzinfo=UTC)
LISTED = (
    ("2606.00001", 1, "arxiv", ("cs.CL", "cs.AI")),
    ("2606.00002", 1, "arxiv", ("cs.LG",)),
    ("2606.00003", 2, "arxiv", ("math.ST",)),
    ("2606.00001", 2, "huggingface", ("cs.CL", "cs.AI")),
    ("2606.00004", 3, "arxiv", ("cs.CL",)),
    ("2606.00005", 3, "arxiv", ("cs.CL",)),
    ("2606.00006", 9, "arxiv", ("cs.CL",)),
)


async def newest(store: Store, *categories: str, sources: tuple[str, ...] = ("arxiv",), limit: int = 5) -> list[tuple[int, int]]:
    async with store.read() as tx:
        found = await batches.newest(tx, sources=sources, categories=categories, until=NOW.date(), limit=limit)
    return [(day.day, size) for day, size in found]


async def test_only_batches_with_something_of_the_categories_count_newest_first(store: Store) -> None:
    async with store.write() as tx:
        for arxiv_id, day, source, categories in LISTED:
            paper = a_paper(arxiv_id=arxiv_id, categories=categories)
            sighting = a_sighting(arxiv_id=arxiv_id, source=source, batch_on=date(2026, 6, day))
            await papers.record_page(tx, Page(source=source, papers=(paper,), sightings=(sighting,)), NOW)
        undated = a_sighting(arxiv_id="2606.00002", source="arxiv", batch_on=None)
        await papers.record_page(tx, Page(source="arxiv", sightings=(undated,)), NOW)
    assert await newest(store) == [(3, 2), (2, 1), (1, 2)]
    assert await newest(store, limit=1) == [(3, 2)]
    assert await newest(store, "cs.CL") == [(3, 2), (1, 1)]
    assert await newest(store, "cs.LG", "math.ST") == [(2, 1), (1, 1)]
    assert await newest(store, "cs.CL", sources=("arxiv", "huggingface")) == [(3, 2), (2, 1), (1, 1)]
    assert await newest(store, "cs.C") == []
