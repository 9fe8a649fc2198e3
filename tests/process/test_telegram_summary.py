"""One paper at a time in Telegram, with a model that writes: summaries, answers, searches, saved papers."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.builders import a_paper
from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram import Posted
from tests.fakes.telegram_people import Person
from tests.pages import paper_html
from tests.process.telegram_digests import publish_a_day
from tests.process.telegram_talk import Conversation, a_conversation

pytestmark = pytest.mark.asyncio(loop_scope="module")

KNOWN = 12
CROWD = 50
SLOW, LOST, CROWDED = 1, 2, 3  # papers that people wait for
SAVED = 12
WRITTEN = "Written by paper-model from the full text (HTML)"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    """Twelve papers with full texts that anybody can ask for, and a day of seventeen that somebody's digest fetched."""
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(folder) as made:
        made.world.model = model
        publish_a_day(made)
        for number in range(1, KNOWN + 1):
            paper = a_paper(arxiv_id=paper_id(number), title=title(number))
            made.world.arxiv.knows(paper)
            made.world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))
        await made.lives.begin()
        yield made


def paper_id(number: int) -> str:
    return f"2605.{number:05}"


def title(number: int) -> str:
    return f"A notebook of {number} lines"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What came of a slow hour: an answer in place of its progress, one whose progress was deleted, and those of a crowd."""

    patient: Posted
    anew: Posted
    deleted: Posted
    crowd: tuple[Posted, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def collector(talk: Conversation) -> Person:
    """Somebody who saves paper upon paper, while all else happens."""
    person = talk.newcomer()
    for number in range(1, SAVED + 1):
        await person.says(f"/save {paper_id(number)}")
    return person


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hour(talk: Conversation, collector: Person) -> Hour:
    """Pages and model are slow, all at once."""
    arxiv, model = talk.world.arxiv, talk.world.asked_model
    arxiv.takes_s(2.5, on=f"/html/{paper_id(SLOW)}")
    model.takes_s(3.0)

    async def waits() -> Posted:
        person = talk.newcomer()
        await person.says(f"/summary {paper_id(SLOW)}")
        return await person.sees(WRITTEN, within_s=20)

    async def loses() -> tuple[Posted, Posted]:
        person = talk.newcomer()
        await person.says(f"/summary {paper_id(LOST)}")
        progress = await person.sees("…")
        progress.is_deleted = True
        return progress, await person.sees(WRITTEN, within_s=20)

    async def asks_with_others() -> Posted:
        person = talk.newcomer()
        await person.says(f"/summary {paper_id(CROWDED)}")
        return await person.sees(WRITTEN, within_s=30)

    alone, crowd = await asyncio.gather(
        asyncio.gather(waits(), loses()), asyncio.gather(*(asks_with_others() for _ in range(CROWD)))
    )
    patient, (deleted, anew) = alone
    model.takes_s(0)
    return Hour(patient=patient, anew=anew, deleted=deleted, crowd=tuple(crowd))


def asked_about(talk: Conversation, number: int) -> list[str]:
    return [each for each in talk.world.asked_model.titles if each == title(number)]


# While somebody waits


async def test_who_waits_sees_typing_and_a_message_that_becomes_the_answer(talk: Conversation, hour: Hour) -> None:
    before = [version.text for version in hour.patient.edits]
    assert before == [f"reading the full text, HTML or else PDF: {title(SLOW)} …", "summarizing …"]
    typed = [each for each in talk.telegram.requests if (each.method, each.chat) == ("sendChatAction", hour.patient.chat)]
    assert typed
    assert {each.params["action"] for each in typed} == {"typing"}
    shown = [each for each in talk.telegram.messages if each.chat == hour.patient.chat]
    assert shown == [hour.patient]


async def test_the_answer_says_what_was_read_and_what_of_it_was_found_in_the_text(hour: Hour) -> None:
    assert hour.patient.text.startswith(title(SLOW))
    assert "TL;DR: " in hour.patient.text
    assert "“Each judge saw both answers in a random order and could call a draw.” (1 Introduction)" in hour.patient.text
    assert not hour.patient.has_preview
    assert hour.patient.labels == ["PDF", "👍", "👎", "Save"]


async def test_figures_that_are_not_in_the_text_are_named(talk: Conversation) -> None:
    talk.world.asked_model.invents_figures(on=title(5))
    person = talk.newcomer()
    await person.says(f"/summary {paper_id(5)}")
    assert "in the text; not there: " in (await person.sees(WRITTEN)).text


async def test_an_answer_comes_anew_if_its_progress_was_deleted(hour: Hour) -> None:
    assert hour.anew is not hour.deleted
    assert hour.anew.text.startswith(title(LOST))
    assert hour.anew.edits == []


async def test_fifty_people_at_once_are_answered_by_one_reading_and_one_call(talk: Conversation, hour: Hour) -> None:
    assert len({each.chat for each in hour.crowd}) == CROWD
    assert {each.text for each in hour.crowd} == {hour.crowd[0].text}
    assert len(asked_about(talk, CROWDED)) == 1
    assert len([path for path in talk.world.arxiv.paths("/html/") if paper_id(CROWDED) in path]) == 1


async def test_what_is_there_comes_at_once_and_without_a_word_before_it(talk: Conversation, hour: Hour) -> None:
    person, calls = talk.newcomer(), len(talk.world.asked_model.asked)
    await person.says(f"/summary {paper_id(SLOW)}")
    answer = await person.sees(WRITTEN, within_s=1.5)
    assert answer.text == hour.patient.text
    assert (answer.edits, person.shown) == ([], [answer])
    assert len(talk.world.asked_model.asked) == calls


# Which paper


async def test_a_style_can_be_asked_for_once(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says(f"/summary {paper_id(4)} notes")
    assert "Core method" in (await person.sees(WRITTEN)).text
    await person.says(f"/summary {paper_id(4)} haiku")
    assert "haiku" in (await person.sees("There is no style")).text


@pytest.mark.parametrize(
    "typed", ["https://arxiv.org/abs/2605.00004", "2605.00004v1", "See https://arxiv.org/pdf/2605.00004v1.pdf."]
)
async def test_a_link_alone_is_enough_in_private(talk: Conversation, typed: str) -> None:
    person = talk.newcomer()
    await person.says(typed)
    assert (await person.sees(WRITTEN)).text.startswith(title(4))


@pytest.mark.parametrize("way", ["text", "link", "caption"])
async def test_a_summary_is_asked_for_in_reply_to_a_message_that_holds_a_link(talk: Conversation, way: str) -> None:
    person = talk.newcomer()
    group = talk.telegram.group(f"-1002{person.id}", members=[person])
    url = f"https://arxiv.org/abs/{paper_id(4)}"
    if way == "caption":
        holds = await person.sends_file("paper.pdf", b"%PDF-1.4", caption=f"worth it? {url}", chat=group)
    elif way == "link":
        holds = await person.says(f'worth <a href="{url}">this</a>?', chat=group, is_html=True)
    else:
        holds = await person.says(f"worth it? {url}", chat=group)
    asked = await person.says("/summary@p_bot brief", chat=group, reply_to=holds)
    answer = await person.sees(title(4), chat=group)
    assert "Contribution and innovations" in answer.text
    assert (asked.is_heard, answer.reply_to) == (True, asked)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("/summary 2606.09999", "arXiv does not know 2606.09999"),
        ("/summary a paper about birds", "I find no arXiv id"),
        ("/summary", "Write a paper's id or link behind it"),
        ("/summary 2605.00777", "withdrawn"),
        ("/ask 2605.00004", "Write a paper's id or link and then your question"),
    ],
)
async def test_what_cannot_be_summarized_gets_one_message_that_says_why(talk: Conversation, typed: str, says: str) -> None:
    withdrawn = a_paper(arxiv_id="2605.00777", version=2, comment="This paper has been withdrawn by the authors")
    talk.world.arxiv.knows(withdrawn)
    person = talk.newcomer()
    await person.says(typed)
    answer = await person.sees()
    assert says.casefold() in answer.text.casefold()
    assert "TL;DR" not in answer.text
    assert person.shown == [answer]


# Questions, searches, saved papers


async def test_a_question_is_answered_with_quotations(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says(f"/ask {paper_id(4)} How many lines does the notebook hold?")
    answer = await person.sees("Answered by paper-model from the full text (HTML)")
    assert "The notebook holds at most 48 lines" in answer.text
    assert "(2 Method)" in answer.text


async def test_a_search_has_pages_and_numbers_that_open(talk: Conversation) -> None:
    person = await talk.reader("cs.CL agents")
    await person.says("/digest preview")  # the day's papers come in
    await person.sees("A digest now would list")
    person = talk.newcomer()
    await person.says("/search agents plan")
    found = await person.sees("15 papers in the store hold: agents plan")
    first = found.text
    assert found.labels == [*"12345678", "›"]
    await (await person.taps(found, "›")).answer()
    await person.sees("Page 2 of 2")
    assert found.labels == [*map(str, range(9, 16)), "‹"]
    assert found.text != first
    await (await person.taps(found, "9")).answer()
    opened = await person.sees(lambda each: "TL;DR" in each.text)
    assert opened.reply_to is found
    assert opened.text.splitlines()[0] in found.text


async def test_saved_papers_have_pages(talk: Conversation, collector: Person) -> None:
    await talk.telegram.shown(collector.private, SAVED, within_s=20)
    await collector.says("/saved")
    listed = await collector.sees("Your saved papers")
    assert "12 papers" in listed.text
    assert listed.labels == [*map(str, range(1, 11)), "1/2", "›"]
    first = {words for words, _ in listed.links}
    await (await collector.taps(listed, "›")).answer()
    await collector.sees(lambda each: each is listed and "12" in each.labels)
    assert first | {words for words, _ in listed.links} == {title(n) for n in range(1, SAVED + 1)}
    await (await collector.taps(listed, "12")).answer()
    opened = await collector.sees(lambda each: "TL;DR" in each.text)
    assert "Save ✓" in opened.labels


# When something is down; the last ones, as what is down is left alone for a while


async def test_while_the_model_is_down_the_abstract_comes_with_its_mark(talk: Conversation) -> None:
    talk.world.asked_model.is_down()
    person = talk.newcomer()
    await person.says(f"/summary {paper_id(KNOWN)} report")
    answer = await person.sees("the model did not answer", within_s=20)
    assert "Long conversations make assistants forget" in answer.text
    assert "Written by" not in answer.text


async def test_arxiv_that_does_not_answer_is_named(talk: Conversation) -> None:
    talk.world.arxiv.is_throttled("60", on="/api")
    person = talk.newcomer()
    await person.says("/summary 2605.00555")
    answer = await person.sees("arXiv")
    assert "Try again" in answer.text
    assert person.shown == [answer]
