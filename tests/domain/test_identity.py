"""Ids in every shape, what only looks like one, and one paper out of two records."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import identity
from bot.domain.identity import arxiv_id, find_refs, merge, old_archive, parse_ref
from bot.domain.links import united
from bot.domain.papers import Author, Link, LinkKind, Paper, PaperKey, PaperRef, Scheme
from bot.errors import BadPaperId
from tests.builders import a_paper, arxiv_key

NEW = "2501.12345"


def arxiv(value: str, version: int | None = None) -> PaperRef:
    return PaperRef(key=arxiv_key(value), version=version)


def doi(value: str) -> PaperRef:
    return PaperRef(key=PaperKey(scheme=Scheme.DOI, value=value))


@pytest.mark.parametrize(
    "text",
    [
        NEW,
        f"  {NEW}\n",
        f"arXiv:{NEW}",
        f"ARXIV: {NEW}",
        f"arXiv {NEW}",
        f"arxiv.{NEW}",
        f"oai:arXiv.org:{NEW}",
        f"https://arxiv.org/abs/{NEW}",
        f"http://www.arxiv.org/abs/{NEW}",
        f"arxiv.org/abs/{NEW}",
        f"https://export.arxiv.org/abs/{NEW}",
        f"https://arxiv.org/pdf/{NEW}",
        f"https://arxiv.org/pdf/{NEW}.pdf",
        f"https://arxiv.org/html/{NEW}",
        f"https://ar5iv.labs.arxiv.org/html/{NEW}",
        f"https://ar5iv.org/abs/{NEW}",
        f"https://arxiv.org/list/cs.CL/new#{NEW}",
        f"https://huggingface.co/papers/{NEW}",
        f"https://www.alphaxiv.org/abs/{NEW}",
        f"https://arxiv.org/abs/{NEW}?context=cs.CL",
        f"https://arxiv.org/abs/{NEW}#section",
        f"https://example.org/?url=arxiv.org%2Fabs%2F{NEW}",
        f"10.48550/arXiv.{NEW}",
        f"10.48550/ARXIV.{NEW}",
        f"doi:10.48550/arXiv.{NEW}",
        f"https://doi.org/10.48550/arxiv.{NEW}",
        f"https://doi.org/10.48550%2FarXiv.{NEW}",
        f"({NEW})",
        f"[{NEW}]",
        f"<https://arxiv.org/abs/{NEW}>",
        f"\\url{{https://arxiv.org/abs/{NEW}}}",
        f"{NEW}.",
        f"{NEW},",
        f"have you read {NEW}, please?",
        f"见{NEW}很好",
        f"paper_{NEW}.pdf",
    ],
)
def test_every_shape_names_the_paper(text: str) -> None:
    assert parse_ref(text) == arxiv(NEW)


@pytest.mark.parametrize(
    "text",
    [
        f"{NEW}v2",
        f"{NEW}V2",
        f"arXiv:{NEW}v2",
        f"https://arxiv.org/abs/{NEW}v2.",
        f"https://arxiv.org/pdf/{NEW}v2.pdf",
        f"https://arxiv.org/html/{NEW}v2#S1",
        f"https://doi.org/10.48550/arXiv.{NEW}v2",
    ],
)
def test_a_version_stands_beside_the_key(text: str) -> None:
    ref = parse_ref(text)
    assert ref == arxiv(NEW, 2)
    assert arxiv_id(ref) == f"{NEW}v2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hep-th/9901001", arxiv("hep-th/9901001")),
        ("HEP-TH/9901001v3", arxiv("hep-th/9901001", 3)),
        ("arXiv:hep-th/9901001", arxiv("hep-th/9901001")),
        ("https://arxiv.org/abs/hep-th/9901001v1", arxiv("hep-th/9901001", 1)),
        ("https://arxiv.org/pdf/astro-ph/0601001v2.pdf", arxiv("astro-ph/0601001", 2)),
        ("math.GT/0309136", arxiv("math/0309136")),
        ("math/0309136", arxiv("math/0309136")),
        ("cond-mat.mtrl-sci/0412345", arxiv("cond-mat/0412345")),
        ("cmp-lg/9404001", arxiv("cmp-lg/9404001")),
        ("10.48550/arXiv.hep-th/9901001", arxiv("hep-th/9901001")),
        ("https://doi.org/10.48550/arXiv.math.GT/0309136.", arxiv("math/0309136")),
        ("physics/0703001", arxiv("physics/0703001")),
        ("0704.0001", arxiv("0704.0001")),
        ("1412.9999", arxiv("1412.9999")),
        ("1501.00001", arxiv("1501.00001")),
    ],
)
def test_old_ids_lose_their_subject_class(text: str, expected: PaperRef) -> None:
    assert parse_ref(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1145/3442188.3445922", "10.1145/3442188.3445922"),
        ("https://doi.org/10.1038/S41586-021-03819-2.", "10.1038/s41586-021-03819-2"),
        ("(doi:10.1016/S0370-2693(98)00123-4)", "10.1016/s0370-2693(98)00123-4"),
        ("https://dl.acm.org/doi/10.1145/1.2?download=true", "10.1145/1.2"),
        ("see doi.org/10.1103/PhysRevD.1203.4567, and more", "10.1103/physrevd.1203.4567"),
    ],
)
def test_other_dois_are_lower_case_keys(text: str, expected: str) -> None:
    assert parse_ref(text) == doi(expected)
    assert find_refs(text) == (doi(expected),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "diffusion models",
        "2513.12345",  # no month 13
        "2500.12345",
        "2501.00000",  # numbers start at 1
        "2501.1234",  # five digits from 1501
        "1412.12345",  # four digits before
        "0703.1234",  # before the modern ids
        "2501.123456",
        "2501.12345v0",
        "2501.12345x",
        "12501.12345",
        "1.2501.12345",
        "hep-th/9913001",
        "hep-th/9901000",
        "hep-th/0704001",
        "hep-zz/9901001",
        "hep-th/990100",
        "it costs $1203.4567",
        "it costs 1203.4567 USD",
        "€ 1203.4567",
        "grew by 1203.4567%",
        "call +49 1512.34567",
        "call 0912.3456-789",
        "call 1203.555.1234",
        "on 2024-01-15 at 10.30",
        "on 15.01.2024",
        "10.48550/arXiv.2513.12345",
        "10.1000/",
        "https://example.org/10.30",
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(BadPaperId):
        parse_ref(text)
    assert find_refs(text) == ()


def test_a_sentence_gives_each_paper_once_in_order() -> None:
    text = f"Compare {NEW}v1 with hep-th/9901001 (and 2502.00002,2502.00003); {NEW}v1 again, doi 10.1145/1.2."
    assert find_refs(text) == (
        arxiv(NEW, 1),
        arxiv("hep-th/9901001"),
        arxiv("2502.00002"),
        arxiv("2502.00003"),
        doi("10.1145/1.2"),
    )


def test_only_arxiv_refs_have_an_arxiv_id() -> None:
    assert arxiv_id(arxiv("hep-th/9901001", 3)) == "hep-th/9901001v3"
    with pytest.raises(BadPaperId):
        arxiv_id(doi("10.1145/1.2"))


def test_the_archive_of_an_old_id() -> None:
    assert old_archive(arxiv_key("hep-th/9901001")) == "hep-th"
    assert old_archive(arxiv_key(NEW)) is None
    assert old_archive(doi("10.1145/1.2").key) is None


def test_a_refusal_quotes_little_of_what_was_typed() -> None:
    with pytest.raises(BadPaperId) as refused:
        parse_ref("x" * 100_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("piece", ["1", "10.", "10.1000", "hep-th/", "%2f", "2501.", "+1 ", "(", "10.1000/a("])
def test_hostile_text_has_no_repetition_to_backtrack_over(piece: str) -> None:
    """Time is linear because every repetition of the pattern is bounded, but for a DOI's end, which consumes what it reads."""
    find_refs(piece * (200_000 // len(piece)))
    open_ended = identity._ID.pattern.count("+") - identity._ID.pattern.count(r"\+")
    assert open_ended == 1
    assert "*" not in identity._ID.pattern


@st.composite
def valid_ids(draw: st.DrawFn) -> str:
    month = draw(st.integers(1, 12))
    if draw(st.booleans()):
        year = draw(st.integers(15, 40))
        return f"{year:02}{month:02}.{draw(st.integers(1, 99999)):05}"
    year = draw(st.integers(8, 14))
    return f"{year:02}{month:02}.{draw(st.integers(1, 9999)):04}"


@given(value=valid_ids(), version=st.none() | st.integers(1, 999), before=st.sampled_from(["", "see ", "https://arxiv.org/abs/"]))
def test_what_we_write_we_read(value: str, version: int | None, before: str) -> None:
    ref = arxiv(value, version)
    assert find_refs(f"{before}{arxiv_id(ref)}.") == (ref,)


@given(text=st.text())
def test_any_text_is_an_id_or_refused(text: str) -> None:
    refs = find_refs(text)
    assert len(set(refs)) == len(refs)


ADA = Author(name="Ada Example", affiliation="Somewhere")
CODE = Link(kind=LinkKind.CODE, url="https://github.com/a/b")


def test_the_newest_version_wins_and_nothing_known_is_lost() -> None:
    old = replace(a_paper(version=1, title="Old", comment="8 pages", code=(CODE.url,)), authors=(ADA, Author(name="Bo Sample")))
    new = a_paper(version=2, title="New", abstract="", comment=None)
    for merged in (merge(old, new), merge(new, old)):
        assert (merged.version, merged.title, merged.comment) == (2, "New", "8 pages")
        assert merged.abstract == old.abstract
        assert merged.links == (CODE,)
        assert merged.authors == (ADA, Author(name="Bo Sample"))


def test_a_record_without_a_version_fills_gaps_only() -> None:
    ours = a_paper(version=1, title="Ours", categories=())
    theirs = a_paper(version=None, title="Theirs", categories=("cs.CV",), published_at=None)
    merged = merge(ours, theirs)
    assert (merged.version, merged.title, merged.categories) == (1, "Ours", ("cs.CV",))
    assert merged.published_at == ours.published_at


def test_of_one_version_the_later_record_wins_unless_its_authors_are_fewer() -> None:
    full = a_paper(version=None, title="First", authors=("Ada Example", "Bo Sample"))
    cut = a_paper(version=None, title="Second", authors=("Ada Example",))
    merged = merge(full, cut)
    assert merged.title == "Second"
    assert len(merged.authors) == 2


def test_the_same_link_in_two_spellings_is_one() -> None:
    spelled = Link(kind=LinkKind.PROJECT, url="http://www.GitHub.com/A/B.git/")
    assert merge(a_paper(links=(CODE,)), a_paper(version=2, links=(spelled,))).links == (spelled,)


def test_a_withdrawal_belongs_to_its_version() -> None:
    first, withdrawn, third = a_paper(), a_paper(version=2, is_withdrawn=True), a_paper(version=3)
    assert merge(first, withdrawn).is_withdrawn
    assert not merge(withdrawn, third).is_withdrawn
    assert merge(withdrawn, a_paper(version=2)).is_withdrawn


def test_the_key_of_the_first_record_is_kept() -> None:
    by_doi = a_paper(key=doi("10.1145/1.2").key, version=None)
    assert merge(a_paper(), by_doi).key == arxiv_key()
    assert merge(by_doi, a_paper()).key == by_doi.key


words = st.sampled_from(["", "a", "b"])
instants = st.none() | st.sampled_from([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2)])
people = st.builds(Author, name=st.sampled_from(["A", "B", "C"]), affiliation=st.none() | st.sampled_from(["X", "Y"]))
links = st.builds(
    Link, kind=st.sampled_from(LinkKind), url=st.sampled_from(["https://a.org/1", "http://a.org/1/", "https://a.org/2"])
)
papers = st.builds(
    Paper,
    key=st.just(arxiv_key()),
    version=st.none() | st.integers(1, 4),
    title=words,
    abstract=words,
    authors=st.lists(people, max_size=3, unique_by=lambda author: author.name).map(tuple),
    categories=st.sampled_from([(), ("cs.CL",), ("cs.LG", "cs.CL")]),
    published_at=instants,
    updated_at=instants,
    links=st.lists(links, max_size=2).map(united),
    comment=st.none() | words,
    is_withdrawn=st.booleans(),
)


@given(one=papers, two=papers)
def test_the_order_of_two_versions_does_not_matter(one: Paper, two: Paper) -> None:
    if one.version != two.version:
        assert merge(one, two) == merge(two, one)


@given(one=papers, two=papers)
def test_merging_again_changes_nothing(one: Paper, two: Paper) -> None:
    assert merge(one, one) == one
    assert merge(merge(one, two), two) == merge(one, two)


@given(one=papers, two=papers)
def test_nothing_known_becomes_unknown(one: Paper, two: Paper) -> None:
    merged = merge(one, two)
    for field in ("title", "abstract", "authors", "categories", "published_at", "updated_at", "links", "comment"):
        assert bool(getattr(merged, field)) == bool(getattr(one, field) or getattr(two, field))
