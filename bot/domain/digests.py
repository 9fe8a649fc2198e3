"""What is made for one reader: scores with reasons, the plan, the summaries, the digest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.intake import Notice
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.summaries import Lack, Summary

MOST_REST = 500  # papers beyond the limit that are remembered of a digest


class ReasonKind(StrEnum):
    """What a part of a score comes from; each has its word in `words`."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"
    CATEGORY = "category"
    VOTES = "votes"
    CODE = "code"
    LISTED = "listed"  # asked for without any word: every paper of the source


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One shown part of a score: `matched` is the word as the reader gave it (or the author, or the number of votes)."""

    kind: ReasonKind
    matched: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """From 0 to 10 with one decimal; exactly the sum of `reasons`. 0 means: does not match."""

    value: float
    reasons: tuple[Reason, ...] = ()


class Refusal(StrEnum):
    """Why a paper is not in a digest."""

    NO_MATCH = "no_match"
    EXCLUDED = "excluded"
    CATEGORY = "category"
    BELOW_THRESHOLD = "below_threshold"
    FEW_VOTES = "few_votes"
    OVER_LIMIT = "over_limit"
    REPLACEMENT = "replacement"
    SHOWN_BEFORE = "shown_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One paper chosen for one reader, and why."""

    seen: SeenPaper
    score: Score
    is_late: bool = False  # an earlier digest had it, and could not be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the head of a digest says: found by the sources, matching the wish, listed here."""

    found: int
    matched: int
    listed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPlan:
    """What selection decides: the picks in order, how many matched, and why each other paper is not there.

    `below_votes` are picks under the reader's minimum of votes, taken by rank as no paper reached it. `rest` are those that
    match and are beyond the limit, best first.
    """

    picks: tuple[Pick, ...]
    counts: Counts
    refused: Mapping[PaperKey, Refusal] = field(default_factory=dict)
    below_votes: frozenset[PaperKey] = frozenset()
    rest: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One paper of a digest. `lack` says why a model's summary is missing for now: then `summary` is extracted, or None."""

    pick: Pick
    summary: Summary | None = None
    lack: Lack | None = None


class SlotKind(StrEnum):
    DAILY = "daily"
    CATCHUP = "catchup"  # makes up for slots of days that are over
    NOW = "now"


class Skipped(StrEnum):
    """Why nothing of a digest is sent."""

    EMPTY = "empty"  # nothing to show, and its reader wants no word of such days
    FAILED = "failed"  # it could not be made until its deadline
    WITHDRAWN = "withdrawn"  # asked for by somebody to whom it was never shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Names a digest of a subscription once: the local date, the kind, and a running number for all but daily ones.

    A catch-up has the date of the last day that it makes up for.
    """

    on: date
    kind: SlotKind
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What a digest was made from, for its head: names as people typed them."""

    sources: tuple[str, ...]
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A day's papers for one reader, complete: what layout and reports need, and nothing else.

    `spans` are the first and last batch dates covered; `makes_up_for` the first and last day whose digests this one
    stands for, where there was none. `notices` tell of each source what was missing and why;
    `empty_because` is set when there are no items: a notice of a source says more, so it only names what selection did.
    """

    on: date
    made_at: datetime
    criteria: Criteria
    items: tuple[DigestItem, ...]
    counts: Counts
    spans: tuple[date, date] | None = None
    makes_up_for: tuple[date, date] | None = None
    notices: tuple[Notice, ...] = ()
    empty_because: tuple["Emptiness", ...] = ()
    below_votes: int = 0  # items under the reader's minimum of votes, here by rank as no paper reached it
    shown_before: int = 0  # papers that match and that the reader had already
    model: str | None = None
    language: str = "en"
    style: str = "card"

    @property
    def left_out(self) -> int:
        """Papers that match, are new to the reader and are not listed."""
        return max(0, self.counts.matched - self.shown_before - len(self.items))


class Emptiness(StrEnum):
    """Why a digest has no items although its sources answered."""

    NOTHING_LISTED = "nothing_listed"
    NOTHING_MATCHED = "nothing_matched"
    NOTHING_NEW = "nothing_new"  # all that matches was shown before
    SOURCES_DOWN = "sources_down"
