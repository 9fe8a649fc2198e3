"""A year of one reader, in virtual time: every date that was wanted is in exactly one digest, whatever happens."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.digests import SlotKind
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Schedule
from tests.domain.almanac import DAY, MINUTE, Reader, day_of, utc

START = utc("2027-10-01T12:00")  # both changes of the clocks, and 29 February 2028
ZONES = (
    *("UTC", "Europe/Berlin", "Europe/London", "Europe/Lisbon", "Europe/Chisinau", "Europe/Istanbul", "Africa/Cairo"),
    *("Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Asia/Beirut", "Asia/Jerusalem", "Asia/Tehran"),
    *("Asia/Kolkata", "Asia/Kathmandu", "Asia/Shanghai", "Asia/Ho_Chi_Minh", "Asia/Tokyo", "Asia/Vladivostok"),
    *("Australia/Sydney", "Australia/Lord_Howe", "Australia/Eucla", "Australia/Adelaide", "Pacific/Auckland"),
    *("Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Norfolk", "Pacific/Pago_Pago", "Pacific/Honolulu"),
    *("Pacific/Marquesas", "Pacific/Easter", "America/Anchorage", "America/New_York", "America/St_Johns", "America/Nuuk"),
    *("America/Scoresbysund", "America/Santiago", "America/Sao_Paulo", "America/Havana", "America/Asuncion", "Atlantic/Azores"),
    *("Antarctica/Troll", "Etc/GMT+12"),
)
HOURS = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(9), time(12), time(20), time(23, 30), time(23, 59))


def changed(schedule: Schedule, reader: Reader, dice: random.Random) -> Schedule:
    """Any one thing of a schedule in another way."""
    near = (reader.now + dice.choice((-2, -1, 0, 1, 2)) * MINUTE).astimezone(UTC).time().replace(second=0)
    until = day_of(schedule, reader.now) + dice.randint(1, 4) * DAY
    return dice.choice(
        (
            replace(schedule, at=dice.choice((*HOURS, near))),
            replace(schedule, zone=dice.choice(ZONES)),
            replace(schedule, zone=dice.choice(ZONES), at=dice.choice(HOURS)),
            replace(schedule, weekdays=dice.choice((EVERY_DAY, WORK_DAYS, frozenset(dice.sample(range(7), 2))))),
            replace(schedule, is_paused=True, paused_until=dice.choice((None, until))),
            replace(schedule, is_paused=False, paused_until=None),
            replace(schedule, is_paused=False, paused_until=None),
        )
    )


def a_day_passes(reader: Reader, dice: random.Random) -> None:
    """Most days nothing happens; on others the reader changes something, or the bot is off, or both."""
    until = reader.now + timedelta(minutes=dice.randint(20 * 60, 28 * 60), seconds=dice.randint(0, 59))
    event = dice.random()
    if event < 0.1:  # at any time
        reader.run_until(reader.now + timedelta(seconds=dice.randint(0, 20 * 3600)))
        reader.change(changed(reader.schedule, reader, dice))
    elif event < 0.25 and reader.due_at is not None and reader.now < reader.due_at < until:  # in the minute it is due
        reader.run_until(reader.due_at - timedelta(seconds=1))
        reader.wait_until(reader.due_at + timedelta(seconds=dice.randint(-1, 2)))
        if dice.random() < 0.5:
            reader.tick()
        for _ in range(dice.randint(1, 3)):
            reader.change(changed(reader.schedule, reader, dice))
    elif event < 0.3:  # the bot is off
        reader.wait_until(reader.now + timedelta(minutes=dice.randint(1, 3 * 24 * 60)))
        if dice.random() < 0.3:
            reader.change(changed(reader.schedule, reader, dice))
    reader.run_until(max(until, reader.now))


@pytest.mark.parametrize("zone", ZONES)
def test_in_a_year_of_changes_and_stops_each_date_is_in_one_digest(zone: str) -> None:
    dice = random.Random(zone)
    reader = Reader(Schedule(zone=zone, at=dice.choice(HOURS)), START)
    while reader.now < START + 370 * DAY:
        a_day_passes(reader, dice)
    spans = [(due.covers_from, due.slot.on) for _, due in reader.made]
    assert len(spans) > 100
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))


@pytest.mark.parametrize("zone", ZONES)
def test_a_year_without_any_event_is_a_digest_a_day(zone: str) -> None:
    reader = Reader(Schedule(zone=zone, at=time(2, 30)), START)
    first = day_of(reader.schedule, START)
    reader.run_until(START + 370 * DAY)
    assert {due.slot.kind for _, due in reader.made} == {SlotKind.DAILY}
    days = [due.slot.on for _, due in reader.made]
    assert days[0] - first <= DAY
    assert days == [days[0] + number * DAY for number in range(len(days))]
    assert date(2028, 2, 29) in days


schedules = st.builds(
    Schedule,
    at=st.one_of(st.sampled_from(HOURS), st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))),
    zone=st.one_of(st.sampled_from(ZONES), st.sampled_from(sorted(available_timezones() - {"localtime"}))),
    weekdays=st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1)),
)
instants = st.datetimes(min_value=datetime(2023, 1, 1), max_value=datetime(2029, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
seconds = st.one_of(st.integers(0, 4 * 86400), st.integers(0, 180), st.sampled_from((86400, 86340, 86460)))
pauses = st.one_of(st.none(), st.integers(0, 5))
steps = st.lists(st.tuples(st.booleans(), seconds, st.one_of(st.none(), st.tuples(schedules, st.booleans(), pauses))), max_size=8)


@settings(max_examples=300, deadline=None)
@given(schedule=schedules, now=instants, life=steps)
@example(schedule=Schedule(zone="America/Nuuk", at=time(23, 30)), now=utc("2026-03-28T12:00"), life=[(True, 3 * 86400, None)])
def test_whatever_happens_within_days_each_date_is_in_one_digest(
    schedule: Schedule, now: datetime, life: list[tuple[bool, int, tuple[Schedule, bool, int | None] | None]]
) -> None:
    reader = Reader(schedule, now)
    for is_on, waited_s, change in life:
        (reader.run_until if is_on else reader.wait_until)(reader.now + timedelta(seconds=waited_s))
        if change is not None:
            new, is_paused, days = change
            until = None if days is None else day_of(new, reader.now) + days * DAY
            reader.change(replace(new, is_paused=is_paused, paused_until=until))
    reader.run_until(reader.now + 2 * MINUTE)
    assert not reader.owed
