"""The figures and quotations of a summary held against the text that was read. Pure, and the same in every language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.domain.dates import days
from bot.domain.figure_arithmetic import compared, follows_from
from bot.domain.figure_claims import Claimed, claimed, literal, name_with
from bot.domain.figure_index import FigureIndex, context_of
from bot.domain.figure_names import has_name, is_version
from bot.domain.figures import Number
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.papers import FullText
from bot.domain.quotations import passages


class ReadText:
    """What was read of a paper, made ready for look-ups. Building takes the time, so one serves all summaries of a text."""

    __slots__ = ("_folded", "_headings", "_passages", "days", "index", "pairs")

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        text = "\n\n".join(part for _, part in parts).replace("{,}", ",")
        self.index = FigureIndex(text)
        self.days = tuple(day for _, _, day in days(self.index.text))
        self._folded = self.index.text.lower()
        self.pairs = compared(self.index.text, self.index.numbers)
        self._headings = tuple(heading for heading, _ in parts)
        self._passages = tuple(passages(part) for _, part in parts)

    def section_of(self, quotation: Quotation) -> str | None:
        """The heading under which a quotation stands, the one it names where it is there too; None if nowhere."""
        found = [
            heading for heading, part in zip(self._headings, self._passages, strict=True) if part.find(quotation.text) is not None
        ]
        if not found:
            return None
        return next((heading for heading in found if _is_same(heading, quotation.section)), found[0])

    def has_name(self, name: str) -> bool:
        """Whether a name with digits stands in the text; CIFAR-100 does in "CIFAR-10/100"."""
        return has_name(self._folded, name)


def read_text(text: FullText, *extra: str) -> ReadText:
    """`text` and whatever else was given to the model (title, abstract, metadata), made ready for `checked`.

    CPU work, linear in the text: see docs/evidence.md for how long it takes.
    """
    return ReadText([*((section.heading, section.text) for section in text.sections), *(("", each) for each in extra if each)])


def checked(claims: Sequence[str], quotations: Sequence[Quotation], source: ReadText) -> Evidence:
    """Look up every figure in `claims` (the texts of a summary), each once and in order, and every quotation.

    A quotation that was found has the heading of the section where it stands, whatever the model said. Never raises.
    """
    return Evidence(
        figures=tuple(_figures(claimed(claims), source)), quotations=tuple(_quoted(each, source) for each in quotations)
    )


def _quoted(quotation: Quotation, source: ReadText) -> CheckedQuotation:
    section = source.section_of(quotation)
    if section is None:
        return CheckedQuotation(quotation=quotation, is_found=False)
    return CheckedQuotation(quotation=replace(quotation, section=section), is_found=True)


def _figures(found: Sequence[Claimed], source: ReadText) -> Iterator[Figure]:
    states = [FigureState.FOUND if _is_in(each, source) else FigureState.MISSING for each in found]
    seen: set[str] = set()
    for each, state in zip(found, states, strict=True):
        if each.written.casefold() in seen:
            continue
        seen.add(each.written.casefold())
        if state is FigureState.MISSING and each.number is not None:
            named = _named_beside(each, found, states)
            if follows_from(each.number, named, source.pairs):
                state = FigureState.COMPUTED
        yield Figure(written=each.written, state=state)


def _named_beside(each: Claimed, found: Sequence[Claimed], states: Sequence[FigureState]) -> list[Number]:
    return [
        other.number
        for other, state in zip(found, states, strict=True)
        if state is FigureState.FOUND and other.sentence == each.sentence and other.number is not None
    ]


def _is_in(figure: Claimed, source: ReadText) -> bool:
    if figure.day is not None:
        return any(figure.day.is_within(day) for day in source.days)
    if figure.name is not None:
        return source.has_name(figure.name)
    if figure.number is None:
        return False
    name = name_with(figure.text, figure.number)
    if name is not None and is_version(source.index.text, name.partition(" ")[0]):
        return source.has_name(name)
    if source.index.matches(figure.number, context_of(figure.text, figure.number)):
        return True
    if not figure.number.sign and literal(figure.written).search(source.index.text):
        return True
    if source.index.has_parts(figure.text, figure.number):
        return True
    return name is not None and source.has_name(name)


def _is_same(heading: str, said: str) -> bool:
    """Headings are the same but for numbering and case; the model may give a part of one."""
    one, other = (re.sub(r"[\W\d_]+", "", each).casefold() for each in (heading, said))
    return bool(one and other) and (one in other or other in one)
