"""A digest that makes up for lost days says so, and marks what an earlier one could not deliver: in every format and in chat."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest_layout import digest_message
from bot.domain.digests import Digest
from bot.domain.layout import catchup_line
from bot.reports import report
from bot.words import languages, words
from tests.builders import a_digest, a_paper, a_pick, a_seen
from tests.domain.test_layout import text_of
from tests.reports.test_formats import PAGES, read
from tests.reports.test_json import VALIDATOR

EN = words("en")
SPAN = (date(2026, 11, 19), date(2026, 11, 21))
LINE = "Catch-up: this stands for the digests of 2026-11-19 to 2026-11-21 (3 days), which could not come in time."
LATE = "late: an earlier digest could not be delivered"


def a_catchup(span: tuple[date, date] | None = SPAN) -> Digest:
    """Two papers, of which an earlier digest had the second."""
    late = replace(a_pick(a_seen(a_paper(arxiv_id="2601.00002", title="The Second"))), is_late=True)
    return replace(a_digest(a_pick(), late), makes_up_for=span)


@pytest.mark.parametrize("form", PAGES)
def test_every_page_says_which_days_it_stands_for_and_marks_what_is_late(form: str) -> None:
    page = read(report(a_catchup(), form, EN))
    assert LINE in page
    before, _, behind = page.partition(LINE)
    assert "1. " not in before  # under the head, above the papers
    assert LATE in behind.partition("The Second")[2]
    assert LATE not in read(report(a_digest(a_pick()), form, EN))
    assert "Catch-up" not in read(report(a_digest(a_pick()), form, EN))


def test_a_chat_says_it_under_the_head_and_on_the_paper() -> None:
    blocks = text_of(digest_message(a_catchup(), EN)).split("\n")
    assert blocks[2] == LINE
    assert [LATE in block for block in blocks[3:5]] == [False, True]


def test_json_holds_both_and_obeys_its_schema() -> None:
    for span, told in ((SPAN, ["2026-11-19", "2026-11-21"]), (None, None)):
        values = json.loads(report(a_catchup(span), "json", EN))
        assert [error.message for error in VALIDATOR.iter_errors(values)] == []
        assert values["makes_up_for"] == told
        assert [paper["is_late"] for paper in values["papers"]] == [False, True]


@given(first=st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 1, 1)), days=st.integers(min_value=1, max_value=40))
def test_the_line_counts_both_ends_in_every_language(first: date, days: int) -> None:
    last = first + timedelta(days=days - 1)
    for language in languages():
        line = catchup_line(a_catchup((first, last)), words(language))
        assert first.isoformat() in line
        assert (last.isoformat() in line) or days == 1
        assert (f"{days} " in line or f"{days}）" in line) or days == 1


def test_other_digests_have_no_such_line() -> None:
    assert catchup_line(a_digest(), EN) == ""
