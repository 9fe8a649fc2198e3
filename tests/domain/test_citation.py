"""Entries that BibTeX readers take back whole."""

import pytest
from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.citation import bibliography, bibtex_entry, cite_key
from bot.domain.papers import Link, LinkKind, PaperKey, Scheme
from tests.builders import a_paper


def read_back(entry: str) -> dict[str, str]:
    library = parse_string(entry)
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries) == 1
    (found,) = library.entries
    return {"kind": found.entry_type, "key": found.key} | {field.key: field.value for field in found.fields}


def test_a_paper_of_arxiv_is_read_back_whole() -> None:
    fields = read_back(bibtex_entry(a_paper()))
    assert fields == {
        "kind": "misc",
        "key": "example2026notebook",
        "title": "A Notebook for Forgetful Assistants",
        "author": "Ada Example and Bo Sample",
        "year": "2026",
        "eprint": "2601.00001",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.CL",
        "url": "https://arxiv.org/abs/2601.00001",
    }


def test_what_is_unknown_is_left_out() -> None:
    fields = read_back(bibtex_entry(a_paper(authors=(), categories=(), published_at=None)))
    assert fields.keys() == {"kind", "key", "title", "eprint", "archivePrefix", "url"}


def test_a_paper_in_a_journal_is_an_article_with_its_doi() -> None:
    fields = read_back(bibtex_entry(a_paper(journal_ref="J. Notes & Queries 7 (2026) 1-9", doi="10.1000/xyz")))
    assert fields["kind"] == "article"
    assert fields["journal"] == r"J. Notes \& Queries 7 (2026) 1-9"
    assert fields["doi"] == "10.1000/xyz"


def test_papers_that_are_not_on_arxiv_have_no_eprint() -> None:
    by_doi = read_back(bibtex_entry(a_paper(key=PaperKey(scheme=Scheme.DOI, value="10.1145/1.2"))))
    assert by_doi["doi"] == "10.1145/1.2"
    assert by_doi["url"] == "https://doi.org/10.1145/1.2"
    assert "eprint" not in by_doi
    page = Link(kind=LinkKind.PAGE, url="https://example.org/paper")
    in_file = read_back(bibtex_entry(a_paper(key=PaperKey(scheme=Scheme.FILE, value="x"), links=(page,))))
    assert in_file["url"] == page.url


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (r"Schr\"odinger's $\mathcal{O}(n_1)$ Cat", r"Schr\"odinger's $\mathcal{O}(n_1)$ Cat"),
        ("10% of R&D with snake_case #1", r"10\% of R\&D with snake\_case \#1"),
        (r"10\% of it", r"10\% of it"),
        ("From $5 to $10", r"From \$5 to \$10"),
        ("An open { brace", "An open ( brace"),
    ],
)
def test_titles_keep_their_tex_and_escape_the_rest(title: str, expected: str) -> None:
    assert read_back(bibtex_entry(a_paper(title=title)))["title"] == expected


def test_a_collaboration_stays_one_author() -> None:
    assert read_back(bibtex_entry(a_paper(authors=("Nuts and Bolts Team", "A B"))))["author"] == "{Nuts and Bolts Team} and A B"


def test_keys_are_plain_letters() -> None:
    assert cite_key(a_paper(authors=(r"Kurt G\"odel",), title="On the $\\alpha$-Émigré")) == "godel2026emigre"


@given(title=st.text(min_size=1), name=st.text(min_size=1))
def test_no_title_or_name_breaks_the_entry(title: str, name: str) -> None:
    fields = read_back(bibtex_entry(a_paper(title=title, authors=(name,))))
    assert fields["eprint"] == "2601.00001"


HOSTILE = (
    "@article{x,",
    "@comment(",
    "@",
    "\\",
    "{",
    "}",
    "\\{",
    "\\}",
    '"',
    ",",
    "=",
    "title = {",
    "$",
    "%",
    "#",
    " and ",
    "\n",
    "\x85",
)
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=12).map("".join)


@given(title=TEXTS, name=TEXTS, journal=TEXTS, doi=TEXTS, page=TEXTS)
def test_no_paper_spoils_the_file_that_it_is_in(title: str, name: str, journal: str, doi: str, page: str) -> None:
    link = Link(kind=LinkKind.PAGE, url=page)
    hostile = a_paper(arxiv_id="2601.00002", title=title, authors=(name,), journal_ref=journal, doi=doi, links=(link,))
    library = parse_string(bibliography([a_paper(), hostile, a_paper(arxiv_id="2601.00003")]))
    assert not library.failed_blocks
    assert len(library.blocks) == len(library.entries)
    assert [entry.fields_dict["eprint"].value for entry in library.entries] == ["2601.00001", "2601.00002", "2601.00003"]


def test_papers_of_one_author_year_and_word_get_keys_of_their_own() -> None:
    papers = [a_paper(arxiv_id=f"2601.0000{number}") for number in (1, 2, 3)]
    keys = [entry.key for entry in parse_string(bibliography(papers)).entries]
    assert keys == ["example2026notebook", "example2026notebook2", "example2026notebook3"]
