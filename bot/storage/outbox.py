"""The outbox: every delivery part before, while and after it is sent (W5, W6, W7). Instants are handed in, never asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import Cause, Claimed, PartState, Verdict
from bot.domain.subscriptions import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A part to be queued: its payload, and the numbers of the papers that begin in it."""

    number: int
    payload: str
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A part that may be claimed."""

    id: int
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the ledger. `suspended_because` is of its destination, as it is now."""

    id: int
    digest_id: int | None
    address: Address
    number: int
    total: int
    state: PartState
    cause: Cause | None
    detail: str
    attempts: int
    queued_at: datetime
    deadline_at: datetime
    not_before: datetime | None
    ended_at: datetime | None
    platform_id: str
    suspended_because: Cause | None


async def queue(tx: AsyncConnection, digest_id: int, parts: Sequence[Draft], *, now: datetime) -> bool:
    """W5: all parts of a digest, where each of its papers begins, and the mark that it is queued; False if it was before.

    The destination and the deadline are the digest's. Parts of a suspended destination are queued as suspended.
    No parts at all: nothing needs to be sent, and the digest counts as delivered.
    """
    raise NotImplementedError


async def notify(tx: AsyncConnection, address: Address, about: str, payload: str, *, deadline_at: datetime, now: datetime) -> bool:
    """Queue a notice of ours, which comes once for each `about` and address; False if it was there."""
    raise NotImplementedError


async def claimable(tx: AsyncConnection, platform: str, *, now: datetime, limit: int) -> tuple[Waiting, ...]:
    """Parts whose time has come, first queued first: due, retry whose time has come, or sending with its lease run out.

    Of a digest only the first that is not final; none to a suspended destination; none to a chat to which one is on its
    way (`sending` with a lease that runs), in whichever topic; none past its deadline.
    """
    raise NotImplementedError


async def claim(tx: AsyncConnection, part_id: int, *, now: datetime, lease: timedelta) -> Claimed | None:
    """W6, one conditional UPDATE ... RETURNING: the same conditions as `claimable`; None if they do not hold (any more)."""
    raise NotImplementedError


async def settle(
    tx: AsyncConnection, part: Claimed, verdict: Verdict, *, now: datetime, platform_id: str = "", thread: str = "", detail: str = ""
) -> bool:
    """W7: what became of it; False if it is not this claim's any more (its lease ran out and another took it).

    A digest whose last part is final is marked as delivered if anything of it was shown; a part that ends unsent frees
    its papers. A part that was sent sets its destination's count of vain probes back. An unsure one remembers since when.
    """
    raise NotImplementedError


async def put_off(tx: AsyncConnection, address: Address, until: datetime) -> None:
    """A chat asked us to wait: none of its parts, in whichever topic, goes before `until`."""
    raise NotImplementedError


async def free_leases(tx: AsyncConnection, platform: str, *, now: datetime) -> int:
    """At the start of a process whose predecessor is dead: what was being sent may be claimed again; how many.

    Each counts a crash (`bot.domain.deliveries.crashed` says what becomes of it).
    """
    raise NotImplementedError


async def expire(tx: AsyncConnection, *, now: datetime, limit: int = 500) -> int:
    """Parts past their deadline, and parts behind them, end as expired with the last cause (or TOO_LATE); how many.

    Their papers are free for the next digest. One on its way is left alone until its lease runs out.
    """
    raise NotImplementedError


async def give_up_unsure(tx: AsyncConnection, platform: str, *, unsure_before: datetime, now: datetime) -> int:
    """Parts that wait to be sent again after a lost answer, which the platform would not know again: they are `unknown`."""
    raise NotImplementedError


async def next_at(tx: AsyncConnection, platform: str, *, now: datetime) -> datetime | None:
    """When the next part that only waits for its time may be claimed; None if there is none."""
    raise NotImplementedError


async def attempts_since(tx: AsyncConnection, platform: str, since: datetime) -> tuple[tuple[Address, datetime], ...]:
    """Where and when something was last tried, oldest first: what the pace of a new process begins with."""
    raise NotImplementedError


async def entries(
    tx: AsyncConnection,
    *,
    platform: str | None = None,
    chat: str | None = None,
    state: PartState | None = None,
    since: datetime | None = None,
    limit: int = 100,
) -> tuple[Entry, ...]:
    """The ledger, newest first."""
    raise NotImplementedError


async def counts(tx: AsyncConnection, since: datetime | None = None) -> dict[PartState, int]:
    """How many parts there are in each state, of those queued at or after `since`."""
    raise NotImplementedError


async def of_digests(tx: AsyncConnection, digest_ids: Sequence[int]) -> dict[int, tuple[Entry, ...]]:
    """The parts of these digests, in order."""
    raise NotImplementedError


async def prune(tx: AsyncConnection, before: datetime, *, limit: int = 1000) -> int:
    """Forget final parts that ended before `before`; what was shown is remembered elsewhere (`items`)."""
    raise NotImplementedError
