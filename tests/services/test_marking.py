"""What somebody saves and votes for: looked up where it is not known, listed in pages, and read back from its .bib file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from sqlalchemy import delete

from bot import config
from bot.app import App, opened
from bot.domain.intake import Page
from bot.domain.papers import Paper
from bot.domain.people import Mark, Person, Vote
from bot.errors import BadPaperId, UnknownPaper
from bot.services.marking import PAGE, NobodyAsks, PaperNotStored
from bot.storage import papers
from bot.storage.tables import marks, versions
from bot.storage.tables import papers as paper_table
from tests.builders import a_paper, arxiv_key
from tests.storage.rows import stored
from tests.world import World

ADA = Person(platform="telegram", id="1")
KEY = arxiv_key("2601.00001")
HOSTILE = ('A {brace and @article{x, "quotes" \\', "\\}{ $ 100% of R&D_#1", "猫 \u202e turned \x00", "@comment(", "{}}", "")


@pytest.fixture
async def app(world: World) -> AsyncIterator[App]:
    async with opened(config.load({**world.environment, "CLOCK_START": ""}, Path("/dev/null"))) as made:
        yield made


async def known(app: App, *found: Paper) -> None:
    async with app.store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=found), app.now())


async def saved(app: App, count: int) -> list[str]:
    """So many saved papers, in the order in which they were saved."""
    made = [a_paper(arxiv_id=f"2601.{number:05}", title=f"Agents that plan, part {number}") for number in range(1, count + 1)]
    await known(app, *made)
    for paper in made:
        await app.marking.save(ADA, paper.key, is_saved=True)
    return [paper.key.value for paper in made]


async def test_only_a_paper_that_is_stored_takes_a_mark(app: App) -> None:
    for marking in (app.marking.vote(ADA, KEY, Vote.UP), app.marking.save(ADA, KEY, is_saved=True)):
        with pytest.raises(PaperNotStored, match=r"2601\.00001"):
            await marking
    assert await stored(app.store, marks) == []
    await known(app, a_paper())
    assert (await app.marking.vote(ADA, KEY, Vote.UP)).vote is Vote.UP
    assert (await app.marking.save(ADA, KEY, is_saved=True)).saved_at is not None
    assert (await app.marking.of(ADA, (KEY, arxiv_key("2601.00002"))))[KEY].vote is Vote.UP


async def test_who_writes_in_the_name_of_a_chat_has_no_marks(app: App) -> None:
    await known(app, a_paper())
    nobody = replace(ADA, id="")
    asked = (
        app.marking.vote(nobody, KEY, Vote.UP),
        app.marking.save(nobody, KEY, is_saved=True),
        app.marking.save_named(nobody, "2601.00001"),
    )
    for marking in asked:
        with pytest.raises(NobodyAsks):
            await marking
    assert await stored(app.store, marks) == []


@pytest.mark.parametrize("text", ["2601.00001", "see https://arxiv.org/abs/2601.00001v1 please", "arXiv:2601.00001v1"])
async def test_a_paper_that_is_named_is_looked_up_kept_and_saved(world: World, app: App, text: str) -> None:
    world.arxiv.knows(a_paper(title="Looked up"))
    marked = await app.marking.save_named(ADA, text)
    assert (marked.seen.paper.title, marked.mark.saved_at is not None) == ("Looked up", True)
    page = await app.marking.saved(ADA)
    assert [each.seen.paper.title for each in page.papers] == ["Looked up"]


async def test_what_arxiv_does_not_know_is_not_saved(app: App) -> None:
    with pytest.raises(UnknownPaper):
        await app.marking.save_named(ADA, "2601.00009")
    with pytest.raises(BadPaperId):
        await app.marking.save_named(ADA, "that one about agents")
    assert await stored(app.store, marks) == []


async def test_a_paper_is_taken_off_the_list_even_when_it_is_not_stored_any_more(app: App) -> None:
    await saved(app, 2)
    async with app.store.write() as tx:
        await tx.execute(delete(versions).where(versions.c.paper_key == str(KEY)))
        await tx.execute(delete(paper_table).where(paper_table.c.key == str(KEY)))
    page = await app.marking.saved(ADA)
    assert [(each.seen.paper.key.value, bool(each.seen.paper.title)) for each in page.papers] == [
        ("2601.00002", True),
        ("2601.00001", False),
    ]
    assert "eprint = {2601.00001}" in (await app.marking.bibliography(ADA)).decode()
    for was_saved in (True, False):
        seen, found = await app.marking.unsave_named(ADA, "arxiv.org/abs/2601.00001")
        assert (seen.paper.key, found) == (KEY, was_saved)
    assert await app.marking.save(ADA, KEY, is_saved=False) == Mark()
    assert (await app.marking.saved(ADA)).total == 1


async def test_pages_hold_everything_once_newest_first_and_the_nearest_is_shown(app: App) -> None:
    order = await saved(app, 2 * PAGE + 3)
    for number in (1, 2, 3):
        await app.marking.vote(ADA, arxiv_key(f"2601.{number:05}"), Vote.DOWN if number == 3 else Vote.UP)
    pages = [await app.marking.saved(ADA, page) for page in (1, 2, 3)]
    assert [each.seen.paper.key.value for page in pages for each in page.papers] == order[::-1]
    assert {(page.pages, page.total, page.up, page.down) for page in pages} == {(3, 23, 2, 1)}
    assert [each.mark.vote for each in pages[2].papers] == [Vote.DOWN, Vote.UP, Vote.UP]
    for asked, shown in ((0, 1), (-(2**62), 1), (4, 3), (2**62, 3)):
        assert (await app.marking.saved(ADA, asked)).page == shown


async def test_who_saved_nothing_has_one_empty_page(app: App) -> None:
    page = await app.marking.saved(ADA, 7)
    assert (page.papers, page.page, page.pages, page.total) == ((), 1, 1, 0)
    assert await app.marking.bibliography(ADA) == b""


async def test_all_saved_papers_are_read_back_from_their_file_whatever_they_say(app: App) -> None:
    hostile = [
        a_paper(arxiv_id=f"2601.{number:05}", title=title, authors=(title, "A and B"), journal_ref=title, doi=title)
        for number, title in enumerate(HOSTILE, 101)
    ]
    await known(app, *hostile)
    order = await saved(app, PAGE + 1)
    for paper in hostile:
        await app.marking.save(ADA, paper.key, is_saved=True)
    library = parse_string((await app.marking.bibliography(ADA)).decode("utf-8"))
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries)
    entries = [entry.fields_dict["eprint"].value for entry in library.entries]
    assert entries == [paper.key.value for paper in reversed(hostile)] + order[::-1]
