"""A file that somebody sent, as papers to read: its entries looked up on arXiv and summarized, some at a time, in its order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.digests import Counts, Criteria, Digest, DigestItem, DigestPlan, Pick, Score
from bot.domain.intake import Notice, Page, Wanted
from bot.domain.papers import Paper, Scheme, SeenPaper
from bot.domain.people import Person
from bot.domain.progress import Report, Stage
from bot.domain.subscriptions import Address
from bot.pipeline.compose import compose
from bot.ports import PaperSource
from bot.services.desk import Wish
from bot.services.uploads import Uploads
from bot.services.writing import Writing
from bot.storage import papers
from bot.storage.store import Store

PART = 30  # entries at a time


class OpenList(Protocol):
    """A part of a BibTeX file as a source: `most` entries from `first` on."""

    def __call__(self, name: str, text: str, *, first: int, most: int) -> PaperSource: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPart:
    """A part of a reading list; `following` is where the next one begins, None where this is the last."""

    upload_id: int
    digest: Digest
    first: int
    entries: int
    following: int | None


class ReadingLists:
    """Makes digests of files that people sent. Nothing counts as shown, and what arXiv does not know is not stored."""

    def __init__(
        self,
        *,
        store: Store,
        uploads: Uploads,
        open_list: OpenList,
        writing: Writing,
        wait: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._uploads, self._open = store, uploads, open_list
        self._writing, self._wait, self._now = writing, wait, now

    async def part(
        self, upload_id: int, person: Person, address: Address, *, first: int = 0, style: str, language: str, report: Report
    ) -> ListPart:
        """The 30 entries from `first` on, as `address` pays for it. Safe to repeat. Raises UploadGone.

        What is not on arXiv is listed with what the file says; if arXiv does not answer, all of it is, with a notice.
        """
        kept, known = await self._uploads.kept(upload_id, person), await self._uploads.upload(upload_id, person)
        first = min(max(first, 0), max(0, known.entries - 1))
        pages = await self._pages(self._open(kept.name, kept.body, first=first, most=PART), report)
        seen = await self._seen(tuple(paper for page in pages for paper in page.papers))
        notices = tuple(notice for page in pages for notice in page.notices)
        wish = Wish(style=style, language=language, address=address, until=self._now() + self._wait, report=report)
        items = await self._items(seen, wish)
        rest = max(0, known.entries - first - PART)
        digest = self._digest(kept.name, items, notices, rest, style=style, language=language)
        following = first + PART if rest else None
        return ListPart(upload_id=upload_id, digest=digest, first=first, entries=known.entries, following=following)

    async def _pages(self, source: PaperSource, report: Report) -> tuple[Page, ...]:
        today = self._now().date()
        report(Stage.FETCH, source.name, 0, None)
        return tuple([page async for page in source.fetch(Wanted(since=today, until=today))])

    async def _seen(self, listed: tuple[Paper, ...]) -> tuple[SeenPaper, ...]:
        """Each paper once, as the store knows it, or else as the file tells of it; only what arXiv said comes into the store."""
        confirmed = tuple(filter(is_confirmed, listed))
        async with self._store.write() as tx:
            if confirmed:
                await papers.record_page(tx, Page(source="arxiv", papers=confirmed), self._now())
            stored = await papers.by_keys(tx, tuple(paper.key for paper in listed))
        found = [stored.get(paper.key) or SeenPaper(paper=paper) for paper in listed]
        return tuple({seen.paper.key: seen for seen in found}.values())

    async def _items(self, seen: tuple[SeenPaper, ...], wish: Wish) -> tuple[DigestItem, ...]:
        """Summaries of what arXiv knows; of the rest there is nothing to read."""
        picks = tuple(Pick(seen=one, score=Score(value=0.0)) for one in seen)
        read = iter(await self._writing.many([pick for pick in picks if is_confirmed(pick.seen.paper)], wish))
        return tuple(next(read) if is_confirmed(pick.seen.paper) else DigestItem(pick=pick) for pick in picks)

    def _digest(
        self,
        name: str,
        items: tuple[DigestItem, ...],
        notices: tuple[Notice, ...],
        rest: int,
        *,
        style: str,
        language: str,
    ) -> Digest:
        now, listed = self._now(), len(items)
        counts = Counts(found=listed + rest, matched=listed + rest, listed=listed)
        return compose(
            on=now.date(),
            made_at=now,
            criteria=Criteria(sources=(f"bibtex:{name}",)),
            plan=DigestPlan(picks=tuple(item.pick for item in items), counts=counts),
            items=items,
            notices=notices,
            are_all_sources_down=False,
            model=self._writing.model,
            language=language,
            style=style,
        )


def is_confirmed(paper: Paper) -> bool:
    """Whether arXiv itself told of this paper: a file's own words about one have no version."""
    return paper.key.scheme is Scheme.ARXIV and paper.version is not None
