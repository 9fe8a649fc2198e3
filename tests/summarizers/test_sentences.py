"""Sentences end where a reader says they end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.summarizers.sentences import sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "We use gates, e.g. LSTM cells, and i.e., nothing else.",
        "As Smith et al. (2024) say, it fails.",
        "See Fig. 3 and Eqs. 4 and Sec. 5 for more.",
        "GPT-4 vs. Claude is a draw at 3.5 points.",
        "The work of J. R. Smith and A. Turing counts.",
        "It beats No. 5 of Vol. 2 by 12.5%.",
        "We compare Dr. Who with Prof. X in the U.S. Army.",
        "It helps (see the Appendix. It is long) a lot.",
        "It costs approx. Ten dollars w.r.t. GPUs.",
    ],
)
def test_a_dot_inside_a_sentence_does_not_end_it(sentence: str) -> None:
    assert sentences(sentence + " We go on.") == (sentence, "We go on.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ("One.", "Two!", "Three?", "Four")),
        ('He said "Stop." We did.', ('He said "Stop."', "We did.")),
        ("It fails. vLLM is fast.", ("It fails.", "vLLM is fast.")),
        ("It gains 12. However, it costs.", ("It gains 12.", "However, it costs.")),
        ("We beat Smith et al. We win.", ("We beat Smith et al.", "We win.")),
        ("All are of class C. We fix that.", ("All are of class C.", "We fix that.")),
        ("Cats, dogs, etc. This helps.", ("Cats, dogs, etc.", "This helps.")),
        ("我们提出方法。结果很好！真的吗？", ("我们提出方法。", "结果很好！", "真的吗？")),
        ("1. First we look. 2. Then we leap.", ("1. First we look.", "2. Then we leap.")),
        ("A smile :( is sad. It passes.", ("A smile :( is sad.", "It passes.")),
        ("", ()),
    ],
)
def test_sentences_end_at_their_marks(text: str, expected: tuple[str, ...]) -> None:
    assert sentences(text) == expected


prose = st.text(alphabet="abcAB .!?()\"'。！1 e.g", max_size=200)


@given(prose | st.text(max_size=200))
def test_nothing_is_lost_or_added(text: str) -> None:
    text = " ".join(text.split())
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(sentence in text for sentence in sentences(text))
