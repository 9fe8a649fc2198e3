"""A host's slot, shared by every process: one row, claimed in a short transaction, with a lease that outlives no holder."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import SourceThrottled
from bot.storage.statements import insert
from bot.storage.store import Store
from bot.storage.tables import gates

LEASE_S = 120.0  # longer than any request may take; after it a holder counts as dead
LONGEST_S = 24 * 3600.0  # nothing is shut for longer: a later time was written by another clock
POLL_S = 0.2  # how often to look whether another process gave its turn back
PATIENCE_S = 30.0  # a longer wait is told instead of waited


class StoreGate:
    """A turn at a time over all processes on one database; fits `Gate` of `bot/http.py`.

    `now` is wall time (it is compared between processes), `sleep` waits seconds.
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
    ) -> None:
        self._patience_s = patience_s
        self._store = store
        self._name = name
        self._now = now
        self._sleep = sleep
        self._lease_s = lease_s
        self._here = asyncio.Lock()  # those of this process queue here, in order, and do not ask the store in turns

    @asynccontextmanager
    async def turn(self, interval_s: float) -> AsyncIterator[None]:
        """Wait for a turn and hold it; the next one, whoever's, starts at least `interval_s` after this one began.

        A turn that is held longer than the lease may be given away. Raises SourceThrottled, saying for how long, if the
        gate is shut for longer than anybody should wait: nobody sits before a terminal for the hour that arXiv asked for.
        """
        async with self._here:
            holder = uuid4().hex
            while (wait_s := await self._claim(holder, interval_s)) > 0:
                if wait_s > max(self._patience_s, interval_s):
                    raise SourceThrottled(self._name, "it asked us to wait, and the time is not over", after_s=wait_s)
                await self._sleep(wait_s)
            began = self._now()  # the claim took its time to be written
            try:
                yield
            finally:
                await self._release(holder, began + timedelta(seconds=interval_s))

    async def shut(self, for_s: float) -> None:
        """Give nobody a turn for `for_s` seconds, at most a day; never shortens what was said before."""
        now = self._now()
        until = now + timedelta(seconds=min(max(for_s, 0.0), LONGEST_S))
        async with self._store.write() as tx:
            await self._make(tx, now)
            is_earlier = or_(gates.c.next_at < until, gates.c.next_at > _latest(now))
            await tx.execute(update(gates).where(gates.c.name == self._name, is_earlier).values(next_at=until))

    async def _claim(self, holder: str, interval_s: float) -> float:
        """Take the turn and return 0, or return how long to wait before asking again."""
        async with self._store.write() as tx:
            now = self._now()  # after the wait for the other writers
            await self._make(tx, now)
            row = (await tx.execute(select(gates).where(gates.c.name == self._name))).one()
            wait_s = _wait_s(row.next_at, row.lease_until, now, self._lease_s)
            if wait_s <= 0:
                lease = {"holder": holder, "lease_until": now + timedelta(seconds=self._lease_s)}
                after = now + timedelta(seconds=interval_s)
                await tx.execute(update(gates).where(gates.c.name == self._name).values(next_at=after, **lease))
        return wait_s

    async def _release(self, holder: str, next_at: datetime) -> None:
        """Give the turn back, if it was not given away meanwhile; what `shut` said stands."""
        async with self._store.write() as tx:
            mine = update(gates).where(gates.c.name == self._name, gates.c.holder == holder)
            await tx.execute(mine.values(holder=None, lease_until=None))
            await tx.execute(update(gates).where(gates.c.name == self._name, gates.c.next_at < next_at).values(next_at=next_at))

    async def _make(self, tx: AsyncConnection, now: datetime) -> None:
        statement = insert(tx, gates).values(name=self._name, next_at=now)
        await tx.execute(statement.on_conflict_do_nothing(index_elements=[gates.c.name]))


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
