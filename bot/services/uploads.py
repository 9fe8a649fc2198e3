"""A BibTeX file that somebody sent: kept for two days, for them alone, and its authors and words as interests.

The file is a stranger's: what it says of papers is shown to whoever sent it. Its papers are read in `reading_lists.py`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.intake import Notice
from bot.domain.people import Person
from bot.domain.sniffing import Kind, file_name, kind_of
from bot.domain.subscriptions import Address, Interest, Subscription, joined
from bot.domain.suggestions import Counted, Library, frequent_authors, frequent_words
from bot.errors import Show
from bot.services.subscribing import Subscribing
from bot.storage import uploads
from bot.storage.store import Store

MAX_BYTES = 1_000_000
MOST_REMEMBERED = 100  # files whose suggestions are at hand; of others they are made anew


class UploadGone(Show):
    """The file is forgotten, or somebody else's."""


class ReadLibrary(Protocol):
    """Reads a BibTeX file; blocks. Raises UnfitFile."""

    def __call__(self, name: str, content: bytes) -> Library: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it was understood: how many entries, what could not be read, who and what it is about."""

    id: int
    name: str
    entries: int
    failed: tuple[Notice, ...]
    authors: Counted
    words: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Interests that were taken over: all that were wanted, and those of them that are new."""

    wanted: tuple[str, ...]
    added: tuple[str, ...]
    subscription: Subscription


class Uploads:
    """Keeps what people send for as long as its buttons are pressed."""

    def __init__(self, *, store: Store, subscribing: Subscribing, library: ReadLibrary, now: Callable[[], datetime]) -> None:
        self._store, self._subscribing, self._library, self._now = store, subscribing, library, now
        self._reading = asyncio.Lock()  # one at a time: a large file takes seconds of a processor
        self._remembered: dict[int, Upload] = {}

    async def received(self, person: Person, name: str, content: bytes) -> Upload:
        """Read and keep a file, whatever it is called. Raises UnfitFile, and then nothing is kept."""
        name = file_name(name)
        if len(content) > MAX_BYTES:
            raise UnfitFile(name, Flaw.TOO_LARGE, most=MAX_BYTES // 1_000_000)
        if kind_of(content) is not Kind.BIBTEX:
            raise UnfitFile(name, Flaw.NEITHER)
        body, found = await self._read(name, content)
        async with self._store.write() as tx:
            upload_id = await uploads.keep(tx, person, name, body, self._now())
        return self._remember(replace(found, id=upload_id))

    async def upload(self, upload_id: int, person: Person) -> Upload:
        """What this person sent under this number. Raises UploadGone."""
        kept = await self.kept(upload_id, person)
        if (known := self._remembered.get(upload_id)) is not None:
            return known
        _, found = await self._read(kept.name, kept.body.encode())
        return self._remember(replace(found, id=upload_id))

    async def kept(self, upload_id: int, person: Person) -> uploads.Kept:
        """The file itself. Raises UploadGone."""
        async with self._store.read() as tx:
            kept = await uploads.get(tx, upload_id, person)
        if kept is None:
            raise UploadGone(f"upload {upload_id} is not kept for whoever asks")
        return kept

    async def adopt_authors(self, upload_id: int, person: Person, address: Address, place: int | None = None) -> Adopted:
        """Follow the suggested author at `place`, or all of them. Safe to repeat. Raises UploadGone and NotSubscribed."""
        wanted = _chosen((await self.upload(upload_id, person)).authors, place)

        def change(known: Interest) -> Interest:
            return replace(known, authors=joined(known.authors, wanted))

        return await self._adopt(address, wanted, change, lambda interest: interest.authors)

    async def adopt_words(self, upload_id: int, person: Person, address: Address, place: int | None = None) -> Adopted:
        """Look for the suggested words at `place`, or for all of them; otherwise as `adopt_authors`."""
        wanted = _chosen((await self.upload(upload_id, person)).words, place)

        def change(known: Interest) -> Interest:
            return replace(known, keywords=joined(known.keywords, wanted))

        return await self._adopt(address, wanted, change, lambda interest: interest.keywords)

    async def _adopt(
        self,
        address: Address,
        wanted: tuple[str, ...],
        change: Callable[[Interest], Interest],
        listed: Callable[[Interest], tuple[str, ...]],
    ) -> Adopted:
        before: frozenset[str] = frozenset()

        def noticed(known: Interest) -> Interest:
            nonlocal before
            before = frozenset(map(str.casefold, listed(known)))
            return change(known)

        subscription = await self._subscribing.set_interest(address, noticed)
        added = tuple(word for word in wanted if word.casefold() not in before)
        return Adopted(wanted=wanted, added=added, subscription=subscription)

    async def _read(self, name: str, content: bytes) -> tuple[str, Upload]:
        """The text of the file, and what it tells; it has no number yet."""

        def read() -> tuple[str, Upload]:
            library = self._library(name, content)
            authors, words = frequent_authors(library.entries), frequent_words(library.entries)
            n = len(library.entries)
            return library.text, Upload(id=0, name=name, entries=n, failed=library.failed, authors=authors, words=words)

        async with self._reading:
            return await asyncio.to_thread(read)

    def _remember(self, upload: Upload) -> Upload:
        self._remembered[upload.id] = replace(upload, failed=())  # told once, and it may be long
        if len(self._remembered) > MOST_REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        return upload


def _chosen(counted: Counted, place: int | None) -> tuple[str, ...]:
    """The name at `place`, all of them without one. Raises UploadGone for a place that there never was."""
    names = tuple(name for name, _ in counted)
    if place is None:
        return names
    if not 0 <= place < len(names):
        raise UploadGone(f"nothing is suggested at {place}")
    return (names[place],)


async def file_at(path: str) -> tuple[str, bytes]:
    """The name and the content of a file of this machine, for whoever types at its terminal. Raises UnfitFile."""
    name = file_name(path)

    def read() -> bytes:
        named = Path(path).expanduser()
        if not named.is_file():
            raise UnfitFile(name, Flaw.NO_FILE)
        with named.open("rb") as file:
            return file.read(MAX_BYTES + 1)

    try:
        return name, await asyncio.to_thread(read)
    except (OSError, RuntimeError, ValueError) as error:  # RuntimeError: the home of nobody; ValueError: a NUL in the path
        raise UnfitFile(name, Flaw.UNREADABLE) from error
