"""What a summary is made of: HTML, else PDF, else the abstract, each time under its true name, and read once for everybody."""

import asyncio
from datetime import date

import pytest

from tests.builders import a_paper
from tests.pages import BODY, paper_html, paper_pdf
from tests.world import World

TODAY = date(2026, 6, 2)
ID = "2606.00001"
PAPER = a_paper(arxiv_id=ID, title="A notebook for agents")
CUT_BODY: dict[str, str] = {}


def pages(world: World, start: str) -> list[str]:
    return [path for path in world.arxiv.paths(start) if ID in path]


async def read_as(world: World) -> str:
    world.arxiv.knows(PAPER)
    done = await world.paperboy("summary", ID)
    assert done.code == 0, done.err
    return done.out


async def test_html_comes_first(writing_world: World) -> None:
    writing_world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    writing_world.arxiv.has_pdf(ID, paper_pdf(PAPER.title, PAPER.abstract))
    assert "Written by paper-model from the full text (HTML)" in await read_as(writing_world)
    assert not pages(writing_world, "/pdf/")


@pytest.mark.parametrize(
    "html",
    [
        None,
        paper_html(PAPER.title, PAPER.abstract, body=CUT_BODY),
        paper_html("Quite another paper on rivers", "Rivers are long."),
    ],
    ids=["no HTML", "cut after the abstract", "another paper's page"],
)
async def test_pdf_where_html_is_not_to_be_used(writing_world: World, html: bytes | None) -> None:
    if html is not None:
        writing_world.arxiv.has_html(ID, html)
    writing_world.arxiv.has_pdf(ID, paper_pdf(PAPER.title, PAPER.abstract))
    assert "Written by paper-model from the full text (PDF)" in await read_as(writing_world)


@pytest.mark.parametrize("pdf", [None, b"", b"%PDF-1.7 broken", b"<html>sorry</html>"], ids=["none", "empty", "broken", "HTML"])
async def test_abstract_where_neither_can_be_read(writing_world: World, pdf: bytes | None) -> None:
    if pdf is not None:
        writing_world.arxiv.has_pdf(ID, pdf)
    said = await read_as(writing_world)
    assert "Written by paper-model from the abstract: neither HTML nor PDF could be read" in " ".join(said.split())


async def test_abstract_while_arxiv_does_not_answer_and_the_full_text_later(writing_world: World) -> None:
    """Made of the abstract for now, said so, and made again when the site is back: the second one stays."""
    world = writing_world
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    world.arxiv.is_throttled("20", on="/html/")
    assert "from the abstract: arXiv did not answer" in " ".join((await read_as(world)).split())
    world.arxiv.recovers()
    world.clock = "2026-06-02T23:00:00Z"
    assert "from the full text (HTML)" in await read_as(world)
    asked = len(world.asked_model.asked)
    assert "from the full text (HTML)" in await read_as(world)
    assert len(world.asked_model.asked) == asked


async def test_many_ask_at_once_and_it_is_read_and_written_once(writing_world: World) -> None:
    """Processes of their own, with nothing in common but the database."""
    world = writing_world
    world.arxiv.knows(PAPER)
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    world.asked_model.takes_s(1.0)
    await world.paperboy("summary", ID, "--style", "brief")  # the endpoint is known, the text is stored
    world.asked_model.asked.clear()
    done = await asyncio.gather(*(world.paperboy("summary", ID) for _ in range(6)))
    assert all("from the full text (HTML)" in each.out for each in done)
    assert len(world.asked_model.asked) == 1
    assert len(pages(world, "/html/")) == 1


async def test_a_text_is_stored_and_never_shown(writing_world: World) -> None:
    """Formats hold the summary and its short quotations, not the text that it was made of."""
    world = writing_world
    world.arxiv.knows(PAPER)
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    for form in ("markdown", "html", "json", "atom"):
        done = await world.paperboy("summary", ID, "--format", form)
        assert sum(text in done.out for text in BODY.values()) == 0
    assert len(pages(world, "/html/")) == 1


async def test_texts_are_forgotten_after_their_time(writing_world: World) -> None:
    world = writing_world
    world.arxiv.knows(PAPER)
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    world.extra = {"TEXTS_KEPT_DAYS": "10"}
    await world.paperboy("summary", ID)
    for clock, read in (("2026-06-11T15:00:00Z", 1), ("2026-06-13T15:00:00Z", 2)):
        world.clock = clock
        await world.paperboy("digest", "--source", "huggingface")
        await world.paperboy("summary", ID, "--style", "brief" if read == 1 else "notes")
        assert len(pages(world, "/html/")) == read
