from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.domain.digests import Counts, DigestPlan, Pick, Reason, ReasonKind, Skipped, Slot, SlotKind
from bot.domain.intake import Notice, Page, Why
from bot.domain.papers import AnnounceType, SeenPaper
from bot.domain.subscriptions import Address, Subscription
from bot.storage import digests, papers, subscriptions
from bot.storage.digests import DueTime
from bot.storage.store import Store
from bot.storage.tables import digests as digest_table
from bot.storage.tables import items as item_table
from tests.builders import a_notice, a_paper, a_pick, a_sighting, arxiv_key
from tests.storage.rows import stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
DAY = date(2026, 1, 6)
HALF_DAY = timedelta(hours=12)
DAILY = Slot(on=DAY, kind=SlotKind.DAILY)
ARXIV = frozenset({"arxiv"})
IDS = ("2601.00001", "2601.00002", "2601.00003")


@pytest.fixture
async def reader(store: Store) -> int:
    """A subscriber, and three papers announced today."""
    async with store.write() as tx:
        await papers.record_page(
            tx,
            Page(
                source="arxiv",
                papers=tuple(a_paper(arxiv_id=i) for i in IDS),
                sightings=tuple(a_sighting(arxiv_id=i) for i in IDS),
            ),
            NOW,
        )
        saved = await subscriptions.save(tx, Subscription(address=Address(platform="console", chat="1"), next_due_at=NOW))
    assert saved.id is not None
    return saved.id


async def fresh(store: Store, reader: int, *, until: date = DAY, after: datetime | None = None) -> tuple[SeenPaper, ...]:
    async with store.read() as tx:
        return await papers.fresh_to(tx, reader, sources=ARXIV, until=until, first_seen_after=after)


def ids(found: tuple[SeenPaper, ...]) -> list[str]:
    return [seen.paper.key.value for seen in found]


def a_plan(*picks: Pick) -> DigestPlan:
    return DigestPlan(picks=picks, counts=Counts(found=3, matched=2, listed=len(picks)))


async def keep(
    store: Store, reader: int, plan: DigestPlan, slot: Slot = DAILY, now: datetime = NOW, due: DueTime | None = None
) -> int | None:
    async with store.write() as tx:
        return await digests.record_plan(
            tx, reader, slot, plan, due=due, now=now, deadline_at=now + HALF_DAY, spans=(DAY, DAY), notices=(a_notice(),)
        )


async def test_a_digest_comes_back_as_it_was_planned(store: Store, reader: int) -> None:
    found = await fresh(store, reader)
    reason = Reason(kind=ReasonKind.TITLE, matched="字", points=7.3)
    plan = a_plan(a_pick(found[2], reason), a_pick(found[0]))
    notices = (a_notice(), Notice(source="arxiv", why=Why.BROKEN, detail="\0cut", line=3))
    async with store.write() as tx:
        digest_id = await digests.record_plan(
            tx, reader, DAILY, plan, due=None, now=NOW, deadline_at=NOW + HALF_DAY, spans=(DAY, DAY), notices=notices
        )
        assert digest_id is not None
    async with store.read() as tx:
        loaded = await digests.load(tx, digest_id)
    assert loaded is not None
    assert (loaded.picks, loaded.counts, loaded.spans, loaded.slot) == (plan.picks, plan.counts, (DAY, DAY), DAILY)
    assert loaded.notices == (notices[0], Notice(source="arxiv", why=Why.BROKEN, detail="\ufffdcut", line=3))
    assert (loaded.created_at, loaded.deadline_at, loaded.queued_at, loaded.delivered_at) == (NOW, NOW + HALF_DAY, None, None)


async def test_a_slot_is_filled_once(store: Store, reader: int) -> None:
    found = await fresh(store, reader)
    assert await keep(store, reader, a_plan(a_pick(found[0]))) is not None
    assert await keep(store, reader, a_plan(a_pick(found[1]))) is None
    assert [row["paper_key"] for row in await stored(store, item_table)] == ["arxiv:2601.00001"]


async def due(store: Store) -> list[int | None]:
    async with store.read() as tx:
        return [s.id for s in await subscriptions.due(tx, NOW, platforms=("console",), limit=10)]


async def test_a_plan_moves_the_next_due_time(store: Store, reader: int) -> None:
    assert await due(store) == [reader]
    await keep(store, reader, a_plan(), due=DueTime(answered=NOW, next_at=NOW + timedelta(days=1)))
    assert await due(store) == []


async def test_a_plan_for_a_time_that_is_not_due_any_more_changes_nothing(store: Store, reader: int) -> None:
    """Its reader changed the hour, or another process made it, while this one was choosing papers."""
    plan = a_plan(a_pick((await fresh(store, reader))[0]))
    async with store.write() as tx:
        assert await subscriptions.move_due(tx, reader, NOW, NOW + timedelta(hours=9))
    assert await keep(store, reader, plan, due=DueTime(answered=NOW, next_at=NOW + timedelta(days=1))) is None
    assert await stored(store, digest_table) == await stored(store, item_table) == []


async def test_a_plan_that_changes_nothing_leaves_the_due_time(store: Store, reader: int) -> None:
    answer = DueTime(answered=NOW, next_at=NOW + timedelta(days=1))
    found = await fresh(store, reader)
    await keep(store, reader, a_plan(a_pick(found[0])), Slot(on=DAY, kind=SlotKind.NOW, number=1))
    assert await keep(store, reader, a_plan(a_pick(found[0])), due=answer) is None
    assert await due(store) == [reader]


async def test_a_plan_made_before_another_was_kept_changes_nothing(store: Store, reader: int) -> None:
    found = await fresh(store, reader)
    first = await keep(store, reader, a_plan(a_pick(found[0])), Slot(on=DAY, kind=SlotKind.NOW, number=1))
    before = await stored(store, digest_table)
    assert first is not None
    assert await keep(store, reader, a_plan(a_pick(found[1]), a_pick(found[0]))) is None
    assert await stored(store, digest_table) == before


async def test_the_schema_itself_refuses_a_paper_twice(store: Store, reader: int) -> None:
    await keep(store, reader, a_plan(a_pick((await fresh(store, reader))[0])))
    columns = ", ".join(column.name for column in item_table.c if column.name not in ("id", "position"))
    with pytest.raises(IntegrityError):
        async with store.write() as tx:
            await tx.execute(text(f"INSERT INTO items ({columns}, position) SELECT {columns}, 99 FROM items"))  # noqa: S608


async def test_what_was_shown_is_not_fresh_until_it_is_freed(store: Store, reader: int) -> None:
    found = await fresh(store, reader)
    digest_id = await keep(store, reader, a_plan(a_pick(found[0]), a_pick(found[1])))
    assert ids(await fresh(store, reader)) == ["2601.00003"]
    assert digest_id is not None
    async with store.write() as tx:
        assert await digests.shown_keys(tx, reader) == {arxiv_key(IDS[0]), arxiv_key(IDS[1])}
        await digests.skip(tx, digest_id, Skipped.FAILED, NOW)
    assert ids(await fresh(store, reader)) == list(IDS)
    assert await keep(store, reader, a_plan(a_pick(found[0])), Slot(on=DAY, kind=SlotKind.NOW, number=1)) is not None


async def test_only_what_came_in_later_or_was_freed_is_fresh_after_an_instant(store: Store, reader: int) -> None:
    later = NOW + timedelta(hours=1)
    digest_id = await keep(store, reader, a_plan(a_pick((await fresh(store, reader))[0])))
    async with store.write() as tx:
        page = Page(source="arxiv", papers=(a_paper(arxiv_id="2601.00007"),), sightings=(a_sighting(arxiv_id="2601.00007"),))
        await papers.record_page(tx, page, later)
    assert ids(await fresh(store, reader, after=later)) == ["2601.00007"]
    async with store.write() as tx:
        await digests.skip(tx, digest_id or 0, Skipped.FAILED, NOW)
    assert ids(await fresh(store, reader, after=later)) == ["2601.00001", "2601.00007"]


async def announce(store: Store, version: int, kind: AnnounceType, on: date, now: datetime = NOW) -> None:
    sighting = a_sighting(version=version, announce_type=kind, batch_on=on, seen_at=now)
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=(a_paper(version=version),), sightings=(sighting,)), now)


async def test_a_shown_paper_comes_again_only_as_a_replacement(store: Store, reader: int) -> None:
    tomorrow, later = DAY + timedelta(days=1), DAY + timedelta(days=2)
    await keep(store, reader, a_plan(*(a_pick(seen) for seen in await fresh(store, reader))))
    await announce(store, 1, AnnounceType.CROSS, tomorrow)
    assert await fresh(store, reader, until=later) == ()
    await announce(store, 2, AnnounceType.REPLACE, later)
    (replaced,) = await fresh(store, reader, until=later)
    assert [(s.announce_type, s.version) for s in replaced.sightings] == [(AnnounceType.REPLACE, 2)]
    assert await keep(store, reader, a_plan(a_pick(replaced)), Slot(on=later, kind=SlotKind.DAILY)) is not None
    assert await fresh(store, reader, until=later) == ()


async def test_a_paper_replaced_on_its_first_day_is_new_to_who_saw_nothing(store: Store, reader: int) -> None:
    await announce(store, 2, AnnounceType.REPLACE, DAY)
    seen = (await fresh(store, reader))[0]
    assert [s.announce_type for s in seen.sightings] == [AnnounceType.NEW]


async def test_a_replacement_of_a_paper_that_a_reader_never_had_does_not_make_it_new(store: Store, reader: int) -> None:
    await announce(store, 2, AnnounceType.REPLACE, DAY + timedelta(days=1), NOW + HALF_DAY)
    (seen,) = await fresh(store, reader, until=DAY + timedelta(days=1), after=NOW + timedelta(hours=1))
    assert [s.announce_type for s in seen.sightings] == [AnnounceType.REPLACE]
    whole = (await fresh(store, reader, until=DAY + timedelta(days=1)))[0]
    assert [s.announce_type for s in whole.sightings] == [AnnounceType.NEW, AnnounceType.REPLACE]


async def test_readers_do_not_share_their_memory(store: Store, reader: int) -> None:
    async with store.write() as tx:
        other = await subscriptions.save(tx, Subscription(address=Address(platform="console", chat="2")))
    await keep(store, reader, a_plan(a_pick((await fresh(store, reader))[0])))
    assert other.id is not None
    assert ids(await fresh(store, other.id)) == list(IDS)


async def test_running_numbers_and_last_digests(store: Store, reader: int) -> None:
    async with store.read() as tx:
        assert await digests.next_number(tx, reader, DAY, SlotKind.NOW) == 1
        assert await digests.next_number(tx, reader, DAY, SlotKind.DAILY) == 0
        assert await digests.last_slot_on(tx, reader) is None
        assert await digests.last_digest_at(tx, reader) is None
    await keep(store, reader, a_plan())
    await keep(store, reader, a_plan(), Slot(on=DAY, kind=SlotKind.NOW, number=1), NOW + timedelta(hours=2))
    async with store.read() as tx:
        assert await digests.next_number(tx, reader, DAY, SlotKind.NOW) == 2
        assert await digests.last_slot_on(tx, reader) == DAY
        assert await digests.last_digest_at(tx, reader) == NOW + timedelta(hours=2)
        assert [d.slot.kind for d in await digests.history(tx, reader, 5)] == [SlotKind.NOW, SlotKind.DAILY]
        assert len(await digests.history(tx, reader, 1)) == 1


async def test_what_is_not_in_the_outbox_yet_is_told_within_its_deadline(store: Store, reader: int) -> None:
    digest_id = await keep(store, reader, a_plan())
    assert digest_id is not None
    await keep(store, reader, a_plan(), Slot(on=DAY, kind=SlotKind.NOW, number=1))
    async with store.write() as tx:
        assert [d.id for d in await digests.unqueued(tx, now=NOW)] == [digest_id]
        assert await digests.unqueued(tx, now=NOW, after_id=digest_id) == ()
        assert await digests.unqueued(tx, now=NOW + HALF_DAY) == ()
        await digests.skip(tx, digest_id, Skipped.EMPTY, NOW)
        assert await digests.unqueued(tx, now=NOW) == ()


async def test_what_somebody_asked_for_is_told_until_it_was_shown_or_withdrawn(store: Store, reader: int) -> None:
    first = await keep(store, reader, a_plan(), Slot(on=DAY, kind=SlotKind.NOW, number=1))
    second = await keep(store, reader, a_plan(), Slot(on=DAY, kind=SlotKind.NOW, number=2))
    await keep(store, reader, a_plan())
    assert first is not None
    assert second is not None
    async with store.write() as tx:
        assert await digests.unshown(tx, reader) == (first, second)
        await digests.mark_delivered(tx, first, NOW)
        await digests.mark_delivered(tx, first, NOW + timedelta(hours=1))
        await digests.skip(tx, second, Skipped.WITHDRAWN, NOW)
        assert await digests.unshown(tx, reader) == ()
        found = {d.id: d for d in await digests.history(tx, reader, 9)}
    assert (found[first].delivered_at, found[first].skipped) == (NOW, None)
    assert (found[second].delivered_at, found[second].skipped) == (None, Skipped.WITHDRAWN)


async def test_a_paper_is_late_if_an_earlier_digest_could_not_show_it(store: Store, reader: int) -> None:
    found = await fresh(store, reader)
    failed = await keep(store, reader, a_plan(a_pick(found[0])))
    taken_back = await keep(store, reader, a_plan(a_pick(found[1])), Slot(on=DAY, kind=SlotKind.NOW, number=1))
    async with store.write() as tx:
        await digests.skip(tx, failed or 0, Skipped.FAILED, NOW)
        await digests.skip(tx, taken_back or 0, Skipped.WITHDRAWN, NOW)
        assert await digests.late_keys(tx, reader, [seen.paper.key for seen in found]) == {found[0].paper.key}
    late = replace(a_pick(found[0]), is_late=True)
    again = await keep(store, reader, a_plan(late), Slot(on=DAY, kind=SlotKind.CATCHUP, number=1))
    async with store.read() as tx:
        loaded = await digests.load(tx, again or 0)
        assert await digests.late_keys(tx, reader, [found[0].paper.key]) == frozenset(), "its replacement is not late"
    assert loaded is not None
    assert loaded.picks == (late,)


async def test_a_new_version_that_could_not_be_shown_is_late_whatever_was_shown_before_it(store: Store, reader: int) -> None:
    later = DAY + timedelta(days=2)
    await keep(store, reader, a_plan(*(a_pick(seen) for seen in await fresh(store, reader))))
    await announce(store, 2, AnnounceType.REPLACE, later)
    (replaced,) = await fresh(store, reader, until=later)
    failed = await keep(store, reader, a_plan(a_pick(replaced)), Slot(on=later, kind=SlotKind.DAILY))
    async with store.write() as tx:
        assert await digests.late_keys(tx, reader, [replaced.paper.key]) == frozenset()
        await digests.skip(tx, failed or 0, Skipped.FAILED, NOW)
        assert await digests.late_keys(tx, reader, [replaced.paper.key]) == {replaced.paper.key}
    await keep(store, reader, a_plan(a_pick(replaced)), Slot(on=later, kind=SlotKind.CATCHUP, number=1))
    async with store.read() as tx:
        assert await digests.late_keys(tx, reader, [replaced.paper.key]) == frozenset()


async def test_two_papers_that_prove_to_be_one_leave_one_standing_item(store: Store, reader: int) -> None:
    await keep(store, reader, a_plan(*(a_pick(seen) for seen in await fresh(store, reader))))
    async with store.write() as tx:
        await papers.add_alias(tx, arxiv_key(IDS[1]), arxiv_key(IDS[0]))
        query = select(item_table.c.paper_key).where(~item_table.c.is_freed).order_by(item_table.c.paper_key)
        standing = (await tx.execute(query)).scalars().all()
        assert standing == ["arxiv:2601.00001", "arxiv:2601.00003"]
    assert await fresh(store, reader) == ()


async def test_a_reader_who_leaves_takes_the_digests_along(store: Store, reader: int) -> None:
    await keep(store, reader, a_plan(a_pick((await fresh(store, reader))[0])))
    async with store.write() as tx:
        assert await subscriptions.remove(tx, Address(platform="console", chat="1"))
    assert await stored(store, item_table) == []
