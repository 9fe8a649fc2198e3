"""Whether words stand in a text as quoted: forgiving what extraction and typing change, never a word or a digit.

text -> tokens -> one run without spaces, with the edges of tokens marked -> the parts of the quotation looked up in order
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

MIN_WORDS, MIN_CJK = 4, 12
"""A shorter quotation is no evidence: it would be found anywhere."""
MIN_PART_WORDS, MIN_PART_CJK = 2, 4
MAX_SKIPPED_CHARS = 600
"""How much of the text an ellipsis may leave out."""

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
_HYPHEN = re.compile(r"(?<=[^\W\d_])\s*-\s*(?=[^\W\d_])")
_ELLIPSIS = re.compile(r"\s*[\[(]?(?:\.\s?\.\s?\.|…)+[\])]?\s*")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w+(?:[-'.]\w+)*")
_SAME = (
    dict.fromkeys(map(ord, "‘’‚‛`´′"), "'")
    | dict.fromkeys(map(ord, "“”„‟«»″「」『』"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")
    | dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None)
    | {ord("，"): ",", ord("。"): "."}
)
_DOUBLED = re.compile("''")
_OUTSIDE = " \t\n\"'.,;:!?。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """A text ready for look-ups: `run` is its tokens without spaces, `edges[i]` is 1 where one begins or ends."""

    run: str
    edges: bytes

    def find(self, quotation: str) -> int | None:
        """Where in `run` the quotation begins; None where it does not stand in the text or is too short to count."""
        parts = [part.strip(_OUTSIDE) for part in _ELLIPSIS.split(_normal(quotation).strip(_OUTSIDE))]
        parts = [part for part in parts if part]
        if not _is_long_enough(" ".join(parts), MIN_WORDS, MIN_CJK):
            return None
        if len(parts) > 1 and not all(_is_long_enough(part, MIN_PART_WORDS, MIN_PART_CJK) for part in parts):
            return None
        runs = ["".join(_tokens(part)) for part in parts]
        at = self._first(runs[0], 0, len(self.run))
        while at is not None:
            if self._follow(runs[1:], at + len(runs[0])):
                return at
            at = self._first(runs[0], at + 1, len(self.run))
        return None

    def _follow(self, runs: list[str], end: int) -> bool:
        for run in runs:
            at = self._first(run, end, min(len(self.run), end + MAX_SKIPPED_CHARS + len(run)))
            if at is None:
                return False
            end = at + len(run)
        return True

    def _first(self, run: str, start: int, end: int) -> int | None:
        """The first place where `run` stands between edges, its first letter in either case."""
        cases = {run, run[:1].swapcase() + run[1:]}
        found = [at for one in cases if (at := self._next(one, start, end)) is not None]
        return min(found, default=None)

    def _next(self, run: str, start: int, end: int) -> int | None:
        at = self.run.find(run, start, end)
        while at >= 0:
            if self.edges[at] and self.edges[at + len(run)]:
                return at
            at = self.run.find(run, at + 1, end)
        return None


def passages(text: str) -> Passages:
    """`text` made ready, once for all its quotations."""
    tokens = _tokens(_normal(text))
    edges = bytearray(sum(map(len, tokens)) + 1)
    for at in accumulate(map(len, tokens), initial=0):
        edges[at] = 1
    return Passages(run="".join(tokens), edges=bytes(edges))


def _normal(text: str) -> str:
    """One form of ligatures, widths, quote marks and dashes. Line by line: a long call would hold up every other thread."""
    if not text.isascii():
        text = "".join(map(_normal_line, text.splitlines(keepends=True)))
    return _DOUBLED.sub('"', text.replace("`", "'"))


def _normal_line(line: str) -> str:
    return line if line.isascii() else unicodedata.normalize("NFKC", line.translate(_SAME)).translate(_SAME)


def _tokens(text: str) -> list[str]:
    """Words, digits and marks. A hyphen between letters is passed over: it may be the end of a line."""
    return _TOKEN.findall(_HYPHEN.sub(" ", text))


def _is_long_enough(text: str, words: int, cjk: int) -> bool:
    return len(_CJK.findall(text)) >= cjk or len(_WORD.findall(_CJK.sub(" ", text))) >= words
