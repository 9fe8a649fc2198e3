"""Chunks hold all that the blocks held, within the limit, cut where a reader would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chunking import chunks
from bot.domain.messages import Block, Bullets, Button, Buttons, Heading, Item, Mark, Paragraph, Quote, Span, paragraph


def text_of(block: Block) -> str:
    match block:
        case Item():
            return "".join(map(text_of, block.blocks))
        case Bullets():
            return "".join(span.text for item in block.items for span in item)
        case Buttons():
            return "".join(button.label for row in block.rows for button in row)
        case _:
            return "".join(span.text for span in block.spans)


def size(block: Block) -> int:
    """Letters, and two for each block's line end, as a platform counts."""
    if isinstance(block, Item):
        return sum(map(size, block.blocks)) + 2
    return len(text_of(block)) + 2


spans = st.lists(st.builds(Span, st.text(max_size=60), st.sampled_from(Mark)), max_size=4).map(tuple)
simple = (
    st.builds(Heading, spans=spans)
    | st.builds(Paragraph, spans=spans)
    | st.builds(Quote, spans=spans, is_folded=st.booleans())
    | st.builds(Bullets, items=st.lists(spans, max_size=4).map(tuple), is_numbered=st.booleans())
)
blocks_of_all_kinds = st.lists(simple | st.builds(Item, blocks=st.lists(simple, max_size=4).map(tuple)), max_size=6)


@given(blocks_of_all_kinds, st.integers(min_value=1, max_value=120))
def test_nothing_is_lost_or_added(blocks: list[Block], limit: int) -> None:
    packed = chunks(blocks, size, limit)
    assert "".join(text_of(block) for chunk in packed for block in chunk) == "".join(map(text_of, blocks))


@given(blocks_of_all_kinds, st.integers(min_value=30, max_value=120))
def test_no_chunk_is_over_the_limit(blocks: list[Block], limit: int) -> None:
    for chunk in chunks(blocks, size, limit):
        whole = sum(map(size, chunk))
        assert whole <= limit or len(text_of(chunk[0])) == 0 or _is_one_letter(text_of(chunk[0]))


def _is_one_letter(text: str) -> bool:
    """A base with more marks than the limit has room for cannot be cut."""
    return len(chunks((paragraph(text),), lambda block: len(text_of(block)), 1)) == 1


@given(blocks_of_all_kinds, st.integers(min_value=1, max_value=120))
def test_a_block_that_fits_is_never_split(blocks: list[Block], limit: int) -> None:
    packed = [block for chunk in chunks(blocks, size, limit) for block in chunk]
    for block in blocks:
        assert size(block) > limit or block in packed


@given(st.lists(st.text("ab .", min_size=1, max_size=90), min_size=1, max_size=6), st.integers(min_value=3, max_value=60))
def test_a_numbered_list_goes_on_counting(points: list[str], limit: int) -> None:
    whole = Bullets(items=tuple((Span(point),) for point in points), is_numbered=True)
    seen: dict[int, str] = {}
    for block in (block for chunk in chunks((whole,), size, limit) for block in chunk):
        assert isinstance(block, Bullets)
        assert block.is_numbered
        for number, item in enumerate(block.items, block.first_number):
            seen[number] = seen.get(number, "") + item[0].text
    assert seen == dict(enumerate(points, 1))


def texts(limit: int, *blocks: Block) -> list[str]:
    return ["".join(map(text_of, chunk)) for chunk in chunks(blocks, lambda block: len(text_of(block)), limit)]


def test_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert texts(40, paragraph("The first one is here. The second is rather long.")) == [
        "The first one is here. ",
        "The second is rather long.",
    ]


def test_a_long_sentence_is_cut_between_words() -> None:
    assert texts(14, paragraph("no full stop anywhere here")) == ["no full stop ", "anywhere here"]


@pytest.mark.parametrize("letter", ["e\u0301", "👩\u200d🔬", "🇻🇳", "👍🏽"])
def test_what_is_one_letter_to_the_eye_stays_whole(letter: str) -> None:
    assert all(len(part) % len(letter) == 0 for part in texts(7, paragraph(letter * 9)))


def test_two_small_items_share_a_chunk_and_a_third_starts_the_next() -> None:
    items = [Item(blocks=(paragraph(word * 4),)) for word in ("a", "b", "c")]
    assert texts(8, *items) == ["aaaabbbb", "cccc"]


def test_an_item_too_large_is_split_between_its_blocks() -> None:
    assert texts(8, Item(blocks=(paragraph("a" * 6), paragraph("b" * 6)))) == ["a" * 6, "b" * 6]


def test_a_heading_goes_with_what_follows_it() -> None:
    assert texts(10, paragraph("12345"), Heading(spans=(Span("Head"),)), paragraph("abcdef")) == ["12345", "Headabcdef"]


def test_marks_and_links_survive_a_cut() -> None:
    linked = Span("one two", Mark.BOLD, "https://example.org/")
    pieces = chunks((Paragraph(spans=(linked,)),), lambda block: len(text_of(block)), 4)
    assert {(span.mark, span.url) for chunk in pieces for block in chunk for span in _spans(block)} == {(linked.mark, linked.url)}


def _spans(block: Block) -> tuple[Span, ...]:
    assert isinstance(block, Paragraph)
    return block.spans


def test_rows_of_buttons_are_kept_whole() -> None:
    rows = tuple((Button(label=f"button {n}", action="x"),) for n in range(3))
    assert texts(10, Buttons(rows=rows)) == ["button 0", "button 1", "button 2"]
