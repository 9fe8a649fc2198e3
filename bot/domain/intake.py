"""What sources report besides papers: the pages they come in, how far they got, and why there is nothing."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.papers import Paper, Sighting


class Why(StrEnum):
    """Why a source gave little or nothing for a day. Each has its own sentence in `words`; none becomes "no papers"."""

    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    NOT_OUT_YET = "not_out_yet"  # the batch is not due yet, or due and not there
    STALE = "stale"  # the ids of the batch before, under a fresh build date
    NOTHING_LISTED = "nothing_listed"  # the source answers, and lists nothing for that day
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # 403
    CLIENT_REFUSED = "client_refused"  # 406
    BROKEN = "broken"  # a page that is not what it should be
    CHANGED = "changed"  # a format that we do not know
    BAD_TOPIC = "bad_topic"
    BAD_ENTRY = "bad_entry"
    GUESSED = "guessed"  # found by its title only
    NOT_ON_ARXIV = "not_on_arxiv"
    TOO_OLD = "too_old"  # before what the route can reach back to

    @property
    def is_failure(self) -> bool:
        """Whether the source did not do its work; the others just describe the day."""
        return self in _FAILURES


_FAILURES = frozenset({Why.THROTTLED, Why.UNREACHABLE, Why.REFUSED, Why.CLIENT_REFUSED, Why.BROKEN, Why.CHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell people about one source: `subject` is a category, an entry or a date; `detail` a short technical cause.

    `line` counts from 1 in a file.
    """

    source: str
    why: Why
    subject: str = ""
    detail: str = ""
    on: date | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """All batches of `topic` up to and including `batch_on` have been read from `source`."""

    source: str
    topic: str
    batch_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one request brought: one transaction of the store. `finished` says which batches are complete with this page."""

    source: str
    papers: tuple[Paper, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    finished: tuple[Watermark, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to ask of a source: its categories (empty: all it has), and the batches from `since` to `until`, both included.

    `words` narrow a search by query (title or abstract); sources that list whole days ignore them.
    """

    categories: frozenset[str] = frozenset()
    since: date
    until: date
    words: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
