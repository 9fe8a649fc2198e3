"""Telegram as a Channel and as a Speaker: one object for one token, so that all that is said goes in one pace.

    broadcasts: send ─┐
    answers: Speaking ┼─ Connection (pace -> Bot -> Outcome)
    rights: probe    ─┘

python-telegram-bot's `Bot` alone, which retries nothing here and paces nothing.
"""

from collections.abc import Sequence
from datetime import timedelta

from telegram import Bot

from bot import guard
from bot.channels.pace import Pace
from bot.channels.telegram_connection import USUAL, Connection, Lane
from bot.channels.telegram_connection import Timeouts as Timeouts
from bot.channels.telegram_markup import rendered
from bot.channels.telegram_rights import Rights
from bot.channels.telegram_sending import sent, shape
from bot.channels.telegram_speaking import Speaking
from bot.domain.deliveries import FRESH, Cause, Outcome, Past
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.ports import Delivered, Part


class Telegram(Speaking):
    """A Channel, and a Speaker. `open` it before anything is sent or asked."""

    name = "telegram"
    resend_for = timedelta(0)
    takes_presses = True
    shows_cards = False

    def __init__(self, token: str, api_url: str, *, pace: Pace, timeouts: Timeouts = USUAL) -> None:
        super().__init__(Connection(token, api_url, pace=pace, timeouts=timeouts))
        self._rights = Rights(self._connection)

    @property
    def bot(self) -> Bot:
        """The library's bot, for what handlers ask of it; initialized, so an Application does not ask again who it is.

        A new one after each `open`. RuntimeError before the first. An Application may shut it down: that closes nothing.
        """
        return self._connection.bot

    @property
    def username(self) -> str:
        """The bot's @name, without the sign; RuntimeError before `open`."""
        return self.bot.username

    @property
    def home(self) -> str:
        """The address of a chat with the bot; RuntimeError before `open`."""
        return f"https://t.me/{self.username}"

    def render(self, message: Message) -> tuple[Part, ...]:
        """Parts within Telegram's limits, with the papers that begin in each; pure."""
        return rendered(message)

    async def open(self) -> None:
        """Ask who the bot is. Raises TokenRefused, or PlatformUnreachable; safe to repeat."""
        guard.require_no_transaction("opening Telegram")
        await self._connection.open()

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Count what an earlier process sent in the last minute."""
        self._connection.pace.recall(attempts)

    def ready_in(self, address: Address) -> float:
        """Seconds until a broadcast to this chat may begin."""
        return self._connection.pace.ready_in(address.chat)

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """Send one part. Telegram knows no part again, so `key` is not used and an unsure one is never repeated here."""
        guard.require_no_transaction("sending to Telegram")
        bot, shaped, lane = self.bot, shape(part, is_plain=is_plain), Lane.ANSWER if is_answer else Lane.BROADCAST
        return await self._connection.asked(address.chat, lambda: sent(bot, address, shaped), lane)

    async def probe(self, address: Address) -> Outcome:
        """Whether the bot may write there: its own rights, and a sign of typing where somebody types."""
        return await self._rights.look(address, Lane.BROADCAST)

    async def lacking(self, address: Address) -> Cause | None:
        """The same for somebody who waits: what keeps the bot from writing there; None if nothing is known to."""
        return await self._rights.lacking(address)

    async def is_admin(self, chat: str, person: str) -> bool:
        """Whether a user may change the settings of a chat; asked anew after 20 s, False where it cannot be learnt."""
        return await self._rights.is_admin(chat, person)

    async def close(self) -> None:
        """Let go of connections; it may be opened again."""
        await self._connection.close()
