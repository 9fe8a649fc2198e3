from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.intake import Notice, Page, Watermark, Why
from bot.domain.papers import AnnounceType, Paper, PaperKey, Scheme, SeenPaper, Sighting
from bot.errors import UnknownPaper
from bot.storage import papers, sources
from bot.storage.store import Store
from bot.storage.tables import papers as paper_table
from bot.storage.tables import sightings as sighting_table
from bot.storage.tables import versions as version_table
from tests.builders import a_paper, a_sighting, arxiv_key
from tests.storage.rows import Rows, everything, stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
DAY = date(2026, 1, 6)
ARXIV = frozenset({"arxiv"})


def a_page(
    *papers: Paper, sightings: tuple[Sighting, ...] | None = None, source: str = "arxiv", finished: tuple[Watermark, ...] = ()
) -> Page:
    """Papers, each announced as new on the day, unless its sightings are given."""
    if sightings is None:
        sightings = tuple(a_sighting(key=paper.key, version=paper.version) for paper in papers)
    return Page(source=source, papers=papers, sightings=sightings, finished=finished)


async def record(store: Store, page: Page, now: datetime = NOW) -> papers.Recorded:
    async with store.write() as tx:
        return await papers.record_page(tx, page, now)


async def known(store: Store, key: PaperKey) -> SeenPaper:
    async with store.read() as tx:
        return (await papers.by_keys(tx, (key,)))[key]


def doi_key(value: str) -> PaperKey:
    return PaperKey(scheme=Scheme.DOI, value=value)


async def test_a_paper_comes_back_as_it_was_recorded(store: Store) -> None:
    paper = a_paper(
        title="Schr\\\"odinger's 猫 and $\\mathcal{O}(n^2)$",
        code=("https://github.com/x/y",),
        comment="12 pages",
        doi="10.1000/xyz",
        updated_at=datetime(2026, 1, 5, 9, 30, 1, 250, tzinfo=UTC),
        is_withdrawn=True,
    )
    sighting = a_sighting(votes=3, position=0, tags=("agents", "memory"), organization="Example", cite_key="a", is_guess=True)
    assert await record(store, a_page(paper, sightings=(sighting,))) == papers.Recorded(new=1, updated=0)
    assert await known(store, paper.key) == SeenPaper(paper=paper, sightings=(sighting,))


async def test_the_newest_version_wins_whichever_comes_first(store: Store) -> None:
    old, new = a_paper(title="Old"), a_paper(title="New", version=3, updated_at=NOW)
    assert await record(store, a_page(new)) == papers.Recorded(new=1, updated=0)
    assert await record(store, a_page(old)) == papers.Recorded(new=0, updated=0)
    assert (await known(store, old.key)).paper.title == "New"
    assert [(row["version"], row["submitted_at"]) for row in await stored(store, version_table)] == [
        (1, old.published_at),
        (3, NOW),
    ]


async def test_a_page_of_three_records_of_one_paper_makes_one(store: Store) -> None:
    recorded = await record(store, a_page(a_paper(), a_paper(version=2, comment="v2"), a_paper(title="")))
    assert recorded == papers.Recorded(new=1, updated=0)
    assert len(await stored(store, sighting_table)) == 1


async def test_a_sighting_of_an_undescribed_paper_is_counted_and_spoils_nothing(store: Store) -> None:
    page = a_page(a_paper(), sightings=(a_sighting(), a_sighting(arxiv_id="2601.00009")))
    assert (await record(store, page)).skipped == 1
    assert len(await stored(store, sighting_table)) == 1


async def test_a_page_of_votes_needs_no_papers(store: Store) -> None:
    await record(store, a_page(a_paper()))
    await record(store, a_page(source="huggingface", sightings=(a_sighting(source="huggingface", votes=8, announce_type=None),)))
    assert (await known(store, arxiv_key())).votes == 8


async def test_votes_change_only_by_a_later_reading(store: Store) -> None:
    for hour, votes in ((9, 5), (12, 8), (10, 40), (13, None)):
        await record(store, a_page(a_paper(), sightings=(a_sighting(votes=votes, seen_at=NOW.replace(hour=hour)),)))
    (row,) = await stored(store, sighting_table)
    assert (row["votes"], row["votes_at"], row["seen_at"]) == (8, NOW.replace(hour=12), NOW.replace(hour=13))


async def test_the_strongest_announce_type_is_kept(store: Store) -> None:
    kinds = (AnnounceType.REPLACE_CROSS, AnnounceType.CROSS, AnnounceType.NEW, AnnounceType.REPLACE, None)
    for kind in kinds:
        await record(store, a_page(a_paper(), sightings=(a_sighting(announce_type=kind),)))
    assert [row["announce_type"] for row in await stored(store, sighting_table)] == ["new"]


async def test_an_undated_sighting_is_stored_once_too(store: Store) -> None:
    for _ in range(2):
        await record(store, a_page(a_paper(), sightings=(a_sighting(source="bibtex:a.bib", batch_on=None),)))
    assert len(await stored(store, sighting_table)) == 1


async def test_watermarks_never_go_back_and_success_clears_the_error(store: Store) -> None:
    failure = Notice(source="arxiv", why=Why.BROKEN, detail="cut")
    async with store.write() as tx:
        await sources.record_failure(tx, failure, NOW, None)
    for day in (6, 5):
        mark = Watermark(source="arxiv", topic="cs.CL", batch_on=date(2026, 1, day))
        await record(store, a_page(a_paper(), finished=(mark,)))
    async with store.read() as tx:
        assert await sources.watermarks(tx, "arxiv") == {"cs.CL": DAY}
        assert await sources.failures(tx) == ()


async def test_a_page_of_nothing_but_failures_is_no_success(store: Store) -> None:
    failure = Notice(source="arxiv", why=Why.BROKEN, detail="cut")
    async with store.write() as tx:
        await sources.record_failure(tx, failure, NOW, None)
    await record(store, Page(source="arxiv", notices=(failure,)))
    async with store.read() as tx:
        assert [one.count for one in await sources.failures(tx)] == [1]


HOSTILE = "a\0b\ud800c\udfff"


async def test_text_that_no_database_holds_is_replaced_and_the_page_kept(store: Store) -> None:
    key = PaperKey(scheme=Scheme.FILE, value=HOSTILE)
    paper = a_paper(key=key, title=HOSTILE, abstract=HOSTILE, authors=(HOSTILE,), comment=HOSTILE, categories=(HOSTILE,))
    sighting = a_sighting(key=key, source=HOSTILE, batch_on=None, tags=(HOSTILE,), organization=HOSTILE, cite_key=HOSTILE)
    for _ in range(2):
        await record(store, a_page(paper, sightings=(sighting,), source=HOSTILE))
    clean = "a\ufffdb\ufffdc\ufffd"
    seen = await known(store, key)
    assert (seen.paper.title, seen.paper.authors[0].name, seen.paper.categories) == (clean, clean, (clean,))
    assert [(s.source, s.tags, s.cite_key) for s in seen.sightings] == [(clean, (clean,), clean)]


async def test_backslash_u0000_spelled_out_is_text_like_any_other(store: Store) -> None:
    await record(store, a_page(a_paper(authors=("\\u0000 \\",))))
    assert (await known(store, arxiv_key())).paper.authors[0].name == "\\u0000 \\"


async def test_numbers_that_cannot_be_are_left_out(store: Store) -> None:
    await record(store, a_page(a_paper(version=0), sightings=(a_sighting(version=2**40, votes=-1, position=10**30),)))
    (sighting,) = (await known(store, arxiv_key())).sightings
    assert (sighting.version, sighting.votes, sighting.position) == (None, None, None)


async def test_a_key_too_long_for_an_index_is_still_found(store: Store) -> None:
    key = PaperKey(scheme=Scheme.FILE, value="字" * 5000)
    await record(store, a_page(a_paper(key=key)))
    assert (await known(store, key)).paper.title == a_paper().title


async def test_papers_are_found_by_source_and_batch_in_the_order_of_their_keys(store: Store) -> None:
    ids = ("2601.00003", "2601.00001", "2601.00002")
    for day, arxiv_id in enumerate(ids, start=5):
        listed = (a_sighting(arxiv_id=arxiv_id, batch_on=date(2026, 1, day)),)
        await record(store, a_page(a_paper(arxiv_id=arxiv_id), sightings=listed))
    await record(store, a_page(a_paper(arxiv_id=ids[0]), sightings=(a_sighting(arxiv_id=ids[0], source="huggingface"),)))
    async with store.read() as tx:
        found = await papers.sighted(tx, sources=ARXIV, since=date(2026, 1, 5), until=DAY)
        other = await papers.sighted(tx, sources=frozenset({"huggingface"}), since=DAY, until=DAY)
    assert [seen.paper.key.value for seen in found] == ["2601.00001", "2601.00003"]
    assert [s.source for s in found[1].sightings] == ["arxiv", "huggingface"]
    assert [seen.paper.key.value for seen in other] == ["2601.00003"]


@pytest.mark.parametrize(
    ("seen_at", "is_found"),
    [
        ("2026-01-06T00:00:00Z", True),
        ("2026-01-06T23:59:59Z", True),
        ("2026-01-07T00:00:00Z", False),
        ("2026-01-05T23:59:59Z", False),
    ],
)
async def test_undated_sightings_count_by_their_utc_day(store: Store, seen_at: str, is_found: bool) -> None:
    sighting = a_sighting(batch_on=None, seen_at=datetime.fromisoformat(seen_at))
    await record(store, a_page(a_paper(), sightings=(sighting,)))
    async with store.read() as tx:
        assert bool(await papers.sighted(tx, sources=ARXIV, since=DAY, until=DAY)) is is_found


async def test_the_latest_batch_of_a_category(store: Store) -> None:
    for arxiv_id, day, category in (
        ("2601.00001", 2, "cs.CL"),
        ("2601.00002", 5, "cs.CL"),
        ("2601.00003", 5, "cs.CV"),
        ("2601.00004", 6, "cs.CV"),
    ):
        listed = (a_sighting(arxiv_id=arxiv_id, batch_on=date(2026, 1, day)),)
        await record(store, a_page(a_paper(arxiv_id=arxiv_id, categories=(category,)), sightings=listed))
    async with store.read() as tx:
        assert await papers.batch_keys(tx, "arxiv", date(2026, 1, 7), "cs.CL") == {arxiv_key("2601.00002")}
        assert await papers.batch_keys(tx, "arxiv", date(2026, 1, 5), "cs.CL") == {arxiv_key("2601.00001")}
        assert await papers.batch_keys(tx, "arxiv", date(2026, 1, 7), "cs.C_") == frozenset()


async def test_an_alias_leads_to_its_paper_and_takes_its_sightings_along(store: Store) -> None:
    doi = doi_key("10.1000/xyz")
    from_file = a_sighting(key=doi, source="bibtex:a.bib", batch_on=None, announce_type=None, version=None)
    await record(store, a_page(a_paper(key=doi, version=None, comment="from the file"), sightings=(from_file,)))
    await record(store, a_page(a_paper()))
    for _ in range(2):
        async with store.write() as tx:
            await papers.add_alias(tx, doi, arxiv_key())
    seen = await known(store, doi)
    assert (seen.paper.key, seen.paper.version, seen.paper.comment) == (arxiv_key(), 1, "from the file")
    assert [s.source for s in seen.sightings] == ["bibtex:a.bib", "arxiv"]
    assert len(await stored(store, paper_table)) == 1
    await record(store, a_page(a_paper(key=doi, version=None), sightings=(from_file,)))
    assert len(await stored(store, paper_table)) == 1
    async with store.read() as tx:
        assert await papers.resolve(tx, doi) == arxiv_key()


async def test_two_sightings_of_one_listing_become_one_when_papers_become_one(store: Store) -> None:
    doi = doi_key("10.1000/xyz")
    await record(store, a_page(a_paper(key=doi), sightings=(a_sighting(key=doi, votes=4),)))
    await record(store, a_page(a_paper()), NOW + timedelta(days=1))
    async with store.write() as tx:
        await papers.add_alias(tx, doi, arxiv_key())
    (row,) = await stored(store, sighting_table)
    assert (row["votes"], row["first_seen_at"]) == (4, NOW)


async def test_the_publishers_doi_of_an_arxiv_paper_is_an_alias_at_once(store: Store) -> None:
    doi = doi_key("10.1000/xyz")
    await record(store, a_page(a_paper(key=doi), sightings=(a_sighting(key=doi, source="bibtex:a.bib", batch_on=None),)))
    await record(store, a_page(a_paper(doi="10.1000/XYZ")))
    assert (await known(store, doi)).paper.key == arxiv_key()
    assert len(await stored(store, paper_table)) == 1


async def test_an_alias_of_nothing_is_refused(store: Store) -> None:
    with pytest.raises(UnknownPaper):
        async with store.write() as tx:
            await papers.add_alias(tx, doi_key("10.1000/xyz"), arxiv_key())


class Undone(Exception):
    """Leave a transaction without keeping it."""


def paper_of(number: int, version: int) -> Paper:
    """What a version says is a fact: two records of it agree."""
    name = f"2601.0000{number}"
    return a_paper(arxiv_id=name, version=version, title=f"{name}v{version}", updated_at=NOW + timedelta(days=version))


@st.composite
def pages(draw: st.DrawFn, minutes: range) -> Page:
    """Pages of three papers; `minutes` keeps the readings of two pages apart."""
    chosen = draw(st.lists(st.builds(paper_of, st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=5))
    listed = tuple(
        a_sighting(
            key=paper.key,
            version=paper.version,
            batch_on=draw(st.sampled_from([None, DAY, DAY + timedelta(days=1)])),
            announce_type=draw(st.sampled_from([None, *AnnounceType])),
            votes=draw(st.one_of(st.none(), st.integers(0, 300))),
            position=draw(st.one_of(st.none(), st.integers(0, 9))),
            tags=draw(st.sampled_from([(), ("agents",)])),
            seen_at=NOW + timedelta(minutes=draw(st.sampled_from(minutes))),
        )
        for paper in {paper.key: paper for paper in chosen}.values()
    )
    marks = draw(st.lists(st.dates(DAY, DAY + timedelta(days=3)), max_size=2))
    finished = tuple(Watermark(source="arxiv", topic="cs.CL", batch_on=day) for day in marks)
    return Page(source="arxiv", papers=tuple(chosen), sightings=listed, finished=finished)


PROPERTY = settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@PROPERTY
@given(first=pages(range(20)), second=pages(range(20, 40)))
async def test_pages_in_any_order_and_any_number_of_times_leave_the_same_rows(store: Store, first: Page, second: Page) -> None:
    orders = ((first, second), (second, first), (first, second, second, first))
    results = [await outcome(store, order) for order in orders]
    assert results[0] == results[1] == results[2]


async def outcome(store: Store, order: tuple[Page, ...]) -> dict[str, Rows]:
    """All rows after these pages, which are then undone."""
    found: dict[str, Rows] = {}

    async def write() -> None:
        async with store.write() as tx:
            for page in order:
                await papers.record_page(tx, page, NOW)
            found.update(await everything(tx))
            raise Undone

    with pytest.raises(Undone):
        await write()
    return found
