"""From lines on pages to sections, on PDFs written for it and read by PDFium itself."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.readers.pdf_lines import Line
from bot.readers.pdf_pages import read_pages
from bot.readers.pdf_sections import Section, sections
from tests.pdfs import ONE_COLUMN, TWO_COLUMNS, Column, Text, a_paper_pdf, a_pdf, prose

REFERENCES = "\n\n".join(
    f"[{n}] A. Author and B. Writer. On the matter of {prose(6, start=n)} Journal, 2019." for n in range(1, 25)
)
PARTS = [
    ("Abstract", prose(90)),
    ("1 Introduction", f"{prose(300, start=1)}\n\n{prose(150, start=2)}"),
    ("2 Method", prose(60, start=3)),
    ("2.1 Reading small models", prose(260, start=4)),
    ("3 Results", prose(200, start=1)),
    ("Acknowledgements", "We thank everybody who reads."),
    ("References", REFERENCES),
    ("A Details of training", prose(120, start=2)),
]


def read(content: bytes) -> tuple[Section, ...]:
    return sections(read_pages(content).pages)


def headings(content: bytes) -> list[str]:
    return [heading for heading, _ in read(content)]


def words(found: tuple[Section, ...] | list[Section]) -> list[str]:
    return " ".join(text for _, text in found).split()


@pytest.mark.parametrize("columns", [ONE_COLUMN, TWO_COLUMNS], ids=["one column", "two columns"])
def test_a_paper_comes_in_sections_in_reading_order_without_its_references(columns: tuple[Column, ...]) -> None:
    kept = [part for part in PARTS if part[0] != "References"]
    found = read(a_paper_pdf(PARTS, columns=columns, head="Small Models, 2026"))
    assert [heading for heading, _ in found] == [heading for heading, _ in kept]
    assert words(found) == words(kept)


@pytest.mark.parametrize(
    "names",
    [
        ["1. Introduction", "2. Data", "3. Results"],
        ["I. INTRODUCTION", "A. First letters", "B. Second letters", "II. METHOD", "A. Once more", "III. RESULTS"],
        ["1 Introduction", "1.1 Aims", "1.1.1 Deeper", "2 Data", "2.2 One was missed", "A Proofs", "A.1 First lemma", "B More"],
        ["Introduction", "Methods", "Results", "Discussion", "Data availability"],
        ["1 INTRODUCTION", "2 RELATED WORK", "APPENDIX A: PROOFS", "Appendix B: More of them"],
    ],
    ids=["dots", "Roman", "inside", "named", "appendices"],
)
def test_headings_are_known_by_their_numbers_and_names(names: list[str]) -> None:
    found = headings(a_paper_pdf([(name, prose(120, start=place)) for place, name in enumerate(names)]))
    assert [name.replace(".", "").casefold() for name in found] == [name.replace(".", "").casefold() for name in names]


def test_numbers_that_do_not_count_are_no_headings() -> None:
    parts = [
        ("1 Introduction", prose(100)),
        ("7 Apples and pears", prose(100)),
        ("2 Method", prose(100)),
        ("3 Results", prose(50)),
    ]
    assert headings(a_paper_pdf(parts)) == ["1 Introduction", "2 Method", "3 Results"]


def test_a_list_in_the_text_is_no_heading_where_headings_stand_out() -> None:
    page, y = [], 720.0
    for n in range(1, 5):
        page.append(Text(text=f"{n} Section of text", y=y, size=12, is_bold=True))
        page.extend(Text(text=prose(12, start=n), y=y - 20 - 12 * row) for row in range(4))
        page.append(Text(text=f"{n + 1}. An item set apart", y=y - 90))
        y -= 130
    assert headings(a_pdf(page)) == [f"{n} Section of text" for n in range(1, 5)]


def test_a_table_of_contents_is_no_row_of_headings() -> None:
    names = ["1 Introduction", "2 Method", "3 Results", "4 Conclusion"]
    contents = [(f"{name} {page}", "") for page, name in enumerate(names, 2)]
    parts = [("Abstract", prose(80)), ("Contents", ""), *contents, *((name, prose(200, start=len(name))) for name in names)]
    assert headings(a_paper_pdf(parts)) == ["Abstract", *names]


def test_a_paper_without_headings_is_one_section() -> None:
    ((heading, text),) = read(a_paper_pdf([("", prose(400))]))
    assert heading == ""
    assert text.split() == prose(400).split()


def test_an_abstract_without_a_heading_gets_one_and_authors_go() -> None:
    front = [
        Text(text="On Small Models", y=720, size=17),
        Text(text="Ada Example and Bo Sample", y=695, size=12),
        Text(text="1 Department of Examples, University of Samples", y=675),
        *(Text(text=line, y=640 - 12 * n) for n, line in enumerate(textwrap.wrap(prose(80), 88))),
        Text(text="I. INTRODUCTION", y=540, is_bold=True),
        *(Text(text=prose(12, start=n), y=515 - 12 * n) for n in range(20)),
    ]
    found = read(a_pdf(front))
    assert [heading for heading, _ in found] == ["Abstract", "I INTRODUCTION"]
    assert "Ada" not in found[0][1]
    assert "University" not in found[0][1]


def test_references_without_a_heading_are_found_by_their_count() -> None:
    parts = [("I. INTRODUCTION", prose(200)), ("II. METHOD", f"{prose(200)} [1] and [2] say so.\n\n{REFERENCES}")]
    assert not [text for _, text in read(a_paper_pdf(parts)) if "A. Author" in text]


def test_running_heads_page_numbers_and_the_stamp_are_dropped() -> None:
    rows = [[Text(text=f"{prose(11, start=n + row)} {n}", y=700 - 12 * row) for row in range(40)] for n in range(8)]
    stamp = Text(text="arXiv:2601.00001v1 [cs.CL] 5 Jan 2026", x=30, y=250, size=20, is_turned=True)
    pages = [
        [Text(text="Ada Example et al." if n % 2 else "Small Models", y=755), *page, Text(text=f"{n + 1}", x=300, y=35)]
        for n, page in enumerate(rows)
    ]
    text = " ".join(text for _, text in read(a_pdf([stamp, *pages[0]], *pages[1:])))
    assert text.split() == " ".join(line.text for page in rows for line in page).split()


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("apart", [True, False], ids=["beside", "before"])
def test_line_numbers_of_review_templates_are_dropped(step: int, apart: bool) -> None:
    body = [prose(11, start=row) for row in range(50)]
    page = []
    for row, line in enumerate(body):
        y, number = 710 - 12 * row, f"{row + 1:03}" if (row + 1) % step == 0 else ""
        if number and apart:
            page.append(Text(text=number, x=40, y=y, size=7))
        page.append(Text(text=line if apart or not number else f"{number} {line}", y=y))
    found = read(a_pdf(page, [Text(text=prose(11), y=600)]))
    assert words(found) == [*" ".join(body).split(), *prose(11).split()]


def test_words_cut_at_line_ends_are_whole_and_paragraphs_go_on_over_pages() -> None:
    lines = ["We learn from small exam-", "ples that a careful", "teacher ex-"]
    text = read(a_pdf([Text(text=line, y=700 - 12 * n) for n, line in enumerate(lines)], [Text(text="plains to us.", y=700)]))
    assert text == (("", "We learn from small examples that a careful teacher explains to us."),)


def test_a_note_comes_after_the_paragraph_that_it_interrupts() -> None:
    first = [Text(text="This sentence is long and goes on", y=112), Text(text="1 A note at the foot.", y=80, size=7)]
    filler = [Text(text=prose(12, start=n), y=700 - 12 * n) for n in range(20)]
    ((_, text),) = read(a_pdf([*filler, *first], [Text(text="on the page after it.", y=700), *filler[1:]]))
    assert "goes on on the page after it." in text
    assert "1 A note at the foot." in text.split("\n\n")


def test_licence_and_proceedings_are_no_text() -> None:
    notice = "Permission to make digital or hard copies of all or part of this work is granted without fee."
    parts = [("Abstract", prose(60)), ("1 Introduction", f"{prose(120)}\n\n{notice}\n\n{prose(60, start=3)}")]
    text = " ".join(text for _, text in read(a_paper_pdf(parts)))
    assert "hard copies" not in text
    assert text.split() == words([("", body.replace(notice, "")) for _, body in parts])


LINES = st.builds(
    Line,
    text=st.one_of(
        st.text(min_size=1, max_size=40).filter(str.strip),
        st.sampled_from(
            ["1 Introduction", "Abstract", "References", "[1] A", "Contents", "A.1 Proof", "II. METHOD", "exam\ufffeple", "12"]
        ),
    ),
    size=st.sampled_from([0.0, 7.0, 10.0, 12.0]),
    left=st.integers(-50, 700).map(float),
    bottom=st.integers(-50, 800).map(float),
    top=st.integers(-50, 800).map(float),
    right=st.integers(-50, 700).map(float),
    end_bottom=st.integers(-50, 800).map(float),
    end_top=st.integers(-50, 800).map(float),
    is_bold=st.booleans(),
    ends_bold=st.booleans(),
    is_turned=st.booleans(),
)


@given(st.lists(st.lists(LINES, max_size=12).map(tuple), max_size=6))
@settings(deadline=None)
def test_whatever_stands_on_pages_becomes_sections(pages: list[tuple[Line, ...]]) -> None:
    found = sections(pages)
    shown = {letter for page in pages for line in page for letter in line.text}
    assert all(text for _, text in found)
    assert {letter for section in found for text in section for letter in text} <= shown | set("Abstract References-\n ")
