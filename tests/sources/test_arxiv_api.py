"""Single papers by id and title, back-fill by query, and answers of the API that are not what they seem."""

import json
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from arxiv import _feed

from bot.domain.identity import parse_ref
from bot.domain.intake import Wanted, Why
from bot.domain.papers import Paper
from bot.errors import BrokenPage, ClientRefused, PaperboyError, SourceRefused, SourceThrottled, SourceUnreachable
from bot.sources.arxiv_api import folded
from bot.sources.arxiv_atom import parse_answer, refused_id
from bot.sources.arxiv_search import query_of
from tests.builders import a_paper
from tests.fakes import arxiv_pages
from tests.sources.arxiv_case import Case, a_case

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "arxiv_api" / "recorded"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded answers at {RECORDED}")
SINCE, UNTIL = date(2026, 1, 1), date(2026, 1, 31)
WANTED = Wanted(categories=frozenset({"cs.CL"}), since=SINCE, until=UNTIL)


@pytest.fixture
async def case() -> AsyncIterator[Case]:
    async with a_case() as case:
        yield case


# By id


async def test_papers_are_found_by_id_in_the_order_of_asking(case: Case) -> None:
    case.fake.knows(a_paper(arxiv_id="2601.00001"), a_paper(arxiv_id="hep-th/9901001", categories=("hep-th",)))
    refs = [parse_ref("hep-th/9901001"), parse_ref("https://arxiv.org/abs/2601.00001")]
    assert [paper.key.value for paper in await case.source.find(refs)] == ["hep-th/9901001", "2601.00001"]
    assert len(case.fake.asked) == 1


async def test_a_version_brings_that_version_and_none_the_latest(case: Case) -> None:
    case.fake.knows(*(a_paper(arxiv_id="2601.00001", version=version, title=f"Version {version}") for version in (1, 2, 3)))
    found = await case.source.find([parse_ref("2601.00001v2"), parse_ref("2601.00001")])
    assert [(paper.version, paper.title) for paper in found] == [(2, "Version 2"), (3, "Version 3")]


async def test_unknown_and_malformed_ids_are_missing_and_the_others_come(case: Case) -> None:
    case.fake.knows(a_paper(arxiv_id="2601.00001"))
    case.fake.says(
        arxiv_pages.atom_error("incorrect id format for 2601.00002").encode(),
        on="/api",
        content_type="application/atom+xml",
        status=400,
        times=1,
    )
    refs = [parse_ref("2601.00002"), parse_ref("2601.00001"), parse_ref("2601.00003v7")]
    assert [paper.key.value for paper in await case.source.find(refs)] == ["2601.00001"]
    assert [asked.query["id_list"] for asked in case.fake.asked][1] == "2601.00001,2601.00003v7"


async def test_250_ids_are_three_requests(case: Case) -> None:
    papers = [a_paper(arxiv_id=f"2601.{n:05}") for n in range(1, 251)]
    case.fake.knows(*papers)
    found = await case.source.find([parse_ref(paper.key.value) for paper in papers])
    assert (len(found), len(case.fake.asked)) == (250, 3)


async def test_metadata_is_whole_and_clean(case: Case) -> None:
    paper = a_paper(
        arxiv_id="2601.00001",
        title="On  the\n $\\alpha$-Problem & more",
        comment="10 pages",
        journal_ref="J. Ex. 1",
        doi="10.1000/1",
    )
    case.fake.knows(paper)
    [found] = await case.source.find([parse_ref("2601.00001")])
    assert found.title == "On the $\\alpha$-Problem & more"
    assert (found.comment, found.journal_ref, found.doi) == ("10 pages", "J. Ex. 1", "10.1000/1")
    assert found.categories == ("cs.CL", "cs.AI")  # and not I.2.7
    assert found.abstract == paper.abstract
    assert (found.published_at, found.updated_at) == (paper.published_at, paper.published_at)


@pytest.mark.parametrize(
    ("breaks", "expected"),
    [
        (lambda fake: fake.is_throttled("60"), SourceThrottled),
        (lambda fake: fake.says_rate_exceeded(), SourceThrottled),
        (lambda fake: fake.refuses(403), SourceRefused),
        (lambda fake: fake.refuses(406), ClientRefused),
        (lambda fake: fake.refuses(500), SourceUnreachable),
        (lambda fake: fake.cuts_connection(), SourceUnreachable),
        (lambda fake: fake.answers_html(), BrokenPage),
        (lambda fake: fake.is_empty_200(), BrokenPage),
        (lambda fake: fake.cuts_body(), BrokenPage),
        (lambda fake: fake.lies_about_total(2), None),
        (lambda fake: fake.edits(lambda text: text.replace("<entry>", "<gone>").replace("</entry>", "</gone>")), BrokenPage),
    ],
)
async def test_a_failing_api_never_looks_like_an_unknown_paper(
    case: Case, breaks: Callable[..., None], expected: type[PaperboyError] | None
) -> None:
    case.fake.knows(a_paper(arxiv_id="2601.00001"))
    breaks(case.fake)
    if expected is None:  # one id can only bring one paper, whatever total is stated
        assert len(await case.source.find([parse_ref("2601.00001")])) == 1
        return
    with pytest.raises(expected):
        await case.source.find([parse_ref("2601.00001")])


# By title


async def test_a_paper_is_found_by_its_title_in_spite_of_tex_and_punctuation(case: Case) -> None:
    case.fake.knows(
        a_paper(arxiv_id="2601.00001", title="Mixture-of-Experts: (Almost) All You Need"), a_paper(arxiv_id="2601.00002")
    )
    [found] = await case.source.find(title="Mixture-of-experts --- \\emph{(almost)} all you need!")
    assert found.key.value == "2601.00001"


async def test_another_paper_is_not_taken_for_the_title(case: Case) -> None:
    case.fake.knows(a_paper(title="Attention Is All You Need in Speech Separation"))
    assert await case.source.find(title="Attention Is All You Need") == ()
    assert await case.source.find(title="?!") == ()


def test_parentheses_and_quotes_never_reach_a_query() -> None:
    assert folded('A "quoted" (title): $x^2$ OR {more}') == "a quoted title x 2 or more"


# By query


async def test_back_fill_finds_by_category_day_word_and_author(case: Case) -> None:
    case.fake.knows(
        a_paper(arxiv_id="2601.00001"),
        a_paper(arxiv_id="2601.00002", categories=("cs.CV",)),
        a_paper(arxiv_id="2601.00003", title="Other", abstract="Nothing.", authors=("Zoe Follow",)),
        a_paper(arxiv_id="2601.00004", title="Other", abstract="Nothing."),
        a_paper(arxiv_id="2512.00001", published_at=datetime(2025, 12, 31, 23, 59, tzinfo=UTC)),
        a_paper(arxiv_id="2601.00005", published_at=datetime(2026, 1, 31, 23, 58, tzinfo=UTC)),
    )
    wanted = Wanted(categories=frozenset({"cs.CL"}), since=SINCE, until=UNTIL, words=("notebook",), authors=("Zoe Follow",))
    await case.runs(case.search, wanted)
    assert sorted(case.ids) == ["2601.00001", "2601.00003", "2601.00005"]
    assert {one.batch_on for page in case.pages for one in page.sightings} == {None}
    assert case.finished == []


async def test_pages_of_a_query_are_read_to_the_end(case: Case) -> None:
    case.fake.knows(*_many(250))
    pages = await case.runs(case.search, WANTED)
    assert [len(page.papers) for page in pages] == [100, 100, 50]
    assert len(set(case.ids)) == 250


async def test_results_beyond_a_thousand_are_told(case: Case) -> None:
    case.fake.knows(*_many(1100))
    await case.runs(case.search, WANTED)
    assert (len(set(case.ids)), case.whys) == (1000, [Why.TOO_OLD])
    assert "1000 of 1100" in case.pages[-1].notices[0].detail


async def test_no_result_is_told_as_nothing_listed(case: Case) -> None:
    await case.runs(case.search, WANTED)
    assert case.whys == [Why.NOTHING_LISTED]


async def test_pages_that_repeat_end_and_are_told(case: Case) -> None:
    case.fake.knows(*_many(450))
    case.fake.repeats_pages()
    await case.runs(case.search, WANTED)
    assert (len(set(case.ids)), len(case.ids), len(case.fake.asked)) == (100, 100, 2)
    assert case.whys == [Why.BROKEN]


async def test_a_total_that_lies_ends_and_is_told(case: Case) -> None:
    case.fake.knows(*_many(150))
    case.fake.lies_about_total(900)
    await case.runs(case.search, WANTED)
    assert (len(set(case.ids)), case.whys) == (150, [Why.BROKEN])
    assert len(case.fake.asked) <= 3


async def test_a_page_that_is_short_by_one_loses_only_that_one(case: Case) -> None:
    case.fake.knows(*_many(250))
    case.fake.edits(lambda text: text[: text.index("<entry>")] + text[text.index("</entry>") + 8 :], on="/api", times=1)
    await case.runs(case.search, WANTED)
    assert (len(set(case.ids)), case.whys) == (249, [Why.BROKEN])


async def test_a_first_page_empty_under_a_total_is_broken(case: Case) -> None:
    case.fake.lies_about_total(500)
    with pytest.raises(BrokenPage):
        await case.runs(case.search, WANTED)


async def test_a_query_is_asked_once_a_day_of_arxivs(case: Case) -> None:
    case.fake.knows(*_many(3))
    search = case.search
    for _ in range(2):
        await case.runs(search, WANTED)
    assert (len(case.fake.asked), len(case.ids)) == (1, 3)
    case.now += timedelta(hours=14)  # past midnight US Eastern
    await case.runs(search, WANTED)
    assert len(case.fake.asked) == 2


def test_a_query_narrows_only_as_far_as_it_fits() -> None:
    words = tuple(f"a rather long phrase number {n}" for n in range(100))
    query = query_of(Wanted(categories=frozenset({"cs", "math.MP"}), since=SINCE, until=UNTIL, words=words))
    assert query == "(cat:cs.* OR cat:math-ph) AND submittedDate:[202601010000 TO 202601312359]"


# Answers that are not what they seem


def test_the_packages_parser_is_where_we_look_for_it() -> None:
    assert callable(_feed.parse)


def _atom(*, total: int = 2) -> str:
    papers = [a_paper(arxiv_id="2601.00001"), a_paper(arxiv_id="2601.00002")]
    return arxiv_pages.atom(papers, total=total, start=0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<published>", "<was>"),
        ("<published>2026", "<published>soon"),
        ("<id>http://arxiv.org/abs/2601.00001v1</id>", "<id>nowhere</id>"),
        ("<title>A Notebook for Forgetful Assistants</title>", "<title> </title>"),
    ],
)
def test_an_unusable_entry_is_named_and_the_others_come(old: str, new: str, caplog: pytest.LogCaptureFixture) -> None:
    text = _atom().replace(old, new, 1)
    if new == "<was>":
        text = text.replace("</published>", "</was>", 1)
    with caplog.at_level(logging.WARNING):
        answer = parse_answer(text.encode())
    assert [paper.key.value for paper in answer.papers] == ["2601.00002"]
    assert (answer.size, len(answer.unusable)) == (2, 1)
    assert caplog.records == []


def test_an_error_entry_is_never_a_paper() -> None:
    content = arxiv_pages.atom_error("incorrect id format for abc").encode()
    with pytest.raises(BrokenPage, match="incorrect id"):
        parse_answer(content)
    assert refused_id(content) == ("abc", "incorrect id format for abc")


def test_a_vertical_tab_is_removed() -> None:
    answer = parse_answer(_atom().replace("Notebook", "Note\x0bbook").encode())
    assert {paper.title for paper in answer.papers} == {"A Notebook for Forgetful Assistants"}


def test_an_answer_without_a_total_is_broken() -> None:
    with pytest.raises(BrokenPage):
        parse_answer(_atom().replace("totalResults", "someResults").encode())


@needs_recorded
def test_recorded_answers_are_read_whole() -> None:
    answers = [json.loads(path.read_text()) for path in sorted(RECORDED.glob("*.json"))]
    assert len(answers) >= 10
    for recorded in answers:
        content = recorded["body"].encode()
        if recorded["status_code"] == 400:
            assert refused_id(content)[0] == "abc"
            continue
        answer = parse_answer(content)
        assert answer.size == len(answer.papers) == recorded["body"].count("<entry>")
        assert answer.unusable == ()


@needs_recorded
def test_a_recorded_old_paper_keeps_its_affiliations() -> None:
    [path] = RECORDED.glob("id_astro-ph_0601001*")
    [paper] = parse_answer(json.loads(path.read_text())["body"].encode()).papers
    assert (paper.key.value, paper.version, paper.categories) == ("astro-ph/0601001", 1, ("astro-ph",))
    assert [author.affiliation for author in paper.authors][:2] == ["Ohio State", "Ohio State"]


def _many(count: int) -> list[Paper]:
    return [
        a_paper(arxiv_id=f"2601.{n:05}", published_at=datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=n))
        for n in range(1, count + 1)
    ]
