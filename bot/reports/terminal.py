"""A digest for a terminal of a given width: plain lines, wide letters counted as two, colour only where it is asked for."""

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.digests import Digest
from bot.domain.styles import FieldKind
from bot.domain.words import Words
from bot.reports.view import PageView, PaperView, page

_BOLD, _DIM, _CYAN, _YELLOW, _OFF = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[0m"
_LEAST_WIDTH = 20
_SIGNS = {FieldKind.TEXT: "", FieldKind.POINTS: "- ", FieldKind.PARTS: "- "}
_WORD = re.compile(r"[^ ]+ *| +")


def terminal(digest: Digest, words: Words, width: int = 100, colour: bool = False) -> str:
    """The digest in lines of at most `width` columns; only an address may be longer, so that it can be clicked."""
    return terminal_page(page(digest, words), words, width, is_coloured=colour)


def terminal_page(view: PageView, words: Words, width: int, *, is_coloured: bool) -> str:
    return "\n".join(_lines(view, words, _Pen(max(width, _LEAST_WIDTH), is_coloured))) + "\n"


class _Pen:
    """Wraps and paints one piece of text. Data comes in without control characters, so paint is only ever ours."""

    def __init__(self, width: int, is_coloured: bool) -> None:
        self.width = width
        self._is_coloured = is_coloured

    def lines(self, text: str, *, paint: str = "", first: str = "", indent: str = "   ") -> Iterator[str]:
        """`text` under `first` and, from the second line on, `indent`."""
        for number, line in enumerate(wrapped(text, self.width - columns(indent), self.width - columns(first))):
            yield (indent if number else first) + self.painted(line, paint)

    def painted(self, text: str, paint: str) -> str:
        return f"{paint}{text}{_OFF}" if paint and self._is_coloured and text else text


def columns(text: str) -> int:
    """How many columns a text takes: wide letters two, marks on a letter none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrapped(text: str, width: int, first_width: int | None = None) -> Iterator[str]:
    """Lines of at most `width` columns, cut between words or between wide letters; a longer word stands alone, whole."""
    line, used, room = "", 0, width if first_width is None else first_width
    for word in _words(text):
        needed = columns(word)
        if line.strip() and used + columns(word.rstrip()) > room:
            yield line.rstrip()
            line, used, room = "", 0, width
            word = word.lstrip()
            needed = columns(word)
        line += word
        used += needed
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Pieces after which a line may end: words with their space, single wide letters with what is written on them."""
    for word in _WORD.findall(text):
        if word.isascii():
            yield word
        else:
            yield from _letters(word)


def _letters(word: str) -> Iterator[str]:
    piece = ""
    for char in word:
        may_part = piece != "" and _columns(char) > 0 and not _sticks(char)
        if may_part and (_is_wide(piece[0]) or _is_wide(char)):
            yield piece
            piece = ""
        piece += char
    yield piece


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _sticks(char: str) -> bool:
    """Whether a line must not begin with it: a space, or a mark that ends something."""
    return char in " ，。、；：！？）」』】》,.;:!?)"


def _lines(view: PageView, words: Words, pen: _Pen) -> Iterator[str]:
    if not view.is_single:
        yield from pen.lines(view.title, paint=_BOLD, indent="")
        yield pen.painted("═" * min(columns(view.title), pen.width), _DIM)
        yield from pen.lines(view.line, indent="")
    if view.catchup:
        yield from pen.lines(view.catchup, paint=_YELLOW, indent="")
    for label, value in view.facts:
        yield from pen.lines(f"{label}: {value}", paint=_DIM, indent="  ")
    for line in view.empty:
        yield ""
        yield from pen.lines(line, paint=_YELLOW, indent="  ")
    for paper in view.papers:
        yield ""
        yield from _paper(paper, words, pen, shows_quotes=view.is_single)
    if view.more:
        yield ""
        yield from pen.lines(view.more, indent="")
    if view.notices:
        yield ""
        yield from pen.lines(words("digest.notices"), paint=_BOLD, indent="")
    for line in view.notices:
        yield from pen.lines(line, first="- ", indent="  ")


def _paper(paper: PaperView, words: Words, pen: _Pen, *, shows_quotes: bool) -> Iterator[str]:
    number = f"{paper.number}. "
    indent = " " * 3
    yield from pen.lines(paper.title, paint=_BOLD, first=number)
    if paper.badge:
        yield from pen.lines(paper.badge, paint=_CYAN, first=indent)
    yield from pen.lines(paper.authors, first=indent)
    for warning in paper.warnings:
        yield from pen.lines(warning, paint=_YELLOW, first=indent)
    yield from pen.lines(" · ".join(f"{label}: {value}" for label, value in paper.facts), paint=_DIM, first=indent)
    if paper.why:
        yield from pen.lines(f"{words('paper.why')}: {paper.why}", first=indent)
    yield from _summary(paper, words, pen, indent)
    yield from _evidence(paper, words, pen, indent, shows_quotes=shows_quotes)
    yield from pen.lines(paper.mark, paint=_DIM, first=indent)
    for row in paper.links:
        yield from pen.lines(
            f"{row.label}: {'  '.join(row.urls) or words('link.none')}", paint=_DIM, first=indent, indent="     "
        )


def _summary(paper: PaperView, words: Words, pen: _Pen, indent: str) -> Iterator[str]:
    if paper.caution:
        yield from pen.lines(paper.caution, paint=_YELLOW, first=indent)
    if paper.tldr:
        yield from pen.lines(f"{words('paper.tldr')}: {paper.tldr}", first=indent)
    for section in paper.sections:
        yield from pen.lines(f"{section.heading}:", paint=_BOLD, first=indent)
        for number, (name, text) in enumerate(section.points, 1):
            sign = _SIGNS.get(section.form, f"{number}. ")
            yield from pen.lines(name + text, first=indent + sign, indent=indent + " " * len(sign))
    if not paper.tldr and paper.abstract:
        yield from pen.lines(f"{words('paper.abstract')}: {paper.abstract}", first=indent)


def _evidence(paper: PaperView, words: Words, pen: _Pen, indent: str, *, shows_quotes: bool) -> Iterator[str]:
    if paper.quotes and shows_quotes:
        yield from pen.lines(f"{words('evidence.quotes')}:", paint=_BOLD, first=indent)
        for quote in paper.quotes:
            yield from pen.lines(quote, first=indent + "- ", indent=indent + "  ")
    for line in paper.checks:
        yield from pen.lines(line, paint=_DIM, first=indent)
