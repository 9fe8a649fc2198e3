"""The commands as Discord is told of them, in each language that we speak and that Discord knows."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.words import languages, spelling, words
from handlers.discord.options import Kind, Option, Slash
from handlers.discord.table import GROUP, SLASHES

MANAGE_SERVER = "32"  # the permission of those for whom /papers is shown; whoever asks is checked all the same
TEXT, NEWS, PUBLIC_THREAD, FORUM = 0, 5, 11, 15  # the channels in which a digest can come
ON_SERVERS, ALONE = 0, 1  # contexts: a server, a direct message with the bot
_SUBCOMMAND = 1
_LOCALES = (
    *("id", "da", "de", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi"),
    *("tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko"),
)
"""Discord's languages but for English, which everybody sees who has none of ours (https://discord.com/developers/docs/reference)."""


def payload() -> list[dict[str, Any]]:
    """What is put in the place of all commands; a registration of each for servers and for direct messages."""
    grouped = [_leaf(slash, _SUBCOMMAND) for slash in SLASHES if slash.path[0] == GROUP and len(slash.path) > 1]
    group = {**_named(GROUP), "options": grouped, "default_member_permissions": MANAGE_SERVER, **_whole()}
    alone = [{**_leaf(slash), "default_member_permissions": None, **_whole()} for slash in SLASHES if len(slash.path) == 1]
    return [group, *alone]


def mark() -> str:
    """What changes when the list does."""
    said = json.dumps(payload(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _whole() -> Mapping[str, Any]:
    return {"contexts": [ON_SERVERS, ALONE], "integration_types": [0], "type": 1}


def _leaf(slash: Slash, kind: int | None = None) -> dict[str, Any]:
    options = [_option(option) for option in sorted(slash.options, key=lambda option: not option.is_required)]
    return {**_named(slash.name), "options": options, **({} if kind is None else {"type": kind})}


def _named(name: str) -> dict[str, Any]:
    about = _in_each(lambda language: spelling.about(name, words(language).sentences))
    return {
        "name": name,
        **_localized("name", f"slash.name.{name}"),
        "description": about.pop(""),
        "description_localizations": about,
    }


def _localized(field: str, key: str) -> dict[str, Any]:
    said = _in_each(lambda language: words(language)(key))
    return {field: said.pop(""), f"{field}_localizations": said}


def _in_each(say: Callable[[str], str]) -> dict[str, str]:
    """What is said to everybody, under "", and in each language of Discord's that is one of ours."""
    ours = [language for language in languages() if language != "en"]
    return {"": say("en"), **{locale: say(each) for each in ours for locale in _LOCALES if locale.partition("-")[0] == each}}


def _option(option: Option) -> dict[str, Any]:
    shown = {
        "type": int(option.kind),
        **_localized("name", f"option.name.{option.name}"),
        **_localized("description", option.about_key),
        "required": option.is_required,
    }
    match option.kind:
        case Kind.CHANNEL:
            return {**shown, "channel_types": [TEXT, NEWS, PUBLIC_THREAD, FORUM]}
        case Kind.INTEGER | Kind.NUMBER:
            return {**shown, "min_value": option.least, "max_value": option.most}
        case Kind.STRING if option.choices:
            return {**shown, "choices": _choices(option.choices)}
        case Kind.STRING:
            return {**shown, "max_length": option.most_chars, **({"autocomplete": True} if option.completes else {})}
    return shown


def _choices(values: Sequence[str]) -> list[dict[str, Any]]:
    return [{"value": value, **_localized("name", f"choice.{value}")} for value in values]
