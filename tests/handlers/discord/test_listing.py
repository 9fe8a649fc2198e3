"""The list of commands as Discord takes it: within its limits, in every language, and the same as sentences spell it."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from bot.words import languages, spelling, words
from handlers.commands import COMMANDS
from handlers.discord.listing import mark, payload
from handlers.discord.options import Kind
from handlers.discord.table import BY_PATH, NAMES, SLASHES
from tests.fakes.discord_command_rules import LOCALES, check_command, command_length

LISTED = payload()
PAPERS = (
    "subscribe unsubscribe keywords categories authors limit threshold votes replacements style language time timezone pause"
    " resume mute settings history usage status digest preview import export about"
)
ALONE = "summary ask search save saved help privacy deletemydata"


def everything(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield said
    for inner in (*said.get("options", ()), *said.get("choices", ())):
        yield from everything(inner)


def test_discord_takes_every_command_as_it_is_and_ignores_nothing() -> None:
    assert [check_command(each) for each in LISTED] == [[] for _ in LISTED]
    assert max(map(command_length, LISTED)) < 8_000


def test_the_commands_are_those_that_were_promised() -> None:
    assert [each["name"] for each in LISTED] == ["papers", *ALONE.split()]
    assert [each["name"] for each in LISTED[0]["options"]] == PAPERS.split()


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_each_language_of_ours_has_every_name_and_description_and_no_other_has_any(locale: str) -> None:
    ours = {language for language in languages() if language != "en"}
    for each in (one for command in LISTED for one in everything(command)):
        for field in ("name", "description"):
            if field in each:
                assert (locale in each[f"{field}_localizations"]) == (locale.partition("-")[0] in ours)


def test_localized_texts_are_composed_and_free_of_spaces_at_their_ends() -> None:
    for each in (one for command in LISTED for one in everything(command)):
        texts = [text for field in ("name", "description") for text in each.get(f"{field}_localizations", {}).values()]
        assert [text for text in texts if text != unicodedata.normalize("NFC", text.strip())] == []


@pytest.mark.parametrize("language", languages())
def test_commands_of_a_language_have_different_names(language: str) -> None:
    said = words(language)
    for group in ([slash for slash in SLASHES if len(slash.path) == length] for length in (1, 2)):
        names = [said(f"slash.name.{slash.name}") for slash in group]
        assert len(set(names)) == len(names)


def test_english_names_are_the_names_themselves() -> None:
    said = words("en")
    assert {said(f"slash.name.{name}") for name in NAMES} == set(NAMES)
    assert all(said(f"option.name.{option.name}") == option.name for slash in SLASHES for option in slash.options)


def test_papers_is_for_those_who_manage_a_server_and_the_rest_for_everybody_on_servers_and_alone() -> None:
    assert {each["name"]: each["default_member_permissions"] for each in LISTED if each["default_member_permissions"]} == {
        "papers": "32"
    }
    assert all(each["contexts"] == [0, 1] and each["integration_types"] == [0] for each in LISTED)


def test_whatever_is_about_a_subscription_may_be_about_that_of_another_channel() -> None:
    without = {slash.name for slash in SLASHES if slash.option("channel") is None}
    assert without == {*ALONE.split(), "about"} - {"deletemydata"}
    given = [option for each in LISTED for one in everything(each) for option in one.get("options", ()) if option["type"] == 7]
    assert given
    assert all(option["channel_types"] == [0, 5, 11, 15] and not option["required"] for option in given)


def test_every_command_runs_one_of_ours_and_only_one_takes_a_file() -> None:
    assert {slash.command for slash in SLASHES} <= set(COMMANDS)
    assert [slash.name for slash in SLASHES if slash.takes_file] == ["import"]
    assert all(option.kind is not Kind.ATTACHMENT for slash in SLASHES for option in slash.options if not slash.takes_file)


def test_sentences_spell_commands_as_they_are_listed() -> None:
    assert dict(spelling.PATHS) == {slash.name: " ".join(slash.path) for slash in SLASHES}
    assert {path[0] for path in BY_PATH} == {each["name"] for each in LISTED}


def test_the_mark_is_that_of_what_is_told() -> None:
    told = json.dumps(LISTED, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert mark() == hashlib.sha256(told.encode()).hexdigest()
    assert mark() != hashlib.sha256(told.replace("Add or remove words", "Words").encode()).hexdigest()
