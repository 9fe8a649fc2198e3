"""A question with no model is answered by sentences of the paper that hold its words, and by nothing else."""

import gzip
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from bot.domain.foreign_links import without_foreign_links
from bot.domain.papers import FullText, PaperRef, Section, TextOrigin
from bot.domain.summaries import Answer
from bot.summarizers.extractive import Extractive
from bot.summarizers.passages import MOST, passages
from bot.summarizers.sentences import sentences
from tests.builders import a_paper, arxiv_key

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "fulltext2" / "html"
PAPER = (
    ("Abstract", "Assistants forget what was agreed. We propose a notebook for them."),
    ("3 NoteNet", "The notebook holds a page for each speaker. Pages are indexed by topic and by speaker."),
    (
        "4.1 Set-up",
        "We trained on eight cards for two days. The learning rate was 0.0003 with a batch of 64 turns.\n"
        "Table 1: Recall | 12.5 | 25.0",
    ),
    ("4.2 Results", "Recall rises by 12.5 points on three benchmarks. The rates of other systems fall."),
    ("5 数据", "我们在三个数据集上评估。模型很小，训练很快，结果也很好，而且不贵。"),
)


def a_full_text(*parts: tuple[str, str]) -> FullText:
    whole = tuple(Section(heading=heading, text=text) for heading, text in parts or PAPER)
    return FullText(ref=PaperRef(key=arxiv_key(), version=1), sections=whole, origin=TextOrigin.HTML)


async def answer_to(question: str, text: FullText | None = None) -> Answer:
    return await Extractive().answer(a_paper(), text or a_full_text(), question, "en")


@pytest.mark.parametrize(
    ("question", "first", "section"),
    [
        ("What learning rate did they use?", "The learning rate was 0.0003 with a batch of 64 turns.", "4.1 Set-up"),
        ("How many cards was it trained on, and for how many days?", "We trained on eight cards for two days.", "4.1 Set-up"),
        ("How is a page indexed?", "Pages are indexed by topic and by speaker.", "3 NoteNet"),
        ("在哪些数据集上评估的？", "我们在三个数据集上评估。", "5 数据"),
    ],
)
def test_the_sentence_that_holds_the_words_is_found_with_its_section(question: str, first: str, section: str) -> None:
    assert (first, section) in [(quotation.text, quotation.section) for quotation in passages(a_full_text(), question)]


async def test_an_answer_without_a_model_is_quotations_and_no_words_of_its_own() -> None:
    answer = await answer_to("What learning rate did they use?")
    assert (answer.model, answer.text, answer.is_in_text, answer.origin) == (None, "", True, TextOrigin.HTML)
    assert all(checked.is_found for checked in answer.evidence.quotations)
    assert answer.evidence.figures == ()


@pytest.mark.parametrize(
    "question", ["", "?", "What is it about?", "Which chromosome codes for it?", "Welche Farbe hat der Himmel?"]
)
async def test_a_text_without_the_words_has_no_passage_and_says_so(question: str) -> None:
    answer = await answer_to(question)
    assert (answer.is_in_text, answer.evidence.quotations) == (False, ())


def test_one_word_of_a_long_question_is_not_enough() -> None:
    assert passages(a_full_text(), "Does the benchmark cover chromosomes of zebrafish embryos?") == ()
    assert len(passages(a_full_text(), "Which benchmarks?")) == 1


def test_passages_show_different_words_of_the_question() -> None:
    text = a_full_text(
        ("1 A", "The optimizer was Adam with momentum. The optimizer was Adam with a momentum. Adam and its momentum again."),
        ("2 B", "Warmup of the optimizer took long."),
    )
    found = passages(text, "Which optimizer, momentum and warmup?")
    assert "Warmup of the optimizer took long." in [quotation.text for quotation in found]


def test_rare_words_tell_more_than_common_ones_and_passages_keep_the_order_of_the_text() -> None:
    common = [
        f"{who} uses {what} all the time." for what in ("ponds with fish", "trees with nuts", "hills with snow") for who in "AB"
    ]
    text = a_full_text(("1", " ".join(common)), ("2", "Nobody uses zebras with cheese at any time."))
    found = passages(text, "Ponds, fish, trees, nuts, hills, snow, zebras or cheese?")
    assert len(found) == MOST
    assert [quotation.section for quotation in found] == ["1", "1", "2"]


def test_a_second_passage_is_worth_less_for_the_words_of_the_first() -> None:
    often = " ".join(f"{who} uses trees with nuts often." for who in "ABCD")
    seldom = " ".join(f"{who} uses ponds with fish at times." for who in "ABC")
    found = passages(a_full_text(("1", often), ("2", seldom)), "Which trees, nuts, ponds and fish?")
    assert {quotation.section for quotation in found} == {"1", "2"}


def test_what_is_too_long_or_too_short_for_a_sentence_is_no_passage() -> None:
    text = a_full_text(("1", "zebras and cheese " * 60), ("2", "Zebras, cheese."))
    assert passages(text, "zebras with cheese?") == ()


async def test_a_link_in_a_passage_leads_only_where_the_paper_says_itself() -> None:
    text = a_full_text(
        ("5 Code at evil.com", "The code of the notebook is at https://github.com/a/b and at https://evil.com/x too.")
    )
    paper = a_paper(code=("https://github.com/a/b",))
    answer = await Extractive().answer(paper, text, "Where is the code?", "en")
    (quotation,) = (checked.quotation for checked in answer.evidence.quotations)
    assert "https://github.com/a/b" in quotation.text
    assert "evil" in quotation.text
    assert "evil.com" not in quotation.text + quotation.section


ANY: frozenset[str] = frozenset()
pieces = st.sampled_from(
    (
        "Notebook pages help.",
        "Notebooks are at https://evil.com/x now.",
        "See Fig. 3 of it.",
        "数据集很大。",
        "a" * 800,
        "$x^2$ | 3.4",
        "\n",
        "\x00",
        "\ud800",
    )
)
texts = st.lists(pieces | st.text(max_size=20), max_size=8).map(" ".join)


@given(st.lists(st.tuples(st.text(max_size=8), texts), max_size=5), texts)
def test_every_passage_stands_in_its_section(parts: list[tuple[str, str]], question: str) -> None:
    text = a_full_text(*parts, ("", ""))
    found = passages(text, question)
    assert len(found) <= MOST
    assert len({quotation.text for quotation in found}) == len(found)
    for quotation in found:
        homes = [section.text for section in text.sections if without_foreign_links(section.heading, ANY) == quotation.section]
        lines = [" ".join(line.split()) for home in homes for line in home.split("\n")]
        assert quotation.text in {without_foreign_links(whole, ANY) for line in lines for whole in sentences(line)}


def test_half_a_megabyte_is_searched_in_half_a_second() -> None:
    line = "The agents were trained with a learning rate of 0.1 on one dataset of ours, as it is done often. " * 5
    text = a_full_text(*((f"{n} Section", "\n".join([line] * 100)) for n in range(10)))
    before = time.process_time()
    assert passages(text, "Which learning rates and datasets were agents trained with?")
    assert time.process_time() - before < 0.5


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not beside this checkout")
def test_a_sentence_of_a_real_paper_is_found_by_its_own_words() -> None:
    asked = found = 0
    for page in sorted(SHARED.rglob("*.html.gz"))[:12]:
        tree = LexborHTMLParser(gzip.decompress(page.read_bytes()).decode("utf-8", "replace"))
        lines = [" ".join(node.text().split()) for node in tree.css("p.ltx_p")]
        text = a_full_text(("", "\n".join(lines)))
        for line in [line for line in lines if 80 < len(line) < 300 and line.isascii()][:10]:
            asked += 1
            found += any(quotation.text in line for quotation in passages(text, line))
    assert asked > 50
    assert found >= 0.9 * asked
