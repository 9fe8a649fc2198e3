"""What people and platforms tell us of destinations: /start, blocked and unblocked, moved. The ledger hears it here."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address
from bot.storage import destinations
from bot.storage.store import Store


class Destinations:
    """Suspends, resumes and moves destinations; `woken` is called when something may be sent again."""

    def __init__(self, *, store: Store, now: Callable[[], datetime], woken: Callable[[], None] = lambda: None) -> None:
        self._store = store
        self._now = now
        self._woken = woken

    async def closed(self, address: Address, cause: Cause) -> bool:
        """It takes no messages for now: its settings stay, what waits is held back. False if that is not news."""
        async with self._store.write() as tx:
            return bool(await destinations.suspend(tx, address, cause, now=self._now()))

    async def all_closed(self, platform: str, chats: Sequence[str], cause: Cause) -> int:
        """The same of many chats at once, of which most may be strangers to us; returns how many addresses it was news for."""
        async with self._store.write() as tx:
            known = await destinations.known(tx, platform, chats)
            return sum([len(await destinations.suspend(tx, each, cause, now=self._now())) for each in known])

    async def all_opened(self, platform: str, chats: Sequence[str], because: Collection[Cause] = frozenset(Cause)) -> int:
        """Many chats let us in again, of those that were closed for one of these causes; returns how many were closed."""
        async with self._store.write() as tx:
            closed = await destinations.closed_among(tx, platform, chats, because)
            resumed = sum([await destinations.resume(tx, each) for each in closed])
        if resumed:
            self._woken()
        return resumed

    async def opened(self, address: Address) -> bool:
        """Somebody there spoke to us, or let us in again: send what was held back. False if nothing was."""
        async with self._store.write() as tx:
            is_resumed = await destinations.resume(tx, address)
        if is_resumed:
            self._woken()
        return is_resumed

    async def moved(self, platform: str, old_chat: str, new_chat: str) -> bool:
        """The chat has a new id. False if nothing was known of the old one."""
        async with self._store.write() as tx:
            is_known = await destinations.move(tx, platform, old_chat, new_chat)
        if is_known:
            self._woken()
        return is_known
