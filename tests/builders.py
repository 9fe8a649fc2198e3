"""Domain objects for tests, complete by default: a test names only the fields that matter to it."""

from datetime import UTC, date, datetime

from bot.domain.digests import (
    Counts,
    Criteria,
    Digest,
    DigestItem,
    Emptiness,
    Pick,
    Reason,
    ReasonKind,
    Score,
)
from bot.domain.findings import Evidence
from bot.domain.intake import Notice, Why
from bot.domain.papers import (
    AnnounceType,
    Author,
    FullText,
    Link,
    LinkKind,
    Paper,
    PaperKey,
    PaperRef,
    Scheme,
    Section,
    SeenPaper,
    Sighting,
    TextOrigin,
)
from bot.domain.summaries import Lack, Summary, SummaryField

ABSTRACT = (
    "Long conversations make assistants forget what was agreed at their start. We propose a notebook that the model "
    "writes to and reads from between turns. On three benchmarks the notebook raises recall by 12.5 points at no extra cost."
)


def arxiv_key(arxiv_id: str = "2601.00001") -> PaperKey:
    return PaperKey(scheme=Scheme.ARXIV, value=arxiv_id)


def a_paper(
    *,
    arxiv_id: str = "2601.00001",
    key: PaperKey | None = None,
    version: int | None = 1,
    title: str = "A Notebook for Forgetful Assistants",
    abstract: str = ABSTRACT,
    authors: tuple[str, ...] = ("Ada Example", "Bo Sample"),
    categories: tuple[str, ...] = ("cs.CL", "cs.AI"),
    published_at: datetime | None = datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
    updated_at: datetime | None = None,
    code: tuple[str, ...] = (),
    links: tuple[Link, ...] = (),
    comment: str | None = None,
    journal_ref: str | None = None,
    doi: str | None = None,
    is_withdrawn: bool = False,
) -> Paper:
    return Paper(
        key=key or arxiv_key(arxiv_id),
        version=version,
        title=title,
        abstract=abstract,
        authors=tuple(Author(name=name) for name in authors),
        categories=categories,
        published_at=published_at,
        updated_at=updated_at,
        links=tuple(Link(kind=LinkKind.CODE, url=url) for url in code) + links,
        comment=comment,
        journal_ref=journal_ref,
        doi=doi,
        is_withdrawn=is_withdrawn,
    )


def a_sighting(
    *,
    arxiv_id: str = "2601.00001",
    key: PaperKey | None = None,
    version: int | None = 1,
    source: str = "arxiv",
    seen_at: datetime = datetime(2026, 1, 6, 5, 0, tzinfo=UTC),
    batch_on: date | None = date(2026, 1, 6),
    announce_type: AnnounceType | None = AnnounceType.NEW,
    votes: int | None = None,
    position: int | None = None,
    tags: tuple[str, ...] = (),
    organization: str | None = None,
    cite_key: str | None = None,
    is_guess: bool = False,
) -> Sighting:
    return Sighting(
        key=key or arxiv_key(arxiv_id),
        version=version,
        source=source,
        seen_at=seen_at,
        batch_on=batch_on,
        announce_type=announce_type,
        votes=votes,
        position=position,
        tags=tags,
        organization=organization,
        cite_key=cite_key,
        is_guess=is_guess,
    )


def a_seen(paper: Paper | None = None, *sightings: Sighting) -> SeenPaper:
    """A paper with its sightings; without any, one new announcement on arXiv."""
    paper = paper or a_paper()
    return SeenPaper(paper=paper, sightings=sightings or (a_sighting(key=paper.key, version=paper.version),))


def a_score(*reasons: Reason) -> Score:
    """The sum of its reasons; without any, four points for a word of the title."""
    reasons = reasons or (Reason(kind=ReasonKind.TITLE, matched="notebook", points=4.0),)
    return Score(value=round(sum(reason.points for reason in reasons), 1), reasons=reasons)


def a_pick(seen: SeenPaper | None = None, *reasons: Reason) -> Pick:
    return Pick(seen=seen or a_seen(), score=a_score(*reasons))


def a_summary(
    *,
    arxiv_id: str = "2601.00001",
    key: PaperKey | None = None,
    version: int | None = 1,
    style: str = "card",
    language: str = "en",
    model: str | None = None,
    origin: TextOrigin = TextOrigin.ABSTRACT,
    tldr: str = "We propose a notebook that the model writes to and reads from between turns.",
    fields: tuple[SummaryField, ...] = (
        SummaryField(
            name="problem",
            heading="Problem",
            points=("Long conversations make assistants forget what was agreed at their start.",),
        ),
    ),
    tags: tuple[str, ...] = (),
    share: float = 1.0,
    lack: Lack | None = None,
    evidence: Evidence | None = None,
) -> Summary:
    return Summary(
        ref=PaperRef(key=key or arxiv_key(arxiv_id), version=version),
        style=style,
        language=language,
        model=model,
        origin=origin,
        tldr=tldr,
        fields=fields,
        tags=tags,
        share=share,
        lack=lack,
        evidence=evidence,
    )


def a_text(paper: Paper | None = None, *, origin: TextOrigin = TextOrigin.ABSTRACT) -> FullText:
    """The paper's abstract as the text that was read."""
    paper = paper or a_paper()
    return FullText(
        ref=PaperRef(key=paper.key, version=paper.version),
        sections=(Section(heading="", text=paper.abstract),),
        origin=origin,
    )


def a_notice(
    *,
    source: str = "arxiv",
    why: Why = Why.WEEKEND,
    subject: str = "",
    detail: str = "",
    on: date | None = date(2026, 1, 10),
    line: int | None = None,
) -> Notice:
    return Notice(source=source, why=why, subject=subject, detail=detail, on=on, line=line)


def a_digest(
    *items: DigestItem | Pick | SeenPaper | Paper,
    on: date = date(2026, 1, 6),
    made_at: datetime = datetime(2026, 1, 6, 9, 0, tzinfo=UTC),
    criteria: Criteria | None = None,
    counts: Counts | None = None,
    spans: tuple[date, date] | None = (date(2026, 1, 6), date(2026, 1, 6)),
    notices: tuple[Notice, ...] = (),
    empty_because: tuple[Emptiness, ...] = (),
    model: str | None = None,
    language: str = "en",
    style: str = "card",
) -> Digest:
    """A digest of what is given (papers, sightings, picks or items); of nothing, an empty one."""
    whole = tuple(_as_item(item) for item in items)
    return Digest(
        on=on,
        made_at=made_at,
        criteria=criteria or Criteria(sources=("arxiv",), categories=("cs.CL",), keywords=("notebook",)),
        items=whole,
        counts=counts or Counts(found=len(whole), matched=len(whole), listed=len(whole)),
        spans=spans,
        notices=notices,
        empty_because=empty_because,
        model=model,
        language=language,
        style=style,
    )


def _as_item(thing: DigestItem | Pick | SeenPaper | Paper) -> DigestItem:
    if isinstance(thing, Paper):
        thing = a_seen(thing)
    if isinstance(thing, SeenPaper):
        thing = a_pick(thing)
    return DigestItem(pick=thing) if isinstance(thing, Pick) else thing
