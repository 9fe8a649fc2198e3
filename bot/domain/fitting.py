"""A text cut to what a model can read: whole sections and sentences, the telling ones first. Pure.

sections -> paragraphs with the part they play -> one fixed order of worth -> as many as there is room for -> sections again

That order does not depend on the room, so more room never keeps less.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.domain.latex import to_unicode
from bot.domain.papers import FullText, Paper, Section, TextOrigin
from bot.domain.section_roles import Role, roles
from bot.domain.telling import held
from bot.domain.terms import UNSPACED

CUT = " […]"
"""Stands where something of a section was left out; a section that was left out whole leaves no mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is left of a text, its sections in their own order; `share` of its characters, at most 1 (0 if nothing is left)."""

    text: FullText
    share: float


class _Paragraph(NamedTuple):
    """One line of a section: the `place`-th that is not blank, `start` characters into it."""

    section: int
    place: int
    start: int
    role: Role
    text: str


# How room is shared among the parts that tell most of a paper: three characters of the method for two of the conclusion.
_WEIGHTS = {Role.INTRODUCTION: 2.0, Role.METHOD: 3.0, Role.RESULTS: 3.0, Role.CONCLUSION: 2.0}
_TABLE = re.compile(r"(?:table|figure|fig\.|tab\.|表|图|bảng|hình)\s*\w{1,4}\s*[:.|]|[^|]*\|", re.IGNORECASE)
_UNMARKED = "(?![\u0300-\u036f\u200d\ufe00-\ufe0f])"  # what is written on a letter stays with it
_SENTENCE_END = re.compile(rf"[.!?…][\"'”’»)\]]*(?=\s)|[。！？；][”’」』）]*{_UNMARKED}")
_PAUSE_END = re.compile(f"[，、：]{_UNMARKED}")
_WORD_END = re.compile(rf"\s|[{UNSPACED}]")


def fitted(text: FullText, paper: Paper, max_chars: int, words: frozenset[str] = frozenset()) -> Fitted:
    """Keep of `text` what fits into `max_chars`, headings and marks included; all of it, if it does.

    The abstract comes first, from the paper's metadata where the text has none. Then introduction, method, results and
    conclusion share the room; then the rest, related work and appendices. What holds `words` (`telling.telling_words` of a
    question) goes before all. Sections are cut at the end of a paragraph, else of a sentence, else of a word.
    """
    sections = _with_abstract(text, paper)
    if sum(len(section.heading) + len(section.text) for section in sections) <= max_chars:
        return Fitted(text=replace(text, sections=sections), share=1.0)
    paragraphs = tuple(_paragraphs(sections))
    kept = _kept(_by_worth(paragraphs, sections, words), sections, max_chars)
    whole = sum(len(paragraph.text) for paragraph in paragraphs)
    share = sum(map(len, kept.values())) / whole if whole else 1.0
    return Fitted(text=replace(text, sections=tuple(_joined(sections, paragraphs, kept))), share=share)


def _with_abstract(text: FullText, paper: Paper) -> tuple[Section, ...]:
    is_there = text.origin is TextOrigin.ABSTRACT or Role.ABSTRACT in roles([section.heading for section in text.sections])
    abstract = " ".join(to_unicode(paper.abstract).split())
    return text.sections if is_there or not abstract else (Section(heading="Abstract", text=abstract), *text.sections)


def _paragraphs(sections: Sequence[Section]) -> Iterator[_Paragraph]:
    told = roles([section.heading for section in sections])
    for number, (section, role) in enumerate(zip(sections, told, strict=True)):
        start = 0
        for place, line in enumerate(line for line in section.text.split("\n") if line.strip()):
            yield _Paragraph(number, place, start, role, line)
            start += len(line)


def _by_worth(paragraphs: Sequence[_Paragraph], sections: Sequence[Section], words: frozenset[str]) -> list[_Paragraph]:
    """All paragraphs, those first that are to be kept in the smallest room.

    Each of the four main parts has a queue of its own, the beginnings of its sections first; the queues move on together,
    in the measure of their weights.
    """
    asked = {number: len(held(section.heading, words)) for number, section in enumerate(sections)} if words else {}
    queued = dict.fromkeys(Role, 0)
    ranked: list[tuple[tuple[float, ...], _Paragraph]] = []
    for paragraph in sorted(paragraphs, key=_earliness):
        role = paragraph.role
        weight = _WEIGHTS.get(role)
        tier = Role.INTRODUCTION if weight else role
        hits = len(held(paragraph.text, words)) + asked[paragraph.section] if words else 0
        queued[role] += len(paragraph.text)
        ranked.append(((-hits, tier, queued[role] / (weight or 1.0), role), paragraph))
    return [paragraph for _, paragraph in sorted(ranked, key=lambda each: each[0])]


def _earliness(paragraph: _Paragraph) -> float:
    """How far into its section a paragraph stands; figures and tables of results count as standing at half of that."""
    is_table = paragraph.role is Role.RESULTS and _TABLE.match(paragraph.text)
    return paragraph.start / 2 if is_table else paragraph.start


def _kept(order: Sequence[_Paragraph], sections: Sequence[Section], room: int) -> dict[tuple[int, int], str]:
    """What is kept, by section and place; the last one may be cut.

    What a paragraph costs beside its text: a line end or, as the first of its section, the heading; and the marks around it
    less the one of the gap that it stands in.
    """
    counts = _counts(order)
    kept: dict[tuple[int, int], str] = {}
    opened: set[int] = set()
    for section, place, _, _, text in order:
        is_open = section in opened
        is_after_gap = place > 0 and (section, place - 1) not in kept
        is_before_gap = place < counts[section] - 1 and (section, place + 1) not in kept
        cost = (1 - len(CUT) if is_open else len(sections[section].heading)) + len(CUT) * is_after_gap
        if cost + len(text) + len(CUT) * is_before_gap > room:
            end = cut_at(text, room - cost - len(CUT))
            return kept | {(section, place): text[:end]} if end else kept
        room -= cost + len(text) + len(CUT) * is_before_gap
        kept[section, place] = text
        opened.add(section)
    return kept


def _counts(paragraphs: Sequence[_Paragraph]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for paragraph in paragraphs:
        counts[paragraph.section] = counts.get(paragraph.section, 0) + 1
    return counts


def _joined(
    sections: Sequence[Section], paragraphs: Sequence[_Paragraph], kept: Mapping[tuple[int, int], str]
) -> Iterator[Section]:
    lines: dict[int, list[str]] = {}
    is_cut = False  # whether something was left out right before, in the same section
    for section, place, _, _, text in paragraphs:
        is_cut = is_cut and place > 0
        piece = kept.get((section, place))
        if piece is not None:
            is_first = section not in lines
            lines.setdefault(section, []).append(CUT.strip() + " " + piece if is_cut and is_first else piece)
        if (piece is None or piece != text) and not is_cut and section in lines:
            lines[section][-1] += CUT
        is_cut = piece is None or piece != text
    for number, pieces in sorted(lines.items()):
        yield Section(heading=sections[number].heading, text="\n".join(pieces))


def cut_at(text: str, room: int) -> int:
    """Find the last good place to end within `room`, 0 if there is none.

    After a sentence or, in scripts without spaces, a pause, if half of the room is used then; else after a word.
    """
    if room <= 0:
        return 0
    if room >= len(text):
        return len(text)
    ends = (_last_end(_SENTENCE_END, text, room), _last_end(_PAUSE_END, text, room))
    return next((end for end in ends if 2 * end >= room), _word_end(text, room))


def sentence_end(text: str, least: int) -> int:
    """Find where the sentence ends that reaches to `least` characters: the end of the text, if it is the last one."""
    return next((found.end() for found in _SENTENCE_END.finditer(text) if found.end() >= least), len(text))


def _last_end(pattern: re.Pattern[str], text: str, room: int) -> int:
    return max((found.end() for found in pattern.finditer(text, 0, room + 1) if found.end() <= room), default=0)


def _word_end(text: str, room: int) -> int:
    found = _WORD_END.search(text[room::-1])
    if found is None:
        return 0
    at = room - found.start()
    end = at if text[at].isspace() or at == room else at + 1
    while end > 0 and unicodedata.category(text[end]) in ("Mn", "Mc", "Me", "Cf"):
        end -= 1
    return len(text[:end].rstrip())
