"""Every error that the library or its HTTP client knows has its row, and the row that is meant."""

import inspect
import warnings
from collections.abc import Iterator

import httpx
import pytest
from telegram import error as errors

from bot.channels import telegram_wire
from bot.channels.telegram_outcomes import MOST_DETAIL, NOT_SENT, PERHAPS_SENT, TABLE, outcome
from bot.domain.deliveries import Cause, OutcomeKind

TOKEN = "123456789:AAE-secret"
NOT_MODIFIED = (
    "Message is not modified: specified new message content and reply markup are exactly the same as a current content and "
    "reply markup of the message"
)
UNSURE, AGAIN = OutcomeKind.UNSURE, OutcomeKind.AGAIN


def classes(module: object, root: type[Exception]) -> Iterator[type[Exception]]:
    """What the module itself defines."""
    for _, each in inspect.getmembers(module, inspect.isclass):
        if issubclass(each, root):
            yield each


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("error", [*classes(errors, errors.TelegramError), *classes(telegram_wire, errors.TelegramError)])
def test_every_error_of_the_library_has_a_row_of_its_own(error: type[Exception]) -> None:
    assert any(row.error is error for row in TABLE)


@pytest.mark.parametrize("cause", [each for each in classes(httpx, httpx.HTTPError) if not each.__subclasses__()])
def test_every_error_of_the_http_client_is_named(cause: type[Exception]) -> None:
    if cause is not httpx.HTTPStatusError:  # raised by `raise_for_status` alone, which nobody calls here
        assert (cause in NOT_SENT) != (cause in PERHAPS_SENT)


@pytest.mark.parametrize("cause", [*NOT_SENT, *PERHAPS_SENT, RuntimeError, OSError])
def test_only_what_never_had_a_connection_is_surely_not_sent(cause: type[Exception]) -> None:
    is_safe = cause in NOT_SENT
    for error in (errors.NetworkError("httpx: it failed"), errors.TimedOut()):
        found = outcome(caused(error, cause("why")), token=TOKEN)
        assert (found.kind, found.cause) == ((AGAIN, Cause.UNREACHABLE) if is_safe else (UNSURE, Cause.NO_ANSWER))
        assert cause.__name__ in found.detail


SUSPENDING = [
    (403, "Forbidden: bot was blocked by the user", Cause.BLOCKED),
    (403, "Forbidden: bot can't initiate conversation with a user", Cause.BLOCKED),
    (403, "Forbidden: user is deactivated", Cause.DEACTIVATED),
    (403, "Forbidden: bot was kicked from the group chat", Cause.KICKED),
    (403, "Forbidden: bot was kicked from the supergroup chat", Cause.KICKED),
    (403, "Forbidden: bot was kicked from the channel chat", Cause.KICKED),
    (403, "Forbidden: bot is not a member of the channel chat", Cause.KICKED),
    (403, "Forbidden: the group chat was deleted", Cause.CHAT_GONE),
    (400, "Bad Request: chat not found", Cause.CHAT_GONE),
    (400, "Bad Request: message thread not found", Cause.TOPIC_GONE),
    (400, "Bad Request: TOPIC_CLOSED", Cause.TOPIC_CLOSED),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", Cause.NO_PERMISSION),
    (400, "Bad Request: have no rights to send a message", Cause.NO_PERMISSION),
    (400, "Bad Request: not enough rights to send text messages to the chat", Cause.NO_PERMISSION),
    (400, "Bad Request: need administrator rights in the channel chat", Cause.NO_PERMISSION),
]


@pytest.mark.parametrize(("status", "said", "cause"), SUSPENDING)
def test_what_closes_a_destination_is_known_by_its_words(status: int, said: str, cause: Cause) -> None:
    for text in (said, said.upper(), said.lower()):
        error = errors.Forbidden(text) if status == 403 else errors.BadRequest(text)
        found = outcome(error, token=TOKEN)
        assert (found.kind, found.cause) == (OutcomeKind.SUSPEND, cause)


@pytest.mark.parametrize("said", ["Bad Request: something new", "Forbidden: bots can't send messages to bots", "PEER_FLOOD", ""])
@pytest.mark.parametrize("kind", [errors.BadRequest, errors.Forbidden])
def test_a_refusal_that_no_row_names_never_closes_a_destination(said: str, kind: type[errors.TelegramError]) -> None:
    found = outcome(kind(said), token=TOKEN)
    assert (found.kind, found.cause) == (OutcomeKind.REFUSED, Cause.REFUSED)


@pytest.mark.parametrize(
    ("error", "kind", "cause"),
    [
        (errors.BadRequest(NOT_MODIFIED), OutcomeKind.SENT, None),
        (errors.BadRequest("Message to delete not found"), OutcomeKind.SENT, None),
        (errors.BadRequest("Message can't be deleted"), OutcomeKind.REFUSED, Cause.REFUSED),
        (errors.BadRequest("Message to edit not found"), OutcomeKind.REFUSED, Cause.REFUSED),
        (errors.BadRequest("Message can't be edited"), OutcomeKind.REFUSED, Cause.REFUSED),
        (errors.BadRequest("Message to be replied not found"), OutcomeKind.REFUSED, Cause.REFUSED),
        (errors.BadRequest("Bad Request: message is too long"), OutcomeKind.PLAIN, Cause.TOO_LONG),
        (errors.BadRequest("Bad Request: can't parse entities: Unsupported start tag"), OutcomeKind.PLAIN, Cause.MARKUP_REFUSED),
        (errors.BadRequest("Bad Request: BUTTON_DATA_INVALID"), OutcomeKind.PLAIN, Cause.MARKUP_REFUSED),
        (errors.InvalidToken("Unauthorized"), OutcomeKind.STOP, Cause.TOKEN_REFUSED),
        (errors.Conflict("terminated by other getUpdates request"), AGAIN, Cause.REFUSED),
        (errors.NetworkError("Request Entity Too Large"), OutcomeKind.REFUSED, Cause.REFUSED),
        (telegram_wire.ServerFailed("Bad Gateway"), AGAIN, Cause.PLATFORM_DOWN),
        (telegram_wire.NotTelegram("HTTP 302"), AGAIN, Cause.UNREACHABLE),
        (telegram_wire.BrokenAnswer("HTTP 200"), UNSURE, Cause.NO_ANSWER),
        (TimeoutError(), UNSURE, Cause.NO_ANSWER),
        (KeyError("message_id"), UNSURE, Cause.NO_ANSWER),
    ],
)
def test_other_errors_mean_what_the_table_says(error: Exception, kind: OutcomeKind, cause: Cause | None) -> None:
    found = outcome(error, token=TOKEN)
    assert (found.kind, found.cause) == (kind, cause)


def test_a_move_and_a_wait_carry_their_numbers() -> None:
    assert outcome(errors.ChatMigrated(-1005), token=TOKEN).moved_to == "-1005"
    assert outcome(telegram_wire.Throttled("wait", 43_200.0), token=TOKEN).after_s == 43_200.0


@pytest.mark.parametrize("setting", ["1", ""])
def test_a_wait_is_read_in_both_modes_of_the_library(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", setting)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert outcome(errors.RetryAfter(7), token=TOKEN).after_s == 7.0


def test_the_detail_is_short_and_without_the_token() -> None:
    cause = httpx.InvalidURL(f"http://x/bot{TOKEN}/sendMessage")
    error = caused(
        errors.NetworkError(f"Unknown error in HTTP implementation: {cause!r} 123456789%3AAAE-secret" + "a" * 500), cause
    )
    found = outcome(error, token=TOKEN).detail
    assert "secret" not in found
    assert len(found) == MOST_DETAIL


def test_what_is_no_error_of_sending_rises() -> None:
    with pytest.raises(ZeroDivisionError):
        outcome(ZeroDivisionError(), token=TOKEN)
