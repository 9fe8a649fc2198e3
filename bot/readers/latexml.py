"""A page that LaTeXML made -> its sections and what tells whether they can be trusted. Pure; never judges.

    bytes -> tokens -> lines of drafts -> sections: the abstract, the text, the appendices

Roles come from LaTeXML's classes (ltx_...), as arXiv, ar5iv and older converters write them.
"""

import re
from dataclasses import dataclass

from bot.domain.papers import Section
from bot.errors import TextUnavailable
from bot.readers.latexml_drafts import UNTITLED, Draft, Part, kept, section
from bot.readers.latexml_formulas import Formulas
from bot.readers.latexml_markup import CLOSE, MATH, OPEN, TEXT, Token, decoded, tokens
from bot.readers.latexml_roles import Role, role_of

# Every recorded page ends with its end tag; what may follow is white space and what a browser's extension left there.
_END, _TAIL = "</html>", 5_000
# The most that one of 68 recorded pages has is 49.
MOST_SECTIONS = 2_000
_MACRO = re.compile(r"\\[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a page says of itself. `words` are those of the text and the appendices.

    `errors` are the spans that the converter left for macros it does not know, `macros` those that it took for words, both
    within the text. `is_whole` says that the page has an end.
    """

    title: str
    is_latexml: bool
    is_whole: bool
    words: int
    abstract_words: int
    sections: int
    formulas: int
    errors: int
    macros: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LatexmlPage:
    sections: tuple[Section, ...]
    measures: Measures


def parse(content: bytes) -> LatexmlPage:
    """Read a page in linear time; one without LaTeXML's classes has no sections.

    A section for every part, chapter, section, subsection and appendix that has text, its heading as shown ("3.1 Data"),
    after "Appendix" in appendices. One line for each block; cells of tables are apart by " | ", footnotes follow their block.
    Raises TextUnavailable for markup that no paper has.
    """
    walk = _Walk()
    page = decoded(content)
    for token in tokens(page):
        walk.take(token)
    return walk.page(is_whole=_END in page[-_TAIL:].lower())


class _Walk:
    """One pass over the tokens. Text is gathered in the innermost buffer; only the outermost one is broken into lines."""

    def __init__(self) -> None:
        self._drafts = [Draft(part=Part.MAIN)]
        self._places = [self._drafts[0]]
        self._open: list[tuple[str, Role]] = []
        self._open_names: dict[str, int] = {}
        self._roles: dict[tuple[str, str], Role] = {}
        self._buffers: list[list[str]] = [[]]
        self._notes: list[str] = []
        self._titles: list[str] = []
        self._formulas = Formulas()
        self._skipped = self._inside = self._errors = self._macros = self._maths = 0
        self._is_latexml = self._is_glued = False

    def take(self, token: Token) -> None:
        """One token of the page, in order."""
        kind, name, text, inner = token
        if kind is TEXT:
            self._text(text)
            if "\\" in text and self._inside and not self._skipped:
                self._macros += len(_MACRO.findall(text))
        elif kind is OPEN:
            self._enter(name, text)
        elif kind is CLOSE:
            self._close(name)
        elif kind is MATH:
            self._formula(text, inner)
        elif name in {"br", "hr"}:
            self._break()

    def page(self, *, is_whole: bool) -> LatexmlPage:
        """What was gathered, every element that is still open being closed."""
        while self._open:
            self._leave(self._open.pop()[1])
        self._end()
        drafts = kept(self._drafts)
        return LatexmlPage(
            sections=tuple(map(section, drafts)),
            measures=Measures(
                title=" ".join(self._titles[:1]),
                is_latexml=self._is_latexml,
                is_whole=is_whole,
                words=sum(draft.words for draft in drafts if draft.read_as is not Part.ABSTRACT),
                abstract_words=sum(draft.words for draft in drafts if draft.read_as is Part.ABSTRACT),
                sections=sum(bool(draft.heading) and draft.read_as is not Part.ABSTRACT for draft in drafts),
                formulas=self._maths,
                errors=self._errors,
                macros=self._macros,
            ),
        )

    # Elements

    def _enter(self, name: str, classes: str) -> None:
        role = _INLINE
        if not self._skipped:  # nothing is anything inside of what is left out
            key = (name, classes)
            role = self._roles[key] if key in self._roles else self._roles.setdefault(key, role_of(name, classes))
            if role in _BY_PLACE:
                role = self._here(role)
        self._open.append((name, role))
        self._open_names[name] = self._open_names.get(name, 0) + 1
        if role is not _INLINE:
            self._begin(role)

    def _begin(self, role: Role) -> None:
        if role in _LINES:
            self._break()
        elif role in _SKIPPED:
            self._skipped += 1
            self._errors += role is Role.ERROR
        elif role in _BUFFERED:
            if role is Role.TITLE or role is Role.HEADING:
                self._break()
            self._buffers.append([])
        elif role in _SECTIONS:
            self._end()
            if len(self._drafts) > MOST_SECTIONS:
                raise TextUnavailable(f"the page has more than {MOST_SECTIONS} sections")
            self._places.append(Draft(part=self._part(role)))
            self._drafts.append(self._places[-1])
        elif role is Role.PAGE:
            self._inside += 1
            self._is_latexml = True

    def _here(self, role: Role) -> Role:
        """What a heading or a cell is where it stands: a section has one heading, and a line no tables."""
        if role is Role.HEADING:
            is_taken = bool(self._places[-1].heading) or len(self._places) == 1
            return Role.BLOCK if is_taken else role
        return Role.BLOCK if len(self._buffers) > 1 else role

    def _part(self, role: Role) -> Part:
        around = self._places[-1].part
        return Part.ABSTRACT if role is Role.ABSTRACT else Part.APPENDIX if role is Role.APPENDIX else around

    def _close(self, name: str) -> None:
        """Close the innermost element of that name and all within it; an end without a beginning is nothing."""
        if not self._open_names.get(name):
            return
        while self._open:
            closed, role = self._open.pop()
            self._open_names[closed] -= 1
            if role is not _INLINE:
                self._leave(role)
            if closed == name:
                return

    def _leave(self, role: Role) -> None:
        if role in _LINES:
            self._break()
        elif role in _SKIPPED:
            self._skipped -= 1
        elif role in _BUFFERED:
            self._settle(role, "".join(self._buffers.pop()))
        elif role in _SECTIONS:
            self._end()
            self._places.pop()
        elif role is Role.TAG:
            self._is_glued = True
        elif role is Role.GAP:
            self._text(" ")
        elif role is Role.PAGE:
            self._break()
            self._inside -= 1

    def _settle(self, role: Role, text: str) -> None:
        """What was gathered on its own goes where it belongs."""
        text = " ".join(text.split())
        if role is Role.RAISED:
            self._buffers[-1].append(text.translate(_RAISED) if _POWER.fullmatch(text) else text)
            return
        if role is Role.CELL:
            self._buffers[-1].append(text + _CELL_END)
        elif role is Role.NOTE:
            self._notes += [f"Footnote: {text}"] if text else []
        elif role is Role.TITLE:
            self._titles += [text] if text else []
            self._notes.clear()  # thanks and addresses
        else:
            self._places[-1].heading = self._places[-1].heading or text or UNTITLED

    # Text

    def _text(self, text: str) -> None:
        if self._inside and not self._skipped:
            self._buffers[-1].append(text)
            if self._is_glued and text.strip():
                self._is_glued = False

    def _formula(self, tex: str, mathml: str) -> None:
        if self._inside and not self._skipped:
            self._maths += 1
            self._text(self._formulas.text(tex, mathml))

    def _end(self) -> None:
        """End the line, even behind a list's sign that nothing follows."""
        self._is_glued = False
        self._break()

    def _break(self) -> None:
        """End the line; inside of a cell, a note or a heading, and behind a list's sign, a space does."""
        if len(self._buffers) > 1 or self._is_glued:
            self._buffers[-1].append(" ")
            return
        line = _line("".join(self._buffers[0]))
        self._buffers[0].clear()
        self._places[-1].lines += [line] if line else []
        self._places[-1].lines += self._notes
        self._notes.clear()


_INLINE = Role.INLINE
_LINES = frozenset({Role.BLOCK, Role.ROW})
_SKIPPED = frozenset({Role.SKIP, Role.ERROR})
_BY_PLACE = frozenset({Role.HEADING, Role.CELL})
_SECTIONS = frozenset({Role.SECTION, Role.APPENDIX, Role.ABSTRACT})
_BUFFERED = frozenset({Role.CELL, Role.NOTE, Role.TITLE, Role.HEADING, Role.RAISED})
# A control character, of which `decoded` left none.
_CELL_END = "\x1f"
# 10 to the power of -3 must not become 10-3.
_POWER = re.compile(r"[-+−–]?\d+")
_RAISED = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")


def _line(text: str) -> str:
    """One line, its cells apart by " | "; empty ones at its end are none."""
    cells = [" ".join(cell.split()) for cell in text.split(_CELL_END)]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return " | ".join(cells).lstrip() if any(cells) else ""
