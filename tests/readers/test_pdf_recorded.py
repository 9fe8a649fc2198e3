"""The recorded PDFs beside the checkout (../shared): counts only, never a sentence. Their twins on made PDFs are test_pdf*.py."""

import gzip
from pathlib import Path

import pytest

from tests.bench_reading_pdf import SHARED, Reading, held, pairs, readings, recorded

pytestmark = [
    pytest.mark.skipif(not (SHARED / "fulltext2/pdf").is_dir(), reason="../shared/data is not beside this checkout"),
    pytest.mark.timeout(240),  # 42 children, on machines that have others to look after
]

# How many are found, so that a change that loses some is seen.
HEADINGS = {
    "0801.0012": 11,  # Roman numbers, two appendices with two headings inside
    "1512.03905": 8,  # capitals, no numbers
    "2202.00535v1": 21,  # no numbers, bold
    "2510.13790": 23,  # from a word processor
    "2510.14943": 23,  # appendices A to I
    "9108004": 14,  # TeX of 1991; one of its headings is missed
}
# What stands in the HTML and not in the PDF's text are names and addresses of authors, and the names in citations.
LEAST_HELD = 0.9


@pytest.fixture(scope="module")
def read() -> dict[Path, Reading]:
    return dict(zip(recorded(), readings(recorded(), rounds=1), strict=True))


def test_every_recorded_pdf_is_read_copy_protected_and_with_empty_pages_too(read: dict[Path, Reading]) -> None:
    assert len(read) == 42
    assert {reading.name: reading.verdict for reading in read.values() if reading.verdict != "read"} == {}
    assert min(reading.words for reading in read.values()) > 500


def test_nearly_every_recorded_paper_has_headings(read: dict[Path, Reading]) -> None:
    without = {reading.name for reading in read.values() if not reading.headings}
    assert without == {"1903.10676", "1805.05865"}  # a single page; a letter without any
    counted = {reading.name: reading.headings for reading in read.values() if reading.name in HEADINGS}
    assert counted == HEADINGS


def test_no_recorded_paper_keeps_its_list_of_references(read: dict[Path, Reading]) -> None:
    assert max(reading.listed_references for reading in read.values()) <= 3


def test_no_recorded_text_holds_marks_of_pdfium_or_the_stamp(read: dict[Path, Reading]) -> None:
    texts = [text for reading in read.values() for section in reading.sections for text in section]
    assert not [letter for text in texts for letter in text if letter == "\ufffe" or (letter < " " and letter != "\n")]
    assert not [text for text in texts if text.startswith("arXiv:")]


def test_the_pdf_holds_the_words_of_the_html_of_the_same_paper(read: dict[Path, Reading]) -> None:
    shares = {pdf.stem: held(read[pdf], gzip.decompress(page.read_bytes())) for pdf, page in pairs()}
    assert len(shares) == 10
    assert {name: share for name, share in shares.items() if share < LEAST_HELD} == {}
