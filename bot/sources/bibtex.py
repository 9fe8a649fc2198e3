"""A BibTeX file as a source: its order and keys kept, its papers looked up on arXiv, the rest listed with what the file says.

file -> text -> entries -> ids looked up in batches -> titles of the others searched -> pages

The file is a stranger's: no address in it is ever fetched.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

from bot.domain.intake import Notice, Page, Wanted, Why
from bot.domain.papers import Paper, PaperKey, PaperRef, Sighting
from bot.errors import BadFile, BrokenPage, ClientRefused, Retry, SourceChanged, SourceRefused, SourceThrottled
from bot.sources.bibtex_entries import BibEntry, Skipped, TooManyEntries, read_entries
from bot.sources.bibtex_papers import arxiv_ref, own_paper, title_to_search, unconfirmed_paper
from bot.sources.bibtex_text import read_text

IDS_A_REQUEST = 100
ENTRIES_A_PAGE = 200
MAX_TITLE_SEARCHES = 20
"""Each takes a slot of arXiv's, 3 s: a file of books must not take an hour."""

ARXIV = "arxiv"
_OUTCOMES = (
    (SourceThrottled, Why.THROTTLED),
    (SourceRefused, Why.REFUSED),
    (BrokenPage, Why.BROKEN),
    (SourceChanged, Why.CHANGED),
    (ClientRefused, Why.CLIENT_REFUSED),
)


class Find(Protocol):
    """PaperSource.find, as arXiv's source has it."""

    async def __call__(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry with what it can be found by: its id, or else its title (empty where a search is pointless)."""

    entry: BibEntry
    ref: PaperRef | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that a file holds; `remark` says how its bytes were guessed."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[Skipped, ...]
    remark: str


@dataclass(slots=True)
class Answers:
    """What arXiv said so far, None where it knows nothing: by ref, and by the place of an entry whose title was searched.

    `failure` is why it was not asked for the rest.
    """

    by_ref: dict[PaperRef, Paper | None] = field(default_factory=dict)
    by_title: dict[int, Paper | None] = field(default_factory=dict)
    failure: Notice | None = None


class BibtexFile:
    """One file. `find` is arXiv's own; `max_title_searches` bounds what entries without an id may cost."""

    def __init__(self, path: Path, find: Find, now: Callable[[], datetime], max_title_searches: int = MAX_TITLE_SEARCHES) -> None:
        self._path, self._find, self._now = path, find, now
        self._max_title_searches = max_title_searches
        self.name = "bibtex:" + path.name.encode("utf-8", "replace").decode()

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """All entries in the order of the file, whatever days are `wanted`.

        No failure of arXiv is raised: the entries come with what the file says, and a notice. Raises BadFile.
        """
        reading = await asyncio.to_thread(self.read)
        answers = await self._look_up(reading.candidates)
        for page in await asyncio.to_thread(pages, self.name, reading, answers, self._now()):
            yield page

    def read(self) -> Reading:
        """What is to be listed. Blocks. Raises BadFile."""
        return read(self._path)

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """Nothing: a file is listed whole or not at all."""
        return ()

    async def _look_up(self, candidates: Sequence[Candidate]) -> Answers:
        answers = Answers()
        try:
            await self._look_up_ids(candidates, answers)
            await self._search_titles(candidates, answers)
        except (Retry, SourceChanged, ClientRefused) as error:
            why = next((why for kind, why in _OUTCOMES if isinstance(error, kind)), Why.UNREACHABLE)
            answers.failure = Notice(source=ARXIV, why=why, detail=str(error))
        return answers

    async def _look_up_ids(self, candidates: Sequence[Candidate], answers: Answers) -> None:
        refs = list(dict.fromkeys(candidate.ref for candidate in candidates if candidate.ref))
        for start in range(0, len(refs), IDS_A_REQUEST):
            batch = refs[start : start + IDS_A_REQUEST]
            found = await self._find(batch)
            answers.by_ref |= {ref: _named(ref, found) for ref in batch}

    async def _search_titles(self, candidates: Sequence[Candidate], answers: Answers) -> None:
        unknown = ((place, c.title) for place, c in enumerate(candidates) if c.title and not _by_id(c, answers))
        for place, title in islice(unknown, self._max_title_searches):
            answers.by_title[place] = next(iter(await self._find(title=title)), None)


def read(path: Path) -> Reading:
    """The file's entries and what they can be found by. Blocks: about 0.3 s for 1,000 entries. Raises BadFile."""
    text, remark = read_text(path)
    return reading_of(path.name, text, remark)


def reading_of(name: str, text: str, remark: str) -> Reading:
    """The entries of the text of a file. Blocks, and raises, as `read` does."""
    try:
        found = read_entries(text)
    except TooManyEntries as error:
        raise BadFile(name, str(error)) from error
    candidates = (Candidate(entry=entry, ref=arxiv_ref(entry), title=title_to_search(entry)) for entry in found.entries)
    return Reading(candidates=tuple(candidates), skipped=found.skipped, remark=remark)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry as it is listed; `first_place` and `first_line` are those of the first entry of the same paper."""

    candidate: Candidate
    place: int
    paper: Paper
    is_found: bool
    is_guess: bool
    first_place: int
    first_line: int


def pages(source: str, reading: Reading, answers: Answers, now: datetime) -> tuple[Page, ...]:
    """The file as pages, each paper once, where it stands first; a file without entries is a page that says so."""
    about_file = (*_about_file(source, reading), *((answers.failure,) if answers.failure else ()))
    listed = tuple(_listed(reading.candidates, answers))
    made = []
    for start in range(0, max(len(listed), 1), ENTRIES_A_PAGE):
        part = listed[start : start + ENTRIES_A_PAGE]
        shown = [one for one in part if one.place == one.first_place]
        notices = [notice for one in part for notice in _about_entry(source, one, answers)]
        made.append(
            Page(
                source=source,
                papers=tuple(one.paper for one in shown),
                sightings=tuple(_sighting(source, one, now) for one in shown),
                notices=(*about_file, *notices) if start == 0 else tuple(notices),
            )
        )
    return tuple(made)


def _by_id(candidate: Candidate, answers: Answers) -> Paper | None:
    return answers.by_ref.get(candidate.ref) if candidate.ref else None


def _named(ref: PaperRef, papers: Sequence[Paper]) -> Paper | None:
    """The paper of `ref` among `papers`: of the version that it names, else the latest."""
    fitting = (paper for paper in papers if paper.key == ref.key and ref.version in (None, paper.version))
    return max(fitting, key=lambda paper: paper.version or 0, default=None)


def _listed(candidates: Sequence[Candidate], answers: Answers) -> Iterator[Listed]:
    firsts: dict[PaperKey, int] = {}
    for place, candidate in enumerate(candidates):
        sure, guess = _by_id(candidate, answers), answers.by_title.get(place)
        paper = sure or guess or _as_the_file_says(candidate, answers)
        first = firsts.setdefault(paper.key, place)
        yield Listed(
            candidate=candidate,
            place=place,
            paper=paper,
            is_found=bool(sure or guess),
            is_guess=bool(guess and not sure),
            first_place=first,
            first_line=candidates[first].entry.line,
        )


def _as_the_file_says(candidate: Candidate, answers: Answers) -> Paper:
    """An id that arXiv could not be asked for stays the key; one that it does not know is none."""
    if candidate.ref and candidate.ref not in answers.by_ref:
        return unconfirmed_paper(candidate.entry, candidate.ref)
    return own_paper(candidate.entry)


def _sighting(source: str, one: Listed, now: datetime) -> Sighting:
    return Sighting(
        key=one.paper.key,
        version=one.paper.version,
        source=source,
        seen_at=now,
        position=one.place,
        cite_key=one.candidate.entry.key or None,
        is_guess=one.is_guess,
    )


def _about_file(source: str, reading: Reading) -> Iterator[Notice]:
    if reading.remark:
        yield Notice(source=source, why=Why.BAD_ENTRY, subject=source.partition(":")[2], detail=reading.remark)
    if not reading.candidates:
        yield Notice(source=source, why=Why.NOTHING_LISTED, detail="no entries in this file")
    for skipped in reading.skipped:
        yield Notice(source=source, why=Why.BAD_ENTRY, subject=skipped.subject[:80], detail=skipped.reason, line=skipped.line)


def _about_entry(source: str, one: Listed, answers: Answers) -> Iterator[Notice]:
    """What was wrong with the entry, and how its paper was found, or not."""
    entry, ref = one.candidate.entry, one.candidate.ref
    subject = entry.key[:80]
    problems = list(entry.problems)
    if not (one.is_found or entry.get("title")):
        problems.append("no title")
    if ref and one.is_guess:
        problems.append(f"arXiv does not know {ref.key.value}")
    if one.place != one.first_place:
        problems.append(f"the same paper as on line {one.first_line}")
    for problem in problems:
        yield Notice(source=source, why=Why.BAD_ENTRY, subject=subject, detail=problem, line=entry.line)
    if one.is_guess:
        detail = f"arXiv:{one.paper.key.value}"
        yield Notice(source=source, why=Why.GUESSED, subject=subject, detail=detail, line=entry.line)
    elif not one.is_found and (one.place in answers.by_title or not answers.failure):
        detail = _why_not_found(one, answers)
        yield Notice(source=source, why=Why.NOT_ON_ARXIV, subject=subject, detail=detail, line=entry.line)


def _why_not_found(one: Listed, answers: Answers) -> str:
    if one.candidate.ref:
        return f"arXiv does not know {one.candidate.ref.key.value}"
    if one.place in answers.by_title:
        return "no paper of this title"
    return f"only {len(answers.by_title)} titles are searched" if one.candidate.title else "no id"
