"""What people write, asked for by long poll: batch after batch, until a stop, through every failure of the line.

A batch is acknowledged by asking for the next one: what was handed on is not given again, but after a crash.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from telegram import Bot, Update
from telegram.error import Conflict, TelegramError

from bot.channels.telegram_outcomes import MALFORMED, detail, outcome
from bot.domain.deliveries import OutcomeKind, doubled

# What we act on, by the platform's names; chat_member is not among them, since rights are asked for when they matter.
KINDS = ("message", "channel_post", "callback_query", "my_chat_member")
POLL_S = 30
AGAIN_S, AGAIN_MOST_S = 1.0, 30.0
# Two pollers for a moment are a new release taking over; two for longer are two bots that both send.
CONFLICT_S = 60.0


class Trouble(StrEnum):
    """Why updates do not come; each is told once when it begins."""

    CONFLICT = "conflict"  # another process asks for them with our token
    UNREACHABLE = "unreachable"
    TOKEN_REFUSED = "token_refused"  # noqa: S105  (a reason, no secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A trouble that begins (`is_over` False) or ends. `detail` is the platform's text, without the token."""

    trouble: Trouble
    detail: str = ""
    is_over: bool = False


def update_of(told: dict[str, Any], bot: Bot) -> Update | None:
    """What the platform told, as the library's own object; None for what it cannot read, which nobody could act on."""
    try:
        return Update.de_json(told, bot)
    except MALFORMED:
        return None


class Updates:
    """Asks one bot's updates. `heard` is called when a trouble begins or ends."""

    def __init__(self, bot: Bot, *, token: str, heard: Callable[[Heard], None], patience_s: float = CONFLICT_S) -> None:
        self._bot, self._token, self._heard, self._patience_s = bot, token, heard, patience_s
        self._offset: int | None = None
        self._trouble: Trouble | None = None
        self._failures = 0
        self._conflict_since: float | None = None

    async def poll(self, stop: asyncio.Event, take: Callable[[Update], Awaitable[None]]) -> Trouble | None:
        """Hand every update to `take`, in order, until `stop`; returns why it gave up, None if it was told to stop.

        It gives up where asking again is of no use: the token is refused, or another process goes on asking with it.
        """
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                asking = asyncio.create_task(self._ask(POLL_S))
                await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not asking.done():
                    asking.cancel()
                    await asyncio.gather(asking, return_exceptions=True)
                    break
                found = asking.result()
                if isinstance(found, Trouble):
                    return found
                for update in found:
                    await take(update)
                if self._failures:
                    await asyncio.wait({stopped}, timeout=doubled(AGAIN_S, self._failures, AGAIN_MOST_S))
        finally:
            stopped.cancel()
        await self._acknowledge()
        return None

    async def _ask(self, timeout_s: int) -> tuple[Update, ...] | Trouble:
        try:
            found = await self._bot.get_updates(offset=self._offset, timeout=timeout_s, allowed_updates=KINDS, limit=100)
        except (TelegramError, TimeoutError, *MALFORMED) as error:
            return self._failed(error)
        self._failures, self._conflict_since = 0, None
        self._tell(None)
        if found:
            self._offset = found[-1].update_id + 1
        return found

    def _failed(self, error: Exception) -> tuple[Update, ...] | Trouble:
        self._failures += 1
        if isinstance(error, Conflict):
            now = time.monotonic()
            self._conflict_since = self._conflict_since or now
            self._tell(Trouble.CONFLICT, error)
            return Trouble.CONFLICT if now - self._conflict_since >= self._patience_s else ()
        self._conflict_since = None
        if outcome(error, token=self._token).kind is OutcomeKind.STOP:
            self._tell(Trouble.TOKEN_REFUSED, error)
            return Trouble.TOKEN_REFUSED
        self._tell(Trouble.UNREACHABLE, error)
        return ()

    def _tell(self, trouble: Trouble | None, error: Exception | None = None) -> None:
        if trouble is self._trouble:
            return
        if self._trouble is not None:
            self._heard(Heard(trouble=self._trouble, is_over=True))
        self._trouble = trouble
        if trouble is not None:
            self._heard(Heard(trouble=trouble, detail=detail(error, token=self._token) if error else ""))

    async def _acknowledge(self) -> None:
        """Say what we have, so that the next process does not get it again; it only costs a repeat if this fails."""
        if self._offset is None:
            return
        try:
            async with asyncio.timeout(5.0):
                await self._bot.get_updates(offset=self._offset, timeout=0, limit=1, allowed_updates=KINDS)
        except (TelegramError, TimeoutError, *MALFORMED):
            return
