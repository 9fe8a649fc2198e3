"""The summary with no key says what the abstract says, in the abstract's own sentences, and no more."""

import json
import lzma
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.latex import to_unicode
from bot.domain.papers import TextOrigin
from bot.domain.summaries import Summary
from bot.summarizers.extractive import Extractive, extracted
from bot.summarizers.sentences import sentences
from tests.builders import a_paper, a_text

CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpora" / "arxiv_cs_2026-02_to_2026-07.jsonl.xz"

PROBLEM = "However, language models still struggle to remember what was said an hour ago."
METHOD = "We propose a notebook that the model writes to and reads from between turns."
DETAIL = "Each page is indexed by the speaker and by the topic of the turn."
RESULT = "Experiments on three benchmarks show that recall improves by 12.5% at no extra cost."
BOILERPLATE = "Our code is available at https://github.com/example/notebook."


def squeezed(text: str) -> str:
    return " ".join(to_unicode(text).split())


async def summary_of(abstract: str, *, language: str = "en") -> Summary:
    paper = a_paper(abstract=abstract)
    return await Extractive().summarize(paper, a_text(paper), "card", language)


async def test_the_tldr_says_what_was_done_and_the_points_say_why_how_and_with_what_result() -> None:
    summary = await summary_of(f"{PROBLEM} {METHOD} {DETAIL} {RESULT}")
    assert summary.tldr == METHOD
    assert summary.fields[0].points == (PROBLEM, DETAIL, RESULT)


async def test_a_summary_says_that_no_model_wrote_it_and_what_was_read() -> None:
    summary = await summary_of(METHOD)
    assert (summary.model, summary.origin, summary.style, summary.language) == (None, TextOrigin.ABSTRACT, "card", "en")


async def test_where_the_code_lies_is_no_point() -> None:
    summary = await summary_of(f"{PROBLEM} {METHOD} {RESULT} {BOILERPLATE}")
    assert BOILERPLATE not in (summary.tldr, *summary.fields[0].points)


async def test_a_paper_without_an_abstract_has_no_tldr_and_no_points() -> None:
    summary = await summary_of("")
    assert (summary.tldr, summary.fields) == ("", ())


async def test_one_sentence_is_the_tldr_and_is_not_said_twice() -> None:
    summary = await summary_of(METHOD)
    assert (summary.tldr, summary.fields) == (METHOD, ())


async def test_tex_is_unicode() -> None:
    summary = await summary_of(r"We propose to follow Schr\"odinger in $\mathcal{O}(n^2)$ steps.")
    assert summary.tldr == "We propose to follow Schrödinger in O(n²) steps."


abstracts = st.lists(
    st.sampled_from([PROBLEM, METHOD, DETAIL, RESULT, BOILERPLATE, "See Fig. 3.", "Is it so?", r"We get $x^2$, e.g. Here."])
    | st.text(max_size=80),
    max_size=9,
).map(" ".join)


@given(abstracts)
def test_every_sentence_stands_in_the_abstract_word_for_word(abstract: str) -> None:
    extract = extracted(abstract)
    whole = sentences(squeezed(abstract))
    said = [text for text in (extract.tldr, *extract.points) if text]
    assert all(text in whole for text in said)
    assert len(said) == len(set(said)) <= 4
    assert extract.tldr or not whole


@given(abstracts)
def test_points_keep_the_order_of_the_abstract(abstract: str) -> None:
    whole = sentences(squeezed(abstract))
    places = [whole.index(point) for point in extracted(abstract).points]
    assert places == sorted(places)


@pytest.mark.skipif(not CORPUS.exists(), reason="../shared/data is not here")
def test_a_day_of_715_real_abstracts_takes_less_than_half_a_second_of_cpu() -> None:
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        real = [json.loads(line)["summary"] for line, _ in zip(lines, range(715), strict=False)]
    before = time.process_time()
    extracts = [extracted(abstract) for abstract in real]
    assert time.process_time() - before < 0.5
    assert sum(len(extract.points) == 3 for extract in extracts) > 700


def test_a_day_of_built_abstracts_is_as_fast() -> None:
    abstract = " ".join((PROBLEM, METHOD, DETAIL, DETAIL.lower(), RESULT, BOILERPLATE) * 2)
    before = time.process_time()
    for _ in range(715):
        extracted(abstract)
    assert time.process_time() - before < 0.5


def test_a_tldr_does_not_go_on_from_a_sentence_that_is_not_there() -> None:
    abstract = (
        "Figures are hard to edit. We instantiate an idea of ours in Crafter, a harness for figures. "
        "Moreover, we introduce CraftBench, a novel benchmark of figures."
    )
    assert extracted(abstract).tldr.startswith("We instantiate")
