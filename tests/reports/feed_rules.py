"""What RSS 2.0 and RFC 4287 demand of the parts that we write: each rule is one named check that yields what is wrong."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_RSS_CHANNEL = {"title", "link", "description", "language", "lastBuildDate", "generator", "docs", "item"}
_RSS_ITEM = {"title", "link", "description", "category", "guid", "pubDate", "author", f"{DC}creator", f"{CONTENT}encoded"}


def parsed(xml: str) -> ET.Element:
    """The root of a feed that we wrote ourselves."""
    return ET.fromstring(xml)


def faults_of_rss(xml: str) -> tuple[str, ...]:
    """Every rule of RSS 2.0 (rssboard.org/rss-specification) that the feed breaks."""
    return tuple(_rss(parsed(xml)))


def _rss(root: ET.Element) -> Iterator[str]:
    if root.tag != "rss" or root.get("version") != "2.0":
        yield "the root is <rss> with version 2.0"
    channels = root.findall("channel")
    if len(channels) != 1 or len(root) != 1:
        yield "<rss> holds one <channel> and nothing else"
    channel = channels[0]
    for name in ("title", "link", "description"):
        if len(channel.findall(name)) != 1 or not (channel.findtext(name) or "").strip():
            yield f"<channel> has one <{name}> that is not empty"
    yield from (f"<channel> holds <{child.tag}>" for child in channel if child.tag not in _RSS_CHANNEL)
    yield from (f"<channel> has several <{name}>" for name in _RSS_CHANNEL - {"item"} if len(channel.findall(name)) > 1)
    for name in ("link", "docs"):
        if not _is_url(channel.findtext(name) or ""):
            yield f"<{name}> of <channel> is an address with a scheme"
    if not _LANGUAGE.fullmatch(channel.findtext("language") or ""):
        yield "<language> is a language code"
    if not _is_rfc822(channel.findtext("lastBuildDate") or ""):
        yield "<lastBuildDate> is of RFC 822 with four digits of the year"
    guids = [item.findtext("guid") for item in channel.findall("item")]
    if len(set(guids)) != len(guids):
        yield "a <guid> names one item"
    for item in channel.findall("item"):
        yield from _rss_item(item)


def _rss_item(item: ET.Element) -> Iterator[str]:
    if item.find("title") is None and item.find("description") is None:
        yield "an <item> has a <title> or a <description>"
    yield from (f"<item> holds <{child.tag}>" for child in item if child.tag not in _RSS_ITEM)
    for name in ("title", "link", "description", "guid", "pubDate"):
        if len(item.findall(name)) > 1:
            yield f"an <item> has one <{name}> at most"
    guid = item.find("guid")
    if guid is None or not guid.text:
        yield "an <item> of ours has a <guid>"
    elif guid.get("isPermaLink", "true") not in ("true", "false"):
        yield "isPermaLink is true or false"
    elif guid.get("isPermaLink", "true") == "true" and not _is_url(guid.text):
        yield "a <guid> that is a permalink is an address"
    link, published = item.findtext("link"), item.findtext("pubDate")
    if link is not None and not _is_url(link):
        yield "<link> of <item> is an address with a scheme"
    if published is not None and not _is_rfc822(published):
        yield "<pubDate> is of RFC 822 with four digits of the year"


def faults_of_atom(xml: str) -> tuple[str, ...]:
    """Every MUST of RFC 4287, sections 2 to 4, that concerns what we write and that the feed breaks."""
    return tuple(_atom(parsed(xml)))


def _atom(root: ET.Element) -> Iterator[str]:
    if root.tag != f"{ATOM}feed":
        yield "2: the document element is atom:feed"
    yield from (f"2: {each.tag} is no element of Atom" for each in root.iter() if not each.tag.startswith(ATOM))
    yield from _exactly_one(root, "4.1.1", "id", "title", "updated")
    yield from _at_most_one(root, "4.1.1", "generator", "icon", "logo", "rights", "subtitle")
    entries = root.findall(f"{ATOM}entry")
    if not root.findall(f"{ATOM}author") and not all(entry.findall(f"{ATOM}author") for entry in entries):
        yield "4.1.1: a feed has an author, unless each entry has one"
    yield from _alternates(root, "4.1.1")
    kinds = [child.tag for child in root]
    if f"{ATOM}entry" in kinds and set(kinds[kinds.index(f"{ATOM}entry") :]) != {f"{ATOM}entry"}:
        yield "4.1.1: metadata come before entries (not a MUST, readers want it)"
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    if len(set(ids)) != len(ids):
        yield "4.1.1: entries of one id have different updated, ours have one id each"
    for entry in entries:
        yield from _entry(entry)
    yield from _constructs(root)


def _entry(entry: ET.Element) -> Iterator[str]:
    yield from _exactly_one(entry, "4.1.2", "id", "title", "updated")
    yield from _at_most_one(entry, "4.1.2", "content", "published", "rights", "source", "summary")
    yield from _alternates(entry, "4.1.2")
    content = entry.find(f"{ATOM}content")
    if content is None and not entry.findall(f"{ATOM}link[@rel='alternate']"):
        yield "4.1.2: an entry without content has an alternate link"
    if content is not None and content.get("type") == "html" and len(content):
        yield "4.1.3.3: content of type html holds no child elements"


def _constructs(root: ET.Element) -> Iterator[str]:
    """The rules for text, persons, dates, ids, links and categories, wherever they stand (3.1 to 3.3, 4.2)."""
    for text in (each for name in ("title", "subtitle", "summary", "rights") for each in root.iter(ATOM + name)):
        if text.get("type", "text") not in ("text", "html", "xhtml"):
            yield f"3.1.1: {text.tag} is text, html or xhtml"
        if text.get("type", "text") != "xhtml" and len(text):
            yield f"3.1.1: {text.tag} holds no child elements"
    for author in root.iter(f"{ATOM}author"):
        yield from _exactly_one(author, "3.2.1", "name")
    for date in (each for name in ("updated", "published") for each in root.iter(ATOM + name)):
        if not _RFC3339.fullmatch(date.text or ""):
            yield f"3.3: {date.text} is of RFC 3339, with T and Z in upper case"
    for each in root.iter(f"{ATOM}id"):
        if not _IRI.fullmatch(each.text or ""):
            yield f"4.2.6: {each.text} is an IRI, absolute"
    for link in root.iter(f"{ATOM}link"):
        if not _is_url(link.get("href", "")):
            yield f"4.2.7.1: {link.get('href')} is an IRI reference"
    for category in root.iter(f"{ATOM}category"):
        if not category.get("term"):
            yield "4.2.2.1: a category has a term"


def _exactly_one(parent: ET.Element, section: str, *names: str) -> Iterator[str]:
    yield from (f"{section}: exactly one {name} in {parent.tag}" for name in names if len(parent.findall(ATOM + name)) != 1)


def _at_most_one(parent: ET.Element, section: str, *names: str) -> Iterator[str]:
    yield from (f"{section}: at most one {name} in {parent.tag}" for name in names if len(parent.findall(ATOM + name)) > 1)


def _alternates(parent: ET.Element, section: str) -> Iterator[str]:
    links = [link for link in parent.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"]
    kinds = [(link.get("type"), link.get("hreflang")) for link in links]
    if len(set(kinds)) != len(kinds):
        yield f"{section}: one alternate link of a type and language"


def _is_url(text: str) -> bool:
    return _IRI.fullmatch(text) is not None and urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).netloc)


def _is_rfc822(text: str) -> bool:
    return _RFC822.fullmatch(text) is not None and parsedate_to_datetime(text).tzinfo is not None
