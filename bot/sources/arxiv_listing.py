"""What a feed or a page lists, before it becomes pages of ours: pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.categories import ARCHIVES, NAMES, canonical
from bot.domain.identity import merge
from bot.domain.intake import Notice, Why
from bot.domain.papers import AnnounceType, Paper, PaperKey
from bot.errors import PaperboyError
from bot.sources.arxiv_access import SOURCE

_STRENGTH = {kind: rank for rank, kind in enumerate(AnnounceType)}
_FROM_ELSEWHERE = r"(?! from (?!arxiv))"  # a paper withdrawn from a conference is still on arXiv
_WITHDRAWN_COMMENT = re.compile(
    rf"\bwithdrawn (?:by|due|because|as|since)\b|\b(?:is|was|been) withdrawn\b{_FROM_ELSEWHERE}|^withdrawn\b{_FROM_ELSEWHERE}",
    re.IGNORECASE,
)
_WITHDRAWN_ABSTRACT = re.compile(
    r"^\W*(?:this|the) (?:paper|article|manuscript|submission|preprint|work|note|version)\b[^.]{0,60}?"
    rf"\b(?:is|was|been)(?: temporarily)? withdrawn\b{_FROM_ELSEWHERE}|^\W*withdrawn\b{_FROM_ELSEWHERE}",
    re.IGNORECASE,
)

_TOPIC = re.compile(r"[A-Za-z-]{2,20}(?:\.[A-Za-z-]{2,20})?")

EVERYTHING = tuple(sorted({*ARCHIVES, *(name for name in NAMES if "." not in name)}))
"""Every archive, for those who name no category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One announcement: the paper as far as the listing tells, and how it was announced (None: it does not say)."""

    paper: Paper
    announce_type: AnnounceType | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one day brought: `finished` topics were read whole, `refused` ones do not exist.

    `error` broke the day off: what stands here was read before it. `was_asked` is false for a day without a request.
    """

    listed: tuple[Listed, ...] = ()
    finished: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    error: PaperboyError | None = None
    was_asked: bool = True


def joined(outcomes: Iterable[Outcome]) -> Outcome:
    """Several outcomes of the same day as one; a paper in several of them is listed once."""
    parts = tuple(outcomes)
    return Outcome(
        listed=each_once(listed for part in parts for listed in part.listed),
        finished=frozenset().union(*(part.finished for part in parts)),
        refused=frozenset().union(*(part.refused for part in parts)),
        notices=tuple(dict.fromkeys(notice for part in parts for notice in part.notices)),
        error=next((part.error for part in parts if part.error), None),
    )


def each_once(listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """Each paper once, in order, under its strongest announce type: labels depend on what was asked together."""
    found: dict[PaperKey, Listed] = {}
    for one in listed:
        known = found.get(one.paper.key)
        found[one.paper.key] = _stronger(known, one) if known else one
    return tuple(found.values())


def _stronger(known: Listed, other: Listed) -> Listed:
    kinds = [kind for kind in (known.announce_type, other.announce_type) if kind]
    best = min(kinds, key=_STRENGTH.__getitem__, default=None)
    return Listed(paper=merge(known.paper, other.paper), announce_type=best)


def belongs(categories: tuple[str, ...], topic: str) -> bool:
    """Whether one of a paper's categories is the topic, or in any class of an archive."""
    classes = ARCHIVES.get(topic.lower(), frozenset()) | {canonical(topic) or topic}
    return not classes.isdisjoint(categories)


def is_topic(name: str) -> bool:
    """Whether a name has the shape of a category or an archive, so that it can go into a URL; arXiv says if it exists."""
    return bool(_TOPIC.fullmatch(name))


def is_withdrawn(comment: str | None, abstract: str) -> bool:
    """Whether this version was withdrawn: arXiv says so in the comment, authors sometimes in the abstract's first words."""
    return bool(_WITHDRAWN_COMMENT.search(comment or "") or _WITHDRAWN_ABSTRACT.search(abstract))


def notice(why: Why, day: date | None = None, *, subject: str = "", detail: str = "") -> Notice:
    """A notice of this source; details come from outside and are cut."""
    return Notice(source=SOURCE, why=why, subject=subject, detail=detail[:200], on=day)


def with_more(listed: Listed, paper: Paper) -> Listed:
    """The same announcement with more known of its paper; nothing the listing said is lost."""
    return replace(listed, paper=merge(listed.paper, paper))
