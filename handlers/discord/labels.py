"""What a choice is called while somebody types, and what was meant when its whole label comes back as text.

A client shows the label of what was chosen, and whoever types on sends it along: `cs.CL - Computation and Language, cs.L`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.domain.categories import ARCHIVES, NAMES
from bot.words import languages, words

MOST = 100  # characters of a label, and of a value
_CODE = re.compile(r"([A-Za-z][A-Za-z.-]*) - ")
_BEHIND = re.compile(r"\(([A-Za-z0-9_/+-]+)\)\s*\Z")


def category_label(code: str, title: str) -> str:
    """`cs.CL - Computation and Language`."""
    return f"{code} - {title}"


def titles(language: str) -> Mapping[str, str]:
    """Every category by its English name, and each archive, which stands for all its classes, by its own."""
    said = words(language)
    return {**{archive: said(f"group.{archive}") for archive in sorted(ARCHIVES)}, **NAMES}


@cache
def _all_titles() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language in languages():
        for code, title in titles(language).items():
            found[code] = (*found.get(code, ()), title)
    return found


def category_codes(typed: str) -> str:
    """The same text with the labels of categories cut down to their codes."""
    kept, begin = [], 0
    for label in _CODE.finditer(typed):
        title = next((each for each in _all_titles().get(label[1], ()) if typed.startswith(each, label.end())), None)
        if title is not None and label.start() >= begin:
            kept.append(typed[begin : label.end(1)])
            begin = label.end() + len(title)
    return "".join((*kept, typed[begin:]))


def language_label(code: str, own: str) -> str:
    """`Deutsch (de)`."""
    return f"{own} ({code})"


def zone_label(place: str, zone: str, now: datetime) -> str:
    """`Munich - 14:05 (Europe/Berlin)`: what the clock shows there; `now` is aware."""
    return f"{place} - {now.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"


def meant(typed: str) -> str:
    """What a label has in brackets at its end, or the text as it is."""
    found = _BEHIND.search(typed)
    return found[1] if found else typed


def fitting(label: str) -> str:
    """As much of a label as may be shown."""
    return label if len(label) <= MOST else f"{label[: MOST - 1]}…"
