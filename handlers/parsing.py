"""What people type, turned into the domain. Every refusal is a BadInput whose text says what would be understood."""

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from functools import cache
from zoneinfo import available_timezones

from bot.domain.categories import canonical, expand
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Interest, Schedule, joined
from bot.domain.terms import phrase
from bot.domain.zones import other_cities, spelled
from bot.errors import BadInput, BadTopic

SOURCES = ("arxiv", "huggingface", "sample")
WITHOUT_CATEGORIES = frozenset({"huggingface"})  # a list of its own for everybody
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NAMED_DAYS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "weekdays": WORK_DAYS,
    "workdays": WORK_DAYS,
    "weekends": frozenset({5, 6}),
}
ZONE_NAMES = {"UTC": "UTC", "GMT": "UTC", "Z": "UTC"}
MAX_TYPED = 2_000  # characters of one command; more is refused, not cut


def words_of(typed: str) -> tuple[str, ...]:
    """Split what was typed: at commas if there are any, else at spaces with "quoted phrases" kept whole."""
    if len(typed) > MAX_TYPED:
        raise BadInput(f"that is longer than {MAX_TYPED} characters: send it in parts", "input.too_long", most=MAX_TYPED)
    if "," in typed:
        parts: Iterable[str] = typed.split(",")
    else:
        try:
            parts = shlex.split(typed.replace("'", "\\'"), posix=True)
        except ValueError:
            raise BadInput('a quotation mark is missing: write phrases like "world model"', "input.quotation") from None
    return tuple(part for part in (" ".join(part.split()) for part in parts) if part)


def interest(typed: str, there: tuple[str, ...] = SOURCES) -> Interest:
    """`cs.CL diffusion -survey @"Yann LeCun" huggingface` as an interest.

    A category, a source, `-excluded` (from the title), `--excluded` (from the abstract as well), `@author`; anything else is a
    keyword. A category is of the first source that is `there`, whatever else is named; where neither is, there is no source.
    One that is not `there` is refused.
    """
    found = Interest(sources=frozenset())
    for word in (single for part in words_of(typed) for single in _without_names(part)):
        found = _with(found, word)
    named = _allowed(found.sources, there)
    is_of_first = bool(found.categories) and named <= WITHOUT_CATEGORIES
    return replace(found, sources=named | frozenset(there[:1])) if is_of_first else found


def _without_names(part: str) -> tuple[str, ...]:
    """`cs.AI agents` between two commas is a category and a keyword: names at its beginning stand for themselves."""
    first, _, rest = part.partition(" ")
    if rest and (first.casefold() in SOURCES or looks_like_category(first)):
        return (first, *_without_names(rest))
    return (part,)


def _allowed(names: frozenset[str], there: tuple[str, ...]) -> frozenset[str]:
    if not names <= set(there):
        raise _no_source(there)
    return names


def _no_source(there: tuple[str, ...]) -> BadInput:
    return BadInput(f"write one or more of: {', '.join(there)}", "input.sources", names=", ".join(there))


def _with(found: Interest, word: str) -> Interest:
    if word.casefold() in SOURCES:
        return replace(found, sources=found.sources | {word.casefold()})
    if word.startswith("--") and len(word) > 2:
        return replace(found, excluded_anywhere=(*found.excluded_anywhere, keyword(word[2:])))
    if word.startswith("-") and len(word) > 1:
        return replace(found, excluded=(*found.excluded, keyword(word[1:])))
    if word.startswith("@") and len(word) > 1:
        return replace(found, authors=(*found.authors, author(word[1:])))
    if looks_like_category(word):
        return replace(found, categories=found.categories | expand(word))
    return replace(found, keywords=(*found.keywords, keyword(word)))


def looks_like_category(word: str) -> bool:
    """Whether `word` is a category, or was meant as one (`cs.ZZ`), which must not become a keyword."""
    if canonical(word) is not None:
        return True
    head, dot, tail = word.partition(".")
    if not dot or not re.fullmatch(r"[A-Za-z]{2}|[A-Za-z-]{4,}", tail):
        return False
    try:
        return bool(expand(head))
    except BadTopic:
        return False


def categories(typed: str) -> frozenset[str]:
    """Category names, each expanded (`cs` means all its classes); raises BadTopic with the nearest names."""
    return frozenset(category for word in words_of(typed) for category in expand(word))


def keyword(typed: str) -> str:
    """A word or phrase to match, as typed without quotes; raises BadInput if nothing in it can match."""
    cleaned = " ".join(typed.strip().strip('"“”').split())
    phrase(cleaned)
    return cleaned


def author(typed: str) -> str:
    """A name to follow."""
    cleaned = " ".join(typed.strip().strip('"“”').split())
    if not any(char.isalpha() for char in cleaned):
        raise BadInput('write the author as @Name or @"First Last"', "input.author")
    return cleaned


def number(typed: str, *, what: str, key: str, least: int, most: int) -> float:
    """A number in its range; a decimal comma is understood. `key` is the sentence that says the range."""
    refused = BadInput(f"{what} is a number from {least} to {most}", key, least=str(least), most=str(most))
    try:
        value = float(typed.strip().replace(",", "."))
    except ValueError:
        raise refused from None
    if not least <= value <= most:
        raise refused
    return value


def switch(typed: str) -> bool:
    """`on` or `off`."""
    word = typed.strip().casefold()
    if word not in ("on", "off", "yes", "no"):
        raise BadInput("write on or off", "input.switch")
    return word in ("on", "yes")


def day(typed: str) -> date:
    """An ISO date."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        wanted = typed.strip()[:40]
        raise BadInput(f"{wanted!r} is not a date: write it as 2026-01-31", "input.date", typed=wanted) from None


def schedule(typed: str, known: Schedule) -> Schedule:
    """`weekdays 08:00 Berlin`: any of days, hour and zone, in any order; what is not named stays as it is."""
    changed = known
    days: set[int] = set()
    place: list[str] = []
    for word in typed.replace(",", " ").split():
        lowered = word.casefold()
        if lowered in NAMED_DAYS:
            days |= NAMED_DAYS[lowered]
        elif re.fullmatch(r"\d{1,2}([:.h]\d{2})?", lowered):
            changed = replace(changed, at=clock_time(lowered))
        elif _weekday(lowered.partition("-")[0]) is not None:
            days |= _days(lowered)
        else:
            place.append(word)
    if place:
        changed = replace(changed, zone=zone(" ".join(place)))
    return replace(changed, weekdays=frozenset(days)) if days else changed


def _weekday(lowered: str) -> int | None:
    """The day that `lowered` is short for, by three letters or more: `monaco` is none."""
    return next((index for index, name in enumerate(DAYS) if len(lowered) >= 3 and name.startswith(lowered)), None)


def _days(lowered: str) -> set[int]:
    first, dash, last = lowered.partition("-")
    start, end = _weekday(first), _weekday(last if dash else first)
    if start is None or end is None:
        raise BadInput("write days as mon-fri, or mon wed fri", "input.days")
    return {(start + step) % 7 for step in range((end - start) % 7 + 1)}


def clock_time(typed: str) -> time:
    """`8`, `08:00` or `8h30` as a time of day."""
    hour, _, minute = re.sub(r"[.h]", ":", typed).partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except (ValueError, OverflowError):
        message = f"{typed[:20]!r} is not a time of day: write it as 08:30"
        raise BadInput(message, "input.hour", typed=typed[:20]) from None


def zone(typed: str) -> str:
    """An IANA zone by its name or its city, in any case; raises BadInput."""
    found = ZONE_NAMES.get(typed.strip().upper()) or _zones().get(spelled(typed))
    if found is None:
        message = f"{typed.strip()[:40]!r} is no time zone that I know: write a city, such as Berlin or Asia/Tokyo"
        raise BadInput(message, "input.zone", typed=typed.strip()[:40])
    return found


@cache
def _zones() -> dict[str, str]:
    """Every zone by its whole name and by its city; a whole name wins, then the first in the alphabet."""
    names = sorted(name for name in available_timezones() if not name.startswith(("Etc/", "posix/", "right/", "SystemV/")))
    cities = {name.rpartition("/")[2].casefold(): name for name in reversed(names)}
    return {**other_cities(), **cities, **{name.casefold(): name for name in names}}


def _keywords(typed: str) -> Interest:
    """Keywords and `-excluded` words, nothing else: what would be lost here is refused with the command that takes it."""
    found = Interest()
    for word in words_of(typed):
        if word.startswith("@"):
            message = f"{word[:40]!r} is an author: write /authors {word[1:40]}"
            raise BadInput(message, "input.is_author", typed=word[:40], name=word[1:40])
        if looks_like_category(word):
            message = f"{word[:40]!r} is a category: write /categories {word[:40]}"
            raise BadInput(message, "input.is_category", typed=word[:40])
        found = replace(found, keywords=(*found.keywords, keyword(word))) if word.casefold() in SOURCES else _with(found, word)
    return found


InterestChange = Callable[[Interest], Interest]


def change_of_words(typed: str) -> InterestChange:
    """`agents, -survey` adds; `remove agents` takes away, keyword or excluded word; `clear` empties both."""
    verb, rest = _verb(typed)
    if verb == "clear":
        return lambda known: replace(known, keywords=(), excluded=(), excluded_anywhere=())
    added = _keywords(rest)
    gone = _folded((*added.keywords, *added.excluded, *added.excluded_anywhere))
    if verb == "remove":
        return lambda known: replace(
            known,
            keywords=tuple(word for word in known.keywords if word.casefold() not in gone),
            excluded=tuple(word for word in known.excluded if word.casefold() not in gone),
            excluded_anywhere=tuple(word for word in known.excluded_anywhere if word.casefold() not in gone),
        )
    return lambda known: replace(
        known,
        keywords=joined(known.keywords, added.keywords),
        excluded=joined(known.excluded, added.excluded),
        excluded_anywhere=joined(known.excluded_anywhere, added.excluded_anywhere),
    )


def change_of_authors(typed: str) -> InterestChange:
    """`Yann LeCun, Fei-Fei Li` follows both; `remove ...` and `clear` take away."""
    verb, rest = _verb(typed)
    if verb == "clear":
        return lambda known: replace(known, authors=())
    names = tuple(author(name.removeprefix("@")) for name in (part.strip() for part in rest.split(",")) if name)
    gone = _folded(names)
    if verb == "remove":
        return lambda known: replace(known, authors=tuple(n for n in known.authors if n.casefold() not in gone))
    return lambda known: replace(known, authors=joined(known.authors, names))


def _verb(typed: str) -> tuple[str, str]:
    first, _, rest = typed.strip().partition(" ")
    if first.casefold() in ("add", "remove", "clear"):
        return first.casefold(), rest
    return "add", typed


def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def sources(typed: str, there: tuple[str, ...] = SOURCES) -> frozenset[str]:
    """Names of sources; raises BadInput naming those there are."""
    names = frozenset(word.casefold() for word in words_of(typed))
    if not names:
        raise _no_source(there)
    return _allowed(names, there)


def paper_and_style(typed: str, styles: Sequence[str]) -> tuple[str, str | None]:
    """`2601.03417 report` as the paper and the style; an unknown word behind an id is refused, a sentence is not."""
    named, _, last = typed.strip().rpartition(" ")
    style = last.casefold()
    if named and style in styles:
        return named, style
    if len(typed.split()) == 2 and style.isalpha() and any(char.isdigit() for char in named):
        message = f"there is no style {last[:40]!r}; there are: {', '.join(styles)}"
        raise BadInput(message, "styles.unknown", name=last[:40], names=", ".join(styles))
    return typed, None
