"""What the fake Telegram takes below a message, and in which words it refuses the rest."""

import json
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram_chats import Refusal
from tests.fakes.telegram_html import is_url, units

_ACTIONS = ("url", "callback_data", "copy_text")  # of inline buttons; the others are not in the fake
_BUTTON = frozenset((*_ACTIONS, "text", "style", "icon_custom_emoji_id"))
_REPLY_BUTTON = frozenset(("text", "request_chat", "request_contact", "request_location", "style", "icon_custom_emoji_id"))
_REQUEST = frozenset(
    (
        *("request_id", "chat_is_channel", "chat_is_forum", "chat_has_username", "chat_is_created", "bot_is_member"),
        *("user_administrator_rights", "bot_administrator_rights", "request_title", "request_username", "request_photo"),
    )
)
_MARKUPS = {
    "inline_keyboard": frozenset(("inline_keyboard",)),
    "keyboard": frozenset(
        ("keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective")
    ),
    "remove_keyboard": frozenset(("remove_keyboard", "selective")),
    "force_reply": frozenset(("force_reply", "input_field_placeholder", "selective")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """`inline` stays below the message, `other` changes what the reader types with; `oddities` the platform does not know."""

    inline: dict[str, Any] | None = None
    other: dict[str, Any] | None = None
    oddities: tuple[str, ...] = ()


def check_keyboard(text: str) -> dict[str, Any] | None:
    """The inline keyboard of a message, as it is taken. Raises Refusal."""
    return check_markup(text).inline


def check_markup(text: str) -> Markup:
    """What is wanted below a message, as it is taken; nothing for an empty keyboard. Raises Refusal."""
    if not text:
        return Markup()
    try:
        said = json.loads(text)
        name = next((name for name in _MARKUPS if name in said), "")
        rows = said.get(name) if name in ("inline_keyboard", "keyboard") else []
        buttons = [{"text": button} if isinstance(button, str) else dict(button) for row in rows for button in row]
        labels = [str(button["text"]) for button in buttons]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Refusal(400, "Bad Request: can't parse reply keyboard markup JSON object") from None
    if not name:
        return Markup(oddities=(f"no markup: {text}",) if said else ())
    odd = [f"{name} has no {key}" for key in said if key not in _MARKUPS[name]]
    kind = "inline keyboard button" if name == "inline_keyboard" else "keyboard button"
    if any(not label.strip() for label in labels):
        raise Refusal(400, f"Bad Request: can't parse {kind}: Text buttons are unallowed in the inline keyboard")
    if len(buttons) > (100 if name == "inline_keyboard" else 300) or any(len(row) > (8, 12)[name == "keyboard"] for row in rows):
        raise Refusal(400, "Bad Request: reply markup is too long")
    for button in buttons:
        odd += _check_button(button) if name == "inline_keyboard" else _check_reply_button(button)
    if name != "inline_keyboard":
        if units(said.get("input_field_placeholder", "")) > 64:
            raise Refusal(400, "Bad Request: REPLY_MARKUP_PLACEHOLDER_INVALID")
        return Markup(other=said, oddities=tuple(odd))
    return Markup(inline={"inline_keyboard": [row for row in rows if row]} if buttons else None, oddities=tuple(odd))


def _check_button(button: dict[str, Any]) -> list[str]:
    if "url" in button:
        if not is_url(button["url"]):
            raise Refusal(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    elif "copy_text" in button:
        if not 1 <= units(str(button["copy_text"].get("text", ""))) <= 256:
            raise Refusal(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
    elif not 1 <= len(str(button.get("callback_data", "")).encode("utf-8", "replace")) <= 64:
        raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    odd = [f"an inline button has no {key}" for key in button if key not in _BUTTON]
    return odd + (["an inline button does one thing only"] if sum(key in button for key in _ACTIONS) > 1 else [])


def _check_reply_button(button: dict[str, Any]) -> list[str]:
    odd = [f"a button of a reply keyboard has no {key}" for key in button if key not in _REPLY_BUTTON]
    request = button.get("request_chat")
    if request is None:
        return odd
    if not isinstance(request.get("request_id"), int) or not isinstance(request.get("chat_is_channel"), bool):
        raise Refusal(400, "Bad Request: can't parse keyboard button: Can't find field \"request_id\"")
    user, bot = request.get("user_administrator_rights"), request.get("bot_administrator_rights")
    if bot and any(wanted and not (user or {}).get(name) for name, wanted in bot.items()):
        # "The rights must be a superset of bot_administrator_rights."
        raise Refusal(400, "Bad Request: KEYBOARD_BUTTON_RIGHTS_INVALID")
    return odd + [f"request_chat has no {key}" for key in request if key not in _REQUEST]
