import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import batch_on
from bot.domain.categories import NAMES
from bot.domain.identity import parse_ref
from bot.domain.intake import Page, Wanted, Watermark, Why
from bot.domain.links import code_links
from bot.domain.papers import AnnounceType, LinkKind, PaperKey, PaperRef, Scheme, SeenPaper
from bot.errors import SourceChanged
from bot.guard import TransactionOpen, transaction
from bot.sources.sample import SAMPLE_CLOCK_START, SAMPLE_DATE, SampleDay
from bot.sources.sample_file import Day, read_day

REPORTS = Path(__file__).parents[2].parent / "shared" / "reference-reports"
FILE = (resources.files("bot.sources") / "sample_day.json").read_text(encoding="utf-8")
RUN = 8  # words in a row that two texts share only if one was copied from the other


@pytest.fixture(scope="module")
def day() -> Day:
    return read_day(FILE)


def ref(arxiv_id: str, version: int | None = None) -> PaperRef:
    return PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value=arxiv_id), version=version)


async def pages(since: date, until: date, source: SampleDay | None = None) -> list[Page]:
    return [page async for page in (source or SampleDay()).fetch(Wanted(since=since, until=until))]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


def test_the_day_holds_enough_to_choose_from(day: Day) -> None:
    announced = {e.paper.key for e in day.entries if e.sighting.announce_type}
    voted = {e.paper.key for e in day.entries if e.sighting.votes is not None}
    assert len(day.entries) >= 30
    assert len(announced & voted) >= 5
    assert voted - announced
    assert {kind for e in day.entries if (kind := e.sighting.announce_type)} >= {AnnounceType.NEW, AnnounceType.CROSS}


def test_every_paper_is_of_that_month_and_there_once(day: Day) -> None:
    ids = [entry.paper.key.value for entry in day.entries]
    assert [arxiv_id for arxiv_id in ids if not re.fullmatch(r"2601\.\d{5}", arxiv_id)] == []
    assert [arxiv_id for arxiv_id in ids if parse_ref(arxiv_id) != ref(arxiv_id)] == []
    assert [arxiv_id for arxiv_id, times in Counter(ids).items() if times > 1] == []


def test_every_paper_has_authors_and_categories_that_arxiv_knows(day: Day) -> None:
    assert [e.paper.key.value for e in day.entries if not e.paper.authors] == []
    assert [e.paper.key.value for e in day.entries if not e.paper.categories or set(e.paper.categories) - NAMES.keys()] == []
    assert [
        e.paper.key.value for e in day.entries for author in e.paper.authors if "�" in author.name or "(" in author.name
    ] == []


def test_no_paper_was_submitted_after_the_day_on_which_it_is_listed(day: Day) -> None:
    known = [entry.paper.published_at for entry in day.entries if entry.paper.published_at]
    assert len(known) >= 10
    assert max(known).date() <= SAMPLE_DATE


def test_new_papers_of_the_batch_were_submitted_in_time_for_it(day: Day) -> None:
    """A batch closes at 14:00 in New York the day before it is dated (info.arxiv.org/help/availability.html)."""
    new = [e.paper for e in day.entries if e.sighting.announce_type is AnnounceType.NEW]
    assert [p.key.value for p in new if p.published_at and p.published_at > datetime(2026, 1, 7, 19, tzinfo=UTC)] == []


def test_replacements_have_a_version_to_replace(day: Day) -> None:
    replaced = [e.paper.version or 0 for e in day.entries if e.sighting.announce_type and e.sighting.announce_type.is_replacement]
    first = [e.paper.version for e in day.entries if not (e.sighting.announce_type and e.sighting.announce_type.is_replacement)]
    assert min(replaced) > 1
    assert set(first) == {1}


def test_abstracts_are_short_and_each_is_its_own(day: Day) -> None:
    abstracts = {entry.paper.key.value: entry.paper.abstract for entry in day.entries}
    assert {key: n for key, text in abstracts.items() if not 40 <= (n := len(text.split())) <= 130} == {}
    said = Counter(run for text in abstracts.values() for run in runs(text))
    assert [" ".join(run) for run, times in said.items() if times > 1] == []


def test_some_texts_keep_their_tex(day: Day) -> None:
    texts = [entry.paper.title + entry.paper.abstract for entry in day.entries]
    assert sum("$" in text or r"\"" in text or r"\textbf" in text for text in texts) >= 3
    assert [text for text in texts if text.count("$") % 2] == []


def test_links_lead_to_code_and_end_cleanly(day: Day) -> None:
    links = [link for entry in day.entries for link in entry.paper.links]
    assert len(links) >= 5
    assert {link.kind for link in links} == {LinkKind.CODE}
    assert [link.url for link in links if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]*\w", link.url)] == []


def test_links_named_in_comments_are_among_the_links(day: Day) -> None:
    named = {(e.paper.key.value, link.url) for e in day.entries for link in code_links(e.paper.abstract, e.paper.comment)}
    held = {(e.paper.key.value, link.url) for e in day.entries for link in e.paper.links}
    assert named
    assert named <= held


def test_no_abstract_is_taken_from_the_reference_reports(day: Day) -> None:
    if not REPORTS.is_dir():
        pytest.skip("NOT CHECKED: ../shared/reference-reports is not here, so copied abstracts would go unseen")
    theirs = set[tuple[str, ...]]().union(*(runs(path.read_text(encoding="utf-8")) for path in REPORTS.glob("*.md")))
    taken = {" ".join(run) for entry in day.entries for run in runs(entry.paper.abstract) & theirs}
    assert theirs
    assert taken == set()


def test_a_shared_run_of_words_would_be_noticed() -> None:
    """The twin of the test on the reports, on a text of ours."""
    report = "It says: Long conversations make assistants FORGET what was agreed, at their start."
    assert runs("that long conversations make assistants forget what was agreed") & runs(report)
    assert not runs("long talks make assistants forget what was agreed at the start") & runs(report)


async def test_the_day_comes_as_the_batch_and_then_the_rest(day: Day) -> None:
    batch, others = await pages(SAMPLE_DATE, SAMPLE_DATE)
    assert all(sighting.announce_type for sighting in batch.sightings)
    assert not any(sighting.announce_type for sighting in others.sightings)
    assert all(sighting.votes is not None for sighting in others.sightings)
    assert [*batch.papers, *others.papers] == [entry.paper for entry in day.entries]
    assert [s.key for s in (*batch.sightings, *others.sightings)] == [entry.paper.key for entry in day.entries]
    assert [s.position for s in (*batch.sightings, *others.sightings)] == list(range(len(day.entries)))


async def test_sightings_carry_the_source_the_day_and_when_they_were_read() -> None:
    sightings = [sighting for page in await pages(SAMPLE_DATE, SAMPLE_DATE) for sighting in page.sightings]
    assert {sighting.source for sighting in sightings} == {SampleDay.name}
    assert {sighting.batch_on for sighting in sightings} == {SAMPLE_DATE}
    assert max(sighting.seen_at for sighting in sightings) <= SAMPLE_CLOCK_START
    assert len({(s.source, s.key, s.batch_on) for s in sightings}) == len(sightings)


async def test_a_paper_on_both_lists_has_its_votes_and_its_announcement(day: Day) -> None:
    atlas = next(entry for entry in day.entries if entry.paper.title.startswith("Atlas"))
    assert atlas.sighting.announce_type is AnnounceType.NEW
    assert SeenPaper(paper=atlas.paper, sightings=(atlas.sighting,)).votes == 12


async def test_only_the_last_page_finishes_the_day() -> None:
    first, last = await pages(SAMPLE_DATE, SAMPLE_DATE)
    assert first.finished == ()
    assert last.finished == (Watermark(source="sample", topic="daily", batch_on=SAMPLE_DATE),)


def test_the_clock_starts_when_the_batch_of_the_day_is_out() -> None:
    assert SAMPLE_CLOCK_START.date() == SAMPLE_DATE
    assert batch_on(SAMPLE_CLOCK_START) == SAMPLE_DATE


@pytest.mark.parametrize(("asked", "why"), [(date(2026, 1, 9), Why.NOTHING_LISTED), (date(2026, 1, 10), Why.WEEKEND)])
async def test_another_day_says_which_day_there_is(asked: date, why: Why) -> None:
    [page] = await pages(asked, asked)
    [notice] = page.notices
    assert (notice.why, notice.on) == (why, asked)
    assert "2026-01-08" in notice.detail
    assert (page.papers, page.sightings, page.finished) == ((), (), ())


@given(before=st.integers(0, 40), after=st.integers(0, 40))
async def test_every_day_asked_for_is_answered_in_order(before: int, after: int) -> None:
    answers = await pages(SAMPLE_DATE - timedelta(days=before), SAMPLE_DATE + timedelta(days=after))
    days = [page.notices[0].on or SAMPLE_DATE if page.notices else SAMPLE_DATE for page in answers]
    assert len(answers) == before + 2 + after
    assert all(later - earlier in (timedelta(0), timedelta(days=1)) for earlier, later in pairwise(days))
    assert sum(len(page.papers) for page in answers) >= 30


async def test_days_in_the_wrong_order_are_no_days() -> None:
    assert await pages(SAMPLE_DATE, SAMPLE_DATE - timedelta(days=1)) == []


async def test_asking_again_gives_the_same() -> None:
    source = SampleDay()
    assert await pages(SAMPLE_DATE, SAMPLE_DATE, source) == await pages(SAMPLE_DATE, SAMPLE_DATE, source)


async def test_papers_are_found_in_the_order_of_their_refs() -> None:
    found = await SampleDay().find([ref("2601.03872"), ref("2601.99999"), ref("2601.01426", 2), ref("2601.03335", 1)])
    assert [paper.key.value for paper in found] == ["2601.03872", "2601.01426", "2601.03335"]


async def test_a_version_that_was_not_listed_is_not_found() -> None:
    assert await SampleDay().find([ref("2601.01426", 1), ref("2601.03872", 2)]) == ()


async def test_every_paper_is_found_by_its_own_title(day: Day) -> None:
    source = SampleDay()
    for entry in day.entries:
        assert await source.find(title=entry.paper.title.upper()) == (entry.paper,)


@pytest.mark.parametrize("title", ["", "...", "Attention Is All You Need", "a framework for language models"])
async def test_a_title_of_another_paper_finds_none(title: str) -> None:
    assert await SampleDay().find(title=title) == ()


async def test_nothing_is_read_inside_a_transaction() -> None:
    with transaction(), pytest.raises(TransactionOpen):
        await SampleDay().find([ref("2601.03872")])


def damaged(change: str) -> str:
    """The packaged file with one thing wrong, told as `path = JSON` or `path` alone to take it away."""
    document = json.loads(FILE)
    path, _, value = change.partition(" = ")
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = document
    for step in steps:
        place = place[step]
    if value:
        place[last] = json.loads(value)
    else:
        del place[last]
    return json.dumps(document)


@pytest.mark.parametrize(
    "change",
    [
        "date",
        'date = "8 January"',
        "papers",
        "papers = []",
        "papers = {}",
        "papers.3",
        "papers.3.abstract",
        'papers.3.abstract = ""',
        'papers.3.abstract = "two\\nlines"',
        'papers.3.score = "9"',
        'papers.3.id = "2601.99999"',
        'papers.3.version = "1"',
        "papers.3.version = true",
        "papers.3.authors = []",
        'papers.3.authors = [{"name": "Ada"}]',
        'papers.3.published_at = "yesterday"',
        'papers.3.published_at = "2026-01-07T10:00:00"',
        "arxiv.read_at",
        'arxiv.listed.0.type = "newest"',
        "arxiv.listed.0",
        'arxiv.listed.0.id = "2601.03872"',
        "huggingface.listed = null",
        "huggingface.listed.0.votes = -1",
        'huggingface.listed.0.tags = ["", "x"]',
    ],
)
def test_a_damaged_file_is_refused(change: str) -> None:
    with pytest.raises(SourceChanged, match="sample"):
        read_day(damaged(change))


@pytest.mark.parametrize("path", ["papers", "arxiv.listed", "huggingface.listed"])
def test_a_paper_that_is_there_twice_is_refused(path: str) -> None:
    document = json.loads(FILE)
    place = document
    for step in path.split("."):
        place = place[step]
    place.append(place[0])
    with pytest.raises(SourceChanged, match="there twice"):
        read_day(json.dumps(document))


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(SourceChanged, match=r"papers\[3\]\.version .* should be a whole number"):
        read_day(damaged('papers.3.version = "1"'))


@pytest.mark.parametrize("content", [b"", b"<html>busy</html>", b'{"date": "2026-01', b"\xff\xfe", b"[]"])
async def test_a_file_that_is_not_the_day_is_a_changed_source(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "day.json"
    file.write_bytes(content)
    with pytest.raises(SourceChanged, match="sample"):
        await SampleDay(file).find([ref("2601.03872")])


async def test_a_file_that_is_not_there_is_a_changed_source(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="cannot be read"):
        await pages(SAMPLE_DATE, SAMPLE_DATE, SampleDay(tmp_path / "day.json"))


def test_sightings_are_of_their_papers(day: Day) -> None:
    assert [(e.paper.key, e.paper.version) for e in day.entries] == [(e.sighting.key, e.sighting.version) for e in day.entries]
