"""Searches of what came in: the index brought up to date, then one page of what it finds."""

from dataclasses import dataclass

from bot.domain.papers import SeenPaper
from bot.domain.queries import query
from bot.storage import search, search_index
from bot.storage.store import Store

PAGE_SIZE = 8
MOST_ROUNDS = 20  # of 250 papers each, before a search is answered: a few seconds; the next tick goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of a search, `first_number` the place of its first paper among all `total`, from 1; `asked` as people see it.

    With `is_partial` no paper holds all of the words, and these hold some. `is_more`: there are more than the `total` that
    can be paged through. `held` says what the store has, where nothing was found.
    """

    asked: str
    papers: tuple[SeenPaper, ...]
    page: int
    pages: int
    total: int
    is_partial: bool = False
    is_more: bool = False
    held: search.Held | None = None

    @property
    def first_number(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1


class Searching:
    """Looks through the papers of the store."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def search(self, text: str, page: int = 1) -> Found:
        """The page (from 1; beyond the last, the last) of what `text` finds; raises BadInput where it asks for nothing."""
        asked = query(text)
        await self.refresh()
        async with self._store.read() as tx:
            hits = await search.found(tx, asked, page=page, size=PAGE_SIZE)
            held = None if hits.total else await search.held(tx)
        return Found(
            asked=asked.typed,
            papers=hits.papers,
            page=hits.page,
            pages=-(-hits.total // PAGE_SIZE),
            total=hits.total,
            is_partial=hits.is_partial,
            is_more=hits.is_more,
            held=held,
        )

    async def refresh(self) -> None:
        """Index what came in since the last time, in short transactions; reads and does nothing else where that is nothing."""
        for _ in range(MOST_ROUNDS):
            async with self._store.read() as tx:
                if not await search_index.is_behind(tx):
                    return
            async with self._store.write() as tx:
                await search_index.catch_up(tx)
