"""Options as a person would type them: each function makes the steps of a command out of what was chosen.

What would be taken for something else when it is typed is quoted, or refused here, before anything is changed.
"""

from collections.abc import Callable, Iterator
from datetime import time

from bot.domain.subscriptions import Schedule
from bot.errors import BadInput
from handlers import parsing
from handlers.discord.labels import category_codes, meant
from handlers.discord.options import Options, Step

Steps = Callable[[Options], tuple[Step, ...]]
EVERY = "all"
_BEFORE = Schedule(at=time(0, 0, 1), weekdays=frozenset())  # nobody can type this one
_SOURCES = {"both": "arxiv, huggingface"}


def line(command: str, *names: str) -> Steps:
    """The command with its options one after the other."""
    return lambda options: ((command, " ".join(filter(None, (text(options, name) for name in names)))),)


def fixed(command: str, typed: str) -> Steps:
    """Always the same."""
    return lambda _: ((command, typed),)


def text(options: Options, name: str) -> str:
    """One option as it is typed; "" for one that was left out."""
    value = options.get(name, "")
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value).strip()


def subscribe(options: Options) -> tuple[Step, ...]:
    """A wish, and behind it when it is to come; with nothing chosen the settings, which lead a newcomer step by step."""
    wish = ", ".join(_wish(options)).replace("; at ", ";at ")  # which would begin the hour
    when = _when(options)
    if not wish and not when:
        return (("settings", ""),)  # not every paper that there is
    return (("subscribe", "".join((f"{wish}," if wish else "", f"; at {when}" if when else ""))),)


def _wish(options: Options) -> Iterator[str]:
    chosen = text(options, "categories")
    if chosen:
        yield from sorted(_categories(chosen) or ())
    for part in parsing.words_of(text(options, "keywords")):
        yield part if _is_special(part) else f'"{part}"'
    for name in text(options, "authors").split(","):
        if name.strip():
            yield f"@{parsing.author(name.strip().removeprefix('@'))}"
    source = text(options, "sources")
    if source:
        yield _SOURCES.get(source, source)


def _is_special(part: str) -> bool:
    """`-survey`, `@Name`, `cs.CL`: what says by itself that it is no keyword."""
    return part.startswith(("-", "@")) or parsing.looks_like_category(part)


def _categories(typed: str) -> frozenset[str] | None:
    """What is named, None for every one; raises BadTopic."""
    plain = category_codes(typed)
    if EVERY in (part.casefold() for part in parsing.words_of(plain)):
        return None
    return parsing.categories(plain)


def categories(options: Options) -> tuple[Step, ...]:
    """The categories from now on."""
    chosen = text(options, "categories")
    found = _categories(chosen) if chosen else frozenset()
    return (("categories", EVERY if found is None else " ".join(sorted(found))),)


def keywords(options: Options) -> tuple[Step, ...]:
    """Words cleared, removed, added, in this order."""
    steps = _changes("keywords", options, lambda typed: ", ".join((*parsing.words_of(typed), "")))
    for _, typed in filter(lambda step: step[1], steps):
        parsing.change_of_words(typed)
    return steps


def authors(options: Options) -> tuple[Step, ...]:
    """Names cleared, removed, added, in this order."""
    steps = _changes("authors", options, lambda typed: typed)
    for _, typed in filter(lambda step: step[1], steps):
        parsing.change_of_authors(typed)
    return steps


def _changes(command: str, options: Options, listed: Callable[[str], str]) -> tuple[Step, ...]:
    """With nothing chosen the command alone, which shows what is there."""
    cleared = ((command, "clear"),) if options.get("clear") is True else ()
    named = ((verb, text(options, verb)) for verb in ("remove", "add"))
    return (*cleared, *((command, f"{verb} {listed(value)}") for verb, value in named if value)) or ((command, ""),)


def schedule(options: Options) -> tuple[Step, ...]:
    """Days, hour and zone."""
    return (("time", _when(options)),)


def _when(options: Options) -> str:
    days, hour = text(options, "days"), text(options, "time")
    named = (_days(days) if days else "", f"{parsing.clock_time(hour):%H:%M}" if hour else "", _zone(options))
    return " ".join(filter(None, named))


def _days(typed: str) -> str:
    no_days = BadInput("write days as mon-fri, or mon wed fri", "input.days")
    try:
        found = parsing.schedule(typed, _BEFORE)
    except BadInput:  # of an hour or a zone, which it would be elsewhere
        raise no_days from None
    if not found.weekdays or (found.at, found.zone) != (_BEFORE.at, _BEFORE.zone):
        raise no_days
    return " ".join(parsing.DAYS[day] for day in sorted(found.weekdays))


def _zone(options: Options) -> str:
    place = text(options, "timezone")
    return parsing.zone(meant(place)) if place else ""


def timezone(options: Options) -> tuple[Step, ...]:
    """Where the reader is."""
    return (("timezone", _zone(options)),)


def language(options: Options) -> tuple[Step, ...]:
    """A language by code or name."""
    return (("language", meant(text(options, "language"))),)


def style(options: Options) -> tuple[Step, ...]:
    """The layout first: a style that there is not is said, and nothing is said behind it."""
    layout, form = text(options, "layout"), _form(options)
    steps = (*((("layout", layout),) if layout else ()), *((("style", form),) if form else ()))
    return steps or (("style", ""),)


def summary(options: Options) -> tuple[Step, ...]:
    """A paper, and the style of this one summary."""
    return (("summary", " ".join(filter(None, (text(options, "paper"), _form(options))))),)


def _form(options: Options) -> str:
    """The name of a style, whose label says behind it what it is."""
    return text(options, "style").partition(" - ")[0]


def save(options: Options) -> tuple[Step, ...]:
    """On the list, or off it."""
    return (("save", f"{'remove ' if options.get('remove') is True else ''}{text(options, 'paper')}"),)


def search(options: Options) -> tuple[Step, ...]:
    """A search, and which of its pages."""
    page = text(options, "page")
    return (("search", text(options, "query") + (f" page {page}" if page else "")),)
