"""The format of the sample day's file: JSON text -> papers with their sightings, or a refusal that names the place.

Strict on purpose: the file ships with the project, so anything unexpected in it is damage, not variety.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from bot.domain.papers import AnnounceType, Author, Link, LinkKind, Paper, PaperKey, Scheme, Sighting
from bot.errors import SourceChanged

Value = TypeVar("Value")

_PAPER = {"id", "version", "title", "authors", "categories", "abstract"}
_PAPER_MAY = {"published_at", "comment", "code"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    paper: Paper
    sighting: Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """Each paper once, in the order of the lists: arXiv's batch first, then what only Hugging Face has.

    A source lists a paper once a day, so one sighting holds both what arXiv announced and how Hugging Face voted.
    """

    on: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A value of the file and the path that leads to it."""

    value: object
    path: str

    def refuse(self, expected: str) -> SourceChanged:
        return SourceChanged(f"sample: {self.path} of the packaged day should be {expected}")

    def fields(self, must: set[str], may: frozenset[str] | set[str] = frozenset()) -> dict[str, "_Field"]:
        if not isinstance(self.value, dict) or not must <= self.value.keys() <= must | may:
            raise self.refuse("an object with " + ", ".join(sorted(must)))
        return {name: _Field(value=value, path=f"{self.path}.{name}") for name, value in self.value.items()}

    def items(self) -> tuple["_Field", ...]:
        if not isinstance(self.value, list) or not self.value:
            raise self.refuse("a list with something in it")
        return tuple(_Field(value=value, path=f"{self.path}[{index}]") for index, value in enumerate(self.value))

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value or self.value != " ".join(self.value.split()):
            raise self.refuse("text on one line")
        return self.value

    def number(self) -> int:
        if type(self.value) is not int or self.value < 0:
            raise self.refuse("a whole number")
        return self.value

    def instant(self) -> datetime:
        try:
            at = datetime.fromisoformat(self.text())
        except ValueError as error:
            raise self.refuse("an instant") from error
        if at.tzinfo is None:
            raise self.refuse("an instant with its zone")
        return at.astimezone(UTC)

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError as error:
            raise self.refuse("a date") from error

    def announce_type(self) -> AnnounceType:
        try:
            return AnnounceType(self.text())
        except ValueError as error:
            raise self.refuse("one of " + ", ".join(AnnounceType)) from error

    def key(self) -> PaperKey:
        return PaperKey(scheme=Scheme.ARXIV, value=self.text())


def read_day(text: str) -> Day:
    """Raise SourceChanged for whatever is not exactly the format of docs/sample-day.md."""
    try:
        root = _Field(value=json.loads(text), path="the root")
    except ValueError as error:
        raise SourceChanged(f"sample: the packaged day is not JSON: {error}") from error
    day = root.fields({"date", "arxiv", "huggingface", "papers"})
    on = day["date"].day()
    papers = _each_once((field, field.fields(_PAPER, _PAPER_MAY)["id"].key(), _paper(field)) for field in day["papers"].items())
    sightings = _sightings(day["arxiv"], day["huggingface"], papers, on)
    if sightings.keys() != papers.keys():
        raise day["papers"].refuse("the papers of the lists and no others")
    ordered = (replace(sighting, position=position) for position, sighting in enumerate(sightings.values()))
    return Day(on=on, entries=tuple(Entry(paper=papers[seen.key], sighting=seen) for seen in ordered))


def _sightings(arxiv: _Field, huggingface: _Field, papers: Mapping[PaperKey, Paper], on: date) -> dict[PaperKey, Sighting]:
    batch = arxiv.fields({"read_at", "listed"})
    voted = huggingface.fields({"read_at", "listed"})
    announced = _listed(batch["listed"], {"id", "type"})
    votes = _listed(voted["listed"], {"id"}, {"votes", "tags"})
    batch_at, voted_at = batch["read_at"].instant(), voted["read_at"].instant()
    found: dict[PaperKey, Sighting] = {}
    for key in (*announced, *(key for key in votes if key not in announced)):
        vote, announcement, paper = votes.get(key, {}), announced.get(key), papers.get(key)
        found[key] = Sighting(
            key=key,
            version=paper.version if paper else None,
            source="sample",
            seen_at=voted_at if key in votes else batch_at,
            batch_on=on,
            announce_type=announcement["type"].announce_type() if announcement else None,
            votes=vote["votes"].number() if "votes" in vote else None,
            tags=tuple(tag.text() for tag in vote["tags"].items()) if "tags" in vote else (),
        )
    return found


def _listed(listed: _Field, must: set[str], may: set[str] | None = None) -> dict[PaperKey, dict[str, _Field]]:
    entries = ((field, field.fields(must, may or set())) for field in listed.items())
    return _each_once((field, entry["id"].key(), entry) for field, entry in entries)


def _each_once(found: Iterable[tuple[_Field, PaperKey, Value]]) -> dict[PaperKey, Value]:
    by_key: dict[PaperKey, Value] = {}
    for field, key, value in found:
        if key in by_key:
            raise field.refuse(f"there once: {key} is there twice")
        by_key[key] = value
    return by_key


def _paper(field: _Field) -> Paper:
    known = field.fields(_PAPER, _PAPER_MAY)
    return Paper(
        key=known["id"].key(),
        version=known["version"].number(),
        title=known["title"].text(),
        abstract=known["abstract"].text(),
        authors=tuple(_author(author) for author in known["authors"].items()),
        categories=tuple(category.text() for category in known["categories"].items()),
        published_at=known["published_at"].instant() if "published_at" in known else None,
        comment=known["comment"].text() if "comment" in known else None,
        links=(Link(kind=LinkKind.CODE, url=known["code"].text()),) if "code" in known else (),
    )


def _author(field: _Field) -> Author:
    if isinstance(field.value, str):
        return Author(name=field.text())
    known = field.fields({"name", "affiliation"})
    return Author(name=known["name"].text(), affiliation=known["affiliation"].text())
