"""Figures of a summary against the text: what is the same, what is worked out, what is not there. The corpus: bench_evidence."""

import time
from itertools import islice

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.evidence import checked, read_text
from bot.domain.findings import Evidence, FigureState, Quotation
from bot.domain.papers import FullText, PaperKey, PaperRef, Scheme, Section, TextOrigin
from tests.bench_evidence import SHARED, abstracts, as_read, chinese_summaries, confusion, made_texts

TEXT = """We train GPT-4o, Llama-3.1-8B and ResNet-50 on 1,234,567 images for 12 hours, on 16 H100 GPUs. A model of 70 billion
parameters reaches 84.3% where 7B ones reach 73.6%, and Accuracy rises from 45.4 to 56.1 points. The correlation is -0.82 and
the share 0.213. Latency drops by 12.5 ms to 40 ms. It is 3.5x faster. We use three stages and twelve data sets. CIFAR-10/100,
one-fifth of all labels, 27 of 32 wins, the rate 1.2e-4, collected in June 2026. Params (M): 86.5 | 304.3."""


def state(claim: str, text: str = TEXT) -> list[tuple[str, str]]:
    return [(figure.written, figure.state.value) for figure in checked([claim], (), as_read(text)).figures]


def all_states(claim: str) -> set[str]:
    return {each for _, each in state(claim)}


@pytest.mark.parametrize(
    "claim",
    [
        "1234567 images",
        "1.234.567 ảnh, độ dài đủ",
        "123 万张图像",
        "约 120 万张图像",
        "1.23M images",
        "70B parameters",
        "700 亿参数",
        "70 tỷ tham số",
        "84.3％",
        "84,3% độ chính xác",
        "84.3 个百分点",
        "0.843",
        "84%",
        "84.30%",
        "~84.3%",
        "(-0.82)",
        "- -0.82 correlation",
        "Tương quan −0,82",
        "21.3%",
        "下降 12.5 毫秒",
        "0.04 s",
        "快 3.5 倍",
        "nhanh gấp 3,5 lần",
        "3 个阶段",
        "12 data sets",
        "12 小时",
        "CIFAR-100",
        "Llama 3.1",
        "20%",
        "27/32",
        "1.2 × 10⁻⁴",
        "0.00012",
        "2026年6月",
        "tháng 6 năm 2026",
        "86.5M parameters",
        "more than 1.2 million images",
    ],
)
def test_the_same_value_in_another_form_is_found(claim: str) -> None:
    assert all_states(claim) == {"found"}


@pytest.mark.parametrize(
    "claim",
    [
        "1234568 images",
        "1.24M images",
        "71B parameters",
        "7 亿参数",
        "700 million parameters",
        "84.31%",
        "84.4%",
        "83%",
        "8.43%",
        "-84.3%",
        "- 94.3% on all",
        "-25.9% latency",
        "-74.0%",
        "a correlation of 0.82",
        "a share of -0.213",
        "Latency of 40 s",
        "84.3 ms",
        "12.5%",
        "35x faster",
        "13 data sets",
        "十三个数据集",
        "mười ba bộ dữ liệu, đủ",
        "CIFAR-1000",
        "GPT-5",
        "A100",
        "28/32",
        "1.2e-5",
        "2026年7月",
        "86.5B parameters",
        "-12 hours",
        "more than 1.3 million images",
    ],
)
def test_what_the_text_does_not_hold_is_missing(claim: str) -> None:
    assert all_states(claim) == {"missing"}


@pytest.mark.parametrize(
    "claim",
    [
        "84.3% against 73.6%, 10.7 points more",
        "A gain of 10.7 points",
        "提升 10.7 个百分点",
        "比 73.6% 高出 14.5%，达到 84.3%",
        "12.5 ms less than 40 ms: 27.5 ms",
    ],
)
def test_what_two_figures_of_one_sentence_make_is_computed(claim: str) -> None:
    assert state(claim)[-1][1] == "computed" or "computed" in all_states(claim)
    assert "missing" not in all_states(claim)


@pytest.mark.parametrize(
    "claim", ["Accuracy is 84.3%. Latency is 40 ms. It gains 44.3 points.", "A gain of 9.9 points over 73.6%"]
)
def test_figures_that_do_not_belong_together_make_nothing(claim: str) -> None:
    assert "missing" in all_states(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "1. First, (2) then",
        "See Section 3.2, Fig. 7 and Table 9 [14]",
        "两个阶段，一种方法，第 5 节",
        "hai giai đoạn",
        "F1, top-1, 2D and 3D",
        "$x_2^4$",
        "https://example.org/99",
        "1）甲；2）乙",
    ],
)
def test_numbering_references_small_words_and_common_terms_are_no_figures(claim: str) -> None:
    assert state(claim) == []


def test_thousands_with_a_point_are_no_decimal_with_zeros() -> None:
    claim = "Đạt 15.000 và 3.100"
    assert state(claim, "It is 15.0 and 3.1.") == [("15.000", "missing"), ("3.100", "missing")]
    assert state(claim, "It is 15,000 and 3.100.") == [("15.000", "found"), ("3.100", "found")]


NAMED = (
    ("GPT-4", "We use GPT-4o.", "missing"),
    ("GPT 4", "We use GPT 4o.", "missing"),
    ("GPT-4o", "We use GPT-4.", "missing"),
    ("GPT-4", "The GPT-4-based agents", "found"),
    ("GPT-4", "Two GPT-4s", "found"),
    ("GPT-4-based agents", "We use GPT 4.", "found"),
    ("Llama 3", "Llama 3.1 in 3 runs", "missing"),
    ("Llama-3", "Llama-3.1", "missing"),
    ("Llama 3 models", "Llama 3.1 in 3 runs", "missing"),
    ("Llama 3", "Llama 3 and Llama 3.1", "found"),
    ("Qwen2", "Qwen2.5-VL", "missing"),
    ("Qwen2.5", "Qwen2.5-VL", "found"),
    ("Qwen2.5", "Qwen2", "missing"),
    ("Qwen2", "It is Qwen2.", "found"),
    ("CIFAR-10", "CIFAR-100", "missing"),
    ("CIFAR-100", "CIFAR-10/100", "found"),
    ("CIFAR-10", "CIFAR-10/100", "found"),
    ("CIFAR-100", "CIFAR-10 and 100", "found"),
    ("CIFAR-100", "CIFAR-10 and 100 images", "missing"),
    ("ResNet-101", "ResNet-18, 50, and 101 backbones", "found"),
    ("GPT-4o", "GPT-4/4o", "found"),
    ("GPT-4", "GPT-3 on 4 GPUs", "missing"),
    ("H100s", "16 H100 GPUs", "found"),
    ("Llama3-70B", "Llama3-8B. " + "It is long. " * 9 + "Another has 70B.", "missing"),
    ("PSNR 32.1", "PSNR 32.14", "found"),
    ("Accuracy 84", "accuracy: Accuracy 84.3", "found"),
)


@pytest.mark.parametrize(("name", "text", "expected"), NAMED)
def test_a_name_is_there_only_as_a_whole(name: str, text: str, expected: str) -> None:
    assert [each for _, each in state(name, text)] == [expected]


def test_a_hostile_text_does_not_make_names_slow() -> None:
    for piece in ("cifar-1/", "cifar-10, ", "cifar 1 and ", "c1-", "Llama 3 "):
        source = as_read(piece * (150_000 // len(piece)))
        began = time.process_time()
        checked(["CIFAR-100 and c1-c99, Llama 4"], (), source)
        assert time.process_time() - began < 1


def test_a_number_behind_a_name_with_digits_is_a_figure_of_its_own() -> None:
    assert state("GPT-2 557B", "GPT-2 557M") == [("GPT-2", "found"), ("557B", "missing")]


def test_the_name_of_a_panel_is_no_scale() -> None:
    assert state("36B sentences", "36M sentences. (b) shows 36 runs, (B) more.") == [("36B", "missing")]


def test_each_figure_comes_once_in_the_order_of_the_summary() -> None:
    claims = ["It reaches 84.3% with 7B.", "84.3% again, 99.9% never, 16 GPUs."]
    assert [figure.written for figure in checked(claims, (), as_read(TEXT)).figures] == ["84.3%", "7B", "99.9%", "16"]


def test_title_and_abstract_count_as_read() -> None:
    text = FullText(
        ref=PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value="2601.00001")),
        sections=(Section(heading="Results", text="We reach 84.3% on the whole test set."),),
        origin=TextOrigin.HTML,
    )
    evidence = checked(["84.3% and 61.2%"], (), read_text(text, "A title", "Abstract: 61.2%"))
    assert evidence.missing == ()
    assert evidence.is_trusted


def test_a_found_quotation_has_the_heading_where_it_stands() -> None:
    text = FullText(
        ref=PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value="2601.00001")),
        sections=(
            Section(heading="3 Method", text="The planner rewrites every plan twice."),
            Section(heading="5.1 Main results", text="The planner rewrites every plan twice. It wins on all nine tasks."),
        ),
        origin=TextOrigin.HTML,
    )
    source = read_text(text)
    said = (
        ("It wins on all nine tasks", "Method"),
        ("the planner rewrites every plan", "Main Results"),
        ("it loses on all nine tasks", "Method"),
    )
    found = checked([], [Quotation(text=words, section=section) for words, section in said], source).quotations
    assert [(each.is_found, each.quotation.section) for each in found] == [
        (True, "5.1 Main results"),
        (True, "5.1 Main results"),
        (False, "Method"),
    ]


def test_nothing_claimed_is_trusted() -> None:
    assert checked([], (), as_read("")) == Evidence()
    assert checked(["No figure here."], (), as_read("")).is_trusted


BEFORE = (
    *(
        "",
        "- ",
        "* ",
        "•",
        "– ",
        "1. ",
        "1) ",
        "(1) ",
        "2、",
        "①",
        "- 1. ",
        "(",
        "（",
        "【",
        "“",
        '"',
        "**",
        "__",
        "_",
        "`",
        "≈",
        "~",
    ),
    *(
        "<",
        "> ",
        "≥",
        "≤ ",
        "= ",
        "N=",
        "±",
        "× ",
        "约",
        "是",
        "：",
        "Result: ",
        "Đạt ",
        "a) ",
        "- **",
        "→",
        "| ",
        "...",
        "\n",
        "p<",
        "$",
    ),
)
BEHIND = (
    *(
        "",
        ".",
        "。",
        ",",
        "，",
        ")",
        "）。",
        ").",
        "】",
        ";",
        "：",
        "!",
        "？",
        "”",
        "**",
        "__",
        "`",
        "...",
        "…",
        " 左右",
        "以上",
        "-latency",
    ),
    *(" on all", "的结果", "/", " |", "—", " – rest", ", which", "\n", "、", "$", "'s", "→ x"),
)
WRITTEN = st.one_of(
    st.decimals(min_value="0.01", max_value="99.99", places=2).map(str),
    st.decimals(min_value="-99.9", max_value="-0.1", places=1).map(str),
    st.decimals(min_value="-99.9", max_value="99.9", places=1).map(lambda value: f"{value}%"),
    st.integers(0, 100).map(lambda value: f"{value}%"),
    st.integers(11, 99).map(str),
    st.integers(-99, -11).map(lambda value: str(value).replace("-", "−")),
    st.decimals(min_value="1.1", max_value="99.9", places=1).map(lambda value: f"{value}×"),
)


@given(st.sampled_from(BEFORE), WRITTEN, st.sampled_from(BEHIND))
def test_a_figure_is_itself_whatever_stands_before_and_behind_it(before: str, written: str, behind: str) -> None:
    assume(not (before == "2、" and written.isdigit()))  # a list of two numbers
    claim = before + written + behind
    assert state(claim, f"We see {written} here.") == [(written, "found")]
    assert state(claim, "It holds no number.") == [(written, "missing")]


@pytest.mark.parametrize(
    ("claim", "figures"),
    [
        ("The best accuracy (85) is ours", ["85"]),
        ("All models (n = 85) agree", ["85"]),
        ("GPUs (12) are used", ["12"]),
        ("[25.9]", ["25.9"]),
        ("发表 12 篇，代表 13 类", ["12", "13"]),
        ("40. Then", ["40"]),
        ("1) It is fast, 2) it is small", []),
        ("它：1. 快；2. 小", []),
        ("(2) It is small", []),
        ("见图 12、表 3", []),
    ],
)
def test_a_count_is_no_numbering(claim: str, figures: list[str]) -> None:
    assert [written for written, _ in state(claim)] == figures


VALUES = st.decimals(min_value=11, max_value=99, places=1)


@given(VALUES)
def test_three_languages_give_the_same_result(value: object) -> None:
    source = as_read("It reaches 84.3% on 20,000 papers.")
    forms = (f"It reaches {value}%.", f"达到 {value}%。", f"Đạt được {str(value).replace('.', ',')}%.")
    assert len({tuple(figure.state for figure in checked([form], (), source).figures) for form in forms}) == 1


@given(st.text(max_size=120), st.text(max_size=120))
def test_checking_never_raises_and_what_the_text_says_itself_is_there(text: str, claim: str) -> None:
    checked([claim], [Quotation(text=claim)], as_read(text))


def test_a_long_paper_is_ready_in_a_moment() -> None:
    text = " ".join(islice((part for _ in range(99) for part in made_texts()), 500))[:150_000]
    began = time.process_time()
    as_read(text)
    assert time.process_time() - began < 1


def test_planted_figures_are_found_and_true_ones_are_not_flagged() -> None:
    table = confusion(made_texts())
    assert table.texts == 300
    assert table.found_share >= 0.99
    assert table.false_share <= 0.02


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")
def test_planted_figures_are_found_in_real_abstracts() -> None:
    table = confusion(abstracts(500))
    assert table.texts > 200
    assert table.found_share >= 0.99
    assert table.false_share <= 0.02


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")
def test_real_summaries_have_hardly_a_figure_that_their_abstract_has_not() -> None:
    states, missing = chinese_summaries()
    assert sum(states.values()) > 1_200
    assert len(missing) <= 0.01 * sum(states.values())
    assert states[FigureState.COMPUTED] < 20
