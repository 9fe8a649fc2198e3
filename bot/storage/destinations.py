"""Destinations: which addresses take no messages for now, when they are looked at again, and chats that got a new id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import OF_THREAD, Cause, PartState, probe_at
from bot.domain.subscriptions import Address
from bot.storage.moves import move as move
from bot.storage.part_rows import WAITING, is_in, is_open
from bot.storage.statements import chunks
from bot.storage.tables import addresses, parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """An address as it stands; active without `because`."""

    address: Address
    because: Cause | None = None
    since: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0


async def state(tx: AsyncConnection, address: Address) -> Destination | None:
    """One destination, None if it is not known."""
    row = (await tx.execute(select(addresses).where(_is(address)))).first()
    return None if row is None else _destination(row)


async def known(tx: AsyncConnection, platform: str, chats: Sequence[str]) -> tuple[Address, ...]:
    """One address of each of these chats that anything is known of."""
    found: list[Address] = []
    for chunk in chunks(chats):
        query = select(addresses.c.chat).where(addresses.c.platform == platform, addresses.c.chat.in_(chunk)).distinct()
        found += [Address(platform=platform, chat=chat) for chat in (await tx.execute(query)).scalars()]
    return tuple(found)


async def closed_among(
    tx: AsyncConnection, platform: str, chats: Sequence[str], because: Collection[Cause]
) -> tuple[Address, ...]:
    """One address of each of these chats that is suspended for one of these causes."""
    found: list[Address] = []
    for chunk in chunks(chats):
        is_closed = addresses.c.chat.in_(chunk) & addresses.c.suspended_because.in_(sorted(because))
        query = select(addresses.c.chat).where(addresses.c.platform == platform, is_closed).distinct()
        found += [Address(platform=platform, chat=chat) for chat in (await tx.execute(query)).scalars()]
    return tuple(found)


async def suspend(tx: AsyncConnection, address: Address, cause: Cause, *, now: datetime) -> tuple[Address, ...]:
    """Send nothing there for now; returns the addresses that were active until now. Its settings stay.

    A cause of OF_THREAD concerns the address alone, any other all topics of its chat. Their parts that wait are held back
    (`suspended`, with this cause). One that is suspended already keeps its `since` and gets the new cause.
    """
    concerned = _is(address) if cause in OF_THREAD else _is_of_chat(address)
    found = (await tx.execute(select(addresses).where(concerned).order_by(addresses.c.id))).all()
    fresh = [row for row in found if row.suspended_because is None]
    for row in fresh:
        first = {"suspended_at": now, "probe_at": probe_at(row.probes, now), "suspended_because": cause}
        await tx.execute(update(addresses).where(addresses.c.id == row.id).values(**first))
    await tx.execute(update(addresses).where(concerned).values(suspended_because=cause))
    held = update(parts).where(is_open(parts), is_in(parts, *WAITING, PartState.SUSPENDED), _at(concerned))
    await tx.execute(held.values(state=PartState.SUSPENDED, cause=cause, not_before=None))
    return tuple(_destination(row).address for row in fresh)


async def resume(tx: AsyncConnection, address: Address, *, is_probed: bool = False) -> bool:
    """Send there again, to the chat and to all its topics but those suspended by a cause of their own; False if none was.

    Parts held back are due again. `address` itself is resumed whatever its cause. A look of ours (`is_probed`) may be
    wrong: until something was sent it counts as one in vain, so that the next one is later.
    """
    is_of_its_own = addresses.c.suspended_because.in_(OF_THREAD)
    concerned = _is(address) | (_is_of_chat(address) & ~is_of_its_own)
    opened = update(addresses).where(concerned, addresses.c.suspended_because.is_not(None))
    probes = addresses.c.probes + (1 if is_probed else 0)
    resumed = await tx.execute(opened.values(suspended_because=None, suspended_at=None, probe_at=None, probes=probes))
    is_active = _is_of_chat(address) & addresses.c.suspended_because.is_(None)
    held = update(parts).where(is_open(parts), is_in(parts, PartState.SUSPENDED), _at(is_active))
    await tx.execute(held.values(state=PartState.DUE, not_before=None))
    return resumed.rowcount > 0


async def to_probe(tx: AsyncConnection, platform: str, *, now: datetime, limit: int = 50) -> tuple[Destination, ...]:
    """Suspended destinations to be looked at, longest waiting first; of a chat with several topics each."""
    query = select(addresses).where(addresses.c.probe_at <= now, addresses.c.platform == platform)
    found = await tx.execute(query.order_by(addresses.c.probe_at, addresses.c.id).limit(limit))
    return tuple(_destination(row) for row in found)


async def still_closed(tx: AsyncConnection, address: Address, *, now: datetime) -> None:
    """A look found it closed: the next one is later (`bot.domain.deliveries.probe_at`)."""
    known = await state(tx, address)
    if known is not None and known.because is not None:
        probes = known.probes + 1
        looked = update(addresses).where(_is(address)).values(probes=probes, probe_at=probe_at(probes, now))
        await tx.execute(looked)


async def look_later(tx: AsyncConnection, address: Address, at: datetime) -> None:
    """A look told nothing: the next one is `at`, and this one does not count."""
    is_closed = _is(address) & addresses.c.probe_at.is_not(None)
    await tx.execute(update(addresses).where(is_closed).values(probe_at=at))


async def suspended(tx: AsyncConnection, *, platform: str | None = None) -> tuple[Destination, ...]:
    """All that take nothing for now, latest first."""
    query = select(addresses).where(addresses.c.probe_at.is_not(None))  # as its index has it; set for exactly these
    if platform is not None:
        query = query.where(addresses.c.platform == platform)
    found = await tx.execute(query.order_by(addresses.c.suspended_at.desc(), addresses.c.id.desc()))
    return tuple(_destination(row) for row in found)


async def count_suspended(tx: AsyncConnection) -> dict[tuple[str, Cause], int]:
    """How many take nothing for now, by platform and cause."""
    by = (addresses.c.platform, addresses.c.suspended_because)
    found = await tx.execute(select(*by, func.count()).where(addresses.c.probe_at.is_not(None)).group_by(*by).order_by(*by))
    return {(platform, Cause(because)): number for platform, because, number in found}


def _is_of_chat(address: Address) -> ColumnElement[bool]:
    return (addresses.c.platform == address.platform) & (addresses.c.chat == address.chat)


def _is(address: Address) -> ColumnElement[bool]:
    return _is_of_chat(address) & (addresses.c.thread == address.thread)


def _at(concerned: ColumnElement[bool]) -> ColumnElement[bool]:
    return parts.c.address_id.in_(select(addresses.c.id).where(concerned))


def _destination(row: Row[*tuple[Any, ...]]) -> Destination:
    return Destination(
        address=Address(platform=row.platform, chat=row.chat, thread=row.thread),
        because=None if row.suspended_because is None else Cause(row.suspended_because),
        since=row.suspended_at,
        probe_at=row.probe_at,
        probes=row.probes,
    )
