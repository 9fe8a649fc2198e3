"""A host's slot, shared by every process: one row, claimed in a short transaction, with a lease that outlives no holder.

Two lanes lead to it. Who waits in the urgent one says so in the row, and the ordinary one stands back until that is over:
in this process and in every other, but never for longer than an announcement lasts that nobody renews.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SourceThrottled
from bot.storage import leases
from bot.storage.statements import insert
from bot.storage.store import Store
from bot.storage.tables import gates

LEASE_S = 120.0  # longer than any request may take; after it a holder counts as dead
LONGEST_S = 24 * 3600.0  # nothing is shut for longer: a later time was written by another clock
POLL_S = 0.2  # how often to look whether another process gave its turn back
URGENT_S = 4.0  # how long an announcement of somebody urgent holds; it is renewed by half of that while they wait
PATIENCE_S = 30.0  # a longer wait is told instead of waited


class StoreGate:
    """A turn at a time over all processes on one database; fits `Gate` of `bot/http.py`.

    `now` is wall time (it is compared between processes), `sleep` waits seconds. `turn` is the ordinary lane.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        lease_s: float = LEASE_S,
        patience_s: float = PATIENCE_S,
        owner: str = "",
    ) -> None:
        """`owner` is RUN in the one process of the bot (`bot.storage.leases`)."""
        self._patience_s = patience_s
        self._owner = owner
        self._store = store
        self._name = name
        self._now = now
        self._sleep = sleep
        self._lease_s = lease_s
        self._ordinary, self._urgent = _Lane(is_urgent=False), _Lane(is_urgent=True)

    @property
    def urgent(self) -> "UrgentGate":
        """The same slot for whoever has a person waiting: while such a turn is waited for, no ordinary one begins."""
        return UrgentGate(self)

    @asynccontextmanager
    async def turn(self, interval_s: float, *, is_urgent: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it; the next one, whoever's, starts at least `interval_s` after this one began.

        A turn that is held longer than the lease may be given away. Raises SourceThrottled, saying for how long, if the
        gate is shut for longer than anybody should wait: nobody sits before a terminal for the hour that arXiv asked for.
        """
        lane = self._urgent if is_urgent else self._ordinary
        async with lane.head():
            holder = leases.holder(self._owner)
            while (wait_s := await self._claim(holder, interval_s, lane)) > 0:
                if wait_s > max(self._patience_s, interval_s):
                    raise SourceThrottled(self._name, "it asked us to wait, and the time is not over", after_s=wait_s)
                await self._sleep(min(wait_s, URGENT_S / 2) if is_urgent else wait_s)
            began = self._now()  # the claim took its time to be written
            try:
                yield
            finally:
                await self._release(holder, began + timedelta(seconds=interval_s), lane)

    async def shut(self, for_s: float) -> None:
        """Give nobody a turn for `for_s` seconds, at most a day; never shortens what was said before."""
        now = self._now()
        until = now + timedelta(seconds=min(max(for_s, 0.0), LONGEST_S))
        async with self._store.write() as tx:
            await self._make(tx, now)
            is_earlier = or_(gates.c.next_at < until, gates.c.next_at > _latest(now))
            await tx.execute(update(gates).where(gates.c.name == self._name, is_earlier).values(next_at=until))

    async def _claim(self, holder: str, interval_s: float, lane: "_Lane") -> float:
        """Take the turn and return 0, or return how long to wait before asking again."""
        async with self._store.write() as tx:
            now = self._now()  # after the wait for the other writers
            await self._make(tx, now)
            row = (await tx.execute(select(gates).where(gates.c.name == self._name))).one()
            wait_s = _wait_s(row.next_at, row.lease_until, now, self._lease_s)
            if wait_s <= 0 and not lane.is_urgent and _is_live(row.urgent_until, now):
                return POLL_S
            announced = lane.announcement(row.urgent_until, now, is_waiting=wait_s > 0)
            values: dict[str, Any] = {} if announced == row.urgent_until else {"urgent_until": announced}
            if wait_s <= 0:
                values |= {"holder": holder, "lease_until": now + timedelta(seconds=self._lease_s)}
                values["next_at"] = now + timedelta(seconds=interval_s)
            if values:
                await tx.execute(update(gates).where(gates.c.name == self._name).values(**values))
        return wait_s

    async def _release(self, holder: str, next_at: datetime, lane: "_Lane") -> None:
        """Give the turn back, if it was not given away meanwhile; what `shut` said stands."""
        async with self._store.write() as tx:
            mine = update(gates).where(gates.c.name == self._name, gates.c.holder == holder)
            await tx.execute(mine.values(holder=None, lease_until=None))
            await tx.execute(update(gates).where(gates.c.name == self._name, gates.c.next_at < next_at).values(next_at=next_at))
            if lane.is_urgent and lane.is_waited_in:
                until = lane.announce(self._now())
                await tx.execute(update(gates).where(gates.c.name == self._name).values(urgent_until=until))

    async def _make(self, tx: AsyncConnection, now: datetime) -> None:
        statement = insert(tx, gates).values(name=self._name, next_at=now)
        await tx.execute(statement.on_conflict_do_nothing(index_elements=[gates.c.name]))


class UrgentGate:
    """The urgent lane of a slot; fits `Gate` of `bot/http.py`."""

    def __init__(self, gate: StoreGate) -> None:
        self._gate = gate

    def turn(self, interval_s: float) -> AbstractAsyncContextManager[None]:
        """See StoreGate.turn; every turn of the ordinary lane stands back meanwhile, in all processes."""
        return self._gate.turn(interval_s, is_urgent=True)

    async def shut(self, for_s: float) -> None:
        """See StoreGate.shut: the slot is one."""
        await self._gate.shut(for_s)


class _Lane:
    """Those of this process who want a turn, in order: only the first asks the store.

    The first of an urgent lane announces there that it waits. It takes back, with its turn, only its own announcement:
    somebody of another process may wait too, and renews theirs in time if it was covered by this one.
    """

    def __init__(self, *, is_urgent: bool) -> None:
        self.is_urgent = is_urgent
        self._first = asyncio.Lock()
        self._queued = 0
        self._announced: datetime | None = None

    @property
    def is_waited_in(self) -> bool:
        """Whether somebody stands behind the first."""
        return self._queued > 0

    @asynccontextmanager
    async def head(self) -> AsyncIterator[None]:
        """Wait to be the first, and be it."""
        self._queued += 1
        try:
            await self._first.acquire()
        finally:
            self._queued -= 1
        try:
            yield
        finally:
            self._first.release()

    def announce(self, now: datetime) -> datetime:
        """Until when an announcement that is made now holds."""
        self._announced = now + timedelta(seconds=URGENT_S)
        return self._announced

    def announcement(self, stored: datetime | None, now: datetime, *, is_waiting: bool) -> datetime | None:
        """Until when the ordinary lane is to stand back, given what the store says."""
        if not self.is_urgent:
            return stored
        if is_waiting or self.is_waited_in:
            return stored if _is_live(stored, now, for_s=URGENT_S / 2) else self.announce(now)
        return None if stored == self._announced else stored


def _is_live(urgent_until: datetime | None, now: datetime, for_s: float = 0.0) -> bool:
    """Whether somebody urgent waits, announced for `for_s` yet; a time that no clock near ours could have set does not bind."""
    return urgent_until is not None and for_s < (urgent_until - now).total_seconds() <= 2 * URGENT_S


def _latest(now: datetime) -> datetime:
    return now + timedelta(seconds=LONGEST_S)


def _wait_s(next_at: datetime, lease_until: datetime | None, now: datetime, lease_s: float) -> float:
    """Seconds until it is worth asking again; 0 or less if the turn is free.

    A process may run on a clock of its own (CLOCK_START): times that no clock like ours could have set do not bind.
    """
    until_next = (next_at - now).total_seconds() if next_at <= _latest(now) else 0.0
    is_held = lease_until is not None and now < lease_until <= now + timedelta(seconds=max(lease_s, LEASE_S))
    if until_next > 0:
        return until_next
    return POLL_S if is_held else 0.0
