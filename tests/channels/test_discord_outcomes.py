"""No error of Discord without an outcome, and each as platforms say it."""

import inspect
import math
from collections.abc import Iterator

import aiohttp
import discord
import pytest
from aiohttp import client_exceptions
from yarl import URL

from bot.channels.discord_outcomes import DETAIL_CHARS, ELSEWHERE, ERRORS, TABLE, Row, detail, outcome
from bot.domain.deliveries import Cause, OutcomeKind

# Roots: to map one would map all that nobody thought of.
ROOTS = {discord.DiscordException, discord.ClientException, aiohttp.ClientError}


def classes() -> Iterator[type[BaseException]]:
    for module in (discord.errors, client_exceptions):
        for _, found in inspect.getmembers(module, inspect.isclass):
            if issubclass(found, BaseException) and found.__module__ == module.__name__ and found not in ROOTS:
                yield found


class Answer:
    """As much of an answer as discord.py's errors look at."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        self.status, self.reason, self.headers, self.url = status, "", headers, URL("http://127.0.0.1/")


def an_error(status: int, body: object, **headers: str) -> discord.HTTPException:
    kind = {403: discord.Forbidden, 404: discord.NotFound}.get(status, discord.HTTPException)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return kind(Answer(status, named), body)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", tuple(classes()), ids=lambda error: error.__name__)
def test_every_error_has_a_row_of_its_own_or_of_a_named_parent(error: type[BaseException]) -> None:
    rows = [row.error for row in TABLE if not row.text and row.code is None]
    assert any(issubclass(error, known) for known in (*rows, *ELSEWHERE))
    assert issubclass(error, ERRORS)


def test_no_row_is_for_everything() -> None:
    assert not ROOTS & {row.error for row in TABLE}
    assert len({(row.error, row.code, row.text, row.statuses) for row in TABLE}) == len(TABLE)


TOO_LONG = {"content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 2000 or fewer in length."}]}}
CODED = [row for row in TABLE if row.code is not None]


@pytest.mark.parametrize("row", CODED, ids=lambda row: str(row.code))
@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_code_decides_whatever_the_status_and_its_text_where_there_is_none(row: Row, status: int) -> None:
    is_wait = status == 429 and row.kind is not OutcomeKind.STOP  # who is told to wait waits, whatever else is said
    for body in ({"code": row.code, "message": "in other words"}, {"code": 0, "message": row.text.upper()}):
        found = outcome(an_error(status, body), token="t")
        assert found.kind is (OutcomeKind.WAIT if is_wait else row.kind)


@pytest.mark.parametrize(
    ("status", "body", "kind", "cause"),
    [
        (400, {"code": 50035, "message": "Invalid Form Body", "errors": TOO_LONG}, OutcomeKind.PLAIN, Cause.TOO_LONG),
        (413, "", OutcomeKind.PLAIN, Cause.TOO_LONG),
        (400, {"code": 200000, "message": "Message was blocked by automatic moderation"}, OutcomeKind.REFUSED, Cause.REFUSED),
        (400, {"code": 99999, "message": "Unknown Channel, says somebody"}, OutcomeKind.REFUSED, Cause.REFUSED),
        (403, {"code": 40002, "message": "You need to verify your account"}, OutcomeKind.REFUSED, Cause.REFUSED),
        (404, {"code": 0, "message": "404: Not Found"}, OutcomeKind.REFUSED, Cause.REFUSED),
        (403, "<html>Error 1015: you are being Rate Limited</html>", OutcomeKind.WAIT, Cause.THROTTLED),
        (403, {"code": 40333, "message": "internal network error"}, OutcomeKind.AGAIN, Cause.PLATFORM_DOWN),
        (401, {"code": 0, "message": "401: Unauthorized"}, OutcomeKind.STOP, Cause.TOKEN_REFUSED),
        (503, {"code": 130000, "message": "API resource is currently overloaded"}, OutcomeKind.WAIT, Cause.THROTTLED),
        (504, "", OutcomeKind.AGAIN, Cause.PLATFORM_DOWN),
        (400, [1], OutcomeKind.REFUSED, Cause.REFUSED),
        (400, {"code": "x", "message": "?"}, OutcomeKind.REFUSED, Cause.REFUSED),
    ],
)  # fmt: skip
def test_answers_mean_what_they_mean(status: int, body: object, kind: OutcomeKind, cause: Cause) -> None:
    found = outcome(an_error(status, body), token="t")
    assert (found.kind, found.cause) == (kind, cause)


def test_doubt_always_has_the_cause_that_the_ledger_looks_for() -> None:
    assert {row.cause for row in TABLE if row.kind is OutcomeKind.UNSURE} == {Cause.NO_ANSWER}
    assert outcome(RuntimeError("?"), token="t").kind is OutcomeKind.UNSURE


def test_only_a_thread_that_is_gone_is_a_topic_that_is_gone() -> None:
    gone = an_error(404, {"code": 10003, "message": "Unknown Channel"})
    assert [outcome(gone, token="t", is_in_thread=each).cause for each in (False, True)] == [Cause.CHANNEL_GONE, Cause.TOPIC_GONE]


def test_wait_is_what_was_asked_and_never_shorter_than_a_minute_without_a_number() -> None:
    waits = [outcome(an_error(429, "", Retry_After=each), token="t").after_s for each in ("", "x", "5", "1200")]
    assert waits == [60.0, 60.0, 60.0, 1200.0]
    assert outcome(discord.RateLimited(43.5), token="t").after_s == 43.5


def test_nobody_is_made_to_wait_for_more_than_a_day() -> None:
    waits = [an_error(429, "", Retry_After="9" * 400), discord.RateLimited(math.inf), discord.RateLimited(1e308)]
    assert {outcome(each, token="t").after_s for each in waits} == {86_400.0}


def test_detail_is_short_and_one_line_and_without_the_token() -> None:
    told = detail(an_error(400, {"code": 7, "message": "bad\n secret " + "x" * 500}), token="secret")
    assert told.startswith("400 7 bad *** xxx")
    assert len(told) == DETAIL_CHARS
    assert detail(TimeoutError(), token="") == "TimeoutError"
