"""Whatever the bytes are: sections or TextUnavailable, within a second. Sizes are those that the reader accepts."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TextUnavailable
from bot.readers.html import MAX_BYTES
from bot.readers.latexml import MOST_SECTIONS, LatexmlPage, parse
from bot.readers.latexml_formulas import LONGEST, MOST_TEX, Formulas
from bot.readers.latexml_markup import MOST_ENTITIES, MOST_TAGS
from tests.readers.latexml_pages import a_good_page

OPEN = b'<div class="ltx_document">'
DEEP = 100_000
LONGEST_S = 3.0  # CPU; 0.6 s on a quiet machine, and 15 s for a parser that is not linear


def filled(piece: bytes, size: int = MAX_BYTES) -> bytes:
    return OPEN + piece * ((size - len(OPEN)) // len(piece))


def numbered(form: str, count: int) -> bytes:
    return OPEN + "".join(form % n for n in range(count)).encode()


HOSTILE = {
    "nested": lambda: OPEN + b"<div>" * DEEP + b"deep",
    "nested and closed": lambda: OPEN + b"<b>" * (DEEP // 2) + b"deep" + b"</b>" * (DEEP // 2),
    "tables in tables": lambda: OPEN + b"<table><tr><td>" * 39_000 + b"deep",
    "formulas in formulas": lambda: filled(b'<math alttext="x">'),
    "one tag of many attributes": lambda: OPEN + b"<p " + b"a=1 " * 2_900_000 + b">text",
    "a long class": lambda: OPEN + b'<p class="' + b"ltx_p " * 1_900_000 + b'">text',
    "open quotes": lambda: filled(b'<a "'),
    "crossed quotes": lambda: filled(b"<a '\"<a \"'"),
    "angle brackets": lambda: filled(b"<"),
    "open tags": lambda: filled(b"<a "),
    "open comments": lambda: filled(b"<!--"),
    "comments": lambda: filled(b"<!---->"),
    "open scripts": lambda: filled(b"<script>"),
    "ampersands": lambda: filled(b"&"),
    "long entities": lambda: OPEN + b"&abcdefghijklmnopqrstuvwxyzabcdef" * (MOST_ENTITIES - 1),
    "words": lambda: filled(b"word "),
    "one word": lambda: filled(b"w"),
    "zeros": lambda: b"\0" * MAX_BYTES,
    "noise": lambda: OPEN + random.Random(1).randbytes(MAX_BYTES - 100),
    "directions": lambda: filled("\u202e\u200b\u2066".encode()),
    "backslashes": lambda: filled(b"\\aa"),
    "many formulas": lambda: numbered('<math alttext="x_{%d}^{2}"></math>', MOST_TAGS // 2),
    "a long formula": lambda: OPEN + b'<math alttext="' + b"{" * 11_000_000 + b'"></math>',
    "long formulas": lambda: numbered('<math alttext="%d' + "{\\frac" * 300 + '"></math>', 6_000),
    "much MathML": lambda: OPEN + b"<math>" + b"<mi>x</mi>" * 1_000_000 + b"</math>",
    "annotations": lambda: OPEN + (b"<math><" + b'annotation encoding="' * 10 + b"</math>") * 45_000,
    "many classes": lambda: numbered('<p class="ltx_%d">x</p>', MOST_TAGS // 2),
    "ends of nothing": lambda: OPEN + b"<b>" * 60_000 + b"</i>" * 60_000,
    "crossed ends": lambda: OPEN + b"<b><i></b></i>" * 30_000,
    "notes in notes": lambda: OPEN + b'<span class="ltx_note">x' * DEEP,
    "cells": lambda: OPEN + b"<td>x" * DEEP,
    "sections": lambda: OPEN + b'<section class="ltx_appendix"><h2 class="ltx_title ltx_title_appendix">x' * 60_000,
    "breaks": lambda: OPEN + b"x<br>" * DEEP,
    "signs": lambda: OPEN + b'<li><span class="ltx_tag ltx_tag_item">x</span><p>' * 30_000,
}


def parsed(content: bytes) -> LatexmlPage | str:
    try:
        return parse(content)
    except TextUnavailable as error:
        return str(error)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_longer_than_a_second(name: str) -> None:
    content = HOSTILE[name]()
    assert len(content) <= MAX_BYTES
    began = time.thread_time()
    parsed(content)
    assert time.thread_time() - began < LONGEST_S


def test_deep_text_is_found() -> None:
    found = parsed(HOSTILE["nested"]())
    assert isinstance(found, LatexmlPage)
    assert found.sections[0].text == "deep"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (OPEN + b"<b>" * (MOST_TAGS + 1), "too much markup"),
        (OPEN + b"&" * (MOST_ENTITIES + 1), "entities"),
        (OPEN + b'<a title="' * 100, "broken markup"),
        (OPEN + b'<div class="ltx_section">' * (MOST_SECTIONS + 1), f"more than {MOST_SECTIONS} sections"),
    ],
)
def test_what_no_paper_has_is_refused_by_name(content: bytes, reason: str) -> None:
    assert reason in str(parsed(content))


def test_only_so_much_tex_is_turned_into_unicode() -> None:
    formulas = Formulas()
    padding = "y" * (LONGEST - 100)
    kept = [formulas.text(rf"\alpha_{{{n}}}{padding}", "") for n in range(MOST_TEX // LONGEST + 20)]
    assert kept[0].startswith("α")
    assert kept[-1].startswith(r"\alpha")


@given(st.binary(max_size=2_000))
def test_any_bytes_are_sections_or_unavailable(content: bytes) -> None:
    for page in (content, OPEN + content):
        found = parsed(page)
        assert isinstance(found, str) or all(section.text.strip() for section in found.sections)


PIECES = [b"<p>", b"</p>", b"<br>", b"<td>", b"</td>", b"<tr>", b"</tr>", b"&lt;", b"&#0;", b"<sup>", b"</sup>", b"</math>", b"<"]
PIECES += [
    b'<math alttext="x">',
    b"<!--",
    b"-->",
    b"text ",
    b"'",
    b'"',
    b">",
    b"</section>",
    b"</div>",
    b"</span>",
    b"</h2>",
    b"<script>",
]
PIECES += [
    b'<span class="ltx_note">',
    b'<span class="ltx_ERROR">',
    b'<h2 class="ltx_title_section">',
    b'<div class="ltx_document">',
]
PIECES += [
    b'<section class="ltx_section">',
    b'<div class="ltx_abstract">',
    b'<span class="ltx_tag_item">',
    b'<div class="ltx_authors">',
]


@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_markup_in_any_order_is_sections_or_unavailable(pieces: list[bytes]) -> None:
    found = parsed(OPEN + b"".join(pieces))
    assert isinstance(found, str) or all(section.heading and section.text.strip() for section in found.sections)


@given(st.data())
def test_a_cut_or_altered_page_is_sections_or_unavailable(data: st.DataObject) -> None:
    page = bytearray(a_good_page())
    for _ in range(data.draw(st.integers(0, 5))):
        page[data.draw(st.integers(0, len(page) - 1))] = data.draw(st.integers(0, 255))
    found = parsed(bytes(page[: data.draw(st.integers(0, len(page)))]))
    assert isinstance(found, str | LatexmlPage)
