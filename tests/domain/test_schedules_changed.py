"""A changed hour, zone, choice of days or pause: the date that was due is neither repeated nor jumped over."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.domain.digests import SlotKind
from bot.domain.schedules import due_slot, rescheduled
from bot.domain.subscriptions import WORK_DAYS, Schedule
from tests.domain.almanac import utc

NINE = Schedule(at=time(9))
EIGHT, TWENTY = replace(NINE, at=time(8)), replace(NINE, at=time(20))
ISLAND = Schedule(at=time(9), zone="Pacific/Kiritimati")  # a day and two hours before Midway
MIDWAY = Schedule(at=time(9), zone="Pacific/Midway")
WEEKENDS = frozenset({5, 6})


def moved(old: Schedule, new: Schedule, due: str | None, now: str, last: str | None = None) -> datetime | None:
    at, on = utc(due) if due else None, date.fromisoformat(last) if last else None
    return rescheduled(new, old=old, due_at=at, now=utc(now), last_slot_on=on)


@pytest.mark.parametrize(
    ("old", "new", "due", "now", "last", "expected"),
    [
        # 2 June 2026 is a Tuesday. Its digest is still to come:
        (TWENTY, NINE, "2026-06-02T20:00", "2026-06-02T08:00", "2026-06-01", "2026-06-02T09:00"),
        (NINE, TWENTY, "2026-06-02T09:00", "2026-06-02T08:00", "2026-06-01", "2026-06-02T20:00"),
        (TWENTY, NINE, "2026-06-02T20:00", "2026-06-02T10:00", "2026-06-01", "2026-06-02T10:00"),  # the new hour is over
        (TWENTY, NINE, "2026-06-02T20:00", "2026-06-02T10:00", None, "2026-06-02T10:00"),
        (TWENTY, NINE, "2026-06-02T20:00", "2026-06-02T09:00", "2026-06-01", "2026-06-02T09:00"),
        # it is due this very minute, and the tick has not come
        (NINE, TWENTY, "2026-06-02T09:00", "2026-06-02T09:00:20", "2026-06-01", "2026-06-02T20:00"),
        (NINE, EIGHT, "2026-06-02T09:00", "2026-06-02T09:00:20", "2026-06-01", "2026-06-02T09:00"),
        # the tick has come, and it is made
        (NINE, TWENTY, "2026-06-03T09:00", "2026-06-02T09:00:40", "2026-06-02", "2026-06-03T20:00"),
        (NINE, EIGHT, "2026-06-03T09:00", "2026-06-02T09:00:40", "2026-06-02", "2026-06-03T08:00"),
        # the reader came after today's hour, and chooses a later one
        (NINE, TWENTY, "2026-06-03T09:00", "2026-06-02T10:00", None, "2026-06-02T20:00"),
        (NINE, EIGHT, "2026-06-03T09:00", "2026-06-02T10:00", None, "2026-06-03T08:00"),
        # the bot was off on Sunday and Monday: the catch-up is still to be made
        (NINE, TWENTY, "2026-05-31T09:00", "2026-06-02T10:00", "2026-05-30", "2026-05-31T09:00"),
        (NINE, replace(NINE, weekdays=WEEKENDS), "2026-06-01T09:00", "2026-06-02T10:00", "2026-05-31", "2026-06-01T09:00"),
        # days
        (TWENTY, replace(NINE, weekdays=WEEKENDS), "2026-06-02T20:00", "2026-06-02T10:00", "2026-06-01", "2026-06-06T09:00"),
        (NINE, replace(NINE, weekdays=WEEKENDS), "2026-06-02T09:00", "2026-06-02T10:00", "2026-06-01", "2026-06-06T09:00"),
        (replace(NINE, weekdays=WEEKENDS), NINE, "2026-06-06T09:00", "2026-06-02T10:00", "2026-05-31", "2026-06-03T09:00"),
        (NINE, replace(NINE, weekdays=WORK_DAYS), "2026-06-02T09:00", "2026-06-02T10:00", "2026-06-01", "2026-06-02T09:00"),
        (NINE, replace(NINE, weekdays=frozenset()), "2026-06-02T09:00", "2026-06-02T10:00", "2026-06-01", None),
        (replace(NINE, weekdays=frozenset()), NINE, None, "2026-06-02T08:00", "2026-05-01", "2026-06-02T09:00"),
        # 29 February
        (TWENTY, NINE, "2028-02-29T20:00", "2028-02-29T10:00", "2028-02-28", "2028-02-29T10:00"),
        (NINE, TWENTY, "2028-03-01T09:00", "2028-02-29T10:00", "2028-02-29", "2028-03-01T20:00"),
    ],
)
def test_a_change_of_hour_or_days(
    old: Schedule, new: Schedule, due: str | None, now: str, last: str | None, expected: str | None
) -> None:
    assert moved(old, new, due, now, last) == (utc(expected) if expected else None)


@pytest.mark.parametrize(
    ("old", "new", "due", "now", "last", "expected"),
    [
        # west over the date line: it is the 2nd again, whose digest was made; the 3rd is to come
        (ISLAND, MIDWAY, "2026-06-02T19:00", "2026-06-02T18:00", "2026-06-02", "2026-06-03T20:00"),
        # the same with the 3rd due this minute
        (ISLAND, MIDWAY, "2026-06-02T19:00", "2026-06-02T19:00:20", "2026-06-02", "2026-06-03T20:00"),
        # east: it is the 3rd; the 2nd was to come, and comes at once with the date it has
        (MIDWAY, ISLAND, "2026-06-02T20:00", "2026-06-02T18:00", "2026-06-01", "2026-06-01T19:00"),
        # east, and the 2nd is made: the 3rd, that was to come, is over there
        (MIDWAY, ISLAND, "2026-06-03T20:00", "2026-06-02T21:00", "2026-06-02", "2026-06-02T21:00"),
        # the skipped hour of spring and the double one of autumn
        (
            Schedule(at=time(12), zone="Europe/Berlin"),
            Schedule(at=time(2, 30), zone="Europe/Berlin"),
            *("2026-03-29T10:00", "2026-03-29T00:59", "2026-03-28", "2026-03-29T01:00"),
        ),
        (
            Schedule(at=time(12), zone="Europe/Berlin"),
            Schedule(at=time(2, 30), zone="Europe/Berlin"),
            *("2026-10-25T11:00", "2026-10-25T01:15", "2026-10-24", "2026-10-25T01:15"),  # between the two 02:30
        ),
        # Samoa from 29 December 2011 to the 31st, and a reader who was to get the 30th elsewhere
        (
            Schedule(at=time(9), zone="Pacific/Honolulu"),
            Schedule(at=time(9), zone="Pacific/Apia"),
            *("2011-12-30T19:00", "2011-12-30T10:30", "2011-12-29", "2011-12-30T10:30"),
        ),
        (
            Schedule(at=time(9), zone="Pacific/Honolulu"),
            Schedule(at=time(9), zone="Pacific/Apia"),
            *("2011-12-30T19:00", "2011-12-30T05:00", "2011-12-29", "2011-12-30T19:00"),
        ),
        # east, and the day that was to come is no longer wanted
        (
            MIDWAY,
            replace(ISLAND, weekdays=WEEKENDS),
            *("2026-06-02T20:00", "2026-06-02T18:00", "2026-06-01", "2026-06-05T19:00"),
        ),
        # east, into the day on which a pause ends, whose hour is over there
        (
            replace(MIDWAY, is_paused=True, paused_until=date(2026, 6, 3)),
            replace(ISLAND, is_paused=True, paused_until=date(2026, 6, 3)),
            *("2026-06-03T20:00", "2026-06-02T21:00", "2026-05-20", "2026-06-03T19:00"),
        ),
    ],
)
def test_a_change_of_zone(old: Schedule, new: Schedule, due: str, now: str, last: str, expected: str) -> None:
    at = utc(expected)
    assert moved(old, new, due, now, last) == at
    if at <= utc(now):
        found = due_slot(new, at, utc(now), last_slot_on=date.fromisoformat(last))
        assert found is not None
        assert found.covers_from > date.fromisoformat(last)


def test_a_day_that_is_over_in_the_new_zone_is_made_up_for_under_its_own_date() -> None:
    now, last = utc("2026-06-02T18:00"), date(2026, 6, 1)
    at = rescheduled(ISLAND, old=MIDWAY, due_at=utc("2026-06-02T20:00"), now=now, last_slot_on=last)
    found = due_slot(ISLAND, at, now, last_slot_on=last)
    assert found is not None
    assert (found.covers_from, found.slot.on, found.slot.kind) == (date(2026, 6, 2), date(2026, 6, 2), SlotKind.CATCHUP)


def test_a_weekly_digest_is_not_lost_for_a_week_when_its_reader_travels() -> None:
    west, east = replace(MIDWAY, weekdays=frozenset({2})), replace(ISLAND, weekdays=frozenset({2}))  # Wednesday, 3 June 2026
    now = utc("2026-06-02T21:00")  # Tuesday on Midway, Wednesday after nine on the island
    assert rescheduled(east, old=west, due_at=utc("2026-06-03T20:00"), now=now, last_slot_on=date(2026, 5, 27)) == now


@pytest.mark.parametrize("due", ["2026-06-02T09:00", "2026-05-30T09:00"])
def test_a_pause_drops_what_is_due_and_its_end_makes_nothing_due_at_once(due: str) -> None:
    paused, until = replace(NINE, is_paused=True), replace(NINE, is_paused=True, paused_until=date(2026, 6, 5))
    assert moved(NINE, paused, due, "2026-06-02T09:00:20", "2026-05-29") is None
    assert moved(NINE, until, due, "2026-06-02T09:00:20", "2026-05-29") == utc("2026-06-05T09:00")
    assert moved(paused, NINE, None, "2026-06-02T09:00:20", "2026-05-29") == utc("2026-06-03T09:00")
    assert moved(until, NINE, "2026-06-05T09:00", "2026-06-02T09:00:20", "2026-05-29") == utc("2026-06-03T09:00")
    assert moved(until, TWENTY, "2026-06-05T09:00", "2026-06-02T09:00:20", "2026-05-29") == utc("2026-06-02T20:00")
    assert moved(until, paused, "2026-06-05T09:00", "2026-06-02T10:00", "2026-05-29") is None


def test_resuming_after_the_pause_is_over_drops_nothing() -> None:
    over = replace(NINE, is_paused=True, paused_until=date(2026, 6, 1))
    assert moved(over, NINE, "2026-06-01T09:00", "2026-06-02T10:00", "2026-05-29") == utc("2026-06-01T09:00")
    assert moved(over, NINE, "2026-06-02T09:00", "2026-06-02T08:00", "2026-06-01") == utc("2026-06-02T09:00")


def test_changes_in_a_row_lose_nothing() -> None:
    """Nine, then eight, then twenty o'clock and back, all before the tick: the digest of that day is still due."""
    now, last = utc("2026-06-02T09:00:20"), date(2026, 6, 1)
    at: datetime | None = utc("2026-06-02T09:00")
    for old, new in ((NINE, EIGHT), (EIGHT, TWENTY), (TWENTY, NINE)):
        at = rescheduled(new, old=old, due_at=at, now=now, last_slot_on=last)
    assert at == now
