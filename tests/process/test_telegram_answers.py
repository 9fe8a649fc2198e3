"""What the running bot says in private to wrong words, links alone, commands of others, the menu's and old buttons."""

from functools import partial
from pathlib import Path

import pytest

from bot.words import words
from tests.fakes.telegram_people import Person
from tests.process.telegram_scenes import a_play, answered
from tests.process.telegram_talk import Conversation, publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

PLAN, REMEMBER = "Agents that plan", "Agents that remember"
LIMIT, SWITCH = "The limit is a number from 1 to 100.", "Write on or off."
WRONG = {
    "/limit 0": LIMIT,
    "/limit 101": LIMIT,
    "/limit many": LIMIT,
    "/threshold 11": "The threshold is a number from 0 to 10.",
    "/votes -1": "The number of votes is a number from 0 to 100000.",
    "/replacements maybe": SWITCH,
    "/members maybe": SWITCH,
    "/mute maybe": SWITCH,
    "/emptydays maybe": SWITCH,
    "/style baroque": "There is no style baroque. There are: brief, card, digest, notes, report.",
    "/layout wide": "Write /layout cards, /layout compact or /layout titles.",
    "/language klingonese": "There is no language “klingonese”: say a code (fr, pt-BR) or a name (French, français).",
    "/time 25:00": "“25:00” is not a time of day: write it as 08:30.",
    "/time mon-soon": "Write days as mon-fri, or mon wed fri.",
    "/timezone Nowhere": "“Nowhere” is no time zone that I know: write a city, such as Berlin or Asia/Tokyo.",
    "/pause soon": "“soon” is not a date: write it as 2026-01-31.",
    "/pause 2020-01-01": "The day to go on must be in the future.",
    "/keywords cs.CL": "“cs.CL” is a category: write /categories cs.CL",
    "/keywords @LeCun": "“@LeCun” is an author: write /authors LeCun",
    '/keywords "open': 'A quotation mark is missing: write phrases like "world model".',
    "/keywords ---": "“-” has no word to look for: write a word or a phrase.",
    "/categories cs.ZZ": "There is no category cs.ZZ. Near it: eess.SY, cs.SI, cs.SE.",
    "/subscribe cs.ZZ": "There is no category cs.ZZ. Near it: eess.SY, cs.SI, cs.SE.",
    "/authors 123": 'Write the author as @Name or @"First Last".',
    "/sources pubmed": "Write one or more of: arxiv, huggingface.",
    "/digest now": "Write /digest, or /digest preview.",
    "/summary hello": "I find no arXiv id, DOI or paper link in that. Ids look like 2601.03417, hep-th/9901001 or an arXiv link.",
    "/summary 2606.02001 baroque": "There is no style baroque. There are: brief, card, digest, notes, report.",
    "/summary 2606.09999": "arXiv does not know 2606.09999. Check the number, please.",
    "/ask 2606.02001": "Write a paper's id or link and then your question: /ask 2601.03417 which data were used",
    "/search": "Write words to look for: /search diffusion models",
    "/saved x": "The page is a number from 1 to 100000.",
    "/unsubscrib": "I do not know /unsubscrib. Did you mean /unsubscribe? /help lists everything.",
    "/xyzzy": "I do not know /xyzzy. /help lists everything.",
}
OLD = "This button is from an older message. /settings shows the current ones."
HINT = "Commands begin with a slash; a paper's id or link alone gives its summary. /help lists everything."


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, PLAN, REMEMBER)


PLAY = a_play(first=papers)


async def wrong(typed: str, talk: Conversation) -> None:
    """One sentence, and nothing is changed."""
    person = await talk.reader()
    before, known = talk.subscription(person), len(person.shown)
    await person.says(typed)
    said = await person.sees("")
    await answered(person)
    assert said.text == WRONG[typed]
    assert (talk.subscription(person), len(person.shown), talk.digests(person)) == (before, known + 2, 0)


PLAY.scenes.update({typed: partial(wrong, typed) for typed in WRONG})


@PLAY.scene
async def what_is_wrong_is_said_in_the_language_of_the_chat(talk: Conversation) -> None:
    for language in ("zh", "vi"):
        person, said = await talk.reader(language=language), words(language)
        for typed, wanted in (
            ("/limit 0", said("input.limit", least=1, most=100)),
            ("/timezone Nowhere", said("input.zone", typed="Nowhere")),
            ("/categories cs.ZZ", said("flaw.near", names="eess.SY, cs.SI, cs.SE")),
        ):
            await person.says(typed)
            await person.sees(wanted)


async def is_silent_about(person: Person) -> list[str]:
    """What came before the answer to the next command."""
    known = len(person.shown)
    await answered(person)
    return [each.text for each in person.shown[known:-1]]


@PLAY.scene
async def a_command_may_name_this_bot_and_is_ignored_if_it_names_another(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/settings@P_Bot")
    welcome = await person.sees("What do you read?")
    await person.taps(welcome, "Language")
    await person.sees("Which words matter to you?")
    await person.says("/words@otherbot")
    await person.says("birds")
    await person.sees("When shall it come?")
    row = talk.subscription(person)
    assert row is not None
    assert row["keywords"] == '["birds"]', "nor is it the answer to a question"
    assert await is_silent_about(person) == []


@PLAY.scene
async def a_link_or_an_id_alone_gives_the_summary(talk: Conversation) -> None:
    person = talk.newcomer()
    for typed, title in (("https://arxiv.org/pdf/2606.02001v1", PLAN), ("2606.02002", REMEMBER)):
        await person.says(typed)
        said = await person.sees(title)
        assert "We propose a notebook" in said.text


@PLAY.scene
async def plain_text_gets_a_hint_in_the_language_of_the_person(talk: Conversation) -> None:
    for language in ("en", "zh", "vi"):
        person = talk.newcomer(language)
        await person.says("hello there")
        said = await person.sees("")
        assert said.text == words(language)("chat.not_a_command")
    assert words("en")("chat.not_a_command") == HINT


@PLAY.scene
async def a_message_that_is_edited_does_nothing(talk: Conversation) -> None:
    person = await talk.reader()
    said = await person.says("hello")
    await person.sees(HINT)
    await person.edits(said, "/limit 3")
    assert await is_silent_about(person) == []
    assert changed(talk, person) == {}


def changed(talk: Conversation, person: Person) -> dict[str, object]:
    """What is not as it was after `/subscribe cs.CL agents`."""
    row = talk.subscription(person)
    assert row is not None
    begun = {"keywords": '["agents"]', "categories": '["cs.CL"]', "max_papers": 10, "local_time": "09:00:00.000000"}
    return {name: row[name] for name, value in begun.items() if row[name] != value}


@PLAY.scene
async def the_menu_turns_in_place_from_screen_to_screen_until_it_is_closed(talk: Conversation) -> None:
    person = await talk.reader()
    await person.says("/settings")
    menu = await person.sees("Your subscription")
    count = len(person.shown)
    await person.taps(menu, "Topics (1)")
    await person.sees("Papers in cs.CL. Tap a field to change that.")
    await person.taps(menu, "Back")
    await person.sees("Your subscription")
    await person.taps(menu, "Time: 09:00")
    await person.sees(lambda each: "07:00" in each.labels)
    await person.taps(menu, "07:00")
    await person.sees("The next digest comes on Wednesday, 3 June, 07:00 (UTC).")
    await person.taps(menu, "Back")
    await person.sees("Sent at 07:00 (UTC), every day")
    await person.taps(menu, "Close")
    closed = await person.sees("Sent at 07:00 (UTC), every day")
    assert (closed.labels, closed, len(person.shown)) == ([], menu, count)
    assert changed(talk, person) == {"local_time": "07:00:00.000000"}


@PLAY.scene
async def the_menu_asks_for_words_and_takes_what_is_typed_next(talk: Conversation) -> None:
    person = await talk.reader()
    await person.says("/settings")
    menu = await person.sees("Your subscription")
    await person.taps(menu, "Words (1)")
    await person.sees("a word behind a hyphen keeps a paper out")
    await person.taps(menu, "Add words")
    await person.sees("Which words? Write them")
    await person.says("@LeCun")
    again = await person.sees("“@LeCun” is an author")
    assert "Which words? Write them" in again.text
    await person.says("birds, world model")
    shown = await person.sees("a word behind a hyphen keeps a paper out")
    assert {"birds", "world model"} <= {label.strip("✕✓ ") for label in shown.labels}, shown.labels
    assert changed(talk, person) == {"keywords": '["agents","birds","world model"]'}
    await person.says("stones")
    await person.sees(HINT)


@PLAY.scene
async def buttons_of_an_older_version_and_forged_ones_are_answered_and_change_nothing(talk: Conversation) -> None:
    person = await talk.reader()
    await person.says("/settings")
    menu = await person.sees("Your subscription")
    before = str(menu)
    for data in ("2dp:1", "dp", "sv:", "\u200b?!", "x" * 64, "dp:zzzzzzzz.1", "st:zzz"):
        tap = await person.forges(menu, data)
        assert (await tap.answer()).text == OLD, data
    await person.forges(menu, "1sv:n.9999")
    await person.sees(LIMIT)
    old = await person.taps(menu, "Close", is_old=True)
    assert (await old.answer()).text == OLD
    assert (str(menu), changed(talk, person)) == (before, {})


@PLAY.scene
async def what_would_change_nothing_is_no_error(talk: Conversation) -> None:
    person = await talk.reader()
    await person.says("/settings")
    menu = await person.sees("Your subscription")
    first, second = await person.taps(menu, "At most 10"), await person.taps(menu, "At most 10")
    await first.answer()
    await second.answer()
    await person.sees("A digest lists at most 10 papers.")
    assert await is_silent_about(person) == []
    assert "handler failed" not in talk.log()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("answers"), empty_database)


@pytest.mark.parametrize("scene", PLAY.names)
def test_it_is_answered(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
