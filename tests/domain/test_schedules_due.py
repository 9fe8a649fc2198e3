"""What is due: a day's digest, or one catch-up for all days that were missed."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.digests import Slot, SlotKind
from bot.domain.schedules import DueSlot, due_slot, local_date, next_due
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Schedule
from tests.domain.almanac import DAY, utc

NINE = Schedule(at=time(9))
TUESDAY = date(2026, 6, 2)


def daily(on: date) -> DueSlot:
    return DueSlot(slot=Slot(on=on, kind=SlotKind.DAILY), covers_from=on, slots=1)


def catchup(first: date, last: date, slots: int) -> DueSlot:
    return DueSlot(slot=Slot(on=last, kind=SlotKind.CATCHUP), covers_from=first, slots=slots)


def test_nothing_is_due_before_its_time_or_without_one() -> None:
    assert due_slot(NINE, utc("2026-06-02T09:00"), utc("2026-06-02T08:59:59")) is None
    assert due_slot(NINE, None, utc("2026-06-02T09:00")) is None


@pytest.mark.parametrize("now", ["2026-06-02T09:00", "2026-06-02T09:01", "2026-06-02T23:59"])
def test_todays_digest_is_a_daily_one_however_late(now: str) -> None:
    assert due_slot(NINE, utc("2026-06-02T09:00"), utc(now)) == daily(TUESDAY)


@pytest.mark.parametrize(
    ("now", "last", "slots"),
    [
        ("2026-06-03T00:00", date(2026, 6, 2), 1),  # one day's digest, the day after
        ("2026-06-03T08:59", date(2026, 6, 2), 1),
        ("2026-06-03T09:00", date(2026, 6, 3), 2),
        ("2026-06-05T12:00", date(2026, 6, 5), 4),
        ("2036-06-02T12:00", date(2036, 6, 2), 3654),
    ],
)
def test_days_that_are_over_come_in_one_digest(now: str, last: date, slots: int) -> None:
    assert due_slot(NINE, utc("2026-06-02T09:00"), utc(now)) == catchup(TUESDAY, last, slots)


def test_today_is_the_day_of_the_reader() -> None:
    tokyo = Schedule(at=time(8), zone="Asia/Tokyo")
    assert due_slot(tokyo, utc("2026-06-01T23:00"), utc("2026-06-02T14:59")) == daily(TUESDAY)
    assert due_slot(tokyo, utc("2026-06-01T23:00"), utc("2026-06-02T15:00")) == catchup(TUESDAY, TUESDAY, 1)


def test_only_wanted_days_count_and_date_a_catchup() -> None:
    work_days = Schedule(at=time(9), weekdays=WORK_DAYS)
    assert due_slot(work_days, utc("2026-06-04T09:00"), utc("2026-06-07T12:00")) == catchup(date(2026, 6, 4), date(2026, 6, 5), 2)


def test_the_day_that_was_due_counts_though_it_is_no_longer_wanted() -> None:
    sundays = Schedule(at=time(9), weekdays=frozenset({6}))
    assert due_slot(sundays, utc("2026-06-02T09:00"), utc("2026-06-03T12:00")) == catchup(TUESDAY, TUESDAY, 1)


def test_no_date_comes_twice_whatever_zone_the_due_time_is_from() -> None:
    due_at, now = utc("2026-06-02T09:00"), utc("2026-06-03T12:00")
    assert due_slot(NINE, due_at, now, last_slot_on=date(2026, 6, 1)) == catchup(TUESDAY, date(2026, 6, 3), 2)
    assert due_slot(NINE, due_at, now, last_slot_on=TUESDAY) == daily(date(2026, 6, 3))
    assert due_slot(NINE, due_at, now, last_slot_on=date(2026, 6, 3)) is None
    assert due_slot(NINE, due_at, utc("2026-06-03T08:00"), last_slot_on=TUESDAY) is None


def test_a_pause_holds_back_what_was_due() -> None:
    due_at, now = utc("2026-06-02T09:00"), utc("2026-06-03T12:00")
    assert due_slot(Schedule(at=time(9), is_paused=True), due_at, now) is None
    assert due_slot(Schedule(at=time(9), is_paused=True, paused_until=date(2026, 6, 4)), due_at, now) is None
    assert due_slot(Schedule(at=time(9), is_paused=True, paused_until=TUESDAY), due_at, now) is not None


def test_a_day_that_a_zone_leaves_out_has_no_digest() -> None:
    apia = Schedule(at=time(9), zone="Pacific/Apia")
    due = due_slot(apia, utc("2011-12-29T19:00"), utc("2011-12-30T20:00"))
    assert due is not None
    assert (due.covers_from, due.slot.on) == (date(2011, 12, 29), date(2011, 12, 31))
    fridays = Schedule(at=time(9), zone="Pacific/Apia", weekdays=frozenset({4}))
    assert next_due(fridays, utc("2011-12-24T12:00")) == utc("2012-01-05T19:00")  # 30 December would have been one


zones = st.sampled_from(("UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/Nuuk", "Australia/Lord_Howe", "America/Santiago"))
instants = st.datetimes(min_value=datetime(2023, 1, 1), max_value=datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
weekdays = st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1))


@given(
    zone=zones, clock=st.times().map(lambda at: at.replace(fold=0)), days=weekdays, start=instants, off_h=st.integers(0, 60 * 24)
)
@example(zone="America/Nuuk", clock=time(23, 30), days=frozenset({5}), start=utc("2026-03-22T12:00"), off_h=24 * 8)
def test_a_catchup_stands_for_exactly_the_digests_that_would_have_come(
    zone: str, clock: time, days: frozenset[int], start: datetime, off_h: int
) -> None:
    schedule = Schedule(at=clock, zone=zone, weekdays=days)
    at = due_at = next_due(schedule, start)
    now = start + timedelta(hours=off_h)
    missed: list[date] = []
    while at is not None and at <= now:
        missed.append(local_date(schedule, at))
        at = next_due(schedule, at, missed[-1])
    due = due_slot(schedule, due_at, now)
    if not missed:
        assert due is None
        return
    assert due is not None
    assert (due.covers_from, due.slot.on, due.slots) == (missed[0], missed[-1], len(missed))
    assert (due.slot.kind is SlotKind.DAILY) == (missed == [local_date(schedule, now)])
    assert next_due(schedule, now, due.slot.on) == at


@given(zone=zones, clock=st.times(), start=instants)
def test_years_are_no_more_work_than_days(zone: str, clock: time, start: datetime) -> None:
    due = due_slot(Schedule(at=clock, zone=zone), start, start + 365_000 * DAY)
    assert due is not None
    assert due.slots >= 364_999
