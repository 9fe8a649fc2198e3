"""The passages of a paper that hold the words of a question: what answers it where no model is set up. Nothing is written.

question -> telling words -> the sentences that hold any -> up to three, rare words and words not yet shown first
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.findings import Quotation
from bot.domain.foreign_links import without_foreign_links
from bot.domain.papers import FullText
from bot.domain.telling import held, telling_words
from bot.summarizers.sentences import sentences

MOST = 3
_LONGEST = 700  # characters: what is longer is a table or a listing run together, not a sentence
_SHORTEST_BYTES = 20  # a cell of a table says nothing by itself; seven letters of Chinese do
_SHOWN_BEFORE = 0.3  # what a word is still worth once a passage with it was chosen


@dataclass(frozen=True, slots=True)
class _Passage:
    place: int
    quotation: Quotation
    words: frozenset[str]


def passages(text: FullText, question: str, hosts: frozenset[str] = frozenset()) -> tuple[Quotation, ...]:
    """Up to three whole sentences of `text` with their section's heading, in its order; () if none holds enough.

    One word of the question is enough if it has one or two telling ones; of more, two must stand in a sentence. Links in
    them lead to `hosts` only; any other can be read and not followed.
    """
    words = telling_words(question)
    least = 1 if len(words) <= 2 else 2
    candidates = tuple(passage for passage in _candidates(text, words) if passage.words)
    worth = _worth(words, candidates)
    left = [passage for passage in candidates if len(passage.words) >= least]
    chosen: list[_Passage] = []
    while left and len(chosen) < MOST:
        best = max(left, key=lambda passage: (sum(worth[word] for word in passage.words), -passage.place))
        chosen.append(best)
        worth |= {word: worth[word] * _SHOWN_BEFORE for word in best.words}
        left = [passage for passage in left if passage.quotation.text != best.quotation.text]
    return tuple(_unlinked(passage.quotation, hosts) for passage in sorted(chosen, key=lambda passage: passage.place))


def _unlinked(quotation: Quotation, hosts: frozenset[str]) -> Quotation:
    return Quotation(text=without_foreign_links(quotation.text, hosts), section=without_foreign_links(quotation.section, hosts))


def _candidates(text: FullText, words: frozenset[str]) -> Iterator[_Passage]:
    place = 0
    for section in text.sections:
        for line in section.text.split("\n"):
            if not held(line, words):
                continue
            for sentence in sentences(" ".join(line.split())):
                place += 1
                if len(sentence.encode("utf-8", "replace")) >= _SHORTEST_BYTES and len(sentence) <= _LONGEST:
                    quotation = Quotation(text=sentence, section=section.heading)
                    yield _Passage(place, quotation, held(sentence, words))


def _worth(words: frozenset[str], candidates: tuple[_Passage, ...]) -> dict[str, float]:
    """A word tells the more the fewer sentences hold it, as in inverse document frequency."""
    counts = {word: sum(word in passage.words for passage in candidates) for word in words}
    return {word: math.log(1 + len(candidates) / count) if count else 0.0 for word, count in counts.items()}
