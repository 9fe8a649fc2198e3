"""What each error on the way to Telegram means for the message that was being sent: one table, the first row that fits.

By class, by what caused it, and by the platform's words. Sources: the texts of TDLib and the Bot API server, and
python-telegram-bot 22.8, whose errors nest in surprising ways: BadRequest and TimedOut are NetworkErrors.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import httpx
from telegram import error as errors

from bot.channels.telegram_wire import BrokenAnswer, NotTelegram, ServerFailed, Throttled
from bot.domain.deliveries import Cause, Outcome, OutcomeKind

MOST_DETAIL = 200
_BLANK = "***"

# The connection was never there.
NOT_SENT: tuple[type[Exception], ...] = (
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
    *(httpx.ProxyError, httpx.UnsupportedProtocol, httpx.InvalidURL),
)
# The request was begun, and nobody knows how far it came. What the library wraps and no list names is taken for one of these.
PERHAPS_SENT: tuple[type[Exception], ...] = (
    *(httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.CloseError),
    *(httpx.LocalProtocolError, httpx.RemoteProtocolError, httpx.DecodingError, httpx.TooManyRedirects, Exception),
)
# What the library raises when it builds its objects of an answer that lacks something, or is dated in no year.
MALFORMED = (AttributeError, KeyError, OverflowError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`says` must stand in the platform's text, in lower case; the error's `__cause__` must be one of `because`, if any."""

    error: type[Exception]
    kind: OutcomeKind
    cause: Cause | None
    says: str = ""
    because: tuple[type[Exception], ...] = ()

    def fits(self, error: Exception) -> bool:
        """Whether this row is about it."""
        is_caused = not self.because or isinstance(error.__cause__, self.because)
        return isinstance(error, self.error) and is_caused and self.says in str(error).lower()


def _said(cause: Cause, *texts: str) -> tuple[Row, ...]:
    """Refusals that close the destination; capital-letter texts of the servers come as 400 where they mean 403."""
    classes = (errors.Forbidden, errors.BadRequest)
    return tuple(Row(error=each, says=text, kind=OutcomeKind.SUSPEND, cause=cause) for text in texts for each in classes)


def _plain(cause: Cause, *texts: str) -> tuple[Row, ...]:
    return tuple(Row(error=errors.BadRequest, says=text, kind=OutcomeKind.PLAIN, cause=cause) for text in texts)


def _any(kind: OutcomeKind, cause: Cause, *classes: type[Exception]) -> tuple[Row, ...]:
    return tuple(Row(error=each, kind=kind, cause=cause) for each in classes)


TABLE: tuple[Row, ...] = (
    # It looks already as it was to look, or is gone as it was to go.
    Row(error=errors.BadRequest, says="message is not modified", kind=OutcomeKind.SENT, cause=None),
    Row(error=errors.BadRequest, says="message to delete not found", kind=OutcomeKind.SENT, cause=None),
    # Whoever never wrote to the bot is like one who blocked it: both end with their /start.
    *_said(Cause.BLOCKED, "bot was blocked by the user", "bot can't initiate conversation with a user"),
    *_said(Cause.DEACTIVATED, "user is deactivated"),
    *_said(Cause.KICKED, "bot was kicked from the", "bot is not a member of the"),
    *_said(Cause.CHAT_GONE, "the group chat was deleted", "chat not found"),
    *_said(Cause.TOPIC_GONE, "message thread not found", "topic_deleted"),
    *_said(Cause.TOPIC_CLOSED, "topic_closed"),
    *_said(Cause.NO_PERMISSION, "chat_write_forbidden", "have no rights to send a message", "have no write access to the chat"),
    *_said(Cause.NO_PERMISSION, "not enough rights to send text messages to the chat"),
    *_said(Cause.NO_PERMISSION, "need administrator rights in the channel chat"),
    *_plain(Cause.TOO_LONG, "message is too long", "message_too_long"),
    *_plain(Cause.MARKUP_REFUSED, "can't parse entities", "can't parse inline keyboard", "can't parse reply keyboard markup"),
    *_plain(Cause.MARKUP_REFUSED, "button_data_invalid", "button_url_invalid", "inline keyboard button url"),
    # Any other 400 or 403 says nothing of the reader: it is recorded and tried later. So it is with messages of ours that are
    # gone or too old to be edited: whoever waits is told anew.
    *_any(OutcomeKind.REFUSED, Cause.REFUSED, errors.BadRequest, errors.Forbidden),
    *_any(OutcomeKind.WAIT, Cause.THROTTLED, Throttled, errors.RetryAfter),
    *_any(OutcomeKind.MOVED, Cause.MOVED, errors.ChatMigrated),
    # 401, and 404: a token that is wrong, or an address at which no Bot API is.
    *_any(OutcomeKind.STOP, Cause.TOKEN_REFUSED, errors.InvalidToken, errors.EndPointNotFound),
    *_any(OutcomeKind.AGAIN, Cause.REFUSED, errors.Conflict),
    *_any(OutcomeKind.AGAIN, Cause.PLATFORM_DOWN, ServerFailed),
    *_any(OutcomeKind.AGAIN, Cause.UNREACHABLE, NotTelegram),
    Row(error=errors.NetworkError, because=NOT_SENT, kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE),
    Row(error=errors.NetworkError, because=PERHAPS_SENT, kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER),
    *_any(OutcomeKind.UNSURE, Cause.NO_ANSWER, errors.TimedOut),
    # Without a cause it is an answer of Telegram, of a status that no other class is for.
    *_any(OutcomeKind.REFUSED, Cause.REFUSED, errors.NetworkError),
    *_any(OutcomeKind.UNSURE, Cause.NO_ANSWER, TimeoutError, BrokenAnswer, errors.PassportDecryptionError, *MALFORMED),
    *_any(OutcomeKind.UNSURE, Cause.NO_ANSWER, errors.TelegramError),
)


def outcome(error: Exception, *, token: str) -> Outcome:
    """What `error` means for what was sent. Whatever no row is about is a bug, and raised again."""
    row = next((row for row in TABLE if row.fits(error)), None)
    if row is None:
        raise error
    moved_to = str(error.new_chat_id) if isinstance(error, errors.ChatMigrated) else ""
    if row.kind is OutcomeKind.MOVED and not re.fullmatch(r"-\d{1,19}", moved_to):  # a group's id, or nothing that we know
        return Outcome(kind=OutcomeKind.REFUSED, cause=Cause.REFUSED, detail=detail(error, token=token))
    return Outcome(kind=row.kind, cause=row.cause, after_s=_after_s(error), moved_to=moved_to, detail=detail(error, token=token))


def detail(error: Exception, *, token: str) -> str:
    """What the platform said, or what went wrong on the way to it; never with the token."""
    said = str(error) or type(error).__name__
    name = type(error.__cause__).__name__ if error.__cause__ else ""
    text = said if name in said else f"{said} ({name})"
    for form in (token, quote(token, safe="")):
        text = text.replace(form, _BLANK)
    return text[:MOST_DETAIL]


def _after_s(error: Exception) -> float:
    if isinstance(error, Throttled):
        return error.after_s
    if isinstance(error, errors.RetryAfter):
        wait = error.retry_after
        return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
    return 0.0
