"""Telegram's sending half: python-telegram-bot's `Bot` alone, which retries nothing here and paces nothing.

    pace -> Bot -> Wire (telegram_wire.py) -> an answer, or an error -> Outcome (telegram_outcomes.py)

Unconfirmed, since we could not ask the platform: that a chat action is refused wherever a message would be. TDLib asks for
the same access to the chat; a closed topic may be told by the message only, so its probe may succeed too early.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from telegram import Bot, ChatMember, ChatMemberAdministrator, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import InvalidToken, TelegramError

from bot import guard
from bot.channels.pace import Pace
from bot.channels.telegram_markup import rendered
from bot.channels.telegram_outcomes import MALFORMED, detail, outcome
from bot.channels.telegram_text import plain
from bot.channels.telegram_wire import Wire
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.ports import Delivered, Part

CONNECTIONS = 64
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """In seconds. `answer_s` holds for each read and write, so all of a request has its own."""

    connect_s: float = 10.0
    pool_s: float = 10.0
    answer_s: float = 30.0
    whole_s: float = 90.0  # within the lease of a part, which is two minutes


class Telegram:
    """A Channel. One object is one token; `open` it before the first `send`."""

    name = "telegram"
    resend_for = timedelta(0)

    def __init__(self, token: str, api_url: str, *, pace: Pace, timeouts: Timeouts = Timeouts()) -> None:
        self._token, self._api_url, self._pace, self._timeouts = token, api_url, pace, timeouts
        self._wire: Wire | None = None
        self._bot: Bot | None = None
        self._bot_id = 0

    def render(self, message: Message) -> tuple[Part, ...]:
        """Parts within Telegram's limits, with the papers that begin in each; pure."""
        return rendered(message)

    async def open(self) -> None:
        """Ask who the bot is. Raises TokenRefused, or PlatformUnreachable; safe to repeat."""
        guard.require_no_transaction("opening Telegram")
        await self.close()
        try:
            self._wire, self._bot = _built(self._token, self._api_url, self._timeouts)
            async with asyncio.timeout(self._timeouts.whole_s):
                self._bot_id = (await self._bot.get_me()).id
        except InvalidToken:
            await self.close()
            raise TokenRefused("Telegram", "TELEGRAM_BOT_TOKEN") from None  # the library's texts may hold it
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            await self.close()
            reason = detail(error, token=self._token)
            raise PlatformUnreachable("Telegram", reason) from None

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Count what an earlier process sent in the last minute."""
        self._pace.recall(attempts)

    def ready_in(self, address: Address) -> float:
        """Seconds until a broadcast to this chat may begin."""
        return self._pace.ready_in(address.chat)

    async def send(self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False) -> Outcome:
        """Send one part. Telegram knows no part again, so `key` is not used and an unsure one is never repeated here."""
        guard.require_no_transaction("sending to Telegram")
        payload = json.loads(part.payload)
        text = plain(payload["html"]) if is_plain else payload["html"]
        keyboard = None if is_plain else _keyboard(payload.get("keyboard", ()))
        bot, thread = self._require_bot(), int(address.thread) if address.thread else None

        async def say() -> Outcome:
            message = await bot.send_message(
                chat_id=address.chat,
                text=text,
                parse_mode=None if is_plain else ParseMode.HTML,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                message_thread_id=thread,
                reply_markup=keyboard,
            )
            return _sent(address, str(message.message_id), str(message.message_thread_id or ""))

        return await self._asked(address, say, is_answer=is_answer)

    async def probe(self, address: Address) -> Outcome:
        """Type for a moment, where the bot would write; in channels, where nobody types, look at its rights instead."""
        guard.require_no_transaction("probing Telegram")
        bot, thread = self._require_bot(), int(address.thread) if address.thread else None

        async def look() -> Outcome:
            if address.chat.startswith(("-100", "@")) and thread is None:
                may_post = await self._may_post(bot, address.chat)
                if may_post is not None:
                    cause = None if may_post else Cause.NO_PERMISSION
                    return Outcome(kind=OutcomeKind.SENT if may_post else OutcomeKind.SUSPEND, cause=cause)
            await bot.send_chat_action(address.chat, ChatAction.TYPING, message_thread_id=thread)
            return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

        found = await self._asked(address, look, is_answer=False)
        is_unsure = found.kind is OutcomeKind.UNSURE
        return replace(found, kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE) if is_unsure else found

    async def close(self) -> None:
        """Let go of connections; it may be opened again."""
        wire, self._wire, self._bot = self._wire, None, None
        if wire is not None:
            await wire.shutdown()

    async def _may_post(self, bot: Bot, chat: str) -> bool | None:
        """Whether the bot may post in this channel; None if it is no channel (ids do not tell), or not to be learnt."""
        try:
            member: ChatMember = await bot.get_chat_member(chat, self._bot_id)
        except MALFORMED:  # a server older than the library leaves rights out that the library wants
            return None
        return member.can_post_messages if isinstance(member, ChatMemberAdministrator) else None

    async def _asked(self, address: Address, ask: Callable[[], Awaitable[Outcome]], *, is_answer: bool) -> Outcome:
        """Wait for the pace, ask, and make an outcome of whatever comes back."""
        halted_s = await self._pace.turn(address.chat, is_answer=is_answer)
        if halted_s > 0.0:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=halted_s, detail="halted after an earlier 429")
        try:
            async with asyncio.timeout(self._timeouts.whole_s):
                return await ask()
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            found = outcome(error, token=self._token)
        if found.kind is OutcomeKind.WAIT:
            self._pace.halt(address.chat, found.after_s)
        return found

    def _require_bot(self) -> Bot:
        if self._bot is None:
            raise RuntimeError("Telegram is not open")
        return self._bot


def _built(token: str, api_url: str, timeouts: Timeouts) -> tuple[Wire, Bot]:
    wire = Wire(
        connection_pool_size=CONNECTIONS,
        connect_timeout=timeouts.connect_s,
        pool_timeout=timeouts.pool_s,
        read_timeout=timeouts.answer_s,
        write_timeout=timeouts.answer_s,
    )
    # Not `initialize`: its error text holds the token. The second request is for updates; making one costs a TLS context.
    return wire, Bot(token, base_url=f"{api_url}/bot", request=wire, get_updates_request=wire)


def _keyboard(rows: Sequence[Sequence[dict[str, str]]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: dict[str, str]) -> InlineKeyboardButton:
    return InlineKeyboardButton(button["text"], url=button.get("url"), callback_data=button.get("callback_data"))


def _sent(address: Address, message_id: str, thread: str) -> Outcome:
    """A topic that is gone may fall back to the chat itself (tdlib/telegram-bot-api#854): people see it, elsewhere."""
    elsewhere = "" if thread == address.thread else f"asked for topic {address.thread or 'none'}, put into {thread or 'none'}"
    return Outcome(kind=OutcomeKind.SENT, platform_id=message_id, thread=thread, detail=elsewhere)
