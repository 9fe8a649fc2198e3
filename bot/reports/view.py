"""A digest as lines of text, ready for any page: what is said is decided here, how it is marked up is decided elsewhere."""

from dataclasses import dataclass

from bot.domain.citation import bibtex_entry
from bot.domain.digests import Digest, DigestItem
from bot.domain.layout import (
    announce_line,
    author_line,
    catchup_line,
    closing_lines,
    code_urls,
    date_or_unknown,
    empty_lines,
    head_line,
    instant,
    notices_lines,
    reasons_line,
    source_name,
)
from bot.domain.links import public_links
from bot.domain.papers import LinkKind, Paper, Scheme, SeenPaper
from bot.domain.styles import FieldKind
from bot.domain.summaries import Summary
from bot.domain.summary_layout import (
    caution_line,
    counted_summaries,
    figures_line,
    has_summary,
    lost_line,
    named_points,
    quotes_lines,
    read_line,
    summary_mark,
)
from bot.domain.visible import harmless, is_web, paper_url, shown, title_of
from bot.domain.words import Words

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One row of a paper's table of links; without `urls` there is none."""

    label: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One section of a summary; each point is the name of a part, "" elsewhere, and a text, which follows the name directly."""

    heading: str
    form: FieldKind
    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """One paper, all text shown-ready and unescaped. `url` may be unknown, `month` is "26/01", `place` "cs.CL, cs.AI · new".

    Above the summary, which is in `language` (unknown: ""), stands the `caution` against it; under its sections `tags`, `quotes`,
    the `checks` of what it rests on, its `mark`.
    """

    number: int
    title: str
    url: str | None
    month: str
    badge: str
    place: str
    authors: str
    facts: tuple[Fact, ...]
    why: str
    caution: str
    tldr: str
    language: str
    sections: tuple[SectionView, ...]
    tags: str
    quotes: tuple[str, ...]
    checks: tuple[str, ...]
    mark: str
    abstract: str
    code: tuple[str, ...]
    links: tuple[LinkRow, ...]
    bibtex: str
    warnings: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"p{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """A whole page; `is_single` means one paper that somebody asked for, without a choice to explain.

    `summaries` says how many are missing or less than they could be, and why; `catchup` which days this digest stands for.
    Both are "" on an ordinary day.
    """

    title: str
    line: str
    facts: tuple[Fact, ...]
    papers: tuple[PaperView, ...]
    more: str
    empty: tuple[str, ...]
    notices: tuple[str, ...]
    catchup: str = ""
    summaries: str = ""
    is_single: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.papers


def page(digest: Digest, words: Words, *, is_single: bool = False) -> PageView:
    """All that any report says about a digest."""
    papers = tuple(paper_view(number, item, words) for number, item in enumerate(digest.items, 1))
    return PageView(
        title=papers[0].title if is_single and papers else words("digest.title", date=digest.on.isoformat()),
        line="" if is_single else head_line(digest, words),
        facts=_made(digest, words) if is_single else (*_made(digest, words), *_wished(digest, words)),
        papers=papers,
        more=" ".join(closing_lines(digest, words)),
        empty=() if papers else empty_lines(digest, words),
        notices=notices_lines(digest.notices, words),
        catchup=catchup_line(digest, words),
        summaries=_summaries(digest, words),
        is_single=is_single,
    )


def _summaries(digest: Digest, words: Words) -> str:
    counted = counted_summaries(digest, words)
    return words("counted.line", counted=counted) if counted else ""


def _made(digest: Digest, words: Words) -> tuple[Fact, ...]:
    facts = [("head.date", digest.on.isoformat()), ("head.made_at", instant(digest.made_at))]
    if digest.spans:
        first, last = (day.isoformat() for day in digest.spans)
        facts.append(("head.covers", first if first == last else words("span", first=first, last=last)))
    facts.append(("head.model", _model(digest, words)))
    facts += [("head.style", digest.style), ("head.language", digest.language)]
    return tuple((words(key), shown(value)) for key, value in facts)


def _model(digest: Digest, words: Words) -> str:
    counted = counted_summaries(digest, words)
    if counted:
        return counted
    models = dict.fromkeys(item.summary.model for item in digest.items if item.summary and item.summary.tldr)
    if not models:
        return words("head.no_summaries")
    return "; ".join(words("head.by_model", model=model) if model else words("head.extracted") for model in models)


def _wished(digest: Digest, words: Words) -> tuple[Fact, ...]:
    wish, counts = digest.criteria, digest.counts
    none = words("head.none")
    summarized = sum(has_summary(item.summary) for item in digest.items)
    facts = (
        ("head.sources", ", ".join(source_name(source, words) for source in wish.sources)),
        ("head.categories", ", ".join(wish.categories) or words("head.all_categories")),
        ("head.keywords", ", ".join(wish.keywords) or words("head.no_keywords")),
        ("head.excluded", ", ".join(wish.excluded) or none),
        ("head.authors", ", ".join(wish.authors) or none),
        (
            "head.counts",
            words("head.counted", found=counts.found, matched=counts.matched, listed=counts.listed, summarized=summarized),
        ),
    )
    return tuple((words(key), shown(value)) for key, value in facts)


def paper_view(number: int, item: DigestItem, words: Words) -> PaperView:
    """All that any report says about one paper."""
    seen, summary = item.pick.seen, item.summary
    paper = seen.paper
    code = code_urls(paper)
    evidence = summary.evidence if summary is not None and has_summary(summary) else None
    return PaperView(
        number=number,
        title=title_of(paper),
        url=paper_url(paper),
        month=_month(seen),
        badge=_badge(item, words),
        place=" · ".join(part for part in (shown(", ".join(paper.categories)), announce_line(seen, words)) if part),
        authors=author_line(paper, words) or words("paper.no_authors"),
        facts=_facts(seen, summary, words),
        caution=caution_line(evidence, words),
        why=reasons_line(item.pick.score, words),
        tldr=shown(summary.tldr) if summary else "",
        language=summary.language if summary is not None and summary.model is not None else "",
        sections=_sections(summary) if has_summary(summary) else (),
        tags=shown(_tags(seen, summary)),
        quotes=quotes_lines(evidence, words),
        checks=tuple(line for line in (figures_line(evidence, words), lost_line(evidence, words)) if line),
        mark=summary_mark(summary, paper, words, item.lack),
        abstract=shown(paper.abstract),
        code=code,
        links=_links(paper, code, words),
        bibtex=harmless(bibtex_entry(paper)),
        warnings=_warnings(seen, words),
    )


def _sections(summary: Summary | None) -> tuple[SectionView, ...]:
    fields = summary.fields if summary else ()
    return tuple(SectionView(heading=shown(field.heading), form=field.form, points=named_points(field)) for field in fields)


def _tags(seen: SeenPaper, summary: Summary | None) -> str:
    """Those of the sources, then those of the summary, each once."""
    return ", ".join(dict.fromkeys((*seen.tags, *(summary.tags if summary else ()))))


def _month(seen: SeenPaper) -> str:
    day = seen.paper.published_at or seen.announced_on
    return f"{day:%y/%m}" if day else "–/–"


def _badge(item: DigestItem, words: Words) -> str:
    votes = item.pick.seen.votes
    score = words("paper.scored", score=f"{item.pick.score.value:.1f}") if item.pick.score.reasons else ""
    late = words("paper.late") if item.pick.is_late else ""
    return " · ".join(part for part in (words("paper.votes", n=votes) if votes is not None else "", score, late) if part)


def _facts(seen: SeenPaper, summary: Summary | None, words: Words) -> tuple[Fact, ...]:
    """What a reader may want to know of a paper, in a fixed order; rows that are only sometimes there come last."""
    paper = seen.paper
    read = read_line(summary, words) if paper.abstract or has_summary(summary) else words("paper.read_nothing")
    always = (
        ("paper.published", date_or_unknown(paper.published_at, words)),
        ("paper.announced", date_or_unknown(seen.announced_on, words)),
        ("paper.categories", ", ".join(paper.categories) or words("paper.unknown")),
        ("paper.type", announce_line(seen, words) or words("paper.unknown")),
        ("paper.id", versioned_id(paper)),
        ("paper.tags", _tags(seen, summary) or words("head.none")),
        ("paper.read", read),
    )
    sources = dict.fromkeys(source_name(sighting.source, words) for sighting in seen.sightings)
    sometimes = (
        ("paper.listed_by", ", ".join(sources)),
        ("paper.updated", str(paper.updated_at.date()) if paper.updated_at and (paper.version or 1) > 1 else ""),
        ("paper.organization", ", ".join(dict.fromkeys(s.organization for s in seen.sightings if s.organization))),
        ("paper.cite_key", ", ".join(dict.fromkeys(s.cite_key for s in seen.sightings if s.cite_key))),
        ("paper.comment", paper.comment or ""),
        ("paper.journal", paper.journal_ref or ""),
    )
    return tuple((words(key), shown(value)) for key, value in (*always, *(fact for fact in sometimes if fact[1])))


def versioned_id(paper: Paper) -> str:
    """`2601.00001v2` for arXiv, `doi:10.1/x` and the like for others."""
    name = paper.key.value if paper.key.scheme is Scheme.ARXIV else str(paper.key)
    return name + (f"v{paper.version}" if paper.version else "")


def _warnings(seen: SeenPaper, words: Words) -> tuple[str, ...]:
    withdrawn = (words("paper.withdrawn"),) if seen.paper.is_withdrawn else ()
    guessed = (words("paper.guessed"),) if any(sighting.is_guess for sighting in seen.sightings) else ()
    return withdrawn + guessed


def _links(paper: Paper, code: tuple[str, ...], words: Words) -> tuple[LinkRow, ...]:
    rows = [LinkRow(label=words(f"link.{link.kind}"), urls=(link.url,)) for link in public_links(paper.key, paper.version)]
    rows.append(LinkRow(label=words("link.code"), urls=code))
    for kind in (LinkKind.PROJECT, LinkKind.PAGE):
        urls = tuple(link.url for link in paper.links if link.kind is kind and is_web(link.url))
        if urls:
            rows.append(LinkRow(label=words(f"link.{kind}"), urls=urls))
    return tuple(rows)
