"""`/summary`: any paper, by any id or link, from the store or from arXiv."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.identity import parse_ref
from bot.domain.intake import Page
from bot.domain.papers import Paper, PaperRef, Scheme, SeenPaper
from bot.domain.progress import Report
from bot.domain.subscriptions import Address
from bot.domain.summaries import Lack, Summary
from bot.errors import UnknownPaper
from bot.ports import PaperSource
from bot.services.desk import Wish
from bot.services.turns import OneAtATime
from bot.services.writing import Writing
from bot.storage import papers
from bot.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSummary:
    """What `/summary` answers with; `summary` is None where nothing could be made of the paper, and `lack` says why."""

    seen: SeenPaper
    summary: Summary | None
    style: str
    language: str
    lack: Lack | None = None


class Summarizing:
    """Finds a paper and summarizes it."""

    def __init__(
        self,
        *,
        store: Store,
        lookups: tuple[PaperSource, ...],
        writing: Writing,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._lookups = lookups
        self._writing = writing
        self._alone = OneAtATime()
        self._now = now

    async def summary(self, text: str, *, style: str, language: str, address: Address, report: Report) -> PaperSummary:
        """The summary of the paper named anywhere in `text`. Withdrawn papers come without one. One that is there comes at once.

        Raises BadPaperId, UnknownPaper, or Retry if arXiv is not answering and the paper is not in the store.
        """
        seen = await self.paper(parse_ref(text))
        return await self.summary_of(seen, style=style, language=language, address=address, report=report)

    async def summary_of(self, seen: SeenPaper, *, style: str, language: str, address: Address, report: Report) -> PaperSummary:
        """The same of a paper that is known already."""
        if seen.paper.is_withdrawn:
            return PaperSummary(seen=seen, summary=None, style=style, language=language)
        wish = Wish(style=style, language=language, address=address, is_urgent=True, report=report)
        written = await self._writing.one(seen.paper, wish)
        return PaperSummary(seen=seen, summary=written.summary, style=style, language=language, lack=written.lack)

    async def paper(self, ref: PaperRef) -> SeenPaper:
        """The paper itself; a version that is not in the store, or the newest one of a paper that is not, is looked up."""
        async with self._alone.of(ref):  # arXiv is asked once, however many ask us
            async with self._store.read() as tx:
                known = (await papers.by_keys(tx, (ref.key,))).get(ref.key)
            if known is not None and ref.version in (None, known.paper.version):
                return known
            if ref.key.scheme is not Scheme.ARXIV:
                raise UnknownPaper(str(ref.key))
            return await self._look_up(ref, known)

    async def _look_up(self, ref: PaperRef, known: SeenPaper | None) -> SeenPaper:
        for source in self._lookups:
            found = await source.find((ref,))
            if found:
                await self._keep(source.name, found[0], is_latest=ref.version is None)
                return SeenPaper(paper=found[0], sightings=known.sightings if known else ())
        raise UnknownPaper(ref.key.value + (f"v{ref.version}" if ref.version else ""))

    async def _keep(self, source: str, paper: Paper, *, is_latest: bool) -> None:
        """An older version that somebody asked for is shown, and does not replace what the store knows."""
        if is_latest:
            async with self._store.write() as tx:
                await papers.record_page(tx, Page(source=source, papers=(paper,)), self._now())
