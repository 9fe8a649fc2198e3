"""Hugging Face's daily lists, against a loopback server that speaks as the recorded answers do."""

import asyncio
import contextlib
import csv
import io
import lzma
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.intake import Page, Wanted, Why
from bot.domain.papers import LinkKind, PaperKey, PaperRef, Scheme
from bot.errors import BadEntry, BrokenPage, SourceThrottled, SourceUnreachable
from bot.http import PoliteClient
from bot.sources.huggingface import HuggingFace, read_item
from tests.fakes.huggingface import NOT_FOUND, FakeHuggingFace, an_item

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "hf_daily_papers"
needs_recorded = pytest.mark.skipif(not RECORDED.is_dir(), reason=f"no recorded lists at {RECORDED}")

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 4)
SATURDAY = date(2026, 6, 6)
NOW = datetime(2026, 6, 4, 15, tzinfo=UTC)  # a Thursday


@pytest.fixture
async def fake() -> AsyncIterator[FakeHuggingFace]:
    async with FakeHuggingFace() as running:
        yield running


@asynccontextmanager
async def _source(fake: FakeHuggingFace, now: datetime = NOW) -> AsyncIterator[HuggingFace]:
    client = PoliteClient(user_agent="paperboy-tests (https://example.org; a@example.org)", timeout_s=5)
    try:
        yield HuggingFace(client, fake.url, lambda: now)
    finally:
        await client.close()


async def _pages(fake: FakeHuggingFace, since: date = TUESDAY, until: date | None = None, now: datetime = NOW) -> list[Page]:
    async with _source(fake, now) as source:
        return [page async for page in source.fetch(Wanted(since=since, until=until or since))]


def _ids(pages: list[Page]) -> list[str]:
    return [sighting.key.value for page in pages for sighting in page.sightings]


def _whys(pages: list[Page]) -> list[Why]:
    return [notice.why for page in pages for notice in page.notices]


async def test_a_listed_paper_comes_with_what_arxiv_and_the_list_say_of_it(fake: FakeHuggingFace) -> None:
    fake.lists(
        "2601.06521",
        on=TUESDAY,
        votes=156,
        hidden=("Cy Hidden",),
        repo="https://github.com/example/notebook.",
        project="https://notebook.example.org/demo",
        keywords=("memory", "agents"),
        organization="Example University",
    )
    [page] = await _pages(fake)
    [paper], [sighting] = page.papers, page.sightings
    assert paper.key == sighting.key == PaperKey(scheme=Scheme.ARXIV, value="2601.06521")
    assert (paper.title, paper.version, paper.categories) == ("A Notebook for Forgetful Assistants", None, ())
    assert paper.abstract == "Long conversations make assistants forget. We propose a notebook."
    assert [author.name for author in paper.authors] == ["Ada Example", "Bo Sample"]
    assert paper.published_at == datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    assert [(link.kind, link.url) for link in paper.links] == [
        (LinkKind.CODE, "https://github.com/example/notebook"),
        (LinkKind.PROJECT, "https://notebook.example.org/demo"),
    ]
    assert (sighting.source, sighting.batch_on, sighting.seen_at) == ("huggingface", TUESDAY, NOW)
    assert (sighting.votes, sighting.position, sighting.tags) == (156, 0, ("memory", "agents"))
    assert sighting.organization == "Example University"


async def test_missing_votes_are_unknown_and_no_votes_are_none(fake: FakeHuggingFace) -> None:
    fake.lists("2601.00001", on=TUESDAY, votes=None)
    fake.lists("2601.00002", on=TUESDAY, votes=0)
    [page] = await _pages(fake)
    assert [sighting.votes for sighting in page.sightings] == [None, 0]


async def test_votes_are_read_again_when_the_day_is_asked_for_later(fake: FakeHuggingFace) -> None:
    fake.lists("2601.00001", on=TUESDAY, votes=6)
    [before] = await _pages(fake)
    fake.lists("2601.00001", on=TUESDAY, votes=31)
    [after] = await _pages(fake, now=datetime(2026, 6, 9, tzinfo=UTC))
    assert [page.sightings[0].votes for page in (before, after)] == [6, 31]
    assert after.sightings[0].seen_at > before.sightings[0].seen_at


async def test_an_item_without_anything_but_its_id_is_kept(fake: FakeHuggingFace) -> None:
    fake.lists_raw({"paper": {"id": "2601.00001"}}, on=TUESDAY)
    [page] = await _pages(fake)
    assert (page.papers[0].title, page.papers[0].abstract, page.papers[0].authors) == ("", "", ())


@pytest.mark.parametrize(
    "broken",
    [None, 7, "text", [], {}, {"paper": None}, {"paper": {"id": 7}}, {"paper": {"id": "no id"}}, {"paper": {"id": "10.1000/x"}}],
)
async def test_a_bad_item_is_noticed_and_the_others_go_on(fake: FakeHuggingFace, broken: object) -> None:
    fake.lists("2601.00001", on=TUESDAY)
    fake.lists_raw(broken, on=TUESDAY)
    fake.lists("2601.00002", on=TUESDAY)
    [page] = await _pages(fake)
    assert _ids([page]) == ["2601.00001", "2601.00002"]
    assert [(notice.why, notice.on) for notice in page.notices] == [(Why.BAD_ENTRY, TUESDAY)]


@pytest.mark.parametrize("items", [1, 49, 50, 99, 100, 101, 120, 250])
async def test_a_long_day_comes_whole_and_in_order(fake: FakeHuggingFace, items: int) -> None:
    ids = [f"2601.{number:05}" for number in range(1, items + 1)]
    for arxiv_id in ids:
        fake.lists(arxiv_id, on=TUESDAY)
    pages = await _pages(fake)
    assert _ids(pages) == ids
    assert [sighting.position for page in pages for sighting in page.sightings] == list(range(items))
    assert [len(page.finished) for page in pages] == [0] * (len(pages) - 1) + [1]


@pytest.mark.parametrize("most", [50, 99])
async def test_a_pager_shorter_than_asked_loses_nothing(fake: FakeHuggingFace, most: int) -> None:
    fake.gives_at_most(most)
    ids = [f"2601.{number:05}" for number in range(1, 151)]
    for arxiv_id in ids:
        fake.lists(arxiv_id, on=TUESDAY)
    assert _ids(await _pages(fake)) == ids


async def test_a_page_that_repeats_neither_loops_nor_doubles(fake: FakeHuggingFace) -> None:
    for number in range(1, 121):
        fake.lists(f"2601.{number:05}", on=TUESDAY)
    fake.repeats_its_pages(on=TUESDAY)
    assert len(_ids(await _pages(fake))) == 100
    assert len(fake.requests) == 2


async def test_an_id_listed_twice_in_one_day_is_one_paper(fake: FakeHuggingFace) -> None:
    fake.lists_raw(an_item("2601.00001"), on=TUESDAY)
    fake.lists_raw(an_item("2601.00001"), on=TUESDAY)
    assert _ids(await _pages(fake)) == ["2601.00001"]


async def test_a_paper_on_two_days_is_one_key_sighted_twice(fake: FakeHuggingFace) -> None:
    fake.lists("2601.00001", on=TUESDAY, votes=5)
    fake.lists("2601.00001", on=WEDNESDAY, votes=9)
    sightings = [sighting for page in await _pages(fake, TUESDAY, WEDNESDAY) for sighting in page.sightings]
    assert [(sighting.key.value, sighting.batch_on) for sighting in sightings] == [
        ("2601.00001", TUESDAY),
        ("2601.00001", WEDNESDAY),
    ]


async def test_each_empty_day_has_its_own_reason(fake: FakeHuggingFace) -> None:
    assert _whys(await _pages(fake, SATURDAY, now=datetime(2026, 6, 9, tzinfo=UTC))) == [Why.WEEKEND]
    assert _whys(await _pages(fake, THURSDAY)) == [Why.NOT_OUT_YET]
    assert _whys(await _pages(fake, WEDNESDAY)) == [Why.NOTHING_LISTED]


async def test_a_day_to_come_is_not_asked_for(fake: FakeHuggingFace) -> None:
    assert _whys(await _pages(fake, date(2026, 6, 5))) == [Why.NOT_OUT_YET]
    assert fake.requests == []


async def test_a_list_that_still_fills_is_not_finished(fake: FakeHuggingFace) -> None:
    fake.lists("2601.00001", on=WEDNESDAY)
    fake.lists("2601.00002", on=THURSDAY)
    pages = await _pages(fake, WEDNESDAY, THURSDAY)
    assert [[mark.batch_on for mark in page.finished] for page in pages] == [[WEDNESDAY], []]
    assert pages[0].finished[0].topic == "daily"


async def test_a_throttled_request_says_how_long_to_wait(fake: FakeHuggingFace) -> None:
    fake.throttles(retry_after_s=33)
    with pytest.raises(SourceThrottled) as caught:
        await _pages(fake)
    assert caught.value.after_s == 33


async def test_a_server_error_is_no_answer(fake: FakeHuggingFace) -> None:
    fake.is_down_for(1)
    with pytest.raises(SourceUnreachable):
        await _pages(fake)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<!doctype html><title>Hugging Face</title>", 200),
        (b"", 200),
        (b'[{"paper": {"id": "2601.0', 200),
        (b"[" * 100_000, 200),
        (b"\xff\xfe\x00", 200),
        (NOT_FOUND, 200),
        (NOT_FOUND, 404),
        ({"error": "Invalid date"}, 400),
        (7, 200),
    ],
)
async def test_an_answer_that_is_no_list_never_becomes_an_empty_day(fake: FakeHuggingFace, body: object, status: int) -> None:
    fake.answers(body, status=status)
    with pytest.raises(BrokenPage):
        await _pages(fake)


async def test_one_broken_day_leaves_the_others_and_stops_the_watermark(fake: FakeHuggingFace) -> None:
    monday = date(2026, 6, 1)
    fake.lists("2601.00001", on=monday)
    fake.lists("2601.00002", on=TUESDAY)
    fake.cuts_its_answer(on=TUESDAY)
    fake.lists("2601.00003", on=WEDNESDAY)
    pages = await _pages(fake, monday, WEDNESDAY)
    assert _ids(pages) == ["2601.00001", "2601.00003"]
    assert [(notice.why, notice.on) for page in pages for notice in page.notices] == [(Why.BROKEN, TUESDAY)]
    assert [mark.batch_on for page in pages for mark in page.finished] == [monday]


async def test_three_broken_days_in_a_row_are_a_broken_source(fake: FakeHuggingFace) -> None:
    fake.sends_html()
    with pytest.raises(BrokenPage):
        await _pages(fake, date(2026, 5, 4), THURSDAY)
    assert len(fake.requests) == 3


async def test_text_that_no_database_takes_is_cleaned_where_it_enters(fake: FakeHuggingFace) -> None:
    fake.answers(rb'[{"paper": {"id": "2601.00001", "title": "Lone \ud83d half\u0000 pair", "summary": "ok \ud83d\ude00"}}]')
    [page] = await _pages(fake)
    assert page.papers[0].title == "Lone half pair"
    assert page.papers[0].abstract == "ok \N{GRINNING FACE}"


async def test_single_papers_are_looked_up_by_id_and_unknown_ones_are_missing(fake: FakeHuggingFace) -> None:
    fake.lists("2601.00001", on=TUESDAY)
    keys = (("2601.00001", Scheme.ARXIV), ("2601.99999", Scheme.ARXIV), ("10.1000/x", Scheme.DOI))
    refs = [PaperRef(key=PaperKey(scheme=scheme, value=value), version=2) for value, scheme in keys]
    async with _source(fake) as source:
        assert [paper.key.value for paper in await source.find(refs)] == ["2601.00001"]
        assert await source.find(title="A Notebook for Forgetful Assistants") == ()
    assert [path for path, _ in fake.requests] == ["/api/papers/2601.00001", "/api/papers/2601.99999"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "id",
    "title",
    "summary",
    "authors",
    "publishedAt",
    "upvotes",
    "ai_keywords",
    "githubRepo",
    "projectPage",
    "organization",
)


@given(paper=st.dictionaries(st.sampled_from(FIELDS), JSON), outer=st.dictionaries(st.sampled_from(FIELDS), JSON))
@settings(max_examples=200, deadline=None)
def test_wrong_types_in_any_field_cost_that_field_only(paper: dict[str, object], outer: dict[str, object]) -> None:
    listed = read_item(outer | {"paper": paper | {"id": "2601.00001"}}, "huggingface")
    listed.paper.title.encode()
    assert listed.votes is None or listed.votes >= 0
    assert listed.paper.published_at is None or listed.paper.published_at.tzinfo is UTC


@given(item=JSON)
@settings(max_examples=100, deadline=None)
def test_an_item_of_any_shape_is_read_or_refused(item: object) -> None:
    with contextlib.suppress(BadEntry):
        read_item(item, "huggingface")


@needs_recorded
async def test_every_recorded_list_is_read_whole(fake: FakeHuggingFace) -> None:
    days = fake.replays(RECORDED / "raw")
    assert days == 28
    indexed: dict[str, list[str]] = {}
    for row in csv.DictReader(io.StringIO(lzma.decompress((RECORDED / "all_558_days_index.csv.xz").read_bytes()).decode())):
        indexed.setdefault(row["hf_day"], []).append(row["id"])
    total = 0
    for file in sorted((RECORDED / "raw").glob("*.json.gz")):
        day = date.fromisoformat(file.name[:10])
        pages = await _pages(fake, day, now=datetime(2026, 11, 1, tzinfo=UTC))
        assert sorted(_ids(pages)) == sorted(set(indexed[day.isoformat()]))
        assert not _whys(pages)
        assert all(paper.title and paper.abstract and paper.authors and paper.published_at for p in pages for paper in p.papers)
        total += len(_ids(pages))
    assert total == 494


async def test_the_fake_runs_as_a_process_and_prints_its_url() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.huggingface", "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        assert (await process.stdout.readline()).startswith(b"http://127.0.0.1:")
    finally:
        process.terminate()
        await process.wait()
