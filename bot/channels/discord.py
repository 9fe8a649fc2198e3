"""Discord's sending half: REST alone, no gateway. Its rate limits are left to discord.py; only long waits come to us.

One bot a process: discord.py keeps the address of the API in a class.

payload -> (plain?) -> guard -> halts -> discord.py (waits for its buckets, tries again under one nonce) -> Outcome
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Protocol

import aiohttp
import discord
from discord.http import Route

from bot import guard
from bot.channels import discord_markup, discord_outcomes
from bot.domain.deliveries import FRESH, Cause, Outcome, OutcomeKind, Past
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.ports import Delivered, Part

NAME = "Discord"
# The nonce is known again "within the past few minutes": two of them are surely a few.
RESEND_FOR = timedelta(minutes=2)
# The least that discord.py takes: it sits out shorter waits itself, and raises RateLimited for longer ones.
LONGEST_WAIT_S = 30.0


class HaltingPace(Protocol):
    """What is needed of a pace here: chats that must wait, and for how long. All else is left to discord.py."""

    def ready_in(self, chat: str) -> float: ...

    def halt(self, chat: str, seconds: float) -> None: ...


class Discord:
    """A `Channel`. Build it, `open` it, then send; `open` may be called again, and does everything anew."""

    name = "discord"
    resend_for = RESEND_FOR
    takes_presses = False
    shows_cards = False

    def __init__(self, token: str, api_url: str, *, pace: HaltingPace, timeout_s: float = 60.0) -> None:
        self._token, self._api_url = token, api_url.rstrip("/")
        self._pace, self._timeout_s = pace, timeout_s
        self._client: discord.Client | None = None

    def render(self, message: Message) -> tuple[Part, ...]:
        """Parts of at most 2,000 characters in Discord's Markdown; buttons that lead somewhere become links."""
        return discord_markup.parts(message)

    async def open(self) -> None:
        """Log in over REST. Raises TokenRefused, or PlatformUnreachable for whatever else keeps us out."""
        guard.require_no_transaction("logging in to Discord")
        await self.close()
        Route.BASE = self._api_url
        self._client = client = _client()
        try:
            async with asyncio.timeout(self._timeout_s):
                await client.login(self._token)
        except discord.LoginFailure as error:
            await self.close()
            raise TokenRefused(NAME, "DISCORD_BOT_TOKEN") from error
        except discord_outcomes.ERRORS as error:
            await self.close()
            raise PlatformUnreachable(NAME, discord_outcomes.detail(error, token=self._token)) from error

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """Nothing: discord.py learns from each answer what it may still send."""

    def ready_in(self, address: Address) -> float:
        """As long as Discord asked us to wait with this channel."""
        return self._pace.ready_in(address.chat)

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """Send one part under `key`, at most 25 characters, as its nonce: Discord shows it once, however often we try.

        discord.py always asks for the nonce to be enforced. Within one call it tries 500, 502, 504, 524 and short 429 again
        by itself, under the same nonce: harmless, and part of `timeout_s`. All other retries are the ledger's.
        """
        payload = json.loads(part.payload)
        content = discord_markup.plain(payload["content"]) if is_plain else str(payload["content"])

        async def sending(target: discord.PartialMessageable) -> Outcome:
            message = await target.send(
                content,
                nonce=key,
                suppress_embeds=True,
                silent=payload.get("silent", False),
                allowed_mentions=discord.AllowedMentions.none(),
            )
            return Outcome(kind=OutcomeKind.SENT, platform_id=str(message.id), thread=address.thread)

        return await self._tried(address, sending, "sending to Discord")

    async def probe(self, address: Address) -> Outcome:
        """Show "is typing" for some seconds, which needs the same rights as a message.

        An archived thread is open: a message takes it out of the archive unless it is locked.
        """

        async def typing(target: discord.PartialMessageable) -> Outcome:
            try:
                await target.typing()
            except discord.HTTPException as error:
                if error.code != discord_outcomes.ARCHIVED:
                    raise
            return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

        return await self._tried(address, typing, "probing Discord")

    def private(self, person: str) -> Address:
        """Direct messages with a user; `@` tells the user's id from that of a channel, which a first message makes."""
        return Address(platform=self.name, chat=f"@{person}")

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _tried(
        self, address: Address, doing: Callable[[discord.PartialMessageable], Awaitable[Outcome]], what: str
    ) -> Outcome:
        guard.require_no_transaction(what)
        client = self._require_open()
        target = client.get_partial_messageable(int(address.thread or address.chat))
        if (wait_s := self._pace.ready_in(address.chat)) > 0:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=wait_s)
        outcome = await self._timed(client, doing(target), is_in_thread=bool(address.thread))
        if outcome.kind is OutcomeKind.WAIT:
            self._pace.halt(address.chat, outcome.after_s)
        return outcome

    async def _timed(self, client: discord.Client, doing: Awaitable[Outcome], *, is_in_thread: bool) -> Outcome:
        """The outcome within our own time-out: aiohttp's is five minutes, and discord.py may wait on top of it."""
        flight = _Flight()
        mark = _flight.set(flight)
        clock = asyncio.timeout(self._timeout_s)
        try:
            async with clock:
                return await doing
        except discord_outcomes.ERRORS as error:
            if not clock.expired():
                return discord_outcomes.outcome(error, token=self._token, is_in_thread=is_in_thread)
            # discord.py opens this gate only at the end of a wait for everybody. Cut short, nothing would ever leave again.
            client.http._global_over.set()
            return flight.cut_short(self._timeout_s)
        finally:
            _flight.reset(mark)

    def _require_open(self) -> discord.Client:
        if self._client is None:
            raise RuntimeError("Discord is not open")
        return self._client


@dataclass(slots=True)
class _Flight:
    """How far the requests of one call came: whether the last was written, and what was answered to it."""

    is_written: bool = False
    status: int = 0

    def cut_short(self, timeout_s: float) -> Outcome:
        """What our time-out means: a message is in doubt only while a request that was written has no clear refusal."""
        detail = f"no answer within {timeout_s:g} s"
        if self.status == 429:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=LONGEST_WAIT_S, detail=detail)
        if self.status >= 500:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.PLATFORM_DOWN, detail=detail)
        if not self.is_written:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE, detail=detail)
        return Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER, detail=detail)


# aiohttp calls its trace in the task that sends; this is how it finds that task's flight.
_flight: ContextVar[_Flight] = ContextVar("paperboy_discord_flight")


async def _written(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestHeadersSentParams) -> None:
    if flight := _flight.get(None):
        flight.is_written, flight.status = True, 0


async def _answered(_: aiohttp.ClientSession, __: SimpleNamespace, answer: aiohttp.TraceRequestEndParams) -> None:
    if flight := _flight.get(None):
        flight.status = answer.response.status


def _client() -> discord.Client:
    """A client that never connects to the gateway, and says nothing of voices that it lacks or of whom it writes to."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("discord.http").setLevel(logging.ERROR)  # its warnings hold addresses; ours is the Outcome
    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_written)
    trace.on_request_end.append(_answered)
    return discord.Client(
        intents=discord.Intents(guilds=True), http_trace=trace, max_ratelimit_timeout=LONGEST_WAIT_S, max_messages=None
    )
