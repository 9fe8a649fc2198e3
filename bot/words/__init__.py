"""Every word a person reads: one catalogue of sentences for each language, loaded when somebody speaks it."""

import importlib
from functools import cache
from pathlib import Path

from bot.domain.words import Words
from bot.errors import BadInput


@cache
def languages() -> tuple[str, ...]:
    """The codes of all catalogues, English first."""
    codes = {path.stem for path in Path(__file__).parent.glob("[a-z]*.py")}
    return ("en", *sorted(codes - {"en"}))


@cache
def words(language: str = "en") -> Words:
    """The catalogue of `language`. Raises BadInput, naming those that exist, if there is none."""
    if language not in languages():
        message = f"there is no language {language!r}; there are: {', '.join(languages())}"
        raise BadInput(message)
    digests = importlib.import_module(f"bot.words.{language}").SENTENCES
    conversation = importlib.import_module(f"bot.words.chat.{language}").CHAT
    return Words(language=language, sentences={**digests, **conversation})
