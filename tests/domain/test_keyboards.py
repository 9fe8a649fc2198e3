"""Rows of buttons: within what a platform takes, whatever the numbers, and the way back is exact."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram_markup import rendered
from bot.domain.actions import MOST_BYTES, unpacked
from bot.domain.digest_layout import digest_message
from bot.domain.digests import Counts
from bot.domain.intake import Why
from bot.domain.keyboards import (
    MOST_A_ROW,
    Rows,
    card_row,
    in_rows,
    key_button,
    key_rows,
    page_rows,
    paper_rows,
    part_rows,
)
from bot.domain.links import public_links
from bot.domain.messages import Button
from bot.domain.papers import PaperKey, Scheme
from bot.domain.people import Mark, Vote
from bot.domain.subscriptions import Form
from bot.domain.words import Words
from bot.ports import Part
from bot.words import languages, words
from tests.builders import a_digest, a_notice, a_paper

EN = words("en")
NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
EVERY_MARK = [Mark(vote=vote, saved_at=saved_at) for vote in Vote for saved_at in (None, NOW)]
MOST_BELOW_CARD = 5  # of Discord, in one row
large = st.integers(1, 2**63 - 1)
speech = st.sampled_from(languages()).map(words)
marks = st.sampled_from(EVERY_MARK)


def buttons(rows: Rows) -> list[Button]:
    return [button for row in rows for button in row]


def labels(rows: Rows) -> list[list[str]]:
    return [[button.label for button in row] for row in rows]


def is_taken(rows: Rows) -> bool:
    """Whether all rows are short enough, and all that is behind buttons comes back as it was."""
    actions = [button.action for button in buttons(rows) if not button.url]
    is_short = all(0 < len(row) <= MOST_A_ROW for row in rows)
    return is_short and all(len(action.encode()) <= MOST_BYTES and unpacked(action) is not None for action in actions)


@given(st.integers(0, 120), st.integers(1, 8))
def test_rows_are_few_and_even_and_in_order(count: int, width: int) -> None:
    numbers = [Button(label=str(n), action=str(n)) for n in range(count)]
    rows = in_rows(numbers, width)
    assert buttons(rows) == numbers
    assert len(rows) == -(-count // width)
    assert not rows or max(map(len, rows)) - min(map(len, rows)) <= 1


@given(large, large, marks, speech)
def test_whatever_the_numbers_everything_fits_behind_a_button(digest: int, number: int, mark: Mark, said: Words) -> None:
    rows = paper_rows(digest, number, a_paper(), mark, said)
    assert is_taken(rows)
    opened = [unpacked(button.action) for button in buttons(rows) if button.action]
    assert all(action is not None and (action.number(0), action.number(1)) == (digest, number) for action in opened)
    assert is_taken(part_rows(digest, (number,), said, left_out=number))
    assert is_taken(page_rows(digest, (number,), page=2, pages=number + 2))
    below_card = card_row(digest, number, a_paper(), mark, said)
    assert is_taken((below_card,))
    assert len(below_card) == MOST_BELOW_CARD


@given(marks, speech)
def test_a_button_says_what_it_leads_to_so_that_a_second_tap_changes_nothing(mark: Mark, said: Words) -> None:
    up, down, save, _ = paper_rows(1, 2, a_paper(), mark, said)[1]
    leads = {button.label[0]: unpacked(button.action) for button in (up, down)}
    assert {sign: action.number(2) for sign, action in leads.items() if action} == {
        "👍": 0 if mark.vote is Vote.UP else 1,
        "👎": 0 if mark.vote is Vote.DOWN else -1,
    }
    saving = unpacked(save.action)
    assert saving is not None
    assert saving.number(2) == (0 if mark.saved_at else 1)
    assert [("✓" in button.label) for button in (up, down, save)] == [
        mark.vote is Vote.UP,
        mark.vote is Vote.DOWN,
        mark.saved_at is not None,
    ]


def test_the_buttons_of_a_paper_name_its_number_and_lead_to_its_pdf() -> None:
    rows = paper_rows(7, 3, a_paper(version=2), Mark(), EN)
    assert labels(rows) == [["Summary of 3", "Abstract", "PDF"], ["👍", "👎", "Save", "Back"]]
    assert [button.url for button in buttons(rows) if button.url] == ["https://arxiv.org/pdf/2601.00001v2"]


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (PaperKey(scheme=Scheme.ARXIV, value="2601.06521"), ["PDF", "👍", "👎", "Save"]),
        (PaperKey(scheme=Scheme.ARXIV, value="hep-th/9901001"), ["PDF", "👍", "👎", "Save"]),
        (PaperKey(scheme=Scheme.DOI, value="10.1000/xyz(1)"), ["DOI"]),
        (PaperKey(scheme=Scheme.DOI, value="10.1000/a b"), []),
        (PaperKey(scheme=Scheme.DOI, value="10.1000/" + "x" * 600), []),
        (PaperKey(scheme=Scheme.FILE, value="refs.bib:key"), []),
    ],
)
def test_a_paper_by_itself_has_only_buttons_that_fit(key: PaperKey, row: list[str]) -> None:
    rows = key_rows(a_paper(key=key), Mark(), EN)
    assert is_taken(rows)
    assert [button.label for button in buttons(rows)] == row
    button = key_button("1", key)
    assert (button is not None) == (key.scheme is Scheme.ARXIV)
    if button is not None:
        action = unpacked(button.action)
        assert action is not None
        assert (action.name, ".".join(action.args)) == ("kx", key.value)


@given(st.sampled_from(["2601.06521", "0704.0001", "math-ph/9901001", "acc-phys/9512001"]), st.integers(1, 999))
def test_every_arxiv_id_has_a_public_pdf_behind_its_button(value: str, version: int) -> None:
    paper = a_paper(key=PaperKey(scheme=Scheme.ARXIV, value=value), version=version)
    assert key_rows(paper, Mark(), EN)[0][0].url in {link.url for link in public_links(paper.key, version)}


def keyboard_of(part: Part) -> list[list[tuple[str, str]]]:
    return [[(button["text"], button["callback_data"]) for button in row] for row in json.loads(part.payload).get("keyboard", ())]


@given(st.sampled_from(Form), st.integers(0, 40), st.integers(0, 700), st.integers(0, 3000), st.integers(0, 8), speech)
@settings(max_examples=40, deadline=None)
def test_the_way_back_restores_the_buttons_of_each_part_as_they_were(
    form: Form, count: int, left_out: int, length: int, remarks: int, said: Words
) -> None:
    papers = [a_paper(arxiv_id=f"2601.{n:05}", abstract="word " * (length // 5)) for n in range(1, count + 1)]
    notices = tuple(a_notice(subject=f"{n}", detail="word " * 99, why=Why.BAD_ENTRY) for n in range(remarks))
    counts = Counts(found=count + left_out, matched=count + left_out, listed=count)
    digest = a_digest(*papers, counts=counts, notices=notices)
    parts = rendered(digest_message(digest, said, form=form, number=9))
    for part in parts:
        more = min(left_out, 500) if part is parts[-1] else None
        rows = part_rows(9, part.items, said, left_out=more)
        assert keyboard_of(part) == [[(button.label, button.action) for button in row] for row in rows]
