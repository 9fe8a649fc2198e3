"""An RSS feed of arXiv into announcements: pure. What it lacks (dates, comments) is left unknown, never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from xml.etree.ElementTree import Element

from bot.domain.announcements import EASTERN
from bot.domain.categories import only_arxiv
from bot.domain.identity import parse_ref
from bot.domain.links import code_links
from bot.domain.papers import AnnounceType, Author, Paper
from bot.errors import BadPaperId, BrokenPage, SourceChanged
from bot.sources.arxiv_access import SOURCE
from bot.sources.arxiv_listing import Listed, each_once, is_withdrawn
from bot.sources.arxiv_xml import clean, parse_xml

_ARXIV = "{http://arxiv.org/schemas/atom}"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_TYPE = re.compile(r"Announce Type:\s*([a-z-]+)", re.IGNORECASE)
_AUTHOR_BREAK = re.compile(r",\s+(?![^()]*\))")  # not inside an affiliation
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?", re.IGNORECASE)
_AFFILIATION = re.compile(r"^(.*?\S)\s*\((.*)\)$")
_BAD_CLASS = re.compile(r"Bad subject class '([^']{1,40})'.{0,60}?for the archive '([^']{1,40})'", re.IGNORECASE)
_BAD_NAME = re.compile(r"Bad \w+(?: \w+)? '([^']{1,40})'", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A whole feed: its batch by its own date (US Eastern), `size` items of which `listed` are usable, `unusable` named."""

    batch_on: date
    size: int
    listed: tuple[Listed, ...]
    unusable: tuple[str, ...] = ()
    was_repaired: bool = False


def parse_feed(content: bytes) -> Feed:
    """Parse the bytes of a 200. Raises BrokenPage, or SourceChanged if there are items and none of them has an id."""
    document = parse_xml(content, "rss")
    channel = document.root.find("channel")
    if channel is None:
        raise BrokenPage(SOURCE, "a feed without a channel")
    if (channel.findtext("title") or "").startswith("Feed error"):
        raise BrokenPage(SOURCE, clean(channel.findtext("description"))[:120] or "Feed error")
    items = channel.findall("item")
    listed: list[Listed] = []
    unusable: list[str] = []
    for item in items:
        try:
            listed.append(_listed(item))
        except BadPaperId:
            unusable.append(clean(item.findtext("title"))[:80] or "an item without id and title")
    if items and not listed:
        raise SourceChanged(f"{SOURCE}: none of {len(items)} items of the feed has an id")
    return Feed(
        batch_on=_batch_on(channel),
        size=len(items),
        listed=each_once(listed),
        unusable=tuple(unusable),
        was_repaired=document.was_repaired,
    )


def refused_topics(content: bytes, asked: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Of a 400: which of the asked categories it names as bad (none if it does not tell), and arXiv's reason.

    Raises BrokenPage if this is not the feed that explains a 400.
    """
    channel = parse_xml(content, "rss").root.find("channel")
    if channel is None or not (channel.findtext("title") or "").startswith("Feed error"):
        raise BrokenPage(SOURCE, "HTTP 400 without a reason")
    reason = clean(channel.findtext("description"))
    if len(asked) == 1:
        return tuple(asked), reason
    found, named = _BAD_CLASS.search(reason), _BAD_NAME.search(reason)
    bad = f"{found[2]}.{found[1]}" if found else named[1] if named else None
    return tuple(topic for topic in asked if bad and topic.lower().startswith(bad.lower())), reason


def _batch_on(channel: Element) -> date:
    """The date in US Eastern on which feed and items say that they were announced; never the wall clock."""
    stated = channel.findtext("pubDate") or channel.findtext("item/pubDate") or ""
    try:
        at = parsedate_to_datetime(stated)
    except (ValueError, TypeError) as error:
        raise BrokenPage(SOURCE, f"a feed without a date: {stated[:40]!r}") from error
    if at.tzinfo is None:
        raise BrokenPage(SOURCE, f"a feed whose date has no zone: {stated[:40]!r}")
    return at.astimezone(EASTERN).date()


def _listed(item: Element) -> Listed:
    description = item.findtext("description") or ""
    head, _, abstract = description.partition("Abstract:")
    ref = parse_ref(item.findtext("guid") or item.findtext("link") or head)
    abstract = clean(abstract)
    return Listed(
        paper=Paper(
            key=ref.key,
            version=ref.version,
            title=clean(item.findtext("title")) or str(ref),
            abstract=abstract,
            authors=authors(item.findtext(_CREATOR) or ""),
            categories=only_arxiv(category.text or "" for category in item.findall("category")),
            links=code_links(abstract),
            journal_ref=clean(item.findtext(f"{_ARXIV}journal_reference")) or None,
            doi=clean(item.findtext(f"{_ARXIV}DOI")) or None,
            is_withdrawn=is_withdrawn(None, abstract),
        ),
        announce_type=_announce_type(item, head),
    )


def _announce_type(item: Element, head: str) -> AnnounceType | None:
    stated = clean(item.findtext(f"{_ARXIV}announce_type")) or (found[1] if (found := _TYPE.search(head)) else "")
    try:
        return AnnounceType(stated.lower())
    except ValueError:
        return None


def authors(joined: str) -> tuple[Author, ...]:
    """All authors out of one comma-joined string; "Jr." stays with its name, "(...)" at the end of a name is an affiliation."""
    names: list[str] = []
    for name in filter(None, _AUTHOR_BREAK.split(clean(joined))):
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f", {name}"
        else:
            names.append(name)
    return tuple(_author(name) for name in names)


def _author(text: str) -> Author:
    found = _AFFILIATION.match(text)
    return Author(name=found[1], affiliation=found[2] or None) if found else Author(name=text)
