"""Every word a person reads: one catalogue of sentences for each language, loaded when somebody speaks it."""

import importlib
from functools import cache, partial
from pathlib import Path

from bot.domain.words import Words
from bot.words.formats import number, plural

# Imported before `languages` is defined: the first import of a module sets its name here, and the function is to keep it.
from bot.words.languages import language_code
from bot.words.spelling import PLATFORM as DISCORD
from bot.words.spelling import on_discord

TOPICS = ("chat", "commands", "menus", "papers", "search", "people", "files", "owner", "discord")
"""The folders whose catalogues go into one; a sentence stands in one of them only."""


@cache
def languages() -> tuple[str, ...]:
    """The codes of all catalogues, English first."""
    codes = {path.stem for path in (Path(__file__).parent / "chat").glob("[a-z]*.py")}
    return ("en", *sorted(codes - {"en"}))


@cache
def words(language: str = "en", platform: str = "") -> Words:
    """The catalogue of `language`, or the nearest one: zh for zh-Hant, English for a language that has none.

    Where it is read on Discord, commands are spelled as they are there: name the `platform` wherever a sentence may name one.

    It keeps the name of the language that was asked for, in which summaries are written all the same. Raises BadInput for
    what is no language.
    """
    code = language if language in languages() else language_code(language)
    nearest = next((known for known in (code, code.split("-")[0]) if known in languages()), "en")
    sentences: dict[str, str] = dict(importlib.import_module(f"bot.words.{nearest}").SENTENCES)
    for topic in TOPICS:
        sentences |= importlib.import_module(f"bot.words.{topic}.{nearest}").SENTENCES
    if platform == DISCORD:
        sentences = on_discord(sentences, importlib.import_module(f"bot.words.discord.{nearest}").INSTEAD)
    spoken = {"plural": partial(plural, language=nearest), "number": partial(number, language=nearest)}
    return Words(language=code, catalogue=nearest, sentences=sentences, **spoken)
