"""The view of /papers settings on Discord: every screen and value, and what is typed into forms."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.words import words as words_in
from handlers.presses.setting_texts import TEXTS
from handlers.presses.setting_values import VALUES
from tests.fakes.discord_looking import components, labels
from tests.fakes.discord_people import words
from tests.fakes.discord_posts import Accepted
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import TYPED, WAYS, Typed, Way, a_place, became, changes, kept, opened, uses
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

SAID = words_in("en", "discord")
ONLY_THEY = 64


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, "Agents that plan", "Birds that sing")


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("settings"), empty_database)


def options(message: Accepted) -> list[dict[str, Any]]:
    """What its lists hold."""
    return [option for each in components(message) for option in each.get("options", ())]


# Every value


async def sets(way: Way, talk: Conversation, *, is_private: bool) -> None:
    boss = talk.boss()
    where = "" if is_private else await a_place(talk, boss)
    if is_private:
        await (await boss.runs("papers subscribe", categories="cs.CL", keywords="agents")).answer()
    message = await opened(boss, where, *way.path)
    if way.picks:
        await changes(boss, message, *way.picks)
    assert kept(talk, where or f"@{boss.id}", *way.row) == way.row
    assert way.seen in words(message)
    assert sum(each.is_seen for each in boss.seen(where) if "Your subscription" in words(each)) <= 1, "one view, not many"


for _name, _way in WAYS.items():
    PLAY.scenes[f"{_name}_is_set"] = partial(sets, _way, is_private=False)
    if not _way.on_servers_only:
        PLAY.scenes[f"{_name}_is_set_in_private"] = partial(sets, _way, is_private=True)


async def takes(typed: Typed, talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    before = talk.subscription(where)
    message = await opened(boss, where, *typed.path[:-1])
    form = await (await uses(boss, message, typed.path[-1])).opens()
    assert all(form.labels)
    wrong = await boss.fills(form, typed.wrong)
    await became(boss, wrong, message)
    assert typed.reason in words(message)
    assert talk.subscription(where) == before
    again = await (await uses(boss, message, SAID("button.write"))).opens()
    right = await boss.fills(again, typed.right)
    await became(boss, right, message)
    assert kept(talk, where, *typed.row) == typed.row
    assert "‹ Back" in labels(message) or "‹ Quay lại" in labels(message), "the screen that shows it"


for _name, _typed in TYPED.items():
    PLAY.scenes[f"{_name}_can_be_typed"] = partial(takes, _typed)


def test_every_value_and_every_question_is_tried() -> None:
    values = {name for way in WAYS.values() for name in way.row}
    assert len(values) >= len(VALUES) - 2, "words and authors are taken away by their buttons, the pause has two columns"
    assert len(TYPED) == len(TEXTS)


@PLAY.scene
async def a_wrong_text_can_be_given_up(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "At most")
    form = await (await uses(boss, message, "Other …")).opens()
    await became(boss, await boss.fills(form, "many"), message)
    await changes(boss, message, "Cancel")
    assert "at most 10 papers" in words(message)
    assert kept(talk, where, "max_papers") == {"max_papers": 10}


@PLAY.scene
async def a_form_that_is_closed_leaves_the_screen_as_it_was(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "At most")
    await (await uses(boss, message, "Other …")).opens()
    assert "at most 10 papers" in words(message)
    await changes(boss, message, "20")
    assert kept(talk, where, "max_papers") == {"max_papers": 20}


@PLAY.scene
async def the_last_day_and_the_last_source_stay_and_the_view_says_so(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    for path, refusal, column in (("Days", "screen.last_day", "weekdays"), ("Sources", "screen.last_source", "sources")):
        message = await opened(boss, where, path)
        before = kept(talk, where, column)
        all_of_them = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") if path == "Days" else ("arXiv",)
        use = await uses(boss, message, *all_of_them)
        await use.acknowledged()
        await boss.sees(SAID(refusal), where)
        assert "Your subscription" not in words(message), "the screen stays, as it is now"
        if path == "Days":
            assert [each["label"] for each in options(message) if each.get("default")] == ["Sun"]
        assert kept(talk, where, column) == (before if path == "Sources" else {"weekdays": 0b1000000})


@PLAY.scene
async def many_words_are_one_list_and_each_can_be_taken_away(talk: Conversation) -> None:
    boss = talk.boss()
    typed = [f"word{number}" for number in range(30)]
    where = await a_place(talk, boss, keywords=", ".join(typed))
    message = await opened(boss, where, "Words")
    assert len(message.components) <= 5
    await changes(boss, message, "✕ word7")
    await changes(boss, message, "›")
    await changes(boss, message, "✕ word29")
    assert kept(talk, where, "keywords") == {"keywords": [word for word in typed if word not in ("word7", "word29")]}


@PLAY.scene
async def pages_of_categories_lead_on_and_back(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Topics", "Computer science", "›", "cs.SE")
    await changes(boss, message, "‹")
    await changes(boss, message, "cs.AI")
    await changes(boss, message, "‹ Back")
    assert "Papers in cs.AI, cs.CL, cs.SE" in words(message)
    assert kept(talk, where, "categories") == {"categories": ["cs.AI", "cs.CL", "cs.SE"]}


# The view


@PLAY.scene
async def the_view_goes_on_in_the_language_that_was_chosen(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Language", "Tiếng Việt")
    await changes(boss, message, words_in("vi")("button.back"))
    assert words_in("vi")("list.settings") in labels(message)
    assert words_in("vi")("button.unsubscribe") in labels(message)
    form = await (await uses(boss, await opened(boss, where, "Từ khóa"), words_in("vi")("button.add_words"))).opens()
    assert form.title == words_in("vi", "discord")("modal.title")


@PLAY.scene
async def nobody_else_sees_the_view(talk: Conversation) -> None:
    boss, member = talk.boss(), talk.member()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Style", "notes", "‹ Back")
    assert message.flags & ONLY_THEY
    assert member.seen(where) == []


@PLAY.scene
async def closing_leaves_the_settings_to_be_read(talk: Conversation) -> None:
    boss = talk.boss()
    message = await opened(boss, await a_place(talk, boss), "Close")
    assert "Your subscription" in words(message)
    assert labels(message) == []


@PLAY.scene
async def whoever_unsubscribes_can_begin_anew(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Unsubscribe")
    assert talk.subscription(where) is None
    assert words(message) == SAID("unsubscribed")
    await changes(boss, message, "Set up a digest")
    asked = await boss.sees(SAID("start.field"), where)
    assert any(SAID("preset.nlp") in label for label in labels(asked))


@PLAY.scene
async def an_older_view_of_a_subscription_that_is_gone_says_so(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Style")
    await (await boss.runs("papers unsubscribe", where)).answer()
    await changes(boss, message, "brief")
    assert SAID("screen.gone") in words(message)


@PLAY.scene
async def another_channel_of_the_server_is_set_from_here(talk: Conversation) -> None:
    boss = talk.boss()
    there, here = await a_place(talk, boss), talk.place("elsewhere")
    message = await (await boss.runs("papers settings", here, channel=there)).answer()
    assert f"<#{there}>" in words(message) or "These are the settings of" in words(message)
    await changes(boss, message, "At most")
    await changes(boss, message, "50")
    form = await (await uses(boss, message, "Other …")).opens()
    await became(boss, await boss.fills(form, "33"), message)
    assert kept(talk, there, "max_papers") == {"max_papers": 33}
    assert talk.subscription(here) is None


@PLAY.ending
async def a_view_goes_on_after_a_restart(talk: Conversation) -> None:
    boss = talk.boss()
    where = await a_place(talk, boss)
    message = await opened(boss, where, "Topics", "Computer science")
    form_of = await opened(boss, where, "At most")
    form = await (await uses(boss, form_of, "Other …")).opens()
    assert await talk.lives.stop() == 0
    use = await uses(boss, message, "cs.AI", "cs.CL")
    use.is_forgiven = True  # nobody was there
    connected = talk.discord.identifies
    await talk.lives.begin()
    await talk.discord.until(lambda: talk.discord.identifies > connected)
    await changes(boss, message, "cs.AI", "cs.CL")
    assert kept(talk, where, "categories") == {"categories": ["cs.AI"]}
    await became(boss, await boss.fills(form, "44"), form_of)
    assert kept(talk, where, "max_papers") == {"max_papers": 44}


@PLAY.ending
async def nothing_went_wrong_without_a_word(talk: Conversation) -> None:
    assert "handler failed" not in talk.log()
    assert "Traceback" not in talk.log()


@pytest.mark.parametrize("scene", PLAY.names)
def test_settings(played: dict[str, BaseException | None], scene: str) -> None:
    if (error := played[scene]) is not None:
        raise error
