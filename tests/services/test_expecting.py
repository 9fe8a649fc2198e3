"""How many papers a day to expect: what matched in the batches that are stored, and nothing where none is."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.intake import Page
from bot.domain.papers import AnnounceType
from bot.domain.subscriptions import Interest
from bot.rankers.keywords import KeywordRanker
from bot.services.expecting import BATCHES, Expected, Expecting
from bot.storage import papers
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting

NOW = datetime(2026, 6, 12, 15, tzinfo=UTC)
AGENTS = Interest(categories=frozenset({"cs.CL"}), keywords=("agents",))


@pytest.fixture
def expecting(store: Store) -> Expecting:
    return Expecting(store=store, ranker=KeywordRanker(), now=lambda: NOW)


async def batch(store: Store, day: int, *titles: str, announced: AnnounceType = AnnounceType.NEW, first: int = 0) -> None:
    """What arXiv announced on that day of June; `first` numbers its papers."""
    numbered = [(f"2606.{(first or day * 100) + place:05}", title) for place, title in enumerate(titles)]
    found = tuple(a_paper(arxiv_id=arxiv_id, title=title, categories=("cs.CL",)) for arxiv_id, title in numbered)
    on = date(2026, 6, day)
    seen = tuple(a_sighting(arxiv_id=arxiv_id, batch_on=on, announce_type=announced) for arxiv_id, _ in numbered)
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=found, sightings=seen), NOW)


async def test_without_a_stored_batch_nothing_is_said(store: Store, expecting: Expecting) -> None:
    assert await expecting.papers(AGENTS) is None
    await batch(store, 1, "Agents")
    assert await expecting.papers(Interest(categories=frozenset({"math.ST"}))) is None
    assert await expecting.papers(Interest(sources=frozenset({"huggingface"}))) is None


async def test_it_is_the_mean_of_the_last_batches(store: Store, expecting: Expecting) -> None:
    await batch(store, 1, *["Agents"] * 50)
    for day in range(2, 2 + BATCHES):
        await batch(store, day, "Agents that plan", "Birds", *["Agents"] * (day - 2))
    assert await expecting.papers(AGENTS) == Expected(a_day=3.0, batches=BATCHES)
    assert await expecting.papers(Interest(keywords=("nothing",))) == Expected(a_day=0.0, batches=BATCHES)


async def test_a_paper_that_was_replaced_since_counts_once_on_its_first_day(store: Store, expecting: Expecting) -> None:
    await batch(store, 1, "Agents", first=7)
    await batch(store, 2, "Agents", first=7, announced=AnnounceType.REPLACE)
    assert await expecting.papers(AGENTS) == Expected(a_day=0.5, batches=2)


async def test_no_more_papers_are_looked_at_than_takes_a_moment(store: Store, expecting: Expecting) -> None:
    for day in (1, 2, 3):
        await batch(store, day, *["Agents"] * 900)
    assert await expecting.papers(AGENTS) == Expected(a_day=900.0, batches=1)
