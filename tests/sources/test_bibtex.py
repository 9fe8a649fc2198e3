"""BibTeX files as people have them: nothing is lost, everything odd is reported with its line, and arXiv is asked sparingly."""

import contextlib
import lzma
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.intake import Notice, Page, Wanted, Why
from bot.domain.papers import LinkKind, Paper, PaperRef, Scheme, Sighting
from bot.errors import BadFile, BrokenPage, SourceThrottled, SourceUnreachable
from bot.sources.bibtex import BibtexFile
from bot.sources.bibtex_entries import MAX_ENTRIES, BibEntry, read_entries
from bot.sources.bibtex_papers import arxiv_ref, authors, own_key, own_paper, title_to_search
from bot.sources.bibtex_text import MAX_BYTES, decode
from bot.sources.bibtex_values import MAX_VALUE_CHARS
from tests.builders import a_paper

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "bib"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason=f"no real files at {REAL}")

NOW = datetime(2026, 6, 2, 15, tzinfo=UTC)
ANY_DAY = Wanted(since=date(2026, 6, 2), until=date(2026, 6, 2))


class Shelf:
    """arXiv as far as `find` goes: some papers, and a log of what it was asked; `falls` after so many questions."""

    def __init__(self, *papers: Paper, falls: Exception | None = None, after: int = 0) -> None:
        self._papers, self._falls, self._after = papers, falls, after
        self.ids: list[tuple[str, ...]] = []
        self.titles: list[str] = []

    async def __call__(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        if self._falls and len(self.ids) + len(self.titles) >= self._after:
            raise self._falls
        if title:
            self.titles.append(title)
            return tuple(paper for paper in self._papers if paper.title.lower() == title.lower())[:1]
        self.ids.append(tuple(str(ref) for ref in refs))
        keys = [ref.key for ref in refs]
        return tuple(paper for paper in self._papers if paper.key in keys)


Write = Callable[[str | bytes], Path]


@pytest.fixture
def bib(tmp_path: Path) -> Write:
    """Writes refs.bib."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "refs.bib"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


async def _pages(path: Path, shelf: Shelf | None = None, *, searches: int = 20) -> list[Page]:
    source = BibtexFile(path, shelf or Shelf(), lambda: NOW, max_title_searches=searches)
    return [page async for page in source.fetch(ANY_DAY)]


def _papers(pages: Sequence[Page]) -> list[Paper]:
    return [paper for page in pages for paper in page.papers]


def _sightings(pages: Sequence[Page]) -> list[Sighting]:
    return [sighting for page in pages for sighting in page.sightings]


def _notices(pages: Sequence[Page], why: Why) -> list[Notice]:
    return [notice for page in pages for notice in page.notices if notice.why is why]


def _one(text: str) -> BibEntry:
    [entry] = read_entries(text).entries
    return entry


def _entry(**fields: str) -> BibEntry:
    return BibEntry(line=1, kind="article", key="k", fields=fields)


# Entries in every shape.


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("@article{k, title = {Plain}}", "Plain"),
        ("@ARTICLE{k, TITLE = {Plain}}", "Plain"),
        ("@article(k, title = {In (round) ones})", "In (round) ones"),
        ('@article{k, title = "In quotes"}', "In quotes"),
        ('@article{k, title = "A {"}quoted{"} word"}', 'A {"}quoted{"} word'),
        ('@article{k, title = {A "quoted" word}}', 'A "quoted" word'),
        ("@article{k, title = {Nested {deep {er}} braces}}", "Nested {deep {er}} braces"),
        ("@article{k, title = {{All of it}}}", "All of it"),
        ("@article{k, title = {{One} and {Two}}}", "{One} and {Two}"),
        ("@article{k, title = {Schr{\\\"o}dinger's \\'etude}}", "Schr{\\\"o}dinger's \\'etude"),
        ("@article{k,\n  title = {Over\n     two lines}}", "Over two lines"),
        ('@string{gn = "Notebook"}\n@article{k, title = "A " # gn # { of Notes}}', "A Notebook of Notes"),
        ("@STRING(GN = {Notebook})\n@article{k, title = gn}", "Notebook"),
        ('@string{a = "x"}\n@string{b = a # "y"}\n@article{k, title = b # "z"}', "xyz"),
        ("@article{k, title = {Mail me @ home, or b@c.d {x}}}", "Mail me @ home, or b@c.d {x}"),
        ("@article{k, title = unknown # { macro}}", "unknown macro"),
        ("@article{k, title = {50\\% of a = b}}", "50\\% of a = b"),
        ("@article{k,\n title = {One\n% a comment of the file\n Two}}", "One Two"),
        ("free text, with @ signs\nmail me@home (or not)\n@article{k, title = {T}}\nmore = {text}", "T"),
        ('@comment{ anything {here} }\n@preamble{"\\newcommand"}\n@article{k, title = {T}}', "T"),
        ("@comment{ unclosed\n@article{k, title = {T}}", "T"),
        ("\r\n@article{k,\r\n title = {T}\r\n}\r\n", "T"),
        ("  @ article {k, title = {T}}", "T"),
    ],
)
def test_what_bibtex_allows_is_read_as_it_stands(text: str, title: str) -> None:
    entry = _one(text)
    assert (entry.kind, entry.key, entry.get("title")) == ("article", "k", title)


DAMAGED = {
    "no comma between fields": "@article{k, title = {First}\n year = {2001}\n}",
    "no comma after the key": "@article{k title = {First}, year = {2001}}",
    "no comma after the key, new line": "@article{k\n title = {First},\n year = {2001}}",
    "entry not closed": "@article{k,\n title = {First},\n year = {2001}\n",
    "brace not closed": "@article{k,\n title = {First,\n year = {2001}\n}",
    "quote not closed": '@article{k,\n title = "First,\n year = "2001"\n}',
    "a brace too many": "@article{k,\n title = {First}},\n year = {2001}\n}",
    "a backslash before the brace": "@article{k,\n title = {First \\\\},\n year = {2001}\n}",
    "a field given twice": "@article{k,\n title = {First},\n title = {Other},\n year = {2001}\n}",
    "a field given twice in other letters": "@article{k,\n title = {First},\n Title = {Other},\n year = {2001}\n}",
    "junk between fields": "@article{k,\n title = {First}, ???, year = {2001}\n}",
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_entry_is_saved_and_reported_and_its_neighbours_are_whole(what: str) -> None:
    text = "@book{a, title = {Before}}\n\n" + DAMAGED[what] + "\n\n@book{z, title = {After}}\n"
    before, entry, after = read_entries(text).entries
    assert (before.get("title"), before.problems, after.get("title"), after.problems) == ("Before", (), "After", ())
    assert (entry.line, entry.key, entry.get("year")) == (3, "k", "2001")
    assert entry.get("title").rstrip("\\ ") == "First"
    assert entry.problems


@pytest.mark.parametrize("name", ["title", "Title"])
def test_a_field_given_twice_is_named_and_the_first_counts(name: str) -> None:
    entry = _one(f"@article{{k, title = {{First}}, {name} = {{Other}}, year = 2001}}")
    assert (entry.get("title"), entry.problems) == ("First", ("field title is repeated",))


def test_an_entry_without_a_key_keeps_its_fields() -> None:
    entry = _one("@article{title = {First}, year = 2001}")
    assert (entry.key, entry.get("title"), entry.get("year")) == ("", "First", "2001")


def test_two_entries_on_one_line_are_two() -> None:
    assert [e.key for e in read_entries("@article{a, title = {A}}@article{b, title = {B}} @book{c, title = {C}}").entries] == [
        *"abc"
    ]


def test_a_repeated_key_loses_nothing() -> None:
    first, second = read_entries("@article{k, title = {One}}\n@article{k, title = {Two}}").entries
    assert (first.get("title"), second.get("title")) == ("One", "Two")
    assert second.problems == ("the key stands on line 1 too",)


@pytest.mark.parametrize("text", ["@article{k}", "@article{k,}", "@article{}", "@article{k, title}"])
def test_an_entry_without_fields_is_skipped_with_its_line(text: str) -> None:
    found = read_entries("\n\n" + text)
    assert found.entries == ()
    assert [skipped.line for skipped in found.skipped] == [3]


def test_an_entry_inherits_from_its_crossref_but_never_its_ids_or_title() -> None:
    parent = "@proceedings{p, title = {Proceedings of X}, year = 2001, doi = {10.1000/whole}, url = {http://x.org}}"
    child, _ = read_entries("@inproceedings{k, title = {Talk}, crossref = {P}}\n" + parent).entries
    assert {**child.fields} == {"title": "Talk", "crossref": "P", "booktitle": "Proceedings of X", "year": "2001"}


@pytest.mark.parametrize("target", ["k", "nowhere"])
def test_a_crossref_to_itself_or_nowhere_is_survived(target: str) -> None:
    assert _one(f"@article{{k, title = {{T}}, crossref = {{{target}}}}}").get("title") == "T"


def test_lines_are_counted_through_escaped_line_ends_and_windows_ones() -> None:
    text = "text \\\r\nmore \\\r\n@article{a, title = {A \\\r\n b}}\r\n\r\n@article{b, title = {B}}"
    assert [entry.line for entry in read_entries(text).entries] == [3, 6]


def test_macros_that_grow_without_end_stop() -> None:
    macros = "".join(f"@string{{m{n} = m{n - 1} # m{n - 1} # m{n - 1} # m{n - 1}}}\n" for n in range(1, 60))
    entry = _one('@string{m0 = "0123456789"}\n' + macros + "@article{k, title = m59, note = m59 # m58}")
    assert len(entry.get("title")) <= MAX_VALUE_CHARS


# The id on arXiv, wherever it hides.


@pytest.mark.parametrize(
    ("fields", "ref"),
    [
        ({"eprint": "1706.03762", "archiveprefix": "arXiv"}, "arxiv:1706.03762"),
        ({"eprint": "1706.03762v5", "eprinttype": "arxiv", "eprintclass": "cs.CL"}, "arxiv:1706.03762v5"),
        ({"eprint": "arXiv:1706.03762"}, "arxiv:1706.03762"),
        ({"eprint": "1706.03762"}, "arxiv:1706.03762"),
        ({"eprint": "9901001", "primaryclass": "hep-th"}, "arxiv:hep-th/9901001"),
        ({"eprint": "9901001", "archiveprefix": "arXiv", "primaryclass": "hep-th"}, "arxiv:hep-th/9901001"),
        ({"eprint": "0309136", "eprintclass": "math.GT", "eprinttype": "arxiv"}, "arxiv:math/0309136"),
        ({"eprint": "9901001", "archiveprefix": "hep-th"}, "arxiv:hep-th/9901001"),
        ({"eprint": "hep-th/9901001"}, "arxiv:hep-th/9901001"),
        ({"arxivid": "1706.03762"}, "arxiv:1706.03762"),
        ({"url": "http://arxiv.org/abs/1706.03762v2"}, "arxiv:1706.03762v2"),
        ({"url": "https://huggingface.co/papers/1706.03762"}, "arxiv:1706.03762"),
        ({"doi": "10.48550/ARXIV.1706.03762"}, "arxiv:1706.03762"),
        ({"doi": "https://doi.org/10.48550/arXiv.1706.03762"}, "arxiv:1706.03762"),
        ({"note": "arXiv preprint arXiv:1706.03762"}, "arxiv:1706.03762"),
        ({"journal": "arXiv preprint arXiv:1706.03762"}, "arxiv:1706.03762"),
        ({"journal": "CoRR", "volume": "abs/1706.03762"}, "arxiv:1706.03762"),
        ({"journal": "CoRR", "volume": "cs.CL/0205028"}, "arxiv:cs/0205028"),
        ({"howpublished": "\\url{https://arxiv.org/abs/1706.03762}"}, "arxiv:1706.03762"),
        ({"eprint": "26401871", "eprinttype": "jstor"}, None),
        ({"eprint": "hal-1501.01234", "eprinttype": "hal"}, None),
        ({"url": "https://example.org/report/1501.12345"}, None),
        ({"doi": "10.1000/1501.12345"}, None),
        ({"note": "page 1501.12345 of the catalogue"}, None),
        ({"eprint": "9901001"}, None),
        ({"eprint": "no id at all", "archiveprefix": "arXiv"}, None),
    ],
)
def test_an_arxiv_id_is_found_where_it_is_one(fields: dict[str, str], ref: str | None) -> None:
    found = arxiv_ref(_entry(**fields))
    assert (str(found) if found else None) == ref


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ("Ada Example and Bo Sample", ["Ada Example", "Bo Sample"]),
        ("Example, Ada and van der Sample, Jr., Bo", ["Ada Example", "Bo van der Sample Jr."]),
        ("Example, A. and others", ["A. Example"]),
        ("{Simon and Schuster}", ["Simon and Schuster"]),
        ('{{The ATLAS Collaboration}} and G{\\"o}del, Kurt', ["The ATLAS Collaboration", "Kurt Gödel"]),
        ("{Bellet-Amalric}, Edith", ["Edith Bellet-Amalric"]),
        ("Sample, Bo, and Example, Ada", ["Bo Sample", "Ada Example"]),
        ("Unbalanced {Brace and Other", ["Unbalanced Brace and Other"]),
        (" and ", ["and"]),
    ],
)
def test_authors_are_named_first_name_first(told: str, names: list[str]) -> None:
    assert [author.name for author in authors(_entry(author=told))] == names


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"date": "2017-03-09"}, "2017-03-09"),
        ({"date": "2017-03/2017-05"}, "2017-03-01"),
        ({"year": "2017", "month": "mar"}, "2017-03-01"),
        ({"year": "{2017}", "month": "March"}, "2017-03-01"),
        ({"year": "2017", "month": "12"}, "2017-12-01"),
        ({"year": "2017"}, None),
        ({"year": "2017", "month": "13"}, None),
        ({"date": "2017-02-30"}, None),
        ({"year": "in press"}, None),
    ],
)
def test_a_date_is_as_exact_as_the_file_says(fields: dict[str, str], at: str | None) -> None:
    published_at = own_paper(_entry(title="T", **fields)).published_at
    assert (published_at.date().isoformat() if published_at else None) == at


def test_a_paper_of_the_file_alone_has_a_stable_key() -> None:
    one, other = _entry(title="T"), _entry(title="Another")
    assert own_key(one) == own_key(_entry(title="T", year="2001"))
    assert own_key(one).scheme is Scheme.FILE
    assert own_key(one) != own_key(other)
    assert str(own_key(_entry(title="T", doi="http://dx.doi.org/10.1000/ABC\\_1"))) == "doi:10.1000/abc_1"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "ftp://x.org/y", "/local"])
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert own_paper(_entry(title="T", url=url)).links == ()


def test_what_cannot_be_on_arxiv_is_not_searched_for() -> None:
    assert title_to_search(_entry(title="The {Parsing} of \\emph{Caf\\'e}s", year="1992")) == "The Parsing of Cafés"
    assert title_to_search(_entry(title="The Parsing of Things", year="1972")) == ""
    assert title_to_search(BibEntry(line=1, kind="proceedings", key="k", fields={"title": "All of it"})) == ""


# The file's bytes.

CHINESE = "@article{k, author = {凯撒}, title = {测试标题和摘要}}"
ACCENTS = "@article{k, title = {Über die Größe und das Maß}}"


@pytest.mark.parametrize(
    ("content", "title", "is_guess"),
    [
        (ACCENTS.encode(), "Über die Größe und das Maß", False),
        (b"\xef\xbb\xbf" + ACCENTS.encode(), "Über die Größe und das Maß", False),
        (ACCENTS.encode("utf-16"), "Über die Größe und das Maß", False),
        (ACCENTS.encode("latin-1"), "Über die Größe und das Maß", True),
        (CHINESE.encode("gbk"), "测试标题和摘要", True),
        (b"% Encoding: MacRoman\n" + ACCENTS.encode("mac-roman"), "Über die Größe und das Maß", False),
        (b"% Encoding: hex\n" + ACCENTS.encode("latin-1"), "Über die Größe und das Maß", True),
        (ACCENTS.encode() + b"\n\xff\xfe\xe9\n\xe9 \xe8\n\xf6", "Über die Größe und das Maß", True),
        (b"@article{k, title = {N\x00U\x0bL}}", "NUL", False),
    ],
)
def test_bytes_are_decoded_and_a_guess_says_so(content: bytes, title: str, is_guess: bool) -> None:
    text, remark = decode(content)
    assert _one(text).get("title") == title
    assert bool(remark) is is_guess


async def test_a_path_that_is_no_readable_file_is_refused_by_name(tmp_path: Path) -> None:
    large = tmp_path / "large.bib"
    large.write_bytes(b" " * (MAX_BYTES + 1))
    many = tmp_path / "many.bib"
    many.write_text("@a{b}\n" * (MAX_ENTRIES + 1))
    for path in (tmp_path, tmp_path / "none.bib", Path("/dev/zero"), large, many, tmp_path / "a\0b.bib"):
        with pytest.raises(BadFile):
            await _pages(path)


async def test_a_file_without_entries_says_so(bib: Write) -> None:
    path = bib("nothing but text")
    [page] = await _pages(path)
    assert [notice.why for notice in page.notices] == [Why.NOTHING_LISTED]


# The source.


async def test_order_and_keys_are_the_files_own_and_arxiv_is_believed(bib: Write) -> None:
    path = bib(
        "@misc{second, eprint = {2601.00002}, title = {As the file has it}}\n"
        "@book{own, title = {A Book}, doi = {10.1000/BOOK}, year = 1972, url = {https://x.example.org/book}}\n"
        "@misc{first, url = {https://arxiv.org/abs/2601.00001}}\n"
    )
    shelf = Shelf(a_paper(arxiv_id="2601.00001"), a_paper(arxiv_id="2601.00002", title="As arXiv has it"))
    pages = await _pages(path, shelf)
    assert [str(paper.key) for paper in _papers(pages)] == ["arxiv:2601.00002", "doi:10.1000/book", "arxiv:2601.00001"]
    assert _papers(pages)[0].title == "As arXiv has it"
    sightings = _sightings(pages)
    assert [(s.cite_key, s.position, s.is_guess) for s in sightings] == [
        ("second", 0, False),
        ("own", 1, False),
        ("first", 2, False),
    ]
    assert {(s.source, s.seen_at, s.batch_on) for s in sightings} == {("bibtex:refs.bib", NOW, None)}
    assert [(link.kind, link.url) for link in _papers(pages)[1].links] == [(LinkKind.PAGE, "https://x.example.org/book")]
    assert [(n.subject, n.line) for n in _notices(pages, Why.NOT_ON_ARXIV)] == [("own", 2)]
    assert shelf.ids == [("arxiv:2601.00002", "arxiv:2601.00001")]


async def test_a_paper_found_by_its_title_is_marked_as_a_guess(bib: Write) -> None:
    path = bib("@article{k, title = {A Notebook for {Forgetful} Assistants}}")
    pages = await _pages(path, Shelf(a_paper(arxiv_id="2601.00001", title="A notebook for forgetful assistants")))
    [sighting] = _sightings(pages)
    assert (str(sighting.key), sighting.is_guess) == ("arxiv:2601.00001", True)
    assert [(notice.subject, notice.line) for notice in _notices(pages, Why.GUESSED)] == [("k", 1)]


async def test_titles_are_searched_only_as_often_as_allowed(bib: Write) -> None:
    path = bib("\n".join(f"@article{{k{n}, title = {{Title number {n}}}}}" for n in range(9)))
    shelf = Shelf()
    pages = await _pages(path, shelf, searches=4)
    assert len(shelf.titles) == 4
    assert [sighting.cite_key for sighting in _sightings(pages)] == [f"k{n}" for n in range(9)]
    assert "only 4 titles" in _notices(pages, Why.NOT_ON_ARXIV)[-1].detail


async def test_ids_are_asked_for_in_batches_of_a_hundred(bib: Write) -> None:
    path = bib("\n".join(f"@misc{{k{n}, eprint = {{2601.{n:05}}}}}" for n in range(1, 251)))
    shelf = Shelf(*(a_paper(arxiv_id=f"2601.{n:05}") for n in range(1, 251)))
    pages = await _pages(path, shelf)
    assert [len(batch) for batch in shelf.ids] == [100, 100, 50]
    assert [sighting.position for sighting in _sightings(pages)] == list(range(250))
    assert [len(page.papers) for page in pages] == [200, 50]


async def test_an_id_that_arxiv_does_not_know_is_said_and_the_entry_listed(bib: Write) -> None:
    path = bib("@misc{k, eprint = {2601.99999}, title = {What the file says}}")
    pages = await _pages(path)
    assert [(paper.key.scheme, paper.title) for paper in _papers(pages)] == [(Scheme.FILE, "What the file says")]
    assert [notice.detail for notice in _notices(pages, Why.NOT_ON_ARXIV)] == ["arXiv does not know 2601.99999"]


async def test_the_same_paper_twice_is_one_paper_and_said(bib: Write) -> None:
    path = bib("@misc{a, eprint = {2601.00001}}\n@misc{b, url = {arxiv.org/abs/2601.00001}}")
    pages = await _pages(path, Shelf(a_paper(arxiv_id="2601.00001")))
    assert [sighting.cite_key for sighting in _sightings(pages)] == ["a"]
    assert [(n.subject, n.line, n.detail) for n in _notices(pages, Why.BAD_ENTRY)] == [("b", 2, "the same paper as on line 1")]


async def test_a_version_that_the_file_names_is_the_one_listed(bib: Write) -> None:
    path = bib("@misc{a, eprint = {2601.00001v1}}\n@misc{b, eprint = {2601.00002}}")
    versions = [a_paper(arxiv_id=arxiv_id, version=version) for arxiv_id in ("2601.00001", "2601.00002") for version in (1, 2)]
    assert [paper.version for paper in _papers(await _pages(path, Shelf(*versions)))] == [1, 2]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (SourceUnreachable("arxiv", "connection refused"), Why.UNREACHABLE),
        (SourceThrottled("arxiv", "HTTP 429", after_s=9), Why.THROTTLED),
        (BrokenPage("arxiv", "HTML"), Why.BROKEN),
    ],
)
async def test_no_entry_is_lost_while_arxiv_is_out_of_reach(bib: Write, error: Exception, why: Why) -> None:
    path = bib("@misc{a, eprint = {2601.00001}, title = {First}}\n@article{b, title = {Second of Two}}")
    pages = await _pages(path, Shelf(falls=error))
    assert [(str(p.key.scheme), p.title) for p in _papers(pages)] == [("arxiv", "First"), ("file", "Second of Two")]
    assert [(notice.source, notice.why) for page in pages for notice in page.notices] == [("arxiv", why)]


async def test_what_was_found_before_arxiv_failed_is_kept(bib: Write) -> None:
    path = bib("@misc{a, eprint = {2601.00001}}\n@article{b, title = {Second of Two}}")
    shelf = Shelf(a_paper(arxiv_id="2601.00001", title="Found"), falls=SourceUnreachable("arxiv", "gone"), after=1)
    assert [paper.title for paper in _papers(await _pages(path, shelf))] == ["Found", "Second of Two"]


async def test_a_file_finds_nothing_by_itself(bib: Write) -> None:
    assert await BibtexFile(bib(""), Shelf(), lambda: NOW).find(title="A Notebook") == ()


# Whatever comes.

WORDS = st.text(alphabet=st.sampled_from("abc XYZ éü ß 漢字 $^_&%~'-.:;/()[]<>!?*+0123456789"), min_size=1, max_size=30)
TITLES = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: bool(text) and not text.startswith("%"))
JUNK = st.one_of(
    st.just(""),
    WORDS.map(lambda text: f"free text {text}"),
    st.just("% a comment line"),
    st.just("@comment{ something {nested} }"),
    st.just('@preamble{"\\newcommand{\\x}{y}"}'),
    st.just('@string{abc = "Some Journal" # { of Things}}'),
    st.just("}"),
    st.just('an open " quote and an open { brace'),
    st.just("name@example.org"),
)


def _written(index: int, title: str, style: int) -> str:
    key = f"key{index}"
    match style % 4:
        case 0:
            return f"@article{{{key},\n  title = {{{title}}},\n  year = {{2001}}\n}}"
        case 1:
            return f'@ARTICLE{{{key}, year = 2001, Title = "{title}"}}'
        case 2:
            return f"@Misc{{{key},title={{{{{title}}}}},year=2001,}}"
        case _:
            return f'@inproceedings{{{key},\n\ttitle\t= {{{title[:3]}}} # "{title[3:]}",\n\tyear = "2001"}}'


@given(st.lists(st.tuples(TITLES, st.integers(0, 3), JUNK), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_every_entry_comes_back_in_order_whatever_stands_between(parts: list[tuple[str, int, str]]) -> None:
    text = "\n".join(f"{junk}\n{_written(index, title, style)}" for index, (title, style, junk) in enumerate(parts))
    found = read_entries(text)
    assert [entry.key for entry in found.entries] == [f"key{index}" for index in range(len(parts))]
    assert [re.sub(r"\s", "", entry.get("title")) for entry in found.entries] == [
        re.sub(r"\s", "", title) for title, _, _ in parts
    ]
    assert all(entry.get("year") == "2001" and not entry.problems for entry in found.entries)
    lines = [line for line, content in enumerate(text.split("\n"), 1) if re.match(r"@(article|misc|inproc)", content.lower())]
    assert [entry.line for entry in found.entries] == lines


@given(
    damage=st.lists(st.tuples(st.floats(0, 0.999), st.binary(min_size=0, max_size=3), st.integers(0, 4)), min_size=1, max_size=8),
    style=st.integers(0, 3),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_damaged_bytes_never_raise_and_never_reach_the_neighbours(
    tmp_path: Path, damage: list[tuple[float, bytes, int]], style: int
) -> None:
    whole = [_written(index, f"Größe number {index}", style).encode() for index in range(5)]
    victim = bytearray(whole[2])
    for place, new, removed in damage:
        at = int(place * len(victim))
        victim[at : at + removed] = new
    path = tmp_path / "damaged.bib"
    path.write_bytes(b"\n\n".join([*whole[:2], bytes(victim), *whole[3:]]))
    pages: list[Page] = []
    with contextlib.suppress(BadFile):
        pages = await _pages(path, searches=0)
        titles = {sighting.cite_key: paper.title for paper, sighting in zip(_papers(pages), _sightings(pages), strict=True)}
        for index in (0, 1, 3, 4):
            assert titles[f"key{index}"] == f"Größe number {index}"
    assert pages


@given(st.text(alphabet=st.sampled_from('@{}()"=,#\\\n\r %abcstring1éA'), max_size=300))
@settings(max_examples=400, deadline=None)
def test_no_text_is_too_odd(text: str) -> None:
    for entry in read_entries(text).entries:
        own_paper(entry)
        arxiv_ref(entry)


@pytest.mark.parametrize(
    "unit", ["@a{", "@article{k, t={", '@a{k,t="', "a={", "{", '"', "\\", "@", "x = ", "\n@a{b,c=d # ", "a,"]
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    read_entries("@article{k, " + unit * (100_000 // len(unit)))


# Real files.

ENTRIES = {
    "acl_custom.bib": 7,
    "bbt_1436-1.bib": 506,
    "bbt_2789_parbreak.bib": 1,
    "bbt_664_chokes.bib": 1,
    "bbt_mendeley_idiocy.bib.xz": 512,
    "bibtexparser_gbk_encoded.bib": 1,
    "jabref_test.bib": 19,
    "jabref_testjabref.bib": 156,
    "papis_1.bib": 1,
    "papis_3.bib": 1,
}


@needs_real
@pytest.mark.parametrize("name", ENTRIES)
async def test_real_files_are_read_whole(name: str, bib: Write) -> None:
    content = (REAL / name).read_bytes()
    path = bib(lzma.decompress(content) if name.endswith(".xz") else content)
    pages = await _pages(path, searches=0)
    repeated = [notice for notice in _notices(pages, Why.BAD_ENTRY) if notice.detail.startswith("the same paper")]
    assert len(_papers(pages)) + len(repeated) == ENTRIES[name]
    assert all(paper.title for paper in _papers(pages))
