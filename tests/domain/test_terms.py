"""What a typed phrase finds: each line of the table in docs/matching.md, and what holds for any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plurals import singular
from bot.domain.terms import MAX_PHRASE_CHARS, fold, phrase, tokens
from bot.errors import BadInput

DOC = Path(__file__).parents[2] / "docs" / "matching.md"
WORDS = st.sampled_from(
    (
        "agent",
        "agents",
        "policy",
        "world",
        "model",
        "of",
        "the",
        "in",
        "pre",
        "training",
        "re-rank",
        "GPT-4",
        "3D",
        "R",
        "C++",
        "扩散",
        "模型",
        "gas",
        "bias",
        "É",
        "x",
    )
)
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)


def documented(heading: str) -> list[tuple[str, str, bool]]:
    """The rows of the first table after `heading` in docs/matching.md."""
    after = DOC.read_text(encoding="utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in after.splitlines() if line.startswith("| ")]
    return [(typed, text, finds == "yes") for typed, text, finds in rows[1:]]


@pytest.mark.parametrize(("typed", "text", "finds"), documented("Words and phrases"))
def test_every_example_of_the_documentation_is_true(typed: str, text: str, finds: bool) -> None:
    assert phrase(typed).is_in(fold(text)) is finds


def test_tokens_are_folded_words_in_order() -> None:
    assert tokens("Policies’ Café: GPT-4o's 1,000 LLMs, 扩散") == ("policy", "cafe", "gpt", "4o", "1000", "llm", "扩", "散")


@pytest.mark.parametrize("typed", ["", "  ", '""', "...", "🤖", "*", "a" * (MAX_PHRASE_CHARS + 1), "ag*", "multi ag*"])
def test_a_phrase_that_could_find_nothing_or_nearly_all_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        phrase(typed)


@pytest.mark.parametrize(
    "word",
    [
        "bias",
        "analysis",
        "class",
        "loss",
        "gas",
        "physics",
        "news",
        "series",
        "species",
        "lens",
        "atlas",
        "always",
        "corpus",
        "virus",
        "robotics",
        "basis",
        "kubernetes",
    ],
)
def test_words_that_only_look_like_plurals_stay(word: str) -> None:
    assert singular(word) == word


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("transformers", "transformer"),
        ("policies", "policy"),
        ("ties", "tie"),
        ("moes", "moe"),
        ("boxes", "box"),
        ("matrices", "matrix"),
        ("classes", "class"),
        ("analyses", "analysis"),
        ("hypotheses", "hypothesis"),
        ("caches", "cache"),
        ("patches", "patch"),
        ("meshes", "mesh"),
        ("databases", "database"),
        ("heroes", "hero"),
        ("topics", "topic"),
        ("gpus", "gpu"),
        ("viruses", "virus"),
    ],
)
def test_plurals_fold_to_their_singular(many: str, one: str) -> None:
    assert singular(many) == one
    assert singular(one) == one


@given(st.text(alphabet="abcdefghiosuxyz", min_size=1, max_size=9))
def test_the_plural_rule_never_empties_a_word_and_takes_at_most_the_ending(word: str) -> None:
    folded = singular(word)
    assert folded
    assert folded == word or word.endswith("s") or not folded.endswith("s")


@given(TEXTS, TEXTS, TEXTS)
def test_what_stands_between_pauses_is_found_as_it_stands(before: str, middle: str, after: str) -> None:
    try:
        wanted = phrase(middle)
    except BadInput:
        return
    assert wanted.is_in(fold(f"{before}. {wanted.typed.rstrip('*')} . {after}"))


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_case_says_nothing_but_for_single_letters(text: str) -> None:
    assert tokens(text.upper()) == tokens(text.lower()) == tokens(text)


@given(st.text())
def test_any_text_folds_and_its_edges_fit_its_run(text: str) -> None:
    folded = fold(text)
    assert len(folded.edges) == len(folded.run) + 1
