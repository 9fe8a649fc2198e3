"""Recorded and rendered data as papers, for replaying a real day."""

import gzip
import json
import lzma
import re
from datetime import UTC, datetime
from functools import cache
from html import unescape
from pathlib import Path

from bot.domain.papers import AnnounceType, Author, Paper, PaperKey, Scheme
from tests.fakes.arxiv_pages import Announced


@cache
def shared_day(path: Path) -> tuple[Announced, ...]:
    """The items of a rendered feed; read once in a process."""
    items = re.findall(r"<item>.*?</item>\n?", gzip.decompress(path.read_bytes()).decode(), re.DOTALL)
    return tuple(of_item(item) for item in items)


@cache
def corpus(path: Path) -> tuple[Paper, ...]:
    """The papers of a corpus file (lines of JSON, xz); read once in a process."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return tuple(of_corpus(json.loads(line)) for line in lines)


def of_item(item: str) -> Announced:
    def text(pattern: str) -> str:
        found = re.search(pattern, item, re.DOTALL)
        return unescape(found[1]).strip() if found else ""

    arxiv_id, _, version = text(r"oai:arXiv\.org:([^<]+)").rpartition("v")
    paper = Paper(
        key=PaperKey(scheme=Scheme.ARXIV, value=arxiv_id),
        version=int(version),
        title=text(r"<title>(.*?)</title>"),
        abstract=text(r"Abstract:(.*?)</description>"),
        authors=tuple(Author(name=name) for name in text(r"<dc:creator>(.*?)</dc:creator>").split(", ")),
        categories=tuple(re.findall(r"<category>([^<]+)<", item)),
        published_at=_instant(text(r"<pubDate>(.*?)</pubDate>")),
    )
    return Announced(paper=paper, announce_type=AnnounceType(text(r"announce_type>([^<]+)<")), item=item)


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%a, %d %b %Y %H:%M:%S %z").astimezone(UTC)


def of_corpus(line: dict[str, object]) -> Paper:
    authors, categories, comment = line["authors"], line["categories"], line["comment"]
    return Paper(
        key=PaperKey(scheme=Scheme.ARXIV, value=str(line["id"])),
        version=1,
        title=str(line["title"]),
        abstract=str(line["summary"]),
        authors=tuple(Author(name=str(name)) for name in authors) if isinstance(authors, list) else (),
        categories=tuple(map(str, categories)) if isinstance(categories, list) else (),
        published_at=datetime.fromisoformat(f"{line['first_seen']}T00:00:00+00:00"),
        comment=str(comment) if comment else None,
    )
