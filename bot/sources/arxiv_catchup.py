"""Missed days from the catch-up pages, one category at a time, for the last 90 days.

The markup follows the templates of github.com/arXiv/arxiv-browse (catchup.html, list_macros.html; read 2026-11).
Pages name no versions: a new submission is v1, of the rest the API says which one it is.
"""

import asyncio
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.domain.categories import canonical, only_arxiv
from bot.domain.identity import parse_ref
from bot.domain.intake import Why
from bot.domain.links import code_links
from bot.domain.papers import AnnounceType, Author, Paper, PaperKey
from bot.errors import BadPaperId, BrokenPage, SourceChanged
from bot.http import Body
from bot.sources.arxiv_access import SOURCE, ArxivAccess
from bot.sources.arxiv_listing import Listed, Outcome, belongs, is_withdrawn, notice
from bot.sources.arxiv_xml import clean

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

REACH_DAYS = 90
MOST_PAGES = 10

_HEADING = re.compile(r"Catchup results for .* on \w{3}, (\d{1,2} \w{3} \d{4})$")
_TOTAL = re.compile(r"Total of (\d+) entries")
_NO_UPDATES = re.compile(r"No (?:further )?updates for")
_SECTION = re.compile(r"\(\s*(?:continued,\s*)?showing\s+(?:first\s+|last\s+)?(\d+)\s+of\s+\d+\s+entries\s*\)")
_CATEGORY = re.compile(r"\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatchupPage:
    """One page: the batch it states, the entries of the whole batch (`total`), and those of this page that are usable."""

    batch_on: date
    total: int
    size: int
    listed: tuple[Listed, ...]
    unusable: tuple[str, ...] = ()


class CatchUp:
    """Reads past batches, all pages of one or nothing of it."""

    def __init__(self, access: ArxivAccess) -> None:
        self._access = access

    async def day(self, topic: str, day: date, explained: Why | None = None) -> Outcome:
        """What was announced under `topic` on a past `day`. Raises as PoliteClient.get, BrokenPage if the pages do not add up.

        An honest "No updates" finishes the day: the page has stood for a day when we ask.
        """
        found: dict[PaperKey, Listed] = {}
        unusable: list[str] = []
        seen = 0
        for number in range(1, MOST_PAGES + 1):
            body = await self._access.catchup(canonical(topic) or topic, day, number)
            if body.status != 200:
                return _refused(topic, body)
            page = await asyncio.to_thread(parse_page, body.content, topic)
            _require_progress(page, day, found)
            seen += page.size
            found.update((listed.paper.key, listed) for listed in page.listed)
            unusable += page.unusable
            if seen >= page.total:
                return _outcome(topic, day, tuple(found.values()), tuple(unusable), explained)
        raise BrokenPage(SOURCE, f"more than {MOST_PAGES} pages for {topic} on {day}")


def _refused(topic: str, body: Body) -> Outcome:
    """A 400 is about the subject, as its text says, or about a date or page that we should not have asked for."""
    if body.status == 400 and b"subject" not in body.content.lower():
        raise BrokenPage(SOURCE, "the catch-up page answers HTTP 400")
    detail = f"the catch-up page answers HTTP {body.status}"
    return Outcome(refused=frozenset({topic}), notices=(notice(Why.BAD_TOPIC, subject=topic, detail=detail),))


def _require_progress(page: CatchupPage, day: date, found: dict[PaperKey, Listed]) -> None:
    """Refuse a page of another day, one that states entries and shows none, and one that was here before."""
    if page.batch_on != day:
        raise BrokenPage(SOURCE, f"asked for {day}, got the page of {page.batch_on}")
    if page.total and not page.size:
        raise BrokenPage(SOURCE, f"{page.total} entries stated and none shown")
    if page.listed and all(listed.paper.key in found for listed in page.listed):
        raise BrokenPage(SOURCE, "the same page twice")


def _outcome(topic: str, day: date, listed: tuple[Listed, ...], unusable: tuple[str, ...], explained: Why | None) -> Outcome:
    notices = tuple(notice(Why.BAD_ENTRY, day, subject=entry, detail="no id") for entry in unusable)
    if not listed and not unusable:
        notices = (notice(explained or Why.NOTHING_LISTED, day, subject=topic),)
    return Outcome(listed=listed, finished=frozenset({topic}), notices=notices)


def parse_page(content: bytes, topic: str) -> CatchupPage:
    """Parse one catch-up page. Raises BrokenPage if it contradicts itself, SourceChanged if its markup is unknown."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(content)
    heading, text = tree.css_first("#dlpage h1"), clean(tree.body.text(separator=" ") if tree.body else "")
    stated = _HEADING.search(clean(heading.text())) if heading else None
    total = _TOTAL.search(text)
    if tree.css_first("#dlpage") is None:
        raise BrokenPage(SOURCE, "a page that is no listing")
    if stated is None or total is None:
        raise SourceChanged(f"{SOURCE}: a catch-up page without its heading or its total")
    listed: list[Listed] = []
    unusable: list[str] = []
    terms = tree.css("dl#articles > dt")
    for term in terms:
        try:
            listed.append(_listed(term, topic))
        except BadPaperId:
            unusable.append(clean(term.text(separator=" "))[:80])
    if terms and not listed:
        raise SourceChanged(f"{SOURCE}: none of {len(terms)} entries of the catch-up page has an id")
    shown = [int(found[1]) for found in map(_SECTION.search, _headings(tree.css("dl#articles > h3"))) if found]
    if shown and sum(shown) != len(terms):
        raise BrokenPage(SOURCE, f"{sum(shown)} entries stated and {len(terms)} shown")
    if int(total[1]) == 0 and not _NO_UPDATES.search(text):
        raise BrokenPage(SOURCE, "no entries, and no word that there are none")
    return CatchupPage(
        batch_on=datetime.strptime(stated[1], "%d %b %Y").date(),  # noqa: DTZ007
        total=int(total[1]),
        size=len(terms),
        listed=tuple(listed),
        unusable=tuple(unusable),
    )


def _headings(nodes: "list[LexborNode]") -> list[str]:
    return [clean(node.text()) for node in nodes]


def _listed(term: "LexborNode", topic: str) -> Listed:
    link = term.css_first("a[title=Abstract]") or term.css_first("a[href*='/abs/']")
    ref = parse_ref(clean(link.text()) if link else "")
    entry = term.next
    while entry is not None and entry.tag != "dd":
        entry = None if entry.tag == "dt" else entry.next
    if entry is None:
        raise BadPaperId(str(ref))
    label = clean(term.text(separator=" "))
    is_new = "(cross-list" not in label and "(replaced" not in label
    abstract, comment = _text(entry, "p.mathjax", separator=" "), _text(entry, ".list-comments") or None
    paper = Paper(
        key=ref.key,
        version=ref.version or (1 if is_new else None),
        title=_text(entry, ".list-title") or str(ref),
        abstract=abstract,
        authors=tuple(Author(name=clean(author.text())) for author in entry.css(".list-authors a")),
        categories=only_arxiv(_CATEGORY.findall(_text(entry, ".list-subjects"))),
        links=code_links(abstract, comment),
        comment=comment,
        journal_ref=_text(entry, ".list-journal-ref") or None,
        is_withdrawn=is_withdrawn(comment, abstract),
    )
    return Listed(paper=paper, announce_type=_announce_type(label, paper, topic))


def _announce_type(label: str, paper: Paper, topic: str) -> AnnounceType:
    if "(cross-list" in label:
        return AnnounceType.CROSS
    if "(replaced" not in label:
        return AnnounceType.NEW
    return AnnounceType.REPLACE if belongs(paper.categories[:1], topic) else AnnounceType.REPLACE_CROSS


def _text(entry: "LexborNode", selector: str, separator: str = "") -> str:
    """The text under a selector without its label ("Title:")."""
    node = entry.css_first(selector)
    if node is None:
        return ""
    label = node.css_first(".descriptor")
    whole = clean(node.text(separator=separator))
    return whole.removeprefix(clean(label.text())).strip() if label else whole
