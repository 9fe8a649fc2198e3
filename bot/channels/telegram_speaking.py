"""Telegram's answering half: what a person who waits sees. Answers go before broadcasts, in the same pace.

What is refused for its markup is said once more in plain text within the same call: whoever waits has no ledger.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot import guard
from bot.channels.telegram_connection import NAME, Connection, Lane
from bot.channels.telegram_keyboard import keyboard
from bot.channels.telegram_outcomes import MALFORMED, detail
from bot.channels.telegram_sending import NO_PREVIEW, Shape, markup, placed, sent, shape, topic
from bot.channels.telegram_text import shortened
from bot.channels.telegram_wire import Throttled, TooLarge
from bot.domain.deliveries import Outcome, OutcomeKind, Part
from bot.domain.messages import Button
from bot.domain.subscriptions import Address
from bot.errors import BadFile, PlatformUnreachable

MOST_CAPTION = 1024
_AGAIN_S = 30.0


class Speaking:
    """Whatever shows something new in a chat counts as a message there; typing and taking away do not."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def private(self, person: str) -> Address:
        """A private chat has the number of its person."""
        return Address(platform="telegram", chat=person)

    async def say(self, address: Address, part: Part, *, reply_to: str = "") -> Outcome:
        """Send one part as an answer, below the message `reply_to` if that is there still."""
        guard.require_no_transaction("answering on Telegram")
        bot, below = self._connection.bot, int(reply_to) if reply_to else None
        return await self._shaped(address, part, lambda shaped: sent(bot, address, shaped, reply_to=below))

    async def edit(self, address: Address, message_id: str, part: Part) -> Outcome:
        """Put text and keyboard of `part` in the place of a message's; REFUSED if that is gone or too old: say it anew."""
        guard.require_no_transaction("editing on Telegram")
        bot, number = self._connection.bot, int(message_id)

        async def put(shaped: Shape) -> Outcome:
            await bot.edit_message_text(
                shaped.text,
                chat_id=address.chat,
                message_id=number,
                parse_mode=shaped.parse_mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=shaped.keyboard,
            )
            return Outcome(kind=OutcomeKind.SENT)

        return _there(await self._shaped(address, part, put), address, message_id)

    async def turn(self, address: Address, message_id: str, rows: tuple[tuple[Button, ...], ...]) -> Outcome:
        """Put these buttons below a message of ours, none for no rows; REFUSED if it is gone."""
        guard.require_no_transaction("turning a keyboard on Telegram")
        bot, number, below = self._connection.bot, int(message_id), markup(keyboard(rows))

        async def put() -> Outcome:
            await bot.edit_message_reply_markup(chat_id=address.chat, message_id=number, reply_markup=below)
            return Outcome(kind=OutcomeKind.SENT)

        return _there(await self._connection.asked(address.chat, put, Lane.ANSWER), address, message_id)

    async def delete(self, address: Address, message_id: str) -> Outcome:
        """Take a message of ours away, at once; SENT if it is gone, REFUSED if it is too old for that (48 hours)."""
        guard.require_no_transaction("deleting on Telegram")
        bot, number = self._connection.bot, int(message_id)

        async def put() -> Outcome:
            await bot.delete_message(address.chat, number)
            return Outcome(kind=OutcomeKind.SENT)

        return _there(await self._connection.asked(address.chat, put, Lane.ASIDE), address, message_id)

    async def upload(self, address: Address, name: str, content: bytes, caption: str = "") -> Outcome:
        """Send a file under a name; its caption is plain text, cut to 1,024 UTF-16 units."""
        guard.require_no_transaction("sending a file to Telegram")
        bot, said = self._connection.bot, shortened(caption, MOST_CAPTION) or None

        async def put() -> Outcome:
            message = await bot.send_document(
                address.chat, content, filename=name, caption=said, message_thread_id=topic(address)
            )
            return placed(address, message)

        return await self._connection.asked(address.chat, put, Lane.ANSWER)

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """A file that somebody sent; Telegram hands out 20 MB at most. Raises BadFile, and PlatformUnreachable."""
        guard.require_no_transaction("reading a file from Telegram")
        wire, token = self._connection.wire, self._connection.token
        try:
            async with asyncio.timeout(self._connection.timeouts.whole_s):
                return await wire.fetched(await self._address_of(file_id, most_bytes), most_bytes)
        except TooLarge:
            raise BadFile("file", f"larger than {most_bytes:,} bytes") from None
        except BadRequest as error:
            raise BadFile("file", f"Telegram does not hand it out ({detail(error, token=token)})") from None
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            after_s = error.after_s if isinstance(error, Throttled) else _AGAIN_S
            raise PlatformUnreachable(NAME, detail(error, token=token), after_s=after_s) from None

    async def typing(self, address: Address) -> Outcome:
        """Type for some seconds, where the bot would write; it counts for nothing and waits for nobody."""
        guard.require_no_transaction("typing on Telegram")
        bot = self._connection.bot

        async def put() -> Outcome:
            await bot.send_chat_action(address.chat, ChatAction.TYPING, message_thread_id=topic(address))
            return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

        return await self._connection.asked(address.chat, put, Lane.ASIDE)

    async def _address_of(self, file_id: str, most_bytes: int) -> str:
        bot = self._connection.bot
        file = await bot.get_file(file_id)
        if (file.file_size or 0) > most_bytes:
            raise TooLarge
        address = file.file_path or ""
        if not address.startswith(f"{bot.base_file_url}/"):
            raise BadFile("file", "the Bot API server keeps it on its own disk (it runs with --local)")
        return address

    async def _shaped(self, address: Address, part: Part, act: Callable[[Shape], Awaitable[Outcome]]) -> Outcome:
        """Do it with the part's markup, and where that is refused once more without."""
        found = await self._connection.asked(address.chat, lambda: act(shape(part)), Lane.ANSWER)
        if found.kind is not OutcomeKind.PLAIN:
            return found
        return await self._connection.asked(address.chat, lambda: act(shape(part, is_plain=True)), Lane.ANSWER)


def _there(found: Outcome, address: Address, message_id: str) -> Outcome:
    """The same with the place of the message, where it looks now as it should."""
    is_done = found.kind is OutcomeKind.SENT
    return replace(found, platform_id=message_id, thread=address.thread) if is_done else found
