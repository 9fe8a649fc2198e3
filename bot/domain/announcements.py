"""arXiv's announcement calendar, in US Eastern time: which batch is out, when the next one is due, why a day has none.

A batch goes by its feed date: papers received by 14:00 ET of one working day are announced at 20:00 ET (those of a Friday
on Sunday) and stand in the feed dated the next working day, which appears at 00:00 ET
(https://info.arxiv.org/help/availability.html). The calendar only *explains* an empty day: the date that a page or feed
states decides whether there is a batch, since arXiv also defers announcements ad hoc.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.intake import Why

EASTERN = ZoneInfo("America/New_York")
_DAY = timedelta(days=1)
_SATURDAY = 5

HOLIDAYS = frozenset(
    {
        date(2026, 1, 1),
        date(2026, 1, 19),
        date(2026, 6, 19),
        date(2026, 7, 3),
        date(2026, 9, 7),
        date(2026, 11, 26),
        date(2026, 12, 25),
        date(2026, 12, 29),
        date(2026, 12, 31),
    }
)
"""The official holidays of 2026 (info.arxiv.org/help/availability.html): no batch is closed at 14:00 ET of such a day."""

KNOWN_YEARS = frozenset(day.year for day in HOLIDAYS)


def _working_day_after(day: date) -> date:
    following = day + _DAY
    while following.weekday() >= _SATURDAY:
        following += _DAY
    return following


_SKIPPED = frozenset(_working_day_after(day) for day in HOLIDAYS)


def are_holidays_known(day: date) -> bool:
    """Whether the holidays that bear on the feed of `day` are known to us; otherwise only weekends are computed."""
    return day.year in KNOWN_YEARS or day in _SKIPPED


def is_batch_day(day: date) -> bool:
    """Whether a feed dated `day` is to be expected: Monday to Friday, but not the working day after a holiday.

    That it is the day *after* is not said by arXiv but was seen in 2026: 19 June (Friday) had a batch, 22 June had none,
    and its ids went on in that of 23 June without a gap.
    """
    return day.weekday() < _SATURDAY and day not in _SKIPPED


def batch_on(now: datetime) -> date:
    """The feed date of the newest batch that is out at `now` (aware), by the feeds, which change at 00:00 ET.

    The listing pages show the same batch four hours earlier, at 20:00 ET of the evening before.
    """
    day = now.astimezone(EASTERN).date()
    while not is_batch_day(day):
        day -= _DAY
    return day


def why_no_batch(day: date, now: datetime) -> Why | None:
    """What the calendar says about a day without a batch: WEEKEND, HOLIDAY, NOT_OUT_YET, or None if one should be there."""
    if day.weekday() >= _SATURDAY:
        return Why.WEEKEND
    if day in _SKIPPED:
        return Why.HOLIDAY
    return Why.NOT_OUT_YET if day > batch_on(now) else None


def batch_days(since: date, until: date) -> tuple[date, ...]:
    """The feed dates to expect from `since` to `until`, both included, oldest first."""
    days = (since + offset * _DAY for offset in range((until - since).days + 1))
    return tuple(day for day in days if is_batch_day(day))


def next_batch_at(now: datetime) -> datetime:
    """The first instant (UTC) after `now` at which the feeds should bring a new batch."""
    day = now.astimezone(EASTERN).date() + _DAY
    while not is_batch_day(day):
        day += _DAY
    return _midnight(day)


def next_midnight_et(now: datetime) -> datetime:
    """The next 00:00 US Eastern after `now`, in UTC: until then arXiv's search results and feeds do not change."""
    return _midnight(now.astimezone(EASTERN).date() + _DAY)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=EASTERN).astimezone(UTC)
