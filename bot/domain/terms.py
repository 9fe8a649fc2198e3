"""Words as matching sees them: text -> tokens -> one folded run of characters in which phrases are looked up.

    "Pre-Training of Agents"  ->  pre·training·of·agent  ->  "pretraining of agent", with the edges of words marked

A phrase is found where its own run stands between two edges: so whole words only, and hyphens or spaces inside a word make
no difference. docs/matching.md names each rule for readers and is tested against this module. Works on Unicode: TeX has
become text before (`matching.PaperTerms`).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from bot.domain.plurals import singular
from bot.errors import BadInput

MAX_PHRASE_CHARS = 200
SHORTEST_PREFIX = 3  # letters before a `*`

# Scripts written without spaces between words, or with endings grown onto them: each character is a token.
UNSPACED = "\u0e00-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
UNSPACED += "\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = re.compile(f"[{UNSPACED}]")
_LETTER = rf"[^\W_{UNSPACED}]"
_TOKEN = re.compile(
    rf"({_LETTER}+(?:['’ʼ]{_LETTER}+|(?<=\d)[.,](?=\d){_LETTER}+)*"  # agents, model's, GPT4o, 3.5, 1,000
    r"(?:(?<=(?<![\w*])[A-Za-z])(?:\+\+|\#(?!\w)|\*(?![\w*])))?"  # C++, C#, A*
    rf"|[{UNSPACED}])"
)

# Words that never grow together with a neighbour: "in accuracy" is not "inaccuracy" (131 times in 30,778 abstracts).
_LOOSE = """
a an and any are as at be by can cannot every for from has have i in is it its nor not of on or our so that the these this to
up us was we were where whose with
"""
LOOSE = frozenset(_LOOSE.split())

_MARKS = re.compile("[\u0300-\u036f]")  # accents of Latin, Greek and Cyrillic; signs of other scripts stay
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ı": "i",
    }
)
_HYPHEN = re.compile(r"[-‐‑‒–−/_.:'’·]|--|")  # between two tokens, without spaces
_PAUSE = re.compile(r"[,;:.!?…—，。；：！？、]|\s[-–−]+\s")


# What stands between two tokens; plain strings, as these are compared a quarter of a million times for a day of papers.
HYPHEN = "-"  # nothing, a hyphen, a slash, a dot: "multi-agent", "C/C++", "node.js"
SPACE = " "  # spaces, brackets, quotes
PAUSE = "\n"  # punctuation that no phrase runs across


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word; `is_letter` for a single letter of a script that has words, `is_loose` for one that stays apart.

    `is_plain` for one that is none of this and has no digit at its ends.
    """

    text: str
    is_letter: bool
    is_loose: bool
    is_digit_first: bool
    is_digit_last: bool
    is_plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text ready for look-ups: `edges[i]` is 1 where a word begins or ends at `run[i]`; `letters` stand alone."""

    run: str
    edges: bytes
    letters: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What somebody typed, ready to be looked up: any of `runs`, or one `letter` in its case."""

    typed: str
    runs: tuple[str, ...]
    letter: str | None = None
    is_prefix: bool = False

    def is_in(self, text: Folded) -> bool:
        """Whether the phrase stands in `text` as whole words."""
        if self.letter is not None:
            return self.letter in text.letters
        return any(_stands_in(run, text, is_prefix=self.is_prefix) for run in self.runs)


def phrase(typed: str) -> Phrase:
    """The phrase that `typed` means; quotes around it say nothing, a `*` at its end stands for any ending.

    Raises BadInput where no letter or digit is in it, where it is longer than 200 characters, or where fewer than three
    letters stand before the `*` ("A*", the algorithm, is a word).
    """
    cleaned = " ".join(typed.strip().strip('"“”„«»「」').split())
    if len(cleaned) > MAX_PHRASE_CHARS:
        message = f"a phrase is at most {MAX_PHRASE_CHARS} characters long; this one has {len(cleaned)}"
        raise BadInput(message, "input.long_phrase", most=MAX_PHRASE_CHARS, length=len(cleaned))
    raws, gaps = _parsed(cleaned)
    if not raws:
        message = f"{typed.strip()[:40]!r} has no word to look for: write a word or a phrase"
        raise BadInput(message, "input.no_word", typed=typed.strip()[:40])
    is_prefix = cleaned.endswith("*") and not raws[-1].endswith("*")
    if is_prefix and len(raws[-1]) < SHORTEST_PREFIX and not _UNSPACED.match(raws[-1]):
        message = f"write at least {SHORTEST_PREFIX} letters before the *: {cleaned[:40]!r} would find too much"
        raise BadInput(message, "input.prefix", least=SHORTEST_PREFIX, typed=cleaned[:40])
    folded = list(map(_token, raws))
    if len(folded) == 1 and folded[0].is_letter:
        return Phrase(typed=cleaned, runs=(), letter=raws[0][0])
    if is_prefix:
        folded[-1] = _token(raws[-1], is_whole=False)
    return Phrase(typed=cleaned, runs=_spellings(folded, gaps), is_prefix=is_prefix)


def tokens(text: str) -> tuple[str, ...]:
    """The folded words of `text`, in order: case, accents, possessive and plural gone, split at hyphens."""
    return tuple(_token(raw).text for raw in _parsed(text)[0])


def fold(text: str) -> Folded:
    """`text` made ready for look-ups, once for all phrases."""
    raws, gaps = _parsed(text)
    folded = list(map(_token, raws))
    pieces = _joined(folded, gaps)
    pieces += [piece for word in _compounds(folded, gaps) for piece in ("\n", word)]
    return _marked(pieces, frozenset(raws[at][0] for at in _lone_letters(folded, gaps)))


def plain(text: str) -> str:
    """`text` in compatibility form (NFKC), without accents and invisible characters; case stays."""
    if text.isascii():
        return text
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    bare = _MARKS.sub("", unicodedata.normalize("NFD", visible)).translate(_PLAIN_LETTERS)
    return unicodedata.normalize("NFC", bare)


def _stands_in(run: str, text: Folded, *, is_prefix: bool) -> bool:
    at = text.run.find(run)
    while at >= 0:
        if text.edges[at] and (is_prefix or text.edges[at + len(run)]):
            return True
        at = text.run.find(run, at + 1)
    return False


def _parsed(text: str) -> tuple[list[str], list[str]]:
    """The raw tokens, and for each what stands before it: a pause before the first."""
    parts = _TOKEN.split(plain(text))
    return parts[1::2], [PAUSE, *map(_gap, parts[2:-1:2])]


@lru_cache(maxsize=4096)
def _gap(between: str) -> str:
    if _HYPHEN.fullmatch(between):
        return HYPHEN
    return PAUSE if _PAUSE.search(between) else SPACE


@lru_cache(maxsize=65536)
def _token(raw: str, *, is_whole: bool = True) -> Token:
    """Fold one raw word; `is_whole` False leaves its ending alone, as it is only the beginning of one."""
    word = raw.replace("’", "'").replace("ʼ", "'").replace(",", "")
    is_acronyms = is_whole and len(word) > 2 and word[-1] == "s" and word[:-1].isupper()  # LLMs, VMs
    word = word[:-1].casefold() if is_acronyms else word.casefold()
    if is_whole:
        word = word.removesuffix("'s")
    word = word.replace("'", "")
    if is_whole and not is_acronyms:
        word = singular(word)
    is_letter = len(word) == 1 and word.isalpha() and not _UNSPACED.match(word)
    is_loose, is_digit_first, is_digit_last = word in LOOSE, word[0].isdigit(), word[-1].isdigit()
    is_plain = not (is_letter or is_loose or is_digit_first or is_digit_last)
    return Token(word, is_letter, is_loose, is_digit_first, is_digit_last, is_plain)


def _joined(folded: Sequence[Token], gaps: Sequence[str]) -> list[str]:
    """Separators and words by turns; a separator is empty where its neighbours may be one word written differently."""
    pieces = ["", folded[0].text] if folded else []
    for left, gap, right in zip(folded, gaps[1:], folded[1:], strict=False):
        is_plain = left.is_plain and right.is_plain and gap is not PAUSE  # most are: this loop is what matching costs
        pieces += ("" if is_plain else _between(left, gap, right), right.text)
    return pieces


def _between(left: Token, gap: str, right: Token) -> str:
    if gap is PAUSE:
        return "\n"
    if left.is_loose or right.is_loose or (left.is_digit_last and right.is_digit_first):
        return " "
    return " " if gap is SPACE and (left.is_letter or right.is_letter) else ""


def _compounds(folded: Sequence[Token], gaps: Sequence[str]) -> Iterator[str]:
    """Hyphenated words that a loose word keeps open ("on-line"), closed: people type "online"."""
    hyphens = [at for at, gap in enumerate(gaps) if gap is HYPHEN]
    for at in hyphens:
        if gaps[at - 1] is HYPHEN:
            continue  # inside a compound that was closed from its first hyphen
        last = next((after for after in range(at + 1, len(gaps)) if gaps[after] is not HYPHEN), len(gaps))
        if any(token.is_loose for token in folded[at - 1 : last]):
            yield "".join(token.text for token in folded[at - 1 : last])


def _lone_letters(folded: Sequence[Token], gaps: Sequence[str]) -> list[int]:
    """Where single letters stand that no hyphen or dot ties to a neighbour ("R", not the "R" of "R-CNN")."""
    letters = [at for at, token in enumerate(folded) if token.is_letter]
    return [at for at in letters if HYPHEN not in gaps[at : at + 2]]


def _marked(pieces: Sequence[str], letters: frozenset[str]) -> Folded:
    run = "".join(pieces)
    edges = bytearray(len(run) + 1)
    for at in accumulate(map(len, pieces)):
        edges[at] = 1
    return Folded(run=run, edges=bytes(edges), letters=letters)


def _spellings(folded: Sequence[Token], gaps: Sequence[str]) -> tuple[str, ...]:
    """The runs that mean the phrase: as typed, as if hyphenated, as if spaced, and a hyphenated compound closed."""
    hyphened = [HYPHEN if gap is SPACE else gap for gap in gaps]
    spaced = [SPACE if gap is HYPHEN else gap for gap in gaps]
    runs = ["".join(_joined(folded, way)) for way in (gaps, hyphened, spaced)]
    if all(gap is HYPHEN for gap in gaps[1:]):
        runs.append("".join(token.text for token in folded))
    return tuple(dict.fromkeys(runs))
