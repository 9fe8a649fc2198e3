"""Whether a page that LaTeXML made is the paper, whole and readable; if not, the PDF is the better text. Pure.

Each limit stands between the worst good page and the best bad one of 68 recorded pages (docs/reading.md, 2026-11-21).
"""

import re

from bot.domain.latex import to_unicode
from bot.readers.latexml import Measures

# The shortest good page has 1,297 words beyond its abstract; a page that stops after the abstract has none.
FEWEST_WORDS = 300
# Short papers need no sections (the shortest without one: 3,580 words), but a page of a few words and one heading was cut.
FEWEST_SECTIONS, FEWEST_WORDS_WITHOUT = 2, 1_000
# In 1,000 words: a good page whose underlines failed has 4.6, one whose lists failed 7.5.
MOST_ERRORS = 6.0
# In 1,000 words: no recorded page has more than 0.2, but prompts and papers on TeX itself have reasons for some.
MOST_MACROS = 15.0
# Of the words of the shorter title: 0.24 % of 100,000 random pairs of titles share as many.
LEAST_SHARED = 0.4

_WORD = re.compile(r"\w+")
_OTHER_FILE = re.compile(
    r"\W*(supplement|supporting information|cover letter|response to|reply to (the )?re|rebuttal)", re.IGNORECASE
)


def defect(page: Measures, title: str) -> str | None:
    """What is wrong with the page of a paper of this title, in words for the log; None if it can be trusted."""
    if not page.is_latexml:
        return "it is not a page that LaTeXML made"
    if page.words < FEWEST_WORDS:
        return f"it has {page.words} words beyond the abstract" + (", and errors" if page.errors else "")
    if not page.is_whole:
        return "it is cut: it has no end"
    if page.sections < FEWEST_SECTIONS and page.words < FEWEST_WORDS_WITHOUT:
        return f"it has {page.words} words in {page.sections} sections"
    if page.errors / page.words * 1_000 > MOST_ERRORS:
        return f"the converter did not know {page.errors} macros"
    if page.macros / page.words * 1_000 > MOST_MACROS:
        return f"it has {page.macros} raw macros"
    if not is_same_title(page.title, title):
        return "it has the title of something else"
    return None


def is_same_title(shown: str, title: str) -> bool:
    """Whether the page's own title can be that of the paper; an empty one can be anything's."""
    if _OTHER_FILE.match(shown) and not _OTHER_FILE.match(title):
        return False
    ours, theirs = _words(title), _words(shown)
    fewest = min(len(ours), len(theirs))
    return fewest == 0 or len(ours & theirs) / fewest >= LEAST_SHARED


def _words(title: str) -> frozenset[str]:
    return frozenset(_WORD.findall(to_unicode(title).casefold()))
