"""The sections of one page while they are written, and in which order and under which headings they are read. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.domain.papers import Section

ABSTRACT = "Abstract"
APPENDIX = "Appendix"
UNTITLED = "Text"
"""The heading of what stands outside of all sections; some short papers have nothing else."""
_REFERENCES = frozenset({"references", "bibliography", "references and notes", "literature cited", "works cited"})

# Possessive, or a heading of thirty digits that no space follows would take hours.
_NUMBER = re.compile(r"^(?:[\dIVXLC]++[.:]?)+\s+")


class Part(Enum):
    """In the order in which they are read."""

    ABSTRACT = auto()
    MAIN = auto()
    APPENDIX = auto()


@dataclass(slots=True, kw_only=True)
class Draft:
    part: Part
    heading: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def read_as(self) -> Part:
        """Its part; papers without an abstract's element may have a section of that name."""
        return Part.ABSTRACT if _bare(self.heading) == ABSTRACT.casefold() else self.part

    @property
    def words(self) -> int:
        return sum(len(line.split()) for line in self.lines)


def kept(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Those with text, in the order in which they are read; never a list of references."""
    written = [draft for draft in drafts if draft.lines and _bare(draft.heading) not in _REFERENCES]
    return tuple(sorted(written, key=lambda draft: draft.read_as.value))


def section(draft: Draft) -> Section:
    """The draft as it is read: one line for each block."""
    return Section(heading=_heading(draft), text="\n".join(draft.lines))


def _bare(heading: str) -> str:
    """A heading without its number, to be compared."""
    return _NUMBER.sub("", heading).rstrip(".: ").casefold()


def _heading(draft: Draft) -> str:
    if draft.read_as is Part.ABSTRACT:
        return ABSTRACT
    heading = draft.heading or UNTITLED
    return f"{APPENDIX} {heading}" if draft.part is Part.APPENDIX and APPENDIX.casefold() not in heading.casefold() else heading
