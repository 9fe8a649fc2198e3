"""What arXiv answers, made from papers: feeds, catch-up pages and API answers in the shape of the live services. Pure.

The shapes are those of the public services; the markup of catch-up pages follows arXiv's published templates, and has not
been held against a live page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.domain.papers import AnnounceType, Paper

EASTERN = ZoneInfo("America/New_York")
CUT_AT = 2_000
SECTIONS = (
    ("New submissions", (AnnounceType.NEW,), ""),
    ("Cross submissions", (AnnounceType.CROSS,), "(cross-list from {primary})"),
    ("Replacement submissions", (AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS), "(replaced)"),
)
_FEED_ORDER = tuple(reversed(AnnounceType))


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """One paper in one batch; `item` is a recorded RSS item, given out as it is."""

    paper: Paper
    announce_type: AnnounceType
    item: str | None = None


def dated_id(paper: Paper) -> str:
    return f"{paper.key.value}v{paper.version or 1}"


def rss(name: str, day: date, announced: Sequence[Announced]) -> str:
    """Ordered as the live feed is, then cut at 2,000: new papers are lost first."""
    ordered = sorted(announced, key=lambda one: _FEED_ORDER.index(one.announce_type))[:CUT_AT]
    at = format_datetime(datetime.combine(day, time(), tzinfo=EASTERN))
    items = "".join(one.item or _item(one, at) for one in ordered)
    return _RSS.format(title=f"{escape(name)} updates on arXiv.org", about="updates", at=at, items=items)


def rss_error(url: str, reason: str, day: date) -> str:
    at = format_datetime(datetime.combine(day, time(), tzinfo=EASTERN))
    return _RSS.format(title=f"Feed error for query: {escape(url)}", about=escape(reason), at=at, items="")


def _item(one: Announced, at: str) -> str:
    paper = one.paper
    categories = "".join(f"<category>{escape(name)}</category>" for name in paper.categories)
    doi = f"<arxiv:DOI>{escape(paper.doi)}</arxiv:DOI>" if paper.doi else ""
    return (
        f"<item><title>{escape(paper.title)}</title><link>https://arxiv.org/abs/{paper.key.value}</link>"
        f"<description>arXiv:{dated_id(paper)} Announce Type: {one.announce_type} \nAbstract: {escape(paper.abstract)}"
        f'</description><guid isPermaLink="false">oai:arXiv.org:{dated_id(paper)}</guid>{categories}'
        f"<pubDate>{at}</pubDate><arxiv:announce_type>{one.announce_type}</arxiv:announce_type>{doi}"
        f"<dc:creator>{escape(', '.join(author.name for author in paper.authors))}</dc:creator></item>\n"
    )


_RSS = """<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>{title}</title><description>{about}</description><lastBuildDate>{at}</lastBuildDate><pubDate>{at}</pubDate>
{items}</channel></rss>
"""


def catchup(name: str, day: date, announced: Sequence[Announced], number: int, per_page: int = CUT_AT) -> str:
    kinds = [kind for _, section, _ in SECTIONS for kind in section]
    ordered = sorted(announced, key=lambda one: kinds.index(one.announce_type))
    shown = ordered[(number - 1) * per_page : number * per_page]
    sections = "".join(_section(heading, section, label, shown, ordered) for heading, section, label in SECTIONS)
    said = f"{day:%a, %d %b %Y}"
    nothing = "" if shown else f"<div><p>{'No further' if number > 1 else 'No'} updates for {said}</p></div>"
    return (
        "<!DOCTYPE html>\n<html><head><title>Catchup</title></head><body><div id='content-inner'><div id='dlpage'>"
        f"<h1>Catchup results for {escape(name)} on {said}</h1><div>Total of {len(ordered)} entries</div>"
        f"{sections}{nothing}<div>Total of {len(ordered)} entries</div></div></div></body></html>\n"
    )


def _section(
    heading: str, kinds: Sequence[AnnounceType], label: str, shown: Sequence[Announced], whole: Sequence[Announced]
) -> str:
    mine = [one for one in shown if one.announce_type in kinds]
    if not mine:
        return ""
    total = sum(one.announce_type in kinds for one in whole)
    entries = "".join(_entry(one, label) for one in mine)
    return f"<dl id='articles'><h3>{heading} (showing {len(mine)} of {total} entries)</h3>{entries}</dl>"


def _entry(one: Announced, label: str) -> str:
    paper, arxiv_id = one.paper, one.paper.key.value
    primary = paper.categories[0] if paper.categories else ""
    people = ", ".join(f'<a href="/search">{escape(author.name)}</a>' for author in paper.authors)
    subjects = "; ".join(f"Some Name ({name})" for name in paper.categories[1:])
    comment = f"<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> {escape(paper.comment or '')}</div>"
    return (
        f'<dt><a name=\'item1\'>[1]</a> <a href ="/abs/{arxiv_id}" title="Abstract" id="{arxiv_id}">\n arXiv:{arxiv_id}\n</a> '
        f"{label.format(primary=primary)} [<a href='/pdf/{arxiv_id}' title='Download PDF'>pdf</a>]</dt>"
        "<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span>\n"
        f"{escape(paper.title)}</div><div class='list-authors'>{people}</div>{comment if paper.comment else ''}"
        "<div class='list-subjects'><span class='descriptor'>Subjects:</span> "
        f"<span class='primary-subject'>Some Name ({primary})</span>{'; ' + subjects if subjects else ''}</div>"
        f"<p class='mathjax'>{escape(paper.abstract)}</p></div></dd>"
    )


def atom(papers: Sequence[Paper], *, total: int, start: int) -> str:
    entries = "".join(_atom_entry(paper) for paper in papers)
    return _ATOM.format(total=total, start=start, count=len(papers), entries=entries)


def atom_error(reason: str) -> str:
    where = f"https://arxiv.org/api/errors#{reason.replace(' ', '_')}"
    when = "<updated>2026-01-01T00:00:00Z</updated>"
    entry = f"<entry><id>{escape(where)}</id><title>Error</title>{when}<summary>{escape(reason)}</summary></entry>"
    return _ATOM.format(total=1, start=0, count=1, entries=entry)


def _atom_entry(paper: Paper) -> str:
    published = paper.published_at or datetime(2026, 1, 1, tzinfo=UTC)
    updated = paper.updated_at or published
    people = "".join(
        f"<author><name>{escape(author.name)}</name>"
        + (f"<arxiv:affiliation>{escape(author.affiliation)}</arxiv:affiliation>" if author.affiliation else "")
        + "</author>"
        for author in paper.authors
    )
    extra = "".join(
        f"<arxiv:{tag}>{escape(value)}</arxiv:{tag}>"
        for tag, value in (("comment", paper.comment), ("journal_ref", paper.journal_ref), ("doi", paper.doi))
        if value
    )
    return (
        f"<entry><id>http://arxiv.org/abs/{dated_id(paper)}</id><title>{escape(paper.title)}</title>"
        f"<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated><summary>  {escape(paper.abstract)}\n</summary>"
        + "".join(
            f'<category term="{escape(name)}" scheme="http://arxiv.org/schemas/atom"/>' for name in (*paper.categories, "I.2.7")
        )
        + f"<published>{published:%Y-%m-%dT%H:%M:%SZ}</published>{extra}"
        + f'<arxiv:primary_category term="{paper.categories[0] if paper.categories else ""}"/>{people}</entry>\n'
    )


_ATOM = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
<id>https://arxiv.org/api/x</id><title>arXiv Query</title><opensearch:itemsPerPage>{count}</opensearch:itemsPerPage>
<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{entries}</feed>
"""
