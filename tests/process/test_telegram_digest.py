"""A digest that is asked for in a Telegram chat, as its reader sees it, and every button below it."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.telegram import Posted
from tests.fakes.telegram_html import MOST_UNITS, units
from tests.process.telegram_digests import AGENTS, Reading, a_reading, digest_of, publish_a_day, readings
from tests.process.telegram_talk import Conversation, a_conversation

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGENT, PARSER = ("cs.CL agents",), ("cs.CL parsers",)
TAIL = ["5 more", "Settings"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("telegram")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as made:
        publish_a_day(made)
        await made.lives.begin()
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(talk: Conversation) -> Reading:
    """Of ten papers about agents, in two parts; nobody presses anything here."""
    return await a_reading(talk)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waiting(talk: Conversation, whole: Reading) -> AsyncIterator[list[Reading]]:
    """People with a digest of two papers, for one test each: their chats are at rest by then."""
    found = await readings(talk, ("cs.CL agents", "/limit 3"), *[PARSER] * 9)
    yield found
    assert talk.telegram.refusals_429 == 0


@pytest.fixture
def reading(waiting: list[Reading]) -> Reading:
    return waiting.pop()


def numbers(shown: Posted) -> list[int]:
    """Those of the papers that its text lists."""
    return [int(each) for each in re.findall(r"^(\d+)\. ", shown.text, re.MULTILINE)]


def marks(talk: Conversation, reading: Reading) -> list[tuple[object, ...]]:
    query = "SELECT paper_key, vote, saved_at IS NOT NULL FROM marks WHERE person = ?"
    return talk.rows(query, str(reading.person.id))


# What it looks like


async def test_a_digest_begins_with_what_was_found_and_lists_papers_with_their_links(whole: Reading) -> None:
    assert f"{AGENTS} of 17 papers matched, from cs.CL" in whole.parts[0].text.splitlines()
    titles = [link for part in whole.parts for link in part.links if "plan" in link[0]]
    assert [words for words, _ in titles] == [f"Agents that plan {n}" for n in range(1, 11)]
    assert titles[0][1] == "https://arxiv.org/abs/2606.02001"
    assert "and 5 more that matched" in whole.parts[-1].text


async def test_every_part_has_a_number_for_each_of_its_papers_and_the_last_one_the_rest(whole: Reading) -> None:
    listed = [numbers(part) for part in whole.parts]
    assert [n for each in listed for n in each] == list(range(1, 11))
    rows = [part.rows for part in whole.parts]
    assert rows[-1][-1] == TAIL
    below = [[int(label) for row in found for label in row] for found in (*rows[:-1], rows[-1][:-1])]
    assert below == listed
    assert all(len(row) <= 8 for found in rows for row in found)


async def test_it_takes_as_many_messages_as_its_text_needs_and_is_split_between_papers(whole: Reading) -> None:
    assert len(whole.parts) == 2
    for before, behind in pairwise(whole.parts):
        assert behind.text.startswith(f"{numbers(behind)[0]}. ")
        first_item = behind.text.split("\n\n")[0]
        assert units(before.text) <= MOST_UNITS < units(before.text) + units(first_item)
    assert [part.has_preview for part in whole.parts] == [False, False]


@pytest.mark.parametrize(
    ("form", "has_sentence", "has_card"), [("cards", True, True), ("compact", True, False), ("titles", False, False)]
)
async def test_a_layout_says_how_much_of_each_paper_is_shown(
    talk: Conversation, form: str, has_sentence: bool, has_card: bool
) -> None:
    shown = await a_reading(talk, "cs.CL parsers", f"/layout {form}")
    assert numbers(shown.parts[0]) == [1, 2]
    assert "Parsers & <b>scanners</b>" in shown.text
    assert ("We propose a notebook" in shown.text) is has_sentence
    assert ("Key points" in shown.text) is has_card
    assert any(each.kind == "expandable_blockquote" for part in shown.parts for each in part.entities) is has_card


# What is done with a paper


async def test_a_number_turns_the_buttons_into_those_of_its_paper_and_back_restores_them(reading: Reading) -> None:
    (part,) = reading.parts
    text, entities, keyboard = part.text, part.entities, part.keyboard
    toast = await reading.turns("2")
    assert toast.text.startswith("2. Parsers")
    assert part.rows == [["Summary of 2", "Abstract", "PDF"], ["👍", "👎", "Save", "Back"]]
    second = [url for _, url in part.links if "/abs/" in url][1]
    assert reading.person.opens(part, "PDF").startswith(second.replace("/abs/", "/pdf/"))
    await reading.turns("Back")
    assert (part.text, part.entities, part.keyboard) == (text, entities, keyboard)
    assert len(reading.person.shown) == 2, "no message more than before"


async def test_votes_and_saved_papers_are_kept_and_shown_as_chosen(talk: Conversation, reading: Reading) -> None:
    (part,) = reading.parts
    key = "arxiv:" + part.links[0][1].rpartition("/")[2]
    await reading.turns("1")
    assert (await reading.turns("👍")).text == "Noted: 👍"
    assert part.rows[1] == ["👍 ✓", "👎", "Save", "Back"]
    await reading.turns("Save")
    assert part.rows[1] == ["👍 ✓", "👎", "Save ✓", "Back"]
    assert marks(talk, reading) == [(key, 1, 1)]
    await reading.turns("👎")
    assert part.rows[1] == ["👍", "👎 ✓", "Save ✓", "Back"]
    await reading.turns("👎")
    assert (await reading.turns("Save")).text == "Not in your saved papers any more"
    assert part.rows[1] == ["👍", "👎", "Save", "Back"]
    assert marks(talk, reading) in ([], [(key, 0, 0)])


async def test_summary_and_abstract_come_as_messages_of_their_own(reading: Reading) -> None:
    (part,) = reading.parts
    text = part.text
    await reading.turns("1")
    buttons = part.keyboard
    await (await reading.person.taps(part, "Summary")).answer()
    summary = await reading.person.sees("Extracted from the abstract")
    assert summary.reply_to is part
    assert summary.labels == ["PDF", "👍", "👎", "Save"]
    await (await reading.person.taps(part, "Abstract")).answer()
    abstract = await reading.person.sees("Long conversations make assistants forget")
    assert abstract.reply_to is part
    assert "TL;DR" not in abstract.text
    assert (part.text, part.keyboard) == (text, buttons)


async def test_what_was_left_out_comes_in_pages_that_open_too(waiting: list[Reading]) -> None:
    shown = waiting[0]
    person = shown.person
    assert shown.parts[-1].rows[-1] == ["12 more", "Settings"]
    await (await person.taps(shown.parts[-1], "12 more")).answer()
    page = await person.sees("What else matched on 2026-06-02")
    assert numbers(page) == list(range(4, 14))
    assert page.rows[-1] == ["1/2", "›"]
    rest = Reading(person=person, parts=[page])
    await rest.turns("›")
    assert (numbers(page), page.rows) == ([14, 15], [["14", "15"], ["‹", "2/2"]])
    assert (await rest.turns("15")).text.startswith("15. Agents that plan")
    assert page.labels[0] == "Summary of 15"
    await rest.turns("Back")
    assert page.rows == [["14", "15"], ["‹", "2/2"]]


async def test_settings_open_beside_the_digest(reading: Reading) -> None:
    (part,) = reading.parts
    before = (part.text, part.keyboard)
    await (await reading.person.taps(part, "Settings")).answer()
    menu = await reading.person.sees("Your subscription")
    assert "Topics (1)" in menu.labels
    assert (part.text, part.keyboard) == before


# What does no harm


async def test_double_taps_are_answered_and_count_once(talk: Conversation, reading: Reading) -> None:
    (part,) = reading.parts
    data = part.button("1")["callback_data"]
    taps = [await reading.person.forges(part, data) for _ in range(2)]
    await asyncio.gather(*(tap.answer() for tap in taps))
    await reading.person.sees(lambda each: "Back" in each.labels, since=0)
    up = part.button("👍")["callback_data"]
    taps = [await reading.person.forges(part, up) for _ in range(2)]
    assert [(await tap.answer()).text for tap in taps] == ["Noted: 👍", "Noted: 👍"]
    assert [vote for _, vote, _ in marks(talk, reading)] == [1]


async def test_an_update_that_comes_again_is_not_obeyed_again(talk: Conversation, reading: Reading) -> None:
    (part,) = reading.parts
    await reading.turns("1")
    await reading.turns("Save")
    again = await talk.telegram.repeats_last_update()
    await reading.turns("Save")
    await talk.telegram.all_read()
    query = again["callback_query"]["id"]
    answered = [each for each in talk.telegram.requests if each.params.get("callback_query_id") == query]
    assert len(answered) == 1
    assert [is_saved for _, _, is_saved in marks(talk, reading)] in ([], [0])
    assert "Save" in part.labels


@pytest.mark.parametrize("name", ["dp", "dx", "da", "db"])
async def test_a_button_of_another_chat_opens_nothing(talk: Conversation, whole: Reading, name: str) -> None:
    digest = whole.parts[0].button("2")["callback_data"].partition(":")[2]
    stranger = talk.newcomer()
    await stranger.says("/about")
    own = await stranger.sees("Paperboy")
    tap = await stranger.forges(own, f"1{name}:{digest}")
    assert "older message" in (await tap.answer()).text
    assert all("Agents that plan" not in each.text for each in stranger.shown)
    assert own.labels == []


async def test_a_vote_with_a_button_of_another_chat_is_none(talk: Conversation, whole: Reading, reading: Reading) -> None:
    digest = whole.parts[0].button("2")["callback_data"].partition(":")[2]
    for data in (
        f"1dv:{digest}.1",
        f"1ds:{digest}.1",
        "1dv:zzzz.1.1",
        "1ds:1.1.7",
        "1dp:-1.1",
        "2dp:1.1",
        "1dp",
        "",
        ":",
        "1zz:1",
    ):
        if data:
            toast = await (await reading.person.forges(reading.parts[0], data)).answer()
            assert "older message" in toast.text, data
    assert marks(talk, reading) == []
    assert "1" in reading.parts[0].labels


async def test_a_digest_whose_subscription_is_forgotten_says_so_when_it_is_pressed(talk: Conversation, reading: Reading) -> None:
    (part,) = reading.parts
    await reading.person.says("/unsubscribe")
    await reading.person.sees("forgotten")
    toast = await (await reading.person.taps(part, "1")).answer()
    assert "older message" in toast.text
    assert "1" in part.labels


# What is asked for again


async def test_what_was_shown_does_not_come_again(talk: Conversation, reading: Reading) -> None:
    await reading.person.says("/digest")
    again = await reading.person.sees(lambda each: "Papers of" in each.text or "shown before" in each.text)
    assert "Parsers" not in again.text
    assert talk.digests(reading.person) == 2


async def test_a_preview_explains_and_changes_nothing(talk: Conversation) -> None:
    person = await talk.reader("cs.CL parsers")
    await person.says("/digest preview")
    preview = await person.sees("A digest now would list 2 of 17 new papers")
    assert "no word of yours matches" in preview.text
    assert talk.digests(person) == 0
    shown = await digest_of(person)
    assert numbers(shown.parts[0]) == [1, 2]
