"""On Discord every sentence names commands as they are there, and options by their names; what people typed stays as it is."""

import re

import pytest

from bot.words import languages, spelling, words
from handlers.commands import COMMANDS
from handlers.discord.table import BY_PATH, NAMES
from handlers.telegram.desk import EXTRA
from handlers.texts.helping import everything
from tests.test_words import placeholders
from tests.words_of_discord import INSTEAD, NEVER_THERE

NAMED = re.compile(r"(?<![\w/<.:])/([a-z]+)(?![\w/-])", re.ASCII)


@pytest.mark.parametrize("language", languages())
def test_no_sentence_names_a_command_that_discord_does_not_have(language: str) -> None:
    paths = {path[0] for path in BY_PATH}
    said = words(language, "discord").sentences
    wrong = {key: sentence for key, sentence in said.items() if set(NAMED.findall(sentence)) - paths}
    assert {key for key in wrong if not key.startswith(NEVER_THERE)} == set()


@pytest.mark.parametrize("language", languages())
def test_options_that_a_sentence_names_are_options_of_that_command(language: str) -> None:
    named = 0
    there = words(language, "discord").sentences
    for sentence in (each for key, each in there.items() if not key.startswith(NEVER_THERE)):
        for path, rest in re.findall(r"/(papers [a-z]+|(?!papers)[a-z]+)((?: [a-z]+:[^ :]*)+)", sentence):
            options = re.findall(r" ([a-z]+):", rest)
            assert all(BY_PATH[tuple(path.split())].option(option) for option in options), sentence
            named += len(options)
    assert named >= 8


@pytest.mark.parametrize("language", languages())
def test_nothing_is_typed_behind_a_command_that_has_options(language: str) -> None:
    """`/papers timezone Berlin` cannot be sent: what looks like something to type is under the name of an option."""
    examples = re.compile(r"/(?:papers )?[a-z]+ (?:[-@\"“\d{][^ ]|[a-z]+\.[A-Z]{2}|Berlin|Shanghai|Ho Chi Minh|yes|是|có\b)")
    said = words(language, "discord").sentences
    allowed = ("search.type", *NEVER_THERE)
    assert [key for key, each in said.items() if examples.search(each) and not key.startswith(allowed)] == []


@pytest.mark.parametrize("language", languages())
def test_what_is_said_otherwise_there_takes_the_same_values_and_is_said_in_every_language(language: str) -> None:
    said, there = words(language).sentences, INSTEAD[language]
    assert {key.removesuffix(".one") for key in there} == {key.removesuffix(".one") for key in INSTEAD["en"]}
    assert set(there) <= set(said)
    assert [key for key in there if placeholders(there[key]) != placeholders(said[key])] == []
    assert [key for key in there if spelling.spelled(said[key]) == there[key]] == [], "spelling it anew is enough"


@pytest.mark.parametrize("language", languages())
def test_elsewhere_nothing_is_spelled_otherwise(language: str) -> None:
    plain = words(language).sentences
    assert words(language, "telegram").sentences == plain
    assert words(language, "discord").sentences.keys() - plain.keys() == {"help.preview"}
    assert not any("/papers" in sentence for sentence in plain.values())


@pytest.mark.parametrize(
    ("sentence", "there"),
    [
        ("/settings shows it.", "/papers settings shows it."),
        ("write /digest preview, or /digest.", "write /papers preview, or /papers digest."),
        ("用 /keywords 更改", "用 /papers keywords 更改"),
        ("请发送/import。", "请发送/papers import。"),
        ("/summary and /saved, /save", "/summary and /saved, /save"),
        ("https://arxiv.org/settings and /settings/x", "https://arxiv.org/settings and /settings/x"),
        ("</papers settings:7> and/or /papers subscribe", "</papers settings:7> and/or /papers subscribe"),
        ("/times /digests", "/times /digests"),
    ],
)
def test_only_whole_names_of_commands_are_spelled_anew(sentence: str, there: str) -> None:
    assert spelling.spelled(sentence) == there


def test_spelling_twice_changes_nothing_more() -> None:
    for sentence in words("en").sentences.values():
        assert spelling.spelled(spelling.spelled(sentence)) == spelling.spelled(sentence)


def test_values_are_never_spelled_anew() -> None:
    said = words("en", "discord")
    assert said("input.date", typed="/settings").startswith("“/settings”")


@pytest.mark.parametrize("language", languages())
def test_help_on_discord_lists_each_command_as_it_is_chosen_once(language: str) -> None:
    """With the name that apps in this language show, if that is another one."""
    said = words(language, "discord")
    text = str(everything(NAMES, said, folds=False))
    for path in BY_PATH:
        local = said(f"slash.name.{path[-1]}")
        also = rf" \({local}\)" if local != path[-1] else ""
        assert len(re.findall(rf"/{' '.join(path)}{also}[:：]", text)) == 1
    assert not any(re.search(rf"/{name}[:：]", text) for name in (*COMMANDS, *EXTRA) if (name,) not in BY_PATH)
