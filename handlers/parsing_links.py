"""What a link to the bot carries (`?start=...`): a wish, an hour and a place, in at most 58 letters, digits, `_` and `-`.

    cat_cs-LG_cs-CL_kw_agents_-survey_t0900_z_Europe-Berlin

`cat` begins categories (the full stop is a hyphen), `kw` words (a space is a hyphen; `-survey` is excluded from titles), `src`
sources, `pre` presets, `z` a zone (the slash is a hyphen); `t0900` is the hour. Each may come once or more, in any order.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.domain.actions import from_base36
from bot.domain.categories import NAMES
from bot.domain.presets import PRESETS
from bot.domain.subscriptions import Interest, Schedule, joined, union
from bot.domain.zones import home
from bot.errors import BadInput
from handlers import parsing

MOST = 58  # characters, so that a button can carry it too; Telegram takes 64
LEADS = ("settings", "saved", "deletemydata", "help")
"""Links that are a command of that name."""

_PARTS = ("cat", "kw", "src", "pre", "z")
_HOUR = re.compile(r"t([01]\d|2[0-3])([0-5]\d)")
_WORD = re.compile(r"-{0,2}[A-Za-z0-9]+( [A-Za-z0-9]+)*")
_CATEGORIES: Mapping[str, str] = {name.replace(".", "-").lower(): name for name in NAMES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What a link asks for; None: it says nothing of that."""

    interest: Interest
    at: time | None = None
    zone: str | None = None

    def schedule(self, known: Schedule, language: str) -> Schedule:
        """A schedule as the link has it. Where it names no zone, one that never chose its own gets that of its language."""
        zone = self.zone or (home(language) if known.zone == Schedule().zone else known.zone)
        return replace(known, at=self.at or known.at, zone=zone)


def settings_of(payload: str) -> int | None:
    """The number of the address whose settings a link leads to (`settings-1f`), None if it leads elsewhere."""
    name, _, number = payload.partition("-")
    return from_base36(number) if name == "settings" and number else None


def linked(payload: str, there: tuple[str, ...]) -> Linked | None:
    """What a link asks for, None for what is no link of this kind. Sources that are not `there` are left out."""
    if len(payload) > MOST or not re.fullmatch(r"[A-Za-z0-9_-]+", payload):
        return None
    found, part, zone = Linked(interest=Interest(sources=frozenset())), "", []
    for token in payload.split("_"):
        if token in _PARTS:
            part = token
        elif (hour := _HOUR.fullmatch(token)) is not None:
            found = replace(found, at=time(int(hour[1]), int(hour[2])))
        elif part == "z":
            zone.append(token)
        else:
            try:
                found = replace(found, interest=union(found.interest, _wish(part, token)))
            except BadInput:
                return None
    if zone:
        found = replace(found, zone=_zones().get("_".join(zone).lower()))
    wish = found.interest
    if (zone and found.zone is None) or not (wish.categories or wish.keywords or wish.excluded or wish.sources):
        return None
    return replace(found, interest=replace(wish, sources=wish.sources & frozenset(there) or frozenset(there[:1])))


def _wish(part: str, token: str) -> Interest:
    """What one token adds; raises BadInput for what means nothing."""
    none = Interest(sources=frozenset())
    if part == "cat" and token.lower() in _CATEGORIES:
        return replace(none, categories=frozenset({_CATEGORIES[token.lower()]}))
    if part == "src" and token in parsing.SOURCES:
        return replace(none, sources=frozenset({token}))
    if part == "pre" and token in PRESETS:
        return replace(none, sources=PRESETS[token].sources, categories=PRESETS[token].categories)
    if part == "kw" and token.strip("-"):
        word = parsing.keyword(token.lstrip("-").replace("-", " "))
        if token.startswith("--"):
            return replace(none, excluded_anywhere=(word,))
        return replace(none, excluded=(word,)) if token.startswith("-") else replace(none, keywords=(word,))
    raise BadInput("no such link")


def payload(interest: Interest, *, at: time | None = None, zone: str = "") -> str | None:
    """The link for a wish; None for one that does not fit or has words that a link cannot hold. Authors are left out."""
    words = joined(
        interest.keywords,
        (*(f"-{word}" for word in interest.excluded), *(f"--{word}" for word in interest.excluded_anywhere)),
    )
    tokens = [*(("cat", *(name.replace(".", "-") for name in sorted(interest.categories))) if interest.categories else ())]
    tokens += ["src", *sorted(interest.sources)] if interest.sources != Interest().sources else []
    tokens += ["kw", *(word.replace(" ", "-") for word in words)] if words else []
    tokens += [f"t{at:%H%M}"] if at is not None else []
    tokens += ["z", zone.replace("/", "-")] if zone else []
    made = "_".join(tokens)
    back = linked(made, parsing.SOURCES) if all(_WORD.fullmatch(word) for word in words) else None
    asked = replace(interest, authors=(), threshold=0.0, min_votes=0, wants_replacements=False)
    return made if back == Linked(interest=asked, at=at and at.replace(second=0, microsecond=0), zone=zone or None) else None


@cache
def _zones() -> dict[str, str]:
    """Every zone as links write it."""
    return {name.replace("/", "-").lower(): name for name in sorted(available_timezones()) if not name.startswith("Etc/")}
