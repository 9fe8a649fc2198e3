"""A wish and a paper, both made ready for each other, and the two rules that keep a paper out whatever its score."""

from dataclasses import dataclass
from functools import lru_cache

from bot.domain.digests import Refusal
from bot.domain.latex import to_unicode
from bot.domain.names import Name, name
from bot.domain.papers import Paper
from bot.domain.subscriptions import Interest
from bot.domain.terms import Folded, Phrase, fold, phrase
from bot.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTerms:
    """Title and abstract of one version, folded."""

    title: Folded
    abstract: Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An interest with its words parsed; words that fold alike are one."""

    keywords: tuple[Phrase, ...]
    authors: tuple[tuple[str, Name], ...]
    excluded: tuple[Phrase, ...]
    excluded_anywhere: tuple[Phrase, ...]
    categories: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether every paper of the categories is wanted, as no word or author was given."""
        return not self.keywords and not self.authors


@lru_cache(maxsize=2000)
def paper_terms(title: str, abstract: str) -> PaperTerms:
    """The terms of raw texts, TeX included.

    Kept for the last 2,000 papers, as every interest and the selection ask for the same: 7 MB for 715 papers.
    """
    return PaperTerms(title=fold(to_unicode(title)), abstract=fold(to_unicode(abstract)))


def wish(interest: Interest) -> Wish:
    """Parse what the interest holds; raises BadInput for a word in which nothing can match (see `terms.phrase`)."""
    return Wish(
        keywords=_phrases(interest.keywords),
        authors=_names(interest.authors),
        excluded=_phrases(interest.excluded),
        excluded_anywhere=_phrases(interest.excluded_anywhere),
        categories=interest.categories,
    )


def barred(paper: Paper, wanted: Wish) -> Refusal | None:
    """CATEGORY or EXCLUDED, or None: what no score can outweigh.

    A paper whose categories nobody told us is not refused for them.
    """
    if wanted.categories and paper.categories and wanted.categories.isdisjoint(paper.categories):
        return Refusal.CATEGORY
    if not wanted.excluded and not wanted.excluded_anywhere:
        return None
    terms = paper_terms(paper.title, paper.abstract)
    if any(word.is_in(terms.title) for word in wanted.excluded + wanted.excluded_anywhere):
        return Refusal.EXCLUDED
    return Refusal.EXCLUDED if any(word.is_in(terms.abstract) for word in wanted.excluded_anywhere) else None


def _phrases(typed: tuple[str, ...]) -> tuple[Phrase, ...]:
    distinct: dict[tuple[object, ...], Phrase] = {}
    for found in map(phrase, typed):
        distinct.setdefault((found.runs, found.letter, found.is_prefix), found)
    return tuple(distinct.values())


def _names(typed: tuple[str, ...]) -> tuple[tuple[str, Name], ...]:
    distinct: dict[Name, tuple[str, Name]] = {}
    for text in typed:
        parsed = name(text)
        if not parsed.letters:
            message = f"{text.strip()[:40]!r} is no name to follow: write it as First Last"
            raise BadInput(message, "input.no_name", typed=text.strip()[:40])
        distinct.setdefault(parsed, (" ".join(text.split()), parsed))
    return tuple(distinct.values())
