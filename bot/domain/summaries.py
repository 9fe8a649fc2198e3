"""What is written about one paper for everybody who reads that style and language: summaries and answers."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.budget import Usage
from bot.domain.findings import Evidence
from bot.domain.papers import PaperRef, TextOrigin
from bot.domain.styles import FieldKind
from bot.errors import (
    ModelDeclined,
    ModelRefused,
    ModelThrottled,
    ModelUnreachable,
    PaperboyError,
    QuotaSpent,
    SummaryFailed,
)


class Lack(StrEnum):
    """Why there is less than a summary of the full text; each has its sentences in `words`."""

    UNREACHABLE = "unreachable"  # the model did not answer: connection, time-out, 5xx
    THROTTLED = "throttled"  # 429
    QUOTA = "quota"  # the account at the provider is used up
    MISCONFIGURED = "misconfigured"  # the key, the model or a parameter is refused
    BAD_ANSWER = "bad_answer"  # no usable summary, after one repair
    DECLINED = "declined"  # the model or its provider's filter would not
    BUDGET = "budget"  # our own budget of the day
    READER_BUDGET = "reader_budget"  # what one reader may cost a day
    TOO_LATE = "too_late"  # the digest would not wait for it
    NO_TEXT = "no_text"  # neither HTML nor PDF can be read
    SITE = "site"  # arXiv did not answer for the text


OUT_OF_MONEY = frozenset({Lack.BUDGET, Lack.READER_BUDGET})

LACKS: tuple[tuple[type[PaperboyError], Lack], ...] = (
    (QuotaSpent, Lack.QUOTA),
    (ModelThrottled, Lack.THROTTLED),
    (ModelUnreachable, Lack.UNREACHABLE),
    (ModelDeclined, Lack.DECLINED),
    (SummaryFailed, Lack.BAD_ANSWER),
    (ModelRefused, Lack.MISCONFIGURED),
)


def lack_of(error: PaperboyError) -> Lack:
    """What a reader is told of an error; one that we do not know counts as no answer."""
    return next((lack for kind, lack in LACKS if isinstance(error, kind)), Lack.UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryField:
    """One section of a summary: `name` is the style's field, `heading` what is shown, each point a sentence or a few.

    In the form of parts each point begins with the part's name and a colon.
    """

    name: str
    heading: str
    points: tuple[str, ...]
    form: FieldKind = FieldKind.POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryKey:
    """What makes two summaries the same: whoever asks for one of these gets the one that was made."""

    ref: PaperRef
    style: str
    language: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a summarizer made of one version of a paper. `model` None means extracted, not written: `origin` says of what.

    `share` is the part of that text which was read (0 to 1], by characters. `lack` says why `origin` is only the abstract,
    where more was wanted. `evidence` is None where sentences are the paper's own.
    """

    ref: PaperRef
    style: str
    language: str
    model: str | None
    origin: TextOrigin
    tldr: str
    fields: tuple[SummaryField, ...] = ()
    tags: tuple[str, ...] = ()
    share: float = 1.0
    lack: Lack | None = None
    evidence: Evidence | None = None
    usage: Usage | None = None

    def lacking(self, lack: Lack | None) -> "Summary":
        """The same, with the reason why no more of the paper was read."""
        return replace(self, lack=lack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a paper's own text says to a question. `is_in_text` False: the text does not hold the answer, and `text` says so.

    With `model` None there is no text, only passages: the quotations of `evidence`.
    """

    ref: PaperRef
    question: str
    language: str
    model: str | None
    origin: TextOrigin
    text: str
    is_in_text: bool
    evidence: Evidence
    share: float = 1.0
    usage: Usage | None = None
