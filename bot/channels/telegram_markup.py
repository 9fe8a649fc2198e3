"""Message -> parts in Telegram's HTML mode: at most 4,096 UTF-16 units and 100 entities each, nothing lost.

    blocks -> text that Telegram can show -> chunks that fit -> HTML and keyboard

Blocks in which nothing is visible are left out: alone they would be refused as empty. The buttons that open the items of a
part stand above all others.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from bot.channels.telegram_keyboard import MOST_BUTTONS, keyboard, taken, taken_rows
from bot.channels.telegram_text import MOST_UNITS, clean_spans, escaped, has_visible, in_quotes, is_link, units
from bot.domain.chunking import chunks
from bot.domain.keyboards import in_rows
from bot.domain.messages import Block, Bullets, Button, Buttons, Heading, Item, Mark, Message, Paragraph, Quote, Span
from bot.ports import Part

MOST_ENTITIES = 100
# Telegram cuts what it is sent at 35,000 bytes, markup and all (clean_input_string of TDLib): 8 bytes a unit stay below.
BYTES_A_UNIT = 8
# What stands above a keyboard that has no text of its own.
ALONE = "…"
_APART, _BELOW = "\n\n", "\n"
_TAGS = {Mark.BOLD: "b", Mark.ITALIC: "i", Mark.CODE: "code", Mark.PLAIN: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A piece of HTML: how long its text is for Telegram, and how many entities it makes. Nothing visible: empty."""

    html: str = ""
    units: int = 0
    entities: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one part holds; `openers` are the buttons of its items."""

    html: str
    openers: tuple[Button, ...]
    rows: tuple[tuple[Button, ...], ...]
    items: tuple[int, ...]

    @property
    def buttons(self) -> int:
        """How many there are."""
        return len(self.openers) + sum(map(len, self.rows))


def rendered(message: Message) -> tuple[Part, ...]:
    """The parts of a message, none of them empty; none at all if nothing in it can be seen."""
    packs = chunks([_cleaned(block) for block in message.blocks], _size, MOST_UNITS + len(_APART))
    contents = _whole([_content(pack) for pack in packs])
    payloads = (_payload(each, is_silent=message.is_silent) for each in contents)
    return tuple(
        Part(number=n, payload=made, items=each.items) for n, (made, each) in enumerate(zip(payloads, contents, strict=True), 1)
    )


def _size(block: Block) -> int:
    """Whichever limit the block takes most of, in units, with the blank line behind it."""
    marked, buttons = _marked(block), [*_openers((block,)), *(button for row in _rows((block,)) for button in row)]
    shares = [_share(len(buttons), MOST_BUTTONS)]
    if marked.html:
        sent = len(marked.html.encode()) + len(_APART)
        shares += [marked.units + len(_APART), _share(marked.entities, MOST_ENTITIES), -(-sent // BYTES_A_UNIT)]
    return max(shares)


def _share(number: int, most: int) -> int:
    return number * -(-MOST_UNITS // most)


def _content(blocks: Sequence[Block]) -> Content:
    html = _joined([_marked(block) for block in blocks], _APART).html
    return Content(html=html, openers=tuple(_openers(blocks)), rows=tuple(_rows(blocks)), items=tuple(_numbers(blocks)))


def _whole(contents: Sequence[Content]) -> tuple[Content, ...]:
    """Keyboards without a text go below the part before them; papers that begin in nothing visible begin in the next."""
    kept: list[Content] = []
    waiting: tuple[int, ...] = ()
    for each in contents:
        items = waiting + each.items
        if not each.html and kept and kept[-1].buttons + each.buttons <= MOST_BUTTONS:
            last = kept[-1]
            kept[-1] = replace(last, openers=last.openers + each.openers, rows=last.rows + each.rows)
        elif each.html or each.buttons:
            kept.append(replace(each, html=each.html or ALONE, items=items))
            items = ()
        waiting = items
    if waiting and kept:
        kept[-1] = replace(kept[-1], items=kept[-1].items + waiting)
    return tuple(kept)


def _payload(content: Content, *, is_silent: bool) -> str:
    body: dict[str, Any] = {"html": content.html}
    if content.buttons:
        body["keyboard"] = keyboard(in_rows(content.openers) + content.rows)
    if is_silent:
        body["silent"] = True
    return json.dumps(body)


def _openers(blocks: Sequence[Block]) -> Iterator[Button]:
    for block in blocks:
        if isinstance(block, Item):
            yield from (block.button,) if block.button else ()
            yield from _openers(block.blocks)


def _rows(blocks: Sequence[Block]) -> Iterator[tuple[Button, ...]]:
    for block in blocks:
        if isinstance(block, Item):
            yield from _rows(block.blocks)
        elif isinstance(block, Buttons):
            yield from block.rows


def _numbers(blocks: Sequence[Block]) -> Iterator[int]:
    for block in blocks:
        if isinstance(block, Item):
            yield from () if block.number is None else (block.number,)
            yield from _numbers(block.blocks)


def _marked(block: Block) -> Marked:
    match block:
        case Heading(spans=spans):
            return _joined([_span(span, is_heading=True) for span in spans])
        case Paragraph(spans=spans):
            return _joined([_span(span) for span in spans])
        case Quote(spans=spans):
            return _inside("blockquote", _joined([_span(span) for span in spans]), " expandable" if block.is_folded else "")
        case Bullets(items=items):
            signs = (f"{n}. " if block.is_numbered else "• " for n in count(block.first_number))
            return _joined([_line(sign, item) for sign, item in zip(signs, items, strict=False)], _BELOW)
        case Item(blocks=blocks):
            return _joined([_marked(each) for each in blocks], _BELOW)
        case Buttons():
            return Marked()


def _line(sign: str, item: tuple[Span, ...]) -> Marked:
    marked = _joined([_span(span) for span in item])
    return _joined([Marked(html=sign, units=len(sign)), marked]) if marked.html else marked


def _span(span: Span, *, is_heading: bool = False) -> Marked:
    text = span.text
    marked = Marked(html=escaped(text), units=units(text))
    if not text.strip():
        return marked  # Telegram makes no entity of white space
    # Nothing may stand in code, and code in nothing: a link is worth more than its mark.
    marks = () if span.mark is Mark.CODE and is_link(span.url) else (span.mark,)
    if is_heading and span.mark is not Mark.CODE:
        marks = tuple(dict.fromkeys((*marks, Mark.BOLD)))
    for mark in marks:
        marked = _inside(_TAGS[mark], marked)
    return _inside("a", marked, f" href={in_quotes(span.url)}") if span.url and is_link(span.url) else marked


def _inside(tag: str, marked: Marked, attributes: str = "") -> Marked:
    if not tag or not marked.html:
        return marked
    return replace(marked, html=f"<{tag}{attributes}>{marked.html}</{tag}>", entities=marked.entities + 1)


def _joined(pieces: Sequence[Marked], between: str = "") -> Marked:
    """All pieces in a row; empty if no letter of them can be seen."""
    kept = [piece for piece in pieces if piece.html]
    html = between.join(piece.html for piece in kept)
    if not has_visible(html):
        return Marked()
    length = sum(piece.units for piece in kept) + len(between) * (len(kept) - 1)
    return Marked(html=html, units=length, entities=sum(piece.entities for piece in kept))


def _cleaned(block: Block) -> Block:
    """The same block in text that Telegram can show."""
    match block:
        case Item(blocks=blocks):
            return replace(block, blocks=tuple(map(_cleaned, blocks)), button=taken(block.button))
        case Bullets(items=items):
            return replace(block, items=tuple(map(clean_spans, items)))
        case Buttons(rows=rows):
            return replace(block, rows=taken_rows(rows))
    return replace(block, spans=clean_spans(block.spans))
