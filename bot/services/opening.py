"""What the buttons below a digest open: a paper under its number, what was left out, and the way back.

A number comes back from a chat and may be forged: nothing is opened but for the reader whose digest it is.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.subscriptions import Address
from bot.storage import digest_numbers, papers
from bot.storage.digest_numbers import Numbered
from bot.storage.store import Store

PAGE = 10  # papers that were left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The paper under a number of a digest."""

    digest: int
    number: int
    seen: SeenPaper


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOf:
    """The numbers below one part of a digest; `left_out` is how many papers it left out, None where the part is not the last."""

    digest: int
    numbers: tuple[int, ...]
    left_out: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestPage:
    """A page of what a digest left out, best first; `page` counts from 1, and numbers go on behind the listed papers."""

    digest: int
    on: date
    page: int
    pages: int
    papers: tuple[tuple[int, SeenPaper], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Those of its papers."""
        return tuple(number for number, _ in self.papers)


class Opening:
    """Opens papers by their numbers. Each answer is None for whoever is not the reader of that digest."""

    def __init__(self, *, store: Store) -> None:
        self._store = store

    async def paper(self, address: Address, digest_id: int, number: int) -> Opened | None:
        """The paper under this number, listed or left out; None if there is none."""
        async with self._store.read() as tx:
            digest = await digest_numbers.of_reader(tx, address, digest_id)
            key = _under(digest, number) if digest else None
            seen = (await papers.by_keys(tx, (key,))).get(key) if key else None
        return Opened(digest=digest_id, number=number, seen=seen) if seen else None

    async def known(self, key: PaperKey) -> SeenPaper | None:
        """A paper by itself, which belongs to nobody; None if it is not in the store."""
        async with self._store.read() as tx:
            return (await papers.by_keys(tx, (key,))).get(key)

    async def around(self, address: Address, digest_id: int, number: int) -> PartOf | RestPage | None:
        """What stands below the message that lists this number."""
        async with self._store.read() as tx:
            digest = await digest_numbers.of_reader(tx, address, digest_id)
        if digest is None or _under(digest, number) is None:
            return None
        if number > len(digest.listed):
            return await self._page(digest, (number - len(digest.listed) - 1) // PAGE + 1)
        part = digest.parts[number - 1]
        numbers = tuple(place for place, each in enumerate(digest.parts, 1) if each == part)
        return PartOf(digest=digest_id, numbers=numbers, left_out=len(digest.rest) if part == digest.last_part else None)

    async def rest(self, address: Address, digest_id: int, page: int) -> RestPage | None:
        """The page of what was left out, or the nearest that there is; one without papers if nothing was."""
        async with self._store.read() as tx:
            digest = await digest_numbers.of_reader(tx, address, digest_id)
        return await self._page(digest, page) if digest else None

    async def _page(self, digest: Numbered, page: int) -> RestPage:
        pages = max(1, -(-len(digest.rest) // PAGE))
        page = min(max(page, 1), pages)
        keys = digest.rest[(page - 1) * PAGE : page * PAGE]
        async with self._store.read() as tx:
            known = await papers.by_keys(tx, keys)
        first = len(digest.listed) + (page - 1) * PAGE + 1
        found = tuple((number, known[key]) for number, key in enumerate(keys, first) if key in known)
        return RestPage(digest=digest.id, on=digest.on, page=page, pages=pages, papers=found)


def _under(digest: Numbered, number: int) -> PaperKey | None:
    whole = (*digest.listed, *digest.rest)
    return whole[number - 1] if 0 < number <= len(whole) else None
