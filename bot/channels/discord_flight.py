"""How far the requests of one call came, and so what our own time-out means for a message."""

import logging
import time
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
import discord

from bot.channels.discord_outcomes import ServerFailed
from bot.channels.discord_refusals import Refusals
from bot.domain.deliveries import Cause, Outcome, OutcomeKind

# The least that discord.py takes: it sits out shorter waits itself, and raises RateLimited for longer ones.
LONGEST_WAIT_S = 30.0
_AGAIN = range(500, 600)


@dataclass(slots=True)
class Flight:
    """For which chat, and whether somebody waits there; and of the last request: whether it was written, what was answered.

    `is_showing`: people see what it does. `is_once`: nothing keeps what it shows from being shown twice, so that the library
    must not try again by itself.
    """

    chat: str = ""
    is_answer: bool = False
    is_showing: bool = False
    is_once: bool = False
    is_written: bool = False
    status: int = 0

    def begin(self, *, is_showing: bool = False, is_once: bool = False) -> None:
        """The next request."""
        self.is_showing, self.is_once, self.is_written, self.status = is_showing, is_once, False, 0

    def cut_short(self, timeout_s: float) -> Outcome:
        """What our time-out means: a message is in doubt only while a request that was written has no clear refusal."""
        detail = f"no answer within {timeout_s:g} s"
        if self.status == 429:
            return Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=LONGEST_WAIT_S, detail=detail)
        if self.status >= 500:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.PLATFORM_DOWN, detail=detail)
        if not self.is_written:
            return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE, detail=detail)
        return self.judged(Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER, detail=detail))

    def judged(self, found: Outcome) -> Outcome:
        """An outcome, of which there is no doubt if nothing was to be shown."""
        if found.kind is not OutcomeKind.UNSURE or self.is_showing:
            return found
        return Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE, detail=found.detail)


# aiohttp calls its trace in the task that sends; this is how it finds that task's flight.
flight: ContextVar[Flight | None] = ContextVar("paperboy_discord_flight", default=None)


def rest_client(refusals: Refusals) -> discord.Client:
    """A client that never connects to the gateway, and says nothing of voices that it lacks or of whom it writes to."""
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    logging.getLogger("discord.http").setLevel(logging.ERROR)  # its warnings hold addresses; ours is the Outcome
    return discord.Client(
        intents=discord.Intents(guilds=True),
        http_trace=traced(refusals),
        max_ratelimit_timeout=LONGEST_WAIT_S,
        max_messages=None,
    )


def traced(refusals: Refusals) -> aiohttp.TraceConfig:
    """What aiohttp tells of each request: to its flight, and to who counts refusals."""

    async def answered(_: aiohttp.ClientSession, __: SimpleNamespace, told: aiohttp.TraceRequestEndParams) -> None:
        status = told.response.status
        refusals.count(status, told.response.headers.get("X-RateLimit-Scope", ""), time.monotonic())
        if known := flight.get():
            known.status = status
            if known.is_once and status in _AGAIN:
                told.response.close()
                raise ServerFailed(status)

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(_written)
    trace.on_request_end.append(answered)
    return trace


async def _written(_: aiohttp.ClientSession, __: SimpleNamespace, ___: aiohttp.TraceRequestHeadersSentParams) -> None:
    if known := flight.get():
        known.is_written, known.status = True, 0
