"""What a digest looks like in a chat, in each of its forms: Digest -> Message, with its buttons where it has a number.

head -> one Item for each paper -> what was left out, missing, and why -> More and Settings
"""

from bot.domain.digest_frame import framed
from bot.domain.digests import Digest, DigestItem
from bot.domain.fitting import cut_at
from bot.domain.item_lines import caution, late, short, why
from bot.domain.keyboards import number_button
from bot.domain.layout import about_line, code_line, links_line
from bot.domain.messages import Block, Item, Message, Paragraph, Quote, Span, paragraph
from bot.domain.papers import Paper, Scheme
from bot.domain.subscriptions import Form
from bot.domain.summary_layout import folded_lines, has_summary, italic, labelled, summary_blocks, summary_mark
from bot.domain.visible import linked_title, shown
from bot.domain.words import Words

_AUTHORS = 3
_CODE_LINKS = 3
_FOLDED = 1_500  # letters of a paper's sections: several papers are to fit into one message
_SENTENCE = 300


def digest_message(digest: Digest, words: Words, *, form: Form = Form.CARDS, number: int | None = None) -> Message:
    """The digest as a chat gets it: head, one block for each paper, what was missing and why.

    `number` is that of the stored digest: with it there are buttons, and what they lead to is not said in links as well.
    """
    items = tuple(paper_item(place, item, words, form=form, number=number) for place, item in enumerate(digest.items, 1))
    return Message(blocks=framed(digest, items, words, number=number))


def paper_item(place: int, item: DigestItem, words: Words, *, form: Form = Form.CARDS, number: int | None = None) -> Item:
    """One paper of a digest at its place; `number` is that of the stored digest, if it has buttons."""
    title = (Span(f"{place}. "), linked_title(item.pick.seen.paper))
    if form is Form.TITLES:
        blocks: tuple[Block, ...] = (Paragraph(spans=(*title, *short(item, words))),)
    elif form is Form.COMPACT:
        blocks = (Paragraph(spans=title), *_about(item, words), *why(item, words), *_sentence(item, words))
    elif number is None:
        blocks = (Paragraph(spans=title), *_about(item, words), *_spread(item, words))
    else:
        blocks = (Paragraph(spans=title), *_about(item, words), *why(item, words), *_card(item, words))
    return Item(blocks=blocks, number=place, button=None if number is None else number_button(number, place))


def _about(item: DigestItem, words: Words) -> tuple[Block, ...]:
    return paragraph(about_line(item.pick.seen, words, at_most=_AUTHORS)), *late(item, words)


def _sentence(item: DigestItem, words: Words) -> tuple[Block, ...]:
    """The TL;DR, or else how the abstract begins and why there is no more."""
    summary, paper = item.summary, item.pick.seen.paper
    if summary is not None and has_summary(summary):
        return *caution(summary, words), paragraph(shown(summary.tldr))
    begins = _beginning(shown(paper.abstract))
    said = (labelled("paper.abstract", begins, words),) if begins else ()
    is_told = item.lack is not None or not begins
    return (*said, *((italic(summary_mark(summary, paper, words, item.lack)),) if is_told else ()))


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
    tldr = labelled("paper.tldr", shown(summary.tldr), words)
    rest = folded_lines(summary, paper, words, at_most=_FOLDED, cut=_whole(paper, words))
    return (*caution(summary, words), tldr, Quote(spans=(Span("\n".join(rest)),), is_folded=True), *links)


def _whole(paper: Paper, words: Words) -> str:
    """Where the rest of a long summary is; a paper that is nowhere but in a file cannot be asked for."""
    return "…" if paper.key.scheme is Scheme.FILE else words("papers.whole", id=shown(paper.key.value))


def _spread(item: DigestItem, words: Words) -> tuple[Block, ...]:
    """All of it, where nothing folds and no button leads further: a terminal."""
    paper = item.pick.seen.paper
    return (*summary_blocks(item.summary, paper, words, lack=item.lack), *why(item, words), links_line(paper, words))
