"""What stands under the numbers of a digest, and that nobody but its reader finds it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.digests import Counts, DigestPlan, Slot, SlotKind
from bot.domain.intake import Page
from bot.domain.subscriptions import Address, Subscription
from bot.ports import Part
from bot.storage import digest_numbers, digests, moves, outbox, outbox_ledger, papers, subscriptions
from bot.storage.store import Store
from tests.builders import a_paper, a_pick, a_seen, arxiv_key

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
DAY = date(2026, 1, 6)
HERE = Address(platform="telegram", chat="-100", thread="7")
IDS = tuple(f"2601.{n:05}" for n in range(1, 8))
LISTED, REST = IDS[:4], IDS[4:]


@pytest.fixture
async def digest(store: Store) -> int:
    """Four papers in two parts, and three that were left out."""
    picks = tuple(a_pick(a_seen(a_paper(arxiv_id=each))) for each in IDS)
    plan = DigestPlan(picks=picks[:4], counts=Counts(found=7, matched=7, listed=4), rest=picks[4:])
    async with store.write() as tx:
        await papers.record_page(tx, Page(source="arxiv", papers=tuple(a_paper(arxiv_id=each) for each in IDS)), NOW)
        reader = await subscriptions.save(tx, Subscription(address=HERE, next_due_at=NOW))
        assert reader.id is not None
        slot = Slot(on=DAY, kind=SlotKind.DAILY)
        made = await digests.record_plan(tx, reader.id, slot, plan, due=None, now=NOW, deadline_at=NOW + timedelta(hours=12))
        assert made is not None
        parts = (
            Part(number=1, payload="{}", items=(1, 2, 3)),
            Part(number=2, payload="{}", items=(4,)),
            Part(number=3, payload="{}"),
        )
        assert await outbox.queue(tx, made, parts, now=NOW)
    return made


async def found(store: Store, address: Address, digest: int) -> digest_numbers.Numbered | None:
    async with store.read() as tx:
        return await digest_numbers.of_reader(tx, address, digest)


async def test_its_reader_finds_every_paper_and_its_part(store: Store, digest: int) -> None:
    known = await found(store, HERE, digest)
    assert known is not None
    assert known.listed == tuple(map(arxiv_key, LISTED))
    assert known.rest == tuple(map(arxiv_key, REST))
    assert (known.on, known.parts, known.last_part) == (DAY, (1, 1, 1, 2), 3)


@pytest.mark.parametrize(
    "other",
    [
        Address(platform="discord", chat="-100", thread="7"),
        Address(platform="telegram", chat="-1001", thread="7"),
        Address(platform="telegram", chat="-100"),
        Address(platform="telegram", chat="-100", thread="8"),
    ],
)
async def test_nobody_else_finds_anything(store: Store, digest: int, other: Address) -> None:
    async with store.write() as tx:
        await subscriptions.save(tx, Subscription(address=other, next_due_at=NOW))
    assert await found(store, other, digest) is None


@pytest.mark.parametrize("number", [0, -1, 999, 2**31 - 1, 2**31, 2**63 - 1, -(2**63)])
async def test_a_number_that_no_digest_has_is_nothing(store: Store, digest: int, number: int) -> None:
    assert await found(store, HERE, number) is None


async def test_a_group_that_moves_takes_its_digests_along(store: Store, digest: int) -> None:
    async with store.write() as tx:
        await moves.move(tx, "telegram", "-100", "-1009")
    assert await found(store, HERE, digest) is None
    assert await found(store, Address(platform="telegram", chat="-1009", thread="7"), digest) is not None


async def test_when_its_parts_are_forgotten_the_last_one_is_where_the_last_paper_begins(store: Store, digest: int) -> None:
    later = NOW + timedelta(days=60)
    async with store.write() as tx:
        await outbox.expire(tx, now=later)
        await outbox_ledger.prune(tx, later + timedelta(days=60))
    known = await found(store, HERE, digest)
    assert known is not None
    assert (known.parts, known.last_part) == ((1, 1, 1, 2), 2)
