"""Destinations: which addresses take no messages for now, when they are looked at again, and chats that got a new id."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address


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
    raise NotImplementedError


async def suspend(tx: AsyncConnection, address: Address, cause: Cause, *, now: datetime) -> tuple[Address, ...]:
    """Send nothing there for now; returns the addresses that were active until now. Its settings stay.

    A cause of OF_THREAD concerns the address alone, any other all topics of its chat. Their parts that wait are held back
    (`suspended`, with this cause). One that is suspended already keeps its `since` and gets the new cause.
    """
    raise NotImplementedError


async def resume(tx: AsyncConnection, address: Address) -> bool:
    """Send there again, to the chat and to all its topics but those suspended by a cause of their own; False if none was.

    Parts held back are due again. `address` itself is resumed whatever its cause.
    """
    raise NotImplementedError


async def to_probe(tx: AsyncConnection, platform: str, *, now: datetime, limit: int = 50) -> tuple[Destination, ...]:
    """Suspended destinations to be looked at, longest waiting first; of a chat with several topics each."""
    raise NotImplementedError


async def still_closed(tx: AsyncConnection, address: Address, *, now: datetime) -> None:
    """A look found it closed: the next one is later (`bot.domain.deliveries.probe_at`)."""
    raise NotImplementedError


async def move(tx: AsyncConnection, platform: str, old_chat: str, new_chat: str) -> bool:
    """The chat has a new id: every address of it is rewritten; False if nothing is known of `old_chat`. Safe to repeat.

    Where an address with the new id exists, the two become one: its subscription stays and gets the old one's interest
    too (united, as when somebody subscribes twice), or it gets the old one's subscription if it has none; what was shown
    and what waits to be sent goes along. Afterwards nothing has the old id.
    """
    raise NotImplementedError


async def suspended(tx: AsyncConnection, *, platform: str | None = None, limit: int = 100) -> tuple[Destination, ...]:
    """What takes nothing for now, latest first."""
    raise NotImplementedError
