"""The sample day that ships with Paperboy: what arXiv and Hugging Face listed on 8 January 2026.

It asks nobody and knows no other day; its clock stands on that day. Where each fact comes from: docs/sample-day.md.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from bot.domain.intake import Notice, Page, Wanted, Watermark, Why
from bot.domain.papers import Paper, PaperRef
from bot.errors import SourceChanged
from bot.guard import require_no_transaction
from bot.sources.sample_file import Day, Entry, read_day

SAMPLE_DATE = date(2026, 1, 8)
SAMPLE_CLOCK_START = datetime(2026, 1, 8, 15, 0, tzinfo=UTC)
"""An instant of that day at which both lists are out: set the clock to it to live the day."""

_TOPIC = "daily"
_SATURDAY = 5
_LEAST_OVERLAP = 0.6  # of the words of two titles; below it they belong to different papers


class SampleDay:
    """A PaperSource of one day. Its file is read at the first question; tests give other files."""

    name = "sample"

    def __init__(self, file: Traversable | None = None) -> None:
        self._file = file or resources.files("bot.sources").joinpath("sample_day.json")

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """See PaperSource.fetch. The day is two pages: arXiv's batch, then what Hugging Face alone lists.

        Every other day is a page with a notice that names the day to ask for. `wanted.categories` narrow nothing, as the
        list is one. Raises SourceChanged if the packaged file is broken.
        """
        day = await self._read()
        for offset in range((wanted.until - wanted.since).days + 1):
            asked = wanted.since + timedelta(days=offset)
            for page in self._pages(day) if asked == day.on else (self._empty(asked, day.on),):
                yield page

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """See PaperSource.find. It knows the papers of its day only, each in the version that was listed."""
        papers = [entry.paper for entry in (await self._read()).entries]
        if not refs:
            return _best_match(papers, title)
        by_key = {paper.key: paper for paper in papers}
        found = ((ref.version, by_key.get(ref.key)) for ref in refs)
        return tuple(paper for version, paper in found if paper and version in (None, paper.version))

    async def _read(self) -> Day:
        require_no_transaction("reading the sample day")
        return await asyncio.to_thread(lambda: self._day)

    @cached_property
    def _day(self) -> Day:
        try:
            return read_day(self._file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise SourceChanged(f"{self.name}: the packaged day cannot be read: {error}") from error

    def _pages(self, day: Day) -> tuple[Page, Page]:
        batch = [entry for entry in day.entries if entry.sighting.announce_type]
        others = [entry for entry in day.entries if not entry.sighting.announce_type]
        return self._page(batch), self._page(others, Watermark(source=self.name, topic=_TOPIC, batch_on=day.on))

    def _page(self, entries: Sequence[Entry], *finished: Watermark) -> Page:
        papers = tuple(entry.paper for entry in entries)
        return Page(source=self.name, papers=papers, sightings=tuple(entry.sighting for entry in entries), finished=finished)

    def _empty(self, asked: date, held: date) -> Page:
        """No watermark: a day that is not held was not read."""
        why = Why.WEEKEND if asked.weekday() >= _SATURDAY else Why.NOTHING_LISTED
        notice = Notice(source=self.name, why=why, subject=str(held), detail=f"it holds only {held}", on=asked)
        return Page(source=self.name, notices=(notice,))


def _best_match(papers: Sequence[Paper], title: str) -> tuple[Paper, ...]:
    asked = _words(title)
    overlaps = [(_overlap(asked, _words(paper.title)), paper) for paper in papers]
    overlap, best = max(overlaps, key=lambda pair: pair[0])
    return (best,) if overlap >= _LEAST_OVERLAP else ()


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.casefold()))


def _overlap(one: frozenset[str], two: frozenset[str]) -> float:
    """Of all words in either title, the share that is in both."""
    return len(one & two) / len(one | two) if one else 0.0
