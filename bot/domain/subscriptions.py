"""Who gets what, and when: addresses, interests, schedules. What a schedule means in time is in `schedules`."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

EVERY_DAY = frozenset(range(7))
WORK_DAYS = frozenset(range(5))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Address:
    """Where a digest goes: `chat` and `thread` are the platform's own ids, as text."""

    platform: str
    chat: str
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What somebody wants to read. Empty `categories` means any; empty `keywords` and `authors` mean every paper.

    `excluded` words apply to the title, `excluded_anywhere` to title and abstract. `threshold` is a score from 0 to 10,
    `min_votes` counts only where a source has votes.
    """

    sources: frozenset[str] = frozenset({"arxiv"})
    categories: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    excluded_anywhere: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    threshold: float = 0.0
    min_votes: int = 0
    wants_replacements: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Local time, IANA zone and weekdays (Monday is 0). `paused_until` is exclusive; `is_paused` without it has no end."""

    at: time = time(9, 0)
    zone: str = "UTC"
    weekdays: frozenset[int] = EVERY_DAY
    is_paused: bool = False
    paused_until: date | None = None


DRAFT = Schedule(is_paused=True)
"""Of a subscription that somebody has not finished setting up: what was said is kept, and nothing is sent."""


class Form(StrEnum):
    """How much of each paper a digest shows in chat."""

    CARDS = "cards"  # the summary in full, its longer part folded
    COMPACT = "compact"  # title, authors, why, and one sentence
    TITLES = "titles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One address's wish, at most one per address. `id` is None until stored; `next_due_at` is aware UTC, None while paused.

    `is_muted`: digests come without a sound. `wants_empty_note`: a day without papers gets a line that says why.
    `members_may_ask`: in a group, whoever is no admin may have papers summarized, searched and questioned too.
    `has_thread`: where a platform has threads of messages, the day's papers come in one.
    """

    id: int | None = None
    address: Address
    interest: Interest = field(default_factory=Interest)
    schedule: Schedule = field(default_factory=Schedule)
    style: str = "card"
    language: str = "en"
    limit: int = 10
    form: Form = Form.CARDS
    wants_empty_note: bool = True
    is_muted: bool = False
    members_may_ask: bool = True
    has_thread: bool = True
    next_due_at: datetime | None = None
    created_at: datetime | None = None


def joined(known: tuple[str, ...], added: tuple[str, ...]) -> tuple[str, ...]:
    """Both lists of words in order, each word once whatever its case: the spelling that was first stays."""
    first = {word.casefold(): word for word in reversed((*known, *added))}
    return tuple(dict.fromkeys(first[word.casefold()] for word in (*known, *added)))


def union(known: Interest, added: Interest) -> Interest:
    """Both wishes in one: lists are joined in order, sources and categories united; numbers stay as they were."""
    return replace(
        known,
        sources=known.sources | added.sources,
        categories=known.categories | added.categories,
        keywords=joined(known.keywords, added.keywords),
        excluded=joined(known.excluded, added.excluded),
        excluded_anywhere=joined(known.excluded_anywhere, added.excluded_anywhere),
        authors=joined(known.authors, added.authors),
    )
