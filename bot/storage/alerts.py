"""What the owners of the bot were told of its troubles: notices in the outbox, which remember it across restarts.

A notice is about `alert CAUSE SINCE NOW`, and `over CAUSE SINCE NOW` when it has passed; instants are ISO text.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import FREEING, OPEN, PartState
from bot.domain.subscriptions import Address
from bot.storage import outbox_queue
from bot.storage.tables import addresses, parts

REMEMBERED = timedelta(days=8)
"""What was said before that is forgotten: nobody waits to hear that it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The last that one owner was told of one cause. `is_waiting`: it has not left yet; `is_lost`: it never will."""

    cause: str
    since: datetime
    at: datetime
    is_over: bool
    is_waiting: bool
    is_lost: bool


async def last_said(tx: AsyncConnection, address: Address, *, now: datetime) -> dict[str, tuple[Said, ...]]:
    """By cause, the last alert and what followed it, oldest first."""
    query = select(parts.c.about, parts.c.queued_at, parts.c.state).join_from(parts, addresses)
    query = query.where(
        addresses.c.platform == address.platform,
        addresses.c.chat == address.chat,
        addresses.c.thread == address.thread,
        or_(parts.c.about.like("alert %"), parts.c.about.like("over %")),
        parts.c.about != "",
        parts.c.queued_at > now - REMEMBERED,
    )
    found: dict[str, tuple[Said, ...]] = {}
    for row in await tx.execute(query.order_by(parts.c.queued_at, parts.c.id)):
        said = _said(row.about, row.queued_at, PartState(row.state))
        found[said.cause] = (*found.get(said.cause, ()), said) if said.is_over else (said,)
    return found


async def say(
    tx: AsyncConnection,
    address: Address,
    cause: str,
    payload: str,
    *,
    since: datetime,
    is_over: bool,
    deadline_at: datetime,
    now: datetime,
) -> bool:
    """Queue one of them; False if it was there. How often is for the caller to decide, in this transaction."""
    about = f"{'over' if is_over else 'alert'} {cause} {since.isoformat()} {now.isoformat()}"
    return await outbox_queue.notify(tx, address, about, payload, deadline_at=deadline_at, now=now)


def _said(about: str, at: datetime, state: PartState) -> Said:
    rest, since, _ = about.rsplit(" ", 2)
    kind, _, cause = rest.partition(" ")
    return Said(
        cause=cause,
        since=datetime.fromisoformat(since),
        at=at,
        is_over=kind == "over",
        is_waiting=state in OPEN,
        is_lost=state in FREEING,
    )
