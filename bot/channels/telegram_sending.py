"""One part as a message: its payload into what the library sends, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode

from bot.channels.telegram_text import plain
from bot.domain.deliveries import Outcome, OutcomeKind, Part
from bot.domain.subscriptions import Address

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a part looks like, and how it comes. In plain text nothing can be refused, so there is no keyboard either."""

    text: str
    parse_mode: str | None
    keyboard: InlineKeyboardMarkup | None
    is_silent: bool


def shape(part: Part, *, is_plain: bool = False) -> Shape:
    """A part as telegram_markup.py wrote it."""
    payload: dict[str, Any] = json.loads(part.payload)
    return Shape(
        text=plain(payload["html"]) if is_plain else payload["html"],
        parse_mode=None if is_plain else ParseMode.HTML,
        keyboard=None if is_plain else markup(payload.get("keyboard", ())),
        is_silent=payload.get("silent", False),
    )


def markup(rows: Sequence[Sequence[dict[str, str]]]) -> InlineKeyboardMarkup | None:
    """A keyboard as telegram_keyboard.py wrote it; None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def topic(address: Address) -> int | None:
    """The topic of an address."""
    return int(address.thread) if address.thread else None


async def sent(bot: Bot, address: Address, shaped: Shape, *, reply_to: int | None = None) -> Outcome:
    """Send it, once, whether or not what it replies to is still there. Raises the library's errors."""
    reply = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    message = await bot.send_message(
        chat_id=address.chat,
        text=shaped.text,
        parse_mode=shaped.parse_mode,
        link_preview_options=NO_PREVIEW,
        message_thread_id=topic(address),
        reply_markup=shaped.keyboard,
        reply_parameters=reply,
        disable_notification=shaped.is_silent or None,
    )
    return placed(address, message)


def placed(address: Address, message: Message) -> Outcome:
    """A topic that is gone may fall back to the chat itself (tdlib/telegram-bot-api#854): people see it, elsewhere.

    A reply outside of topics carries a thread that is none (tdlib/telegram-bot-api#447).
    """
    said = str(message.message_thread_id or "")
    thread = said if message.is_topic_message or said == address.thread else ""
    elsewhere = "" if thread == address.thread else f"asked for topic {address.thread or 'none'}, put into {thread or 'none'}"
    return Outcome(kind=OutcomeKind.SENT, platform_id=str(message.message_id), thread=thread, detail=elsewhere)


def _button(button: dict[str, str]) -> InlineKeyboardButton:
    return InlineKeyboardButton(button["text"], url=button.get("url"), callback_data=button.get("callback_data"))
