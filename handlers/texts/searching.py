"""What a search found, or that it found nothing, and how to go on."""

from collections.abc import Iterator

from bot.domain.keyboards import BEFORE, BEHIND, key_button
from bot.domain.layout import author_line
from bot.domain.messages import Block, Button, Buttons, Heading, Item, Mark, Message, Paragraph, Span, paragraph
from bot.domain.papers import SeenPaper
from bot.domain.queries import page_action
from bot.domain.visible import linked_title
from bot.domain.words import Words
from bot.services.searching import Found

_AUTHORS = 3


def found(search: Found, typed: str, words: Words, *, has_buttons: bool = True) -> Message:
    """A page of papers; `typed` is the search again, for the buttons that lead to other pages, or the command that does."""
    if search.held is not None:
        return Message(blocks=tuple(map(paragraph, _nothing(search, words))))
    blocks: list[Block] = [Heading(spans=(Span(_head(search, words), Mark.BOLD),))]
    blocks += [_item(number, seen, words) for number, seen in enumerate(search.papers, search.first_number)]
    if search.pages > 1:
        blocks += [
            paragraph(words("search.page", page=search.page, pages=search.pages)),
            *_onward(search, typed, words, has_buttons),
        ]
    return Message(blocks=tuple(blocks))


def _head(search: Found, words: Words) -> str:
    if search.is_more:
        return words("search.head_partial_more" if search.is_partial else "search.head_more", n=search.total, asked=search.asked)
    return words("search.head_partial" if search.is_partial else "search.head", n=search.total, asked=search.asked)


def _nothing(search: Found, words: Words) -> Iterator[str]:
    yield words("search.nothing", asked=search.asked)
    if search.held and search.held.since:
        yield words("search.held", n=search.held.papers, since=search.held.since.date().isoformat())
    else:
        yield words("search.holds_none")
    yield words("search.any_paper")


def _item(number: int, seen: SeenPaper, words: Words) -> Item:
    paper = seen.paper
    day = seen.announced_on or (paper.published_at.date() if paper.published_at else None)
    parts = (author_line(paper, words, _AUTHORS), str(day or ""), ", ".join(paper.categories))
    about = " · ".join(part for part in parts if part)
    blocks: list[Block] = [Paragraph(spans=(Span(f"{number}. "), linked_title(paper)))]
    return Item(blocks=(*blocks, *((paragraph(about),) if about else ())), button=key_button(str(number), paper.key))


def _onward(search: Found, typed: str, words: Words, has_buttons: bool) -> Iterator[Block]:
    places = ((BEFORE, search.page - 1), (BEHIND, search.page + 1))
    actions = [(label, page_action(typed, page)) for label, page in places if 1 <= page <= search.pages]
    if has_buttons and all(action for _, action in actions):
        yield Buttons(rows=(tuple(Button(label=label, action=action) for label, action in actions),))
    elif search.page < search.pages:
        yield paragraph(words("search.type", command=f"/search {search.asked} page {search.page + 1}"))
