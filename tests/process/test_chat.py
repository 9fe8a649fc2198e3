"""`paperboy chat` as a process: a person's conversation, line by line."""

import sqlite3
from contextlib import closing
from datetime import date

import pytest

from bot.summarizers.styles import styles
from tests.builders import a_paper
from tests.world import World

TODAY = date(2026, 6, 2)


async def test_a_conversation_from_subscription_to_digest(world: World) -> None:
    world.arxiv.publishes(
        a_paper(arxiv_id="2606.00001", title="Agents that plan"),
        a_paper(arxiv_id="2606.00002", title="Agents: a survey"),
        batch_on=TODAY,
    )
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents -survey\n/digest\n/digest\n/quit\n")
    assert done.code == 0, done.err
    assert "1 of 2 papers that are new to you match" in done.out
    assert done.out.count("1. Agents that plan") == 1
    assert "Nothing new" in done.out


async def test_a_subscription_outlives_the_process(world: World) -> None:
    await world.paperboy("chat", typed="/subscribe cs.CL agents\n")
    done = await world.paperboy("chat", typed="/keywords memory\n/settings\n")
    assert "agents, memory" in done.out


async def test_preview_explains_and_changes_nothing(world: World) -> None:
    world.arxiv.publishes(
        a_paper(arxiv_id="2606.00001", title="Agents that plan"), a_paper(arxiv_id="2606.00002", title="Birds"), batch_on=TODAY
    )
    done = await world.paperboy("chat", typed="/subscribe cs.CL plan\n/digest preview\n/digest\n")
    assert "Birds: no word of yours matches" in done.out
    assert "1. Agents that plan" in done.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/limit 5", "at most 5 a digest"),
        ("/threshold 2,5", "score at least 2.5"),
        ("/votes 10", "at least 10 votes"),
        ("/replacements on", "new versions too"),
        ("/authors Ada Example", "by Ada Example"),
        ("/categories cs.LG", "in cs.LG"),
        ("/sources huggingface", "from Hugging Face"),
        ("/keywords remove agents", "every paper"),
        ("/time mon-fri 08:00 Berlin", "The next digest comes on Wednesday, 3 June, 08:00 (Europe/Berlin)."),
        ("/timezone Asia/Tokyo", "Wednesday, 3 June, 09:00 (Asia/Tokyo)"),
        ("/keywords --medical", "without medical in title and abstract"),
        ("/pause", "paused"),
        ("/pause 2026-06-10", "paused until Wednesday, 10 June 2026"),
        ("/mute", "Digests come without a sound"),
        ("/emptydays off", "A day without papers is silent"),
        ("/layout titles", "Digests show titles only"),
        ("/style", "Styles: brief, card, digest, notes, report"),
        ("/help", "/digest preview"),
        ("/about", "neither endorses"),
    ],
)
async def test_every_setting_is_repeated_as_it_was_understood(world: World, typed: str, said: str) -> None:
    done = await world.paperboy("chat", typed=f"/subscribe cs.CL agents\n{typed}\n")
    assert said in done.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("/limit many", "from 1 to 100"),
        ("/time 25:00", "not a time of day"),
        ("/timezone Atlantis", "no time zone"),
        ("/subscribe cs.ZZ", "cs."),
        ("/pause yesterday", "2026-01-31"),
        ("/digst", "/digest"),
        ("/summary nothing at all", "no arXiv id"),
        ("hello", "begin with a slash"),
        ('/keywords "open', "quotation mark"),
        ("/style epic", "There is no style"),
    ],
)
async def test_what_is_not_understood_gets_a_sentence_and_the_chat_goes_on(world: World, typed: str, said: str) -> None:
    done = await world.paperboy("chat", typed=f"/subscribe cs.CL agents\n{typed}\n/settings\n")
    assert done.code == 0, done.err
    assert said in done.out
    assert "Your subscription" in done.out
    assert "Traceback" not in done.err


async def test_a_command_without_a_subscription_says_how_to_start_one(world: World) -> None:
    done = await world.paperboy("chat", typed="/digest\n")
    assert "/subscribe cs.CL" in done.out


async def test_the_sample_day_is_not_said_to_lack_other_days(world: World) -> None:
    done = await world.paperboy("chat", "--sample", typed="/subscribe agents\n")
    assert "papers that are new to you match" in done.out
    assert "lists nothing" not in done.out


async def test_styles_are_told_with_what_they_are_for(world: World) -> None:
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents\n/style\n")
    for style in styles():
        assert f"{style.name}: {style.about}" in done.out


async def test_a_language_without_words_of_its_own_is_said_to_be_for_summaries(world: World) -> None:
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents\n/language suomi\n/language zh\n")
    assert done.out.count("A model writes summaries in Finnish") == 1
    assert "模型用这种语言写摘要" not in done.out


async def test_the_sample_day_needs_no_network(world: World) -> None:
    done = await world.paperboy("chat", "--sample", typed="/subscribe sample agents\n/digest\n/summary 2601.03872\n")
    assert "papers matched, from the sample day" in done.out
    assert "ATLAS" in done.out.upper()
    assert not world.arxiv.asked


async def test_a_source_that_is_down_is_named_each_time_and_never_becomes_no_papers(world: World) -> None:
    world.arxiv.answers_html()
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents\n/digest preview\n/digest\n/digest\n")
    answers = done.out.split("\n\nPapers of ")
    assert len(answers) == 3
    assert "arXiv" in answers[0].rpartition("A digest now")[2]
    assert all("arXiv sent a broken page" in answer and "No source could be read" in answer for answer in answers[1:])
    assert "0 of 0 papers" not in done.out.partition("A digest now")[0]
    assert "Nothing new" not in done.out


async def test_a_day_without_a_batch_says_why_each_time_it_is_asked(world: World) -> None:
    world.clock = "2026-06-06T15:00:00Z"
    world.arxiv.has_nothing_new(date(2026, 6, 6))
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents\n/digest\n/digest\n")
    assert done.out.count("because of the weekend") == 3


async def test_a_batch_that_is_late_is_said_to_be_late_each_time(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001"), batch_on=date(2026, 6, 1))
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents\n/digest\n/digest\n")
    assert done.out.count("has not published 2026-06-02 yet") == 3


async def test_without_a_category_every_category_is_asked_for(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    done = await world.paperboy("chat", typed="/subscribe agents\n/digest\n")
    assert "1. Agents that plan" in done.out


async def test_a_digest_that_was_made_and_never_shown_comes_back(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    await world.paperboy("chat", typed="/subscribe cs.CL agents\n/digest\n")
    with closing(sqlite3.connect(world.folder / "paperboy.db")) as database, database:
        # As a process leaves it that ends before it prints.
        database.execute("UPDATE digests SET delivered_at = NULL, queued_at = NULL")
    assert "1. Agents that plan" in (await world.paperboy("chat", typed="/digest\n")).out
    assert "1. Agents that plan" not in (await world.paperboy("chat", typed="/digest\n")).out


async def test_on_the_sample_day_no_other_source_is_asked_whatever_is_typed(world: World) -> None:
    typed = "/subscribe cs.AI agents\n/sources arxiv\n/subscribe huggingface\n/settings\n/digest\n"
    done = await world.paperboy("chat", "--sample", typed=typed)
    assert done.out.count("Write one or more of: sample") == 2
    assert "papers about agents, in cs.AI, from the sample day" in done.out
    assert "papers matched, from the sample day" in done.out
    assert "arXiv did not answer" not in done.out


async def test_a_category_between_commas_is_a_category_and_no_part_of_a_keyword(world: World) -> None:
    done = await world.paperboy("chat", typed="/subscribe cs.CL agents, world model, -survey\n")
    assert "papers about agents, world model, in cs.CL" in done.out
