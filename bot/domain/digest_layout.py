"""What a digest looks like in a chat, in each of its forms: Digest -> Message, with its buttons where it has a number.

head -> one Item for each paper -> what was left out, missing, and why -> More and Settings
"""

from bot.domain.digests import MOST_REST, Digest, DigestItem, Emptiness, ReasonKind
from bot.domain.fitting import cut_at
from bot.domain.keyboards import number_button, tail_row
from bot.domain.layout import (
    about_line,
    catchup_line,
    closing_lines,
    code_line,
    empty_lines,
    head_line,
    links_line,
    notices_lines,
    reasons_line,
)
from bot.domain.messages import Block, Bullets, Buttons, Heading, Item, Mark, Message, Paragraph, Quote, Span, paragraph
from bot.domain.papers import Paper, Scheme
from bot.domain.subscriptions import Form
from bot.domain.summaries import Summary
from bot.domain.summary_layout import (
    caution_line,
    counted_summaries,
    folded_lines,
    has_summary,
    summary_blocks,
    summary_mark,
)
from bot.domain.visible import linked_title, shown
from bot.domain.words import Words

_AUTHORS = 3
_NOTICES = 8
_CODE_LINKS = 3
_FOLDED = 1_500  # letters of a paper's sections: several papers are to fit into one message
_SENTENCE = 300


def digest_message(digest: Digest, words: Words, *, form: Form = Form.CARDS, number: int | None = None) -> Message:
    """The digest as a chat gets it: head, one block for each paper, what was missing and why.

    `number` is that of the stored digest: with it there are buttons, and what they lead to is not said in links as well.
    """
    blocks: list[Block] = [_title(words("digest.title", date=digest.on.isoformat()))]
    blocks += [paragraph(head_line(digest, words))] if digest.items else []  # else the reason counts, or nobody could
    blocks += [paragraph(line) for line in (catchup_line(digest, words),) if line]
    blocks += [paper_item(place, item, words, form=form, number=number) for place, item in enumerate(digest.items, 1)]
    blocks += [paragraph(line) for line in closing_lines(digest, words)]
    counted = counted_summaries(digest, words)
    blocks += [paragraph(words("counted.line", counted=counted))] if counted else []
    if not digest.items:
        blocks += [paragraph(line) for line in empty_lines(digest, words)]
        has_hint = number is not None and Emptiness.NOTHING_MATCHED in digest.empty_because
        blocks += [paragraph(words("empty.hint"))] if has_hint else []
    notices = notices_lines(digest.notices, words, at_most=_NOTICES)
    if notices:
        blocks.append(Bullets(items=tuple((Span(line),) for line in notices)))
    if number is not None:
        blocks.append(Buttons(rows=(tail_row(number, min(digest.left_out, MOST_REST), words),)))
    return Message(blocks=tuple(blocks))


def _title(line: str) -> Heading:
    return Heading(spans=(Span(line, Mark.BOLD),))


def paper_item(place: int, item: DigestItem, words: Words, *, form: Form = Form.CARDS, number: int | None = None) -> Item:
    """One paper of a digest at its place; `number` is that of the stored digest, if it has buttons."""
    title = (Span(f"{place}. "), linked_title(item.pick.seen.paper))
    if form is Form.TITLES:
        blocks: tuple[Block, ...] = (Paragraph(spans=(*title, *_short(item, words))),)
    elif form is Form.COMPACT:
        blocks = (Paragraph(spans=title), *_about(item, words), *_why(item, words), *_sentence(item, words))
    elif number is None:
        blocks = (Paragraph(spans=title), *_about(item, words), *_spread(item, words))
    else:
        blocks = (Paragraph(spans=title), *_about(item, words), *_why(item, words), *_card(item, words))
    return Item(blocks=blocks, number=place, button=None if number is None else number_button(number, place))


def _about(item: DigestItem, words: Words) -> tuple[Block, ...]:
    about = about_line(item.pick.seen, words, at_most=_AUTHORS)
    late = (_italic(words("paper.late")),) if item.pick.is_late else ()
    return paragraph(about), *late


def _why(item: DigestItem, words: Words) -> tuple[Block, ...]:
    if [reason.kind for reason in item.pick.score.reasons] == [ReasonKind.LISTED]:
        return (_italic(words("reason.listed_alone")),)  # the same of every paper: a score would say nothing
    why = reasons_line(item.pick.score, words)
    return (_italic(f"{_scored(item, words)}: {why}"),) if why else ()


def _scored(item: DigestItem, words: Words) -> str:
    return words("paper.scored", score=f"{item.pick.score.value:.1f}")


def _short(item: DigestItem, words: Words) -> tuple[Span, ...]:
    """Behind a title that stands alone."""
    votes = words("paper.votes", n=item.pick.seen.votes) if item.pick.seen.votes is not None else ""
    scored = _scored(item, words) if item.pick.score.reasons else ""
    late = words("paper.late") if item.pick.is_late else ""
    return tuple(Span(f" · {each}") for each in (scored, votes, late) if each)


def _sentence(item: DigestItem, words: Words) -> tuple[Block, ...]:
    """The TL;DR, or else how the abstract begins and why there is no more."""
    summary, paper = item.summary, item.pick.seen.paper
    if summary is not None and has_summary(summary):
        return *_caution(summary, words), paragraph(shown(summary.tldr))
    begins = _beginning(shown(paper.abstract))
    said = (Paragraph(spans=(Span(words("paper.abstract") + ": ", Mark.BOLD), Span(begins))),) if begins else ()
    is_told = item.lack is not None or not begins
    return (*said, *((_italic(summary_mark(summary, paper, words, item.lack)),) if is_told else ()))


def _beginning(text: str) -> str:
    end = cut_at(text, _SENTENCE)
    return text if end == len(text) else text[: end or _SENTENCE].rstrip() + " …"


def _card(item: DigestItem, words: Words) -> tuple[Block, ...]:
    """The TL;DR, and the rest of the summary in one quotation, which takes one of the entities of a message, and folds."""
    summary, paper = item.summary, item.pick.seen.paper
    code = code_line(paper, words, _CODE_LINKS)
    links = (code,) if code.spans else ()
    if summary is None or not has_summary(summary):
        return (*summary_blocks(summary, paper, words, lack=item.lack), *links)
    tldr = Paragraph(spans=(Span(words("paper.tldr") + ": ", Mark.BOLD), Span(shown(summary.tldr))))
    rest = folded_lines(summary, paper, words, at_most=_FOLDED, cut=_whole(paper, words))
    return (*_caution(summary, words), tldr, Quote(spans=(Span("\n".join(rest)),), is_folded=True), *links)


def _whole(paper: Paper, words: Words) -> str:
    """Where the rest of a long summary is; a paper that is nowhere but in a file cannot be asked for."""
    return "…" if paper.key.scheme is Scheme.FILE else words("papers.whole", id=shown(paper.key.value))


def _spread(item: DigestItem, words: Words) -> tuple[Block, ...]:
    """All of it, where nothing folds and no button leads further: a terminal."""
    paper = item.pick.seen.paper
    return (*summary_blocks(item.summary, paper, words, lack=item.lack), *_why(item, words), links_line(paper, words))


def _caution(summary: Summary, words: Words) -> tuple[Paragraph, ...]:
    line = caution_line(summary.evidence, words)
    return (Paragraph(spans=(Span(line, Mark.BOLD),)),) if line else ()


def _italic(line: str) -> Paragraph:
    return Paragraph(spans=(Span(line, Mark.ITALIC),))
