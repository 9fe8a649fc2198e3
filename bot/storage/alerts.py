"""What the owners of the bot were told of its troubles: notices in the outbox, which remember it across restarts.

A notice is about `alert CAUSE SINCE NOW`, and `over CAUSE SINCE NOW` when it has passed; instants are ISO text.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import FREEING, OPEN, PartState
from bot.domain.subscriptions import Address
from bot.domain.troubles import Told
from bot.storage import outbox_queue
from bot.storage.tables import addresses, parts

REMEMBERED = timedelta(days=8)
"""What was said before that is forgotten: nobody waits to hear that it is over."""


async def told(tx: AsyncConnection, address: Address, *, now: datetime) -> dict[str, Told]:
    """By cause, the last alert at this address, and whether it was said since that it has passed."""
    query = select(parts.c.about, parts.c.queued_at, parts.c.state).join_from(parts, addresses)
    query = query.where(
        addresses.c.platform == address.platform,
        addresses.c.chat == address.chat,
        addresses.c.thread == address.thread,
        parts.c.about != "",
        or_(parts.c.about.like("alert %"), parts.c.about.like("over %")),
        parts.c.queued_at > now - REMEMBERED,
    )
    found: dict[str, Told] = {}
    for row in await tx.execute(query.order_by(parts.c.queued_at, parts.c.id)):
        rest, since, _ = row.about.rsplit(" ", 2)
        kind, _, cause = rest.partition(" ")
        if kind == "alert":
            state = PartState(row.state)
            is_waiting, is_lost = state in OPEN, state in FREEING
            found[cause] = Told(since=datetime.fromisoformat(since), at=row.queued_at, is_waiting=is_waiting, is_lost=is_lost)
        elif cause in found:
            found[cause] = replace(found[cause], over_at=row.queued_at)
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
