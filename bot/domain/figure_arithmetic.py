"""Figures that a summary works out: the difference, sum, ratio or relative change of two numbers that belong together.

A paper with 3,000 numbers has millions of pairs, and by chance nearly any figure is made by some. So the two must both stand
in the sentence of the summary, or be compared in one sentence of the text ("from 45.4 to 56.1").
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise

from bot.domain.figure_index import ALMOST
from bot.domain.figure_units import are_comparable
from bot.domain.figures import Number

MAX_APART = 60
"""Characters between two numbers that a text compares."""

_COMPARED = re.compile(
    r"(?:\bto\b|\bvs\b|\bversus\b|\bagainst\b|\bover\b|\bthan\b|\bcompared\b|\bfrom\b|\binstead of\b|→|->|⟶|\\to\b|\\rightarrow)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?;](?=\s)|\n\s*\n")


def compared(text: str, numbers: Sequence[Number]) -> tuple[tuple[Number, Number], ...]:
    """The pairs of neighbours that a text compares."""
    return tuple(
        (one, other)
        for one, other in pairwise(numbers)
        if one.unit.dimension in ("", "count") or other.unit.dimension in ("", "count", one.unit.dimension)
        if one.end < other.start <= one.end + MAX_APART
        if one.step == other.step or one.unit == other.unit
        if _COMPARED.search(between := text[one.end : other.start]) and not _SENTENCE_END.search(between)
    )


def follows_from(claimed: Number, named: Sequence[Number], pairs: Iterable[tuple[Number, Number]]) -> bool:
    """Whether a figure is made of two of the numbers `named` beside it, or of one of the text's `pairs`."""
    own = (pair for pair in combinations(named, 2) if claimed.sign != "-" or pair[0].value > pair[1].value)
    if any(_makes(claimed, *pair, is_named=True) for pair in own):
        return True
    return claimed.sign != "-" and any(_makes(claimed, *pair) for pair in pairs)  # which of the two comes first is not known


def _makes(claimed: Number, one: Number, other: Number, *, is_named: bool = False) -> bool:
    if not are_comparable(one.unit, other.unit):
        return False
    room = claimed.step / 2 if claimed.step else 0.02 * claimed.value
    trivial = (one.value, other.value, 1.0)  # a ratio to 1, a difference to 0
    return any(
        abs(made - claimed.value) <= room * (1 + ALMOST) and made not in trivial
        for made in _made(claimed, one, other, is_named=is_named)
    )


def _made(claimed: Number, one: Number, other: Number, *, is_named: bool) -> Iterator[float]:
    """What two numbers make in the unit of the figure."""
    low, high = sorted((one.value * one.unit.factor, other.value * other.unit.factor))
    dimension = claimed.unit.dimension
    units = {one.unit.dimension, other.unit.dimension}
    is_plain = "pt" not in units  # points are a difference already
    if dimension in ("x", "") and low > 0 and is_plain and (dimension or not claimed.step):
        yield from (high / low, low / high) if not dimension else (high / low,)
    if dimension == "%" and low > 0 and is_plain:
        yield from (100 * (high - low) / low, 100 * (high - low) / high)
        if not claimed.sign:
            yield 100 * low / high
    is_same_kind = units <= {dimension, "", "count"} or (dimension in ("%", "pt", "") and units <= {"%", "pt", ""})
    if is_same_kind and dimension != "x" and _is_exact_enough(claimed, one, other):
        by = claimed.unit.factor
        yield (high - low) / by
        if dimension in ("%", "pt") and high <= 1:
            yield 100 * (high - low)
        if is_named and not claimed.sign and dimension in ("", "count"):
            yield high + low


def _is_exact_enough(claimed: Number, one: Number, other: Number) -> bool:
    """A difference has no more digits than its parts, and says something only where it is no small whole number."""
    has_digits = claimed.value >= (3 if claimed.unit.dimension == "pt" else 10) * claimed.step
    return claimed.step >= max(one.step, other.step) / 100 * (1 - ALMOST) and has_digits
