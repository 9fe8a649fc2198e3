"""A digest as JSON for programs: its schema is docs/digest.schema.json, its codes are those of bot/domain."""

import json as stdlib
from collections.abc import Mapping
from datetime import UTC, date, datetime

from bot.domain.citation import bibtex_entry
from bot.domain.digests import Digest, DigestItem, Score
from bot.domain.findings import Evidence
from bot.domain.intake import Notice
from bot.domain.layout import code_urls
from bot.domain.links import public_links
from bot.domain.papers import LinkKind, Paper, SeenPaper
from bot.domain.summaries import Summary
from bot.domain.visible import harmless, is_web, paper_url, shown

SCHEMA = 1
"""Raised when a field changes its meaning or goes; fields may be added without that."""

Value = str | int | float | bool | None | list["Value"] | dict[str, "Value"]


def json(digest: Digest) -> str:
    """The whole digest, indented, in UTF-8 letters; ends with a newline."""
    return stdlib.dumps(as_values(digest), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_values(digest: Digest) -> Mapping[str, Value]:
    """The digest as plain values. Texts are as people see them; `*_tex` holds the raw text where that differs."""
    return {
        "schema": SCHEMA,
        "date": digest.on.isoformat(),
        "made_at": _instant(digest.made_at),
        "language": digest.language,
        "style": digest.style,
        "model": _text(digest.model),
        "covers": [day.isoformat() for day in digest.spans] if digest.spans else None,
        "makes_up_for": [day.isoformat() for day in digest.makes_up_for] if digest.makes_up_for else None,
        "criteria": {
            "sources": _texts(digest.criteria.sources),
            "categories": _texts(digest.criteria.categories),
            "keywords": _texts(digest.criteria.keywords),
            "excluded": _texts(digest.criteria.excluded),
            "authors": _texts(digest.criteria.authors),
        },
        "counts": {
            "found": digest.counts.found,
            "matched": digest.counts.matched,
            "listed": digest.counts.listed,
            "summarized": sum(1 for item in digest.items if item.summary and item.summary.tldr),
        },
        "empty_because": [str(reason) for reason in digest.empty_because],
        "notices": [_notice(notice) for notice in digest.notices],
        "papers": [_item(number, item) for number, item in enumerate(digest.items, 1)],
    }


def _item(number: int, item: DigestItem) -> Value:
    seen = item.pick.seen
    paper = seen.paper
    return {
        "number": number,
        "id": {"scheme": str(paper.key.scheme), "value": paper.key.value, "version": paper.version},
        "title": shown(paper.title),
        "title_tex": _raw(paper.title),
        "abstract": shown(paper.abstract),
        "abstract_tex": _raw(paper.abstract),
        "authors": [shown(author.name) for author in paper.authors],
        "categories": _texts(paper.categories),
        "published_at": _instant(paper.published_at),
        "updated_at": _instant(paper.updated_at),
        "announced_on": _day(seen.announced_on),
        "comment": _text(paper.comment),
        "journal_ref": _text(paper.journal_ref),
        "doi": _text(paper.doi),
        "is_withdrawn": paper.is_withdrawn,
        "votes": seen.votes,
        "tags": _texts(seen.tags),
        "is_late": item.pick.is_late,
        "sightings": _sightings(seen),
        "score": _score(item.pick.score),
        "summary": _summary(item.summary),
        "lack": str(item.lack) if item.lack else None,
        "links": _links(paper),
        "bibtex": harmless(bibtex_entry(paper)),
    }


def _sightings(seen: SeenPaper) -> Value:
    return [
        {
            "source": shown(sighting.source),
            "batch_on": _day(sighting.batch_on),
            "announce_type": str(sighting.announce_type) if sighting.announce_type else None,
            "version": sighting.version,
            "votes": sighting.votes,
            "seen_at": _instant(sighting.seen_at),
            "cite_key": _text(sighting.cite_key),
            "is_guess": sighting.is_guess,
        }
        for sighting in seen.sightings
    ]


def _score(score: Score) -> Value:
    reasons: list[Value] = [
        {"kind": str(reason.kind), "matched": shown(reason.matched), "points": reason.points} for reason in score.reasons
    ]
    return {"value": score.value, "reasons": reasons}


def _summary(summary: Summary | None) -> Value:
    if summary is None:
        return None
    return {
        "style": summary.style,
        "language": summary.language,
        "model": _text(summary.model),
        "origin": str(summary.origin),
        "tldr": shown(summary.tldr),
        "sections": [
            {"name": field.name, "heading": shown(field.heading), "form": str(field.form), "points": _texts(field.points)}
            for field in summary.fields
        ],
        "tags": _texts(summary.tags),
        "share": summary.share,
        "lack": str(summary.lack) if summary.lack else None,
        "evidence": _evidence(summary.evidence),
    }


def _evidence(evidence: Evidence | None) -> Value:
    if evidence is None:
        return None
    return {
        "figures": [{"written": shown(figure.written), "state": str(figure.state)} for figure in evidence.figures],
        "quotations": [
            {"text": shown(each.quotation.text), "section": shown(each.quotation.section), "is_found": each.is_found}
            for each in evidence.quotations
        ],
    }


def _links(paper: Paper) -> Value:
    links: dict[str, Value] = {str(link.kind): link.url for link in public_links(paper.key, paper.version)}
    links["page"] = paper_url(paper)
    links["code"] = list(code_urls(paper))
    links["project"] = [link.url for link in paper.links if link.kind is LinkKind.PROJECT and is_web(link.url)]
    return links


def _notice(notice: Notice) -> Value:
    return {
        "source": shown(notice.source),
        "why": str(notice.why),
        "is_failure": notice.why.is_failure,
        "subject": shown(notice.subject),
        "detail": shown(notice.detail),
        "on": _day(notice.on),
        "line": notice.line,
    }


def _texts(texts: tuple[str, ...]) -> list[Value]:
    return [shown(text) for text in texts]


def _text(text: str | None) -> str | None:
    return None if text is None else shown(text)


def _raw(text: str) -> str | None:
    """The raw text where it differs from what is shown, without half characters, which no file can hold."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return None if whole == shown(text) else whole


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None
