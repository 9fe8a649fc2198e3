"""The sentences that are said otherwise on Discord, and those that nobody reads there."""

import importlib

from bot.words import languages

INSTEAD: dict[str, dict[str, str]] = {
    language: importlib.import_module(f"bot.words.discord.{language}").INSTEAD for language in languages()
}

NEVER_THERE = (
    *(f"help.{name}" for name in ("start", "channel", "sources", "layout", "members", "emptydays", "quit")),
    "channel.",  # of /channel, which picks one on Telegram
    "chat.",  # of a terminal, or of what is typed where no list of commands is
    "import.how_terminal",
)
"""The beginnings of keys that only other platforms say."""
