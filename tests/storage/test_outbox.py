from datetime import datetime, timedelta

import pytest

from bot.domain.deliveries import MOST_CRASHES, Cause, Part, PartState, Past, Verdict, part_key
from bot.domain.subscriptions import Address
from bot.storage import outbox, outbox_ledger
from bot.storage.outbox_statements import CLAIM, CLAIMABLE, NEXT_AT
from bot.storage.store import Store
from tests.storage.parcels import (
    DEAD,
    DEADLINE,
    LEASE,
    NOW,
    SENT,
    UNKNOWN,
    a_digest,
    again,
    at,
    claimed,
    digest_row,
    drafts,
    freed,
    home_of,
    ids_of,
    later,
    part_row,
    queued,
    set_address,
    settled,
    states,
    taken,
    through,
    waiting,
)

SUSPENDED = {"suspended_because": Cause.BLOCKED, "suspended_at": NOW, "probe_at": NOW}
ACTIVE = {"suspended_because": None, "suspended_at": None, "probe_at": None}


async def test_what_is_claimed_is_what_was_queued(store: Store) -> None:
    digest = await queued(store, at("7", "3"), 2)
    first, _ = await ids_of(store, digest)
    part = await taken(store, first)
    assert (part.id, part.address, part.number) == (first, at("7", "3"), 1)
    assert (part.payload, part.is_plain, part.attempts) == ('{"text": "1"}', False, 1)
    assert (part.claimed_at, part.unsure_since) == (NOW, None)
    assert part.key == part_key(first, NOW)


async def test_a_digest_is_queued_once(store: Store) -> None:
    digest = await queued(store, at())
    async with store.write() as tx:
        assert not await outbox.queue(tx, digest, drafts(3), now=later(hours=1))
        assert not await outbox.queue(tx, 999, drafts(), now=NOW)
    assert await states(store, digest) == ["due", "due"]
    assert (await digest_row(store, digest)).queued_at == NOW


async def test_a_paper_knows_the_part_in_which_it_begins(store: Store) -> None:
    async with store.write() as tx:
        digest = await a_digest(tx, at(), papers_=4)
        two = (
            Part(number=1, payload="{}", items=(1, 2, 3)),
            Part(number=2, payload="{}"),
            Part(number=3, payload="{}", items=(4,)),
        )
        await outbox.queue(tx, digest, two, now=NOW)
    for number, verdict in enumerate((SENT, SENT, DEAD)):
        await through(store, (await ids_of(store, digest))[number], verdict)
    assert await freed(store, digest) == [False, False, False, True]


async def test_a_digest_that_needs_no_part_is_through(store: Store) -> None:
    async with store.write() as tx:
        digest = await a_digest(tx, at(), papers_=0)
        assert await outbox.queue(tx, digest, (), now=NOW)
    row = await digest_row(store, digest)
    assert (row.queued_at, row.delivered_at) == (NOW, NOW)


async def test_parts_go_one_after_another(store: Store) -> None:
    first, second, third = await ids_of(store, await queued(store, at(), 3))
    assert await waiting(store) == [first]
    assert await claimed(store, second) is None
    part = await taken(store, first)
    assert await waiting(store) == []
    assert await claimed(store, second) is None
    assert await claimed(store, first) is None
    await settled(store, part, SENT)
    assert await waiting(store) == [second]
    assert await claimed(store, third) is None
    await through(store, second)
    assert await claimed(store, first) is None
    await through(store, third)
    assert await waiting(store) == []


@pytest.mark.parametrize("last", ["sent", "unknown", "dead"])
async def test_a_part_that_is_final_blocks_nothing(store: Store, last: str) -> None:
    first, second = await ids_of(store, await queued(store, at()))
    await through(store, first, {"sent": SENT, "unknown": UNKNOWN, "dead": DEAD}[last])
    assert await waiting(store) == [second]
    assert await claimed(store, second) is not None


async def test_who_came_first_is_first_and_a_retry_keeps_its_place(store: Store) -> None:
    (one,), (two,), (three,) = [await ids_of(store, await queued(store, at(chat), 1)) for chat in "123"]
    assert await waiting(store) == [one, two, three]
    assert await waiting(store, limit=2) == [one, two]
    await through(store, one, again(later(minutes=1)))
    assert await waiting(store) == [two, three]
    assert await claimed(store, one) is None
    assert await waiting(store, later(minutes=1)) == [one, two, three]
    assert (await taken(store, one, later(minutes=1))).attempts == 2


async def test_what_somebody_waits_for_is_first_and_in_its_own_order(store: Store) -> None:
    for chat in "1", "2":
        await queued(store, at(chat), 1)
    asked = await queued(store, at("3"), 2, kind="now", number=1)
    first, second = await ids_of(store, asked)
    async with store.read() as tx:
        found = await outbox.claimable(tx, "telegram", now=NOW, limit=2)
    assert [(each.id, each.is_answer) for each in found] == [(first, True), (first - 2, False)]
    assert (await through(store, first)).is_answer
    assert (await waiting(store))[0] == second
    await settled(store, await taken(store, second), again(later(minutes=1)))
    assert second not in await waiting(store)
    assert (await waiting(store, later(minutes=1)))[0] == second


async def test_a_chat_gets_one_at_a_time_in_all_its_topics(store: Store) -> None:
    places = (at("1", "5"), at("1", "6"), at("1", platform="discord"))
    here, there, other = [(await ids_of(store, await queued(store, place, 1)))[0] for place in places]
    part = await taken(store, here)
    assert await waiting(store) == []
    assert await claimed(store, there) is None
    assert await waiting(store, platform="discord") == [other]
    assert await claimed(store, other) is not None
    await settled(store, part, SENT)
    assert await claimed(store, there) is not None


async def test_a_lease_that_ran_out_is_taken_by_another_and_its_late_outcome_changes_nothing(store: Store) -> None:
    digest = await queued(store, at())
    first, second = await ids_of(store, digest)
    late = await taken(store, first)
    assert await claimed(store, first, NOW + LEASE - timedelta(seconds=1)) is None
    assert await waiting(store, NOW + LEASE) == [first]
    part = await taken(store, first, NOW + LEASE)
    assert part.attempts == 2
    before = await part_row(store, first)
    assert not await settled(store, late, SENT, NOW + LEASE, platform_id="77")
    assert await part_row(store, first) == before
    assert await settled(store, part, DEAD, NOW + LEASE)
    assert not await settled(store, part, SENT, NOW + LEASE)
    assert await states(store, digest) == ["dead", "due"]
    assert await claimed(store, second, NOW + LEASE) is not None


async def test_an_outcome_behind_its_lease_counts_while_nobody_took_the_part(store: Store) -> None:
    digest = await queued(store, at(), 1)
    part = await taken(store, (await ids_of(store, digest))[0])
    assert await settled(store, part, SENT, later(minutes=10), platform_id="77", thread="4")
    row = await part_row(store, part.id)
    assert (row.state, row.platform_id, row.thread, row.ended_at) == ("sent", "77", "4", later(minutes=10))


async def test_nothing_is_claimed_past_its_deadline(store: Store) -> None:
    (part,) = await ids_of(store, await queued(store, at(), 1))
    assert await waiting(store, DEADLINE) == []
    assert await claimed(store, part, DEADLINE) is None
    assert await claimed(store, part, DEADLINE - timedelta(seconds=1)) is not None


async def test_nothing_goes_to_a_suspended_destination(store: Store) -> None:
    (part,) = await ids_of(store, await queued(store, at(), 1))
    await set_address(store, at(), **SUSPENDED)
    assert await waiting(store) == []
    assert await claimed(store, part) is None
    digest = await queued(store, at(), 2, number=1, kind="catchup", first_paper=10)
    assert await states(store, digest) == ["suspended", "suspended"]
    await set_address(store, at(), **ACTIVE)
    assert await waiting(store) == [part]


async def test_a_part_that_fails_when_its_destination_is_suspended_meanwhile_is_held_back_with_it(store: Store) -> None:
    digest = await queued(store, at(), 2)
    part = await taken(store, (await ids_of(store, digest))[0])
    await set_address(store, at(), **SUSPENDED)
    await settled(store, part, again(later(minutes=1)))
    row = await part_row(store, part.id)
    assert (row.state, row.cause, row.not_before) == ("suspended", "blocked", None)


@pytest.mark.parametrize("verdicts", [(SENT, SENT), (SENT, DEAD), (DEAD, UNKNOWN), (DEAD, DEAD), (UNKNOWN, UNKNOWN)])
async def test_a_digest_is_delivered_when_its_last_part_is_final_and_frees_what_was_not_shown(
    store: Store, verdicts: tuple[Verdict, Verdict]
) -> None:
    digest = await queued(store, at())
    first, second = await ids_of(store, digest)
    await through(store, first, verdicts[0], later(minutes=1))
    assert (await digest_row(store, digest)).delivered_at is None
    assert await freed(store, digest) == [verdicts[0] is DEAD, False]
    await through(store, second, verdicts[1], later(minutes=2))
    assert await freed(store, digest) == [verdict is DEAD for verdict in verdicts]
    shown_at = None if verdicts == (DEAD, DEAD) else later(minutes=2)
    assert (await digest_row(store, digest)).delivered_at == shown_at


async def test_what_is_freed_in_one_digest_stays_shown_in_another(store: Store) -> None:
    one = await queued(store, at("1"))
    two = await queued(store, at("2"))
    await through(store, (await ids_of(store, one))[0], DEAD)
    assert (await freed(store, one), await freed(store, two)) == ([True, False], [False, False])


async def test_a_lost_answer_is_remembered_from_its_first_time_on(store: Store) -> None:
    (part,) = await ids_of(store, await queued(store, at(), 1))
    lost = again(later(seconds=10), Cause.NO_ANSWER)
    await through(store, part, again(NOW), NOW)
    assert (await part_row(store, part)).unsure_since is None
    await through(store, part, lost, later(seconds=5))
    assert (await part_row(store, part)).unsure_since == later(seconds=5)
    assert (await taken(store, part, later(seconds=10))).unsure_since == later(seconds=5)
    async with store.write() as tx:
        await outbox.free_leases(tx, "telegram", now=later(seconds=11))
    await through(store, part, UNKNOWN, later(seconds=20))
    assert (await part_row(store, part)).unsure_since == later(seconds=5)


async def test_a_part_knows_where_the_head_and_the_last_one_went_and_how_its_own_tries_ended(store: Store) -> None:
    first, second, third = await ids_of(store, await queued(store, at(), 3))
    assert await settled(store, await taken(store, first), SENT, platform_id="77")
    one = await through(store, second, again(NOW))
    two = await through(store, second, again(NOW, Cause.NO_ANSWER))
    last = await taken(store, second)
    assert [(part.past.is_repeat, part.past.is_unsure) for part in (one, two, last)] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert await settled(store, last, SENT, platform_id="78", thread="9")
    assert (await taken(store, third)).past == Past(head="77", thread="9")


async def test_a_part_that_was_sent_forgets_the_vain_probes(store: Store) -> None:
    first, second = await ids_of(store, await queued(store, at()))
    await set_address(store, at(), probes=4)
    await through(store, first, UNKNOWN)
    assert (await home_of(store, at())).probes == 4
    await through(store, second)
    assert (await home_of(store, at())).probes == 0


async def test_a_chat_that_asked_to_wait_waits_in_all_topics_and_so_does_what_comes_in(store: Store) -> None:
    here, there, other = [(await ids_of(store, await queued(store, place, 1)))[0] for place in (at("1"), at("1", "5"), at("2"))]
    async with store.write() as tx:
        await outbox.put_off(tx, at("1"), later(minutes=30))
        await outbox.put_off(tx, at("1", "5"), later(minutes=10))
    (fresh,) = await ids_of(store, await queued(store, at("1", "6"), 1))
    async with store.write() as tx:
        assert await outbox.notify(tx, at("1"), "moved", "{}", deadline_at=DEADLINE, now=NOW)
    assert await waiting(store) == [other]
    assert await claimed(store, here) is None
    assert await waiting(store, later(minutes=30)) == [here, there, other, fresh, fresh + 1]
    async with store.read() as tx:
        assert await outbox.next_at(tx, "telegram", now=NOW) == later(minutes=30)


async def test_the_next_instant_is_the_first_at_which_something_may_be_claimed(store: Store) -> None:
    async def next_at(now: datetime = NOW) -> datetime | None:
        async with store.read() as tx:
            return await outbox.next_at(tx, "telegram", now=now)

    assert await next_at() is None
    (one, behind), (two,), (closed,), (late,) = [
        await ids_of(store, await queued(store, at(chat), total)) for chat, total in (("1", 2), ("2", 1), ("3", 1), ("4", 1))
    ]
    assert await next_at() is None  # they may go at once
    await through(store, one, again(later(minutes=5)))
    await through(store, two, again(later(minutes=3)))
    await through(store, closed, again(later(minutes=1)))
    await through(store, late, again(DEADLINE))
    await set_address(store, at("3"), **SUSPENDED)
    assert await next_at() == later(minutes=3)
    await taken(store, two, later(minutes=3))
    assert await next_at(later(minutes=3)) == later(minutes=5)
    assert await next_at(later(minutes=5)) is None
    assert behind not in await waiting(store, later(minutes=5))
    async with store.read() as tx:
        assert await outbox.next_at(tx, "discord", now=NOW) is None


async def free(store: Store, now: datetime, platform: str = "telegram") -> int:
    async with store.write() as tx:
        return await outbox.free_leases(tx, platform, now=now)


async def test_a_new_process_frees_what_its_predecessor_had_in_its_hands(store: Store) -> None:
    digest = await queued(store, at())
    (part, _), (other,) = await ids_of(store, digest), await ids_of(store, await queued(store, at("9", platform="discord"), 1))
    await taken(store, part)
    await taken(store, other)
    assert await free(store, later(seconds=1)) == 1
    assert await free(store, later(seconds=1)) == 0
    row = await part_row(store, part)
    assert (row.state, row.cause, row.crashes, row.attempts) == ("retry", "crashed", 1, 1)
    assert await waiting(store, later(seconds=1)) == [part]
    assert (await part_row(store, other)).state == "sending"


async def test_a_part_that_kills_its_process_again_and_again_is_given_up(store: Store) -> None:
    digest = await queued(store, at())
    part, behind = await ids_of(store, digest)
    times = [later(minutes=2 * crash) for crash in range(MOST_CRASHES)]
    for now in times:
        await taken(store, part, now)
        assert await free(store, now) == 1
    assert await states(store, digest) == ["dead", "due"]
    assert await freed(store, digest) == [True, False]
    assert await waiting(store, times[-1]) == [behind]


async def expire(store: Store, now: datetime, limit: int = 500) -> int:
    async with store.write() as tx:
        return await outbox.expire(tx, now=now, limit=limit)


async def test_what_is_not_sent_until_its_deadline_expires_with_its_last_cause(store: Store) -> None:
    digest = await queued(store, at(), 4)
    first, second, *_ = await ids_of(store, digest)
    await through(store, first, SENT)
    await through(store, second, again(later(hours=19)))
    assert await expire(store, DEADLINE - timedelta(seconds=1)) == 0
    assert await expire(store, DEADLINE, limit=2) == 2
    assert (await digest_row(store, digest)).delivered_at is None
    assert await expire(store, DEADLINE) == 1
    assert await expire(store, DEADLINE) == 0
    async with store.read() as tx:
        found = (await outbox_ledger.of_digests(tx, [digest]))[digest]
    assert [(entry.state, entry.cause) for entry in found] == [
        (PartState.SENT, None),
        (PartState.EXPIRED, Cause.UNREACHABLE),
        (PartState.EXPIRED, Cause.TOO_LATE),
        (PartState.EXPIRED, Cause.TOO_LATE),
    ]
    assert await freed(store, digest) == [False, True, True, True]
    assert (await digest_row(store, digest)).delivered_at == DEADLINE


async def test_a_part_on_its_way_outlives_its_deadline_until_its_lease_runs_out(store: Store) -> None:
    (one,), (two,) = [await ids_of(store, await queued(store, at(chat), 1)) for chat in "12"]
    now = DEADLINE - timedelta(seconds=1)
    part, _ = await taken(store, one, now), await taken(store, two, now)
    assert await expire(store, DEADLINE) == 0
    assert await settled(store, part, SENT, DEADLINE)
    assert await expire(store, now + LEASE) == 1
    assert ((await part_row(store, one)).state, (await part_row(store, two)).state) == ("sent", "expired")


async def test_held_back_parts_expire_too(store: Store) -> None:
    digest = await queued(store, at("1"))
    await set_address(store, at("1"), **SUSPENDED)
    held = await queued(store, at("1"), number=1, kind="catchup", first_paper=9)
    assert await expire(store, DEADLINE) == 4
    assert await states(store, held) == ["expired", "expired"]
    row = await part_row(store, (await ids_of(store, held))[0])
    assert row.cause == "blocked"
    assert await freed(store, digest) == await freed(store, held) == [True, True]
    assert (await digest_row(store, digest)).delivered_at is None


async def test_what_may_have_been_shown_never_counts_as_not_shown(store: Store) -> None:
    """Discord: sent without an answer, and not sent again until the deadline. Its paper must not come twice."""
    digest = await queued(store, at(), 1)
    (part,) = await ids_of(store, digest)
    await through(store, part, again(DEADLINE, Cause.NO_ANSWER))
    assert await expire(store, DEADLINE) == 1
    row = await part_row(store, part)
    assert (row.state, row.cause) == ("unknown", "no_answer")
    assert await freed(store, digest) == [False]
    assert (await digest_row(store, digest)).delivered_at == DEADLINE


async def test_a_lost_answer_is_given_up_once_its_key_is_forgotten(store: Store) -> None:
    digests = [await queued(store, at(chat), 1) for chat in "1234"]
    one, two, held, sure = [(await ids_of(store, digest))[0] for digest in digests]
    await through(store, one, again(later(hours=1), Cause.NO_ANSWER))
    await through(store, two, again(later(hours=1), Cause.NO_ANSWER), later(seconds=30))
    await through(store, held, again(later(hours=1), Cause.NO_ANSWER))
    await through(store, sure, again(later(hours=1)))
    await set_address(store, at("3"), **SUSPENDED)
    async with store.write() as tx:
        assert await outbox.give_up_unsure(tx, "discord", unsure_before=NOW, now=later(minutes=2)) == 0
        assert await outbox.give_up_unsure(tx, "telegram", unsure_before=NOW - timedelta(seconds=1), now=later(minutes=2)) == 0
        assert await outbox.give_up_unsure(tx, "telegram", unsure_before=NOW, now=later(minutes=2)) == 2
    assert [(await states(store, digest))[0] for digest in digests] == ["unknown", "retry", "unknown", "retry"]
    assert (await digest_row(store, digests[0])).delivered_at == later(minutes=2)
    assert await freed(store, digests[0]) == [False]


LATE = later(hours=30)


@pytest.mark.parametrize("last", [SENT, DEAD, UNKNOWN])
async def test_what_was_lost_is_sent_again_when_its_reader_asks_for_it(store: Store, last: Verdict) -> None:
    digest = await queued(store, at("7", "3"), 2)
    first, second = await ids_of(store, digest)
    await through(store, first, UNKNOWN)
    await through(store, second)
    assert (await digest_row(store, digest)).delivered_at == NOW
    assert await sent_again(store, first, at("7", "3"))
    assert not await sent_again(store, first, at("7", "3"))  # a second tap
    assert (await digest_row(store, digest)).delivered_at is None
    part = await taken(store, first, later(hours=1))
    assert (part.is_answer, part.unsure_since, part.key) == (True, None, part_key(first, NOW))
    assert (await part_row(store, first)).deadline_at == LATE
    assert await settled(store, part, last, later(hours=1))
    assert (await digest_row(store, digest)).delivered_at == later(hours=1)
    assert await freed(store, digest) == [last is DEAD, False]


async def test_only_what_was_lost_at_this_very_address_is_sent_again(store: Store) -> None:
    digest = await queued(store, at("7"), 3)
    lost, sent, waits = await ids_of(store, digest)
    await through(store, lost, UNKNOWN)
    await through(store, sent)
    forged = [(lost, at("8")), (lost, at("7", "3")), (lost, at("7", platform="discord")), (sent, at("7")), (waits, at("7"))]
    before = [await part_row(store, part) for part in (lost, sent, waits)]
    for part, address in [*forged, (0, at("7")), (2**62, at("7"))]:
        assert not await sent_again(store, part, address)
    assert [await part_row(store, part) for part in (lost, sent, waits)] == before


async def test_what_is_sent_again_waits_with_its_destination_and_ends_like_any_other(store: Store) -> None:
    digest = await queued(store, at("7"), 1)
    (part,) = await ids_of(store, digest)
    await through(store, part, UNKNOWN)
    await set_address(store, at("7"), **SUSPENDED)
    assert await sent_again(store, part, at("7"))
    assert await states(store, digest) == ["suspended"]
    async with store.write() as tx:
        assert await outbox.expire(tx, now=LATE) == 1
    assert (await states(store, digest), await freed(store, digest)) == (["expired"], [True])


async def test_a_chat_that_asked_to_wait_waits_with_what_is_sent_again_too(store: Store) -> None:
    (part,), (other,) = [await ids_of(store, await queued(store, at("7", topic), 1)) for topic in ("", "3")]
    await through(store, part, UNKNOWN)
    async with store.write() as tx:
        await outbox.put_off(tx, at("7", "3"), later(minutes=5))
    assert await sent_again(store, part, at("7"))
    assert await waiting(store) == []
    assert await waiting(store, later(minutes=5)) == [part, other]


async def sent_again(store: Store, part_id: int, address: Address) -> bool:
    async with store.write() as tx:
        return await outbox.send_again(tx, part_id, address, now=NOW, deadline_at=LATE)


async def test_a_notice_comes_once_for_each_thing_and_address(store: Store) -> None:
    async def notify(chat: str, about: str) -> bool:
        async with store.write() as tx:
            return await outbox.notify(tx, at(chat), about, "{}", deadline_at=DEADLINE, now=NOW)

    asked = (("1", "moved"), ("1", "moved"), ("1", "permission"), ("2", "moved"))
    assert [await notify(*one) for one in asked] == [True, False, True, True]
    await set_address(store, at("2"), **SUSPENDED)
    assert await notify("2", "late")
    part = await taken(store, (await waiting(store))[0])
    assert (part.address, part.payload) == (at("1"), "{}")
    assert await waiting(store) == []  # one at a time, and nothing for a suspended chat
    async with store.read() as tx:
        assert [entry.state for entry in await outbox_ledger.entries(tx, chat="2")] == [PartState.SUSPENDED, PartState.DUE]


async def test_attempts_of_the_last_minute_are_told_oldest_first(store: Store) -> None:
    (one, two), (three,), (other,) = [
        await ids_of(store, await queued(store, place, total))
        for place, total in ((at("1", "5"), 2), (at("2"), 1), (at("3", platform="discord"), 1))
    ]
    for part, seconds in ((one, 0), (two, 40), (three, 20), (other, 30)):
        await through(store, part, SENT, later(seconds=seconds))
    async with store.read() as tx:
        found = await outbox.attempts_since(tx, "telegram", later(seconds=20))
    assert found == ((at("2"), later(seconds=20)), (at("1", "5"), later(seconds=40)))


async def test_a_digest_that_never_got_into_the_outbox_fails_at_its_deadline(store: Store) -> None:
    async with store.write() as tx:
        late = await a_digest(tx, at("1"), first_paper=1)
        asked = await a_digest(tx, at("1"), kind="now", number=1, first_paper=5)
        early = await a_digest(tx, at("2"), deadline_at=DEADLINE + timedelta(seconds=1))
        assert await outbox.give_up_unqueued(tx, now=DEADLINE) == 1
        assert await outbox.give_up_unqueued(tx, now=DEADLINE) == 0
    row = await digest_row(store, late)
    assert (row.skipped, row.queued_at, row.delivered_at) == ("failed", DEADLINE, None)
    assert [await freed(store, digest) for digest in (late, asked, early)] == [[True, True], [False, False], [False, False]]
    assert [(await digest_row(store, digest)).queued_at for digest in (asked, early)] == [None, None]


async def test_what_may_be_claimed_is_found_by_the_index_of_open_parts(sqlite_url: str) -> None:
    """However many parts are final: no table is read from end to end, and who is due is read in order, without sorting."""
    store = await Store.open(sqlite_url)
    plans = []
    async with store.read() as tx:
        for statement in (CLAIMABLE, NEXT_AT, CLAIM):
            text_ = str(statement.compile(dialect=tx.dialect, compile_kwargs={"render_postcompile": True}))
            found = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {text_}", tuple([None] * text_.count("?")))
            plans.append([row.detail for row in found])
    await store.close()
    assert [line for plan in plans for line in plan if line.startswith("SCAN") and "anon" not in line] == []
    claimable, next_at, claim = plans
    assert "SEARCH parts USING INDEX ix_parts_open (state=? AND not_before=?)" in claimable
    assert "SEARCH parts USING INDEX ix_parts_answers (is_answer=?)" in claimable
    # For retries and leases that ran out, of which there are few, and for what was found.
    assert sum("TEMP B-TREE" in line for line in claimable) == 3
    assert any(line.startswith("SEARCH parts USING INDEX ix_parts_open (state=? AND not_before>?") for line in next_at)
    assert claim[0] == "SEARCH parts USING INTEGER PRIMARY KEY (rowid=?)"
