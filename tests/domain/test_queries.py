"""What people type to search, and the words of texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.actions import MOST_BYTES, Action, unpacked
from bot.domain.queries import MAX_TYPED_CHARS, Query, Term, folded, page_action, page_of, paged, query
from bot.domain.visible import shown
from bot.errors import BadInput
from tests.builders import arxiv_key


def words_of(typed: str) -> tuple[str, ...]:
    return tuple(" ".join(term.words) for term in query(typed).terms)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("diffusion models", ("diffusion", "models")),
        ('"diffusion models" image', ("diffusion models", "image")),
        ("“diffusion models” image", ("diffusion models", "image")),
        ('"never closed', ("never closed",)),
        ("multi-agent", ("multi agent",)),
        ("GPT-4o v3.5 C++ q_learning", ("gpt 4o", "v3 5", "c", "q learning")),
        ("transformers,diffusion", ("transformers", "diffusion")),
        ("Schrödinger’s état", ("schrodinger", "etat")),
        ("the theory of games", ("theory", "games")),
        ("to be or not", ("to", "be", "or", "not")),
        ("a AND (b OR c) NOT d^2", ("b", "c", "d", "2")),
        ("NEAR(plan world) title:plan *", ("near", "plan", "world", "title")),
        ("大语言模型 GPT模型", ("大 语 言 模 型", "gpt", "模 型")),
        ("$\\alpha$-divergence", ("α divergence",)),
        ("plan - plan plan", ("plan",)),
        ("sample efficiency cs.ZZ", ("sample", "efficiency", "cs zz")),
    ],
)
def test_words_are_read_as_they_are_meant(typed: str, words: tuple[str, ...]) -> None:
    assert tuple(dict.fromkeys(words_of(typed))) == words


def test_what_restricts_is_no_word() -> None:
    found = query('plan -survey --"world model" —review @LeCun @"Ada Example" CS.cl, huggingface')
    assert found.terms == (Term(words=("plan",)),)
    assert found.excluded == (Term(words=("survey",)), Term(words=("world", "model")), Term(words=("review",)))
    assert found.authors == (("lecun",), ("ada", "example"))
    assert (found.categories, found.sources) == (frozenset({"cs.CL"}), frozenset({"huggingface"}))


def test_an_archive_means_all_its_classes() -> None:
    assert {"astro-ph", "astro-ph.CO"} < query("astro-ph").categories


@pytest.mark.parametrize(
    ("typed", "is_prefix"),
    [
        ("plan", True),
        ("pl", False),
        ('"plan"', False),
        ("plan cs.CL", False),
        ("语言模型", False),
        ("2026", False),
        ("a-plan", True),
    ],
)
def test_the_last_word_may_be_unfinished_if_it_is_three_letters_long(typed: str, is_prefix: bool) -> None:
    assert [term.is_prefix for term in query(f"world {typed}").terms] in ([False, is_prefix], [is_prefix])


@pytest.mark.parametrize("typed", ["2601.00001", "arXiv:2601.00001v3", "arxiv 2601.00001", "https://arxiv.org/pdf/2601.00001"])
def test_a_paper_that_is_named_is_known(typed: str) -> None:
    assert query(typed).key == arxiv_key("2601.00001")
    assert query(f"{typed} memory").key is None


@pytest.mark.parametrize("typed", ["", "  ", "-", '""', "@", "*^:()", "'", '-"" @""', "x" * (MAX_TYPED_CHARS + 1)])
def test_what_asks_for_nothing_or_too_much_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        query(typed)


@given(typed=st.text(max_size=MAX_TYPED_CHARS))
def test_any_text_is_a_query_or_refused_and_no_word_of_it_can_be_an_operator(typed: str) -> None:
    try:
        found = query(typed)
    except BadInput:
        return
    names = [word for name in found.authors for word in name]
    for word in (*names, *(word for term in (*found.terms, *found.excluded) for word in term.words)):
        assert 0 < len(word) <= 64
        assert all(char.isalnum() or not char.isascii() for char in word)


@given(text=st.text(max_size=300))
def test_each_word_of_a_text_is_found_by_typing_it(text: str) -> None:
    words = folded(shown(text)).split()
    for word in words:
        (term,) = query(f'"{word}"').terms
        assert set(term.words) <= set(words)


def test_the_words_of_a_text_hold_its_compounds_in_one_word_too() -> None:
    said = folded("Pre-Training of LLMs: the model's état, 语言, state-of-the-art; O'Brien")
    assert said == "pre training of llms the model etat 语 言 state of the art o brien pretraining stateoftheart obrien"


@pytest.mark.parametrize(
    ("typed", "text", "page"),
    [
        ("plan page 2", "plan", 2),
        ("plan  PAGE 12 ", "plan", 12),
        ("page 2", "page 2", 1),
        ("plan page", "plan page", 1),
        ("", "", 1),
    ],
)
def test_a_page_may_be_typed_behind_a_search(typed: str, text: str, page: int) -> None:
    assert paged(typed) == (text, page)


@given(typed=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60), page=st.integers(1, 63))
def test_a_button_leads_to_the_page_of_its_search_or_there_is_none(typed: str, page: int) -> None:
    data = page_action(typed, page)
    if not data:
        assert len(typed.encode()) > 40
        return
    assert len(data.encode()) <= MOST_BYTES
    action = unpacked(data)
    assert action is not None
    assert page_of(action) == (typed, page)


@given(args=st.lists(st.text("AZaz09_/+-", max_size=20), max_size=3))
def test_a_forged_button_is_a_search_or_nothing(args: list[str]) -> None:
    typed, page = page_of(Action(name="sr", args=tuple(args)))
    assert page >= 1
    assert isinstance(typed, str)


def test_a_query_says_what_was_typed_as_people_see_it() -> None:
    assert query(" $\\beta$\u202e  decay ") == Query(typed="β decay", terms=query("β decay").terms)
