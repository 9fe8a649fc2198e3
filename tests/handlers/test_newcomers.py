"""What somebody meets who has never seen the bot: hints where something is missing, and nothing that is not so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.domain.messages import Bullets, Heading, Quote
from bot.words import languages, words
from handlers.commands import COMMANDS
from handlers.talk import Place
from handlers.texts.helping import GROUPS, OPEN, everything
from tests.handlers.places import HERE, Chat, buttons, database, sample_day, text_of
from tests.handlers.talks import a_talk


@pytest.fixture
async def app(tmp_path: Path, empty_database: Path) -> AsyncIterator[App]:
    async with sample_day(database(tmp_path, empty_database)) as made:
        yield made


async def test_a_new_subscription_is_told_in_paragraphs_with_the_way_to_the_settings(app: App) -> None:
    chat = Chat(a_talk(app, HERE))
    said = (await chat.types("/subscribe cs.CL agents")).message
    lines = text_of(said).splitlines()
    assert lines[0].startswith("You get: papers about agents, in cs.CL")
    assert lines[1].startswith("The next digest comes on")
    assert lines[1].endswith("Is your clock another one? Write your city: /timezone Berlin")
    assert lines[2].endswith("papers that are new to you match. /digest shows it now.")
    assert [button.label for button in buttons(said)] == ["Settings"]
    terminal = await Chat(a_talk(app, HERE, place=Place.TERMINAL)).types("/subscribe agents")
    assert buttons(terminal.message) == ()


async def test_who_said_where_they_are_is_not_asked_again(app: App) -> None:
    chat = Chat(a_talk(app, HERE))
    await chat.types("/subscribe cs.CL agents")
    await chat.types("/timezone Hà Nội")
    assert "(Asia/Ho_Chi_Minh)" in text_of(chat.shown)
    assert "/timezone" not in text_of((await chat.types("/subscribe reasoning")).message)


async def test_where_nothing_new_matches_no_digest_is_offered(app: App) -> None:
    said = text_of((await Chat(a_talk(app, HERE)).types("/subscribe cs.CL xyzzy")).message)
    assert "0 of" in said
    assert "/digest" not in said


@pytest.mark.parametrize("command", ["replacements", "emptydays", "members"])
async def test_a_switch_without_a_word_shows_how_it_stands(app: App, command: str) -> None:
    chat = Chat(a_talk(app, HERE))
    await chat.types("/subscribe cs.CL agents")
    await chat.types(f"/{command}")
    assert "Your subscription" in text_of(chat.shown)
    assert {"New versions: off", "Empty days: on"} <= {button.label for button in buttons(chat.shown)}


@pytest.mark.parametrize("command", ["summary", "save"])
async def test_a_command_that_needs_a_paper_says_how_to_name_one(app: App, command: str) -> None:
    said = await Chat(a_talk(app, HERE)).types(f"/{command}")
    assert text_of(said.message) == f"Write a paper's id or link behind it: /{command} 2601.03417"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("folds", [True, False])
def test_help_holds_every_command_once_below_a_heading_of_its_group(language: str, folds: bool) -> None:
    said = words(language)
    message = everything(tuple(COMMANDS), said, folds=folds)
    text = text_of(message)
    assert [name for name in COMMANDS if text.count(said(f"help.{name}")) != 1] == []
    headings = [block.spans[0].text for block in message.blocks if isinstance(block, Heading)]
    assert headings == [said("help.head"), *(said(f"help.group.{name}") for name in (*GROUPS, "more"))]
    assert sum(isinstance(block, Quote) and block.is_folded for block in message.blocks) == (len(GROUPS) + 1 - len(OPEN)) * folds
    assert sum(isinstance(block, Bullets) for block in message.blocks) == (len(OPEN) if folds else len(GROUPS) + 1)


def test_every_command_that_is_grouped_exists() -> None:
    assert {name for names in GROUPS.values() for name in names} <= {
        *COMMANDS,
        "preview",
    }  # which is a command of its own on Discord
