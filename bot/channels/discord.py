"""Discord's sending half: REST alone, no gateway. Its rate limits are left to discord.py; only long waits come to us.

One bot a process: discord.py keeps the address of the API in a class.

payload -> (plain?) -> guard -> halts -> discord.py (waits for its buckets, tries again under one nonce) -> Outcome
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

import aiohttp
import discord
from discord.http import Route

from bot import guard
from bot.channels import discord_outcomes, discord_parts
from bot.channels.discord_flight import Flight, flight, rest_client, traced
from bot.channels.discord_refusals import Refusals
from bot.channels.discord_sending import Sending
from bot.channels.discord_wire import Wire
from bot.channels.pace import Limit, Limits
from bot.domain.deliveries import FRESH, Cause, Outcome, OutcomeKind, Past
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.ports import Delivered, Part

NAME = "Discord"
# The nonce is known again "within the past few minutes": two of them are surely a few.
RESEND_FOR = timedelta(minutes=2)


class HaltingPace(Protocol):
    """What is needed of a pace here: chats that must wait, and the limit over all requests. All else is discord.py's."""

    def ready_in(self, chat: str) -> float: ...

    def halt(self, chat: str, seconds: float) -> None: ...

    async def turn(self, chat: str, *, is_answer: bool = False) -> float: ...


# Discord takes 50 requests in a second from a bot; what is answered to interactions does not count.
REQUESTS = Limits(overall=Limit(most=45, seconds=1.0))


class Discord:
    """A `Channel`. Build it, `open` it, then send; `open` may be called again, and does everything anew."""

    name = "discord"
    resend_for = RESEND_FOR
    takes_presses = True
    shows_cards = True

    def __init__(self, token: str, api_url: str, *, pace: HaltingPace, timeout_s: float = 60.0) -> None:
        self._token, self._api_url = token, api_url.rstrip("/")
        self._pace, self._timeout_s = pace, timeout_s
        self._refusals = Refusals()
        self._client: discord.Client | None = None
        self._sending: Sending | None = None

    def render(self, message: Message) -> tuple[Part, ...]:
        """Text of at most 2,000 characters in Discord's Markdown, a card as an embed, buttons below them."""
        return discord_parts.parts(message)

    async def open(self) -> None:
        """Log in over REST. Raises TokenRefused, or PlatformUnreachable for whatever else keeps us out."""
        guard.require_no_transaction("logging in to Discord")
        await self.close()
        Route.BASE = self._api_url
        self._client = client = rest_client(self._refusals)
        self._sending = Sending(Wire(client, self._pace))
        try:
            async with asyncio.timeout(self._timeout_s):
                await client.login(self._token)
        except discord.LoginFailure as error:
            await self.close()
            raise TokenRefused(NAME, "DISCORD_BOT_TOKEN") from error
        except discord_outcomes.ERRORS as error:
            await self.close()
            raise PlatformUnreachable(NAME, discord_outcomes.detail(error, token=self._token)) from error

    @property
    def bot_id(self) -> str:
        """The bot's own id as a user; "" before it is open."""
        return str(self._client.user.id) if self._client is not None and self._client.user else ""

    @property
    def application_id(self) -> int | None:
        """The id under which commands are registered; None before it is open."""
        return self._client.application_id if self._client is not None else None

    @property
    def trace(self) -> aiohttp.TraceConfig:
        """For another client of the same bot, so that what Discord refuses it is counted too."""
        return traced(self._refusals)

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Nothing: discord.py learns from each answer what it may still send."""

    def ready_in(self, address: Address) -> float:
        """As long as Discord asked us to wait with this channel, or with all of them after too many refusals."""
        return max(self._pace.ready_in(address.chat), self._refusals.wait_s(time.monotonic()))

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """Send one part under `key`, at most 25 characters, as its nonce: Discord shows it once, however often we try.

        discord.py always asks for the nonce to be enforced. Within one call it tries 500, 502, 504, 524 and short 429 again
        by itself, under the same nonce: harmless, and part of `timeout_s`. All other retries are the ledger's.
        """
        if not is_answer and (wait_s := self._refusals.wait_s(time.monotonic())) > 0:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=wait_s, detail="too many refusals lately")
        call = Flight(chat=address.chat, is_answer=is_answer)
        return await self._tried(address, lambda sending: sending.put(address, part, key, past, is_plain=is_plain), call)

    async def probe(self, address: Address) -> Outcome:
        """Show "is typing" for some seconds, which needs the same rights as a message.

        An archived thread is open: a message takes it out of the archive unless it is locked.
        """
        return await self._tried(address, lambda sending: sending.probe(address), Flight(chat=address.chat))

    def private(self, person: str) -> Address:
        """Direct messages with a user; `@` tells the user's id from that of a channel, which a first message makes."""
        return Address(platform=self.name, chat=f"@{person}")

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client, self._sending = self._client, None, None
        if client is not None:
            await client.close()

    async def _tried(self, address: Address, doing: Callable[[Sending], Awaitable[Outcome]], call: Flight) -> Outcome:
        guard.require_no_transaction("sending to Discord")
        if self._client is None or self._sending is None:
            raise RuntimeError("Discord is not open")
        if (wait_s := self._pace.ready_in(address.chat)) > 0:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=wait_s)
        outcome = await self._timed(self._client, doing(self._sending), call, is_in_thread=bool(address.thread))
        if outcome.kind is OutcomeKind.WAIT:
            self._pace.halt(address.chat, outcome.after_s)
        return outcome

    async def _timed(self, client: discord.Client, doing: Awaitable[Outcome], call: Flight, *, is_in_thread: bool) -> Outcome:
        """The outcome within our own time-out: aiohttp's is five minutes, and discord.py may wait on top of it."""
        mark = flight.set(call)
        clock = asyncio.timeout(self._timeout_s)
        try:
            async with clock:
                return await doing
        except discord_outcomes.ERRORS as error:
            if not clock.expired():
                return call.judged(discord_outcomes.outcome(error, token=self._token, is_in_thread=is_in_thread))
            # discord.py opens this gate only at the end of a wait for everybody. Cut short, nothing would ever leave again.
            client.http._global_over.set()
            return call.cut_short(self._timeout_s)
        finally:
            flight.reset(mark)
