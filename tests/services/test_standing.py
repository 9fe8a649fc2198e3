"""How it stands at one address, how the whole bot stands, and what is sent once more."""

from datetime import timedelta

from bot.domain.budget import Budget
from bot.domain.deliveries import Cause, PartState
from bot.domain.intake import Notice, Why
from bot.domain.messages import Message
from bot.errors import QuotaSpent
from bot.services.delivering import Delivering, Terms
from bot.services.line import Line
from bot.services.standing import MOST_LOST, Standing
from bot.storage import destinations, heartbeat, sources
from bot.storage.store import Store
from tests.services.outside import Clock
from tests.services.test_delivering import Doors
from tests.storage.parcels import NOW, SENT, UNKNOWN, at, ids_of, later, part_row, queued, states, through


def a_standing(store: Store, clock: Clock, *, line: Line | None = None, woken: list[str] | None = None) -> Standing:
    terms = Terms(concurrency=1, notice=lambda _, __: Message(blocks=()))
    return Standing(
        store=store,
        line=line or Line(concurrency=1, now=clock),
        model="m",
        budget=Budget(total=7),
        senders=(Delivering(store=store, channel=Doors(), terms=terms, now=clock),),
        deadline=timedelta(hours=20),
        now=clock,
        queued=lambda: (woken if woken is not None else []).append("woken"),
    )


async def test_a_place_without_a_subscription_stands_empty(store: Store) -> None:
    found = await a_standing(store, Clock(NOW)).here(at("1"))
    assert (found.subscription, found.destination, found.history.made, found.lost, found.sources) == (None, None, (), (), ())


async def test_a_place_knows_its_own_digest_and_suspension_and_nobody_elses(store: Store) -> None:
    mine, theirs = await queued(store, at("1"), 2), await queued(store, at("2"), 2, first_paper=5)
    for digest in mine, theirs:
        for part in await ids_of(store, digest):
            await through(store, part, UNKNOWN)
    async with store.write() as tx:
        await destinations.suspend(tx, at("1"), Cause.BLOCKED, now=NOW)
    found = await a_standing(store, Clock(NOW)).here(at("1"))
    assert [part.id for part in found.lost] == sorted(await ids_of(store, mine), reverse=True)
    assert found.destination is not None
    assert (found.destination.because, found.destination.since) == (Cause.BLOCKED, NOW)
    assert [len(made.parts) for made in found.history.made] == [2]
    assert (await a_standing(store, Clock(NOW)).here(at("1", "5"))).lost == ()


async def test_what_was_lost_is_shown_for_a_week_and_the_newest_of_it_only(store: Store) -> None:
    digest = await queued(store, at("1"), MOST_LOST + 2)
    for part in await ids_of(store, digest):
        await through(store, part, UNKNOWN)
    found = await a_standing(store, Clock(later(days=7))).here(at("1"))
    assert [part.number for part in found.lost] == [7, 6, 5, 4, 3]
    assert (await a_standing(store, Clock(later(days=7, seconds=1))).here(at("1"))).lost == ()


async def test_a_part_that_was_lost_is_sent_again_once_and_only_from_its_own_place(store: Store) -> None:
    woken: list[str] = []
    digest, standing = await queued(store, at("1"), 2), a_standing(store, Clock(later(days=1)), woken=woken)
    lost, sent = await ids_of(store, digest)
    await through(store, lost, UNKNOWN)
    await through(store, sent, SENT)
    assert not await standing.send_again(at("2"), lost)
    assert not await standing.send_again(at("1"), sent)
    assert (await states(store, digest), woken) == (["unknown", "sent"], [])
    assert await standing.send_again(at("1"), lost)
    assert not await standing.send_again(at("1"), lost)
    assert (await states(store, digest), woken) == (["due", "sent"], ["woken"])
    assert (await part_row(store, lost)).deadline_at == later(days=1, hours=20)


async def test_the_whole_bot_is_told_in_counts(store: Store) -> None:
    clock = Clock(NOW)
    line, down = Line(concurrency=1, now=clock), Notice(source="arxiv", why=Why.BROKEN)
    line.failed(QuotaSpent("m", "gone", after_s=60))
    for chat, queued_at in ("1", later(minutes=-5)), ("2", NOW), ("3", NOW):
        await queued(store, at(chat), 1, now=queued_at, first_paper=int(chat))
    lost = await queued(store, at("4", platform="discord"), 1, first_paper=9)
    await through(store, (await ids_of(store, lost))[0], UNKNOWN)
    async with store.write() as tx:
        await destinations.suspend(tx, at("3"), Cause.KICKED, now=NOW)
        await heartbeat.beat(tx, "tick", later(minutes=-1))
        await sources.record_failure(tx, down, NOW, later(hours=1))
    found = await a_standing(store, clock, line=line).whole()
    assert found.queue.waiting == {PartState.DUE: 2, PartState.RETRY: 0, PartState.SENDING: 0, PartState.SUSPENDED: 1}
    assert (found.queue.oldest_at, found.queue.lost) == (later(minutes=-5), 1)
    assert found.suspended == {("telegram", Cause.KICKED): 1}
    assert (found.ticked_at, found.budget.total, found.spent) == (later(minutes=-1), 7, 0)
    assert [(one.name, one.is_working, one.unheard_since) for one in found.platforms] == [("telegram", True, None)]
    assert [one.failure.count for one in found.sources if one.failure] == [1]
    assert found.model.outage is not None
    assert found.model.outage.since == NOW
