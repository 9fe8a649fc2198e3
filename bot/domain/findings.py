"""What looking up a summary's figures and quotations found (evidence.py does the looking up)."""

from dataclasses import dataclass
from enum import StrEnum


class FigureState(StrEnum):
    """What became of looking a figure up."""

    FOUND = "found"
    COMPUTED = "computed"  # the difference, ratio or relative change of two figures that are in the text
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as the summary writes it, with its sign and unit: "10.7 points", "1.2 万", "3x"."""

    written: str
    state: FigureState


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words that are said to stand in the paper, and the heading of the section where."""

    text: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedQuotation:
    quotation: Quotation
    is_found: bool


TRUSTED_SHARE = 0.9
"""A summary with a smaller share of its figures in the text is asked for again once, then marked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was looked up: every figure once, in the order of the summary, and every quotation."""

    figures: tuple[Figure, ...] = ()
    quotations: tuple[CheckedQuotation, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The figures that the text does not hold, as written."""
        return tuple(figure.written for figure in self.figures if figure.state is FigureState.MISSING)

    @property
    def found(self) -> int:
        """How many figures are in the text or follow from two that are."""
        return len(self.figures) - len(self.missing)

    @property
    def is_trusted(self) -> bool:
        """Whether enough of the figures are in the text; a summary without figures is."""
        return self.found >= TRUSTED_SHARE * len(self.figures)
