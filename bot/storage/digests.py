"""Digests and their items: W2, and what was made for whom. An item that stands keeps its paper from coming again.

What becomes of a digest that was queued (W5) is a matter of its parts: `outbox`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.digests import MOST_REST, DigestPlan, Pick, Skipped, Slot, SlotKind
from bot.domain.intake import Notice
from bot.domain.papers import PaperKey
from bot.storage import paper_rows as rows
from bot.storage import papers
from bot.storage.aliases import resolved
from bot.storage.digest_rows import StoredDigest as StoredDigest
from bot.storage.digest_rows import digest_of, item_values, notice_values, score_of
from bot.storage.shown import standing
from bot.storage.statements import chunks
from bot.storage.subscriptions import move_due
from bot.storage.tables import digests, items


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTime:
    """What a digest of the schedule answers: the time that was due, and the next one (None: until further notice)."""

    answered: datetime
    next_at: datetime | None


async def record_plan(
    tx: AsyncConnection,
    subscription_id: int,
    slot: Slot,
    plan: DigestPlan,
    *,
    due: DueTime | None,
    now: datetime,
    deadline_at: datetime,
    covers_from: date | None = None,
    spans: tuple[date, date] | None = None,
    notices: tuple[Notice, ...] = (),
) -> int | None:
    """W2: the digest, its items and the next due time, all or nothing; returns the digest's id.

    None, and nothing changed, if this slot's digest exists, if the time that it answers is not due any more (another
    process made it, or its reader changed the hour), or if a paper of the plan was shown to this reader since the plan
    was made: then read and plan again. `now` counts as the instant up to which papers were considered: take it before
    they are read. Papers must be stored. Without `due` somebody asked, and the schedule stays as it is.
    """
    if await _exists(tx, subscription_id, slot):
        return None
    canonical = await resolved(tx, [rows.key_text(pick.seen.paper.key) for pick in plan.picks])
    picks = [(canonical[rows.key_text(pick.seen.paper.key)], pick) for pick in plan.picks]
    shown = await standing(tx, subscription_id)
    if any(key in shown and (pick.seen.paper.version or 0) <= shown[key] for key, pick in picks):
        return None
    if due is not None and not await move_due(tx, subscription_id, due.answered, due.next_at):
        return None
    first, last = spans or (None, None)
    statement = insert(digests).values(
        subscription_id=subscription_id,
        slot_on=slot.on,
        slot_kind=slot.kind,
        slot_number=slot.number,
        found=plan.counts.found,
        matched=plan.counts.matched,
        listed=plan.counts.listed,
        span_from=first,
        span_to=last,
        notices=[notice_values(notice) for notice in notices],
        rest=[rows.key_text(pick.seen.paper.key) for pick in plan.rest[:MOST_REST]],
        created_at=now,
        deadline_at=deadline_at,
        covers_from=covers_from,
    )
    digest_id = int((await tx.execute(statement.returning(digests.c.id))).scalar_one())
    values = [
        {**item_values(position, key, pick, shown), "digest_id": digest_id, "subscription_id": subscription_id}
        for position, (key, pick) in enumerate(picks)
    ]
    if values:
        await tx.execute(insert(items), values)
    return digest_id


async def next_number(tx: AsyncConnection, subscription_id: int, on: date, kind: SlotKind) -> int:
    """The running number of the next digest of this kind on that day, from 1; daily ones have none (0)."""
    if kind is SlotKind.DAILY:
        return 0
    query = select(func.max(digests.c.slot_number)).where(
        digests.c.subscription_id == subscription_id, digests.c.slot_on == on, digests.c.slot_kind == kind
    )
    return int((await tx.execute(query)).scalar() or 0) + 1


async def load(tx: AsyncConnection, digest_id: int) -> StoredDigest | None:
    """One digest, None if there is none of this id."""
    return next(iter(await _loaded(tx, select(digests).where(digests.c.id == digest_id))), None)


async def unqueued(tx: AsyncConnection, *, now: datetime, after_id: int = 0, limit: int = 50) -> tuple[StoredDigest, ...]:
    """Digests of the schedule that were planned and are not in the outbox, within their deadline, by id."""
    query = select(digests).where(
        digests.c.queued_at.is_(None),
        digests.c.slot_kind != SlotKind.NOW,
        digests.c.deadline_at > now,
        digests.c.id > after_id,
    )
    return await _loaded(tx, query.order_by(digests.c.id).limit(limit))


async def unshown(tx: AsyncConnection, subscription_id: int) -> tuple[int, ...]:
    """Digests that this reader asked for and was never shown."""
    query = select(digests.c.id).where(
        digests.c.subscription_id == subscription_id, digests.c.slot_kind == SlotKind.NOW, digests.c.queued_at.is_(None)
    )
    return tuple((await tx.execute(query.order_by(digests.c.id))).scalars())


async def history(tx: AsyncConnection, subscription_id: int, limit: int) -> tuple[StoredDigest, ...]:
    """The last `limit` digests of a subscription, newest first."""
    query = select(digests).where(digests.c.subscription_id == subscription_id)
    return await _loaded(tx, query.order_by(digests.c.created_at.desc(), digests.c.id.desc()).limit(limit))


async def mark_delivered(tx: AsyncConnection, digest_id: int, now: datetime) -> None:
    """Whoever asked for it was shown it, without the outbox; the first time counts."""
    is_new = (digests.c.id == digest_id) & digests.c.delivered_at.is_(None)
    await tx.execute(update(digests).where(is_new).values(delivered_at=now, queued_at=now))


async def skip(tx: AsyncConnection, digest_id: int, why: Skipped, now: datetime) -> None:
    """Nothing of it will be sent: its papers may come in another digest. One that is queued stays as it is."""
    is_open = (digests.c.id == digest_id) & digests.c.queued_at.is_(None)
    if (await tx.execute(update(digests).where(is_open).values(skipped=why, queued_at=now))).rowcount:
        await tx.execute(update(items).where(items.c.digest_id == digest_id).values(is_freed=True))


async def late_keys(tx: AsyncConnection, subscription_id: int, keys: Iterable[PaperKey]) -> frozenset[PaperKey]:
    """Those of `keys` that an earlier digest had and could not show, and none has shown since; not what was withdrawn.

    A new version that could not be shown is late too, whatever was shown of the paper before it.
    """
    asked = {rows.key_text(key): key for key in keys}
    query = (
        select(items.c.paper_key, func.max(func.coalesce(items.c.version, 0)).label("version"))
        .join(digests, digests.c.id == items.c.digest_id)
        .where(items.c.subscription_id == subscription_id, items.c.is_freed)
        .where(digests.c.skipped.is_(None) | (digests.c.skipped != Skipped.WITHDRAWN))
        .group_by(items.c.paper_key)
    )
    freed = {row.paper_key: row.version for row in await tx.execute(query) if row.paper_key in asked}
    shown = await standing(tx, subscription_id) if freed else {}
    return frozenset(asked[key] for key, version in freed.items() if key not in shown or version > shown[key])


async def shown_keys(tx: AsyncConnection, subscription_id: int) -> frozenset[PaperKey]:
    """The papers that stand in a digest of this subscription."""
    return frozenset(rows.key_of(key) for key in await standing(tx, subscription_id))


async def last_slot_on(tx: AsyncConnection, subscription_id: int) -> date | None:
    """The newest day whose digest was made, by the schedule or as a catch-up: that day is over."""
    query = select(func.max(digests.c.slot_on)).where(
        digests.c.subscription_id == subscription_id, digests.c.slot_kind != SlotKind.NOW
    )
    last: date | None = (await tx.execute(query)).scalar()
    return last


async def last_digest_at(tx: AsyncConnection, subscription_id: int) -> datetime | None:
    """When the last digest of any kind was planned."""
    query = select(func.max(digests.c.created_at)).where(digests.c.subscription_id == subscription_id)
    last: datetime | None = (await tx.execute(query)).scalar()
    return last


async def is_first(tx: AsyncConnection, digest: StoredDigest) -> bool:
    """Whether its reader had none before it."""
    earlier = (digests.c.subscription_id == digest.subscription_id) & (digests.c.id < digest.id)
    return (await tx.execute(select(digests.c.id).where(earlier).limit(1))).first() is None


async def _exists(tx: AsyncConnection, subscription_id: int, slot: Slot) -> bool:
    query = select(digests.c.id).where(
        digests.c.subscription_id == subscription_id,
        digests.c.slot_on == slot.on,
        digests.c.slot_kind == slot.kind,
        digests.c.slot_number == slot.number,
    )
    return (await tx.execute(query)).first() is not None


async def _loaded(tx: AsyncConnection, query: Select[*tuple[Any, ...]]) -> tuple[StoredDigest, ...]:
    found = (await tx.execute(query)).all()
    listed: dict[int, list[Row[Any]]] = {row.id: [] for row in found}
    for chunk in chunks(tuple(listed)):
        for row in await tx.execute(select(items).where(items.c.digest_id.in_(chunk)).order_by(items.c.position)):
            listed[row.digest_id].append(row)
    seen = await papers.load(tx, {row.paper_key for rows_of_one in listed.values() for row in rows_of_one})
    return tuple(
        digest_of(
            row,
            tuple(Pick(seen=seen[item.paper_key], score=score_of(item), is_late=item.is_late) for item in listed[row.id]),
        )
        for row in found
    )
