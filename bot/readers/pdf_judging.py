"""Whether what came out of a PDF is a text that somebody can read. Pure."""

import re
from collections.abc import Sequence

# A scan has no text, or what its library stamped on it; the shortest recorded text, of one page, has 560 words.
MIN_WORDS = 150
# Of all characters that are no space: 42 recorded papers have 0.70 (all formulas) to 0.97.
MIN_LETTERS = 0.5
# Of the words of four Latin letters or more: recorded papers have 0.965 or more that somebody could say; the same papers with
# their letters exchanged, as fonts whose codes mean nothing give them, 0.52 to 0.84.
MIN_WORDLIKE = 0.9
WORD_LETTERS = 4
# Fewer Latin words than that are names and abbreviations in a text of another script.
MIN_LATIN_WORDS = 100

_LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
_CJK = re.compile(r"[\u3040-\u9fff]")
_VOWEL = re.compile(r"[aeiouyà-ɏ]", re.IGNORECASE)
_CONSONANTS = re.compile(r"[^aeiouyà-ɏ]{6}", re.IGNORECASE)


def defect(texts: Sequence[str]) -> str | None:
    """What is wrong with the text of a paper; None if nothing is."""
    text = " ".join(texts)
    words = text.split()
    # Scripts without spaces: two or three characters are a word.
    if len(words) + len(_CJK.findall(text)) / 2 < MIN_WORDS:
        return f"holds {len(words)} words of text"
    visible = "".join(words)
    letters = sum(map(str.isalpha, visible)) / len(visible)
    if letters < MIN_LETTERS:
        return f"is {letters:.0%} letters"
    latin = [word for word in _LATIN.findall(text) if len(word) >= WORD_LETTERS]
    wordlike = sum(map(_is_wordlike, latin)) / len(latin) if len(latin) >= MIN_LATIN_WORDS else 1.0
    return f"is no language: {wordlike:.0%} of its words look like words" if wordlike < MIN_WORDLIKE else None


def _is_wordlike(word: str) -> bool:
    return bool(word.isupper() or _VOWEL.search(word)) and not _CONSONANTS.search(word)
