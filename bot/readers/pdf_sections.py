"""Pages of lines to sections with headings, without the front page's furniture, the contents and the references. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.readers.pdf_characters import words_mended
from bot.readers.pdf_headings import CONTENTS, LARGER, Heading, Headings, Kind
from bot.readers.pdf_lines import Line, Page, body_size, cleaned_pages, leading
from bot.readers.pdf_paragraphs import Paragraphs

Section = tuple[str, str]
"""A heading ("" for none) and the text below it, paragraphs with an empty line between."""

# Titles, names and addresses are shorter, abstracts longer.
ABSTRACT_WORDS = 40
# An abstract is within the first so many words; what has more without a heading is the paper itself.
FRONT_WORDS = 900
# So much of the usual distance between lines is a gap.
APART = 1.35
# A paper with fewer headings that stand out does not set its headings so.
ENOUGH_HEADINGS = 4
# References without a heading count [1] [2] [3] [4] [5], at least.
MIN_REFERENCES = 5
# A table of contents is over when so many lines name no page.
CONTENTS_LINES = 4
MAX_FURNITURE_CHARS = 900

_REFERENCE = re.compile(r"\[(\d{1,3})\]\s")
_ENDS_WITH_PAGE = re.compile(r"(?:\. ?){3,}\s*\d*$|\D\d{1,3}$")
_FURNITURE = re.compile(
    r"permission to make digital|copyright (?:©|\(c\)|held|\d{4})|(?:©|\(c\) ?)\s*\d{4}|licensed under|creative commons"
    r"|acm reference format|preprint\. under review|under review as|published as a conference paper|all rights reserved"
    r"|to appear in|this is an open access article",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """A heading, or a paragraph (`heading` None)."""

    text: str
    heading: Heading | None = None


def sections(pages: Sequence[Page]) -> tuple[Section, ...]:
    """The sections of a paper, in order, without its references; one without a heading where none is recognised."""
    cleaned = cleaned_pages(pages)
    lines = _without_contents([line for page in cleaned for line in page])
    blocks = _blocks(lines, body_size(cleaned), leading(cleaned))
    return _gathered(_without_front(_without_references([b for b in blocks if b.heading or not _is_furniture(b.text)])))


def _blocks(lines: Sequence[Line], body: float, step: float) -> list[Block]:
    """Found twice: first by what stands out alone, then knowing how this paper sets its headings."""
    headings = Headings(body, is_strict=True)
    blocks = list(_Blocks(headings, body, step).of(lines))
    is_strict = sum(block.heading is not None for block in blocks) >= ENOUGH_HEADINGS
    known = frozenset(style for style in headings.styles if style.is_bold and style.size >= LARGER * body)
    if is_strict and not known:
        return blocks
    return list(_Blocks(Headings(body, is_strict=is_strict, known=known), body, step).of(lines))


class _Blocks:
    """Headings and paragraphs of one paper, in reading order."""

    def __init__(self, headings: Headings, body: float, step: float) -> None:
        self._step, self._headings, self._paragraphs = step, headings, Paragraphs(body)
        self._last: Line | None = None
        self._heading: Line | None = None
        self._is_front = True

    def of(self, lines: Sequence[Line]) -> Iterator[Block]:
        references = _bare_references(lines)
        for place, line in enumerate(lines):
            if place == references and not self._headings.is_in_references:
                self._headings.is_in_references = True
                yield from self._begun(Heading(title="References", kind=Kind.REFERENCES))
            yield from self._block(line)
            self._last = line
        yield from self._ended()

    def _block(self, line: Line) -> Iterator[Block]:
        gap = self._last.end_bottom - line.bottom if self._last else 0.0
        is_apart = gap <= 0 or gap > APART * self._step
        if self._heading and self._headings.goes_on(self._heading, line):
            self._heading = line
            yield Block(text=line.text, heading=Heading(title=line.text, kind=Kind.REST))
            return
        heading = self._headings.heading(line, is_apart=is_apart)
        self._heading = line if heading and not heading.rest else None
        if heading:
            yield from self._begun(heading)
            line = line._replace(text=heading.rest)
        if line.text:
            ended = self._paragraphs.add(line, is_apart=is_apart, is_front=self._is_front)
            yield from (Block(text=text) for text in ended)

    def _begun(self, heading: Heading) -> Iterator[Block]:
        yield from self._ended()
        self._is_front = self._is_front and heading.kind is Kind.ABSTRACT
        yield Block(text=heading.text, heading=heading)

    def _ended(self) -> Iterator[Block]:
        yield from (Block(text=text) for text in self._paragraphs.close())


def _without_contents(lines: Sequence[Line]) -> list[Line]:
    """Without a table of contents, which repeats every heading before its time."""
    start = next((place for place, line in enumerate(lines) if CONTENTS.fullmatch(line.text.strip(" .:"))), len(lines))
    end = start + 1
    while end < len(lines) and any(_ENDS_WITH_PAGE.search(line.text) for line in lines[end : end + CONTENTS_LINES]):
        end += 1
    return [*lines[:start], *lines[end:]] if end > start + 1 else list(lines)


def _bare_references(lines: Sequence[Line]) -> int | None:
    """Where [1] [2] [3] ... begin, the last time that they do; physics papers put no heading above them."""
    numbered = [(place, int(found[1])) for place, line in enumerate(lines) if (found := _REFERENCE.match(line.text))]
    for index in range(len(numbered) - MIN_REFERENCES, -1, -1):
        if [number for _, number in numbered[index : index + MIN_REFERENCES]] == list(range(1, MIN_REFERENCES + 1)):
            return numbered[index][0]
    return None


def _without_references(blocks: Iterable[Block]) -> list[Block]:
    """Without what stands below the heading of the references, up to the next heading, which is that of an appendix."""
    kept: list[Block] = []
    is_reference = False
    for block in blocks:
        if block.heading and block.heading.kind is not Kind.REST:
            is_reference = block.heading.kind is Kind.REFERENCES
        if not is_reference:
            kept.append(block)
    return kept


def _without_front(blocks: Sequence[Block]) -> list[Block]:
    """Without title, authors and addresses, and with a heading above the abstract, if there are headings at all."""
    first = next((place for place, block in enumerate(blocks) if block.heading), None)
    if first is None:
        return list(blocks)
    words = 0
    for place, block in enumerate(blocks):
        words += len(block.text.split())
        if words > FRONT_WORDS:
            break
        if block.heading and block.heading.kind is Kind.ABSTRACT:
            return list(blocks[place:])
    abstract = next((place for place, block in enumerate(blocks[:first]) if len(block.text.split()) >= ABSTRACT_WORDS), first)
    front = blocks[abstract:first]
    is_abstract = front and sum(len(block.text.split()) for block in front) <= FRONT_WORDS
    heading = [Block(text="Abstract", heading=Heading(title="Abstract", kind=Kind.ABSTRACT))] if is_abstract else []
    return [*heading, *front, *blocks[first:]]


def _gathered(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Each heading with what stands below it; nothing for one that stands right above another."""
    texts = iter(words_mended([block.text for block in blocks]))
    made: list[tuple[str, list[str]]] = [("", [])]
    for block, text in zip(blocks, texts, strict=True):
        if block.heading is None:
            made[-1][1].append(text)
        elif block.heading.kind is Kind.REST:
            made[-1] = (f"{made[-1][0]} {text}", made[-1][1])
        else:
            made.append((text, []))
    return tuple((heading, "\n\n".join(paragraphs)) for heading, paragraphs in made if paragraphs)


def _is_furniture(text: str) -> bool:
    """Whether a paragraph tells of licences and proceedings."""
    return len(text) <= MAX_FURNITURE_CHARS and _FURNITURE.match(text) is not None
