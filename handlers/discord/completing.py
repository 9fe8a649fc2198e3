"""What is offered while somebody types an option: never more than 25 choices, at once, and whatever was typed.

Choices only help: any other text may be sent, and is read like what people type.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import NamedTuple
from zoneinfo import available_timezones

from bot.domain.categories import canonical
from bot.domain.styles import Style
from bot.domain.zones import city, near, other_places, spelled
from bot.words import words
from handlers.discord.commands import Called
from handlers.discord.labels import MOST, category_codes, category_label, fitting, language_label, meant, titles, zone_label
from handlers.discord.languages import LANGUAGES
from handlers.discord.options import Completes

MOST_CHOICES = 25
_LAST = re.compile(r"(.*[,\s])?(.*)", re.DOTALL)  # what stays, and what is being typed
_USUAL = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "cs.RO", "stat.ML")  # offered before anything is typed
_TOO_LONG = 1_000  # characters; nothing that long is completed
_PAUSES = (1, 3, 7, 14, 21, 28, 60, 90)  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is shown, and what is sent; 1 to 100 characters each."""

    name: str
    value: str


def complete(called: Called, language: str, now: datetime, styles: Sequence[Style] = ()) -> tuple[Choice, ...]:
    """What the option that is being typed may come to, best first; nothing for one that is not completed.

    `language` is that of the person, `now` is aware. Safe for any text.
    """
    option = called.slash.option(called.focused)
    if option is None or option.completes is None:
        return ()
    typed = str(called.options.get(option.name, ""))[:_TOO_LONG]
    offers: Mapping[Completes, Callable[[], Iterable[Choice]]] = {
        Completes.CATEGORIES: lambda: _categories(typed, language, is_anew=called.slash.name == "categories"),
        Completes.DAYS: lambda: _days(typed, language),
        Completes.LANGUAGES: lambda: _languages(typed),
        Completes.STYLES: lambda: _styles(typed, language, styles),
        Completes.UNTIL: lambda: _until(typed, now),
        Completes.ZONES: lambda: _zones(typed, language, now),
    }
    fit = (choice for choice in offers[option.completes]() if 0 < len(choice.value) <= MOST)
    return tuple(islice(fit, MOST_CHOICES))


def _categories(typed: str, language: str, *, is_anew: bool) -> Iterator[Choice]:
    """The last category is completed, and those before it are kept."""
    head, last = _split(category_codes(typed))
    chosen = {canonical(part) for part in re.split(r"[,\s]+", head)}
    known = titles(language)
    if is_anew and not head and "all".startswith(last.casefold()):
        yield Choice(name=category_label("all", words(language)("choice.all")), value="all")
    for code in _ranked(known, last) if last else _USUAL:
        if code in chosen:
            continue
        value, label = f"{head}{code}", f"{head}{category_label(code, known[code])}"
        yield Choice(name=label if len(label) <= MOST else value, value=value)


def _split(typed: str) -> tuple[str, str]:
    found = _LAST.fullmatch(typed)
    return (found[1] or "", found[2]) if found else ("", typed)


def _ranked(known: Mapping[str, str], typed: str) -> list[str]:
    """Codes that begin so, then titles of which a word does, then those that hold it anywhere."""
    wanted = typed.casefold()
    begin = [code for code in known if code.casefold().startswith(wanted)]
    words_begin = [code for code, title in known.items() if f" {wanted}" in f" {title.casefold()}"]
    hold = [code for code, title in known.items() if wanted in f"{code} {title}".casefold()]
    return list(dict.fromkeys((*begin, *words_begin, *hold)))


def _days(typed: str, language: str) -> Iterator[Choice]:
    said = words(language)
    for value in ("daily", "weekdays", "weekends"):
        label = said(f"choice.{value}")
        if _holds(typed, value, label):
            yield Choice(name=fitting(label), value=value)


def _holds(typed: str, *texts: str) -> bool:
    wanted = typed.strip().casefold()
    return any(wanted in text.casefold() for text in texts)


def _languages(typed: str) -> Iterator[Choice]:
    for code, (own, english) in LANGUAGES.items():
        if _holds(meant(typed), code, own, english):
            yield Choice(name=language_label(code, own), value=code)


def _styles(typed: str, language: str, styles: Sequence[Style]) -> Iterator[Choice]:
    spoken = words(language).catalogue
    for style in styles:
        if _holds(typed, style.name, style.about_in(spoken)):
            yield Choice(name=fitting(f"{style.name} - {style.about_in(spoken)}"), value=style.name)


def _until(typed: str, now: datetime) -> Iterator[Choice]:
    for days in _PAUSES:
        date = (now + timedelta(days=days)).date().isoformat()
        if _holds(typed, date):
            yield Choice(name=date, value=date)


def _zones(typed: str, language: str, now: datetime) -> Iterator[Choice]:
    """Cities that begin so, then zones that do, then those that hold it."""
    wanted = spelled(meant(typed))
    begin = [place for place in _places() if place.spelling.startswith(wanted)]
    hold = [place for place in _places() if wanted in place.spelling or wanted in place.zone.casefold()]
    found = dict.fromkeys((*begin, *hold)) if wanted else (_Place(city(zone), zone, "") for zone in near(language))
    for place in found:
        yield Choice(name=fitting(zone_label(place.name, place.zone, now)), value=place.zone)


class _Place(NamedTuple):
    name: str
    zone: str
    spelling: str


@cache
def _places() -> tuple[_Place, ...]:
    """Every city that we know, with its zone: those that a zone is named after, and others."""
    zones = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/", "right/")))
    named = (*((city(zone), zone) for zone in (*zones, "UTC")), *other_places())
    return tuple(_Place(name, zone, spelled(name)) for name, zone in named)
