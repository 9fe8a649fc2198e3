"""Papers and sightings as rows and back, and two records of one sighting as one. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from bot.domain.identity import merge
from bot.domain.papers import AnnounceType, Author, Link, LinkKind, Paper, PaperKey, Scheme, Sighting
from bot.storage.types import clean, whole

Values = dict[str, Any]  # Any: one row's values by column name
_LONGEST_KEY = 480  # PostgreSQL indexes no entry above 2,704 bytes, and a key is part of several
_STRENGTH = {None: 0, AnnounceType.REPLACE_CROSS: 1, AnnounceType.REPLACE: 2, AnnounceType.CROSS: 3, AnnounceType.NEW: 4}


def key_text(key: PaperKey) -> str:
    """A key as stored; what no index could hold is shortened, the same way each time."""
    text = clean(str(key))
    if len(text) <= _LONGEST_KEY:
        return text
    return f"{text[: _LONGEST_KEY - 17]}~{sha256(text.encode()).hexdigest()[:16]}"


def key_of(text: str) -> PaperKey:
    """The key of a stored text."""
    scheme, _, value = text.partition(":")
    return PaperKey(scheme=Scheme(scheme), value=value)


def folded(papers: Iterable[Paper]) -> dict[str, Paper]:
    """By stored key, records of one paper merged in their order."""
    found: dict[str, Paper] = {}
    for paper in papers:
        text = key_text(paper.key)
        found[text] = merge(found[text], paper) if text in found else paper
    return found


def paper_values(key: str, paper: Paper) -> Values:
    """The columns of `papers`, all but first_seen_at."""
    return {
        "key": key,
        "version": whole(paper.version, 1),
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": [(author.name, author.affiliation) for author in paper.authors],
        "categories": paper.categories,
        "published_at": paper.published_at,
        "updated_at": paper.updated_at,
        "links": [(link.kind, link.url) for link in paper.links],
        "comment": paper.comment,
        "journal_ref": paper.journal_ref,
        "doi": paper.doi,
        "is_withdrawn": paper.is_withdrawn,
    }


def paper_of(row: Row[Any]) -> Paper:
    """The paper of a row of `papers`."""
    return Paper(
        key=key_of(row.key),
        version=row.version,
        title=row.title,
        abstract=row.abstract,
        authors=tuple(Author(name=name, affiliation=affiliation) for name, affiliation in row.authors),
        categories=tuple(row.categories),
        published_at=row.published_at,
        updated_at=row.updated_at,
        links=tuple(Link(kind=LinkKind(kind), url=url) for kind, url in row.links),
        comment=row.comment,
        journal_ref=row.journal_ref,
        doi=row.doi,
        is_withdrawn=row.is_withdrawn,
    )


def sighting_values(key: str, sighting: Sighting) -> Values:
    """The columns of `sightings`, all but id and first_seen_at."""
    votes = whole(sighting.votes)
    return {
        "paper_key": key,
        "source": clean(sighting.source),
        "batch_on": sighting.batch_on,
        "version": whole(sighting.version, 1),
        "announce_type": sighting.announce_type,
        "seen_at": sighting.seen_at,
        "votes": votes,
        "votes_at": None if votes is None else sighting.seen_at,
        "position": whole(sighting.position),
        "tags": list(sighting.tags),
        "organization": sighting.organization,
        "cite_key": sighting.cite_key,
        "is_guess": sighting.is_guess,
    }


def merged_sighting(old: Values, new: Values) -> Values:
    """Two records of one listing: the later one is right where it says something, the strongest announce type is kept.

    Votes are those of the latest reading. The order of two records does not matter, but if they are of one instant.
    """
    later, earlier = (new, old) if new["seen_at"] >= old["seen_at"] else (old, new)
    counted = [v for v in (later, earlier) if v["votes_at"] is not None]
    reading = max(counted, key=lambda values: values["votes_at"], default=later)  # the first of equals: the later record
    known = {name: later[name] if later[name] is not None else earlier[name] for name in _SIMPLE}
    return {
        **old,  # with the number of its row, where it has one
        **later,
        **known,
        "announce_type": max((old["announce_type"], new["announce_type"]), key=_STRENGTH.__getitem__),
        "version": max((v for v in (old["version"], new["version"]) if v is not None), default=None),
        "votes": reading["votes"],
        "votes_at": reading["votes_at"],
        "tags": later["tags"] or earlier["tags"],
        "is_guess": old["is_guess"] and new["is_guess"],
    }


_SIMPLE = ("position", "organization", "cite_key")


def stored_sighting(row: Row[Any]) -> Values:
    """The values of a row of `sightings`, comparable with `sighting_values`."""
    announced = row.announce_type
    return {**row._mapping, "announce_type": None if announced is None else AnnounceType(announced)}


def sighting_of(row: Row[Any]) -> Sighting:
    """The sighting of a row. With votes, `seen_at` is the instant at which they were read."""
    return Sighting(
        key=key_of(row.paper_key),
        version=row.version,
        source=row.source,
        seen_at=row.seen_at if row.votes_at is None else row.votes_at,
        batch_on=row.batch_on,
        announce_type=None if row.announce_type is None else AnnounceType(row.announce_type),
        votes=row.votes,
        position=row.position,
        tags=tuple(row.tags),
        organization=row.organization,
        cite_key=row.cite_key,
        is_guess=row.is_guess,
    )


def listing_key(values: Values) -> tuple[str, str, date | None]:
    """What a sighting is unique by."""
    return values["source"], values["paper_key"], values["batch_on"]


def version_values(key: str, paper: Paper) -> list[tuple[str, int, datetime | None]]:
    """The versions that a record tells of: its own, and by the date of publication the first."""
    known: list[tuple[str, int, datetime | None]] = []
    version = whole(paper.version, 1)
    if paper.published_at is not None:
        known.append((key, 1, paper.published_at))
    if version is not None and not (version == 1 and paper.published_at is not None):
        known.append((key, version, paper.updated_at))
    return known


def rekeyed(paper: Paper, key: str) -> Paper:
    """The same record under its canonical key."""
    return paper if key_text(paper.key) == key else replace(paper, key=key_of(key))
