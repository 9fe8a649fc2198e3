"""What is said about papers outside a digest: one paper's summary, and the preview that explains itself."""

from collections.abc import Sequence

from bot.domain.digests import Refusal
from bot.domain.layout import notices_lines, paper_message, reasons_line
from bot.domain.messages import Bullets, Heading, Message, Paragraph, Span, paragraph, text
from bot.domain.papers import SeenPaper
from bot.domain.summary_layout import answer_message
from bot.domain.visible import title_of
from bot.domain.words import Words
from bot.services.asking import PaperAnswer
from bot.services.digesting import Preview
from bot.services.summarizing import PaperSummary

SHOWN_NOTICES = 8  # remarks on sources under a preview or a new subscription
SHOWN_REFUSED = 20  # papers that a preview names for each reason; the rest are counted
NEAREST_FIRST = (
    *(Refusal.OVER_LIMIT, Refusal.BELOW_THRESHOLD, Refusal.FEW_VOTES, Refusal.EXCLUDED),
    *(Refusal.REPLACEMENT, Refusal.SHOWN_BEFORE, Refusal.CATEGORY, Refusal.NO_MATCH),
)


def summary(found: PaperSummary, words: Words) -> Message:
    """One paper, whole."""
    return paper_message(found.seen, found.summary, words, lack=found.lack)


def answer(found: PaperAnswer, words: Words) -> Message:
    """What the paper's own text says."""
    return answer_message(found.seen, found.answer, words, lack=found.lack)


def preview(found: Preview, words: Words) -> Message:
    """What would come and why, why each other paper would not, and what the sources did not give."""
    plan, fresh = found.plan, found.papers
    head = words("preview.head", listed=plan.counts.listed, n=len(fresh))
    blocks: list[Heading | Paragraph | Bullets] = [Heading(spans=text(head))]
    if plan.picks:
        would = tuple(
            text(f"{title_of(pick.seen.paper)} ({pick.score.value:.1f}: {reasons_line(pick.score, words)})")
            for pick in plan.picks
        )
        blocks += [paragraph(words("preview.would")), Bullets(items=would)]
    refused = [(seen, plan.refused[seen.paper.key]) for seen in fresh if seen.paper.key in plan.refused]
    if refused:
        blocks += [paragraph(words("preview.not")), Bullets(items=_refused(refused, words))]
    told = notices_lines(found.notices, words, at_most=SHOWN_NOTICES)
    if told:
        blocks.append(Bullets(items=tuple(text(line) for line in told)))
    return Message(blocks=tuple(blocks))


def _refused(refused: Sequence[tuple[SeenPaper, Refusal]], words: Words) -> tuple[tuple[Span, ...], ...]:
    """By reason, those that came nearest first: names of papers, and how many more there are."""
    lines: list[str] = []
    rest: dict[Refusal, int] = {}
    for why in NEAREST_FIRST:
        alike = [seen for seen, reason in refused if reason is why]
        lines += [f"{title_of(seen.paper)}: {words(f'refused.{why}')}" for seen in alike[:SHOWN_REFUSED]]
        if len(alike) > SHOWN_REFUSED:
            rest[why] = len(alike) - SHOWN_REFUSED
    if rest:
        counts = ", ".join(words("preview.counted", why=words(f"refused.{why}"), n=count) for why, count in rest.items())
        lines.append(words("preview.more", n=sum(rest.values()), counts=counts))
    return tuple(text(line) for line in lines)
