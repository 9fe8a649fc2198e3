"""A search answers from what the store has at that moment, page by page."""

import pytest

from bot.domain.intake import Page
from bot.domain.papers import Paper
from bot.errors import BadInput
from bot.services.searching import PAGE_SIZE, Searching
from bot.storage import papers, search_index
from bot.storage.store import Store
from tests.builders import a_paper
from tests.storage.test_migrate import NOW


async def comes_in(store: Store, *listed: Paper) -> None:
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=listed), NOW)


def plans(count: int) -> tuple[Paper, ...]:
    return tuple(a_paper(arxiv_id=f"2601.{n:05}", title=f"Plan {n}") for n in range(1, count + 1))


async def test_what_came_in_a_moment_ago_is_found_and_found_by_its_newest_words(store: Store) -> None:
    searching = Searching(store=store)
    await comes_in(store, a_paper(title="First words"))
    assert [seen.paper.title for seen in (await searching.search("first")).papers] == ["First words"]
    await comes_in(store, a_paper(title="Second words", version=2))
    assert (await searching.search("first")).total == 0
    assert (await searching.search("second")).total == 1


async def test_more_than_one_batch_is_indexed_before_the_answer(store: Store) -> None:
    await comes_in(store, *plans(600))
    found = await Searching(store=store).search("plan 597")
    assert [seen.paper.title for seen in found.papers] == ["Plan 597"]
    async with store.read() as tx:
        assert not await search_index.is_behind(tx)


@pytest.mark.parametrize(("page", "listed", "first"), [(1, 8, 1), (2, 8, 9), (3, 4, 17), (9, 4, 17), (0, 8, 1)])
async def test_a_page_says_which_it_is_and_what_its_first_number_is(store: Store, page: int, listed: int, first: int) -> None:
    await comes_in(store, *plans(20))
    found = await Searching(store=store).search("plan", page)
    assert (len(found.papers), found.first_number, found.pages, found.total) == (listed, first, 3, 20)
    assert found.page == (first - 1) // PAGE_SIZE + 1
    assert found.held is None


async def test_where_nothing_is_found_it_is_said_what_there_is(store: Store) -> None:
    searching = Searching(store=store)
    empty = (await searching.search("unheard")).held
    assert empty is not None
    assert (empty.papers, empty.since) == (0, None)
    await comes_in(store, *plans(3))
    held = (await searching.search("unheard")).held
    assert held is not None
    assert (held.papers, held.since) == (3, NOW)


async def test_what_asks_for_nothing_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="/search diffusion models"):
        await Searching(store=store).search("?!")
