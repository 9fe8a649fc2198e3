"""The formulas of one page as short texts: Unicode where that is cheap and readable, else TeX, else what the browser shows."""

import re

from bot.domain.latex import to_unicode
from bot.readers.latexml_markup import cleaned

# The longest formula that a person wrote, of 21,000 recorded ones, has 1,051 characters; pictures in formulas have 27,000.
LONGEST = 2_000
# What is turned into Unicode on one page, at 1 ms for 1,000 characters; the most of 68 recorded pages is 105,000.
MOST_TEX = 120_000

_PICTURE = r"\pgf"
_ANNOTATION = re.compile(r"<annotation\b[^>]*encoding=\"application/x-tex\"[^>]*>([^<]*)<", re.IGNORECASE)
_ANNOTATIONS = re.compile(r"<annotation(?:-xml)?\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
# How LaTeXML breaks long lines of TeX, and what it puts before a formula that stands alone.
_BREAK = re.compile(r"%\s*\n\s*")
_DISPLAY = re.compile(r"^\\(?:displaystyle|textstyle|scriptstyle)(?![A-Za-z])\s*")


class Formulas:
    """Remembers what a formula became, for one page: the same few stand on it again and again."""

    __slots__ = ("_known", "_spent")

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._spent = 0

    def text(self, tex: str, mathml: str) -> str:
        """One formula, once, on one line: `tex` is its alttext, `mathml` the inside of its <math>."""
        tex = tex or _annotated(mathml)
        if not tex or len(tex) > LONGEST or _PICTURE in tex:
            return _shown(mathml) or " ".join(tex[:LONGEST].split())
        if tex not in self._known:
            self._known[tex] = self._short(_DISPLAY.sub("", _BREAK.sub("", tex)))
        return self._known[tex]

    def _short(self, tex: str) -> str:
        self._spent += len(tex)
        return " ".join((to_unicode(f"${tex}$") if self._spent <= MOST_TEX else tex).split())


def _annotated(mathml: str) -> str:
    found = _ANNOTATION.search(mathml)
    return cleaned(found[1]) if found else ""


def _shown(mathml: str) -> str:
    """The signs of the formula in their order, without what stands behind them for machines."""
    start = _ANNOTATIONS.search(mathml)
    return " ".join(cleaned(_TAGS.sub("", mathml[: start.start()] if start else mathml)).split())
