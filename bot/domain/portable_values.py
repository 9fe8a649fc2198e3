"""The values of a settings file: each checked for its type, its range and what there is to choose from. Pure, but not fast."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from zoneinfo import available_timezones

from bot.domain.categories import canonical, expand
from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.terms import phrase
from bot.errors import BadInput, BadTopic

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_AUTHOR_CHARS = 2_000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # what no database takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What may be chosen here. `language_code` raises BadInput for what is no language."""

    sources: tuple[str, ...]
    styles: tuple[str, ...]
    language_code: Callable[[str], str]
    max_terms: int
    max_limit: int


@dataclass(frozen=True, slots=True)
class At:
    """One value of the file: which file, where in it, and what is allowed."""

    file: str
    place: str
    rules: Rules

    def unfit(self, flaw: Flaw, *, names: tuple[str, ...] = (), least: float = 0, most: float = 0) -> UnfitFile:
        """The error to raise here."""
        return UnfitFile(self.file, flaw, place=self.place, names=names, least=least, most=most)


def switch(at: At, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise at.unfit(Flaw.NO_SWITCH)
    return value


def number(at: At, value: object, most: float) -> float:
    """A number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise at.unfit(Flaw.NO_NUMBER, most=most)
    return float(value)


def whole(at: At, value: object, least: int, most: int) -> int:
    """A whole number in its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise at.unfit(Flaw.NO_NUMBER, least=least, most=most)
    return value


def texts(at: At, value: object) -> tuple[str, ...]:
    """Texts without line ends and doubled spaces, as people type them."""
    most = at.rules.max_terms
    if not isinstance(value, list) or len(value) > most or not all(isinstance(each, str) for each in value):
        raise at.unfit(Flaw.NO_LIST, most=most)
    found = tuple(" ".join(each.split()) for each in value)
    if any(_UNSTORABLE.search(text) for text in found):
        raise at.unfit(Flaw.NO_WORD)
    return found


def keywords(at: At, value: object) -> tuple[str, ...]:
    """Words and phrases in which something can match."""
    found = texts(at, value)
    for text in found:
        try:
            phrase(text)
        except BadInput as error:
            raise at.unfit(Flaw.NO_WORD) from error
    return found


def authors(at: At, value: object) -> tuple[str, ...]:
    """Names to follow."""
    found = texts(at, value)
    if not all(len(text) <= MAX_AUTHOR_CHARS and any(map(str.isalpha, text)) for text in found):
        raise at.unfit(Flaw.NO_WORD)
    return found


def sources(at: At, value: object) -> frozenset[str]:
    """At least one of the sources that there are."""
    names = frozenset(texts(at, value))
    if not names or not names <= set(at.rules.sources):
        raise at.unfit(Flaw.NO_CHOICE, names=at.rules.sources)
    return names


def categories(at: At, value: object) -> frozenset[str]:
    """By any name that a person may use; a whole archive ("cs") means all its classes."""
    found: set[str] = set()
    for text in texts(at, value):
        try:
            one = canonical(text)
            found |= {one} if one else expand(text)
        except BadTopic as error:
            names = tuple(part for part in error.reason.split(", ") if part)
            raise UnfitFile(at.file, Flaw.NO_CATEGORY, place=text, names=names) from error
    return frozenset(found)


def choice(at: At, value: object, names: tuple[str, ...]) -> str:
    """One of `names`."""
    if not isinstance(value, str) or value not in names:
        raise at.unfit(Flaw.NO_CHOICE, names=names)
    return value


def clock_time(at: At, value: object) -> time:
    """A time of day as 09:00."""
    if isinstance(value, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    raise at.unfit(Flaw.NO_TIME)


def date_or_none(at: At, value: object) -> date | None:
    """A day as 2026-08-31, or null."""
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise at.unfit(Flaw.NO_DATE)


def zone(at: At, value: object) -> str:
    """An IANA zone by its whole name."""
    if not isinstance(value, str) or value not in _zones():
        raise at.unfit(Flaw.NO_ZONE)
    return value


@cache
def _zones() -> frozenset[str]:
    """All of them; to list the files of the zones takes 0.1 s."""
    return frozenset(available_timezones())


def weekdays(at: At, value: object) -> frozenset[int]:
    """Days by three letters."""
    names = texts(at, value)
    if not set(names) <= set(DAYS):
        raise at.unfit(Flaw.NO_CHOICE, names=DAYS)
    return frozenset(map(DAYS.index, names))


def language(at: At, value: object) -> str:
    """A language by its code or name."""
    try:
        if isinstance(value, str):
            return at.rules.language_code(value)
    except BadInput as error:
        raise at.unfit(Flaw.NO_LANGUAGE) from error
    raise at.unfit(Flaw.NO_LANGUAGE)
