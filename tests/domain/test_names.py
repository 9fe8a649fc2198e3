"""Which authors a followed name means: each line of the table in docs/matching.md."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.names import name
from tests.domain.test_terms import documented


@pytest.mark.parametrize(("typed", "author", "finds"), documented("Followed authors"))
def test_every_example_of_the_documentation_is_true(typed: str, author: str, finds: bool) -> None:
    assert name(typed).may_be(name(author)) is finds


def test_small_words_are_known_by_their_letters_not_by_their_place() -> None:
    assert name("L. van der Maaten").given == ("l",)
    assert name("Bin Wang").given == ("bin",)


@given(st.text(max_size=30))
def test_any_text_is_read_and_a_name_may_be_itself(text: str) -> None:
    assert name(text).may_be(name(text))
