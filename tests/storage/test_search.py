"""What a search finds, on both databases, and that its index keeps up with the papers."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text

from bot.domain.intake import Page
from bot.domain.papers import Paper, PaperKey, Scheme
from bot.domain.queries import MAX_TYPED_CHARS, query
from bot.errors import BadInput, DatabaseUnusable
from bot.storage import papers, search, search_index
from bot.storage.store import Store
from bot.storage.tables import papers as paper_table
from bot.storage.tables_search import searchable, unindexed
from tests.builders import a_paper, a_sighting
from tests.storage.rows import stored
from tests.storage.test_migrate import NOW


async def store_of(store: Store, *listed: Paper, source: str = "arxiv") -> None:
    """These papers, stored and indexed."""
    sightings = tuple(a_sighting(key=paper.key, source=source) for paper in listed)
    async with store.write() as tx:
        await papers.record_page(tx, Page(source=source, papers=listed, sightings=sightings), NOW)
    await caught_up(store)


async def caught_up(store: Store) -> None:
    async with store.write() as tx:
        while await search_index.catch_up(tx):
            pass


async def hits(store: Store, typed: str, *, page: int = 1, size: int = 10) -> search.Hits:
    async with store.read() as tx:
        return await search.found(tx, query(typed), page=page, size=size)


async def titles(store: Store, typed: str) -> list[str]:
    return [seen.paper.title for seen in (await hits(store, typed)).papers]


SHELF = (
    a_paper(arxiv_id="2601.00001", title="Diffusion for planning", abstract="We train agents.", authors=("Yann A. LeCun",)),
    a_paper(arxiv_id="2601.00002", title="A survey", abstract="Diffusion models and pre-training.", authors=("Ada Example",)),
    a_paper(arxiv_id="2601.00003", title="Schrödinger bridges", abstract="$\\alpha$-divergence", categories=("math.PR",)),
    a_paper(arxiv_id="2601.00004", title="Multi-agent world models", abstract="NEAR AND OR", authors=("Bo Diffusion",)),
    a_paper(arxiv_id="2601.00005", title="基于大语言模型的推理", abstract="", authors=()),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("diffusion", {1, 2, 4}),
        ("agent", {1, 4}),  # plurals
        ("Agents", {1, 4}),
        ("diffusion agents", {1, 4}),  # all words, wherever they stand
        ("diffusion agents -planning", {4}),
        ('"diffusion models"', {2}),
        ('diffusion -"diffusion models" -@bo', {1}),
        ("@diffusion", {4}),
        ("@lecun diffusion", {1}),
        ('@"Yann LeCun"', {1}),
        ("yann lecun", {1}),
        ("schrodinger", {3}),
        ("SCHRÖDINGER bridge", {3}),
        ("$\\alpha$-divergence", {3}),
        ("α divergence", {3}),
        ("math.PR", {3}),
        ("math.pr bridges", {3}),
        ("cs.CL bridges", set()),
        ("cs.CL -diffusion", {5}),
        ("-diffusion", {3, 5}),
        ("huggingface diffusion", set()),
        ("arxiv diffusion planning", {1}),
        ("pretraining", {2}),
        ("pre-training", {2}),
        ("multi-agent", {4}),
        ("multiagent world", {4}),
        ("schröd", {3}),  # the last word may be unfinished
        ("schröd bridges", set()),
        ("语言模型", {5}),
        ("推理", {5}),
        ("型模", set()),
        ("2601.00003", {3}),
        ("https://arxiv.org/abs/2601.00003v2", {3}),
        ("the bridges of", {3}),
    ],
)
async def test_what_is_typed_finds_what_is_meant(store: Store, typed: str, found: set[int]) -> None:
    await store_of(store, *SHELF)
    result = await hits(store, typed)
    said = set() if result.is_partial else {int(seen.paper.key.value[-1]) for seen in result.papers}
    assert said == found
    assert result.is_partial or result.total == len(found)


async def test_where_no_paper_holds_all_words_those_that_hold_some_come_and_it_is_said(store: Store) -> None:
    await store_of(store, *SHELF)
    result = await hits(store, "bridges unheard")
    assert (result.is_partial, [seen.paper.key.value for seen in result.papers]) == (True, ["2601.00003"])
    nothing = await hits(store, "unheard unseen")
    assert (nothing.is_partial, nothing.total, nothing.page) == (False, 0, 1)


async def test_an_author_and_a_category_stay_asked_for_where_words_are_missing(store: Store) -> None:
    await store_of(store, *SHELF)
    assert (await hits(store, "@lecun bridges unheard")).total == 0
    assert (await hits(store, "cs.CL bridges unheard")).total == 0


async def test_a_word_of_the_title_weighs_most_then_a_name_then_the_abstract(store: Store) -> None:
    filler = "a notebook that the model reads from"
    await store_of(
        store,
        a_paper(arxiv_id="2601.00001", title="One two three", abstract=f"quokka {filler}", authors=("Ada Example",)),
        a_paper(arxiv_id="2601.00002", title="One two quokka", abstract=f"four {filler}", authors=("Ada Example",)),
        a_paper(arxiv_id="2601.00003", title="One two three", abstract=f"four {filler}", authors=("Ada Quokka",)),
    )
    assert [seen.paper.key.value[-1] for seen in (await hits(store, "quokka")).papers] == ["2", "3", "1"]


async def test_of_papers_that_fit_alike_the_newest_comes_first(store: Store) -> None:
    days = (3, 1, 2)
    await store_of(
        store,
        *(
            a_paper(arxiv_id=f"2601.0000{day}", title="Same", published_at=NOW.replace(month=1, day=day), categories=("cs.CL",))
            for day in days
        ),
    )
    for typed in ("same", "cs.CL", "cs.CL same"):
        assert [seen.paper.key.value[-1] for seen in (await hits(store, typed)).papers] == ["3", "2", "1"]


async def test_pages_hold_each_paper_once_and_end_at_the_last(store: Store) -> None:
    await store_of(store, *(a_paper(arxiv_id=f"2601.{n:05}", title=f"Plan {n}") for n in range(1, 8)))
    pages = [await hits(store, "plan", page=page, size=3) for page in (1, 2, 3, 99)]
    assert [(found.page, found.total, len(found.papers)) for found in pages] == [(1, 7, 3), (2, 7, 3), (3, 7, 1), (3, 7, 1)]
    assert len({seen.paper.key for found in pages for seen in found.papers}) == 7
    assert pages[2] == pages[3]


async def test_no_more_than_five_hundred_are_ranked_and_it_is_said(store: Store) -> None:
    await store_of(store, *(a_paper(arxiv_id=f"2601.{n:05}", title=f"Plan {n}", abstract="") for n in range(1, 503)))
    result = await hits(store, "plan")
    assert (result.total, result.is_more) == (search.MOST, True)


async def test_a_changed_paper_is_found_by_its_new_words_only(store: Store) -> None:
    await store_of(store, a_paper(version=1, title="Old words", abstract="ancient"))
    await store_of(store, a_paper(version=2, title="New words", abstract="modern"))
    assert await titles(store, "new") == await titles(store, "modern") == ["New words"]
    assert await titles(store, "ancient") == await titles(store, "old") == []


async def test_what_no_search_looks_at_is_not_indexed_anew(store: Store) -> None:
    await store_of(store, a_paper())
    changed = a_paper(version=2, comment="12 pages")
    async with store.write() as tx:
        assert (await papers.record_page(tx, Page(source="arxiv", papers=(changed,)), NOW)).updated == 1
        assert not await search_index.is_behind(tx)


async def test_a_paper_that_became_part_of_another_is_found_once(store: Store) -> None:
    doi = PaperKey(scheme=Scheme.DOI, value="10.1000/x")
    published = a_paper(key=doi, title="Published words", abstract="Kept from the publisher.")
    await store_of(store, published, a_paper(arxiv_id="2601.00009", title="Preprint words", abstract=""))
    assert (await hits(store, "words")).total == 2
    async with store.write() as tx:
        await papers.add_alias(tx, doi, a_paper(arxiv_id="2601.00009").key)
    await caught_up(store)
    result = await hits(store, "words")
    assert [seen.paper.key.value for seen in result.papers] == ["2601.00009"]
    assert (await hits(store, "10.1000/x")).papers == (await hits(store, "publisher")).papers == result.papers
    assert len(await stored(store, searchable)) == 1


async def test_a_paper_that_is_gone_is_gone_from_the_index(store: Store) -> None:
    await store_of(store, a_paper(title="Gone", abstract=""))
    async with store.write() as tx:
        await tx.execute(text("DELETE FROM sightings"))
        await tx.execute(text("DELETE FROM versions"))
        await tx.execute(delete(paper_table))
    assert (await hits(store, "gone")).total == 0
    await store_of(store, a_paper(title="Another", abstract=""))
    assert (await hits(store, "gone")).total == 0
    assert await titles(store, "another") == ["Another"]


async def test_what_waits_is_lost_with_its_own_change_only(store: Store) -> None:
    with suppress(ZeroDivisionError):
        async with store.write() as tx:
            await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(),)), NOW)
            raise ZeroDivisionError
    assert await stored(store, unindexed) == []
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(),)), NOW)
    assert len(await stored(store, unindexed)) == 1
    assert (await hits(store, "notebook")).total == 0
    await caught_up(store)
    assert await stored(store, unindexed) == []
    assert (await hits(store, "notebook")).total == 1


TYPED = st.text(max_size=MAX_TYPED_CHARS) | st.lists(
    st.sampled_from(('"', "*", "^", ":", "(", ")", "NEAR", "AND", "OR", "NOT", "+", "-", "@", "{", "}", "title:", "\\", "$", "'"))
    | st.text(max_size=12),
    max_size=20,
).map(" ".join)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(typed=TYPED)
async def test_nothing_that_is_typed_breaks_a_search(store: Store, typed: str) -> None:
    try:
        query(typed)
    except BadInput:
        return
    result = await hits(store, typed)
    assert result.total == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=300), abstract=st.text(max_size=300), name=st.text(max_size=60))
async def test_nothing_that_a_paper_says_breaks_the_index(store: Store, title: str, abstract: str, name: str) -> None:
    paper = a_paper(version=None, title=title, abstract=abstract, authors=(name,))
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(paper,)), NOW)
    await caught_up(store)
    assert await stored(store, unindexed) == []


async def test_an_endless_text_is_indexed_as_far_as_it_can_be(store: Store) -> None:
    words = " ".join(f"word{n}" for n in range(300_000))
    await store_of(store, a_paper(title="Endless", abstract=words), a_paper(arxiv_id="2601.00002", title="x" * 50_000))
    assert await titles(store, "word7 endless") == ["Endless"]


async def test_a_database_without_full_text_search_is_said_to_be_unusable(sqlite_url: str) -> None:
    """As an SQLite without FTS5 says it: one module that none has stands for it."""
    store = await Store.open(sqlite_url)
    with pytest.raises(DatabaseUnusable, match="no such module: fts0"):
        async with store.write() as tx:
            await tx.execute(text("CREATE VIRTUAL TABLE lacking USING fts0 (words)"))
    await store.close()
