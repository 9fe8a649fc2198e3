"""Digests with items for the tests of the outbox, written straight into the tables: each test says only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Cause, Claimed, Part, PartState, Verdict
from bot.domain.subscriptions import Address, Subscription
from bot.storage import outbox, outbox_ledger, subscriptions
from bot.storage.store import Store
from bot.storage.tables import addresses, digests, items, papers, parts
from bot.storage.tables import subscriptions as subscription_table

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)
LEASE = timedelta(minutes=2)
DEADLINE = NOW + timedelta(hours=20)
SENT = Verdict(state=PartState.SENT)
DEAD = Verdict(state=PartState.DEAD, cause=Cause.MARKUP_REFUSED)
UNKNOWN = Verdict(state=PartState.UNKNOWN, cause=Cause.NO_ANSWER)


def at(chat: str = "1", thread: str = "", platform: str = "telegram") -> Address:
    return Address(platform=platform, chat=chat, thread=thread)


def later(**delta: float) -> datetime:
    return NOW + timedelta(**delta)


def again(until: datetime, cause: Cause = Cause.UNREACHABLE) -> Verdict:
    return Verdict(state=PartState.RETRY, cause=cause, not_before=until)


async def a_reader(tx: AsyncConnection, address: Address) -> int:
    known = await subscriptions.by_address(tx, address)
    saved = known or await subscriptions.save(tx, Subscription(address=address))
    assert saved.id is not None
    return saved.id


async def a_digest(
    tx: AsyncConnection,
    address: Address,
    *,
    papers_: int = 2,
    on: date = date(2026, 1, 6),
    kind: str = "daily",
    number: int = 0,
    first_paper: int = 1,
    deadline_at: datetime = DEADLINE,
    created_at: datetime = NOW,
) -> int:
    """Planned, not queued; its papers are arXiv's `first_paper` and those that follow."""
    reader = await a_reader(tx, address)
    digest = insert(digests).values(
        subscription_id=reader,
        slot_on=on,
        slot_kind=kind,
        slot_number=number,
        found=papers_,
        matched=papers_,
        listed=papers_,
        notices=[],
        rest=[],
        created_at=created_at,
        deadline_at=deadline_at,
    )
    digest_id = int((await tx.execute(digest.returning(digests.c.id))).scalar_one())
    for position in range(papers_):
        key = f"arxiv:2601.{first_paper + position:05}"
        await _a_paper(tx, key)
        await tx.execute(
            insert(items).values(
                digest_id=digest_id,
                subscription_id=reader,
                paper_key=key,
                shown_as=0,
                position=position,
                score=1.0,
                reasons=[],
                is_freed=False,
                is_late=False,
            )
        )
    return digest_id


async def _a_paper(tx: AsyncConnection, key: str) -> None:
    if (await tx.execute(select(papers.c.key).where(papers.c.key == key))).first() is None:
        fields = {"title": key, "abstract": "", "authors": [], "categories": [], "links": [], "is_withdrawn": False}
        await tx.execute(insert(papers).values(key=key, first_seen_at=NOW, **fields))


def drafts(total: int = 2) -> tuple[Part, ...]:
    """`total` parts; in each of them the paper with its number begins."""
    return tuple(Part(number=number, payload=f'{{"text": "{number}"}}', items=(number,)) for number in range(1, total + 1))


async def queued(store: Store, address: Address, total: int = 2, *, now: datetime = NOW, **digest: Any) -> int:  # noqa: ANN401
    """A digest of `total` papers and as many parts, in the outbox."""
    async with store.write() as tx:
        digest_id = await a_digest(tx, address, papers_=total, **digest)
        assert await outbox.queue(tx, digest_id, drafts(total), now=now)
    return digest_id


async def ids_of(store: Store, digest_id: int) -> tuple[int, ...]:
    async with store.read() as tx:
        found = await outbox_ledger.of_digests(tx, [digest_id])
    return tuple(entry.id for entry in found[digest_id])


async def states(store: Store, digest_id: int) -> list[str]:
    async with store.read() as tx:
        found = await outbox_ledger.of_digests(tx, [digest_id])
    return [str(entry.state) for entry in found[digest_id]]


async def claimed(store: Store, part_id: int, now: datetime = NOW, lease: timedelta = LEASE) -> Claimed | None:
    async with store.write() as tx:
        return await outbox.claim(tx, part_id, now=now, lease=lease)


async def taken(store: Store, part_id: int, now: datetime = NOW, lease: timedelta = LEASE) -> Claimed:
    """The claim, which must succeed."""
    found = await claimed(store, part_id, now, lease)
    assert found is not None
    return found


async def settled(store: Store, part: Claimed, verdict: Verdict, now: datetime = NOW, **said: str) -> bool:
    async with store.write() as tx:
        return await outbox.settle(tx, part, verdict, now=now, **said)


async def through(store: Store, part_id: int, verdict: Verdict = SENT, now: datetime = NOW) -> Claimed:
    """Claimed and settled."""
    part = await taken(store, part_id, now)
    assert await settled(store, part, verdict, now)
    return part


async def waiting(store: Store, now: datetime = NOW, platform: str = "telegram", limit: int = 100) -> list[int]:
    async with store.read() as tx:
        return [one.id for one in await outbox.claimable(tx, platform, now=now, limit=limit)]


async def part_row(store: Store, part_id: int) -> Row[*tuple[Any, ...]]:
    async with store.read() as tx:
        return (await tx.execute(select(parts).where(parts.c.id == part_id))).one()


async def digest_row(store: Store, digest_id: int) -> Row[*tuple[Any, ...]]:
    async with store.read() as tx:
        return (await tx.execute(select(digests).where(digests.c.id == digest_id))).one()


async def freed(store: Store, digest_id: int) -> list[bool]:
    async with store.read() as tx:
        query = select(items.c.is_freed).where(items.c.digest_id == digest_id).order_by(items.c.position)
        return list((await tx.execute(query)).scalars())


async def home_of(store: Store, address: Address) -> Row[*tuple[Any, ...]]:
    async with store.read() as tx:
        query = select(addresses).filter_by(platform=address.platform, chat=address.chat, thread=address.thread)
        return (await tx.execute(query)).one()


async def set_address(store: Store, address: Address, **values: Any) -> None:  # noqa: ANN401
    async with store.write() as tx:
        home = addresses.c.id == (await home_id(tx, address))
        await tx.execute(update(addresses).where(home).values(**values))


async def home_id(tx: AsyncConnection, address: Address) -> int:
    query = select(addresses.c.id).filter_by(platform=address.platform, chat=address.chat, thread=address.thread)
    return int((await tx.execute(query)).scalar_one())


async def subscriptions_at(store: Store, chats: Sequence[str]) -> list[tuple[str, str, time]]:
    async with store.read() as tx:
        query = select(addresses.c.chat, addresses.c.thread, subscription_table.c.local_time).join_from(
            addresses, subscription_table
        )
        return [(row.chat, row.thread, row.local_time) for row in await tx.execute(query.where(addresses.c.chat.in_(chats)))]
