"""An answer of the query API into papers: judged first, then parsed by the `arxiv` package.

The package alone recovers half an answer in silence, skips entries, and takes an error for a paper (seen with 4.0.2); so
the tree is held against what it states about itself, and unusable entries are taken out, before the package sees it.
`arxiv._feed` is a private module: tests/sources/test_arxiv_api.py says when it goes.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from bot.domain.categories import only_arxiv
from bot.domain.identity import parse_ref
from bot.domain.links import code_links
from bot.domain.papers import Author, Paper
from bot.errors import BadPaperId, BrokenPage
from bot.sources.arxiv_access import SOURCE
from bot.sources.arxiv_listing import is_withdrawn
from bot.sources.arxiv_xml import clean, parse_xml

if TYPE_CHECKING:
    import arxiv

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_ERRORS = "/api/errors"
_BAD_ID = re.compile(r"incorrect id format for (\S{1,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One page of results: `size` entries came, of `total` that the API states; `unusable` ones are named."""

    papers: tuple[Paper, ...]
    size: int
    total: int
    unusable: tuple[str, ...] = ()


def parse_answer(content: bytes) -> Answer:
    """Parse the bytes of a 200. Slow enough (1 ms an entry, 0.1 s at the first call) to belong in a thread. Raises BrokenPage."""
    from arxiv import _feed

    document = parse_xml(content, f"{_ATOM}feed")
    total = (document.root.findtext(_TOTAL) or "").strip()
    if not total.isdecimal():
        raise BrokenPage(SOURCE, "an answer that states no total")
    entries = document.root.findall(f"{_ATOM}entry")
    if any(_is_error(entry) for entry in entries):
        raise BrokenPage(SOURCE, f"an error under HTTP 200: {_reason(entries)}")
    unusable = tuple(entry for entry in entries if not _is_usable(entry))
    for entry in unusable:
        document.root.remove(entry)
    if unusable or document.was_repaired:
        content = ET.tostring(document.root, encoding="utf-8")
    return Answer(
        papers=tuple(_paper(result) for result in _feed.parse(content).results),
        size=len(entries),
        total=int(total),
        unusable=tuple(clean(entry.findtext(f"{_ATOM}title"))[:80] or "an entry without a title" for entry in unusable),
    )


def refused_id(content: bytes) -> tuple[str | None, str]:
    """Of a 400: the id that it calls malformed (None if it is about something else), and its reason."""
    entries = parse_xml(content, f"{_ATOM}feed").root.findall(f"{_ATOM}entry")
    reason = _reason(entries)
    found = _BAD_ID.search(reason)
    return (found[1] if found else None), reason


def _is_error(entry: ET.Element) -> bool:
    return _ERRORS in (entry.findtext(f"{_ATOM}id") or "")


def _reason(entries: list[ET.Element]) -> str:
    return next((clean(entry.findtext(f"{_ATOM}summary")) for entry in entries if _is_error(entry)), "no reason given")[:120]


def _is_usable(entry: ET.Element) -> bool:
    """Whether it has what the package needs: an id that names a paper, and both dates."""
    try:
        parse_ref(entry.findtext(f"{_ATOM}id") or "")
        for name in ("published", "updated"):
            datetime.fromisoformat((entry.findtext(f"{_ATOM}{name}") or "").strip())
    except (BadPaperId, ValueError):
        return False
    return bool(clean(entry.findtext(f"{_ATOM}title")))


def _paper(result: "arxiv.Result") -> Paper:
    ref = parse_ref(result.get_short_id())
    abstract, comment = clean(result.summary), clean(result.comment) or None
    return Paper(
        key=ref.key,
        version=ref.version,
        title=clean(result.title),
        abstract=abstract,
        authors=tuple(_author(author) for author in result.authors if clean(author.name)),
        categories=only_arxiv((result.primary_category, *result.categories)),
        published_at=result.published,
        updated_at=result.updated,
        links=code_links(abstract, comment),
        comment=comment,
        journal_ref=clean(result.journal_ref) or None,
        doi=clean(result.doi) or None,
        is_withdrawn=is_withdrawn(comment, abstract),
    )


def _author(author: "arxiv.Result.Author") -> Author:
    return Author(name=clean(author.name), affiliation="; ".join(map(clean, author.affiliation)) or None)
