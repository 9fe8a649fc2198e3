"""arXiv's calendar: what is out, what comes next, and why a day is empty."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import (
    EASTERN,
    are_holidays_known,
    batch_days,
    batch_on,
    is_batch_day,
    next_batch_at,
    next_midnight_et,
    why_no_batch,
)
from bot.domain.intake import Why

instants = st.datetimes(min_value=datetime(2025, 12, 1), max_value=datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-06-02T15:00", date(2026, 6, 2)),
        ("2026-06-02T03:59", date(2026, 6, 1)),  # summer: midnight in New York is 04:00 UTC
        ("2026-06-02T04:00", date(2026, 6, 2)),
        ("2026-02-03T04:59", date(2026, 2, 2)),  # winter: 05:00 UTC
        ("2026-02-03T05:00", date(2026, 2, 3)),
        ("2026-06-06T12:00", date(2026, 6, 5)),  # Saturday: Friday's is still the newest
        ("2026-06-08T03:00", date(2026, 6, 5)),  # Sunday night
        ("2026-06-22T12:00", date(2026, 6, 19)),  # the Monday after Juneteenth
        ("2026-06-23T12:00", date(2026, 6, 23)),
        ("2026-12-30T12:00", date(2026, 12, 29)),
        ("2027-01-01T12:00", date(2026, 12, 31)),
    ],
)
def test_newest_batch_is_that_of_the_feeds(now: str, expected: date) -> None:
    assert batch_on(utc(now)) == expected


@pytest.mark.parametrize(
    ("holiday", "missing"),
    [
        ("2026-01-01", "2026-01-02"),
        ("2026-01-19", "2026-01-20"),
        ("2026-06-19", "2026-06-22"),
        ("2026-07-03", "2026-07-06"),
        ("2026-09-07", "2026-09-08"),
        ("2026-11-26", "2026-11-27"),
        ("2026-12-25", "2026-12-28"),
        ("2026-12-29", "2026-12-30"),
        ("2026-12-31", "2027-01-01"),
    ],
)
def test_a_holiday_takes_the_feed_of_the_next_working_day(holiday: str, missing: str) -> None:
    day = date.fromisoformat(missing)
    assert is_batch_day(date.fromisoformat(holiday))
    assert not is_batch_day(day)
    assert why_no_batch(day, utc("2027-01-10T00:00")) is Why.HOLIDAY


def test_an_empty_day_is_explained() -> None:
    now = utc("2026-06-03T12:00")
    assert why_no_batch(date(2026, 6, 6), now) is Why.WEEKEND
    assert why_no_batch(date(2026, 6, 4), now) is Why.NOT_OUT_YET
    assert why_no_batch(date(2026, 6, 3), now) is None
    assert why_no_batch(date(2026, 5, 29), now) is None


def test_before_midnight_in_new_york_todays_batch_is_not_out_although_utc_says_today() -> None:
    assert why_no_batch(date(2026, 6, 3), utc("2026-06-03T01:07")) is Why.NOT_OUT_YET


def test_days_of_catching_up_leave_out_weekends_and_holidays() -> None:
    assert batch_days(date(2026, 6, 18), date(2026, 6, 24)) == (
        date(2026, 6, 18),
        date(2026, 6, 19),
        date(2026, 6, 23),
        date(2026, 6, 24),
    )
    assert batch_days(date(2026, 6, 24), date(2026, 6, 18)) == ()


def test_holidays_of_other_years_are_unknown_and_not_guessed() -> None:
    assert are_holidays_known(date(2026, 12, 25))
    assert are_holidays_known(date(2027, 1, 1))
    assert not are_holidays_known(date(2027, 11, 26))
    assert is_batch_day(date(2027, 11, 26))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-07T12:00", "2026-03-08T05:00"),  # the clocks of New York go forward on 8 March
        ("2026-03-08T12:00", "2026-03-09T04:00"),
        ("2026-10-31T12:00", "2026-11-01T04:00"),  # and back on 1 November
        ("2026-11-01T12:00", "2026-11-02T05:00"),
        ("2028-02-28T12:00", "2028-02-29T05:00"),
    ],
)
def test_midnight_follows_the_clocks_of_new_york(now: str, expected: str) -> None:
    assert next_midnight_et(utc(now)) == utc(expected)


@given(now=instants)
def test_the_next_batch_is_later_and_the_very_next(now: datetime) -> None:
    due = next_batch_at(now)
    assert now < due
    assert batch_on(due) == due.astimezone(EASTERN).date() > batch_on(now)
    assert batch_on(due - timedelta(seconds=1)) == batch_on(now)


@given(now=instants)
def test_the_newest_batch_needs_no_explanation(now: datetime) -> None:
    day = batch_on(now)
    assert is_batch_day(day)
    assert why_no_batch(day, now) is None
    assert batch_days(day, now.astimezone(EASTERN).date()) == (day,)
