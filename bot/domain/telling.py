"""The words of a question that a passage may answer it by, and where a text holds them. Pure, and made to be fast.

Words are folded as matching folds them (case, accents, plural) and lose their commonest endings, so that "evaluated" is found
by "evaluation"; scripts without spaces go by pairs of letters.
"""

import re
from collections.abc import Iterator

from bot.domain.terms import UNSPACED, plain, tokens

_RUN = re.compile(f"[{UNSPACED}]{{2,}}")
_WORD = re.compile(r"[^\W_]")
# What questions are made of, in English and, without its accents, Vietnamese: it stands in every passage.
_FUNCTION_WORDS = """
a about according after all also an and any are as at author be because been before between both but by can could did do doe
does done during each either else every explain find for from get give given had has have how however i if in into is it its
itself just kind like list made main make many may me mean might more most much must my need no nor not of on one only or
other our out over own paper please same say section shall she should show so some such tell than that the their them then
there these they this those through to too under until up us use used using very was we were what when where whether which
while who whom whose why will with within without would you your study work
la gi co khong nhu the nao bao nhieu cua va cho cac nhung mot duoc trong voi tu den bai nay do ho tai sao khi ra
"""
_FUNCTION = frozenset(_FUNCTION_WORDS.split())
_FUNCTION_LETTERS = frozenset("的了吗呢是在和与及或有什么哪谁这那其为把被让请问怎样如何多少几个们我你他它该也都就")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ions", "ion", "ers", "er", "ed", "es", "ly", "e", "y")
_LEAST_STEM = 4
_WHOLE_WORD = 3  # letters of a word that is looked up with its end: "map" is not in "maple"


def telling_words(question: str) -> frozenset[str]:
    """What `held` can look up: stems of the words that say what is asked, pairs of letters of unspaced scripts."""
    spaced = [token for token in tokens(_RUN.sub(" ", plain(question))) if len(token) > 1 and token not in _FUNCTION]
    return frozenset((*map(_stem, spaced), *_pairs(question)))


def held(text: str, words: frozenset[str]) -> frozenset[str]:
    """Those of `words` (from `telling_words`) that stand in `text`, each at the beginning of a word. Linear in the text."""
    folded = plain(text).casefold()
    return frozenset(word for word in words if _stands_in(word, folded))


def _pairs(question: str) -> Iterator[str]:
    for run in _RUN.findall(plain(question)):
        for at in range(len(run) - 1):
            pair = run[at : at + 2]
            if not _FUNCTION_LETTERS & set(pair):
                yield pair


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word


def _stands_in(word: str, folded: str) -> bool:
    is_pair = _RUN.match(word) is not None
    at = folded.find(word)
    while at >= 0:
        if is_pair or (_is_edge(folded, at - 1) and (len(word) > _WHOLE_WORD or _ends(folded, at + len(word)))):
            return True
        at = folded.find(word, at + 1)
    return False


def _is_edge(folded: str, at: int) -> bool:
    return at < 0 or not _WORD.match(folded, at) or folded[at] >= UNSPACED[0]


def _ends(folded: str, at: int) -> bool:
    """Whether a short word ends here, a plural's s aside."""
    past = at + 1 if folded[at : at + 1] == "s" else at
    return past >= len(folded) or not _WORD.match(folded, past) or folded[past] >= UNSPACED[0]
