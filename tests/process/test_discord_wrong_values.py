"""What the running bot says on Discord to values that mean nothing: one sentence in its words, and nothing is changed."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.process.discord_scenes import a_play
from tests.process.discord_spots import LOCALES, a_reader, plain
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

STYLES = "There is no style baroque. There are: brief, card, digest, notes, report."
NO_CATEGORY = "There is no category cs.ZZ. Near it: eess.SY, cs.SI, cs.SE."
NO_ID = "I find no arXiv id, DOI or paper link in that. Ids look like 2601.03417, hep-th/9901001 or an arXiv link."
NO_ZONE = "“Nowhere” is no time zone that I know: write a city, such as Berlin or Asia/Tokyo."
NO_DAYS = "Write days as mon-fri, or mon wed fri."
NO_HOUR = "“25:00” is not a time of day: write it as 08:30."
QUOTE = 'A quotation mark is missing: write phrases like "world model".'
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "category": ("papers subscribe", {"categories": "cs.ZZ"}, NO_CATEGORY),
    "open_phrase": ("papers subscribe", {"keywords": '"open'}, QUOTE),
    "author": ("papers subscribe", {"authors": "123"}, "Write the author as First Last."),
    "hour": ("papers subscribe", {"keywords": "birds", "time": "25:00"}, NO_HOUR),
    "hour_that_no_clock_holds": ("papers time", {"time": "9" * 20}, NO_HOUR.replace("25:00", "9" * 20)),
    "days": ("papers subscribe", {"keywords": "birds", "days": "soon"}, NO_DAYS),
    "zone": ("papers subscribe", {"keywords": "birds", "timezone": "Nowhere"}, NO_ZONE),
    "categories": ("papers categories", {"categories": "cs.ZZ"}, NO_CATEGORY),
    "keyword_that_is_a_category": (
        "papers keywords",
        {"add": "cs.CL"},
        "“cs.CL” is a category: write /papers categories categories:cs.CL",
    ),
    "keyword_that_is_an_author": ("papers keywords", {"add": "@LeCun"}, "“@LeCun” is an author: write /papers authors add:LeCun"),
    "keyword_without_a_word": ("papers keywords", {"add": "---"}, "“-” has no word to look for: write a word or a phrase."),
    "one_wrong_of_two_changes": ("papers keywords", {"clear": True, "add": '"open'}, QUOTE),
    "authors": ("papers authors", {"add": "123"}, "Write the author as First Last."),
    "style": ("papers style", {"style": "baroque"}, STYLES),
    "language": (
        "papers language",
        {"language": "klingonese"},
        "There is no language “klingonese”: say a code (fr, pt-BR) or a name (French, français).",
    ),
    "hour_of_time": ("papers time", {"time": "25:00", "days": "mon"}, NO_HOUR),
    "hour_for_a_day": ("papers time", {"days": "08:30"}, NO_DAYS),
    "days_that_end": ("papers time", {"days": "mon-soon"}, NO_DAYS),
    "city_for_a_day": ("papers time", {"days": "Berlin"}, NO_DAYS),
    "zone_of_time": ("papers time", {"timezone": "Nowhere"}, NO_ZONE),
    "timezone": ("papers timezone", {"timezone": "Nowhere"}, NO_ZONE),
    "pause": ("papers pause", {"until": "soon"}, "“soon” is not a date: write it as 2026-01-31."),
    "pause_over": ("papers pause", {"until": "2020-01-01"}, "The day to go on must be in the future."),
    "summary": ("summary", {"paper": "hello"}, NO_ID),
    "summary_style": ("summary", {"paper": "2606.02001", "style": "baroque"}, STYLES),
    "summary_of_nothing": ("summary", {"paper": "2606.09999"}, "arXiv does not know 2606.09999. Check the number, please."),
    "ask": ("ask", {"paper": "hello", "question": "why?"}, NO_ID),
    "save": ("save", {"paper": "hello"}, NO_ID),
    "search": ("search", {"query": "-"}, "Write words to look for: /search query:diffusion models"),
}
ONLY_ALONE: dict[str, tuple[str, dict[str, Any], str]] = {
    "thread": (
        "papers style",
        {"layout": "thread", "style": "brief"},
        "Choose cards, compact or titles here: threads are on servers only.",
    )
}


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, "Agents that plan", "Agents that remember")


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("wrong"), empty_database)


async def wrong(command: str, options: dict[str, Any], sentence: str, is_private: bool, talk: Conversation) -> None:
    spot = await a_reader(talk, is_private=is_private)
    before, known = talk.subscription(spot.chat), len(spot.person.seen(spot.where))
    assert await spot.asked(command, **options) == sentence
    assert (talk.subscription(spot.chat), talk.digests(spot.chat)) == (before, 0)
    assert len(spot.person.seen(spot.where)) == known + 1


for _name, (_command, _options, _sentence) in (WRONG | ONLY_ALONE).items():
    PLAY.scenes[f"{_name}_alone"] = partial(wrong, _command, _options, _sentence, True)
    if _name not in ONLY_ALONE:
        PLAY.scenes[f"{_name}_on_a_server"] = partial(wrong, _command, _options, _sentence, False)


# What no client sends, but somebody's own may


@PLAY.scene
async def options_of_another_kind_are_those_of_an_older_list(talk: Conversation) -> None:
    spot = await a_reader(talk)
    before = talk.subscription(spot.chat)
    use = await spot.person.runs("papers limit", spot.where, papers=3)
    await use.answer()
    told = use.data["options"][0]["options"][0]
    forgeries: list[dict[str, Any]] = [{**told, "value": "3"}, {**told, "value": True}, {**told, "name": "sheets"}, {}]
    for forged in forgeries:
        data = {**use.data, "options": [{"name": "limit", "type": 1, "options": [forged]}]}
        said = await talk.discord.begins(2, spot.person.id, spot.where, data, name="a forged /papers limit").answer()
        assert plain(said).startswith("Discord still shows an old list of commands."), forged
    for number in (0, 101, -1, 10**12):
        data = {**use.data, "options": [{"name": "limit", "type": 1, "options": [{**told, "value": number}]}]}
        said = await talk.discord.begins(2, spot.person.id, spot.where, data, name="a forged /papers limit").answer()
        assert plain(said) == "The limit is a number from 1 to 100."
    after = talk.subscription(spot.chat)
    assert after is not None
    assert before is not None
    assert after == {**before, "max_papers": 3}


@PLAY.scene
async def a_command_that_is_none_is_one_of_an_older_list(talk: Conversation) -> None:
    spot = await a_reader(talk)
    lists: tuple[tuple[str, list[dict[str, Any]]], ...] = (
        ("channel", []),
        ("papers", [{"name": "members", "type": 1}]),
        ("papers", []),
        ("", []),
    )
    for name, options in lists:
        data = {"id": "1", "name": name, "type": 1, "options": options}
        said = await talk.discord.begins(2, spot.person.id, spot.where, data, name=f"a forged /{name}").answer()
        assert plain(said).startswith("Discord still shows an old list of commands."), name


# In other languages


async def in_their_language(language: str, sentences: dict[str, str], talk: Conversation) -> None:
    spot = await a_reader(talk, language=language)
    for name, sentence in sentences.items():
        command, options, _ = WRONG[name]
        assert await spot.asked(command, **options) == sentence


THEIRS = {
    "zh": {
        "days": "请把日子写成 mon-fri 或 mon wed fri。",
        "zone": "我不认识时区“Nowhere”：请写一个城市，例如 Shanghai 或 Asia/Tokyo。",
        "keyword_that_is_a_category": "“cs.CL”是分类：请写 /papers categories categories:cs.CL",
        "search": "请写要查找的词：/search query:diffusion models",
    },
    "vi": {
        "zone": "Tôi không biết múi giờ “Nowhere”: hãy viết một thành phố, ví dụ Hanoi hoặc Asia/Tokyo.",
        "keyword_that_is_an_author": "“@LeCun” là tác giả: hãy viết /papers authors add:LeCun",
        "search": "Hãy viết từ cần tìm: /search query:diffusion models",
    },
}
for _language, _sentences in THEIRS.items():
    PLAY.scenes[f"in_{_language}"] = partial(in_their_language, _language, _sentences)


def test_every_language_but_english_is_tried() -> None:
    assert set(THEIRS) == set(LOCALES) - {"en"}


@PLAY.ending
async def nothing_was_unexpected(talk: Conversation) -> None:
    assert "handler failed" not in talk.log()


@pytest.mark.parametrize("name", PLAY.names)
def test_a_wrong_value_is_told(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
