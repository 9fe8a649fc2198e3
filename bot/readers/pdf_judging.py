"""Whether what came out of a PDF is a text that somebody can read. Pure."""

import re
from collections.abc import Sequence

# A scan has no text, or what its library stamped on it; the shortest recorded text, of one page, has 560 words.
MIN_WORDS = 150
# Of all characters that are no space.
MIN_LETTERS = 0.5
# Of the words of four Latin letters or more.
MIN_WORDLIKE = 0.6
# Words in formulas and abbreviations are shorter.
WORD_LETTERS = 4

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
_WORDLIKE = re.compile(r"(?=.*[aeiouyà-ɏ])[A-ZÀ-Þ]?[a-zà-ɏ]+|[A-Z]+s?", re.IGNORECASE)
_CONSONANTS = re.compile(r"[^aeiouyà-ɏ]{6}", re.IGNORECASE)


def defect(texts: Sequence[str]) -> str | None:
    """What is wrong with the text of a paper; None if nothing is."""
    text = " ".join(texts)
    words = text.split()
    # Scripts without spaces: two or three characters are a word.
    if len(words) + sum("\u3040" <= letter <= "\u9fff" for letter in text) / 2 < MIN_WORDS:
        return f"holds {len(words)} words of text"
    visible = "".join(words)
    letters = sum(letter.isalpha() for letter in visible) / len(visible)
    if letters < MIN_LETTERS:
        return f"is {letters:.0%} letters"
    latin = [word for word in _LATIN.findall(text) if len(word) >= WORD_LETTERS]
    wordlike = sum(map(_is_wordlike, latin)) / len(latin) if latin else 1.0
    return f"is no language: {wordlike:.0%} of its words look like words" if wordlike < MIN_WORDLIKE else None


def _is_wordlike(word: str) -> bool:
    return _WORDLIKE.fullmatch(word) is not None and not _CONSONANTS.search(word)
