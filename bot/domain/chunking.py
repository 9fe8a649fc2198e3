"""Blocks -> chunks under a platform's limit: whole blocks where they fit, whole sentences, words or letters where not.

Nothing is lost or added: the texts of the chunks, put together, are the text of the blocks.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.domain.messages import Block, Bullets, Buttons, Heading, Item, Paragraph, Quote, Span

Size = Callable[[Block], int]
T = TypeVar("T")
_Numbered = tuple[int, tuple[Span, ...]]

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+|[。！？][”’」』）]*|\n+")
_WORD_END = re.compile(r"\s+")
_JOINER = "\u200d"


def chunks(blocks: Sequence[Block], size: Size, limit: int) -> tuple[tuple[Block, ...], ...]:
    """Pack `blocks` in their order into chunks whose sizes add up to at most `limit`.

    `size` is what a block takes as the platform counts, separators included; it must not shrink as a text grows. A block
    that fits into a chunk of its own is never split; one that does not is split into its parts. Only what cannot be
    split (one letter, one row of buttons) may be larger than `limit`.
    """
    packed: list[tuple[Block, ...]] = []
    current: list[Block] = []
    room = limit
    for block in blocks:
        for piece in (block,) if size(block) <= limit else tuple(_pieces(block, size, limit)):
            needed = size(piece)
            if current and needed > room:
                kept, current = _apart_from_heading(current, limit - needed, size)
                packed.append(kept)
                room = limit - sum(map(size, current))
            current.append(piece)
            room -= needed
    return (*packed, tuple(current)) if current else tuple(packed)


def _apart_from_heading(current: list[Block], room: int, size: Size) -> tuple[tuple[Block, ...], list[Block]]:
    """What to send, and the heading at its end that goes with what follows, where there is room for both."""
    last = current[-1]
    if len(current) > 1 and isinstance(last, Heading) and size(last) <= room:
        return tuple(current[:-1]), [last]
    return tuple(current), []


def _pieces(block: Block, size: Size, limit: int) -> Iterator[Block]:
    """Split one block that is too large, into as few pieces as can be."""
    if isinstance(block, Item):
        yield from _item_pieces(block, size, limit)
    elif isinstance(block, Bullets):
        yield from _bullet_pieces(block, size, limit)
    elif isinstance(block, Buttons):
        yield from (
            replace(block, rows=rows) for rows in _grouped(block.rows, lambda rows: size(replace(block, rows=rows)) <= limit)
        )
    else:
        yield from (replace(block, spans=spans) for spans in _span_pieces(block, size, limit))


def _item_pieces(item: Item, size: Size, limit: int) -> Iterator[Block]:
    def fits(blocks: tuple[Block, ...]) -> bool:
        return size(replace(item, blocks=blocks)) <= limit

    parts: list[Block] = []
    for block in item.blocks:
        parts.extend((block,) if fits((block,)) else _pieces(block, lambda part: size(replace(item, blocks=(part,))), limit))
    pieces = enumerate(_grouped(tuple(parts), fits))
    yield from (Item(blocks=group) if place else replace(item, blocks=group) for place, group in pieces)


def _bullet_pieces(bullets: Bullets, size: Size, limit: int) -> Iterator[Block]:
    """Lists that go on counting; what is cut off an item begins a list under the item's own number."""

    def several(items: tuple[_Numbered, ...]) -> Bullets:
        return replace(bullets, items=tuple(spans for _, spans in items), first_number=items[0][0])

    def fits(items: tuple[_Numbered, ...]) -> bool:
        is_in_order = all(number == items[0][0] + place for place, (number, _) in enumerate(items))
        return is_in_order and size(several(items)) <= limit

    def parts(item: _Numbered) -> Iterator[_Numbered]:
        number, spans = item
        cut = (spans,) if fits((item,)) else _cut(spans, lambda part: fits(((number, part),)))
        yield from ((number, part) for part in cut)

    items = (part for item in enumerate(bullets.items, bullets.first_number) for part in parts(item))
    yield from (several(group) for group in _grouped(tuple(items), fits))


def _span_pieces(block: Heading | Paragraph | Quote, size: Size, limit: int) -> Iterator[tuple[Span, ...]]:
    yield from _cut(block.spans, lambda spans: size(replace(block, spans=spans)) <= limit)


def _grouped(parts: tuple[T, ...], fits: Callable[[tuple[T, ...]], bool]) -> Iterator[tuple[T, ...]]:
    """Put neighbours together while they fit; a part that fits nowhere stands alone."""
    group: tuple[T, ...] = ()
    for part in parts:
        if group and not fits((*group, part)):
            yield group
            group = ()
        group = (*group, part)
    if group:
        yield group


def _cut(spans: tuple[Span, ...], fits: Callable[[tuple[Span, ...]], bool]) -> Iterator[tuple[Span, ...]]:
    """Cut spans into runs that fit, at the end of a sentence if there is one, else of a word, else of a letter."""
    rest = spans
    while rest and not fits(rest):
        text = "".join(span.text for span in rest)
        end = _longest(rest, len(text), fits)
        at = _bound(text, end)
        yield _first(rest, at)
        rest = _without_first(rest, at)
    if rest:
        yield rest


def _longest(spans: tuple[Span, ...], length: int, fits: Callable[[tuple[Span, ...]], bool]) -> int:
    """How many letters of `spans` fit, by bisection."""
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(_first(spans, middle)) else (low, middle - 1)
    return low


def _bound(text: str, end: int) -> int:
    """The last good place to cut at or before `end`, at least one whole letter in; white space stays with what it ends."""
    for pattern, least in ((_SENTENCE_END, end // 2), (_WORD_END, 1)):  # half-empty parts read worse than a cut sentence
        ends = [match.end() for match in pattern.finditer(text, 0, end)]
        if ends and ends[-1] >= least:
            return ends[-1]
    at = end
    while at > 0 and _is_inside_letter(text, at):
        at -= 1
    if at > 0:
        return at
    at = 1
    while at < len(text) and _is_inside_letter(text, at):
        at += 1
    return at


def _is_inside_letter(text: str, at: int) -> bool:
    """Whether a cut would part what is one letter to the eye: a base from its marks, an emoji sequence, a flag."""
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or _JOINER in (before, after) or "🏻" <= after <= "🏿":
        return True
    flags = 0
    while flags < at and "🇦" <= text[at - 1 - flags] <= "🇿":
        flags += 1
    return "🇦" <= after <= "🇿" and flags % 2 == 1


def _first(spans: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if length <= 0:
            break
        kept.append(replace(span, text=span.text[:length]))
        length -= len(span.text)
    return tuple(kept)


def _without_first(spans: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        if length < len(span.text):
            kept.append(replace(span, text=span.text[max(length, 0) :]))
        length -= len(span.text)
    return tuple(kept)
