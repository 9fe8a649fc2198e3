"""Characters and words as a PDF gives them, and as a reader would write them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.readers.pdf_characters import LINE_END_HYPHEN, plain, words_mended


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("e\ufb03cient \ufb01le", "efficient file"),
        ("a\x00b\x02c\x7f", "abc"),
        ("left\u202eright\u200b", "leftright"),
        ("thin\u2009space\u00a0here  twice", "thin space here twice"),
        ("glyph \ue001 of a font", "glyph of a font"),
        ("G¨oteborg, Universit´e", "Göteborg, Université"),
        ("f = ¨x + ´ 2", "f = ¨x + ´ 2"),
        ("soft\u00adhyphen", f"soft{LINE_END_HYPHEN}hyphen"),
        ("x ∈ ℝ², 3 ≤ α", "x ∈ ℝ², 3 ≤ α"),
    ],
)
def test_a_line_is_spelt_out(given_text: str, text: str) -> None:
    assert plain(given_text) == text


@given(st.text())
def test_no_line_holds_what_nobody_can_see(text: str) -> None:
    kinds = {unicodedata.category(letter) for letter in plain(text).replace(LINE_END_HYPHEN, "")}
    assert not kinds & {"Cc", "Cs", "Co", "Zl", "Zp"}
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("texts", "mended"),
    [
        (("an exam\ufffeple",), "an example"),
        (("a low\ufffecost way", "low-cost"), "a low-cost way"),
        (("a data\ufffebase", "database", "data-base"), "a database"),
        (("open\ufffedomain", "open", "domain"), "open-domain"),
        (("the Lucene\ufffeBM25 system",), "the Lucene-BM25 system"),
        (("in 2019\ufffetwenty",), "in 2019-twenty"),
        (("ends here\ufffe",), "ends here-"),
        (("in\ufffeter", "in", "ter"), "inter"),
    ],
)
def test_a_cut_word_is_whole_again_with_the_hyphen_that_it_had(texts: tuple[str, ...], mended: str) -> None:
    assert words_mended(texts)[0] == mended


@given(st.lists(st.text(alphabet="ab A1-\ufffe\u00e9")))
def test_mending_leaves_no_mark_and_loses_no_letter(texts: list[str]) -> None:
    mended = words_mended(texts)
    assert not any(LINE_END_HYPHEN in text for text in mended)
    bare = str.maketrans("", "", f"-{LINE_END_HYPHEN} ")
    assert [text.translate(bare) for text in mended] == [text.translate(bare) for text in texts]
