"""What each error of Discord, discord.py and aiohttp means for a message: one table, read from the top, first match wins.

Codes and their wordings: discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes.
"""

from dataclasses import dataclass

import aiohttp
import discord

from bot.domain.deliveries import WAIT_MOST_S, Cause, Outcome, OutcomeKind

WAIT_S = 60.0  # where Discord says "later" without saying when; a ban of our address lasts minutes to an hour
DETAIL_CHARS = 200

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_TAG, TAG_REQUIRED = 10003, 10008, 10087, 40067
MISSING_ACCESS, NON_TEXT, MISSING_PERMISSIONS, OTHER_KIND, ARCHIVED = 50001, 50008, 50013, 50024, 50083
THREAD_EXISTS, LOCKED, MANY_THREADS = 160004, 160005, 160006

NOT_HERE = frozenset({NON_TEXT, OTHER_KIND})  # a channel of another kind than it was
TAG_PROBLEMS = frozenset({TAG_REQUIRED, UNKNOWN_TAG})
THREAD_CLOSED = frozenset({UNKNOWN_CHANNEL, MISSING_ACCESS, MISSING_PERMISSIONS, ARCHIVED, LOCKED})  # of a thread of ours

Wait, Again, Refused, Unsure = OutcomeKind.WAIT, OutcomeKind.AGAIN, OutcomeKind.REFUSED, OutcomeKind.UNSURE
Suspend, Plain, Stop = OutcomeKind.SUSPEND, OutcomeKind.PLAIN, OutcomeKind.STOP


@dataclass(frozen=True, slots=True)
class Row:
    """An error that fits all that is given, and what it means.

    `text` is enough where Discord gives no code (0); with both, a code of another number does not fit. `of_thread` is the
    cause where the message was for a thread.
    """

    error: type[BaseException]
    kind: OutcomeKind
    cause: Cause
    code: int | None = None
    text: str = ""
    statuses: range = range(1000)
    of_thread: Cause | None = None


def _coded(code: int, text: str, kind: OutcomeKind, cause: Cause, of_thread: Cause | None = None) -> Row:
    return Row(discord.HTTPException, kind, cause, code=code, text=text, of_thread=of_thread)


def _answered(first: int, last: int, kind: OutcomeKind, cause: Cause, text: str = "") -> Row:
    return Row(discord.HTTPException, kind, cause, statuses=range(first, last + 1), text=text)


class ServerFailed(aiohttp.ClientError):
    """A server's error as the answer to what must not be asked for again at once."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status} from a failing server")


# What catches an error of the library: its own, aiohttp's (it lets them through), and what it trips over when an answer
# with 200 is no message (an HTML page, other JSON, bytes that are no text).
ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError, TypeError, KeyError, ValueError)

TABLE: tuple[Row, ...] = (
    # Our token, whatever the status.
    _answered(401, 401, Stop, Cause.TOKEN_REFUSED),
    _coded(40001, "provide a valid token", Stop, Cause.TOKEN_REFUSED),
    _coded(50014, "invalid authentication token", Stop, Cause.TOKEN_REFUSED),
    Row(discord.LoginFailure, Stop, Cause.TOKEN_REFUSED),
    # Later. What discord.py waits out by itself never gets here.
    Row(discord.RateLimited, Wait, Cause.THROTTLED),
    _coded(20016, "slowmode rate limit", Wait, Cause.THROTTLED),
    _coded(20028, "channel you are writing has hit the write rate limit", Wait, Cause.THROTTLED),
    _coded(20029, "server has hit the write rate limit", Wait, Cause.THROTTLED),
    _coded(40003, "opening direct messages too fast", Wait, Cause.THROTTLED),
    _coded(40004, "send messages has been temporarily disabled", Wait, Cause.THROTTLED),
    _coded(40006, "feature has been temporarily disabled", Wait, Cause.THROTTLED),
    _coded(40062, "service resource is being rate limited", Wait, Cause.THROTTLED),
    _coded(130000, "resource is currently overloaded", Wait, Cause.THROTTLED),
    _answered(429, 429, Wait, Cause.THROTTLED),  # without Via: Cloudflare has banned our address for too many refusals
    _answered(400, 499, Wait, Cause.THROTTLED, "rate limited"),
    _coded(40333, "internal network error", Again, Cause.PLATFORM_DOWN),  # our User-Agent, or their proxy: no reader's fault
    # Places that are gone or closed.
    _coded(UNKNOWN_CHANNEL, "unknown channel", Suspend, Cause.CHANNEL_GONE, Cause.TOPIC_GONE),
    _coded(10004, "unknown guild", Suspend, Cause.SERVER_GONE),
    _coded(10013, "unknown user", Suspend, Cause.DEACTIVATED),
    _coded(MISSING_ACCESS, "missing access", Suspend, Cause.NO_PERMISSION),
    _coded(MISSING_PERMISSIONS, "missing permissions", Suspend, Cause.NO_PERMISSION),
    _coded(50009, "verification level for this channel is too high", Suspend, Cause.NO_PERMISSION),
    _coded(NON_TEXT, "non-text channel", Suspend, Cause.NO_PERMISSION),
    _coded(50007, "cannot send messages to this user", Suspend, Cause.NO_DIRECT_MESSAGES),
    _coded(50278, "no mutual guilds", Suspend, Cause.NO_DIRECT_MESSAGES),
    _coded(TAG_REQUIRED, "tag is required", Suspend, Cause.NO_PERMISSION),
    _coded(ARCHIVED, "thread is archived", Suspend, Cause.TOPIC_CLOSED),
    _coded(LOCKED, "thread is locked", Suspend, Cause.TOPIC_CLOSED),
    # Ours.
    _answered(400, 400, Plain, Cause.TOO_LONG, "or fewer in length"),
    _answered(413, 413, Plain, Cause.TOO_LONG),
    _coded(50035, "invalid form body", Plain, Cause.MARKUP_REFUSED),
    _coded(50006, "cannot send an empty message", Plain, Cause.MARKUP_REFUSED),
    _coded(50109, "invalid json", Plain, Cause.MARKUP_REFUSED),
    # All other answers: a failing server, and refusals for which no reader is to blame (never retried fast: each 403 counts).
    _answered(500, 999, Again, Cause.PLATFORM_DOWN),
    Row(discord.DiscordServerError, Again, Cause.PLATFORM_DOWN),
    Row(discord.Forbidden, Refused, Cause.REFUSED),
    Row(discord.NotFound, Refused, Cause.REFUSED),
    Row(discord.HTTPException, Refused, Cause.REFUSED),
    Row(ServerFailed, Again, Cause.PLATFORM_DOWN),  # and what was asked for is looked for before it is asked for again
    # No connection: nothing was sent.
    Row(aiohttp.ClientConnectorError, Again, Cause.UNREACHABLE),
    Row(aiohttp.ConnectionTimeoutError, Again, Cause.UNREACHABLE),
    Row(aiohttp.ServerFingerprintMismatch, Again, Cause.UNREACHABLE),
    Row(aiohttp.ClientHttpProxyError, Again, Cause.UNREACHABLE),
    Row(aiohttp.InvalidURL, Again, Cause.UNREACHABLE),
    Row(aiohttp.NonHttpUrlClientError, Again, Cause.UNREACHABLE),
    # A connection that broke, or an answer that nobody can read: perhaps it was shown.
    Row(aiohttp.RedirectClientError, Unsure, Cause.NO_ANSWER),
    Row(aiohttp.ClientOSError, Unsure, Cause.NO_ANSWER),
    Row(aiohttp.ServerConnectionError, Unsure, Cause.NO_ANSWER),
    Row(aiohttp.ClientConnectionError, Unsure, Cause.NO_ANSWER),
    Row(aiohttp.ClientResponseError, Unsure, Cause.NO_ANSWER),
    Row(aiohttp.ClientPayloadError, Unsure, Cause.NO_ANSWER),
    Row(TimeoutError, Unsure, Cause.NO_ANSWER),
    Row(OSError, Unsure, Cause.NO_ANSWER),
    Row(discord.InvalidData, Unsure, Cause.NO_ANSWER),
    Row(TypeError, Unsure, Cause.NO_ANSWER),
    Row(KeyError, Unsure, Cause.NO_ANSWER),
    Row(ValueError, Unsure, Cause.NO_ANSWER),
)

# Of the gateway, voice, interactions, web sockets and uploads, none of which sending a message touches. Should one come all
# the same, nobody knows what had been sent.
ELSEWHERE: tuple[type[BaseException], ...] = (
    discord.GatewayNotFound,
    discord.ConnectionClosed,
    discord.PrivilegedIntentsRequired,
    discord.InteractionResponded,
    discord.MissingApplicationID,
    discord.errors.FFmpegProcessError,
    aiohttp.WSMessageTypeError,
    aiohttp.client_exceptions.UploadAbortedError,
)
_NOBODY_KNOWS = Row(BaseException, Unsure, Cause.NO_ANSWER)


def outcome(error: BaseException, *, token: str, is_in_thread: bool = False) -> Outcome:
    """What `error` means for a message on its way to a channel, or to a thread of one."""
    code, status, text = _parts(error)
    row = next((row for row in TABLE if _fits(row, error, code, status, text)), _NOBODY_KNOWS)
    cause = row.of_thread if is_in_thread and row.of_thread else row.cause
    after_s = _after_s(error) if row.kind is Wait else 0.0
    return Outcome(kind=row.kind, cause=cause, after_s=after_s, detail=detail(error, token=token))


def code_of(error: BaseException) -> int:
    """Discord's own code; 0 where there is none."""
    return _parts(error)[0]


def is_no_thread(error: discord.HTTPException) -> bool:
    """Whether a message gets no thread, though its channel is there and may be written to."""
    if code_of(error) in (UNKNOWN_CHANNEL, MISSING_ACCESS):
        return False
    known = (UNKNOWN_MESSAGE, MISSING_PERMISSIONS, OTHER_KIND, MANY_THREADS)
    return code_of(error) in known or outcome(error, token="").kind in (Refused, Plain)


def detail(error: BaseException, *, token: str) -> str:
    """One line of the platform's own text, without the token."""
    code, status, text = _parts(error)
    if text.lstrip().startswith("<"):
        text = "an HTML page"
    said = " ".join(f"{status} {code} {text}".split()) if status else " ".join(str(error).split())
    said = said or type(error).__name__
    return (said.replace(token, "***") if token else said)[:DETAIL_CHARS]


def _parts(error: BaseException) -> tuple[int, int, str]:
    """Code, status and text of an answer; 0, 0 and nothing where none came. Foreign JSON may hold anything."""
    if not isinstance(error, discord.HTTPException):
        return 0, 0, ""
    said: object = error.code
    return said if isinstance(said, int) else 0, error.status, str(error.text or "")


def _fits(row: Row, error: BaseException, code: int, status: int, text: str) -> bool:
    if not isinstance(error, row.error) or (status and status not in row.statuses):
        return False
    is_said = row.text in text.lower()
    if row.code is None:
        return is_said
    return code == row.code or (code == 0 and is_said)


def _after_s(error: BaseException) -> float:
    if isinstance(error, discord.RateLimited):
        return min(error.retry_after, WAIT_MOST_S)
    asked = error.response.headers.get("Retry-After", "") if isinstance(error, discord.HTTPException) else ""
    return min(max(WAIT_S, float(asked)), WAIT_MOST_S) if asked.isdecimal() else WAIT_S
