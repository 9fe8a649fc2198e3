"""Quotations: what extraction and typing change is forgiven, a word or a digit never."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.quotations import MIN_WORDS, passages

TEXT = (
    "We train the efficient classi\ufb01er on 24 GPUs for three days. “It's state-of-the-\nart,” the authors say – and the "
    "infor-\nmation is kept. Accuracy rises by 10.7 % over the base-line of 45.4 %. 我们在十二个公开数据集上评估了所提出的方法。"
)
VOCABULARY = st.sampled_from(
    ("the", "model", "learns", "a", "sparse", "graph", "from", "noisy", "labels", "in", "12", "steps", "without")
)
WORDS = st.lists(
    VOCABULARY,
    min_size=12,
    max_size=40,
)


def stands(quotation: str, text: str = TEXT) -> bool:
    return passages(text).find(quotation) is not None


@pytest.mark.parametrize(
    "quotation",
    [
        "train the efficient classifier on 24 GPUs",
        "train  the\nefficient classifier on 24 GPUs for three days.",
        "The efficient classifier on 24 GPUs",
        '"It\'s state-of-the-art," the authors say',
        "the authors say - and the information is kept",
        "the authors say — and the information is kept...",
        "We train the efficient classifier ... for three days",
        "We train the efficient […] Accuracy rises by 10.7 %",
        "rises by 10.7% over the baseline of 45.4%",
        "我们在十二个公开数据集上评估了所提出的方法",
        "我们在十二个公开数据集上 评估了所提出的方法。",
    ],
)
def test_what_typing_and_extraction_change_is_forgiven(quotation: str) -> None:
    assert stands(quotation)


@pytest.mark.parametrize(
    "quotation",
    [
        "train the efficient classifier on 4 GPUs",  # the end of 24
        "train the efficient classifier on 2 GPUs",
        "rain the efficient classifier on 24",  # the end of a word
        "train the efficient model on 24 GPUs",
        "train an efficient classifier on 24 GPUs",
        "rises by 10.8 % over the base-line",
        "rises by 107 % over the base-line",
        "for three days ... We train the",  # the parts in the other order
        "We ... days",  # parts that stand anywhere
        "efficient classifier",
        "公开数据集",
        "我们在十三个公开数据集上评估了所提出的方法",
        "",
        "...",
        "of of of of of",
    ],
)
def test_changed_words_digits_order_and_short_ones_are_not(quotation: str) -> None:
    assert not stands(quotation)


def test_an_ellipsis_does_not_reach_across_the_paper() -> None:
    assert not stands(
        "the first part stands ... the second part stands",
        "The first part stands here. " + "x " * 2_000 + "The second part stands.",
    )


@given(WORDS, st.data())
def test_any_run_of_words_is_found_and_with_one_word_changed_is_not(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - MIN_WORDS))
    end = data.draw(st.integers(start + MIN_WORDS, len(words)))
    text, quoted = " ".join(words), words[start:end]
    assert stands(" \n".join(quoted), text)
    at = data.draw(st.integers(0, len(quoted) - 1))
    quoted[at] = "zebra"
    assert not stands(" ".join(quoted), text)


@given(WORDS, st.integers(2, 9))
def test_a_word_hyphenated_at_the_end_of_a_line_is_whole(words: list[str], at: int) -> None:
    word = words[at]
    assume(len(word) > 3 and word.isalpha())
    broken = [*words[:at], f"{word[:2]}-\n{word[2:]}", *words[at + 1 :]]
    assert stands(" ".join(words), " ".join(broken))


@given(st.text(max_size=80), st.text(max_size=80))
def test_looking_up_never_raises(text: str, quotation: str) -> None:
    passages(text).find(quotation)
    passages(text + quotation).find(quotation)
