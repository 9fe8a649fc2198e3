"""One bot's connection to Telegram: opened and closed once for all who use it, and one way in which everything is asked.

lane of the pace -> Bot -> Wire (telegram_wire.py) -> an answer, or an error -> Outcome (telegram_outcomes.py)
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

import httpx
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.channels.pace import Pace
from bot.channels.telegram_outcomes import MALFORMED, detail, outcome
from bot.channels.telegram_readable import ReadableWire
from bot.channels.telegram_wire import Wire
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.errors import PlatformUnreachable, TokenRefused

NAME = "Telegram"
CONNECTIONS = 64
# Beside a question for updates there is one at most that acknowledges the last of them.
POLL_CONNECTIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """In seconds. `answer_s` holds for each read and write, so all of a request has its own."""

    connect_s: float = 10.0
    pool_s: float = 10.0
    answer_s: float = 30.0
    whole_s: float = 90.0  # within the lease of a part, which is two minutes


USUAL = Timeouts()


class Lane(StrEnum):
    """How something takes its turn."""

    BROADCAST = "broadcast"
    ANSWER = "answer"  # before broadcasts
    ASIDE = "aside"  # no message: it counts for no limit, and waits only where the platform told us to


class Connection:
    """A token and what it opens. `open` it before anything is asked."""

    def __init__(self, token: str, api_url: str, *, pace: Pace, timeouts: Timeouts) -> None:
        self.token, self.pace, self.timeouts = token, pace, timeouts
        self._api_url = api_url
        self._wires: tuple[Wire, ...] = ()
        self._bot: Bot | None = None

    @property
    def bot(self) -> Bot:
        """The library's bot, which knows who it is. RuntimeError before it is open."""
        if self._bot is None:
            raise RuntimeError("Telegram is not open")
        return self._bot

    @property
    def wire(self) -> Wire:
        """The requests of all but updates. RuntimeError before it is open."""
        if not self._wires:
            raise RuntimeError("Telegram is not open")
        return self._wires[0]

    async def open(self) -> None:
        """Ask who the bot is. Raises TokenRefused, or PlatformUnreachable; safe to repeat."""
        await self.close()
        try:
            self._wires = _wires(self.timeouts)
            # The error texts of both hold the token where it is refused: they go no further than this.
            bot = _bot(self.token, self._api_url, self._wires)
            async with asyncio.timeout(self.timeouts.whole_s):
                await bot.initialize()
            self._bot = bot
        except InvalidToken:
            await self.close()
            raise TokenRefused(NAME, "TELEGRAM_BOT_TOKEN") from None
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            await self.close()
            raise PlatformUnreachable(NAME, detail(error, token=self.token)) from None

    async def close(self) -> None:
        """Let go of connections; it may be opened again, and closed twice."""
        wires, self._wires, self._bot = self._wires, (), None
        for wire in wires:
            await wire.hang_up()

    async def asked(self, chat: str, ask: Callable[[], Awaitable[Outcome]], lane: Lane) -> Outcome:
        """Wait for the turn, ask, and make an outcome of whatever comes back."""
        is_aside = lane is Lane.ASIDE
        halted_s = self.pace.halted_s(chat) if is_aside else await self.pace.turn(chat, is_answer=lane is Lane.ANSWER)
        if halted_s > 0.0:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=halted_s, detail="halted after an earlier 429")
        try:
            async with asyncio.timeout(self.timeouts.whole_s):
                return await ask()
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            found = outcome(error, token=self.token)
        if found.kind is OutcomeKind.WAIT:
            self.pace.halt(chat, found.after_s)
        return found


def _wires(timeouts: Timeouts) -> tuple[Wire, Wire]:
    """For all that is asked, and for updates: their long polls would hold on to what sends. One TLS context for both."""
    verified = {"verify": httpx.create_ssl_context()}
    sending, polling = (
        kind(
            connection_pool_size=size,
            connect_timeout=timeouts.connect_s,
            pool_timeout=timeouts.pool_s,
            read_timeout=timeouts.answer_s,
            write_timeout=timeouts.answer_s,
            httpx_kwargs=verified,
        )
        for kind, size in ((Wire, CONNECTIONS), (ReadableWire, POLL_CONNECTIONS))
    )
    return sending, polling


def _bot(token: str, api_url: str, wires: tuple[Wire, ...]) -> Bot:
    sending, polling = wires
    return Bot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=sending,
        get_updates_request=polling,
    )
