"""arXiv's batches: today's from the feeds, earlier ones from catch-up pages, and a reason for each day without one."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.intake import Why
from bot.domain.papers import AnnounceType
from bot.errors import BrokenPage, ClientRefused, PaperboyError, SourceChanged, SourceRefused, SourceThrottled, SourceUnreachable
from bot.sources.arxiv_daily import LastBatch
from tests.builders import a_paper
from tests.fakes.arxiv import FakeArxiv
from tests.sources.arxiv_case import FRIDAY, MONDAY, TUESDAY, Case, a_case

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"no real data at {SHARED}")
ONE, TWO = a_paper(arxiv_id="2606.00001"), a_paper(arxiv_id="2606.00002", title="Second")


@pytest.fixture
async def case() -> AsyncIterator[Case]:
    async with a_case() as case:
        yield case


# Today's feed


async def test_todays_batch_comes_from_the_feed_with_what_the_api_adds(case: Case) -> None:
    paper = a_paper(arxiv_id="2606.00001", comment="Code: https://github.com/example/notebook.", categories=("cs.CL", "cs.AI"))
    case.fake.publishes(paper, batch_on=TUESDAY)
    [page] = await case.fetches("cs.CL")
    [found], [sighting] = page.papers, page.sightings
    assert (found.published_at, found.comment) == (paper.published_at, paper.comment)
    assert [link.url for link in found.links] == ["https://github.com/example/notebook"]
    assert found.categories == ("cs.CL", "cs.AI")
    assert (sighting.batch_on, sighting.announce_type, sighting.version) == (TUESDAY, AnnounceType.NEW, 1)
    assert case.finished == [("cs.CL", TUESDAY)]
    assert case.fake.paths() == ["/rss/cs.CL", "/api/query"]


async def test_a_paper_that_the_api_does_not_know_yet_stays_with_what_the_feed_says(case: Case) -> None:
    case.fake.publishes(ONE, TWO, batch_on=TUESDAY)
    case.fake.forgets("2606.00001")
    [page] = await case.fetches("cs.CL")
    assert [(paper.title, paper.published_at) for paper in page.papers] == [
        (ONE.title, None),
        (TWO.title, TWO.published_at),
    ]


async def test_metadata_that_fails_is_a_notice_and_no_paper_is_lost(case: Case) -> None:
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 151)), batch_on=TUESDAY)
    case.fake.refuses(500, on="/api")
    await case.fetches("cs.CL")
    assert len(case.ids) == 150
    assert case.whys == [Why.UNREACHABLE]
    assert case.finished == [("cs.CL", TUESDAY)]
    assert len(case.fake.paths("/api")) == 1


async def test_a_big_day_comes_in_pages_and_is_finished_with_the_last(case: Case) -> None:
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 251)), batch_on=TUESDAY)
    pages = await case.fetches("cs.CL")
    assert [len(page.papers) for page in pages] == [100, 100, 50]
    assert [bool(page.finished) for page in pages] == [False, False, True]
    assert [sighting.position for page in pages for sighting in page.sightings] == list(range(250))


async def test_a_new_paper_that_the_feed_labels_cross_is_kept(case: Case) -> None:
    case.fake.publishes(a_paper(arxiv_id="2606.00001", categories=("cs.LG", "cs.CL")), batch_on=TUESDAY)
    [page] = await case.fetches("cs.CL")
    assert [(one.announce_type, one.version) for one in page.sightings] == [(AnnounceType.CROSS, 1)]


async def test_a_replacement_brings_its_version(case: Case) -> None:
    case.fake.publishes(a_paper(arxiv_id="2605.00001", version=3), batch_on=TUESDAY, announce_type=AnnounceType.REPLACE)
    [page] = await case.fetches("cs.CL")
    assert [(one.announce_type, one.version) for one in page.sightings] == [(AnnounceType.REPLACE, 3)]
    assert page.papers[0].version == 3


async def test_a_withdrawn_paper_is_marked(case: Case) -> None:
    comment = "This has been withdrawn by arXiv administrators due to an unresolvable authorship dispute"
    paper = a_paper(arxiv_id="2605.00001", version=8, comment=comment)
    case.fake.publishes(paper, batch_on=TUESDAY, announce_type=AnnounceType.REPLACE)
    [page] = await case.fetches("cs.CL")
    assert page.papers[0].is_withdrawn
    assert page.papers[0].comment == comment


async def test_a_paper_in_two_groups_is_listed_once_under_its_strongest_type(case: Case) -> None:
    case.fake.publishes(a_paper(arxiv_id="2606.00001", categories=("cs.LG", "cs.CL", "cs.AI")), batch_on=TUESDAY)
    await case.fetches("cs.AI", "cs.CL", "cs.CV", "cs.LG")
    assert len(case.fake.paths("/rss")) >= 2
    assert [one.announce_type for page in case.pages for one in page.sightings] == [AnnounceType.NEW]


async def test_a_feed_near_2000_items_is_asked_for_in_smaller_groups_and_loses_nothing(case: Case) -> None:
    new = [a_paper(arxiv_id=f"2606.{n:05}", categories=("cs.CL",)) for n in range(1, 301)]
    old = [a_paper(arxiv_id=f"2605.{n:05}", categories=("cs.DB",), version=2) for n in range(1, 1801)]
    case.fake.publishes(*new, batch_on=TUESDAY)
    case.fake.publishes(*old, batch_on=TUESDAY, announce_type=AnnounceType.REPLACE)
    await case.fetches("cs.CL", "cs.DB")
    assert case.fake.paths("/rss") == ["/rss/cs.CL+cs.DB", "/rss/cs.CL", "/rss/cs.DB"]
    assert len(case.ids) == len(set(case.ids)) == 2100
    assert sorted(case.finished) == [("cs.CL", TUESDAY), ("cs.DB", TUESDAY)]


async def test_one_category_too_big_for_a_feed_comes_from_its_pages(case: Case) -> None:
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 2101)), batch_on=TUESDAY)
    await case.fetches("cs.CL")
    assert case.fake.paths("/catchup") == ["/catchup/cs.CL/2026-06-02"] * 2
    assert len(set(case.ids)) == 2100


async def test_a_whole_archive_can_be_asked_for(case: Case) -> None:
    case.fake.publishes(a_paper(arxiv_id="2606.00001", categories=("cs.GT",)), batch_on=TUESDAY)
    await case.fetches("cs")
    assert (case.ids, case.finished) == (["2606.00001"], [("cs", TUESDAY)])


@pytest.mark.parametrize("categories", [("cs.CL", "cs.ZZ"), ("cs.CL", "cs.ZZ", "stat.ML", "xx.YY")])
async def test_a_bad_category_is_named_and_the_others_come(case: Case, categories: tuple[str, ...]) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    await case.fetches(*categories)
    named = {notice.subject for page in case.pages for notice in page.notices if notice.why is Why.BAD_TOPIC}
    assert named == {"cs.ZZ", "xx.YY"} & set(categories)
    assert case.ids == ["2606.00001"]
    assert ("cs.CL", TUESDAY) in case.finished


@pytest.mark.parametrize("hostile", ["../etc", "cs.CL?x=1", "a b", "cs.CL+cs.AI", "", "é"])
async def test_what_cannot_be_a_category_goes_into_no_url(case: Case, hostile: str) -> None:
    await case.fetches(hostile)
    assert case.whys[0] is Why.BAD_TOPIC
    assert case.fake.asked == []


async def test_no_category_means_all_of_arxiv(case: Case) -> None:
    case.fake.publishes(ONE, a_paper(arxiv_id="2606.00009", categories=("hep-th",)), batch_on=TUESDAY)
    await case.fetches()
    assert case.ids == ["2606.00001", "2606.00009"]


# Days without a batch


async def test_a_weekend_is_told_without_asking(case: Case) -> None:
    case.now = datetime(2026, 6, 7, 15, tzinfo=UTC)
    await case.fetches("cs.CL", since=date(2026, 6, 6), until=date(2026, 6, 7))
    assert case.whys == [Why.WEEKEND, Why.WEEKEND]
    assert case.fake.asked == []


async def test_an_empty_feed_after_a_holiday_is_a_holiday(case: Case) -> None:
    case.now = datetime(2026, 6, 22, 15, tzinfo=UTC)
    case.fake.has_nothing_new(on=date(2026, 6, 22))
    await case.fetches("cs.CL", since=date(2026, 6, 22))
    assert case.whys == [Why.HOLIDAY]


async def test_papers_on_a_day_without_a_batch_by_the_calendar_are_kept(case: Case) -> None:
    case.now = datetime(2026, 6, 22, 15, tzinfo=UTC)
    case.fake.publishes(ONE, batch_on=date(2026, 6, 22))
    await case.fetches("cs.CL", since=date(2026, 6, 22))
    assert case.ids == ["2606.00001"]


async def test_tomorrows_batch_is_not_out_yet(case: Case) -> None:
    await case.fetches("cs.CL", since=date(2026, 6, 3))
    assert case.whys == [Why.NOT_OUT_YET]
    assert case.fake.asked == []


async def test_yesterdays_feed_is_not_out_yet_and_brings_nothing(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    await case.fetches("cs.CL")
    assert (case.whys, case.ids, case.finished) == ([Why.NOT_OUT_YET], [], [])


async def test_an_empty_feed_of_a_busy_category_is_not_no_papers(case: Case) -> None:
    case.fake.has_nothing_new(on=TUESDAY)
    await case.fetches("cs.CL")
    assert (case.whys, case.finished) == ([Why.NOT_OUT_YET], [])


async def test_an_empty_feed_of_a_quiet_category_lists_nothing_but_finishes_nothing(case: Case) -> None:
    case.fake.has_nothing_new(on=TUESDAY)
    await case.fetches("cs.GL")
    assert (case.whys, case.finished) == ([Why.NOTHING_LISTED], [])


async def test_a_busy_category_missing_from_a_good_feed_is_not_finished(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    await case.fetches("cs.CL", "cs.CR")
    assert case.whys == [Why.NOT_OUT_YET]
    assert case.finished == [("cs.CL", TUESDAY)]


async def test_the_batch_before_under_a_fresh_date_is_stale_and_brings_nothing(case: Case) -> None:
    case.fake.publishes(ONE, TWO, batch_on=MONDAY)
    case.fake.is_stale(MONDAY, under=TUESDAY)
    case.last_batch = _stored("2606.00001", "2606.00002", "2606.00003")
    await case.fetches("cs.CL")
    assert (case.whys, case.ids, case.finished) == ([Why.STALE], [], [])


async def test_only_the_stale_category_is_held_back(case: Case) -> None:
    case.fake.publishes(a_paper(arxiv_id="2605.00001", categories=("cs.CL",)), batch_on=TUESDAY)
    case.fake.publishes(a_paper(arxiv_id="2606.00007", categories=("cs.DB",)), batch_on=TUESDAY)
    case.last_batch = _stored("2605.00001")
    await case.fetches("cs.CL", "cs.DB")
    assert (case.whys, case.ids, case.finished) == ([Why.STALE], ["2606.00007"], [("cs.DB", TUESDAY)])


async def test_one_fresh_paper_makes_a_feed_fresh(case: Case) -> None:
    case.fake.publishes(ONE, TWO, batch_on=TUESDAY)
    case.last_batch = _stored("2606.00001")
    await case.fetches("cs.CL")
    assert case.finished == [("cs.CL", TUESDAY)]


def _stored(*ids: str) -> LastBatch:
    async def last_batch(topic: str, before: date) -> frozenset[str]:
        assert before == TUESDAY
        return frozenset(ids)

    return last_batch


# Missed days


async def test_missed_days_come_from_catchup_pages_oldest_first(case: Case) -> None:
    for number, day in enumerate((FRIDAY, MONDAY, TUESDAY), start=1):
        case.fake.publishes(a_paper(arxiv_id=f"2606.{number:05}"), batch_on=day)
    await case.fetches("cs.CL", since=FRIDAY, until=TUESDAY)
    assert case.ids == ["2606.00001", "2606.00002", "2606.00003"]
    assert case.finished == [("cs.CL", FRIDAY), ("cs.CL", MONDAY), ("cs.CL", TUESDAY)]
    assert case.whys == [Why.WEEKEND, Why.WEEKEND]
    assert case.fake.paths("/catchup") == ["/catchup/cs.CL/2026-05-29", "/catchup/cs.CL/2026-06-01"]


async def test_a_catchup_page_tells_types_and_the_api_tells_versions(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    case.fake.publishes(a_paper(arxiv_id="2605.00001", version=4), batch_on=MONDAY, announce_type=AnnounceType.REPLACE)
    crossed = a_paper(arxiv_id="2605.00002", version=2, categories=("cs.LG", "cs.CL"))
    case.fake.publishes(crossed, batch_on=MONDAY, announce_type=AnnounceType.REPLACE)
    case.fake.publishes(a_paper(arxiv_id="2605.00003", categories=("math.CO", "cs.CL")), batch_on=MONDAY)
    await case.fetches("cs.CL", since=MONDAY)
    found = {one.key.value: (one.announce_type, one.version) for page in case.pages for one in page.sightings}
    assert found == {
        "2606.00001": (AnnounceType.NEW, 1),
        "2605.00001": (AnnounceType.REPLACE, 4),
        "2605.00002": (AnnounceType.REPLACE_CROSS, 2),
        "2605.00003": (AnnounceType.CROSS, 1),
    }


async def test_a_past_day_over_several_pages_is_read_whole(case: Case) -> None:
    case.fake.per_page = 40
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 101)), batch_on=MONDAY)
    await case.fetches("cs.CL", since=MONDAY)
    assert len(set(case.ids)) == 100
    assert [asked.query["page"] for asked in case.fake.asked if asked.path.startswith("/catchup")] == ["1", "2", "3"]


async def test_an_honest_empty_past_day_is_finished(case: Case) -> None:
    await case.fetches("cs.CL", since=MONDAY)
    assert (case.whys, case.finished) == ([Why.NOTHING_LISTED], [("cs.CL", MONDAY)])


async def test_days_beyond_90_are_told_once(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    case.now = datetime(2026, 6, 2, 15, tzinfo=UTC)
    since = TUESDAY - timedelta(days=92)
    await case.fetches("cs.CL", since=since, until=since)
    assert case.whys == [Why.TOO_OLD]
    assert case.fake.asked == []


async def test_a_category_unfinished_on_one_day_is_not_marked_as_read_on_a_later_one(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    case.fake.publishes(a_paper(arxiv_id="2606.00009", categories=("cs.DB", "cs.CL")), batch_on=TUESDAY)
    case.fake.cuts_body(on="/catchup/cs.CL")
    await case.fetches("cs.CL", "cs.DB", since=MONDAY, until=TUESDAY)
    assert Why.BROKEN in case.whys
    assert case.finished == [("cs.DB", MONDAY), ("cs.DB", TUESDAY)]
    assert case.ids == ["2606.00009"]


# Failures, each with its own outcome

Breaks = Callable[[FakeArxiv], None]
FAILURES: list[tuple[str, Breaks, type[PaperboyError]]] = [
    ("429", lambda fake: fake.is_throttled("120"), SourceThrottled),
    ("503", lambda fake: fake.is_throttled(status=503), SourceThrottled),
    ("rate exceeded", lambda fake: fake.says_rate_exceeded(), SourceThrottled),
    ("403", lambda fake: fake.refuses(403), SourceRefused),
    ("406", lambda fake: fake.refuses(406), ClientRefused),
    ("500", lambda fake: fake.refuses(500), SourceUnreachable),
    ("html", lambda fake: fake.answers_html(), BrokenPage),
    ("empty body", lambda fake: fake.is_empty_200(), BrokenPage),
    ("half a document", lambda fake: fake.cuts_body(), BrokenPage),
    ("cut connection", lambda fake: fake.cuts_connection(), SourceUnreachable),
]
NAMES = [name for name, _, _ in FAILURES]


@pytest.mark.parametrize(("_", "breaks", "expected"), FAILURES, ids=NAMES)
async def test_a_failure_of_the_feed_is_its_own_error_and_never_no_papers(
    case: Case, _: str, breaks: Breaks, expected: type[PaperboyError]
) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    breaks(case.fake)
    with pytest.raises(expected):
        await case.fetches("cs.CL")
    assert (case.ids, case.finished) == ([], [])
    assert len(case.fake.asked) == 1


@pytest.mark.parametrize(("_", "breaks", "expected"), FAILURES, ids=NAMES)
async def test_a_failure_of_a_past_day_is_its_own_error(
    case: Case, _: str, breaks: Breaks, expected: type[PaperboyError]
) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    breaks(case.fake)
    with pytest.raises(expected):
        await case.fetches("cs.CL", since=MONDAY)
    assert (case.ids, case.finished) == ([], [])


async def test_a_feed_that_hangs_is_no_answer() -> None:
    async with a_case(timeout_s=0.2) as case:
        case.fake.hangs()
        with pytest.raises(SourceUnreachable):
            await case.fetches("cs.CL")


async def test_after_a_good_day_a_failure_loses_nothing_of_it(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    case.fake.refuses(500, on="/rss")
    with pytest.raises(SourceUnreachable):
        await case.fetches("cs.CL", since=MONDAY, until=TUESDAY)
    assert (case.ids, case.finished) == (["2606.00001"], [("cs.CL", MONDAY)])


async def test_one_broken_group_is_a_notice_and_the_others_come(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    case.fake.cuts_body(on="/rss/cs.LG")
    await case.fetches("cs.CL", "cs.CV", "cs.LG")
    assert Why.BROKEN in case.whys
    assert "2606.00001" in case.ids
    assert ("cs.LG", TUESDAY) not in case.finished


async def test_a_total_that_lies_on_a_catchup_page_breaks_it(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    case.fake.lies_about_total(5000, on="/catchup")
    with pytest.raises(BrokenPage):
        await case.fetches("cs.CL", since=MONDAY)
    assert len(case.fake.asked) == 2  # the first empty page is enough


async def test_catchup_pages_that_repeat_end(case: Case) -> None:
    case.fake.per_page = 40
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 101)), batch_on=MONDAY)
    case.fake.repeats_pages(on="/catchup")
    with pytest.raises(BrokenPage, match="twice"):
        await case.fetches("cs.CL", since=MONDAY)
    assert len(case.fake.asked) == 2


async def test_a_feed_whose_ids_have_gone_has_changed(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=TUESDAY)
    case.fake.edits(lambda text: text.replace("2606.00001", "none"), on="/rss")
    with pytest.raises(SourceChanged):
        await case.fetches("cs.CL")


async def test_a_listing_page_that_we_cannot_read_has_changed(case: Case) -> None:
    case.fake.publishes(ONE, batch_on=MONDAY)
    case.fake.edits(lambda text: text.replace("Catchup results for", "What was announced in"), on="/catchup")
    with pytest.raises(SourceChanged):
        await case.fetches("cs.CL", since=MONDAY)


async def test_requests_come_one_at_a_time_with_our_name(case: Case) -> None:
    case.fake.publishes(*(a_paper(arxiv_id=f"2606.{n:05}") for n in range(1, 151)), batch_on=TUESDAY)
    await case.fetches("cs.CL", "cs.LG", since=MONDAY, until=TUESDAY)
    assert {asked.together for asked in case.fake.asked} == {1}
    assert all("example.org" in asked.headers["user-agent"] for asked in case.fake.asked)


# A real day


@needs_shared
async def test_a_real_day_of_715_new_papers_is_read_whole(case: Case) -> None:
    items = case.fake.load_shared_day(SHARED / "arxiv_rss/rendered_by_arxiv_feed_service/day_rss_cs.xml.gz", TUESDAY)
    await case.fetches("cs")
    types = [one.announce_type for page in case.pages for one in page.sightings]
    assert (items, types.count(AnnounceType.NEW), types.count(AnnounceType.REPLACE)) == (912, 715, 197)
    assert all(
        paper.title and paper.abstract and paper.authors and paper.categories for page in case.pages for paper in page.papers
    )
