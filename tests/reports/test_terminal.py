"""Lines for a terminal keep within its width, count wide letters, and carry no control character but our own colours."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.visible import shown
from bot.reports.terminal import columns, terminal, terminal_page, wrapped
from bot.reports.view import page
from bot.words import words
from tests.builders import a_digest, a_notice
from tests.reports.hostile import a_hostile_item, titles
from tests.reports.test_markdown import a_full_digest

EN = words("en")
OURS = re.compile(r"\x1b\[(?:0|1|2|33|36)m")


@pytest.mark.parametrize("width", [40, 80, 100])
def test_no_line_but_an_address_is_wider_than_the_terminal(width: int) -> None:
    for line in terminal(a_full_digest(), EN, width).splitlines():
        assert columns(line) <= width or "http" in line, line


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("漢字", 4), ("e\u0301", 1), ("ｆｕｌｌ", 8), ("👩", 2), ("a\u200db", 2), ("", 0)]
)
def test_wide_letters_take_two_columns_and_marks_none(text: str, width: int) -> None:
    assert columns(text) == width


def test_chinese_wraps_between_letters_and_never_before_a_full_stop() -> None:
    assert list(wrapped("我们提出一种方法。结果很好。", 10)) == ["我们提出一", "种方法。结", "果很好。"]


@given(st.text(alphabet="ab 漢字。,.é", max_size=80), st.integers(min_value=6, max_value=40))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_colour_comes_only_when_it_is_asked_for() -> None:
    plain, coloured = (terminal(a_full_digest(), EN, 80, colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1m" in coloured
    assert OURS.sub("", coloured) == plain


@pytest.mark.parametrize(
    "part",
    [
        "8 of 214 papers matched, from cs.CL, cs.AI and Hugging Face",
        "1. Notes | on [Memory] & <think>",
        "156 votes · score 5.2",
        "Why it is here: title: memory 4.0; 156 votes 1.2",
        "TL;DR: We propose a notebook",
        "- Two.",
        "Written by m-1 from the full text (PDF).",
        "Code: https://github.com/example/notebook",
        "and 6 more that matched",
        "- Hugging Face asked us to wait",
    ],
)
def test_the_digest_holds(part: str) -> None:
    assert part in terminal(a_full_digest(), EN, 200)


def test_an_empty_day_says_why() -> None:
    assert "arXiv announced nothing for 2026-01-10, because of the weekend." in terminal(a_digest(notices=(a_notice(),)), EN, 80)


@given(titles, st.booleans())
def test_hostile_data_never_steers_the_terminal(text: str, colour: bool) -> None:
    digest = a_digest(a_hostile_item(text))
    view = page(digest, EN, is_single=True)
    said = OURS.sub("", terminal(digest, EN, 80, colour) + terminal_page(view, EN, 80, is_coloured=colour))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", said)
    assert "".join(said.split()).count("".join(shown(text).split())) >= 10
