"""Ranker by words: what the reader typed, found in title, abstract and authors, with a little for votes and code.

All points are whole tenths until they are shown, so that the shown parts add up exactly. docs/matching.md has the table.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.domain.digests import Reason, ReasonKind, Score
from bot.domain.latex import to_unicode
from bot.domain.matching import Wish, barred, paper_terms, wish
from bot.domain.names import Name, name
from bot.domain.papers import LinkKind, Paper, SeenPaper
from bot.domain.subscriptions import Interest

FULL = 100  # tenths; no score is higher

# Tenths for the first, second ... keyword in one place; the last figure is for each one after.
TITLE = (40, 20, 10, 5)
ABSTRACT = (15, 8, 4, 2)  # keywords that are not in the title
ALSO_IN_ABSTRACT = (5, 2, 1)  # keywords that are in the title as well
AUTHOR = (30, 10)
LISTED = 10  # below the least that a word brings, so that a first keyword never lowers what it finds
CODE = 3
MOST_FOR_VOTES = 15

_Part = tuple[ReasonKind, str, int]


class KeywordRanker:
    """Implements `ports.Ranker`; holds nothing."""

    def score(self, papers: Sequence[SeenPaper], interest: Interest) -> tuple[Score, ...]:
        """As `ports.Ranker` says; raises BadInput for a keyword or author in which nothing can match."""
        wanted = wish(interest)
        return tuple(_score(seen, wanted) for seen in papers)


def _score(seen: SeenPaper, wanted: Wish) -> Score:
    if barred(seen.paper, wanted) is not None:
        return Score(value=0.0)
    parts = list(_from_words(seen.paper, wanted)) if wanted.keywords else []
    parts += _from_authors(seen.paper, wanted)
    if wanted.is_open:
        parts.append((ReasonKind.LISTED, "", LISTED))
    return _summed([*parts, *_from_outside(seen)]) if parts else Score(value=0.0)


def _from_authors(paper: Paper, wanted: Wish) -> Iterator[_Part]:
    if not wanted.authors:
        return
    names = [_author_name(author.name) for author in paper.authors]
    found = (typed for typed, followed in wanted.authors if any(followed.may_be(author) for author in names))
    yield from ((ReasonKind.AUTHOR, typed, _nth(AUTHOR, rank)) for rank, typed in enumerate(found))


@lru_cache(maxsize=16_384)
def _author_name(raw: str) -> Name:
    return name(to_unicode(raw))


def _from_words(paper: Paper, wanted: Wish) -> Iterator[_Part]:
    """Titles first, then words that only the abstract has, then those it has too: each in the reader's order."""
    terms = paper_terms(paper.title, paper.abstract)
    in_title = [word for word in wanted.keywords if word.is_in(terms.title)]
    in_abstract = [word for word in wanted.keywords if word.is_in(terms.abstract)]
    only = [word for word in in_abstract if word not in in_title]
    also = [word for word in in_abstract if word in in_title]
    for kind, words, table in (
        (ReasonKind.TITLE, in_title, TITLE),
        (ReasonKind.ABSTRACT, only, ABSTRACT),
        (ReasonKind.ABSTRACT, also, ALSO_IN_ABSTRACT),
    ):
        yield from ((kind, word.typed, _nth(table, rank)) for rank, word in enumerate(words))


def _from_outside(seen: SeenPaper) -> Iterator[_Part]:
    """What others made of it: never a match by itself."""
    votes = seen.votes or 0
    if (tenths := votes_tenths(votes)) > 0:
        yield ReasonKind.VOTES, str(votes), tenths
    if any(link.kind is LinkKind.CODE for link in seen.paper.links):
        yield ReasonKind.CODE, "", CODE


def votes_tenths(votes: int) -> int:
    """Tenths for a number of votes: 0.1 for one, 0.5 for 8, 1.2 for 156, at most 1.5 (from 533 on); none for 0 and below."""
    return min(MOST_FOR_VOTES, math.floor(5.5 * math.log10(1 + votes))) if votes > 0 else 0


def _nth(table: tuple[int, ...], rank: int) -> int:
    return table[min(rank, len(table) - 1)]


def _summed(parts: Sequence[_Part]) -> Score:
    """The score of these parts in order; what would go beyond ten is taken from the last ones, and an empty part is not shown."""
    reasons: list[Reason] = []
    left = FULL
    for kind, matched, tenths in parts:
        granted = min(tenths, left)
        if granted > 0:
            reasons.append(Reason(kind=kind, matched=matched, points=granted / 10))
            left -= granted
    return Score(value=(FULL - left) / 10, reasons=tuple(reasons))
