"""Message -> parts as they are kept in the outbox: text of at most 2,000, embeds, and what is below them. Pure.

blocks -> chunks under an upper bound -> text and lines of buttons -> payload
cards  -> embeds, one a message              -> payload

In a thread the first part is what stands above it. What else there is goes into the thread, before the cards.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.discord_components import MOST_PLACES, Line, below, lines, places, written
from bot.channels.discord_embeds import Embed, embeds
from bot.channels.discord_markup import bound, joined, markdown, prepared
from bot.channels.discord_text import CUT, LIMIT, cut, within
from bot.domain.chunking import chunks
from bot.domain.messages import Block, Bullets, Button, Buttons, Card, Item, Message
from bot.ports import Part

ALONE = CUT  # stands above a keyboard that has no text of its own
THREAD_NAME = 100
_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One message."""

    content: str = ""
    embed: Embed | None = None
    below: tuple[Line, ...] = ()
    items: tuple[int, ...] = ()


def parts(message: Message) -> tuple[Part, ...]:
    """Parts with something to see in each; none for a message in which there is nothing to see."""
    thread = message.thread
    drafts = list(_texts(_by_line(message.blocks) if thread else message.blocks))
    how: dict[str, Any] = {"silent": True} if message.is_silent else {}
    if thread:
        carded = {card.number for card in thread.cards}
        drafts = [replace(each, items=tuple(number for number in each.items if number not in carded)) for each in drafts]
        drafts += [draft for card in thread.cards for draft in _card(card)]
        how["thread"] = {"name": thread_name(thread.name), "is_apart": thread.is_apart}
    return tuple(
        Part(number=number, payload=json.dumps(_payload(each) | how), items=each.items) for number, each in enumerate(drafts, 1)
    )


def thread_name(text: str) -> str:
    """What Discord takes as the name of a thread."""
    return cut(text, THREAD_NAME) or CUT


def _payload(draft: Draft) -> dict[str, Any]:
    said: dict[str, Any] = {"content": draft.content}
    said |= {"embeds": [draft.embed]} if draft.embed else {}
    return said | ({"components": written(draft.below)} if draft.below else {})


def _card(card: Card) -> Iterator[Draft]:
    """The messages of a card: its number stands at the first, its buttons below the last."""
    first, *rest = below(lines(Buttons(rows=card.rows))) or [[]]
    made = embeds(card)
    for place, embed in enumerate(made):
        is_first, is_last = place == 0, place == len(made) - 1
        yield Draft(embed=embed, items=(card.number,) if is_first else (), below=tuple(first) if is_last else ())
    yield from (Draft(content=ALONE, below=tuple(more)) for more in rest)


def _texts(blocks: Sequence[Block]) -> Iterator[Draft]:
    """Text and buttons; a keyboard without text goes below the text before it, if there is room."""
    made: list[Draft] = []
    owed: tuple[int, ...] = ()  # papers that begin where nothing is to be seen
    for chunk in chunks(tuple(prepared(blocks)), _size, LIMIT + len(_BETWEEN)):
        owed += tuple(block.number for block in chunk if isinstance(block, Item) and block.number is not None)
        contents = tuple(within(joined(map(markdown, _whole_lists(chunk)), _BETWEEN)))
        keyboard = tuple(_lines(chunk))
        if keyboard and not contents and not (made and len(below(made[-1].below + keyboard)) == 1):
            contents = (ALONE,)
        for content in contents:
            made.append(Draft(content=content, items=owed))
            owed = ()
        if keyboard:
            made[-1:] = _with(made[-1], keyboard)
    if made and owed:
        made[-1] = replace(made[-1], items=made[-1].items + owed)
    yield from made


def _with(draft: Draft, keyboard: tuple[Line, ...]) -> Iterator[Draft]:
    first, *rest = below(draft.below + keyboard)
    yield replace(draft, below=tuple(first))
    yield from (Draft(content=ALONE, below=tuple(more)) for more in rest)


def _by_line(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Lists line by line, so that as many as fit stand with what is before them."""
    made: list[Block] = []
    for block in blocks:
        if isinstance(block, Bullets):
            made += [replace(block, items=(item,), first_number=n) for n, item in enumerate(block.items, block.first_number)]
        else:
            made.append(block)
    return tuple(made)


def _whole_lists(blocks: Sequence[Block]) -> list[Block]:
    """What `_by_line` parted, as far as it stands together."""
    made: list[Block] = []
    for block in blocks:
        last = made[-1] if made else None
        if isinstance(block, Bullets) and isinstance(last, Bullets) and _goes_on(last, block):
            made[-1] = replace(last, items=last.items + block.items)
        else:
            made.append(block)
    return made


def _goes_on(last: Bullets, block: Bullets) -> bool:
    return block.is_numbered is last.is_numbered and block.first_number == last.first_number + len(last.items)


def _size(block: Block) -> int:
    """What a block takes of a message: of its text, or of the places for buttons, whichever is more."""
    return max(bound(block) + len(_BETWEEN), places(_lines((block,))) * (LIMIT // MOST_PLACES))


def _lines(blocks: Sequence[Block]) -> list[Line]:
    """What is below these blocks; the buttons that open the items stand above all others."""
    openers = tuple(_openers(blocks))
    return [line for each in (Buttons(rows=(openers,)), *_keyboards(blocks)) for line in lines(each)]


def _openers(blocks: Sequence[Block]) -> Iterator[Button]:
    for block in blocks:
        if isinstance(block, Item):
            yield from (block.button,) if block.button else ()
            yield from _openers(block.blocks)


def _keyboards(blocks: Sequence[Block]) -> Iterator[Buttons]:
    for block in blocks:
        if isinstance(block, Item):
            yield from _keyboards(block.blocks)
        elif isinstance(block, Buttons):
            yield block
