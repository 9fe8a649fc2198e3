"""A chat that got a new id: everything that names the old one is rewritten, and two chats that turn out to be one are merged."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, and_, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import SHOWN, PartState
from bot.domain.digests import SlotKind
from bot.domain.subscriptions import Address, union
from bot.storage import subscriptions
from bot.storage.part_rows import hold_back, is_in, is_open
from bot.storage.tables import addresses, calls, digests, items, parts
from bot.storage.tables import subscriptions as subscription_table


async def move(tx: AsyncConnection, platform: str, old_chat: str, new_chat: str) -> bool:
    """The chat has a new id: every address of it is rewritten; False if nothing is known of `old_chat`. Safe to repeat.

    Where an address with the new id exists, the two become one: its subscription stays and gets the old one's interest
    too (united, as when somebody subscribes twice), or it gets the old one's subscription if it has none; what was shown
    and what waits to be sent goes along. Afterwards nothing has the old id. That the old one was suspended does not go
    along: a chat that moves is alive.
    """
    query = select(addresses.c.id, addresses.c.thread).where(addresses.c.platform == platform)
    threads = (await tx.execute(query.where(addresses.c.chat == old_chat))).all()
    if old_chat == new_chat:
        return bool(threads)
    new_ids = {row.thread: row.id for row in await tx.execute(query.where(addresses.c.chat == new_chat))}
    for row in threads:
        await _release(tx, row.id)
        if row.thread not in new_ids:
            await tx.execute(update(addresses).where(addresses.c.id == row.id).values(chat=new_chat))
            continue
        old, new = (Address(platform=platform, chat=chat, thread=row.thread) for chat in (old_chat, new_chat))
        await _merge_subscriptions(tx, old, new, new_ids[row.thread])
        await _merge_parts(tx, row.id, new_ids[row.thread])
        await tx.execute(delete(addresses).where(addresses.c.id == row.id))
    return await _rename_reader(tx, f"{platform}:{old_chat}", f"{platform}:{new_chat}") or bool(threads)


async def _release(tx: AsyncConnection, address_id: int) -> None:
    active = {"suspended_because": None, "suspended_at": None, "probe_at": None, "probes": 0}
    await tx.execute(update(addresses).where(addresses.c.id == address_id).values(**active))
    held = update(parts).where(is_open(parts), is_in(parts, PartState.SUSPENDED), parts.c.address_id == address_id)
    await tx.execute(held.values(state=PartState.DUE, not_before=None))


async def _merge_subscriptions(tx: AsyncConnection, old: Address, new: Address, new_id: int) -> None:
    leaving, staying = await subscriptions.by_address(tx, old), await subscriptions.by_address(tx, new)
    if leaving is None or leaving.id is None:
        return
    if staying is None or staying.id is None:
        taken = update(subscription_table).where(subscription_table.c.id == leaving.id)
        await tx.execute(taken.values(address_id=new_id))
        return
    await subscriptions.save(tx, replace(staying, interest=union(staying.interest, leaving.interest)))
    await _merge_digests(tx, leaving.id, staying.id)
    await tx.execute(delete(subscription_table).where(subscription_table.c.id == leaving.id))


async def _merge_digests(tx: AsyncConnection, leaving: int, staying: int) -> None:
    """The digests and items of one subscription become another's; none is lost, and none stands twice."""
    await _free_doubles(tx, leaving, staying)
    await tx.execute(update(items).where(items.c.subscription_id == leaving).values(subscription_id=staying))
    theirs = digests.alias("theirs")
    in_slot = and_(
        *(theirs.c[name] == digests.c[name] for name in ("slot_on", "slot_kind", "slot_number")),
        theirs.c.subscription_id == staying,
    )
    mine = digests.c.subscription_id == leaving
    for row in (await tx.execute(select(digests).where(mine, exists().where(in_slot)).order_by(digests.c.id))).all():
        await _renumber(tx, row, (leaving, staying))
    await tx.execute(update(digests).where(mine).values(subscription_id=staying))


async def _renumber(tx: AsyncConnection, digest: Row[*tuple[Any, ...]], owners: tuple[int, int]) -> None:
    """A slot is filled once: of two daily digests of one day, one counts as made up for."""
    kind = SlotKind.CATCHUP if digest.slot_kind == SlotKind.DAILY else SlotKind(digest.slot_kind)
    covers_from = digest.slot_on if digest.slot_kind == SlotKind.DAILY else digest.covers_from
    query = select(func.max(digests.c.slot_number)).where(
        digests.c.subscription_id.in_(owners), digests.c.slot_on == digest.slot_on, digests.c.slot_kind == kind
    )
    number = ((await tx.execute(query)).scalar() or 0) + 1
    changed = update(digests).where(digests.c.id == digest.id)
    await tx.execute(changed.values(slot_kind=kind, slot_number=number, covers_from=covers_from))


async def _free_doubles(tx: AsyncConnection, leaving: int, staying: int) -> None:
    """A paper that both had stands once: where it was shown, if it was."""
    mine, theirs = items.alias("mine"), items.alias("theirs")
    query = (
        select(mine.c.id, theirs.c.id.label("other"), _was_shown(mine).label("is_here"), _was_shown(theirs).label("is_there"))
        .where(mine.c.subscription_id == leaving, theirs.c.subscription_id == staying)
        .where(mine.c.paper_key == theirs.c.paper_key, mine.c.shown_as == theirs.c.shown_as)
        .where(~mine.c.is_freed, ~theirs.c.is_freed)
    )
    for row in (await tx.execute(query)).all():
        double = row.other if row.is_here and not row.is_there else row.id
        await tx.execute(update(items).where(items.c.id == double).values(is_freed=True))


def _was_shown(item: FromClause) -> ColumnElement[bool]:
    is_sent = exists().where(parts.c.digest_id == item.c.digest_id, parts.c.number == item.c.part, is_in(parts, *sorted(SHOWN)))
    is_delivered = exists().where(digests.c.id == item.c.digest_id, digests.c.delivered_at.is_not(None))
    return is_sent | is_delivered


async def _merge_parts(tx: AsyncConnection, old_id: int, new_id: int) -> None:
    """What waits goes along; a notice that the other has too comes once."""
    there = parts.alias("there")
    is_there = exists().where(there.c.address_id == new_id, there.c.about == parts.c.about)
    await tx.execute(delete(parts).where(parts.c.address_id == old_id, parts.c.about != "", is_there))
    await tx.execute(update(parts).where(parts.c.address_id == old_id).values(address_id=new_id))
    await hold_back(tx, parts.c.address_id == new_id)


async def _rename_reader(tx: AsyncConnection, old: str, new: str) -> bool:
    """The ledger of calls names its readers `platform:chat` or `platform:chat:thread`."""
    reader = calls.c.reader
    is_theirs = (reader == old) | (func.substr(reader, 1, len(old) + 1) == f"{old}:")
    renamed = update(calls).where(is_theirs).values(reader=new + func.substr(reader, len(old) + 1))
    return (await tx.execute(renamed)).rowcount > 0
