"""What a library tells of interests: the authors and words that come again, and nothing that every title says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.suggestions import MAX_AUTHORS, MAX_CHARS, MAX_WORDS, Entry, frequent_authors, frequent_words
from bot.domain.terms import phrase


def entries(*titles: str) -> tuple[Entry, ...]:
    return tuple(Entry(title=title) for title in titles)


def by(*authors: str) -> Entry:
    return Entry(title="A title", authors=authors)


def words(*titles: str) -> tuple[str, ...]:
    return tuple(word for word, _ in frequent_words(entries(*titles)))


def test_who_wrote_most_comes_first_and_then_the_order_of_the_file() -> None:
    found = frequent_authors((by("Ada One"), by("Bo Two", "Cy Three"), by("Cy Three", "Ada One"), by("Cy Three")))
    assert found == (("Cy Three", 3), ("Ada One", 2), ("Bo Two", 1))


def test_a_name_counts_once_an_entry_however_it_is_spelled() -> None:
    found = frequent_authors((by("Zoë Müller", "Muller, Zoe"), by("Zoë Müller"), by("Zoe Muller")))
    assert found == (("Zoë Müller", 2 + 1),)


def test_at_most_eight_authors_and_no_name_that_fits_no_button() -> None:
    found = frequent_authors((by("x" * (MAX_CHARS + 1), "42", *(f"Ada Number{letter}" for letter in "abcdefghij")),))
    assert len(found) == MAX_AUTHORS
    assert all(name.startswith("Ada") for name, _ in found)


def test_phrases_that_stand_in_several_titles_are_found_and_their_parts_left_out() -> None:
    found = words("Large Language Models that Plan", "Planning with Large Language Models", "On the Use of Large Language Models")
    assert found == ("large language models",)


def test_singular_and_plural_are_one_phrase() -> None:
    assert frequent_words(entries("Diffusion Models", "A Diffusion Model")) == (("diffusion models", 2),)


def test_names_in_capitals_keep_them() -> None:
    assert words("Is BERT Enough", "Beyond BERT") == ("BERT",)


def test_no_phrase_runs_across_punctuation_or_empty_words() -> None:
    found = words("Graph: Drawing", "Graph: Drawing", "Trees for Birds", "Trees for Birds")
    assert set(found) == {"graph", "drawing", "trees", "birds"}


def test_what_every_title_says_is_no_suggestion() -> None:
    assert words("A Survey of New Methods", "A Survey of New Methods", "Towards an Approach", "Towards an Approach") == ()


def test_what_stands_once_is_no_suggestion() -> None:
    assert words("Protein folding", "Quantum chemistry") == ()


def test_keywords_count_with_titles_and_once_an_entry() -> None:
    found = frequent_words((Entry(title="Agents", keywords=("Agents", "memory")), Entry(title="Birds", keywords=("memory",))))
    assert found == (("memory", 2),)


_WORDS = ["graph", "neural", "network", "of", "BERT", "models", "C++", "a-b", "3D", "体"]
TITLES = st.text(max_size=60) | st.lists(st.sampled_from(_WORDS)).map(" ".join)


@given(st.lists(st.builds(Entry, title=TITLES, authors=st.lists(TITLES, max_size=3).map(tuple)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_whatever_a_library_says_each_suggestion_can_be_looked_for_and_fits_a_button(library: list[Entry]) -> None:
    authors, found = frequent_authors(library), frequent_words(library)
    assert len(authors) <= MAX_AUTHORS
    assert len(found) <= MAX_WORDS
    assert all(2 <= n <= len(library) and len(word) <= MAX_CHARS and phrase(word) for word, n in found)
    assert all(1 <= n <= len(library) and len(name) <= MAX_CHARS for name, n in authors)
    assert list(found) == sorted(found, key=lambda one: -one[1])
