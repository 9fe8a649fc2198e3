"""How summaries and answers look, and what they rest on: who wrote them, of what, how much of it, and what was found in it.

The truth where there is none: a paper without a summary comes with its abstract and a mark that says why.
"""

from collections import Counter
from collections.abc import Sequence

from bot.domain.digests import Digest, DigestItem
from bot.domain.findings import Evidence
from bot.domain.messages import Block, Bullets, Heading, Mark, Message, Paragraph, Quote, Span, paragraph
from bot.domain.papers import Paper, SeenPaper, TextOrigin
from bot.domain.summaries import Answer, Lack, Summary
from bot.domain.visible import linked_title, shown
from bot.domain.words import Words

_NAMED_FIGURES = 8  # figures that are not in the text, by name; the rest are counted
_NEVER_COMES = frozenset({Lack.DECLINED})
# A paper that can be read nowhere is no trouble of the day.
_ORDINARY = frozenset({Lack.NO_TEXT})


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
    mark = _italic(summary_mark(summary, paper, words, lack))
    if summary is None or not summary.tldr:
        return (*((Quote(spans=(Span(shown(paper.abstract)),), is_folded=True),) if paper.abstract else ()), mark)
    blocks: list[Block] = [Paragraph(spans=(Span(words("paper.tldr") + ": ", Mark.BOLD), Span(shown(summary.tldr))))]
    for section in summary.fields:
        blocks += _listed(shown(section.heading), tuple(map(shown, section.points)))
    if is_full:
        blocks += _listed(words("evidence.quotes"), quotes_lines(summary.evidence, words))
    return (*blocks, *_evidence(summary.evidence, words, is_full=is_full), mark)


def _listed(heading: str, lines: Sequence[str]) -> tuple[Block, ...]:
    if not lines:
        return ()
    return Heading(spans=(Span(heading, Mark.BOLD),)), Bullets(items=tuple((Span(line),) for line in lines))


def _evidence(evidence: Evidence | None, words: Words, *, is_full: bool) -> tuple[Block, ...]:
    caution, figures = caution_line(evidence, words), figures_line(evidence, words)
    lost = lost_line(evidence, words) if is_full else ""
    warning = (Paragraph(spans=(Span(caution, Mark.BOLD),)),) if caution else ()
    return (*warning, *(_italic(line) for line in (figures, lost) if line))


def _italic(line: str) -> Paragraph:
    return Paragraph(spans=(Span(line, Mark.ITALIC),))


def answer_message(seen: SeenPaper, answer: Answer, words: Words, *, lack: Lack | None = None) -> Message:
    """What the paper's own text says to a question, the quotations it rests on and what was read.

    An answer with `model` None holds passages only; `lack` says why, where a model is set up.
    """
    question = Paragraph(spans=(Span(words("ask.question") + ": ", Mark.BOLD), Span(shown(answer.question))))
    evidence = answer.evidence if answer.is_in_text else None  # else there is nothing that could rest on it
    quotes = _listed(words("evidence.quotes" if answer.model else "ask.passages"), quotes_lines(evidence, words))
    blocks: tuple[Block, ...] = (Heading(spans=(linked_title(seen.paper),)), question, paragraph(_said(answer, words, lack)))
    return Message(blocks=(*blocks, *quotes, *_evidence(evidence, words, is_full=True), _italic(_read(answer, words))))


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
