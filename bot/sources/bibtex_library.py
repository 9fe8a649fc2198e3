"""A BibTeX file that somebody sent: what it tells of them, and parts of it as a source. It never lies on a disk of ours."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.intake import Notice, Why
from bot.domain.latex import to_unicode
from bot.domain.suggestions import Entry, Library
from bot.errors import BadFile
from bot.sources.bibtex import BibtexFile, Find, Reading, reading_of
from bot.sources.bibtex_entries import BibEntry
from bot.sources.bibtex_papers import authors
from bot.sources.bibtex_text import decode

MAX_ENTRIES = 10_000  # that a person may send: they are read anew for each button
_KEYWORD_FIELDS = ("keywords", "keyword", "mendeley-tags")
_SEPARATORS = str.maketrans({";": ",", "/": ","})


def library(name: str, content: bytes) -> Library:
    """All entries of a file. Blocks: about 0.1 s for 1,000 entries (2026-11-21), 3 s at most for 1 MB. Raises UnfitFile."""
    text, remark = decode(content)
    try:
        reading = reading_of(name, text, remark)
    except BadFile as error:
        raise UnfitFile(name, Flaw.TOO_MANY_ENTRIES, most=MAX_ENTRIES) from error
    if len(reading.candidates) > MAX_ENTRIES:
        raise UnfitFile(name, Flaw.TOO_MANY_ENTRIES, most=MAX_ENTRIES)
    if not reading.candidates:
        raise UnfitFile(name, Flaw.NO_ENTRIES)
    source = f"bibtex:{name}"
    told = [Notice(source=source, why=Why.BAD_ENTRY, subject=name, detail=remark)] if remark else []
    told += [
        Notice(source=source, why=Why.BAD_ENTRY, subject=skipped.subject[:80], detail=skipped.reason, line=skipped.line)
        for skipped in reading.skipped
    ]
    told += [
        Notice(source=source, why=Why.BAD_ENTRY, subject=entry.key[:80], detail=problem, line=entry.line)
        for entry in (candidate.entry for candidate in reading.candidates)
        for problem in entry.problems
    ]
    entries = tuple(_entry(candidate.entry) for candidate in reading.candidates)
    return Library(text=text, entries=entries, failed=tuple(told))


def _entry(entry: BibEntry) -> Entry:
    keywords = ",".join(entry.get(name) for name in _KEYWORD_FIELDS).translate(_SEPARATORS)
    return Entry(
        title=to_unicode(entry.get("title")),
        authors=tuple(author.name for author in authors(entry)),
        keywords=tuple(to_unicode(word).strip() for word in keywords.split(",") if word.strip()),
    )


class SentBibtex(BibtexFile):
    """The `most` entries from `first` on of a file that somebody sent; what could not be read comes with its beginning."""

    def __init__(self, name: str, text: str, find: Find, now: Callable[[], datetime], *, first: int, most: int) -> None:
        super().__init__(Path(name), find, now)
        self._text, self._first, self._most = text, first, most

    def read(self) -> Reading:
        """Blocks, as `library` does. Raises BadFile."""
        whole = reading_of(self._path.name, self._text, "")
        part = whole.candidates[self._first : self._first + self._most]
        return replace(whole, candidates=part, skipped=whole.skipped if self._first == 0 else ())
