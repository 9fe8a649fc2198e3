"""What somebody says of papers: votes and a list of saved ones, which leave as a .bib file."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.citation import bibliography
from bot.domain.identity import parse_ref
from bot.domain.papers import PaperKey, PaperRef, SeenPaper
from bot.domain.people import Mark, Marked, Person, Vote
from bot.domain.visible import harmless
from bot.errors import Show
from bot.services.summarizing import Summarizing
from bot.storage import marks, papers
from bot.storage.store import Store

PAGE = 10  # saved papers


class PaperNotStored(Show):
    """A mark was wanted on a paper of which nothing is known here."""

    def __init__(self, key: PaperKey) -> None:
        self.key = key.value
        super().__init__(f"{key} is not in the store")


class NobodyAsks(Show):
    """Whoever writes does so in the name of a chat: there is nobody whose mark it would be."""

    def __init__(self) -> None:
        super().__init__("a chat has no marks of its own")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page of what somebody saved, newest first; `page` counts from 1, and `pages` is 1 where there is nothing.

    `total` papers are saved in all; `up` and `down` are how many papers they voted for and against, saved or not.
    """

    papers: tuple[Marked, ...]
    page: int
    pages: int
    total: int
    up: int
    down: int


class Marking:
    """Reads and writes the marks of one person at a time. Every change is safe to repeat."""

    def __init__(self, *, store: Store, summarizing: Summarizing, now: Callable[[], datetime]) -> None:
        self._store, self._summarizing, self._now = store, summarizing, now

    async def vote(self, person: Person, key: PaperKey, wanted: Vote) -> Mark:
        """The vote from now on; `Vote.NONE` takes it back. Raises PaperNotStored, NobodyAsks."""
        _require_somebody(person)
        async with self._store.write() as tx:
            if not await papers.by_keys(tx, (key,)):
                raise PaperNotStored(key)
            return await marks.vote(tx, person, key, wanted, self._now())

    async def save(self, person: Person, key: PaperKey, is_saved: bool) -> Mark:
        """Save a paper or take it off the list, where it need not be stored any more. Raises PaperNotStored, NobodyAsks."""
        _require_somebody(person)
        async with self._store.write() as tx:
            if not is_saved:
                return await marks.unsave(tx, person, key)
            if not await papers.by_keys(tx, (key,)):
                raise PaperNotStored(key)
            return await marks.save(tx, person, key, self._now())

    async def save_named(self, person: Person, text: str) -> Marked:
        """Save the paper that `text` names by id, link or DOI; one that is not in the store is looked up on arXiv first.

        Raises BadPaperId, UnknownPaper, NobodyAsks, or Retry if arXiv is not answering.
        """
        _require_somebody(person)
        seen = await self._summarizing.paper(PaperRef(key=parse_ref(text).key))  # the newest: only that one is kept
        return Marked(seen=seen, mark=await self.save(person, seen.paper.key, is_saved=True))

    async def unsave_named(self, person: Person, text: str) -> tuple[SeenPaper, bool]:
        """Take the paper that `text` names off the list; with it whether it was there. Raises BadPaperId."""
        key = parse_ref(text).key
        async with self._store.write() as tx:
            was_saved = (await marks.of(tx, person, (key,)))[key].saved_at is not None
            await marks.unsave(tx, person, key)
            (seen,) = await marks.papers_of(tx, (key,))
        return seen, was_saved

    async def of(self, person: Person, keys: Collection[PaperKey]) -> Mapping[PaperKey, Mark]:
        """What this person said of each of these papers; an empty mark where it is nothing."""
        async with self._store.read() as tx:
            return await marks.of(tx, person, keys)

    async def saved(self, person: Person, page: int = 1) -> SavedPage:
        """The page, or the nearest that there is."""
        async with self._store.read() as tx:
            counted = await marks.counts(tx, person)
            pages = max(1, -(-counted.saved // PAGE))
            page = min(max(page, 1), pages)
            keys = await marks.saved(tx, person, limit=PAGE, offset=(page - 1) * PAGE)
            said = await marks.of(tx, person, keys)
            found = await marks.papers_of(tx, keys)
        shown = tuple(Marked(seen=seen, mark=said[key]) for key, seen in zip(keys, found, strict=True))
        return SavedPage(papers=shown, page=page, pages=pages, total=counted.saved, up=counted.up, down=counted.down)

    async def bibliography(self, person: Person) -> bytes:
        """All saved papers, newest first, as a BibTeX file in UTF-8; empty if there is none."""
        async with self._store.read() as tx:
            found = await marks.papers_of(tx, await marks.saved(tx, person))
        papers = [seen.paper for seen in found]
        return await asyncio.to_thread(lambda: harmless(bibliography(papers)).encode())  # 3,000 of them take two seconds


def _require_somebody(person: Person) -> None:
    if not person.id:
        raise NobodyAsks
