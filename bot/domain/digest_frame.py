"""What stands above and below the papers of a digest, whichever way they are shown."""

from bot.domain.digests import MOST_REST, Digest, Emptiness
from bot.domain.keyboards import tail_row
from bot.domain.layout import catchup_line, closing_lines, empty_lines, head_line, notices_lines
from bot.domain.messages import Block, Bullets, Buttons, Heading, Mark, Span, paragraph
from bot.domain.summary_layout import counted_summaries
from bot.domain.words import Words

_NOTICES = 8


def framed(digest: Digest, papers: tuple[Block, ...], words: Words, *, number: int | None) -> tuple[Block, ...]:
    """Title and head, the papers, what was left out or missing and why; with the `number` of a stored digest its buttons."""
    return (*_head(digest, words), *papers, *_tail(digest, words, number))


def _head(digest: Digest, words: Words) -> tuple[Block, ...]:
    title = Heading(spans=(Span(words("digest.title", date=digest.on.isoformat()), Mark.BOLD),))
    counts = (head_line(digest, words),) if digest.items else ()  # else the reason counts, or nobody could
    return (title, *(paragraph(line) for line in (*counts, catchup_line(digest, words)) if line))


def _tail(digest: Digest, words: Words, number: int | None) -> tuple[Block, ...]:
    counted = counted_summaries(digest, words)
    lines = [*closing_lines(digest, words), *((words("counted.line", counted=counted),) if counted else ())]
    if not digest.items:
        has_hint = number is not None and Emptiness.NOTHING_MATCHED in digest.empty_because
        lines += [*empty_lines(digest, words), *((words("empty.hint"),) if has_hint else ())]
    notices = notices_lines(digest.notices, words, at_most=_NOTICES)
    blocks: list[Block] = [paragraph(line) for line in lines]
    blocks += [Bullets(items=tuple((Span(line),) for line in notices))] if notices else []
    if number is not None:
        blocks.append(Buttons(rows=(tail_row(number, min(digest.left_out, MOST_REST), words),)))
    return tuple(blocks)
