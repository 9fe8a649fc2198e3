"""What Telegram's apps make of what people type, and who hears it."""

import re
from typing import Any

from tests.fakes.telegram_html import MOST_UNITS, Entity, Parsed, understood, units
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_rooms import Room

_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?(?![\w/])")
_URL = re.compile(r"(?:https?://|(?<![\w@./])(?:[\w-]+\.)+(?:org|com|net|io|edu|dev)\b)[^\s<>\"]*", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w/])@[A-Za-z]\w{3,31}")
_HASHTAG = re.compile(r"(?<![\w/])#\w{1,256}")
_KINDS = (("bot_command", _COMMAND), ("url", _URL), ("mention", _MENTION), ("hashtag", _HASHTAG))


def typed(text: str, *, is_html: bool = False, most: int = MOST_UNITS) -> Parsed:
    """Text with its entities, in UTF-16 units. With `is_html` links and marks are written as HTML.

    Raises ValueError for what no app would send.
    """
    parsed = understood(text, "HTML", most=most) if is_html else Parsed(text=text.strip())
    if not 0 < units(parsed.text) <= most:
        raise ValueError(f"no app sends a text of {units(parsed.text)} units")
    taken = [(each.offset, each.offset + each.length) for each in parsed.entities if each.kind in ("text_link", "code", "pre")]
    found = list(parsed.entities)
    for kind, pattern in _KINDS:
        for match in pattern.finditer(parsed.text):
            first, last = units(parsed.text[: match.start()]), units(parsed.text[: match.end()])
            if all(last <= begin or end <= first for begin, end in taken):
                taken.append((first, last))
                found.append(Entity(kind=kind, offset=first, length=last - first))
    return Parsed(text=parsed.text, entities=tuple(sorted(found, key=lambda each: each.offset)))


def is_heard(posted: Posted, room: Room, bot: dict[str, Any]) -> bool:
    """Whether the platform tells the bot of it.

    In groups a bot hears services, replies to itself, commands (but for other bots') and mentions; as an administrator,
    or with its privacy mode off, it hears all.
    """
    own = room.member(bot)
    if room.kind == "private":
        return True
    if not own.is_in:
        return False
    hears_all = own.is_admin or bot.get("can_read_all_group_messages", False)
    if room.kind == "channel" or hears_all or posted.service or (posted.reply_to and posted.reply_to.is_bots):
        return True
    raw = posted.text.encode("utf-16-le")
    for each in posted.entities:
        word = raw[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le").lower()
        name = word.partition("@")[2]
        if (each.kind == "bot_command" and name in ("", bot["username"].lower())) or (
            each.kind == "mention" and name == bot["username"].lower()
        ):
            return True
    return False
