"""What a paper is, whoever lists it. A paper never knows its score or its summary: those belong to a reader and a style."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Scheme(StrEnum):
    """The name space of a paper's key."""

    ARXIV = "arxiv"
    DOI = "doi"
    FILE = "file"  # an entry that is nowhere but in somebody's file


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PaperKey:
    """Names one paper for ever: `value` is canonical (an arXiv id without version and subject class, a lower-case DOI)."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRef:
    """A paper as somebody named it: `version` None means the latest."""

    key: PaperKey
    version: int | None = None

    def __str__(self) -> str:
        return f"{self.key}" + (f"v{self.version}" if self.version else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    name: str
    affiliation: str | None = None


class LinkKind(StrEnum):
    """What a link leads to. The links to abs, pdf, html and Hugging Face are made from the key, never stored."""

    CODE = "code"
    PROJECT = "project"
    PAGE = "page"  # the landing page of a paper that is not on arXiv


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    kind: LinkKind
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One version of a paper's metadata. Texts are raw, TeX included; instants are aware UTC; None means unknown.

    `categories` starts with the primary one and holds arXiv's canonical names only. `abstract` has its white space
    collapsed. `published_at` is v1's submission, `updated_at` that of this version. `is_withdrawn` says that this version
    has no full text; the reason is in `comment`.
    """

    key: PaperKey
    version: int | None
    title: str
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    links: tuple[Link, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    is_withdrawn: bool = False


class AnnounceType(StrEnum):
    """arXiv's four kinds of announcement."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"

    @property
    def is_replacement(self) -> bool:
        return self in (AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One source listing one paper once: unique by (source, key, batch_on).

    `batch_on` is the date of the batch or daily list (US Eastern for arXiv; None for a file or a search).
    `votes` were read at `seen_at`; `position` counts from 0 in the source's own order. `cite_key` and `is_guess`
    (found by title only) come from BibTeX files.
    """

    key: PaperKey
    version: int | None
    source: str
    seen_at: datetime
    batch_on: date | None = None
    announce_type: AnnounceType | None = None
    votes: int | None = None
    position: int | None = None
    tags: tuple[str, ...] = ()
    organization: str | None = None
    cite_key: str | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPaper:
    """A paper with all its sightings, best-known version: what matching and reports work on."""

    paper: Paper
    sightings: tuple[Sighting, ...] = ()

    @property
    def votes(self) -> int | None:
        """The latest reading of the votes, None where no source counts any."""
        readings = [s for s in self.sightings if s.votes is not None]
        return max(readings, key=lambda s: s.seen_at).votes if readings else None

    @property
    def tags(self) -> tuple[str, ...]:
        """All tags of all sightings, each once, in order."""
        return tuple(dict.fromkeys(tag for s in self.sightings for tag in s.tags))

    @property
    def announced_on(self) -> date | None:
        """The first batch in which it was announced, as far as we know."""
        return min((s.batch_on for s in self.sightings if s.batch_on), default=None)


class TextOrigin(StrEnum):
    """Where a text was read, which every reader of a summary is told."""

    HTML = "html"
    PDF = "pdf"
    ABSTRACT = "abstract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    heading: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """What could be read of one version of a paper."""

    ref: PaperRef
    sections: tuple[Section, ...]
    origin: TextOrigin
