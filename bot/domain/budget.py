"""What model calls cost, and how far a summary may go on what is left of the day's money. Pure.

Money is counted in millionths of the currency in which the prices are set, so sums are exact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum

CHARS_PER_TOKEN = 4.0
"""A rough measure for English; no vocabulary is downloaded. The real count comes with each answer."""
MILLION = 1_000_000
SET_ASIDE = 2
"""Requests that money is set aside for: a summary or an answer may need a second one, to repair it or for its figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one or more calls; an estimate where no answer told them."""

    tokens_in: int
    tokens_out: int
    calls: int = 1
    is_estimate: bool = False

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            calls=self.calls + other.calls,
            is_estimate=self.is_estimate or other.is_estimate,
        )


NO_USAGE = Usage(tokens_in=0, tokens_out=0, calls=0)


def usage_of(error: Exception) -> Usage:
    """What was spent until it failed, as errors about models carry it in `tokens`."""
    tokens_in, tokens_out, calls = getattr(error, "tokens", (0, 0, 0))
    return Usage(tokens_in=tokens_in, tokens_out=tokens_out, calls=calls)


def day_of(now: datetime) -> datetime:
    """The beginning of the day that money is counted by: midnight, UTC."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money for a million tokens, in millionths of the currency."""

    tokens_in: int = 0
    tokens_out: int = 0

    def of(self, usage: Usage) -> int:
        """What these tokens cost, in millionths, rounded up."""
        return -(-(usage.tokens_in * self.tokens_in + usage.tokens_out * self.tokens_out) // MILLION)


class Depth(IntEnum):
    """How much is made of a paper, in the fixed order in which money decides; its title is what is always left."""

    EXTRACTED = 1
    ABSTRACT = 2
    FULL_TEXT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that a day (UTC) may cost, in millionths: for everybody, and for one reader. None: no limit."""

    total: int | None = None
    reader: int | None = None

    def allows(self, cost: int, *, spent: int, spent_by_reader: int) -> bool:
        """Whether `cost` may be spent on top of what was spent today."""
        is_within = self.total is None or spent + cost <= self.total
        return is_within and (self.reader is None or spent_by_reader + cost <= self.reader)

    def is_readers(self, cost: int, *, spent: int) -> bool:
        """Whether, if `cost` may not be spent, it is for the reader's own limit."""
        return self.total is None or spent + cost <= self.total

    def is_gone(self, *, spent: int, calls: int) -> bool:
        """Whether the day's money has no room for one more call like those `calls` of today, with what is set aside for it."""
        if self.total is None or not spent:
            return False
        return self.total - spent < SET_ASIDE * (spent // max(calls, 1))

    def depth(self, *, full_text: int, abstract: int, spent: int, spent_by_reader: int) -> Depth:
        """The most that may be made, given what a summary of the full text and one of the abstract would cost."""
        for depth, cost in ((Depth.FULL_TEXT, full_text), (Depth.ABSTRACT, abstract)):
            if self.allows(cost, spent=spent, spent_by_reader=spent_by_reader):
                return depth
        return Depth.EXTRACTED


def estimated(chars_in: int, tokens_out: int) -> Usage:
    """What a request will use, before it is made: so much is set aside."""
    return Usage(tokens_in=round(chars_in / CHARS_PER_TOKEN), tokens_out=tokens_out, is_estimate=True)
