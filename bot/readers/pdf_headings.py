"""Which lines of a paper are headings: by their numbers, which must count, by their names, and by how they are set. Pure."""

import re
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from bot.readers.pdf_lines import Line
from bot.readers.pdf_numbering import Numbers

MAX_HEADING_CHARS = 160
MAX_HEADING_WORDS = 18
# A line that nothing but its number and the space above it makes a heading is no longer.
MAX_PLAIN_WORDS = 9
# So much larger than the text is set to stand out: 10 pt headings over 9 pt text are 1.11.
LARGER = 1.07

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?P<title>\S.*)")
_INSIDE = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})+\.?\s")
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})[.\s]\s*(?P<title>[A-Z].+)")
_LETTER = re.compile(r"(?:(?i:appendix)\s+)?(?P<number>[A-Z](?:\.\d{1,2}){0,3})[.:]?\s+(?P<title>\S.*)")
_LETTERS = re.compile(r"[^\W\d_]{2}|^[aAI]$|[\u3040-\u9fff\uac00-\ud7a3]")
_BEGINS = re.compile(r"(?:\d{1,2}|[A-Z])(?:\.\d{1,2})*\.?\s+[A-Z]|[IVX]+\.\s|(?i:appendix)\s")
_LABELLED = re.compile(r"APPENDIX|Appendix \(?[A-Z\d]{1,2}\)?[.:]")
_SMALL = re.compile(r"[a-z]")
_SPACED = re.compile(r"(?:\S ){3,}\S")
_LEADERS = re.compile(r"(?:\. ?){3,}")
_AFFILIATION = re.compile(
    r"universit|departe?ment|institut|laborator|school|college|facult|centre|center|academy|hospital|@", re.IGNORECASE
)

REFERENCES = re.compile(
    r"references(?: and notes| cited)?|bibliography|literature(?: cited)?|works cited|références|literatur", re.IGNORECASE
)
CONTENTS = re.compile(r"(?:table of )?contents", re.IGNORECASE)
ABSTRACT = re.compile(r"abstract|résumé|초록|摘要", re.IGNORECASE)
APPENDIX = re.compile(
    r"appendi(?:x|ces)\b.*|(?:online )?supplement(?:ary|al)?(?: (?:materials?|information|note|appendix))?"
    r"|supporting information",
    re.IGNORECASE,
)
# Names of sections; in a paper that numbers its sections an unnumbered one is a word in a table.
_BODY = re.compile(
    r"introduction|background|motivation|preliminaries|notation|related works?|prior work|problem (?:statement|formulation)"
    r"|(?:materials? and )?methods?|methodology|approach|model|theory|data(?:sets?)?|experiments?|experimental (?:setup|results)"
    r"|evaluation|results?|results and discussions?|discussions?|analysis|findings|future work|outlook"
    r"|conclusions?|concluding remarks|summary"
    r"|(?:summary|conclusions?|discussion) and (?:conclusions?|outlook|future work|discussion)",
    re.IGNORECASE,
)
# Names of what stands after them, seldom numbered anywhere.
_END = re.compile(
    r"limitations?|acknowledge?ments?|ethics statement|ethical considerations|broader impacts?|impact statement"
    r"|reproducibility statement|(?:data|code)(?: and code)? availability(?: statement)?|author contributions?|funding"
    r"|competing interests|conflicts? of interests?",
    re.IGNORECASE,
)
_RUN_IN_ABSTRACT = re.compile(r"abstract\s*(?P<mark>[.:—–-])\s*(?=\S)", re.IGNORECASE)
_RUN_IN = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.\s+(?P<title>[A-Z][^.]{2,80})\.\s+(?=\S)")


class Kind(Enum):
    """What a heading begins."""

    SECTION = 1
    REFERENCES = 2
    ABSTRACT = 3
    REST = 4  # the second line of a heading


class Heading(NamedTuple):
    """A heading, and in `rest` what goes on in its line. `number` is as printed, without a last dot."""

    title: str
    kind: Kind = Kind.SECTION
    number: str = ""
    rest: str = ""

    @property
    def text(self) -> str:
        return f"{self.number} {self.title}".strip()


_KINDS = (
    (REFERENCES, Kind.REFERENCES),
    (ABSTRACT, Kind.ABSTRACT),
    (APPENDIX, Kind.SECTION),
    (_END, Kind.SECTION),
    (_BODY, Kind.SECTION),
)


class Style(NamedTuple):
    """How a line is set: headings of one level share it."""

    size: float
    is_bold: bool
    is_capitals: bool


@lru_cache(maxsize=8_192)  # each line is looked at three times
def _is_capitals(text: str) -> bool:
    if text.islower() or len(_SMALL.findall(text)) > 0.2 * len(text):
        return False
    letters = sum(map(str.isalpha, text))
    return letters > 3 and sum(map(str.isupper, text)) > 0.85 * letters


def style_of(line: Line) -> Style:
    """How it is set; eighty-five in a hundred capital letters are capitals: "EXISTENCE OF COs"."""
    return Style(size=line.size, is_bold=line.is_bold and line.ends_bold, is_capitals=_is_capitals(line.text))


class Headings:
    """Finds the headings of one paper, from its first line to its last: what can be the next number depends on those before.

    `body` is the size of its text. `is_strict`: only lines that stand out are numbered headings. `known` are styles in which
    a line is a heading without a number or a known name. `styles` are those that were met.
    """

    def __init__(self, body: float, *, is_strict: bool, known: frozenset[Style] = frozenset()) -> None:
        self._body, self._is_strict, self._known = body, is_strict, known
        self._numbers = Numbers()
        self._has_abstract = False
        self.is_in_references = False
        self.styles: set[Style] = set()

    def heading(self, line: Line, *, is_apart: bool) -> Heading | None:
        """The heading that this line is, or None. `is_apart`: there is more space above it than between lines."""
        stands_out = self.stands_out(line)
        if not (stands_out or is_apart or line.is_bold or line.text[:1] in "Aa"):
            return None
        text = _unspaced(line.text)
        found = self._run_in(text, line) or self._named(text, line, stands_out, is_apart)
        found = found or self._numbered(text, line, stands_out, is_apart) or self._known_by_style(text, line, is_apart)
        if found:
            self._take(found, style_of(line))
        return found

    def goes_on(self, heading: Line, line: Line) -> bool:
        """Whether `line` is the second line of a heading: set like it, right below it."""
        is_below = 0 < heading.end_bottom - line.bottom < 1.7 * heading.size
        is_short = len(heading.text) + len(line.text) < MAX_HEADING_CHARS
        is_like = is_below and is_short and self.stands_out(line) and style_of(line) == style_of(heading)
        return is_like and not _BEGINS.match(line.text)

    def stands_out(self, line: Line) -> bool:
        """Whether it is set bolder or larger than the text, or in capitals."""
        return (line.is_bold and line.ends_bold) or line.size >= LARGER * self._body or _is_capitals(line.text)

    def _take(self, found: Heading, style: Style) -> None:
        self.is_in_references = found.kind is Kind.REFERENCES
        self._has_abstract = self._has_abstract or found.kind is Kind.ABSTRACT
        if found.number:
            self._numbers.add(found.number)
        if found.kind is not Kind.ABSTRACT and not found.rest:
            self.styles.add(style)

    def _run_in(self, text: str, line: Line) -> Heading | None:
        if not self._has_abstract and not self._numbers.have_begun and (found := _RUN_IN_ABSTRACT.match(text)):
            return Heading(title="Abstract", kind=Kind.ABSTRACT, rest=text[found.end() :])
        is_mixed = line.is_bold and not line.ends_bold and not self.is_in_references
        if is_mixed and (found := _RUN_IN.match(text)) and self._numbers.can_follow(found["number"]):
            return Heading(title=found["title"], number=found["number"], rest=text[found.end() :])
        return None

    def _named(self, text: str, line: Line, stands_out: bool, is_apart: bool) -> Heading | None:
        name = text.rstrip(" .:")
        if len(name) > MAX_HEADING_CHARS or not name[:1].isalpha() or name[:1].islower():
            return None
        names, kind = next(((names, kind) for names, kind in _KINDS if names.fullmatch(name)), (None, None))
        if kind is None or (kind is Kind.ABSTRACT and (self._has_abstract or self._numbers.have_begun)):
            return None
        if names is _BODY and self._numbers.have_begun and style_of(line) not in self.styles:
            return None
        is_set = stands_out or (is_apart and (names is not APPENDIX or bool(_LABELLED.match(name))))
        return Heading(title=name, kind=kind) if is_set else None

    def _numbered(self, text: str, line: Line, stands_out: bool, is_apart: bool) -> Heading | None:
        is_long = len(text) > MAX_HEADING_CHARS or len(text.split()) > MAX_HEADING_WORDS
        if is_long or not self._is_set_as_heading(line, stands_out, is_apart):
            return None
        for pattern in (_NUMBERED, _ROMAN, _LETTER):
            found = pattern.fullmatch(text)
            if found and self._is_title(found["title"]) and self._numbers.can_follow(found["number"]):
                return self._made(found["number"], found["title"].rstrip(" ."))
        return None

    def _known_by_style(self, text: str, line: Line, is_apart: bool) -> Heading | None:
        is_known = style_of(line) in self._known and is_apart and not self.is_in_references and bool(self.styles)
        is_heading = is_known and _is_title(text) and len(text.split()) <= MAX_PLAIN_WORDS
        return Heading(title=text.rstrip(" .:")) if is_heading else None

    def _is_title(self, text: str) -> bool:
        """Before the first heading, numbers stand before the addresses of authors too."""
        return _is_title(text) and (self._numbers.have_begun or not _AFFILIATION.search(text))

    def _is_set_as_heading(self, line: Line, stands_out: bool, is_apart: bool) -> bool:
        """Inside the references only a heading set like those before ends them."""
        if self.is_in_references:
            return stands_out and style_of(line) in self.styles
        # "2.2 Title" is set in italics by some; a lone number before plain words is rather the item of a list.
        may_be_plain = not self._is_strict or _INSIDE.match(line.text)
        is_plain = may_be_plain and line.text[-1:] not in ".,;:" and len(line.text.split()) <= MAX_PLAIN_WORDS
        return stands_out or (is_apart and bool(is_plain))

    def _made(self, number: str, title: str) -> Heading | None:
        if REFERENCES.fullmatch(title.rstrip(" .:")):
            return Heading(title=title, kind=Kind.REFERENCES, number=number)
        if self.is_in_references and number[0].isdigit():
            return None
        return Heading(title=title, number=number)


def _is_title(text: str) -> bool:
    """Whether it begins like a title and most of it is words, not symbols."""
    words = text.split()
    is_prose = 2 * sum(_LETTERS.search(word) is not None for word in words) >= len(words)
    return is_prose and text[0].isalpha() and not text[0].islower() and not _LEADERS.search(text)


def _unspaced(text: str) -> str:
    """A B S T R A C T, as some journals print it, is a word."""
    return text.replace(" ", "") if _SPACED.fullmatch(text) and text.isupper() else text
