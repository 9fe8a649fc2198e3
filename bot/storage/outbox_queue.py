"""Into the outbox: the parts of a digest (W5), notices of ours, and digests that never got so far."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Cause, Part, PartState
from bot.domain.digests import Skipped, SlotKind
from bot.domain.subscriptions import Address
from bot.storage import statements
from bot.storage.part_rows import WAITING, hold_back, is_in, is_open, of_chat
from bot.storage.tables import addresses, digests, items, subscriptions
from bot.storage.tables import parts as part_table
from bot.storage.types import whole


async def queue(tx: AsyncConnection, digest_id: int, parts: Sequence[Part], *, now: datetime) -> bool:
    """W5: all parts of a digest, where each of its papers begins, and the mark that it is queued; False if it was before.

    The destination and the deadline are the digest's. Parts of a suspended destination are queued as suspended. What
    somebody asked for is an answer, which goes before what nobody waits for.
    No parts at all: nothing needs to be sent, and the digest counts as delivered.
    """
    is_new = (digests.c.id == digest_id) & digests.c.queued_at.is_(None)
    marked = update(digests).where(is_new).values(queued_at=now, delivered_at=None if parts else now)
    returned = (digests.c.subscription_id, digests.c.deadline_at, digests.c.slot_kind)
    digest = (await tx.execute(marked.returning(*returned))).first()
    if digest is None:
        return False
    if not parts:
        return True
    home = select(addresses).join(subscriptions).where(subscriptions.c.id == digest.subscription_id)
    address = (await tx.execute(home)).one()
    values = {
        **_fresh(now, digest.deadline_at, await _put_off_until(tx, address.platform, address.chat, now)),
        "digest_id": digest_id,
        "address_id": address.id,
        "about": "",
        "is_answer": digest.slot_kind == SlotKind.NOW,
        "total": len(parts),
    }
    await tx.execute(insert(part_table), [{**values, "number": one.number, "payload": one.payload} for one in parts])
    for one in parts:
        if one.items:
            begin = items.c.position.in_([number - 1 for number in one.items])
            await tx.execute(update(items).where(items.c.digest_id == digest_id, begin).values(part=one.number))
    await hold_back(tx, part_table.c.digest_id == digest_id)
    return True


async def notify(
    tx: AsyncConnection, address: Address, about: str, payload: str, *, deadline_at: datetime, now: datetime
) -> bool:
    """Queue a notice of ours, which comes once for each `about` and address; False if it was there."""
    where = {"platform": address.platform, "chat": address.chat, "thread": address.thread}
    await tx.execute(statements.insert(tx, addresses).values(**where, probes=0).on_conflict_do_nothing())
    address_id = (await tx.execute(select(addresses.c.id).filter_by(**where))).scalar_one()
    values = {
        **_fresh(now, deadline_at, await _put_off_until(tx, address.platform, address.chat, now)),
        "address_id": address_id,
        "about": about,
        "is_answer": False,
        "number": 1,
        "total": 1,
        "payload": payload,
    }
    queued = statements.insert(tx, part_table).values(**values).on_conflict_do_nothing().returning(part_table.c.id)
    part_id = (await tx.execute(queued)).scalar()
    if part_id is not None:
        await hold_back(tx, part_table.c.id == part_id)
    return part_id is not None


async def send_again(tx: AsyncConnection, part_id: int, address: Address, *, now: datetime, deadline_at: datetime) -> bool:
    """A part whose answer was lost is due again, because its reader did not see it: an answer now, under the same key.

    Only one that is `unknown`, of exactly this address: anything else, or a forged id, is False and changes nothing. Its
    digest is delivered again when this part is through; if it ends unsent, its papers are free.
    """
    home = select(addresses.c.id).filter_by(platform=address.platform, chat=address.chat, thread=address.thread)
    is_unsure = (part_table.c.id == whole(part_id, 0)) & (part_table.c.address_id == home.scalar_subquery())
    again = update(part_table).where(is_unsure, is_in(part_table, PartState.UNKNOWN))
    again = again.values(
        state=PartState.DUE,
        cause=None,
        is_answer=True,
        crashes=0,
        deadline_at=deadline_at,
        not_before=None,
        unsure_since=None,
        ended_at=None,
    )
    found = (await tx.execute(again.returning(part_table.c.digest_id))).first()
    if found is None:
        return False
    await tx.execute(update(digests).where(digests.c.id == found.digest_id).values(delivered_at=None))
    until = await _put_off_until(tx, address.platform, address.chat, now)
    if until is not None:
        waits = update(part_table).where(part_table.c.id == part_id)
        await tx.execute(waits.values(not_before=until, cause=Cause.THROTTLED))
    await hold_back(tx, part_table.c.id == part_id)
    return True


async def give_up_unqueued(tx: AsyncConnection, *, now: datetime, limit: int = 500) -> int:
    """Digests that never got into the outbox until their deadline: they failed, and their papers are free; how many.

    Those that somebody asked for at once are left alone: whoever shows them decides about them.
    """
    is_late = (digests.c.deadline_at <= now) & (digests.c.slot_kind != SlotKind.NOW)
    late = select(digests.c.id).where(digests.c.queued_at.is_(None), is_late).order_by(digests.c.id).limit(limit)
    failed = update(digests).where(digests.c.id.in_(late)).values(skipped=Skipped.FAILED, queued_at=now)
    found = (await tx.execute(failed.returning(digests.c.id))).scalars().all()
    for chunk in statements.chunks(found):
        await tx.execute(update(items).where(items.c.digest_id.in_(chunk)).values(is_freed=True))
    return len(found)


def _fresh(now: datetime, deadline_at: datetime, not_before: datetime | None) -> dict[str, Any]:
    return {
        "state": PartState.DUE,
        "cause": None if not_before is None else Cause.THROTTLED,
        "detail": "",
        "is_plain": False,
        "attempts": 0,
        "crashes": 0,
        "queued_at": now,
        "deadline_at": deadline_at,
        "not_before": not_before,
        "platform_id": "",
        "thread": "",
    }


async def _put_off_until(tx: AsyncConnection, platform: str, chat: str, now: datetime) -> datetime | None:
    """Until when the chat asked us to wait: what comes in meanwhile waits with the rest."""
    query = select(func.max(part_table.c.not_before)).where(
        is_open(part_table),
        is_in(part_table, *WAITING),
        part_table.c.cause == Cause.THROTTLED,
        part_table.c.not_before > now,
        part_table.c.address_id.in_(of_chat(platform, chat)),
    )
    until: datetime | None = (await tx.execute(query)).scalar()
    return until
