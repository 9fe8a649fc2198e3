"""Somebody who never met the bot, on Telegram: from /start to the first digest, in their language."""

import asyncio
from pathlib import Path

import pytest

from bot.words import words
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_posts import Posted
from tests.process.telegram_scenes import a_play, answered
from tests.process.telegram_talk import Conversation, publish_papers

pytestmark = pytest.mark.timeout(120)  # all scenes are played before the first test

TITLES = ("Agents that plan", "Birds that sing")
HOMES = {"en": "Europe/Berlin", "zh": "Asia/Shanghai", "vi": "Asia/Ho_Chi_Minh"}


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, *TITLES)


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("first"), empty_database)


async def begins(person: Person, field: str = "Language") -> Posted:
    """The question for words."""
    await person.says("/start")
    welcome = await person.sees("What do you read?")
    await person.taps(welcome, field)
    return await person.sees("Which words matter to you?")


async def is_asked_when(person: Person) -> Posted:
    """The question for hour and place, after skipping words."""
    await person.taps(await begins(person), "Skip")
    return await person.sees("When shall it come?")


def titles(person: Person) -> list[str]:
    """Of the papers that came."""
    return [title for title in TITLES for each in person.shown if title in each.text]


@PLAY.scene
async def three_taps_lead_to_the_first_digest(talk: Conversation) -> None:
    await in_three_taps(talk, "en")


@PLAY.scene
async def three_taps_lead_to_the_first_digest_in_chinese(talk: Conversation) -> None:
    await in_three_taps(talk, "zh")


@PLAY.scene
async def three_taps_lead_to_the_first_digest_in_vietnamese(talk: Conversation) -> None:
    await in_three_taps(talk, "vi")


async def in_three_taps(talk: Conversation, language: str) -> None:
    said, person = words(language), talk.newcomer(language)
    await person.says("/start")
    first = await person.sees(said("start.field"))
    assert said("start.sample") in first.text, "what a paper looks like is shown at once"
    await person.taps(first, said("preset.nlp"))
    assert await person.sees(said("start.words", field=said("preset.nlp"))) is first, "one message turns into the next question"
    await person.taps(first, said("button.skip"))
    await person.sees(said("start.when"))
    await person.taps(first, first.labels[0])
    await person.sees(said("start.first_digest"))
    digest = await person.sees(TITLES[0])
    assert said("digest.head", matched=2, n=2, places="cs.CL") in digest.text
    assert said("button.settings") in digest.labels
    assert len(person.shown) == 2, "the question that became the answer, and the digest"
    row = talk.subscription(person)
    assert row is not None
    assert (row["zone"], row["local_time"][:5], row["language"]) == (HOMES[language], "09:00", language)
    assert (row["categories"], talk.digests(person), titles(person)) == ('["cs.CL"]', 1, list(TITLES))


@PLAY.scene
async def words_that_are_typed_choose_among_the_papers_of_the_field(talk: Conversation) -> None:
    person = talk.newcomer()
    await begins(person)
    await person.says("birds, -survey")
    when = await person.sees("When shall it come?")
    assert talk.digests(person) == 0, "nothing is sent before the hour is known"
    await person.taps(when, "Berlin")
    began = await person.sees("Your first digest is on its way.")
    assert "papers about birds, in cs.CL, from arXiv, without survey in the title" in began.text
    await person.sees(TITLES[1])
    assert titles(person) == [TITLES[1]]
    row = talk.subscription(person)
    assert row is not None
    assert (row["keywords"], row["excluded"], row["zone"]) == ('["birds"]', '["survey"]', "Europe/Berlin")


@PLAY.scene
async def words_that_cannot_be_understood_are_asked_for_again_with_the_reason(talk: Conversation) -> None:
    person = talk.newcomer()
    await begins(person)
    await person.says('"world model')
    again = await person.sees("A quotation mark is missing")
    assert "Which words matter to you?" in again.text
    await person.says('"agents that plan"')
    await person.taps(await person.sees("When shall it come?"), "Berlin")
    await person.sees(TITLES[0])
    assert titles(person) == [TITLES[0]]


@PLAY.scene
async def hours_and_days_can_be_typed(talk: Conversation) -> None:
    person = talk.newcomer()
    when = await is_asked_when(person)
    await person.taps(when, "Other")
    asked = await person.sees("weekdays 08:30 Berlin")
    assert asked is when
    await person.says("whenever you like")
    again = await person.sees("is no time zone that I know")
    assert "weekdays 08:30 Berlin" in again.text
    assert talk.subscription(person) is None
    await person.says("weekdays 08:00 Berlin")
    began = await person.sees("Your first digest is on its way.")
    assert "The next digest comes on Wednesday, 3 June, 08:00 (Europe/Berlin)." in began.text
    await person.sees(TITLES[0])
    row = talk.subscription(person)
    assert row is not None
    assert (row["local_time"][:5], row["weekdays"], row["zone"]) == ("08:00", 0b11111, "Europe/Berlin")


@PLAY.scene
async def a_field_of_their_own_can_be_typed(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/start")
    welcome = await person.sees("What do you read?")
    await person.taps(welcome, "Something else")
    await person.sees("Write categories, words and authors")
    await person.says("cs.CL sing")
    await person.taps(await person.sees("When shall it come?"), "Berlin")
    await person.sees(TITLES[1])
    assert titles(person) == [TITLES[1]]


@PLAY.scene
async def back_leads_through_every_question_and_sets_nothing(talk: Conversation) -> None:
    person = talk.newcomer()
    when = await is_asked_when(person)
    await person.taps(when, "Other")
    await person.sees("weekdays 08:30 Berlin")
    await person.taps(when, "Back")
    await person.sees("When shall it come?")
    await person.taps(when, "Back")
    await person.sees("What do you read?")
    assert len(person.shown) == 1
    assert talk.subscription(person) is None


@PLAY.scene
async def a_link_shows_what_it_would_set_and_sets_it_with_one_tap(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/start cat_cs-CL_kw_birds_-survey_t0700_z_Europe-Paris")
    offered = await person.sees("This link sets up a digest")
    assert "papers about birds, in cs.CL, from arXiv, without survey in the title" in offered.text
    assert "07:00 (Europe/Paris)" in offered.text
    assert talk.subscription(person) is None, "a link alone sets nothing"
    await person.taps(offered, "Subscribe")
    await person.sees("Your first digest is on its way.")
    await person.sees(TITLES[1])
    row = talk.subscription(person)
    assert row is not None
    assert (row["keywords"], row["local_time"][:5], row["zone"]) == ('["birds"]', "07:00", "Europe/Paris")
    assert titles(person) == [TITLES[1]]


@PLAY.scene
async def a_link_that_means_nothing_begins_as_any_other(talk: Conversation) -> None:
    person = talk.newcomer()
    await person.says("/start cat_cs-ZZ_kw")
    await person.sees("What do you read?")


@PLAY.scene
async def whoever_is_subscribed_is_told_so_and_can_have_a_digest_now_once(talk: Conversation) -> None:
    person = await talk.reader("cs.CL birds")
    await person.says("/start")
    back = await person.sees("Good to see you again.")
    assert "papers about birds" in back.text
    await person.taps(back, "Digest now")
    await person.taps(back, "Digest now")
    await person.sees(TITLES[1])
    await answered(person)
    assert "Digest now" not in back.labels
    assert (talk.digests(person), titles(person)) == (1, [TITLES[1]])


@PLAY.scene
async def two_taps_on_the_last_button_give_one_subscription_and_one_digest(talk: Conversation) -> None:
    person = talk.newcomer()
    when = await is_asked_when(person)
    first, second = await person.taps(when, "Berlin"), await person.taps(when, "Berlin")
    await asyncio.gather(first.answer(), second.answer())
    await talk.telegram.until(lambda: titles(person) == list(TITLES), "the digest")
    await answered(person)
    assert (talk.digests(person), titles(person)) == (1, list(TITLES))


@PLAY.ending
async def a_restart_between_two_taps_loses_nothing(talk: Conversation) -> None:
    person = talk.newcomer()
    await begins(person)
    await person.says("birds")
    when = await person.sees("When shall it come?")
    assert await talk.lives.stop() == 0
    tap = await person.taps(when, "Berlin")
    await talk.lives.begin()
    await tap.answer()
    await person.sees(TITLES[1])
    assert titles(person) == [TITLES[1]]


@PLAY.ending
async def the_list_of_commands_is_in_the_language_of_the_client(talk: Conversation) -> None:
    told = talk.telegram.commands
    await talk.telegram.until(lambda: {("all_private_chats", code) for code in ("", "zh", "vi")} <= set(told), "lists", 40)
    for language in ("en", "zh", "vi"):
        said = {each["command"]: each["description"] for each in told["all_private_chats", "" if language == "en" else language]}
        assert tuple(said) == tuple(talk.newcomer(language).menu())
        assert said == {name: words(language)(f"menu.{name}") for name in said}
        assert {"subscribe", "digest", "settings", "channel", "help"} <= set(said)


@pytest.mark.parametrize("scene", PLAY.names)
def test_first_contact(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
