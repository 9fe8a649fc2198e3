"""Dates, times, numbers and ages as they are written in a language, by babel, which is loaded when the first one is asked for.

`language` is the code of a catalogue (`Words.catalogue`); one that babel does not know is written as English.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from babel import Locale

# The weekday first and no year, as one says it: CLDR has these for tables and calendars only (2.18, 2026-11).
_DAYS = {
    "en": ("EEEE, d MMMM", "EEEE, d MMMM y"),
    "zh": ("M月d日EEEE", "y年M月d日EEEE"),
    "vi": ("EEEE, d MMMM", "EEEE, d MMMM, y"),
}
_MOMENTS = {"zh": "{day} {clock}"}
_BEGINS_SMALL = frozenset({"vi"})  # CLDR writes its weekdays as they begin a sentence; ours stand inside of one
_CLOCK = "HH:mm"  # as /time takes it


def day(on: date, language: str, *, today: date | None = None) -> str:
    """`Friday, 5 June 2026`; without the year if it is that of `today`."""
    return _day(on, language, has_year=today is None or today.year != on.year)


def moment(at: datetime, zone: str, language: str) -> str:
    """`Friday, 5 June, 09:00` in `zone`, for instants (aware) of these days: the year is known."""
    from babel.dates import format_time

    local = at.astimezone(ZoneInfo(zone))
    clock = format_time(local.time(), _CLOCK, locale=_locale(language))
    return _MOMENTS.get(language, "{day}, {clock}").format(day=_day(local.date(), language, has_year=False), clock=clock)


def number(value: float, language: str) -> str:
    """`12,345`, `12.345`: with what the language puts between thousands."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale(language))


def age(passed: timedelta, language: str) -> str:
    """`12 minutes ago`; what is no minute old, or lies ahead because a clock was set back, was some seconds ago."""
    from babel.dates import format_timedelta

    least = max(passed, timedelta(seconds=1))
    return format_timedelta(-least, granularity="second", threshold=1.0, add_direction=True, locale=_locale(language))


def span(passed: timedelta, language: str) -> str:
    """`12 minutes`, `3 hours`: how long something lasts, in its largest unit."""
    from babel.dates import format_timedelta

    return format_timedelta(passed, granularity="minute", threshold=1.0, locale=_locale(language))


def plural(n: float, language: str) -> str:
    """Which form of a sentence goes with `n`: zero, one, two, few, many or other."""
    return str(_locale(language).plural_form(n))


def _day(on: date, language: str, *, has_year: bool) -> str:
    from babel.dates import format_date

    shown = format_date(on, _DAYS.get(language, _DAYS["en"])[has_year], locale=_locale(language))
    return shown[:1].lower() + shown[1:] if language in _BEGINS_SMALL else shown


@cache
def _locale(language: str) -> "Locale":
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
