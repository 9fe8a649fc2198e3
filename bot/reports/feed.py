"""A digest as a feed: RSS 2.0 (rssboard.org/rss-specification) and Atom (RFC 4287), by ElementTree.

Ids stay the same from run to run, so that no reader sees a paper twice. Dates that nobody knows are left out; only Atom's
obligatory `updated` falls back, to the announcement and then to the time at which the digest was made.
"""

import html
import uuid
import xml.etree.ElementTree as ET  # written only, never parsed
from datetime import UTC, datetime, time
from email.utils import format_datetime

from bot.domain.digests import Digest, DigestItem
from bot.domain.layout import head_line
from bot.domain.papers import LinkKind, PaperKey
from bot.domain.styles import FieldKind
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.reports.view import PageView, PaperView, SectionView, page

ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_HOMES = {"arxiv": "https://arxiv.org/", "huggingface": "https://huggingface.co/papers"}
_NAMESPACE = uuid.UUID("6f0a3f0e-5d0e-4c3f-9a55-7d2e6b1c8a10")  # ours: names entries that have no address

ET.register_namespace("content", _CONTENT)
ET.register_namespace("dc", _DC)


def rss(digest: Digest, words: Words, link: str = "", *, is_single: bool = False) -> str:
    """RSS 2.0 with whole contents. `link` is the page that the feed belongs to; without one, the home of its first source."""
    view = page(digest, words, is_single=is_single)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", view.title if is_single else _title(digest, words))
    _add(channel, "link", _home(digest, link))
    _add(channel, "description", _about(view, words))
    _add(channel, "language", words.catalogue)
    _add(channel, "lastBuildDate", format_datetime(digest.made_at.astimezone(UTC)))
    _add(channel, "generator", "Paperboy")
    _add(channel, "docs", "https://www.rssboard.org/rss-specification")
    for paper, item in zip(view.papers, digest.items, strict=True):
        channel.append(_item(paper, item, words))
    return _written(root)


def _item(paper: PaperView, item: DigestItem, words: Words) -> ET.Element:
    seen = item.pick.seen
    element = ET.Element("item")
    _add(element, "title", paper.title)
    if paper.url:
        _add(element, "link", paper.url)
    _add(element, "description", html.escape(_teaser(paper), quote=False))
    _add(element, f"{{{_CONTENT}}}encoded", content(paper, words))
    for author in seen.paper.authors:
        _add(element, f"{{{_DC}}}creator", shown(author.name))
    for category in dict.fromkeys((*seen.paper.categories, *seen.tags)):
        _add(element, "category", shown(category))
    guid = ET.SubElement(element, "guid", isPermaLink="true" if paper.url else "false")
    guid.text = entry_id(seen.paper.key, paper.url)
    if seen.paper.published_at:
        _add(element, "pubDate", format_datetime(seen.paper.published_at.astimezone(UTC)))
    return element


def atom(digest: Digest, words: Words, link: str = "", *, is_single: bool = False) -> str:
    """Atom 1.0 with whole contents; `link` as for `rss`."""
    view = page(digest, words, is_single=is_single)
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": words.catalogue})
    _add(root, "id", feed_id(digest, link))
    _add(root, "title", view.title if is_single else _title(digest, words), type="text")
    _add(root, "subtitle", _about(view, words), type="text")
    _add(root, "updated", _rfc3339(digest.made_at))
    _add(ET.SubElement(root, "author"), "name", "Paperboy")
    ET.SubElement(root, "link", href=_home(digest, link), rel="alternate")
    _add(root, "generator", "Paperboy")
    for paper, item in zip(view.papers, digest.items, strict=True):
        root.append(_entry(paper, item, digest, words))
    return _written(root)


def _entry(paper: PaperView, item: DigestItem, digest: Digest, words: Words) -> ET.Element:
    seen = item.pick.seen
    entry = ET.Element("entry")
    _add(entry, "id", entry_id(seen.paper.key, paper.url))
    _add(entry, "title", paper.title, type="text")
    _add(entry, "updated", _rfc3339(_updated(item, digest)))
    if seen.paper.published_at:
        _add(entry, "published", _rfc3339(seen.paper.published_at))
    for author in seen.paper.authors:
        _add(ET.SubElement(entry, "author"), "name", shown(author.name))
    if paper.url:
        ET.SubElement(entry, "link", href=paper.url, rel="alternate")
    for url in paper.code:
        ET.SubElement(entry, "link", href=url, rel="related", title=words(f"link.{LinkKind.CODE}"))
    for category in dict.fromkeys((*seen.paper.categories, *seen.tags)):
        ET.SubElement(entry, "category", term=shown(category))
    _add(entry, "summary", _teaser(paper), type="text")
    _add(entry, "content", content(paper, words), type="html")
    return entry


def entry_id(key: PaperKey, url: str | None) -> str:
    """The paper's public page, else a URN made from its key: the same on every run."""
    return url or uuid.uuid5(_NAMESPACE, str(key)).urn


def feed_id(digest: Digest, link: str) -> str:
    """One id for one wish: it does not change from day to day."""
    wish = digest.criteria
    named = (link, *wish.sources, "", *wish.categories, "", *wish.keywords, "", *wish.excluded, "", *wish.authors)
    return uuid.uuid5(_NAMESPACE, "\n".join(map(shown, named))).urn


def _updated(item: DigestItem, digest: Digest) -> datetime:
    seen = item.pick.seen
    announced = datetime.combine(seen.announced_on, time(), tzinfo=UTC) if seen.announced_on else None
    return seen.paper.updated_at or announced or digest.made_at


def content(paper: PaperView, words: Words) -> str:
    """The whole of what is known of one paper, as HTML."""
    parts = [f"<p>{_safe(line)}</p>" for line in (paper.badge, paper.authors, *paper.warnings) if line]
    parts += [f"<p><strong>{_safe(paper.caution)}</strong></p>"] if paper.caution else []
    if paper.tldr:
        parts.append(f"<p><strong>{_safe(words('paper.tldr'))}:</strong> {_safe(paper.tldr)}</p>")
    parts += [_section(section) for section in paper.sections]
    if paper.quotes:
        quotes = "".join(f"<li>{_safe(quote)}</li>" for quote in paper.quotes)
        parts.append(f"<h4>{_safe(words('evidence.quotes'))}</h4><ul>{quotes}</ul>")
    parts += [f"<p><em>{_safe(line)}</em></p>" for line in (*paper.checks, paper.mark)]
    if paper.abstract:
        parts.append(f"<h4>{_safe(words('paper.abstract'))}</h4><p>{_safe(paper.abstract)}</p>")
    facts = (*paper.facts, *(((words("paper.why"), paper.why),) if paper.why else ()))
    parts.append("<ul>" + "".join(f"<li>{_safe(label)}: {_safe(value)}</li>" for label, value in facts) + "</ul>")
    links = [f'<a href="{html.escape(url)}">{_safe(row.label)}</a>' for row in paper.links for url in row.urls]
    return "".join((*parts, f"<p>{' · '.join(links)}</p>" if links else ""))


def _section(section: SectionView) -> str:
    heading = f"<h4>{_safe(section.heading)}</h4>"
    if section.form is FieldKind.TEXT:
        return heading + "".join(f"<p>{_safe(text)}</p>" for _, text in section.points)
    named = (f"<strong>{_safe(name)}</strong>{_safe(text)}" if name else _safe(text) for name, text in section.points)
    kind = "ol" if section.form is FieldKind.NUMBERED else "ul"
    return f"{heading}<{kind}>{''.join(f'<li>{each}</li>' for each in named)}</{kind}>"


def _safe(text: str) -> str:
    return html.escape(text, quote=False)


def _teaser(paper: PaperView) -> str:
    return " ".join(line for line in (paper.caution, paper.tldr) if line) or paper.abstract or paper.mark


def _title(digest: Digest, words: Words) -> str:
    return words("digest.feed_title", wish=shown(", ".join(digest.criteria.keywords)) or head_line(digest, words))


def _about(view: PageView, words: Words) -> str:
    lines = (view.title, view.line, view.catchup, *view.empty, *view.notices, view.summaries)
    return " ".join(line if line.endswith((".", "。")) else f"{line}." for line in lines if line) or words("digest.made_by")


def _home(digest: Digest, link: str) -> str:
    return link or next((_HOMES[source] for source in digest.criteria.sources if source in _HOMES), _HOMES["arxiv"])


def _rfc3339(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = text


def _written(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"
