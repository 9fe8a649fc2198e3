"""What a person's own library tells of their interests: who wrote much of it, which words come again and again. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.intake import Notice
from bot.domain.names import name
from bot.domain.plurals import singular
from bot.domain.terms import LOOSE, plain

MAX_AUTHORS = 8
MAX_WORDS = 10
MAX_CHARS = 60  # of a name or a phrase: it must fit on a button
LONGEST_PHRASE = 3
LEAST_ENTRIES = 2  # that a phrase must stand in

# What every title says, whatever it is about; with LOOSE, which binds words together.
_EMPTY = """
about across after against all also among based before better between beyond by case chapter com comparison comparative
comprehensive do does during effective efficient empirical evaluating exploring fast few first five four from good guide
handbook how http https i ii iii improved improving into introduction investigating its less let like long make making many
more most much need new non note notes novel one only other out over overview paper part per perspective perspectives
proceedings report review should simple some studies survey than their them then theory there third three through toward
towards two under understanding use using very via volume way we well what when which while who why will within without work
workshop www year years yet you your
"""
_STOP = LOOSE | frozenset(_EMPTY.split())
# What says something beside another word only.
_BESIDE = """
analyses analysis application applications approach approaches evaluation framework frameworks method methods model models
problem problems research results study system systems technique techniques technical
"""
_WEAK = frozenset(_BESIDE.split())
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*[+#]{0,2}")
_BETWEEN = re.compile(r"[^\w\s'’+#-]+")  # no phrase runs across punctuation


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one entry of a library says: texts without TeX."""

    title: str
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A library as it was read: its text, its entries in order, and what of it could not be read."""

    text: str
    entries: tuple[Entry, ...]
    failed: tuple[Notice, ...] = ()


Counted = tuple[tuple[str, int], ...]
"""Names or phrases, each with the number of entries that hold it; the most frequent first."""


def frequent_authors(entries: Iterable[Entry]) -> Counted:
    """At most 8 authors, those of the most entries first, then as in the file; each under the name that is used most."""
    spellings: dict[str, Counter[str]] = {}
    for entry in entries:
        of_entry = {name(author).letters: author for author in reversed(entry.authors) if _fits(author)}
        for letters, author in reversed(of_entry.items()):
            spellings.setdefault(letters, Counter())[author] += 1
    ranked = sorted(spellings.values(), key=lambda used: -used.total())
    return tuple((used.most_common(1)[0][0], used.total()) for used in ranked[:MAX_AUTHORS])


def frequent_words(entries: Iterable[Entry]) -> Counted:
    """At most 10 phrases of one to three words that stand in the titles or keywords of two entries or more.

    Longer ones go first among equals, and what only ever stands inside of a longer one is left out. Plural and singular count
    as one, as matching takes them.
    """
    spellings: dict[tuple[str, ...], Counter[str]] = {}
    for entry in entries:
        for key, spelling in _phrases(entry).items():
            spellings.setdefault(key, Counter())[spelling] += 1
    found = {key: used for key, used in spellings.items() if used.total() >= LEAST_ENTRIES}
    ranked = sorted(found, key=lambda key: (-found[key].total() * len(key), -len(key)))
    chosen: list[tuple[str, ...]] = []
    for key in ranked:
        if len(chosen) < MAX_WORDS and not any(_is_part(key, longer) or _is_part(longer, key) for longer in chosen):
            chosen.append(key)
    counted = ((found[key].most_common(1)[0][0], found[key].total()) for key in chosen)
    return tuple(sorted(counted, key=lambda one: -one[1]))


def _fits(author: str) -> bool:
    return len(author) <= MAX_CHARS and any(map(str.isalpha, author))


def _phrases(entry: Entry) -> dict[tuple[str, ...], str]:
    """Every phrase of an entry once, by what it is compared with."""
    found: dict[tuple[str, ...], str] = {}
    for text in (entry.title, *entry.keywords):
        for run in _runs(text):
            for words in _parts(run):
                spelling = " ".join(words)
                if len(spelling) <= MAX_CHARS:
                    found.setdefault(tuple(singular(plain(word).casefold()) for word in words), spelling)
    return found


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Words in a row between punctuation and words that say nothing."""
    for piece in _BETWEEN.split(text):
        run: list[str] = []
        for word in _WORD.findall(piece):
            if _says_something(word):
                run.append(word if any(map(str.isupper, word[1:])) else word.casefold())
            elif run:
                yield tuple(run)
                run = []
        if run:
            yield tuple(run)


def _says_something(word: str) -> bool:
    return len(word) > 1 and word.casefold() not in _STOP and any(map(str.isalpha, word))


def _parts(run: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(1, LONGEST_PHRASE + 1):
        for start in range(len(run) - size + 1):
            part = tuple(run[start : start + size])
            if not _WEAK.issuperset(map(str.casefold, part)):
                yield part


def _is_part(short: Sequence[str], whole: Sequence[str]) -> bool:
    return any(tuple(whole[start : start + len(short)]) == tuple(short) for start in range(len(whole) - len(short) + 1))
