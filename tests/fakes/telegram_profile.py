"""What the fake Telegram tells of chats and members, and keeps of the bot: its commands, its texts, answers to taps."""

import json
import re
from typing import Any

from tests.fakes.telegram_chats import Refusal
from tests.fakes.telegram_ground import Ground, Toast
from tests.fakes.telegram_html import is_url, units
from tests.fakes.telegram_reading import Asked
from tests.fakes.telegram_rooms import ANONYMOUS, Member

_NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
TEXTS = {"name": 64, "description": 512, "short_description": 120}


def answer_query(ground: Ground, asked: Asked) -> bool:
    """A query can be answered once."""
    text = asked.params.get("text", "")
    if units(text) > 200:
        raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
    query = ground.queries.get(asked.params.get("callback_query_id", ""))
    is_late = query is None or query.is_expired or ground.limits.clock() - query.at > ground.answer_within_s
    if query is None or is_late or query.answered.done():
        raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    url = asked.params.get("url", "")
    if url and not (is_url(url) and url.startswith((f"https://t.me/{ground.bot['username']}?start=", "tg://"))):
        raise Refusal(400, "Bad Request: URL_INVALID")
    query.answered.set_result(Toast(text=text, is_alert=asked.is_so("show_alert"), url=url))
    return True


# Chats


def get_chat(ground: Ground, asked: Asked) -> dict[str, Any]:
    ground.chats.require_known(asked.chat)
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    return ground.chats.described(asked.chat) | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}


def get_member(ground: Ground, asked: Asked) -> dict[str, Any]:
    """Members that hide are told to administrators only; channels tell nobody else at all."""
    ground.chats.require_known(asked.chat)
    number = asked.params.get("user_id", "")
    if not number.isdecimal() or number == "0":
        raise Refusal(400, "Bad Request: invalid user_id specified")
    kind, own = ground.chats.kind(asked.chat), ground.chats.own(asked.chat)
    room = ground.chats.rooms.get(asked.chat)
    if int(number) == ground.bot["id"]:
        return own.described(kind)
    if room is None:
        return Member(user=_user(ground, int(number)), status="member").described(kind)
    if room.kind == "private":
        return Member(user=_user(ground, int(number)), status="member" if number == room.id else "left").described(kind)
    if (room.hides_members or room.kind == "channel") and not own.is_admin:
        raise Refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED")
    return room.member(_user(ground, int(number))).described(room.kind)


def _user(ground: Ground, number: int) -> dict[str, Any]:
    if number == ANONYMOUS["id"]:
        return ANONYMOUS
    known = ground.chats.rooms.get(str(number))
    if known is not None and known.user is not None:
        return {key: value for key, value in known.user.items() if key != "language_code"}
    if ground.chats.rooms:
        raise Refusal(400, "Bad Request: PARTICIPANT_ID_INVALID")
    return {"id": number, "is_bot": False, "first_name": "A reader"}


def get_admins(ground: Ground, asked: Asked) -> list[dict[str, Any]]:
    ground.chats.require_known(asked.chat)
    kind, room = ground.chats.kind(asked.chat), ground.chats.rooms.get(asked.chat)
    if kind == "private":
        raise Refusal(400, "Bad Request: there are no administrators in the private chat")
    own = ground.chats.own(asked.chat)
    if room is None:
        return [own.described(kind)] if own.is_admin else []
    if room.kind == "channel" and not own.is_admin:
        raise Refusal(400, "Bad Request: CHAT_ADMIN_REQUIRED")
    return [each.described(kind) for each in room.admins()]


def count_members(ground: Ground, asked: Asked) -> int:
    ground.chats.require_known(asked.chat)
    room = ground.chats.rooms.get(asked.chat)
    return 2 if room is None or room.kind == "private" else sum(each.is_in for each in room.members.values())


# Commands and texts of the bot


def _place(ground: Ground, asked: Asked) -> tuple[str, str]:
    """The scope as its kind and ids, and the language."""
    try:
        scope = json.loads(asked.params.get("scope") or '{"type": "default"}')
        kind = scope["type"]
        ids = [str(scope[name]) for name in SCOPES[kind]]
    except (KeyError, TypeError, ValueError):
        raise Refusal(400, "Bad Request: can't parse BotCommandScope: Unsupported type specified") from None
    for name in scope:
        if name not in ("type", *SCOPES[kind]):
            ground.oddities.append(f"a scope of kind {kind} has no {name}")
    if ids:
        ground.chats.require_known(ids[0])
        if ground.chats.kind(ids[0]) == "channel":
            raise Refusal(400, "Bad Request: can't change commands in channel chats")
    return ":".join([kind, *ids]), _language(asked)


def _language(asked: Asked) -> str:
    language = asked.params.get("language_code", "")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise Refusal(400, "Bad Request: invalid language code specified")
    return language


def set_commands(ground: Ground, asked: Asked) -> bool:
    place = _place(ground, asked)
    try:
        commands = [
            {"command": one["command"].removeprefix("/"), "description": one["description"].strip()}
            for one in json.loads(asked.params.get("commands", ""))
        ]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(400, "Bad Request: can't parse commands JSON object") from None
    if len(commands) > 100:
        raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _NAME.fullmatch(command["command"]):
            raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
        if not command["description"]:
            raise Refusal(400, "Bad Request: command description must be non-empty")
        if units(command["description"]) > 256:
            raise Refusal(400, "Bad Request: command description length must not exceed 256")
    ground.commands[place] = commands
    return True


def delete_commands(ground: Ground, asked: Asked) -> bool:
    ground.commands.pop(_place(ground, asked), None)
    return True


def get_commands(ground: Ground, asked: Asked) -> list[dict[str, str]]:
    return ground.commands.get(_place(ground, asked), [])


def set_text(ground: Ground, asked: Asked) -> bool:
    name = _text_name(asked)
    text = asked.params.get(name, "")
    if units(text) > TEXTS[name]:
        raise Refusal(400, f"Bad Request: bot {name.replace('_', ' ')} is too long")
    ground.profile[name, _language(asked)] = text
    return True


def get_text(ground: Ground, asked: Asked) -> dict[str, str]:
    name = _text_name(asked)
    otherwise = ground.profile.get((name, ""), ground.bot["first_name"] if name == "name" else "")
    return {name: ground.profile.get((name, _language(asked)), otherwise)}


def _text_name(asked: Asked) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", asked.method[len("setMy") :]).lower()
