"""Whatever a message holds, its parts are taken by Telegram's own rules, and nothing of it is lost."""

import json
import unicodedata
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_keyboard import keyboard
from bot.channels.telegram_markup import ALONE, rendered
from bot.channels.telegram_text import plain
from bot.domain.digest_layout import digest_message
from bot.domain.messages import Block, Bullets, Button, Buttons, Heading, Item, Mark, Message, Paragraph, Quote, Span, paragraph
from bot.ports import Part
from bot.words import words
from tests.builders import a_digest, a_paper
from tests.fakes.telegram_html import MOST_BYTES, MOST_ENTITIES, MOST_UNITS, Parsed, is_visible, understood, units
from tests.fakes.telegram_keyboards import check_keyboard

LINK = "https://example.org/?a=1&b=\"2'"

small = ("\ud83d\ude00", "\udc00", "\x00", "\u202e", "\u200b", "\u0301", "<b>", "&amp;", "</i>", "🇻🇳", "\r\n", "word. ")
odd = st.sampled_from((*small, " " * 4100))
long = st.builds(lambda text, times: text * times, st.sampled_from((*small, "a", "🏟", "a\u200d")), st.integers(1000, 3000))
texts = st.text(st.characters(), max_size=40) | odd | long
urls = st.none() | st.sampled_from([LINK, "javascript:alert(1)", "https://example.org/" + "&" * 2000, "http://a.b/\ud800 "])
spans = st.lists(st.builds(Span, texts, st.sampled_from(Mark), urls), max_size=4).map(tuple)
labels = st.text(min_size=1, max_size=20).map(lambda text: "go " + text)
buttons = st.builds(Button, label=labels, action=st.just("1:more")) | st.builds(Button, label=labels, url=st.just(LINK))
simple: st.SearchStrategy[Block] = (
    st.builds(Heading, spans=spans)
    | st.builds(Paragraph, spans=spans)
    | st.builds(Quote, spans=spans, is_folded=st.booleans())
    | st.builds(Bullets, items=st.lists(spans, max_size=4).map(tuple), is_numbered=st.booleans())
    | st.builds(Buttons, rows=st.lists(st.lists(buttons, max_size=12).map(tuple), max_size=12).map(tuple))
)
openers = st.none() | st.builds(Button, label=labels, action=st.just("1dp:a.3"))
items = st.builds(Item, blocks=st.lists(simple, max_size=4).map(tuple), number=st.integers(1, 99), button=openers)
messages = st.builds(Message, blocks=st.lists(simple | items, max_size=6).map(tuple))


def shown(part: Part) -> Parsed:
    return understood(json.loads(part.payload)["html"], "HTML")


def letters(text: str) -> str:
    """What is to be seen, without marks, white space and what has no width: Telegram composes, trims and removes these."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(
        char for char in unicodedata.normalize("NFD", text) if is_visible(char) and unicodedata.category(char)[0] != "M"
    )


def said(block: Block) -> str:
    match block:
        case Item():
            return "".join(map(said, block.blocks))
        case Bullets():
            return "".join(span.text for item in block.items for span in item)
        case Buttons():
            return ""
        case _:
            return "".join(span.text for span in block.spans)


def is_within(part: str, whole: str) -> bool:
    """Whether all letters of `part` stand in `whole` in their order."""
    rest = iter(whole)
    return all(letter in rest for letter in part)


def is_opener(button: dict[str, str]) -> bool:
    return button.get("callback_data", "").startswith("1dp")


def some(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(inner for block in blocks for inner in (some(block.blocks) if isinstance(block, Item) else (block,)))


@given(messages)
@settings(max_examples=30, deadline=None)
def test_every_part_of_every_message_is_taken(message: Message) -> None:
    for number, part in enumerate(rendered(message), 1):
        payload = json.loads(part.payload)
        parsed = shown(part)
        assert part.number == number
        assert units(parsed.text) <= MOST_UNITS
        assert len(parsed.entities) <= MOST_ENTITIES
        assert payload["html"].count("</") <= MOST_ENTITIES
        assert len(payload["html"].encode()) < MOST_BYTES
        check_keyboard(json.dumps({"inline_keyboard": payload["keyboard"]}) if "keyboard" in payload else "")


@given(messages)
@settings(max_examples=30, deadline=None)
def test_no_letter_of_a_message_is_lost_and_none_changes_its_place(message: Message) -> None:
    whole = letters("".join(shown(part).text for part in rendered(message)))
    blocks = some(message.blocks)
    told = "".join(letters(said(block)) for block in blocks)
    assert is_within(told, whole)
    if not any(isinstance(block, Bullets) for block in blocks):  # three dots stand above buttons that have no text
        assert len(told.replace(ALONE, "")) == len(whole.replace(ALONE, ""))


@given(messages)
@settings(max_examples=30, deadline=None)
def test_each_paper_begins_in_one_part_and_each_button_is_kept(message: Message) -> None:
    parts = rendered(message)
    numbers = [block.number for block in message.blocks if isinstance(block, Item)]
    openers = [block.button.label for block in message.blocks if isinstance(block, Item) and block.button]
    labels = [
        button.label for block in some(message.blocks) if isinstance(block, Buttons) for row in block.rows for button in row
    ]
    keyboards = [[button for row in json.loads(part.payload).get("keyboard", ()) for button in row] for part in parts]
    kept = [[button["text"] for button in each if is_opener(button)] for each in keyboards]
    rest = [[button["text"] for button in each if not is_opener(button)] for each in keyboards]
    assert [n for part in parts for n in part.items] == (numbers if parts else [])
    assert [letters(text) for each in kept for text in each] == list(map(letters, openers))
    assert [letters(text) for each in rest for text in each] == list(map(letters, labels))
    assert all(list(map(is_opener, each)) == sorted(map(is_opener, each), reverse=True) for each in keyboards)


@given(messages)
@settings(max_examples=30, deadline=None)
def test_plain_text_says_the_same_within_the_limit(message: Message) -> None:
    for part in rendered(message):
        told = understood(plain(json.loads(part.payload)["html"]), "").text
        assert units(told) <= MOST_UNITS
        assert is_within(letters(shown(part).text), letters(told))


@pytest.mark.parametrize(
    ("block", "html"),
    [
        (Heading(spans=(Span("A < B & C"),)), "<b>A &lt; B &amp; C</b>"),
        (Heading(spans=(Span("x", Mark.BOLD), Span("y", Mark.CODE))), "<b>x</b><code>y</code>"),
        (Heading(spans=(Span("x", url=LINK),)), '<a href="https://example.org/?a=1&amp;b=&quot;2\'"><b>x</b></a>'),
        (Paragraph(spans=(Span("x", Mark.ITALIC), Span(" "), Span("y", Mark.CODE, LINK))), None),
        (Paragraph(spans=(Span("x", url="ftp://example.org/"),)), "x"),
        (Quote(spans=(Span("q"),)), "<blockquote>q</blockquote>"),
        (Quote(spans=(Span("q"),), is_folded=True), "<blockquote expandable>q</blockquote>"),
        (Bullets(items=((Span("a"),), (Span("b"),))), "• a\n• b"),
        (Bullets(items=((Span("a"),), (Span("b"),)), is_numbered=True, first_number=3), "3. a\n4. b"),
        (Item(blocks=(paragraph("a"), paragraph(" "), paragraph("b")), number=1), "a\nb"),
    ],
)
def test_each_block_has_its_markup(block: Block, html: str | None) -> None:
    (part,) = rendered(Message(blocks=(block,)))
    link = '<i>x</i> <a href="https://example.org/?a=1&amp;b=&quot;2\'">y</a>'
    assert json.loads(part.payload) == {"html": html or link}


def test_blocks_stand_apart_and_the_parts_of_a_paper_close_together() -> None:
    item = Item(blocks=(paragraph("title"), paragraph("authors")), number=1)
    (part,) = rendered(Message(blocks=(paragraph("head"), item, paragraph("foot"))))
    assert shown(part).text == "head\n\ntitle\nauthors\n\nfoot"


def test_a_part_is_filled_to_the_last_letter() -> None:
    (part,) = rendered(Message(blocks=(paragraph("a" * 2000), paragraph("🏟" * 1047))))
    assert units(shown(part).text) == MOST_UNITS
    assert len(rendered(Message(blocks=(paragraph("a" * 2001), paragraph("🏟" * 1047))))) == 2


def test_a_hundred_links_are_more_than_a_part_takes() -> None:
    links = Paragraph(spans=tuple(Span(f"{n} ", url=LINK) for n in range(150)))
    counts = [len(shown(part).entities) for part in rendered(Message(blocks=(links,)))]
    assert counts == [99, 51]


def test_a_letter_with_too_many_marks_is_broken_up() -> None:
    message = Message(blocks=(Quote(spans=(Span("a" + "\u0301" * 5000, Mark.BOLD, LINK),)),))
    assert sum(shown(part).text.count("\u0301") for part in rendered(message)) == 5000


def test_a_ring_stays_on_its_letter_and_a_line_separator_parts_lines() -> None:
    (part,) = rendered(Message(blocks=(paragraph("A\u030angstro\u0308m\u2028x"),)))
    assert shown(part).text == "\u00c5ngstr\u00f6m\nx"


def test_nothing_to_be_seen_is_no_part() -> None:
    assert rendered(Message(blocks=(paragraph(" \n"), Quote(spans=(Span("\u200b"),)), Item(blocks=(), number=1)))) == ()


def test_a_keyboard_goes_with_the_text_before_it_or_stands_under_three_dots() -> None:
    keyboard = Buttons(rows=(tuple(Button(label=f"{n}", action=f"1:{n}") for n in range(1, 11)),))
    (below,) = rendered(Message(blocks=(paragraph("a" * 4096), keyboard)))
    (alone,) = rendered(Message(blocks=(keyboard,)))
    assert [len(row) for row in json.loads(below.payload)["keyboard"]] == [8, 2]
    assert json.loads(alone.payload)["html"] == "…"


def test_a_digest_is_few_parts_and_each_paper_is_in_one() -> None:
    picks = tuple(a_paper(arxiv_id=f"2601.{n:05}", title=f"Title {n} " * 6) for n in range(1, 31))
    parts = rendered(digest_message(a_digest(*picks), words("en")))
    assert [n for part in parts for n in part.items] == list(range(1, 31))
    lengths = [units(shown(part).text) for part in parts]
    assert all(a + b > MOST_UNITS for a, b in pairwise(lengths))


def numbered(count: int, *, text: str = "a title") -> tuple[Item, ...]:
    return tuple(
        Item(blocks=(paragraph(f"{n} {text}"),), number=n, button=Button(label=f"{n}", action=f"1dp:1.{n}"))
        for n in range(1, count + 1)
    )


def rows_of(part: Part) -> list[list[str]]:
    return [[button["text"] for button in row] for row in json.loads(part.payload).get("keyboard", ())]


def test_the_buttons_of_papers_stand_in_even_rows_above_all_others() -> None:
    more = Buttons(rows=((Button(label="More", action="1dm"),),))
    (part,) = rendered(Message(blocks=(*numbered(3), more, *numbered(7)[3:])))
    assert rows_of(part) == [["1", "2", "3", "4", "5", "6", "7"], ["More"]]
    (part,) = rendered(Message(blocks=(*numbered(9), more)))
    assert [len(row) for row in rows_of(part)] == [5, 4, 1]


def test_each_part_has_the_buttons_of_the_papers_that_begin_in_it() -> None:
    parts = rendered(Message(blocks=numbered(120, text="word " * 30)))
    assert len(parts) > 2
    for part in parts:
        assert [int(text) for row in rows_of(part) for text in row] == list(part.items)


def test_a_button_whose_paper_cannot_be_seen_goes_with_the_text_before_it() -> None:
    more = Buttons(rows=((Button(label="More", action="1dm"),),))
    unseen = Item(blocks=(), number=2, button=Button(label="2", action="1dp:1.2"))
    (part,) = rendered(Message(blocks=(numbered(1, text="a" * 4094)[0], more, unseen)))
    assert rows_of(part) == [["1", "2"], ["More"]]
    assert part.items == (1, 2)


def test_a_paper_that_is_split_keeps_its_button_where_it_begins() -> None:
    (paper,) = numbered(1, text="word. " * 2000)
    parts = rendered(Message(blocks=(paper,)))
    assert [rows_of(part) for part in parts] == [[["1"]], *([] for _ in parts[1:])]


@pytest.mark.parametrize(
    "bad",
    [
        Button(label="x", action="1dp:" + "a" * 61),
        Button(label="x", action="1dp:" + "é" * 31),
        Button(label="x"),
        Button(label="\u200b ", action="1dp"),
        Button(label="x", url="javascript:alert(1)"),
    ],
)
def test_a_button_that_would_be_refused_is_left_out_and_its_text_is_kept(bad: Button) -> None:
    good = Button(label="ok", action="1dp:" + "a" * 60)
    item = Item(blocks=(paragraph("a title"),), number=1, button=bad)
    (part,) = rendered(Message(blocks=(item, Buttons(rows=((bad, good), (bad,))))))
    assert rows_of(part) == [["ok"]]
    assert shown(part).text == "a title"
    (part,) = rendered(Message(blocks=(item,)))
    assert "keyboard" not in json.loads(part.payload)


def test_a_keyboard_that_is_put_in_place_has_a_hundred_buttons_at_most() -> None:
    made = keyboard([[Button(label=f"{n}", action="1dp") for n in range(70)], [Button(label="b", action="1dp")] * 40])
    assert [len(row) for row in made] == [8] * 8 + [6] + [8] * 3 + [6]
    check_keyboard(json.dumps({"inline_keyboard": made}))


def test_a_silent_message_has_silent_parts() -> None:
    whole = Message(blocks=(paragraph("x"),))
    assert [json.loads(part.payload) for part in rendered(whole)] == [{"html": "x"}]
    assert [json.loads(part.payload) for part in rendered(replace(whole, is_silent=True))] == [{"html": "x", "silent": True}]


def test_of_the_values_of_a_setting_the_chosen_ones_have_a_tick() -> None:
    row = tuple(Button(label=f"{is_on}", action="1sv:l.x", is_on=is_on) for is_on in (True, False, None))
    (part,) = rendered(Message(blocks=(paragraph("Layout"), Buttons(rows=(row,)))))
    assert [[button["text"] for button in row] for row in json.loads(part.payload)["keyboard"]] == [["✓ True", "False", "None"]]
