"""One paper at a time on Discord, with a model that writes: summaries, answers, searches, saved papers, and lines that fail."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.builders import a_paper
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_looking import labels
from tests.fakes.discord_people import Person, Use
from tests.fakes.discord_posts import Accepted
from tests.pages import paper_html
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import became
from tests.process.discord_spots import LOCALES, SAID, a_reader, a_spot, plain, soon
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

CROWD, SAVED = 50, 12
SLOW, SLOW_AND_SHOWN, CROWDED, KNOWN, ANEW = 1, 2, 3, 4, 5  # papers
LATE, LATE_AND_SHOWN, FAILING = 6, 7, 20
WRITTEN = "Written by paper-model from the full text (HTML)"
THINKING, MESSAGE = 5, 4
TITLES = tuple(f"Agents of kind {number}" for number in range(1, 16))


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, *TITLES)
    for number in range(1, 40):
        paper = a_paper(arxiv_id=paper_id(number), title=title(number))
        talk.world.arxiv.knows(paper)
        talk.world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))
    talk.world.arxiv.takes_s(2.5, on=f"/html/{paper_id(SLOW)}")
    talk.world.arxiv.takes_s(2.5, on=f"/html/{paper_id(SLOW_AND_SHOWN)}")


def paper_id(number: int) -> str:
    return f"2605.{number:05}"


def title(number: int) -> str:
    return f"A notebook of {number} lines"


PLAY = a_play(first=papers, has_model=True)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("answers"), empty_database)


async def written(talk: Conversation, use: Use, within_s: float = 20.0) -> Accepted:
    """The answer, when what is said meanwhile has made way for it."""
    said = await use.answer(within_s)
    await soon(talk, lambda: WRITTEN in plain(said), within_s)
    return said


def seen(person: Person, where: str) -> list[str]:
    return [plain(each) for each in person.seen(where)]


# While somebody waits


@PLAY.scene
async def who_waits_sees_it_thinking_and_then_what_is_done_where_the_answer_comes(talk: Conversation) -> None:
    spot, other = a_spot(talk), talk.member()
    use = await spot.runs("summary", paper=paper_id(SLOW))
    assert await use.acknowledged() == THINKING
    progress = await use.answer()
    assert plain(progress) == f"reading the full text, HTML or else PDF: {title(SLOW)} …"
    answer = await written(talk, use)
    assert answer is progress
    assert plain(answer).startswith(f"[**{title(SLOW)}**]")
    assert labels(answer) == ["PDF", "👍", "👎", "Save"]
    assert (answer.seen_by, use.follow_ups, other.seen(spot.where)) == (spot.person.id, [], [])


@PLAY.scene
async def what_is_shared_is_seen_by_all_from_its_thinking_on(talk: Conversation) -> None:
    spot, other = a_spot(talk), talk.member()
    use = await spot.runs("summary", paper=paper_id(SLOW_AND_SHOWN), share=True)
    assert (await use.acknowledged(), use.is_ephemeral) == (THINKING, False)
    answer = await written(talk, use)
    assert other.seen(spot.where) == [answer]
    pressed = await other.taps(answer, "Save")
    await pressed.acknowledged()
    said = await other.sees(lambda each: each is not answer, spot.where)
    assert said.seen_by == other.id, "what one of them presses is theirs"
    assert "Save" in labels(answer), "which nobody else sees"
    saved = await (await other.runs("saved", spot.where)).answer()
    assert title(SLOW_AND_SHOWN) in plain(saved)
    assert "You have saved nothing yet." in await spot.asked("saved")


@PLAY.scene
async def fifty_people_at_once_are_answered_by_one_reading_and_one_call(talk: Conversation) -> None:
    crowd = [a_spot(talk) for _ in range(CROWD)]
    uses = await asyncio.gather(*(spot.runs("summary", paper=paper_id(CROWDED)) for spot in crowd))
    answers = await asyncio.gather(*(written(talk, use, 60) for use in uses))
    assert {plain(each) for each in answers} == {plain(answers[0])}
    assert [each.seen_by for each in answers] == [spot.person.id for spot in crowd]
    assert [each for each in talk.world.asked_model.titles if each == title(CROWDED)] == [title(CROWDED)]
    assert len([path for path in talk.world.arxiv.paths("/html/") if paper_id(CROWDED) in path]) == 1


@PLAY.scene
async def two_languages_at_once_are_two_summaries(talk: Conversation) -> None:
    spots = {language: a_spot(talk, language=language) for language in LOCALES}
    uses = {language: await spot.runs("summary", paper=paper_id(ANEW)) for language, spot in spots.items()}
    answers = {language: await use.answer(30) for language, use in uses.items()}
    for language, wanted in (("en", "Written by paper-model"), ("zh", "由 paper-model"), ("vi", "paper-model viết")):
        await soon(talk, lambda wanted=wanted, said=answers[language]: wanted in plain(said))  # type: ignore[misc]


@PLAY.scene
async def what_is_there_comes_without_a_word_before_it(talk: Conversation) -> None:
    first = a_spot(talk)
    await written(talk, await first.runs("summary", paper=paper_id(KNOWN)))
    spot = a_spot(talk)
    answer = await spot.answer("summary", paper=f"https://arxiv.org/pdf/{paper_id(KNOWN)}v1")
    assert WRITTEN in plain(answer)
    assert answer.edits == 0
    question = "How many lines does the notebook hold?"
    use = await spot.runs("ask", paper=paper_id(KNOWN), question=question)
    said = await spot.finally_says(use, "Answered by paper-model from the full text (HTML)")
    assert "The notebook holds at most 48 lines" in plain(said)


@PLAY.scene
async def a_search_has_pages_and_numbers_that_open(talk: Conversation) -> None:
    spot = await a_reader(talk)
    await spot.answer("papers preview")  # the day's papers come in
    found = await spot.answer("search", query="agents kind")
    assert "15 papers in the store hold: agents kind" in plain(found)
    first = plain(found)
    await became(spot.person, await spot.person.taps(found, "›"), found)
    assert "Page 2 of 2" in plain(found)
    assert plain(found) != first
    use = await spot.person.taps(found, "9")
    await use.acknowledged()
    opened = await spot.person.sees("TL;DR", spot.where)
    assert opened.seen_by == spot.person.id
    assert plain(await spot.answer("search", query="agents kind", page=2)).startswith(plain(found)[:40])


@PLAY.scene
async def saved_papers_have_pages_and_marks_are_their_own(talk: Conversation) -> None:
    spot, other = a_spot(talk), a_spot(talk)
    for number in range(10, 10 + SAVED):
        await spot.finally_says(await spot.runs("save", paper=paper_id(number)), "/saved shows your list.")
    listed = await spot.answer("saved")
    assert "12 papers" in plain(listed)
    await became(spot.person, await spot.person.taps(listed, "›"), listed)
    use = await spot.person.taps(listed, "12")
    opened = await written(talk, use) if use.original else await spot.person.sees(WRITTEN, spot.where, within_s=20)
    assert "Save ✓" in labels(opened)
    theirs = await other.runs("summary", paper=paper_id(10))
    summary = await written(talk, theirs)
    assert "Save" in labels(summary)
    await became(other.person, await other.person.taps(summary, "Save"), summary)
    assert "Save ✓" in labels(summary)
    assert "1 paper." in await other.asked("saved")


# What takes too long


async def ends_late(number: int, shared: bool, talk: Conversation) -> None:
    spot = a_spot(talk)
    talk.world.asked_model.takes_s(2.0)
    use = await spot.runs("summary", paper=paper_id(number), share=shared)
    await use.acknowledged()
    talk.discord.later(16)
    use.is_forgiven = True  # Discord lets nobody say more there, and shows that the bot did not answer
    where = spot.where if shared else spot.person.direct
    answer = await spot.person.sees(WRITTEN, where, within_s=20)
    talk.world.asked_model.takes_s(0)
    assert title(number) in plain(answer)
    assert [each for each in talk.discord.messages if WRITTEN in plain(each) and title(number) in plain(each)] == [answer]
    assert (answer.seen_by, answer.channel) == ("", where)


PLAY.endings["a_whisper_of_more_than_fifteen_minutes_ends_in_private"] = partial(ends_late, LATE, False)
PLAY.endings["what_is_shared_after_more_than_fifteen_minutes_ends_in_the_channel"] = partial(ends_late, LATE_AND_SHOWN, True)


# Lines that fail

Befalls = Callable[[FakeDiscord, str], None]
FAULTS: dict[str, Befalls] = {
    "an_error_of_the_server": lambda discord, kind: discord.fails(502, kind=kind),
    "a_page_of_the_wall_before_it": lambda discord, kind: discord.fails(503, is_html=True, kind=kind),
    "an_error_though_it_was_taken": lambda discord, kind: discord.fails(500, accepts=True, kind=kind),
    "an_answer_that_is_lost": lambda discord, kind: discord.loses_answer(cuts=True, kind=kind),
    "a_line_that_is_cut": lambda discord, kind: discord.drops(kind=kind),
    "a_limit": lambda discord, kind: discord.throttles(0.5, kind=kind),
}


async def is_said_once(
    befalls: Befalls, kind: str, command: str, options: dict[str, Any], wanted: str, talk: Conversation
) -> None:
    spot = await a_reader(talk)
    known = len(spot.person.seen(spot.where))
    befalls(talk.discord, kind)
    use = await spot.runs(command, **options)
    await use.acknowledged()
    await soon(talk, lambda: any(wanted in each for each in seen(spot.person, spot.where)[known:]), 8)
    await spot.asked("papers about")  # what was on its way is there by then
    assert use.answered_within_s is not None
    assert use.answered_within_s < 3
    assert not use.is_loading
    assert len(spot.person.seen(spot.where)) == known + 2, seen(spot.person, spot.where)[known:]
    talk.discord.recovers()
    told = talk.discord.oddities
    told[:] = [each for each in told if each != f"/{command} was answered twice"]  # for the first time was not heard of


for _name, _befalls in FAULTS.items():
    slow = {"paper": paper_id(FAILING)}
    PLAY.endings[f"{_name}_to_a_first_answer"] = partial(
        is_said_once, _befalls, "callback", "papers status", {}, SAID("status.head")
    )
    PLAY.endings[f"{_name}_to_a_deferral"] = partial(is_said_once, _befalls, "callback", "summary", slow, WRITTEN)
    PLAY.endings[f"{_name}_to_what_follows"] = partial(is_said_once, _befalls, "webhook", "summary", slow, WRITTEN)


@PLAY.ending
async def everything_was_answered_in_time(talk: Conversation) -> None:
    assert {use.name: use.answered_within_s for use in talk.discord.uses.values() if (use.answered_within_s or 9) > 3} == {}
    assert "handler failed" not in talk.log()


@PLAY.ending
async def a_model_that_is_down_leaves_the_abstract_with_its_mark(talk: Conversation) -> None:
    talk.world.asked_model.is_down()
    spot = a_spot(talk)
    said = await spot.finally_says(await spot.runs("summary", paper=paper_id(30), style="report"), "the model did not answer")
    assert "Long conversations make assistants forget" in plain(said)
    assert "Written by" not in plain(said)


@pytest.mark.parametrize("name", PLAY.names)
def test_answers(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
