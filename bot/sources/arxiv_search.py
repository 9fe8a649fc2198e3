"""Back-fill from the API: papers of categories, words and authors by the days of their submission, which no batch names."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime

from bot.domain.categories import ARCHIVES, canonical
from bot.domain.intake import Notice, Page, Wanted, Why
from bot.domain.papers import Paper, PaperRef, Sighting
from bot.http import Gate, PoliteClient
from bot.sources.arxiv_access import SOURCE, ArxivAccess, ArxivIntervals, ArxivUrls
from bot.sources.arxiv_api import BATCH, ArxivApi, folded
from bot.sources.arxiv_listing import notice

MOST = 1_000  # arXiv discourages larger result sets (info.arxiv.org/help/api/user-manual.html)
_LONGEST_QUERY = 3_000


class ArxivSearch:
    """The source behind `--days`: what was *submitted* from `wanted.since` to `wanted.until` (GMT), newest first.

    Papers held in moderation are announced days later and may be missed; batches are the truth for daily use.
    """

    name = SOURCE

    def __init__(
        self, *, client: PoliteClient, gate: Gate, now: Callable[[], datetime], urls: ArxivUrls, intervals: ArxivIntervals
    ) -> None:
        self._now = now
        self._api = ArxivApi(ArxivAccess(client=client, gate=gate, urls=urls, intervals=intervals), now)

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        """Yield pages of at most 100 papers, 1,000 in all: a notice says what lies beyond. Sets no watermarks. Safe to repeat."""
        count = position = total = 0
        oldest: Paper | None = None
        async for answer in self._api.pages(query_of(wanted), most=MOST):
            yield self._page(answer.papers, answer.unusable, position)
            count, position, total = count + len(answer.papers) + len(answer.unusable), position + BATCH, answer.total
            oldest = answer.papers[-1] if answer.papers else oldest
        notices = _shortfall(count, total, oldest)
        if notices:
            yield Page(source=SOURCE, notices=notices)

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        """Nothing: looking up is the work of Arxiv."""
        return ()

    def _page(self, papers: tuple[Paper, ...], unusable: tuple[str, ...], position: int) -> Page:
        seen_at = self._now()
        return Page(
            source=SOURCE,
            papers=papers,
            sightings=tuple(
                Sighting(key=paper.key, version=paper.version, source=SOURCE, seen_at=seen_at, position=position + index)
                for index, paper in enumerate(papers)
            ),
            notices=tuple(notice(Why.BAD_ENTRY, subject=title) for title in unusable),
        )


def _shortfall(count: int, total: int, oldest: Paper | None) -> tuple[Notice, ...]:
    """What to tell of results that did not come: none at all, beyond the cap, or fewer than the API states."""
    if not total:
        return (notice(Why.NOTHING_LISTED),)
    if total > MOST:
        day = oldest.published_at.date() if oldest and oldest.published_at else None
        return (notice(Why.TOO_OLD, day, detail=f"the newest {count} of {total} results"),)
    return (notice(Why.BROKEN, detail=f"{total} results stated, {count} sent"),) if count < total else ()


def query_of(wanted: Wanted) -> str:
    """The API query: any of the categories, and any of the words or authors, and the days of submission.

    Words are matched in title and abstract. Where they would make the query too long they stay out: matching is done at
    home, they only narrow.
    """
    days = f"submittedDate:[{wanted.since:%Y%m%d}0000 TO {wanted.until:%Y%m%d}2359]"
    categories = _any(f"cat:{_category(topic)}" for topic in sorted(wanted.categories))
    words = [f'ti:"{word}" OR abs:"{word}"' for word in map(folded, wanted.words) if word]
    authors = [f'au:"{author}"' for author in map(folded, wanted.authors) if author]
    narrow = _any((*words, *authors))
    if len(narrow) > _LONGEST_QUERY:
        narrow = ""
    return " AND ".join(filter(None, (categories, narrow, days)))


def _category(topic: str) -> str:
    return f"{topic.lower()}.*" if topic.lower() in ARCHIVES else canonical(topic) or topic


def _any(terms: Iterable[str]) -> str:
    joined = " OR ".join(terms)
    return f"({joined})" if joined else ""
