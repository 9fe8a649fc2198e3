"""Dates as people write them, in English, Chinese and Vietnamese, as far as a year and a month are given."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SHORT_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: number for number, name in enumerate(_SHORT_NAMES.split(), 1)}
_NUMBER_OF_MONTH, _NUMBER_OF_DAY = r"(?P<month>1[0-2]|0?[1-9])", r"(?P<day>[12]\d|3[01]|0?[1-9])"
_NAME_OF_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\.?"
)
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_LONGEST = 30
"""Characters of a day and a month before their year."""
_FROM_YEAR = (
    re.compile(rf"\d{{4}}[-/]{_NUMBER_OF_MONTH}(?:[-/]{_NUMBER_OF_DAY})?(?![\d/.-])"),
    re.compile(rf"\d{{4}}\s?年\s?{_NUMBER_OF_MONTH}\s?月(?:\s?{_NUMBER_OF_DAY}\s?[日号])?"),
)
_UP_TO_YEAR = (
    re.compile(rf"\b(?:{_NUMBER_OF_DAY}(?:st|nd|rd|th)?\s)?(?:of\s)?{_NAME_OF_MONTH},?\s(?:of\s)?$", re.IGNORECASE),
    re.compile(rf"\b{_NAME_OF_MONTH}\s{_NUMBER_OF_DAY}(?:st|nd|rd|th)?,?\s$", re.IGNORECASE),
    re.compile(
        rf"(?:\bngày\s)?(?:{_NUMBER_OF_DAY}(?:\s?/\s?|\stháng\s)|\btháng\s){_NUMBER_OF_MONTH}(?:\snăm\s|\s?/\s?)$", re.IGNORECASE
    ),
)


class Day(NamedTuple):
    """A date; `day` 0 where only the month is given."""

    year: int
    month: int
    day: int = 0

    def is_within(self, other: "Day") -> bool:
        """Whether `other` says the same, more exactly or as exactly."""
        return (self.year, self.month) == (other.year, other.month) and self.day in (0, other.day)


def days(text: str) -> Iterator[tuple[int, int, Day]]:
    """Every date with at least a year and a month: start, end, date. 02/06/2026 is read with the day first."""
    for year in _YEAR.finditer(text):
        before = text[max(0, year.start() - _LONGEST) : year.start()]
        for pattern in _UP_TO_YEAR:
            if found := pattern.search(before):
                yield year.start() - len(found[0]), year.end(), _day(year, found)
                break
        else:
            for pattern in _FROM_YEAR:
                if found := pattern.match(text, year.start()):
                    yield found.start(), found.end(), _day(year, found)
                    break


def _day(year: re.Match[str], found: re.Match[str]) -> Day:
    month = found["month"]
    return Day(int(year[0]), int(month) if month.isdigit() else _MONTHS[month[:3].casefold()], int(found["day"] or 0))
