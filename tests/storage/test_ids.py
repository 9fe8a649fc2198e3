"""A number names one part and one digest for ever: what was forgotten while it was in hand is no other's."""

from bot.storage import outbox, subscriptions
from bot.storage.store import Store
from tests.storage.parcels import SENT, a_digest, at, drafts, ids_of, later, queued, settled, states, taken


async def test_what_became_of_a_part_that_was_forgotten_meanwhile_says_nothing_of_the_next_one(store: Store) -> None:
    """Its reader unsubscribes while it is on its way, and another's part is queued and taken before the answer comes."""
    (mine,) = await ids_of(store, await queued(store, at("1"), 1))
    part = await taken(store, mine)
    async with store.write() as tx:
        assert await subscriptions.remove(tx, at("1"))
    digest_id = await queued(store, at("2"), 1)
    (theirs,) = await ids_of(store, digest_id)
    await taken(store, theirs, later(seconds=1))
    assert not await settled(store, part, SENT, later(seconds=2))
    assert await states(store, digest_id) == ["sending"]


async def test_a_digest_that_was_forgotten_while_it_was_made_is_not_queued_for_another_reader(store: Store) -> None:
    async with store.write() as tx:
        mine = await a_digest(tx, at("1"))
    async with store.write() as tx:
        assert await subscriptions.remove(tx, at("1"))
    async with store.write() as tx:
        await a_digest(tx, at("2"))
    async with store.write() as tx:
        assert not await outbox.queue(tx, mine, drafts(2), now=later(seconds=1))
