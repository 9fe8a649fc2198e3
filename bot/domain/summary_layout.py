"""How summaries and answers look, and what they rest on: who wrote them, of what, how much of it, and what was found in it.

The truth where there is none: a paper without a summary comes with its abstract and a mark that says why.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from bot.domain.digests import Digest, DigestItem
from bot.domain.findings import Evidence
from bot.domain.messages import Block, Bullets, Heading, Mark, Message, Paragraph, Quote, Span, paragraph
from bot.domain.papers import Paper, SeenPaper, TextOrigin
from bot.domain.styles import FieldKind
from bot.domain.summaries import Answer, Lack, Summary, SummaryField
from bot.domain.visible import linked_title, shown
from bot.domain.words import Words

_NAMED_FIGURES = 8  # figures that are not in the text, by name; the rest are counted
_NEVER_COMES = frozenset({Lack.DECLINED})
# A paper that can be read nowhere is no trouble of the day.
_ORDINARY = frozenset({Lack.NO_TEXT})
_NAMED = re.compile(r"([^:：]{1,60})([:：].*)", re.DOTALL)


def has_summary(summary: Summary | None) -> bool:
    """Whether something was written or extracted; a paper without an abstract has a summary that says nothing."""
    return summary is not None and summary.tldr != ""


def summary_mark(summary: Summary | None, paper: Paper, words: Words, lack: Lack | None = None) -> str:
    """Who made the summary and of how much; why there is none, or only one of the abstract."""
    if summary is None or not summary.tldr:
        return _missing_mark(paper, words, lack)
    why = summary.lack or lack
    if summary.model is None:
        return words("mark.extracted_for", lack=words(f"lack.{why}")) if why else words("mark.extracted")
    values = {"model": shown(summary.model), "origin": words(f"origin.{summary.origin}")}
    if summary.origin is TextOrigin.ABSTRACT and why:
        return words("mark.model_abstract", **values, lack=_why_abstract(why, words))
    if summary.share < 1:
        return words("mark.model_share", **values, percent=percent(summary.share))
    return words("mark.model", **values)


def _missing_mark(paper: Paper, words: Words, lack: Lack | None) -> str:
    if lack is None:
        return words("mark.no_summary" if paper.abstract else "paper.no_abstract")
    mark = words("mark.declined" if lack in _NEVER_COMES else "mark.missing", lack=words(f"lack.{lack}"))
    place = words("mark.abstract_here" if paper.abstract else "paper.no_abstract")
    kept = () if lack in _NEVER_COMES else (words("mark.kept"),)
    return words("mark.separator").join((mark, place, *kept))


def _why_abstract(lack: Lack, words: Words) -> str:
    key = f"abstract_only.{lack}"
    return words(key if key in words.sentences else f"lack.{lack}")


def read_line(summary: Summary | None, words: Words) -> str:
    """What was read of a paper with an abstract, and how much of it, where that was not all."""
    if summary is None or not summary.tldr:
        return words("origin.abstract")
    origin = words(f"origin.{summary.origin}")
    return origin if summary.share >= 1 else words("paper.read_share", origin=origin, percent=percent(summary.share))


def percent(share: float) -> int:
    """A share as whole percent; only all of it is 100, and only nothing is 0."""
    return 100 if share >= 1 else min(99, max(1, round(100 * share)))


def figures_line(evidence: Evidence | None, words: Words) -> str:
    """How many of the figures are in the text, and which are not; "" where there are none to look up."""
    if evidence is None or not evidence.figures:
        return ""
    missing = [shown(written) for written in evidence.missing]
    if not missing:
        return words("evidence.figures", found=evidence.found, total=len(evidence.figures))
    more = len(missing) - _NAMED_FIGURES
    named = missing[:_NAMED_FIGURES] + ([words("evidence.more", n=more)] if more > 0 else [])
    listed = words("evidence.separator").join(named)
    return words("evidence.missing", found=evidence.found, total=len(evidence.figures), missing=listed)


def caution_line(evidence: Evidence | None, words: Words) -> str:
    """The warning above a summary of which too few figures are in the text, else ""."""
    return "" if evidence is None or evidence.is_trusted else words("evidence.caution")


def lost_line(evidence: Evidence | None, words: Words) -> str:
    """How many quotations are not shown, as the text does not hold them, else ""."""
    lost = sum(not checked.is_found for checked in evidence.quotations) if evidence else 0
    return words("evidence.lost", n=lost) if lost else ""


def quotes_lines(evidence: Evidence | None, words: Words) -> tuple[str, ...]:
    """Each quotation that stands in the text, in quotation marks, with its section where that has a name."""
    found = [checked.quotation for checked in evidence.quotations if checked.is_found] if evidence else []
    pairs = [(shown(quotation.text), shown(quotation.section)) for quotation in found]
    return tuple(
        words("evidence.quote_from", text=text, section=section) if section else words("evidence.quote", text=text)
        for text, section in pairs
        if text
    )


def summary_blocks(
    summary: Summary | None, paper: Paper, words: Words, *, lack: Lack | None = None, is_full: bool = False
) -> tuple[Block, ...]:
    """TL;DR, sections, what they rest on and who wrote them; without a summary the abstract, with a mark that says so.

    `is_full` adds the quotations.
    """
    mark = italic(summary_mark(summary, paper, words, lack))
    if summary is None or not summary.tldr:
        return (*((Quote(spans=(Span(shown(paper.abstract)),), is_folded=True),) if paper.abstract else ()), mark)
    blocks: list[Block] = [*bold(caution_line(summary.evidence, words)), labelled("paper.tldr", shown(summary.tldr), words)]
    for field in summary.fields:
        blocks += _section(field)
    if summary.tags:
        blocks.append(labelled("paper.tags", ", ".join(map(shown, summary.tags)), words))
    if is_full:
        blocks += _listed(words("evidence.quotes"), quotes_lines(summary.evidence, words))
    return (*blocks, *_evidence(summary.evidence, words, is_full=is_full), mark)


def folded_lines(summary: Summary, paper: Paper, words: Words, *, at_most: int, cut: str) -> tuple[str, ...]:
    """What stands below a TL;DR, each piece on a line of its own: sections, tags, what they rest on and who wrote them.

    Of the sections whole lines of together `at_most` letters; the line `cut` stands for the others.
    """
    lines = [line for field in summary.fields for line in _section_lines(field)]
    lengths = accumulate(len(line) + 1 for line in lines)
    kept = [line for line, length in zip(lines, lengths, strict=True) if length <= at_most]
    kept += [cut] if len(kept) < len(lines) and cut else []
    tags = ", ".join(map(shown, summary.tags))
    kept += [f"{words('paper.tags')}: {tags}"] if tags else []
    figures = figures_line(summary.evidence, words)
    return (*kept, *((figures,) if figures else ()), summary_mark(summary, paper, words))


def _section_lines(field: SummaryField) -> Iterator[str]:
    """Each point, the first one with the heading above it."""
    points = [name + text for name, text in named_points(field)]
    heading = shown(field.heading)
    if field.form is FieldKind.TEXT:
        yield f"{heading}: {' '.join(points)}"
        return
    for place, text in enumerate(points, 1):
        sign = f"{place}." if field.form is FieldKind.NUMBERED else "•"
        yield f"{sign} {text}" if place > 1 else f"{heading}\n{sign} {text}"


def named_points(field: SummaryField) -> tuple[tuple[str, str], ...]:
    """What is shown of each point: the name of a part, "" elsewhere, and its text, which begins with the colon after a name."""
    points = tuple(map(shown, field.points))
    named = (_NAMED.fullmatch(point) if field.form is FieldKind.PARTS else None for point in points)
    return tuple((found[1], found[2]) if found else ("", point) for found, point in zip(named, points, strict=True))


def _section(field: SummaryField) -> tuple[Block, ...]:
    points = named_points(field)
    heading = Heading(spans=(Span(shown(field.heading), Mark.BOLD),))
    if field.form is FieldKind.TEXT:
        return heading, *(paragraph(text) for _, text in points)
    items = tuple((Span(name, Mark.BOLD), Span(text)) if name else (Span(text),) for name, text in points)
    return heading, Bullets(items=items, is_numbered=field.form is FieldKind.NUMBERED)


def _listed(heading: str, lines: Sequence[str]) -> tuple[Block, ...]:
    if not lines:
        return ()
    return Heading(spans=(Span(heading, Mark.BOLD),)), Bullets(items=tuple((Span(line),) for line in lines))


def labelled(key: str, text: str, words: Words) -> Paragraph:
    """A text behind what it is, which is the sentence under `key`."""
    return Paragraph(spans=(Span(words(key) + ": ", Mark.BOLD), Span(text)))


def bold(*lines: str) -> tuple[Paragraph, ...]:
    """Those of the lines that say something."""
    return tuple(Paragraph(spans=(Span(line, Mark.BOLD),)) for line in lines if line)


def _evidence(evidence: Evidence | None, words: Words, *, is_full: bool) -> tuple[Block, ...]:
    lost = lost_line(evidence, words) if is_full else ""
    return tuple(italic(line) for line in (figures_line(evidence, words), lost) if line)


def italic(line: str) -> Paragraph:
    """A line that is about the paper, not of it."""
    return Paragraph(spans=(Span(line, Mark.ITALIC),))


def answer_message(seen: SeenPaper, answer: Answer, words: Words, *, lack: Lack | None = None) -> Message:
    """What the paper's own text says to a question, the quotations it rests on and what was read.

    An answer with `model` None holds passages only; `lack` says why, where a model is set up.
    """
    question = labelled("ask.question", shown(answer.question), words)
    evidence = answer.evidence if answer.is_in_text else None  # else there is nothing that could rest on it
    quotes = _listed(words("evidence.quotes" if answer.model else "ask.passages"), quotes_lines(evidence, words))
    title, said = Heading(spans=(linked_title(seen.paper),)), paragraph(_said(answer, words, lack))
    rest = (*quotes, *_evidence(evidence, words, is_full=True), italic(_read(answer, words)))
    return Message(blocks=(title, question, *bold(*_doubts(answer, words)), said, *rest))


def _doubts(answer: Answer, words: Words) -> tuple[str, ...]:
    """What speaks against an answer that was given: no quotation of it, or too few of its figures, are in the text."""
    if answer.model is None or not answer.is_in_text or not shown(answer.text):
        return ()
    is_supported = any(checked.is_found for checked in answer.evidence.quotations)
    return ("" if is_supported else words("ask.unsupported"), caution_line(answer.evidence, words))


def _said(answer: Answer, words: Words, lack: Lack | None) -> str:
    if answer.model is not None:
        return shown(answer.text) if answer.is_in_text and shown(answer.text) else words("ask.not_in_text")
    why = words("ask.no_answer", lack=words(f"lack.{lack}")) if lack else words("ask.no_model")
    return why if answer.is_in_text else words("mark.separator").join((why, words("ask.no_passages")))


def _read(answer: Answer, words: Words) -> str:
    origin = words(f"origin.{answer.origin}")
    if answer.model is None:
        return words("ask.read", origin=origin)
    values = {"model": shown(answer.model), "origin": origin}
    return words("ask.model_share", **values, percent=percent(answer.share)) if answer.share < 1 else words("ask.model", **values)


def counted_summaries(digest: Digest, words: Words) -> str:
    """How many summaries were written, extracted or are missing, and why; "" on a day without such trouble.

    A paper of which only the abstract can be read is no trouble.
    """
    lacks = {_lack(item) for item in digest.items}
    if not lacks - _ORDINARY - {None}:
        return ""
    counts = Counter(_kind(item, words) for item in digest.items)
    kinds = sorted(counts, key=lambda kind: (_KINDS.index(kind[0]), kind[1:]))
    parts = [words(f"counted.{kind}", n=counts[kind, model, why], model=model, lack=why) for kind, model, why in kinds]
    return words("counted.separator").join(parts)


_KINDS = ("written", "abstract", "extracted", "extracted_for", "none", "missing")


def _lack(item: DigestItem) -> Lack | None:
    return item.lack or (item.summary.lack if item.summary else None)


def _kind(item: DigestItem, words: Words) -> tuple[str, str, str]:
    """What became of a paper's summary, the model that wrote it and why it is less than it could be."""
    summary, lack = item.summary, _lack(item)
    why = words(f"lack.{lack}") if lack else ""
    if summary is None or not summary.tldr:
        return ("missing" if why else "none"), "", why
    if summary.model is None:
        return ("extracted_for" if why else "extracted"), "", why
    if summary.origin is TextOrigin.ABSTRACT and lack:
        return "abstract", shown(summary.model), _why_abstract(lack, words)
    return "written", shown(summary.model), ""
