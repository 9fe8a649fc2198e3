"""How Discord spells our commands in the sentences that name them: /subscribe is /papers subscribe there.

Only sentences of our own catalogues are rewritten, before values are put into them: what people typed stays as it is.
"""

import re
from collections.abc import Mapping

PLATFORM = "discord"
GROUP = "papers"
GROUPED = (
    "subscribe",
    "unsubscribe",
    "keywords",
    "categories",
    "authors",
    "limit",
    "threshold",
    "votes",
    "replacements",
    "style",
    "language",
    "time",
    "timezone",
    "pause",
    "resume",
    "mute",
    "settings",
    "history",
    "usage",
    "status",
    "digest",
    "preview",
    "import",
    "export",
    "about",
)
ALONE = ("summary", "ask", "search", "save", "saved", "help", "privacy", "deletemydata")
PATHS: Mapping[str, str] = {**{name: f"{GROUP} {name}" for name in GROUPED}, **{name: name for name in ALONE}}
"""What is typed behind the slash, by the name of the command; a test holds `handlers/discord/table.py` to it."""

_TWO_WORDS: Mapping[str, str] = {"digest preview": PATHS["preview"]}
_SPELLED: Mapping[str, str] = {**PATHS, **_TWO_WORDS}
_COMMAND = re.compile(
    rf"(?<![\w/<.:])/({'|'.join(sorted(_SPELLED, key=len, reverse=True))})(?![\w/-])",
    re.ASCII,  # a Chinese sign may follow at once
)


def spelled(sentence: str) -> str:
    """The sentence with our commands as Discord has them."""
    return _COMMAND.sub(lambda found: f"/{_SPELLED[found[1]]}", sentence)


def about(name: str, sentences: Mapping[str, str]) -> str:
    """What a command is for, in at most 100 characters: in words of its own for Discord, or those of every list."""
    return sentences.get(f"slash.about.{name}") or sentences[f"menu.{name}"]


def _both(path: str, sentences: Mapping[str, str]) -> str:
    """What is typed everywhere, and behind it what apps in this language call it, if that is something else."""
    name = path.split()[-1]
    local = sentences[f"slash.name.{name}"]
    return path if local == name else f"{path} ({local})"


def on_discord(sentences: Mapping[str, str], instead: Mapping[str, str]) -> dict[str, str]:
    """A catalogue as it is spoken there: `instead` holds what must be said otherwise, and /help shows what can be chosen."""
    line = sentences["slash.line"]
    helps = {
        f"help.{name}": line.format(path=_both(path, sentences), about=about(name, sentences)) for name, path in PATHS.items()
    }
    return {**{key: spelled(sentence) for key, sentence in sentences.items()}, **instead, **helps}
