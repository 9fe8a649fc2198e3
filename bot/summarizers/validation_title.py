"""Whether the title that a model copied is that of the paper which it was given: answers do get mixed up."""

import re
from difflib import SequenceMatcher

from bot.domain.latex import to_unicode
from bot.domain.terms import plain
from bot.summarizers.validation_language import has_vietnamese, scripts

SAME = 0.6
"""The share of the shorter title's words that the other has. Two titles of different papers reach it in 1 of 10,000 pairs
(300,000 pairs of 40,001 titles of 2026), and every title that was copied, cut or respelt does."""
CLOSE = 0.8  # of the characters, for titles of a word or two and for slips of the pen
_WORD = re.compile(r"[^\W_]+")
_COMMON = frozenset("a an the of for in on and to with via from by at is are as".split())  # noqa: SIM905 - reads better so
_LONGEST = 500
_LEAST_CUT = 6


def is_title_of(said: str, title: str) -> bool:
    """Whether `said` may be this title, whole or cut, in any spelling; a translation cannot be judged and may."""
    ours, theirs = _words(title), _words(said)
    if not ours or not theirs or _is_translated(said, title):
        return True
    a, b = set(ours) - _COMMON, set(theirs) - _COMMON
    if a and b and len(a & b) >= SAME * min(len(a), len(b)):
        return True
    whole, part = sorted(("".join(ours), "".join(theirs)), key=len, reverse=True)
    is_cut = len(part) >= _LEAST_CUT and whole.startswith(part)
    return is_cut or SequenceMatcher(None, whole, part, autojunk=False).ratio() >= CLOSE


def _words(title: str) -> list[str]:
    return _WORD.findall(plain(to_unicode(title[:_LONGEST])).casefold())


def _is_translated(said: str, title: str) -> bool:
    if has_vietnamese(said) != has_vietnamese(title):
        return True
    main = [max(found, key=found.__getitem__) if (found := scripts(text)) else "" for text in (said, title)]
    return main[0] != main[1]
