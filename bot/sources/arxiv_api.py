"""The query API: papers by id in batches, by title, and by query page after page. It is not the daily truth: its index lags."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from difflib import SequenceMatcher

from bot.domain.announcements import next_midnight_et
from bot.domain.identity import arxiv_id
from bot.domain.papers import Paper, PaperRef, Scheme
from bot.errors import BrokenPage
from bot.sources.arxiv_access import SOURCE, ArxivAccess
from bot.sources.arxiv_atom import Answer, parse_answer, refused_id

BATCH = 100
SAME_TITLE = 0.85  # difflib's ratio of two folded titles; a guess all the same, and marked as one by those who ask
_TITLE_WORDS = 25
_REMEMBERED = 64
_NOT_WORDS = re.compile(r"\\[a-zA-Z]+|[^\w\s'-]|_")


class ArxivApi:
    """Asks the API; remembers queries until the next midnight US Eastern, since results change once a day."""

    def __init__(self, access: ArxivAccess, now: Callable[[], datetime]) -> None:
        self._access, self._now = access, now
        self._remembered: dict[tuple[str, int, int], tuple[datetime, Answer]] = {}

    async def by_ids(self, refs: Sequence[PaperRef]) -> tuple[Paper, ...]:
        """The papers of these refs that exist, in no promised order, at most BATCH a request.

        A ref without a version brings the latest. Unknown and malformed ids are missing. Raises as PoliteClient.get.
        """
        ids = list(dict.fromkeys(arxiv_id(ref) for ref in refs if ref.key.scheme is Scheme.ARXIV))
        found: list[Paper] = []
        for start in range(0, len(ids), BATCH):
            found += await self._batch(ids[start : start + BATCH])
        return tuple(found)

    async def _batch(self, ids: list[str]) -> tuple[Paper, ...]:
        """One malformed id spoils a whole batch with a 400: leave it out and ask again."""
        while ids:
            body = await self._access.api({"id_list": ",".join(ids), "start": "0", "max_results": str(len(ids))})
            if body.status == 200:
                answer = await asyncio.to_thread(parse_answer, body.content)
                if answer.size < min(answer.total, len(ids)):
                    raise BrokenPage(SOURCE, f"{answer.total} entries stated and {answer.size} sent")
                return answer.papers
            bad, reason = refused_id(body.content)
            if bad not in ids:
                raise BrokenPage(SOURCE, f"HTTP {body.status} for ids: {reason}")
            ids = [one for one in ids if one != bad]
        return ()

    async def by_title(self, title: str) -> Paper | None:
        """The paper whose title is nearest to `title`, if any is near enough. Raises as PoliteClient.get."""
        words = folded(title).split()[:_TITLE_WORDS]
        if not words:
            return None
        phrase = f'ti:"{" ".join(words)}"'
        longest = sorted(dict.fromkeys(words), key=len, reverse=True)[:8]
        for query in (phrase, " AND ".join(f"ti:{word}" for word in longest)):
            answer = await self.page(query, 0, 10)
            best = max(answer.papers, key=lambda paper: likeness(title, paper.title), default=None)
            if best is not None and likeness(title, best.title) >= SAME_TITLE:
                return best
        return None

    async def pages(self, query: str, *, most: int) -> AsyncIterator[Answer]:
        """Pages of a query, newest submission first, until the stated total or `most` is reached or a page brings nothing new.

        The API counts its offset over all entries, whether or not they are usable: so do we, and a page that is short by
        one loses nothing. Raises BrokenPage if the first page is empty although a total is stated.
        """
        seen: set[str] = set()
        start = 0
        while start < most:
            answer = await self.page(query, start, BATCH)
            if not start and answer.total and not answer.size:
                raise BrokenPage(SOURCE, f"{answer.total} entries stated and none sent")
            fresh = tuple(paper for paper in answer.papers if paper.key.value not in seen)
            seen.update(paper.key.value for paper in fresh)
            yield Answer(papers=fresh, size=answer.size, total=answer.total, unusable=answer.unusable)
            start += BATCH
            is_new = fresh or answer.unusable
            if start >= answer.total or not is_new:
                return

    async def page(self, query: str, start: int, size: int) -> Answer:
        """One page of a query, from memory if it was asked on this day of arXiv's."""
        asked = (query, start, size)
        until, answer = self._remembered.get(asked, (None, None))
        if until and answer and self._now() < until:
            return answer
        params = {"search_query": query, "start": str(start), "max_results": str(size)}
        body = await self._access.api({**params, "sortBy": "submittedDate", "sortOrder": "descending"})
        if body.status != 200:
            raise BrokenPage(SOURCE, f"HTTP {body.status} for a query: {refused_id(body.content)[1]}")
        answer = await asyncio.to_thread(parse_answer, body.content)
        if answer.size:  # an empty answer may be a fault of this minute
            self._remember(asked, answer)
        return answer

    def _remember(self, asked: tuple[str, int, int], answer: Answer) -> None:
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.pop(next(iter(self._remembered)))
        self._remembered[asked] = (next_midnight_et(self._now()), answer)


def folded(title: str) -> str:
    """A title as words to search and compare by: no TeX, no punctuation, lower case."""
    return " ".join(_NOT_WORDS.sub(" ", title).casefold().replace("-", " ").split())


def likeness(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1."""
    return SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio()
