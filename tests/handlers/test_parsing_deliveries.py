"""What an operator types about deliveries is understood in each of its forms, or refused in one sentence."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.deliveries import PartState
from bot.domain.subscriptions import Address
from bot.errors import BadInput
from handlers import parsing_deliveries as parsing

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
NUMBERS = st.integers(min_value=1, max_value=10**18)


@given(chat=NUMBERS, is_group=st.booleans(), thread=st.none() | NUMBERS)
def test_a_telegram_chat_is_its_number_with_its_topic(chat: int, is_group: bool, thread: int | None) -> None:
    number = f"-{chat}" if is_group else str(chat)
    typed = f"Telegram:{number}" + (f"/{thread}" if thread else "")
    assert parsing.address(f" {typed} ") == Address(platform="telegram", chat=number, thread=str(thread or ""))


@given(chat=NUMBERS, thread=st.none() | NUMBERS)
def test_a_discord_channel_is_its_number_with_its_thread(chat: int, thread: int | None) -> None:
    typed = f"discord:{chat}" + (f"/{thread}" if thread else "")
    assert parsing.address(typed) == Address(platform="discord", chat=str(chat), thread=str(thread or ""))


def test_a_public_name_is_one_address_in_whichever_letters() -> None:
    assert parsing.address("telegram:@Daily_Papers") == parsing.address("telegram:@daily_papers")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "telegram:-100"),
        ("telegram", "telegram:-100"),
        ("telegram:", "telegram:-100"),
        ("telegram:somebody", "telegram:-100"),
        ("telegram:-0", "telegram:-100"),
        ("telegram:1/", "topic"),
        ("telegram:1/x", "topic"),
        ("telegram:1/2/3", "topic"),
        ("telegram: 1", "telegram:-100"),
        ("telegram:1\n2", "telegram:-100"),
        ("discord:-5", "channel"),
        ("discord:@name", "channel"),
        ("discord:٣", "channel"),
        ("console:chat", "telegram:-100"),
        ("-1001234567890", "telegram:-100"),
        ("whatsapp:1", "discord:1234567890"),
    ],
)
def test_what_is_no_address_is_refused_with_an_example(typed: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint) as caught:
        parsing.address(typed)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused(typed: str) -> None:
    with suppress(BadInput):
        found = parsing.address(typed)
        assert parsing.chat(f"{found.platform}:{found.chat}") == (found.platform, found.chat)


@pytest.mark.parametrize(
    ("typed", "chat"),
    [
        ("telegram:-1001234567890", ("telegram", "-1001234567890")),
        ("-1001234567890", (None, "-1001234567890")),
        ("@Daily", (None, "@daily")),
        ("console:chat", ("console", "chat")),
    ],
)
def test_a_chat_is_named_with_its_platform_or_alone(typed: str, chat: tuple[str | None, str]) -> None:
    assert parsing.chat(typed) == chat


@pytest.mark.parametrize("typed", ["", "telegram:", "matrix:1", ":1", "telegram:1/7", "1/7"])
def test_what_names_no_chat_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parsing.chat(typed)


@pytest.mark.parametrize("state", PartState)
def test_every_state_is_known_by_its_name(state: PartState) -> None:
    assert parsing.state(f" {state.upper()} ") is state


def test_an_unknown_state_is_refused_with_all_there_are() -> None:
    with pytest.raises(BadInput, match=", ".join(PartState)):
        parsing.state("lost")


@pytest.mark.parametrize(
    ("typed", "span"),
    [("2d", timedelta(days=2)), ("6H", timedelta(hours=6)), ("90m", timedelta(minutes=90)), ("3w", timedelta(weeks=3))],
)
def test_a_span_is_counted_back_from_now(typed: str, span: timedelta) -> None:
    assert parsing.since(typed, NOW) == NOW - span


@given(st.datetimes(timezones=st.just(UTC)), st.integers(min_value=-14, max_value=14))
def test_an_instant_is_the_same_in_every_offset(at: datetime, hours: int) -> None:
    assume(date(1, 1, 3) < at.date() < date(9999, 12, 29))
    local = at.astimezone(timezone(timedelta(hours=hours)))
    assert parsing.since(local.isoformat(), NOW) == at


@given(st.dates(min_value=date(1970, 1, 1)))
def test_a_day_begins_at_midnight_utc(day: date) -> None:
    assert parsing.since(day.isoformat(), NOW) == datetime(day.year, day.month, day.day, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "2y", "d", "-1d", "yesterday", "2026-13-01", "0001-01-01T00:00+14:00", "99999d"])
def test_what_is_no_time_is_refused_with_the_forms_there_are(typed: str) -> None:
    with pytest.raises(BadInput, match="2d, 6h, 2026-06-01 or"):
        parsing.since(typed, NOW)


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(BadInput, match="2026-06-01T08:00Z"):
        parsing.since("2026-06-01T08:00", NOW)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_time_or_refused(typed: str) -> None:
    with suppress(BadInput):
        assert parsing.since(typed, NOW).tzinfo is UTC
