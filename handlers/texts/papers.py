"""What is said about papers outside a digest: one paper's summary, and the preview that explains itself."""

from collections import Counter
from collections.abc import Sequence

from bot.domain.digests import Refusal
from bot.domain.layout import notices_lines, paper_message, reasons_line
from bot.domain.messages import Bullets, Heading, Message, Paragraph, Span, paragraph, text
from bot.domain.papers import SeenPaper
from bot.domain.summary_layout import answer_message
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.services.asking import PaperAnswer
from bot.services.digesting import Preview
from bot.services.summarizing import PaperSummary

SHOWN_NOTICES = 8  # remarks on sources under a preview or a new subscription
SHOWN_REFUSED = 15  # papers that a preview explains one by one; the rest are counted by reason


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
            text(f"{shown(pick.seen.paper.title)} ({pick.score.value:.1f}: {reasons_line(pick.score, words)})")
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
    lines = [f"{shown(seen.paper.title)}: {words(f'refused.{why}')}" for seen, why in refused[:SHOWN_REFUSED]]
    rest = Counter(why for _, why in refused[SHOWN_REFUSED:])
    if rest:
        counts = ", ".join(f"{words(f'refused.{why}')} {count}" for why, count in sorted(rest.items()))
        lines.append(words("preview.more", n=sum(rest.values()), counts=counts))
    return tuple(text(line) for line in lines)
