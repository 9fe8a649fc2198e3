"""Summaries by a model in chat and at the command line: style, language, evidence, what they cost to ask for again."""

import asyncio
import json
import signal
from datetime import date

import pytest

from tests.builders import a_paper
from tests.pages import paper_html
from tests.world import PATIENCE_S, World

TODAY = date(2026, 6, 2)
ID = "2606.00001"
PAPER = a_paper(arxiv_id=ID, title="A notebook for agents")


@pytest.fixture
def known(writing_world: World) -> World:
    writing_world.arxiv.publishes(PAPER, batch_on=TODAY)
    writing_world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    return writing_world


async def test_one_s_own_style_and_another_for_once(known: World) -> None:
    done = await known.paperboy(
        "chat", typed=f"/subscribe cs.CL notebook\n/style notes\n/summary {ID}\n/summary {ID} brief\n/summary {ID}\n"
    )
    assert done.out.count("Core method") == 2
    assert done.out.count("Contribution and innovations") == 1
    assert len(known.asked_model.asked) == 2, "the third answer was there"


async def test_a_language_that_has_no_catalogue_is_for_summaries(known: World) -> None:
    done = await known.paperboy("chat", typed=f"/subscribe cs.CL notebook\n/language français\n/summary {ID}\n")
    assert "language fr" in done.out
    assert "French" in known.asked_model.asked[0].text


async def test_what_is_no_language_gets_a_sentence(known: World) -> None:
    done = await known.paperboy("chat", typed="/subscribe cs.CL notebook\n/language klingonese\n")
    assert "There is no language “klingonese”" in done.out
    done = await known.paperboy("summary", ID, "--language", "klingonese")
    assert (done.code, done.out) == (1, "")


async def test_invented_figures_are_asked_for_again_and_then_named(known: World) -> None:
    known.asked_model.invents_figures()
    done = await known.paperboy("summary", ID, "--format", "json")
    (paper,) = json.loads(done.out)["papers"]
    evidence = paper["summary"]["evidence"]
    missing = [figure["written"] for figure in evidence["figures"] if figure["state"] == "missing"]
    assert missing
    assert len(known.asked_model.asked) == 2
    assert all(written in known.asked_model.asked[1].text for written in missing)
    shown = " ".join((await known.paperboy("summary", ID)).out.split())
    assert "not there: " in shown
    assert all(written in shown for written in missing)


async def test_a_second_try_that_is_true_is_taken(known: World) -> None:
    known.asked_model.invents_figures(times=1)
    shown = " ".join((await known.paperboy("summary", ID)).out.split())
    assert "not there" not in shown
    assert len(known.asked_model.asked) == 2


async def test_a_long_paper_is_read_in_part_and_the_summary_says_how_much(known: World) -> None:
    known.extra = {"OPENAI_CONTEXT_TOKENS": "4000"}
    shown = " ".join((await known.paperboy("summary", ID)).out.split())
    assert "from the full text (HTML), " in shown
    assert " % of it." in shown


async def test_several_processes_learn_how_the_endpoint_is_asked_once(known: World) -> None:
    model = known.asked_model
    model.lacks_schema()
    await known.paperboy("summary", ID, "--style", "card")
    first = len(model.asked)
    await known.paperboy("summary", ID, "--style", "brief")
    assert (first, len(model.asked)) == (2, 3)
    assert [each.form for each in model.asked] == ["json_schema", "json_object", "json_object"]


async def test_check_asks_the_model_and_says_what_is_wrong(known: World) -> None:
    good = await known.paperboy("check")
    assert "ok        model (OPENAI_MODEL): answers" in good.out, good.out
    known.extra = {"OPENAI_API_KEY": "sk-another-key"}
    bad = await known.paperboy("check")
    assert bad.code == 1
    assert "FAULT     model (OPENAI_MODEL)" in bad.out
    assert "sk-another" not in bad.out + bad.err


async def test_without_a_model_nothing_is_read_but_the_abstract(world: World) -> None:
    world.arxiv.publishes(PAPER, batch_on=TODAY)
    world.arxiv.has_html(ID, paper_html(PAPER.title, PAPER.abstract))
    await world.paperboy("digest", "--category", "cs.CL")
    assert not world.arxiv.paths("/html/")


async def test_progress_is_told_while_somebody_waits(known: World) -> None:
    done = await known.paperboy("summary", ID)
    assert done.err.split() == ["reading", "summarizing"]


async def test_a_digest_does_not_wait_for_the_last_paper(known: World) -> None:
    """The page never comes: after three quarters of the wait the abstract is read, and a later run reads the page."""
    known.arxiv.hangs(on="/html/")
    known.extra = {"DIGEST_WAIT_S": "12"}
    done = await known.paperboy("digest", "--category", "cs.CL")
    assert "Written by paper-model from the abstract: there was no time left" in " ".join(done.out.split())
    known.arxiv.recovers()
    known.clock = "2026-06-02T20:00:00Z"
    known.extra = {}
    later = await known.paperboy("digest", "--category", "cs.CL")
    assert "from the full text (HTML)" in later.out


async def test_a_summary_that_comes_too_late_is_kept_and_paid_for_once(known: World) -> None:
    known.asked_model.takes_s(6)
    known.extra = {"DIGEST_WAIT_S": "4"}
    done = await known.paperboy("digest", "--category", "cs.CL")
    assert "there was no time left for it" in " ".join(done.out.split())
    assert "Abstract: Long conversations" in done.out
    later = await known.paperboy("summary", ID)
    assert "from the full text (HTML)" in later.out
    assert len(known.asked_model.asked) == 1


async def test_a_word_that_is_no_style_is_refused(known: World) -> None:
    done = await known.paperboy("chat", typed=f"/summary {ID} haikuu\n/summary {ID} please, now\n")
    assert "There is no style haikuu. There are: brief, card" in done.out
    assert "A notebook for agents" in done.out


async def test_the_chat_goes_on_in_the_language_that_was_chosen(known: World) -> None:
    done = await known.paperboy("chat", typed=f"/subscribe cs.CL notebook\n/language zh\n/summary {ID}\n")
    assert "由 paper-model 根据全文（HTML）撰写" in done.out
    assert "TL;DR:" not in done.out


async def test_a_stopped_command_gives_its_claim_back(known: World) -> None:
    known.asked_model.hangs(times=1)
    process = await known.start("summary", ID)
    async with asyncio.timeout(PATIENCE_S):
        await known.asked_model.has_been_asked(1)
        process.terminate()
        assert await process.wait() == 128 + signal.SIGTERM
    assert "from the full text (HTML)" in (await known.paperboy("summary", ID)).out
