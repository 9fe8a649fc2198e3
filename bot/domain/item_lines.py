"""What is said of one paper of a digest beside its summary: why it is there, how many voted for it, what to beware of."""

from bot.domain.digests import DigestItem, ReasonKind
from bot.domain.layout import reasons_line
from bot.domain.messages import Paragraph, Span
from bot.domain.summaries import Summary
from bot.domain.summary_layout import bold, caution_line, italic
from bot.domain.words import Words


def why(item: DigestItem, words: Words) -> tuple[Paragraph, ...]:
    """The score and what it is made of."""
    if [reason.kind for reason in item.pick.score.reasons] == [ReasonKind.LISTED]:
        return (italic(words("reason.listed_alone")),)  # the same of every paper: a score would say nothing
    reasons = reasons_line(item.pick.score, words)
    return (italic(f"{_scored(item, words)}: {reasons}"),) if reasons else ()


def short(item: DigestItem, words: Words) -> tuple[Span, ...]:
    """Behind a title that stands alone: score, votes, and whether it is late."""
    votes = words("paper.votes", n=item.pick.seen.votes) if item.pick.seen.votes is not None else ""
    scored = _scored(item, words) if item.pick.score.reasons else ""
    said = words("paper.late") if item.pick.is_late else ""
    return tuple(Span(f" · {each}") for each in (scored, votes, said) if each)


def late(item: DigestItem, words: Words) -> tuple[Paragraph, ...]:
    """That an earlier digest had it."""
    return (italic(words("paper.late")),) if item.pick.is_late else ()


def caution(summary: Summary, words: Words) -> tuple[Paragraph, ...]:
    """The warning above a summary of which too few figures are in the text."""
    return bold(caution_line(summary.evidence, words))


def _scored(item: DigestItem, words: Words) -> str:
    return words("paper.scored", score=f"{item.pick.score.value:.1f}")
