"""Who gets what, and when: addresses, interests, schedules. What a schedule means in time is in `schedules`."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One address's wish, at most one per address. `id` is None until stored; `next_due_at` is aware UTC, None while paused."""

    id: int | None = None
    address: Address
    interest: Interest = field(default_factory=Interest)
    schedule: Schedule = field(default_factory=Schedule)
    style: str = "card"
    language: str = "en"
    limit: int = 10
    wants_empty_note: bool = True
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
