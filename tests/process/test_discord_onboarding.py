"""Somebody without a subscription on Discord: from a command to the first digest in few presses, in their language."""

from functools import partial
from pathlib import Path

import pytest

from bot.domain.presets import PRESETS
from bot.words import words as words_in
from handlers.discord.replies import HINT
from handlers.presses.setting_texts import TEXTS
from tests.fakes.discord_looking import labels
from tests.fakes.discord_people import Person, words
from tests.fakes.discord_posts import Accepted
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import became, changes, kept, uses
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

TITLES = ("Agents that plan", "Birds that sing")
LOCALES = {"en": "en-US", "zh": "zh-CN", "vi": "vi"}
HOMES = {"en": "Europe/Berlin", "zh": "Asia/Shanghai", "vi": "Asia/Ho_Chi_Minh"}
EN = words_in("en", "discord")


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, *TITLES)


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("onboarding"), empty_database)


async def asked_for_a_field(person: Person, where: str, command: str) -> Accepted:
    """The first question, which /papers settings asks at once and other commands behind a button."""
    said = words_in({"zh-CN": "zh", "vi": "vi"}.get(person.locale, "en"), "discord")
    answer = await (await person.runs(command, where)).answer()
    if command != "papers settings":
        assert words(answer) == said("not_subscribed").replace(":", "\\:")
        await uses(person, answer, said("button.begin"))
    return await person.sees(lambda each: said("start.field") in words(each) and bool(each.components), where)


async def asked_when(person: Person, where: str = "", typed: str = "") -> Accepted:
    """The question for hour and place, after a field and words."""
    message = await asked_for_a_field(person, where, "papers settings")
    form = await (await uses(person, message, EN("preset.nlp"))).opens()
    return await became(person, await person.fills(form, typed), message)


async def in_few_presses(talk: Conversation, *, language: str, command: str, is_private: bool) -> None:
    said, locale = words_in(language, "discord"), LOCALES[language]
    person = talk.member(locale) if is_private else talk.boss(locale)
    where = "" if is_private else talk.place()
    message = await asked_for_a_field(person, where, command)
    form = await (await uses(person, message, said("preset.nlp"))).opens()
    assert form.labels == [said("start.words", field=said("preset.nlp"))]
    assert form.components[0]["description"] == said("start.words_how"), "how to write words, in one piece"
    await became(person, await person.fills(form, ""), message)
    assert said("start.when") in words(message)
    await changes(person, message, labels(message)[0])
    assert said("start.first_digest") in words(message)
    chat = where or f"@{person.id}"
    await talk.discord.until(lambda: talk.digests(chat) == 1)
    digest = await person.sees(TITLES[0], where, within_s=30)
    assert digest.seen_by == "", "the digest is for everybody there"
    row = {
        "zone": HOMES[language],
        "local_time": "09:00:00.000000",
        "language": language,
        "categories": ["cs.CL"],
        "keywords": [],
    }
    assert kept(talk, chat, *row) == row


for _language in LOCALES:
    for _command in ("papers settings", "papers digest"):
        for _is_private in (False, True):
            _name = f"{_command.split()[1]}_leads_to_a_digest_in_{_language}_{'in_private' if _is_private else 'in_a_channel'}"
            PLAY.scenes[_name] = partial(in_few_presses, language=_language, command=_command, is_private=_is_private)


@PLAY.scene
async def words_that_are_typed_choose_among_the_papers_of_the_field(talk: Conversation) -> None:
    person = talk.member()
    message = await asked_when(person, typed="birds, -survey")
    assert talk.digests(f"@{person.id}") == 0, "nothing is sent before the hour is known"
    await changes(person, message, labels(message)[0])
    await person.sees(TITLES[1], within_s=30)
    assert all(TITLES[0] not in words(each) for each in person.seen())
    row = {"keywords": ["birds"], "excluded": ["survey"], "categories": ["cs.CL"]}
    assert kept(talk, f"@{person.id}", *row) == row


@PLAY.scene
async def words_that_cannot_be_understood_are_asked_for_again_with_the_reason(talk: Conversation) -> None:
    person = talk.member()
    message = await asked_when(person, typed='"world model')
    assert "A quotation mark is missing" in words(message)
    assert EN("start.words", field=EN("preset.nlp")) in words(message)
    again = await (await uses(person, message, EN("button.write"))).opens()
    await became(person, await person.fills(again, '"agents that plan"'), message)
    await changes(person, message, labels(message)[0])
    await person.sees(TITLES[0], within_s=30)
    assert kept(talk, f"@{person.id}", "keywords") == {"keywords": ["agents that plan"]}


@PLAY.scene
async def hours_and_days_can_be_typed(talk: Conversation) -> None:
    boss, where = talk.boss(), talk.place()
    message = await asked_when(boss, where)
    form = await (await uses(boss, message, "Other …")).opens()
    await became(boss, await boss.fills(form, "whenever you like"), message)
    assert "is no time zone that I know" in words(message)
    assert talk.subscription(where) is None
    again = await (await uses(boss, message, EN("button.write"))).opens()
    await became(boss, await boss.fills(again, "weekdays 08:00 Berlin"), message)
    assert EN("start.first_digest") in words(message)
    row = {"local_time": "08:00:00.000000", "weekdays": 0b11111, "zone": "Europe/Berlin"}
    assert kept(talk, where, *row) == row


@PLAY.scene
async def a_field_of_their_own_can_be_typed(talk: Conversation) -> None:
    boss, where = talk.boss(), talk.place()
    message = await asked_for_a_field(boss, where, "papers settings")
    form = await (await uses(boss, message, EN("button.other_field"))).opens()
    await became(boss, await boss.fills(form, "cs.CL sing"), message)
    await changes(boss, message, labels(message)[0])
    await boss.sees(TITLES[1], where, within_s=30)
    assert kept(talk, where, "keywords") == {"keywords": ["sing"]}


@PLAY.scene
async def back_leads_through_the_questions_and_sets_nothing(talk: Conversation) -> None:
    boss, where = talk.boss(), talk.place()
    message = await asked_when(boss, where)
    await changes(boss, message, "‹ Back")
    assert EN("start.field") in words(message) or EN("start.welcome") in words(message)
    assert talk.subscription(where) is None


@PLAY.scene
async def a_member_who_manages_nothing_cannot_begin_in_a_channel(talk: Conversation) -> None:
    member, where = talk.member(), talk.place()
    for command in ("papers settings", "papers digest", "papers subscribe"):
        refused = await (await member.runs(command, where, forced=True)).answer()
        assert words(refused) == EN("admins_only")
    mine = await (await member.runs("help", where)).answer()
    for forged in ("1ob", "1of:nlp", "1oq:nlp", "1ot:nlp.0900.Europe/Berlin", "1ol:cat_cs-CL"):
        await (await member.forges(mine, forged)).acknowledged()
        assert words(await member.sees(EN("admins_only"), where)) == EN("admins_only")
    assert talk.subscription(where) is None


@PLAY.scene
async def two_presses_on_the_last_button_give_one_subscription_and_one_digest(talk: Conversation) -> None:
    person = talk.member()
    message = await asked_when(person)
    first = await uses(person, message, labels(message)[0])
    second = await uses(person, message, labels(message)[0])
    await first.acknowledged()
    await second.acknowledged()
    await talk.discord.until(lambda: talk.digests(f"@{person.id}") == 1)
    await person.sees(TITLES[0], within_s=30)
    await (await person.runs("papers about")).answer()
    assert talk.digests(f"@{person.id}") == 1


@pytest.mark.parametrize("language", LOCALES)
def test_no_question_is_cut_in_its_form(language: str) -> None:
    said = words_in(language, "discord")
    asked = [*(said(f"question.{each}") for each in TEXTS), said("start.other_field"), said("start.words_how")]
    assert [each for each in asked if len(each) > HINT] == []
    fields = [said("start.words", field=said(f"preset.{each}")) for each in PRESETS]
    assert [each for each in fields if len(each) > HINT] == []


@PLAY.ending
async def nothing_went_wrong_without_a_word(talk: Conversation) -> None:
    assert "handler failed" not in talk.log()
    assert "Traceback" not in talk.log()


@pytest.mark.parametrize("scene", PLAY.names)
def test_onboarding(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
