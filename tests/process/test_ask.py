"""Questions about a paper: answered from its text, with quotations that were looked up; passages where nobody can write."""

import pytest

from tests.builders import a_paper
from tests.pages import paper_html
from tests.world import World

ID = "2606.00001"
PAPER = a_paper(arxiv_id=ID, title="A notebook for agents")
QUESTION = "How many lines does the notebook hold?"


@pytest.fixture
def known(writing_world: World) -> World:
    writing_world.arxiv.knows(PAPER)
    writing_world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    return writing_world


async def test_an_answer_stands_on_quotations_of_the_text(known: World) -> None:
    done = await known.paperboy("ask", ID, QUESTION)
    said = " ".join(done.out.split())
    assert done.code == 0, done.err
    assert "The notebook holds at most 48 lines" in said
    assert "(2 Method)" in said
    assert "Answered by paper-model from the full text (HTML)" in said


async def test_what_the_text_does_not_hold_is_said(known: World) -> None:
    done = await known.paperboy("ask", ID, "Which zebras migrate?")
    assert "The text does not hold the answer" in done.out


async def test_an_invented_quotation_is_not_shown(known: World) -> None:
    known.asked_model.invents_quotes()
    done = await known.paperboy("ask", ID, QUESTION)
    assert "Rivers carry" not in done.out
    assert "1 quotation was not found in the text" in " ".join(done.out.split())


async def test_without_a_model_the_passages_that_hold_the_words(world: World) -> None:
    world.arxiv.knows(PAPER)
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    done = await world.paperboy("ask", ID, QUESTION)
    said = " ".join(done.out.split())
    assert "No model is set up" in said
    assert "The notebook holds at most 48 lines" in said


async def test_while_the_model_is_down_the_passages_and_why(known: World) -> None:
    known.asked_model.is_down()
    said = " ".join((await known.paperboy("ask", ID, QUESTION)).out.split())
    assert "the model did not answer" in said
    assert "The notebook holds at most 48 lines" in said


@pytest.mark.parametrize(
    ("typed", "says"),
    [("/ask 2606.00001", "Write a paper's id or link and then your question"), ("/ask what is this?", "I find no arXiv id")],
)
async def test_a_question_that_lacks_something_is_told_how(world: World, typed: str, says: str) -> None:
    done = await world.paperboy("chat", typed=f"{typed}\n")
    assert says in done.out


async def test_in_chat_and_in_ones_own_language(known: World) -> None:
    done = await known.paperboy("chat", typed=f"/ask {ID} {QUESTION}\n")
    assert "48 lines" in done.out
    assert known.asked_model.asked[-1].prompt.question


async def test_a_paper_without_any_text_is_not_asked_about(writing_world: World) -> None:
    writing_world.arxiv.knows(a_paper(arxiv_id=ID, title="A notebook for agents", abstract=""))
    said = " ".join((await writing_world.paperboy("ask", ID, QUESTION)).out.split())
    assert "neither HTML nor PDF could be read" in said
    assert not writing_world.asked_model.asked


async def test_an_answer_that_rests_on_nothing_is_asked_for_again_and_then_marked(known: World) -> None:
    known.asked_model.invents_quotes()
    said = " ".join((await known.paperboy("ask", ID, QUESTION)).out.split())
    assert len(known.asked_model.asked) == 2
    assert "nothing in the text was found" in said, said


async def test_a_second_answer_that_rests_on_the_text_is_taken(known: World) -> None:
    known.asked_model.invents_quotes(times=1)
    said = " ".join((await known.paperboy("ask", ID, QUESTION)).out.split())
    assert "(2 Method)" in said
    assert "nothing in the text was found" not in said
