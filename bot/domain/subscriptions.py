"""Who gets what, and when: addresses, interests, schedules, and the one function that says when the next digest is due."""

from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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


def local_date(schedule: Schedule, now: datetime) -> date:
    """The day it is for the subscriber at `now`."""
    return now.astimezone(ZoneInfo(schedule.zone)).date()


def next_due(schedule: Schedule, now: datetime, last_slot_on: date | None = None) -> datetime | None:
    """The first instant (UTC) after `now` at which a daily digest is due; None while paused without an end.

    `last_slot_on` is the local date whose daily digest was made: that day is over, whatever hour is chosen now. A local
    time that the clock skips moves to the next that exists (02:30 to 03:00), one that comes twice fires on its first.
    """
    if (schedule.is_paused and schedule.paused_until is None) or not schedule.weekdays:
        return None
    zone = ZoneInfo(schedule.zone)
    day = now.astimezone(zone).date()
    if last_slot_on is not None:
        day = max(day, last_slot_on + timedelta(days=1))
    if schedule.is_paused and schedule.paused_until is not None:
        day = max(day, schedule.paused_until)
    if day.year >= MAXYEAR:  # paused until the end of all calendars
        return None
    for offset in range(9):
        candidate = day + timedelta(days=offset)
        if candidate.weekday() in schedule.weekdays:
            due = _instant(candidate, schedule.at, zone)
            if due > now and due.astimezone(zone).date() == candidate:  # Samoa had no 30 December 2011
                return due
    return None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the clocks of `zone` first show `at` or later on `day`, in UTC.

    Of a skipped time fold 0 gives an instant behind the change of the clocks and fold 1 one before it (PEP 495); the
    change itself lies between the two.
    """
    local = datetime.combine(day, at.replace(fold=0, tzinfo=None), tzinfo=zone)
    due = local.astimezone(UTC)
    if due.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return due
    before, behind = local.replace(fold=1).astimezone(UTC), due
    offset = behind.astimezone(zone).utcoffset()
    while behind - before > timedelta(seconds=1):
        middle = (before + (behind - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            behind = middle
        else:
            before = middle
    return behind
