"""What an owner was told is read from the outbox; and what the whole outbox says of itself in counts."""

from datetime import timedelta

import pytest

from bot.domain.deliveries import Cause, Outcome, OutcomeKind, PartState, Verdict, verdict
from bot.domain.troubles import Told
from bot.storage import alerts, destinations, outbox, outbox_ledger
from bot.storage.store import Store
from tests.storage.parcels import DEAD, NOW, SENT, UNKNOWN, again, at, claimed, ids_of, later, queued, settled, taken, through

CAUSE = "source:bibtex like any name"  # a name may hold blanks
OWNER = at("7")


async def say(store: Store, hours: float, *, is_over: bool = False, cause: str = CAUSE) -> bool:
    async with store.write() as tx:
        now, until = later(hours=hours), later(hours=hours + 12)
        return await alerts.say(tx, OWNER, cause, "{}", since=NOW, is_over=is_over, deadline_at=until, now=now)


async def told(store: Store, hours: float) -> dict[str, Told]:
    async with store.read() as tx:
        return await alerts.told(tx, OWNER, now=later(hours=hours))


async def test_the_last_alert_of_each_cause_is_remembered_with_its_end(store: Store) -> None:
    await queued(store, OWNER, 1)
    async with store.write() as tx:
        await outbox.notify(tx, OWNER, "topic alert 5", "{}", deadline_at=later(hours=12), now=NOW)
    assert await told(store, 1) == {}
    assert await say(store, 1)
    assert await say(store, 2)
    assert not await say(store, 2)
    assert await say(store, 3, cause="model")
    assert await told(store, 3) == {
        CAUSE: Told(since=NOW, at=later(hours=2), is_waiting=True),
        "model": Told(since=NOW, at=later(hours=3), is_waiting=True),
    }
    assert await say(store, 4, is_over=True)
    assert (await told(store, 4))[CAUSE].over_at == later(hours=4)
    assert await say(store, 5)
    assert (await told(store, 5))[CAUSE] == Told(since=NOW, at=later(hours=5), is_waiting=True)
    assert await told(store, 24 * 9) == {}


@pytest.mark.parametrize(
    ("end", "is_waiting", "is_lost"),
    [(SENT, False, False), (UNKNOWN, False, False), (DEAD, False, True), (again(later(hours=2)), True, False)],
    ids=lambda found: str(found.state) if isinstance(found, Verdict) else "",
)
async def test_an_alert_that_never_left_is_known_as_such(store: Store, end: Verdict, is_waiting: bool, is_lost: bool) -> None:
    await say(store, 0)
    async with store.read() as tx:
        (entry,) = await outbox_ledger.entries(tx)
    await through(store, entry.id, end)
    assert (await told(store, 1))[CAUSE] == Told(since=NOW, at=NOW, is_waiting=is_waiting, is_lost=is_lost)


async def test_the_outbox_says_what_waits_and_since_when(store: Store) -> None:
    for number, chat in enumerate("1234"):
        await queued(store, at(chat), 1, now=later(minutes=number), first_paper=number + 1)
    async with store.read() as tx:
        first, second, *_ = [entry.id for entry in reversed(await outbox_ledger.entries(tx))]
    await settled(store, await taken(store, first), again(later(hours=1)))
    await claimed(store, second, later(minutes=5))
    async with store.write() as tx:
        await destinations.suspend(tx, at("4"), Cause.KICKED, now=NOW)
        await destinations.suspend(tx, at("4", platform="discord"), Cause.KICKED, now=NOW)  # nobody knows it
        found = await outbox_ledger.queue(tx, now=later(minutes=5), since=NOW)
        closed = await destinations.count_suspended(tx)
    states = {PartState.DUE: 1, PartState.SENDING: 1, PartState.RETRY: 1, PartState.SUSPENDED: 1}
    assert (found.waiting, found.oldest_at, found.lost) == (states, later(minutes=2), 0)
    assert closed == {("telegram", Cause.KICKED): 1}


async def test_parts_without_an_answer_are_those_of_one_address_newest_first(store: Store) -> None:
    mine, other = await queued(store, at("1"), 3), await queued(store, at("1", "5"), 1, first_paper=9)
    first, second, sent = await ids_of(store, mine)
    for minutes, part in enumerate((first, second, *(await ids_of(store, other)))):
        await through(store, part, UNKNOWN, later(minutes=minutes))
    await through(store, sent)
    async with store.read() as tx:
        found = await outbox_ledger.unsure(tx, at("1"), since=NOW, limit=5)
        assert [part.id for part in found] == [second, first]
        assert [part.id for part in await outbox_ledger.unsure(tx, at("1"), since=later(minutes=1), limit=5)] == [second]
        assert [part.id for part in await outbox_ledger.unsure(tx, at("1"), since=NOW, limit=1)] == [second]


async def test_faults_of_ours_are_counted_by_platform_whatever_became_of_them(store: Store) -> None:
    """Refused with its markup and shown without it, refused twice, and given up because the process died."""
    refused = Outcome(kind=OutcomeKind.PLAIN, cause=Cause.TOO_LONG)
    shown, dead, crashed, fine = [
        (await ids_of(store, await queued(store, at(chat), 1, first_paper=number)))[0] for number, chat in enumerate("1234", 1)
    ]
    for part_id, last in (shown, Outcome(kind=OutcomeKind.SENT, platform_id="1")), (dead, refused):
        for outcome in refused, last:
            part = await taken(store, part_id)
            await settled(store, part, verdict(outcome, part, resend_for=timedelta(0), now=NOW))
    await through(store, crashed, Verdict(state=PartState.DEAD, cause=Cause.CRASHED))
    await through(store, fine, UNKNOWN)
    async with store.read() as tx:
        found = await outbox_ledger.faults(tx, since=NOW)
        assert found == {("telegram", Cause.MARKUP_REFUSED): 2, ("telegram", Cause.CRASHED): 1}
        assert await outbox_ledger.faults(tx, since=later(seconds=1)) == {}
