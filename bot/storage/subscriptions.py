"""Addresses, subscriptions and interests: three tables, one `Subscription`."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.subscriptions import Address, Form, Interest, Schedule, Subscription
from bot.storage.statements import insert
from bot.storage.tables import addresses, interests, subscriptions

_LISTS = ("sources", "categories", "keywords", "excluded", "excluded_anywhere", "authors")
_SETS = frozenset({"sources", "categories"})


async def save(tx: AsyncConnection, subscription: Subscription) -> Subscription:
    """Insert, or put in the place of the one at this address; returns it with its id. `created_at` is kept from the first."""
    address_id = await number_of(tx, subscription.address)
    values = {**_values(subscription), "address_id": address_id}
    statement = insert(tx, subscriptions).values(created_at=subscription.created_at, **values)
    statement = statement.on_conflict_do_update(index_elements=[subscriptions.c.address_id], set_=values)
    row = (await tx.execute(statement.returning(subscriptions.c.id, subscriptions.c.created_at))).one()
    wish = _interest_values(subscription.interest)
    interest = insert(tx, interests).values(subscription_id=row.id, **wish)
    await tx.execute(interest.on_conflict_do_update(index_elements=[interests.c.subscription_id], set_=wish))
    return replace(subscription, id=row.id, created_at=row.created_at)


async def by_address(tx: AsyncConnection, address: Address) -> Subscription | None:
    """The subscription at `address`."""
    return _one(await tx.execute(_SELECT.where(_is(address))))


async def by_id(tx: AsyncConnection, subscription_id: int) -> Subscription | None:
    """The subscription with this id."""
    return _one(await tx.execute(_SELECT.where(subscriptions.c.id == subscription_id)))


async def due(
    tx: AsyncConnection,
    now: datetime,
    *,
    platforms: Collection[str],
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> tuple[Subscription, ...]:
    """At most `limit` of those whose time has come, longest overdue first: on `platforms`, at destinations that take messages.

    `after` is the (next_due_at, id) of the last one that was seen: those from it on.
    """
    home = addresses.alias("home")  # looked up by number, for those that are due: SQLite would begin with all of a platform
    takes = exists().where(
        home.c.id == subscriptions.c.address_id, home.c.platform.in_(platforms), home.c.suspended_because.is_(None)
    )
    query = _SELECT.where(subscriptions.c.next_due_at <= now, takes)
    if after is not None:
        query = query.where(tuple_(subscriptions.c.next_due_at, subscriptions.c.id) > after)
    return _all(await tx.execute(query.order_by(subscriptions.c.next_due_at, subscriptions.c.id).limit(limit)))


async def move_due(tx: AsyncConnection, subscription_id: int, answered: datetime, next_at: datetime | None) -> bool:
    """The time `answered` is dealt with; False, and nothing changed, if it is not the one that is due (any more)."""
    is_due = (subscriptions.c.id == subscription_id) & (subscriptions.c.next_due_at == answered)
    return (await tx.execute(update(subscriptions).where(is_due).values(next_due_at=next_at))).rowcount > 0


async def count_by_platform(tx: AsyncConnection) -> dict[str, int]:
    """How many subscriptions each platform has that will be due one day; without those that have none."""
    query = (
        select(addresses.c.platform, func.count().label("readers"))
        .join(subscriptions)
        .where(subscriptions.c.next_due_at.is_not(None))
    )
    return {row.platform: row.readers for row in await tx.execute(query.group_by(addresses.c.platform))}


async def remove(tx: AsyncConnection, address: Address) -> bool:
    """Forget an address with its subscription, interest and digests; False if it was not known."""
    return (await tx.execute(delete(addresses).where(_is(address)))).rowcount > 0


_SELECT: Select[*tuple[Any, ...]] = select(
    subscriptions,
    addresses.c.platform,
    addresses.c.chat,
    addresses.c.thread,
    *(column for column in interests.c if column.name != "subscription_id"),
).select_from(
    subscriptions.join(addresses, addresses.c.id == subscriptions.c.address_id).join(
        interests, interests.c.subscription_id == subscriptions.c.id
    )
)


def _is(address: Address) -> ColumnElement[bool]:
    return (
        (addresses.c.platform == address.platform) & (addresses.c.chat == address.chat) & (addresses.c.thread == address.thread)
    )


async def number_of(tx: AsyncConnection, address: Address) -> int:
    """The number of an address in the store, which it gets now if it has none. Needs `store.write()`."""
    known = (await tx.execute(select(addresses.c.id).where(_is(address)))).scalar()
    if known is not None:
        return int(known)
    statement = insert(tx, addresses).values(platform=address.platform, chat=address.chat, thread=address.thread, probes=0)
    return int((await tx.execute(statement.returning(addresses.c.id))).scalar_one())


async def address_of(tx: AsyncConnection, number: int) -> Address | None:
    """The address of this number, None if there is none (any more)."""
    if not 0 < number < 2**31:
        return None
    row = (await tx.execute(select(addresses).where(addresses.c.id == number))).first()
    return None if row is None else Address(platform=row.platform, chat=row.chat, thread=row.thread)


def _values(subscription: Subscription) -> dict[str, Any]:
    schedule = subscription.schedule
    return {
        "local_time": schedule.at,
        "zone": schedule.zone,
        "weekdays": sum(1 << day for day in schedule.weekdays),
        "is_paused": schedule.is_paused,
        "paused_until": schedule.paused_until,
        "style": subscription.style,
        "language": subscription.language,
        "max_papers": subscription.limit,
        "form": subscription.form,
        "wants_empty_note": subscription.wants_empty_note,
        "is_muted": subscription.is_muted,
        "members_may_ask": subscription.members_may_ask,
        "has_thread": subscription.has_thread,
        "next_due_at": subscription.next_due_at,
    }


def _interest_values(interest: Interest) -> dict[str, Any]:
    """Words in the reader's order, sets sorted."""
    values = asdict(interest)
    return {name: _listed(value) if name in _LISTS else value for name, value in values.items()}


def _listed(values: Iterable[str]) -> list[str]:
    return sorted(values) if isinstance(values, frozenset) else list(values)


def _subscription(row: Row[Any]) -> Subscription:
    wish: dict[str, Any] = {name: (frozenset if name in _SETS else tuple)(row._mapping[name]) for name in _LISTS}
    return Subscription(
        id=row.id,
        address=Address(platform=row.platform, chat=row.chat, thread=row.thread),
        interest=Interest(
            **wish,
            threshold=row.threshold,
            min_votes=row.min_votes,
            wants_replacements=row.wants_replacements,
        ),
        schedule=Schedule(
            at=row.local_time,
            zone=row.zone,
            weekdays=frozenset(day for day in range(7) if row.weekdays >> day & 1),
            is_paused=row.is_paused,
            paused_until=row.paused_until,
        ),
        style=row.style,
        language=row.language,
        limit=row.max_papers,
        form=Form(row.form),
        wants_empty_note=row.wants_empty_note,
        is_muted=row.is_muted,
        members_may_ask=row.members_may_ask,
        has_thread=row.has_thread,
        next_due_at=row.next_due_at,
        created_at=row.created_at,
    )


def _all(found: Iterable[Row[Any]]) -> tuple[Subscription, ...]:
    return tuple(_subscription(row) for row in found)


def _one(found: Iterable[Row[Any]]) -> Subscription | None:
    return next((_subscription(row) for row in found), None)
