"""When a digest is due: zones, clock changes, leap days, pauses."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.schedules import local_date, next_due
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Schedule


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(clock: str, zone: str = "UTC", weekdays: frozenset[int] = EVERY_DAY) -> Schedule:
    return Schedule(at=time.fromisoformat(clock), zone=zone, weekdays=weekdays)


@pytest.mark.parametrize(
    ("zone", "clock", "now", "expected"),
    [
        # the hour stays what the reader chose, on both sides of each change
        ("Europe/Berlin", "08:00", "2026-03-28T12:00", "2026-03-29T06:00"),
        ("Europe/Berlin", "08:00", "2026-03-27T12:00", "2026-03-28T07:00"),
        ("Europe/Berlin", "08:00", "2026-10-24T12:00", "2026-10-25T07:00"),
        ("America/New_York", "08:00", "2026-03-07T20:00", "2026-03-08T12:00"),
        ("America/New_York", "08:00", "2026-10-31T20:00", "2026-11-01T13:00"),
        ("Australia/Lord_Howe", "08:00", "2026-04-04T12:00", "2026-04-04T21:30"),
        ("Asia/Kathmandu", "08:00", "2026-04-04T12:00", "2026-04-05T02:15"),
        # skipped: the next time that exists
        ("Europe/Berlin", "02:30", "2026-03-28T12:00", "2026-03-29T01:00"),
        ("America/New_York", "02:30", "2026-03-07T20:00", "2026-03-08T07:00"),
        ("America/New_York", "02:00", "2026-03-07T20:00", "2026-03-08T07:00"),
        ("America/New_York", "03:00", "2026-03-07T20:00", "2026-03-08T07:00"),
        ("Australia/Lord_Howe", "02:10", "2026-10-03T12:00", "2026-10-03T15:30"),
        ("Africa/Cairo", "00:30", "2026-04-23T12:00", "2026-04-23T22:00"),
        # skipped up to midnight: the last minute of its day
        ("America/Nuuk", "23:30", "2026-03-28T12:00", "2026-03-29T00:59"),
        ("America/Nuuk", "23:30", "2026-03-29T12:00", "2026-03-30T00:30"),
        # twice: the first of the two
        ("Europe/Berlin", "02:30", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("America/New_York", "01:30", "2026-10-31T20:00", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "01:45", "2026-04-04T12:00", "2026-04-04T14:45"),
        # a leap day is a day
        ("UTC", "09:00", "2028-02-28T10:00", "2028-02-29T09:00"),
        ("UTC", "09:00", "2028-02-29T10:00", "2028-03-01T09:00"),
        ("UTC", "09:00", "2027-02-28T10:00", "2027-03-01T09:00"),
    ],
)
def test_the_next_digest(zone: str, clock: str, now: str, expected: str) -> None:
    assert next_due(at(clock, zone), utc(now)) == utc(expected)


def test_a_time_that_comes_twice_fires_once() -> None:
    schedule = at("02:30", "Europe/Berlin")
    first = utc("2026-10-25T00:30")
    assert next_due(schedule, first) == utc("2026-10-26T01:30")
    assert next_due(schedule, utc("2026-10-25T01:00"), date(2026, 10, 25)) == utc("2026-10-26T01:30")


def test_an_instant_that_is_now_is_over() -> None:
    assert next_due(at("09:00"), utc("2026-06-02T09:00")) == utc("2026-06-03T09:00")


def test_a_day_whose_digest_was_made_is_over_whatever_hour_is_chosen_now() -> None:
    assert next_due(at("20:00"), utc("2026-06-02T10:00"), date(2026, 6, 2)) == utc("2026-06-03T20:00")
    assert next_due(at("20:00"), utc("2026-06-02T10:00"), date(2026, 6, 1)) == utc("2026-06-02T20:00")


def test_the_local_day_counts_not_the_day_in_utc() -> None:
    tokyo = at("08:00", "Asia/Tokyo")
    now = utc("2026-06-02T23:30")  # 08:30 of the 3rd in Tokyo
    assert local_date(tokyo, now) == date(2026, 6, 3)
    assert next_due(tokyo, now) == utc("2026-06-03T23:00")
    assert next_due(at("20:00", "Asia/Tokyo"), now, date(2026, 6, 3)) == utc("2026-06-04T11:00")


def test_only_the_chosen_weekdays() -> None:
    friday_evening = utc("2026-06-05T20:00")
    assert next_due(at("09:00", weekdays=WORK_DAYS), friday_evening) == utc("2026-06-08T09:00")
    assert next_due(at("09:00", weekdays=frozenset({4})), friday_evening) == utc("2026-06-12T09:00")
    assert next_due(at("09:00", weekdays=frozenset()), friday_evening) is None


def test_one_weekday_whose_digest_was_made_comes_again_in_a_week() -> None:
    assert next_due(at("20:00", weekdays=frozenset({4})), utc("2026-06-05T10:00"), date(2026, 6, 5)) == utc("2026-06-12T20:00")


def test_a_pause_without_an_end_is_never_due() -> None:
    assert next_due(Schedule(is_paused=True), utc("2026-06-02T09:00")) is None


def test_a_pause_ends_on_its_day() -> None:
    paused = Schedule(is_paused=True, paused_until=date(2026, 6, 10))
    assert next_due(paused, utc("2026-06-02T09:00")) == utc("2026-06-10T09:00")
    assert next_due(paused, utc("2026-06-12T10:00")) == utc("2026-06-13T09:00")
    assert next_due(Schedule(is_paused=True, paused_until=date.max), utc("2026-06-02T09:00")) is None
    assert next_due(Schedule(paused_until=date(2026, 6, 10)), utc("2026-06-02T08:00")) == utc("2026-06-02T09:00")


zones = st.sampled_from(
    (
        *("UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"),
        *("Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "America/Santiago", "Africa/Casablanca", "Asia/Tehran"),
    )
)
instants = st.datetimes(min_value=datetime(2008, 1, 1), max_value=datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(zone=zones, clock=st.times().map(lambda t: t.replace(second=0, microsecond=0)), now=instants)
@example(zone="Pacific/Apia", clock=time(9), now=utc("2011-12-29T20:00"))  # a whole day was skipped
def test_the_next_digest_is_soon_and_at_the_chosen_hour_unless_the_clocks_change(zone: str, clock: time, now: datetime) -> None:
    due = next_due(Schedule(at=clock, zone=zone), now)
    assert due is not None
    assert now < due <= now + timedelta(hours=50)
    shown = due.astimezone(ZoneInfo(zone))
    if shown.time() != clock:
        before = (due - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        assert before.utcoffset() != shown.utcoffset()
        assert before.replace(tzinfo=None) < datetime.combine(before, clock)


@given(zone=zones, now=instants)
def test_following_the_schedule_gives_one_digest_a_day(zone: str, now: datetime) -> None:
    schedule = Schedule(at=time(2, 30), zone=zone)
    days: list[date] = []
    for _ in range(10):
        due = next_due(schedule, now, days[-1] if days else None)
        assert due is not None
        now = due
        days.append(local_date(schedule, due))
    assert len(set(days)) == len(days)
    assert days == sorted(days)
