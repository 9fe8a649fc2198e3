"""What people say of papers stays as they said it last, under whatever name the paper was known then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.intake import Page
from bot.domain.papers import PaperKey, Scheme
from bot.domain.people import Mark, Person, Vote
from bot.storage import marks, papers
from bot.storage.marks import Counts
from bot.storage.store import Store
from bot.storage.tables import marks as table
from tests.builders import a_paper, arxiv_key
from tests.storage.rows import stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
ADA, BO = Person(platform="telegram", id="1"), Person(platform="telegram", id="2")
NAMESAKE = Person(platform="discord", id="1")
ONE, TWO = arxiv_key("2601.00001"), arxiv_key("2601.00002")
DOI = PaperKey(scheme=Scheme.DOI, value="10.1000/one")


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def of(store: Store, person: Person, key: PaperKey = ONE) -> Mark:
    async with store.read() as tx:
        return (await marks.of(tx, person, (key,)))[key]


async def saved(store: Store, person: Person = ADA) -> tuple[PaperKey, ...]:
    async with store.read() as tx:
        return await marks.saved(tx, person)


async def counts(store: Store, person: Person = ADA) -> Counts:
    async with store.read() as tx:
        return await marks.counts(tx, person)


async def the_doi_becomes_an_alias(store: Store) -> None:
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(),)), NOW)
        await papers.add_alias(tx, DOI, ONE)


async def test_a_vote_and_a_save_are_one_mark_of_one_person(store: Store) -> None:
    async with store.write() as tx:
        assert await marks.vote(tx, ADA, ONE, Vote.UP, NOW) == Mark(vote=Vote.UP)
        assert await marks.save(tx, ADA, ONE, later(1)) == Mark(vote=Vote.UP, saved_at=later(1))
        assert await marks.vote(tx, ADA, ONE, Vote.DOWN, later(2)) == Mark(vote=Vote.DOWN, saved_at=later(1))
    assert await of(store, ADA) == Mark(vote=Vote.DOWN, saved_at=later(1))
    assert await of(store, ADA, TWO) == await of(store, BO) == await of(store, NAMESAKE) == Mark()


async def test_what_is_said_again_keeps_its_first_time(store: Store) -> None:
    async with store.write() as tx:
        for minutes in (0, 5):
            await marks.vote(tx, ADA, ONE, Vote.UP, later(minutes))
            await marks.save(tx, ADA, ONE, later(minutes))
    (row,) = await stored(store, table)
    assert (row["voted_at"], row["saved_at"]) == (NOW, NOW)


async def test_what_is_saved_anew_after_it_was_dropped_is_new(store: Store) -> None:
    async with store.write() as tx:
        await marks.save(tx, ADA, ONE, NOW)
        await marks.unsave(tx, ADA, ONE)
        await marks.save(tx, ADA, ONE, later(5))
    assert await of(store, ADA) == Mark(saved_at=later(5))


async def test_a_mark_that_says_nothing_any_more_is_no_row(store: Store) -> None:
    async with store.write() as tx:
        await marks.vote(tx, ADA, ONE, Vote.UP, NOW)
        await marks.save(tx, ADA, ONE, NOW)
        await marks.unsave(tx, ADA, ONE)
        assert await marks.vote(tx, ADA, ONE, Vote.NONE, later(1)) == Mark()
        assert await marks.unsave(tx, ADA, TWO) == Mark()
    assert await stored(store, table) == []


async def test_the_list_is_newest_first_in_pages_that_neither_overlap_nor_leave_one_out(store: Store) -> None:
    keys = [arxiv_key(f"2601.{number:05}") for number in range(1, 8)]
    async with store.write() as tx:
        for minutes, key in enumerate(keys):
            await marks.save(tx, ADA, key, later(minutes // 2))  # two at once
            await marks.vote(tx, BO, key, Vote.UP, NOW)
    whole = await saved(store)
    async with store.read() as tx:
        pages = [await marks.saved(tx, ADA, limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert tuple(key for page in pages for key in page) == whole
    assert [keys.index(key) // 2 for key in whole] == [3, 2, 2, 1, 1, 0, 0]
    assert await saved(store, BO) == ()


async def test_a_mark_follows_its_paper_to_its_new_name_and_is_found_under_both(store: Store) -> None:
    async with store.write() as tx:
        await marks.vote(tx, ADA, DOI, Vote.UP, NOW)
        await marks.save(tx, ADA, DOI, NOW)
    await the_doi_becomes_an_alias(store)
    assert await of(store, ADA, ONE) == await of(store, ADA, DOI) == Mark(vote=Vote.UP, saved_at=NOW)
    assert await saved(store) == (ONE,)
    async with store.write() as tx:
        assert await marks.unsave(tx, ADA, ONE) == Mark(vote=Vote.UP)
        await marks.vote(tx, ADA, ONE, Vote.NONE, later(1))
    assert await stored(store, table) == []


async def test_two_marks_of_what_turns_out_to_be_one_paper_are_one(store: Store) -> None:
    async with store.write() as tx:
        await marks.vote(tx, ADA, DOI, Vote.DOWN, later(3))
        await marks.save(tx, ADA, DOI, later(2))
        await marks.vote(tx, ADA, ONE, Vote.UP, later(1))
        await marks.save(tx, ADA, ONE, later(1))
    await the_doi_becomes_an_alias(store)
    assert await of(store, ADA) == Mark(vote=Vote.DOWN, saved_at=later(1))
    assert await counts(store) == Counts(saved=1, up=0, down=1)
    assert await saved(store) == (ONE,)
    async with store.write() as tx:
        await marks.save(tx, ADA, DOI, later(9))
    (row,) = await stored(store, table)
    assert (row["paper_key"], row["vote"], row["voted_at"], row["saved_at"]) == (str(ONE), -1, later(3), later(1))


async def test_a_saved_paper_that_is_not_stored_keeps_its_place_and_its_name(store: Store) -> None:
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(arxiv_id=TWO.value),)), NOW)
        await marks.save(tx, ADA, ONE, NOW)
        await marks.save(tx, ADA, TWO, later(1))
    async with store.read() as tx:
        found = await marks.papers_of(tx, await marks.saved(tx, ADA))
    assert [(seen.paper.key, bool(seen.paper.title)) for seen in found] == [(TWO, True), (ONE, False)]


async def test_forgetting_one_person_leaves_the_others(store: Store) -> None:
    async with store.write() as tx:
        for person in (ADA, BO, NAMESAKE):
            await marks.save(tx, person, ONE, NOW)
        await marks.forget(tx, ADA)
    assert {(row["platform"], row["person"]) for row in await stored(store, table)} == {("telegram", "2"), ("discord", "1")}


async def test_a_mark_is_never_a_vote_that_there_is_not(store: Store) -> None:
    async with store.write() as tx:
        with pytest.raises((ValueError, IntegrityError)):
            await tx.execute(table.insert().values(platform="x", person="1", paper_key="arxiv:1", vote=2, voted_at=NOW))


STEPS = st.tuples(st.sampled_from([ADA, BO]), st.sampled_from([ONE, TWO]), st.sampled_from([*Vote, "save", "unsave"]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=15))
async def test_whatever_people_say_in_whatever_order_is_what_they_said_last(
    store: Store, steps: list[tuple[Person, PaperKey, Vote | str]]
) -> None:
    said: dict[tuple[Person, PaperKey], Mark] = {}
    async with store.write() as tx:
        for person in (ADA, BO):
            await marks.forget(tx, person)
        for minutes, (person, key, what) in enumerate(steps):
            known = said.get((person, key), Mark())
            said[person, key] = await _apply(tx, person, key, what, later(minutes))
            expected = what if isinstance(what, Vote) else known.vote
            is_saved = what == "save" or (what != "unsave" and known.saved_at is not None)
            assert said[person, key].vote is expected
            assert (said[person, key].saved_at is not None) == is_saved
    for person in (ADA, BO):
        mine = {key: mark for (who, key), mark in said.items() if who == person}
        async with store.read() as tx:
            found = await marks.of(tx, person, (ONE, TWO))
        assert found == {key: mine.get(key, Mark()) for key in (ONE, TWO)}
        assert set(await saved(store, person)) == {key for key, mark in mine.items() if mark.saved_at}
        assert await counts(store, person) == Counts(
            saved=sum(mark.saved_at is not None for mark in mine.values()),
            up=sum(mark.vote is Vote.UP for mark in mine.values()),
            down=sum(mark.vote is Vote.DOWN for mark in mine.values()),
        )


async def _apply(tx: AsyncConnection, person: Person, key: PaperKey, what: Vote | str, now: datetime) -> Mark:
    if isinstance(what, Vote):
        return await marks.vote(tx, person, key, what, now)
    return await (marks.save(tx, person, key, now) if what == "save" else marks.unsave(tx, person, key))
