"""A subscription's settings as a file that people keep, edit and carry to another bot, and back. Pure, but not fast.

    Subscription -> {"paperboy": 1, "interest": {...}, "schedule": {...}, "form": {...}} -> Change -> Subscription

No id of a platform is in it. The file is a stranger's when it comes back: each name, type and range is checked.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from bot.domain import portable_values as values
from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.portable_values import DAYS, At, Rules
from bot.domain.subscriptions import Form, Subscription

VERSION = 1
MAX_BYTES = 1_000_000  # 200 words of 200 letters in each of four lists, in any script
MAX_VOTES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a file says; what it does not name stays as it is."""

    interest: Mapping[str, Any]
    schedule: Mapping[str, Any]
    form: Mapping[str, Any]

    def onto(self, known: Subscription) -> Subscription:
        """`known` with the file's settings in the place of its own."""
        interest, schedule = replace(known.interest, **self.interest), replace(known.schedule, **self.schedule)
        return replace(known, interest=interest, schedule=schedule, **self.form)


def encoded(subscription: Subscription) -> bytes:
    """The file: the same bytes for the same settings, one setting a line, in UTF-8."""
    interest, schedule = subscription.interest, subscription.schedule
    sections = (("interest", interest, _INTEREST), ("schedule", schedule, _SCHEDULE), ("form", subscription, _FORM))
    parts = [f'  "paperboy": {VERSION}', *(f'  "{name}": {_lines(held, settings)}' for name, held, settings in sections)]
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _lines(held: object, settings: tuple["_Setting", ...]) -> str:
    values = ((key, json.dumps(write(getattr(held, field)), ensure_ascii=False)) for key, field, write, _ in settings)
    return "{\n" + ",\n".join(f'    "{key}": {value}' for key, value in values) + "\n  }"


def decoded(name: str, content: bytes, rules: Rules) -> Change:
    """What the file `name` says. Raises UnfitFile, which names the first flaw that is found."""
    read = _parsed(name, content)
    if "paperboy" not in read:
        raise UnfitFile(name, Flaw.NO_SETTINGS)
    version = read["paperboy"]
    if type(version) is not int or version < 1:
        raise UnfitFile(name, Flaw.NO_VERSION, most=VERSION)
    if version > VERSION:
        raise UnfitFile(name, Flaw.NEWER)
    for key in read:
        if key not in ("paperboy", "interest", "schedule", "form"):
            raise UnfitFile(name, Flaw.UNKNOWN, place=key)
    return Change(
        interest=_section(At(name, "interest", rules), read.get("interest", {}), _INTEREST),
        schedule=_section(At(name, "schedule", rules), read.get("schedule", {}), _SCHEDULE),
        form=_section(At(name, "form", rules), read.get("form", {}), _FORM),
    )


def _parsed(name: str, content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise UnfitFile(name, Flaw.TOO_LARGE, most=MAX_BYTES // 1_000_000)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise UnfitFile(name, Flaw.TWICE, place=key)
            found[key] = value
        return found

    def refused(_: str) -> NoReturn:  # NaN and Infinity, which Python would take
        raise UnfitFile(name, Flaw.NO_JSON)

    try:
        read = json.loads(content, object_pairs_hook=unique, parse_constant=refused)
    except ValueError as error:
        raise UnfitFile(name, Flaw.NO_JSON) from error
    except RecursionError as error:
        raise UnfitFile(name, Flaw.TOO_DEEP) from error
    if not isinstance(read, dict):
        raise UnfitFile(name, Flaw.NO_SETTINGS)
    return read


def _section(at: At, read: object, settings: tuple["_Setting", ...]) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise at.unfit(Flaw.NO_SECTION)
    known = {key: (field, take) for key, field, _, take in settings}
    found = {}
    for key, value in read.items():
        inner = At(at.file, f"{at.place}.{key}", at.rules)
        if key not in known:
            raise inner.unfit(Flaw.UNKNOWN)
        field, take = known[key]
        found[field] = take(inner, value)
    return found


_Setting = tuple[str, str, Callable[[Any], object], Callable[[At, object], Any]]
"""Its name in the file, its field, how it is written, and how it is read; Any is the field's own type."""


def _as_is(value: object) -> object:
    return value


_INTEREST: tuple[_Setting, ...] = (
    ("sources", "sources", sorted, values.sources),
    ("categories", "categories", sorted, values.categories),
    ("keywords", "keywords", list, values.keywords),
    ("excluded", "excluded", list, values.keywords),
    ("excluded_anywhere", "excluded_anywhere", list, values.keywords),
    ("authors", "authors", list, values.authors),
    ("threshold", "threshold", _as_is, lambda at, value: values.number(at, value, 10)),
    ("min_votes", "min_votes", _as_is, lambda at, value: values.whole(at, value, 0, MAX_VOTES)),
    ("replacements", "wants_replacements", _as_is, values.switch),
)
_SCHEDULE: tuple[_Setting, ...] = (
    ("at", "at", lambda at: f"{at:%H:%M}", values.clock_time),
    ("zone", "zone", _as_is, values.zone),
    ("weekdays", "weekdays", lambda days: [DAYS[day] for day in sorted(days)], values.weekdays),
    ("paused", "is_paused", _as_is, values.switch),
    ("paused_until", "paused_until", lambda day: day and day.isoformat(), values.date_or_none),
)
_FORM: tuple[_Setting, ...] = (
    ("limit", "limit", _as_is, lambda at, value: values.whole(at, value, 1, at.rules.max_limit)),
    ("style", "style", _as_is, lambda at, value: values.choice(at, value, at.rules.styles)),
    ("language", "language", _as_is, values.language),
    ("layout", "form", _as_is, lambda at, value: Form(values.choice(at, value, tuple(Form)))),
    ("empty_days", "wants_empty_note", _as_is, values.switch),
    ("muted", "is_muted", _as_is, values.switch),
    ("members", "members_may_ask", _as_is, values.switch),
    ("thread", "has_thread", _as_is, values.switch),
)
