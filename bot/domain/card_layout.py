"""One paper as a card: SeenPaper and its Summary -> Card, with all of its texts whole."""

from collections.abc import Iterator

from bot.domain.fitting import sentence_end
from bot.domain.item_lines import caution
from bot.domain.layout import author_line, code_urls, facts_line
from bot.domain.messages import Card, Mark, Paragraph, Span, paragraph
from bot.domain.papers import Paper, SeenPaper
from bot.domain.styles import FieldKind
from bot.domain.subscriptions import Form
from bot.domain.summaries import Lack, Summary, SummaryField
from bot.domain.summary_layout import figures_line, has_summary, labelled, named_points, summary_mark
from bot.domain.visible import harmless, paper_url, shown, title_of
from bot.domain.words import Words

_AUTHORS = 3
_BEGINNING = 200  # letters of an abstract, and what is left of their last sentence

_Field = tuple[str, tuple[Span, ...]]


def paper_card(
    seen: SeenPaper, summary: Summary | None, words: Words, *, lack: Lack | None = None, form: Form = Form.CARDS
) -> Card:
    """One paper by itself: who, when, its summary, what that rests on and who wrote it; without one the abstract, and why.

    With `form` COMPACT one sentence stands for the summary, or for the abstract its beginning.
    """
    is_whole = form is not Form.COMPACT
    fields = tuple(_fields(summary, seen.paper, words)) if is_whole else ()
    facts = facts_line(seen, words)
    return Card(
        number=1,
        title=title_of(seen.paper),
        url=paper_url(seen.paper),
        byline=author_line(seen.paper, words, _AUTHORS),
        blocks=(*((paragraph(facts),) if facts else ()), *_said(summary, seen.paper, words, is_whole=is_whole)),
        fields=fields,
        footer=summary_mark(summary, seen.paper, words, lack),
        source=_source(seen),
    )


def _source(seen: SeenPaper) -> str:
    """Where its votes are counted, as that sets it apart from all that is announced; else where it was seen first."""
    voted = [sighting for sighting in seen.sightings if sighting.votes is not None]
    first = min(voted or seen.sightings, key=lambda sighting: sighting.seen_at, default=None)
    return first.source if first else ""


def _said(summary: Summary | None, paper: Paper, words: Words, *, is_whole: bool) -> tuple[Paragraph, ...]:
    if summary is not None and has_summary(summary):
        return *caution(summary, words), labelled("paper.tldr", shown(summary.tldr), words)
    abstract = shown(paper.abstract)
    end = len(abstract) if is_whole else sentence_end(abstract, _BEGINNING)
    return (labelled("paper.abstract", abstract[:end] + " …" * (end < len(abstract)), words),) if abstract else ()


def _fields(summary: Summary | None, paper: Paper, words: Words) -> Iterator[_Field]:
    """The sections of a summary, its tags, what it rests on; and the code, which needs no summary."""
    if summary is not None and has_summary(summary):
        for section in summary.fields:
            yield from _named(shown(section.heading), _section(section))
        yield from _named(words("paper.tags"), [(Span(", ".join(tag for each in summary.tags if (tag := shown(each)))),)])
        yield from _named(words("feed.checked"), [(Span(figures_line(summary.evidence, words)),)])
    yield from _named(words("link.code"), [(Span(_bare(url), url=url),) for url in code_urls(paper)])


def _bare(url: str) -> str:
    """What is read of a link; one that reads as an address is no link on every platform."""
    return harmless(url.partition("://")[2].removeprefix("www.")) or url


def _section(section: SummaryField) -> list[tuple[Span, ...]]:
    """A line for each point: numbered, behind a dot, or behind the name of its part."""
    lines: list[tuple[Span, ...]] = []
    for name, text in named_points(section):
        sign = {FieldKind.NUMBERED: f"{len(lines) + 1}. ", FieldKind.POINTS: "• "}.get(section.form, "")
        bold = (Span(name, Mark.BOLD),) if name else ()
        lines += [(*bold, Span(sign + text))] if text else []
    return lines


def _named(name: str, lines: list[tuple[Span, ...]]) -> Iterator[_Field]:
    """The field of this name, if there is anything in it."""
    said = [line for line in lines if any(span.text for span in line)]
    if said:
        yield name, tuple(span for line in said for span in (Span("\n"), *line))[1:]
