"""What Discord offers while somebody types into a command, asked of the running bot over the wire."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from handlers.discord.table import SLASHES
from tests.fakes.discord_uses import COMPLETE, Choice, Use
from tests.process.discord_scenes import a_play
from tests.process.discord_settings import kept
from tests.process.discord_spots import LOCALES, Spot, a_reader, a_spot
from tests.process.discord_talk import Conversation
from tests.process.telegram_talk import publish_papers

pytestmark = pytest.mark.timeout(200)  # all scenes are played before the first test

MOST_S = 1.0  # Discord waits three seconds, and whoever types does not
COMPLETED = [(" ".join(each.path), option.name) for each in SLASHES for option in each.options if option.completes]
RUBBISH = (
    "",
    " ",
    ",",
    "cs.CL,",
    "\u202e",
    "%",
    "\\",
    "(",
    "🦜",
    "a" * 6000,
    "cs." * 300,
    '"',
    "-",
    "@everyone",
    "\x00",
    "0",
    "ỆU",
    "北",
)


def papers(talk: Conversation) -> None:
    publish_papers(talk.world, "Agents that plan")


PLAY = a_play(first=papers)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> dict[str, BaseException | None]:
    return PLAY.played(tmp_path_factory.mktemp("completing"), empty_database)


async def offered(spot: Spot, command: str, **typed: object) -> list[Choice]:
    """What is offered for the option that was typed last."""
    return await spot.person.completes(command, spot.where, 10.0, **typed)


async def names(spot: Spot, command: str, **typed: object) -> list[str]:
    return [each.name for each in await offered(spot, command, **typed)]


async def values(spot: Spot, command: str, **typed: object) -> list[object]:
    return [each.value for each in await offered(spot, command, **typed)]


@PLAY.scene
async def categories_are_found_by_code_and_by_title(talk: Conversation) -> None:
    spot = a_spot(talk)
    assert "cs.CL - Computation and Language" in await names(spot, "papers subscribe", categories="")
    assert (await names(spot, "papers subscribe", categories="cs.c"))[:1] == ["cs.CC - Computational Complexity"]
    assert "cs.CV" in await values(spot, "papers categories", categories="vision")
    assert "all" in await values(spot, "papers categories", categories="")
    assert "all" not in await values(spot, "papers subscribe", categories=""), "nobody means every paper there"


@PLAY.scene
async def of_several_categories_the_last_is_completed_and_the_others_are_kept(talk: Conversation) -> None:
    spot = a_spot(talk)
    typed = "cs.CL - Computation and Language, stat.M"
    found = await offered(spot, "papers subscribe", keywords="agents", categories=typed)
    assert [each.value for each in found][:2] == ["cs.CL, stat.ME", "cs.CL, stat.ML"]
    assert "cs.CL" not in await values(spot, "papers subscribe", categories="cs.CL, cs.C"), "it was chosen already"


@PLAY.scene
async def what_is_chosen_is_what_is_set(talk: Conversation) -> None:
    spot = await a_reader(talk)
    for command, option, typed, column, wanted in (
        ("papers categories", "categories", "cs.CL, machine", "categories", ["cs.CL", "cs.LG"]),
        ("papers timezone", "timezone", "ho chi", "zone", "Asia/Ho_Chi_Minh"),
        ("papers style", "style", "not", "style", "notes"),
        ("papers language", "language", "deut", "language", "de"),
        ("papers time", "days", "mon", "weekdays", 0b11111),
        ("papers pause", "until", "2026-06-09", "paused_until", "2026-06-09"),
    ):
        best = (await offered(spot, command, **{option: typed}))[0]
        await spot.answer(command, **{option: best.value})
        assert kept(talk, spot.chat, column) == {column: wanted}, best
        await spot.answer(command, **{option: best.name})  # a client sends the label of what is typed on
        assert kept(talk, spot.chat, column) == {column: wanted}, best


async def in_their_language(language: str, command: str, option: str, typed: str, label: str, talk: Conversation) -> None:
    for is_private in (True, False):
        spot = a_spot(talk, language=language, is_private=is_private)
        assert label in (await names(spot, command, **{option: typed}))[0]


THEIRS = (
    ("zh", "papers subscribe", "categories", "cs", "计算机科学"),
    ("zh", "papers time", "days", "周", "周一至周五"),
    ("zh", "papers style", "style", "brief", "贡献与创新"),
    ("zh", "papers timezone", "timezone", "", "Asia/Shanghai"),
    ("zh", "papers language", "language", "中", "中文 (zh)"),
    ("vi", "papers categories", "categories", "al", "mọi danh mục"),
    ("vi", "papers style", "style", "brief", "Đóng góp"),
    ("vi", "papers timezone", "timezone", "", "Asia/Ho_Chi_Minh"),
    ("vi", "papers language", "language", "tiếng", "Tiếng Việt (vi)"),
    ("en", "papers timezone", "timezone", "munich", "Europe/Berlin"),
    ("en", "papers language", "language", "german", "Deutsch (de)"),
)
for _language, _command, _option, _typed, _label in THEIRS:
    scene = partial(in_their_language, _language, _command, _option, _typed, _label)
    PLAY.scenes[f"{_option}_in_{_language}_for_{_typed or 'nothing'}"] = scene


def test_every_language_has_a_choice_of_its_own() -> None:
    assert {each[0] for each in THEIRS} == set(LOCALES)


async def whatever_is_typed(command: str, option: str, talk: Conversation) -> None:
    spot = a_spot(talk, is_private=True)
    for typed in RUBBISH:
        found = await offered(spot, command, **{option: typed})
        assert len({each.name for each in found}) == len(found) <= 25, typed


for _command, _option in COMPLETED:
    PLAY.scenes[f"rubbish_in_{_option}_of_{_command}"] = partial(whatever_is_typed, _command, _option)


@PLAY.scene
async def members_are_helped_too_and_nothing_is_set_by_typing(talk: Conversation) -> None:
    spot = await a_reader(talk)
    before = talk.subscription(spot.chat)
    await offered(spot, "papers style", style="brief")
    assert "brief" in [each.value for each in await talk.member().completes("summary", spot.where, paper="x", style="b")]
    assert talk.subscription(spot.chat) == before


@PLAY.scene
async def an_option_that_no_list_has_gets_no_choices(talk: Conversation) -> None:
    spot = a_spot(talk, is_private=True)
    for name, option in (("papers", "channels"), ("channel", "categories")):
        options = [{"name": option, "type": 3, "value": "x", "focused": True}]
        data = {"id": "1", "name": name, "type": 1, "options": options}
        use = talk.discord.begins(COMPLETE, spot.person.id, spot.person.direct, data, name="completing a forged command")
        await use.acknowledged()
        assert use.choices == []


@PLAY.ending
async def who_types_fast_is_not_waited_for(talk: Conversation) -> None:
    spots = [a_spot(talk) for _ in range(10)]
    typed = "computer vision"
    await asyncio.gather(
        *(values(spot, "papers subscribe", categories=typed[:end]) for spot in spots for end in range(len(typed)))
    )
    slow = {
        use.name: use.answered_within_s for use in talk.discord.uses.values() if use.kind == COMPLETE and slow_s(use) > MOST_S
    }
    assert slow == {}
    assert "handler failed" not in talk.log()


def slow_s(use: Use) -> float:
    return 9.0 if use.answered_within_s is None else use.answered_within_s


@pytest.mark.parametrize("name", PLAY.names)
def test_completing(played: dict[str, BaseException | None], name: str) -> None:
    if (error := played[name]) is not None:
        raise error
