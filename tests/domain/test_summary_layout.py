"""What a reader is told of a summary: who wrote it, of how much, what it rests on, and the truth where there is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest_layout import digest_message
from bot.domain.digests import DigestItem
from bot.domain.findings import CheckedQuotation, Evidence, Figure, FigureState, Quotation
from bot.domain.layout import paper_message
from bot.domain.messages import Block, Bullets, Buttons, Item, Mark, Message, Paragraph, Span
from bot.domain.papers import Paper, TextOrigin
from bot.domain.summaries import Answer, Lack, Summary
from bot.domain.summary_layout import (
    answer_message,
    caution_line,
    counted_summaries,
    figures_line,
    lost_line,
    percent,
    quotes_lines,
    summary_mark,
)
from bot.domain.words import Words
from bot.words import words
from tests.builders import a_digest, a_paper, a_pick, a_seen, a_summary

EN = words("en")
CATALOGUES = tuple(map(words, ("en", "zh", "vi")))


def said(message: Message) -> str:
    return "\n".join(line for block in message.blocks for line in lines(block))


def lines(block: Block) -> tuple[str, ...]:
    match block:
        case Item(blocks=blocks):
            return tuple(line for inner in blocks for line in lines(inner))
        case Bullets(items=items):
            return tuple("- " + "".join(span.text for span in item) for item in items)
        case Buttons():
            return ()
        case _:
            return ("".join(span.text for span in block.spans),)


def some_evidence(found: int, *missing: str, computed: int = 0, quotes: tuple[tuple[str, str, bool], ...] = ()) -> Evidence:
    figures = [Figure(written=str(n), state=FigureState.FOUND) for n in range(found)]
    figures += [Figure(written=f"{n}x", state=FigureState.COMPUTED) for n in range(computed)]
    figures += [Figure(written=written, state=FigureState.MISSING) for written in missing]
    checked = [
        CheckedQuotation(quotation=Quotation(text=text, section=section), is_found=is_found) for text, section, is_found in quotes
    ]
    return Evidence(figures=tuple(figures), quotations=tuple(checked))


def written(
    *, origin: TextOrigin = TextOrigin.HTML, share: float = 1.0, lack: Lack | None = None, evidence: Evidence | None = None
) -> Summary:
    return a_summary(model="m-1", origin=origin, share=share, lack=lack, evidence=evidence)


@pytest.mark.parametrize(
    ("summary", "lack", "mark"),
    [
        (written(), None, "Written by m-1 from the full text (HTML)."),
        (written(share=0.824), None, "Written by m-1 from the full text (HTML), 82 % of it."),
        (written(share=0.9999), None, "Written by m-1 from the full text (HTML), 99 % of it."),
        (written(origin=TextOrigin.ABSTRACT), None, "Written by m-1 from the abstract."),
        (
            written(origin=TextOrigin.ABSTRACT, lack=Lack.NO_TEXT),
            None,
            "Written by m-1 from the abstract: neither HTML nor PDF could be read.",
        ),
        (
            written(origin=TextOrigin.ABSTRACT),
            Lack.BUDGET,
            "Written by m-1 from the abstract: the budget of the day has no room for the full text.",
        ),
        (a_summary(), None, "Extracted from the abstract, no model was asked."),
        (a_summary(), Lack.BUDGET, "Extracted from the abstract: the budget of the day is spent."),
        (a_summary(), Lack.READER_BUDGET, "Extracted from the abstract: your own budget of the day is spent."),
        (
            written(origin=TextOrigin.ABSTRACT, lack=Lack.READER_BUDGET),
            None,
            "Written by m-1 from the abstract: your own budget of the day has no room for the full text.",
        ),
        (None, None, "There is no summary; this is the abstract."),
        (
            None,
            Lack.UNREACHABLE,
            "No summary yet: the model did not answer. This is the abstract. It will be made in the next run.",
        ),
        (None, Lack.DECLINED, "No summary: the model would not write about this paper. This is the abstract."),
    ],
)
def test_the_mark_says_who_wrote_it_of_how_much_and_why_there_is_no_more(
    summary: Summary | None, lack: Lack | None, mark: str
) -> None:
    assert summary_mark(summary, a_paper(), EN, lack) == mark


@pytest.mark.parametrize("said_in", CATALOGUES, ids=lambda catalogue: catalogue.language)
@pytest.mark.parametrize("lack", Lack)
def test_every_lack_is_told_apart_from_all_others_in_every_place_and_language(lack: Lack, said_in: Words) -> None:
    for summary in (None, a_summary(), written(origin=TextOrigin.ABSTRACT)):
        marks = {each: summary_mark(summary, a_paper(), said_in, each) for each in (None, *Lack)}
        assert [each for each in marks if marks[each] == marks[lack]] == [lack]


def test_a_paper_without_abstract_and_summary_says_both() -> None:
    assert summary_mark(None, a_paper(abstract=""), EN, Lack.THROTTLED) == (
        "No summary yet: the model asked us to wait. There is no abstract. It will be made in the next run."
    )


@given(st.floats(min_value=0, max_value=1))
def test_only_all_of_a_text_is_a_hundred_percent(share: float) -> None:
    assert (percent(share) == 100) is (share == 1)
    assert 1 <= percent(share) <= 100


@pytest.mark.parametrize(
    ("evidence", "line"),
    [
        (None, ""),
        (some_evidence(0), ""),
        (some_evidence(12), "Figures: 12 of 12 in the text"),
        (some_evidence(9, computed=1), "Figures: 10 of 10 in the text"),
        (some_evidence(10, "37.5 %", "4x"), "Figures: 10 of 12 in the text; not there: 37.5 %, 4x"),
        (some_evidence(0, *map(str, range(11))), "Figures: 0 of 11 in the text; not there: 0, 1, 2, 3, 4, 5, 6, 7, 3 more"),
    ],
)
def test_the_figures_are_counted_and_those_that_are_not_there_named(evidence: Evidence | None, line: str) -> None:
    assert figures_line(evidence, EN) == line


@pytest.mark.parametrize(("evidence", "warns"), [(None, False), (some_evidence(9, "1"), False), (some_evidence(8, "1"), True)])
def test_a_summary_with_too_few_of_its_figures_in_the_text_warns(evidence: Evidence | None, warns: bool) -> None:
    assert bool(caution_line(evidence, EN)) is warns
    message = digest_message(a_digest(DigestItem(pick=a_pick(), summary=written(evidence=evidence))), EN)
    assert ("Caution: " in said(message)) is warns


QUOTED = some_evidence(1, quotes=(("It helps.", "4 Results", True), ("Never said.", "5", False), ("So it is.", "", True)))


def test_quotations_that_are_not_in_the_text_are_counted_and_never_shown() -> None:
    assert quotes_lines(QUOTED, EN) == ("“It helps.” (4 Results)", "“So it is.”")
    assert lost_line(QUOTED, EN) == "1 quotation was not found in the text and is left out."
    assert lost_line(some_evidence(1), EN) == ""


def test_one_paper_alone_shows_its_quotations_and_a_digest_only_its_figures() -> None:
    alone = said(paper_message(a_seen(), written(evidence=QUOTED), EN))
    assert "Quotes\n- “It helps.” (4 Results)\n- “So it is.”\nFigures: 1 of 1 in the text\n1 quotation was not found" in alone
    listed = said(digest_message(a_digest(DigestItem(pick=a_pick(), summary=written(evidence=QUOTED))), EN))
    assert "Figures: 1 of 1 in the text" in listed
    assert "It helps" not in listed
    assert "Never said" not in alone + listed


def test_a_missing_summary_never_looks_like_one() -> None:
    message = said(paper_message(a_seen(), None, EN, lack=Lack.QUOTA))
    assert "TL;DR" not in message
    assert "No summary yet: the account at the model's provider is used up." in message
    assert message.count(a_paper().abstract) == 1


def test_a_summary_that_says_nothing_shows_the_abstract_once() -> None:
    assert said(paper_message(a_seen(), a_summary(tldr="", fields=()), EN)).count(a_paper().abstract) == 1


def items(*made: tuple[Summary | None, Lack | None]) -> tuple[DigestItem, ...]:
    return tuple(DigestItem(pick=a_pick(), summary=summary, lack=lack) for summary, lack in made)


TROUBLED = items(
    *[(written(), None)] * 6,
    (written(origin=TextOrigin.ABSTRACT, lack=Lack.SITE), None),
    *[(a_summary(), Lack.BUDGET)] * 2,
    (None, Lack.UNREACHABLE),
)


def test_a_digest_that_lacks_summaries_counts_what_became_of_them() -> None:
    counted = (
        "6 written by m-1, 1 written by m-1 from the abstract alone (arXiv did not answer for the text), "
        "2 extracted from the abstract (the budget of the day is spent), 1 missing (the model did not answer)"
    )
    assert counted_summaries(a_digest(*TROUBLED), EN) == counted
    assert f"Summaries: {counted}" in said(digest_message(a_digest(*TROUBLED), EN))


@pytest.mark.parametrize(
    "made",
    [
        items((written(), None), (written(origin=TextOrigin.ABSTRACT, lack=Lack.NO_TEXT), None)),
        items((a_summary(), None)),
        items((None, None)),
        (),
    ],
)
def test_an_ordinary_day_counts_nothing(made: tuple[DigestItem, ...]) -> None:
    assert counted_summaries(a_digest(*made), EN) == ""
    assert "Summaries:" not in said(digest_message(a_digest(*made), EN))


lacks = st.none() | st.sampled_from(Lack)
summaries = st.one_of(st.none(), st.builds(written, origin=st.sampled_from(TextOrigin), lack=lacks), st.just(a_summary()))


@given(st.lists(st.tuples(summaries, lacks), max_size=9), st.sampled_from(CATALOGUES))
def test_the_counts_add_up_to_the_papers(made: list[tuple[Summary | None, Lack | None]], said_in: Words) -> None:
    counted = counted_summaries(a_digest(*items(*made)), said_in)
    parts = counted.split(said_in("counted.separator")) if counted else []
    numbers = [int(part.split(" ")[0]) for part in parts if part[:1].isdigit()]
    assert sum(numbers) == (len(made) if counted else 0)


def an_answer(
    *,
    model: str | None = "m-1",
    text: str = "It rose by 3 points.",
    is_in_text: bool = True,
    evidence: Evidence = QUOTED,
    share: float = 1.0,
    paper: Paper | None = None,
) -> Answer:
    return Answer(
        ref=a_summary().ref,
        question="How much did it <rise>?",
        language="en",
        model=model,
        origin=TextOrigin.PDF,
        text=text,
        is_in_text=is_in_text,
        evidence=evidence,
        share=share,
    )


def test_an_answer_comes_with_its_question_quotations_figures_and_what_was_read() -> None:
    assert said(answer_message(a_seen(), an_answer(share=0.5), EN)).split("\n") == [
        "A Notebook for Forgetful Assistants",
        "Question: How much did it <rise>?",
        "It rose by 3 points.",
        "Quotes",
        "- “It helps.” (4 Results)",
        "- “So it is.”",
        "Figures: 1 of 1 in the text",
        "1 quotation was not found in the text and is left out.",
        "Answered by m-1 from the full text (PDF), 50 % of it.",
    ]


UNSUPPORTED = "Caution: nothing in the text was found to support this answer."
UNTRUSTED = "Caution: too few of the figures below are in the text that was read."


@pytest.mark.parametrize(
    ("evidence", "cautions"),
    [
        (some_evidence(1, quotes=(("It helps.", "", True), ("Never said.", "", False))), []),
        (some_evidence(1, quotes=(("Never said.", "", False),)), [UNSUPPORTED]),
        (Evidence(), [UNSUPPORTED]),
        (some_evidence(0, "37.5 %", quotes=(("It helps.", "", True),)), [UNTRUSTED]),
        (some_evidence(0, "37.5 %"), [UNSUPPORTED, UNTRUSTED]),
    ],
)
def test_an_answer_that_rests_on_nothing_or_on_wrong_figures_is_doubted_above_it(evidence: Evidence, cautions: list[str]) -> None:
    message = answer_message(a_seen(), an_answer(evidence=evidence), EN)
    shown = said(message).split("\n")
    assert shown[2 : 2 + len(cautions) + 1] == [*cautions, "It rose by 3 points."]
    assert sum("Caution" in line for line in shown) == len(cautions)
    assert all(span.mark is Mark.BOLD for block in message.blocks[2:-1] for span in _spans(block) if "Caution" in span.text)


def _spans(block: Block) -> tuple[Span, ...]:
    return block.spans if isinstance(block, Paragraph) else ()


@pytest.mark.parametrize("text", ["", "The paper does not say, but 42 is likely."])
def test_an_answer_that_the_text_does_not_hold_is_not_given(text: str) -> None:
    assert said(answer_message(a_seen(), an_answer(text=text, is_in_text=False), EN)).split("\n")[2:] == [
        "The text does not hold the answer.",
        "Answered by m-1 from the full text (PDF).",
    ]


@pytest.mark.parametrize(
    ("lack", "is_in_text", "told"),
    [
        (None, True, "No model is set up."),
        (None, False, "No model is set up. No passage of the text holds your words."),
        (Lack.BUDGET, True, "No answer: the budget of the day is spent."),
        (Lack.THROTTLED, False, "No answer: the model asked us to wait. No passage of the text holds your words."),
    ],
)
def test_without_a_model_there_are_passages_and_the_reason(lack: Lack | None, is_in_text: bool, told: str) -> None:
    answer = an_answer(model=None, text="", is_in_text=is_in_text, evidence=QUOTED if is_in_text else Evidence())
    message = said(answer_message(a_seen(), answer, EN, lack=lack)).split("\n")
    assert message[2] == told
    assert ("These passages hold your words:" in message) is is_in_text
    assert ("- “It helps.” (4 Results)" in message) is is_in_text
    assert not [line for line in message if "Caution" in line]
    assert message[-1] == "What was searched: the full text (PDF)."
