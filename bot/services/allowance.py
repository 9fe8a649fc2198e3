"""How much a person and a chat may ask in a day, so that one of them does not use up what the model and arXiv give to all."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.errors import Show
from bot.services.batches import apart
from bot.storage import allowances
from bot.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """Questions, searches and summaries that are asked for, in a day (UTC); 0: no limit."""

    person: int
    chat: int


class AllowanceSpent(Show):
    """Enough for today; `is_person` says whose allowance it is."""

    def __init__(self, *, is_person: bool, most: int) -> None:
        self.is_person, self.most = is_person, most
        super().__init__(f"{most} questions were asked today")


_Key = tuple[str, str, date]  # platform, "person:123" or "chat:-100123", day (UTC)


class Allowance:
    """Counts what is asked: in memory, so that nobody waits for the database's one writer, and in the store a moment later.

    Only the bot's process counts. If it dies, the questions of its last moment are not counted.
    """

    def __init__(self, *, store: Store, allowances: Allowances, now: Callable[[], datetime]) -> None:
        self._store, self._most, self._now = store, allowances, now
        self._used: dict[_Key, int] = {}
        self._keeping: set[asyncio.Task[None]] = set()

    async def take(self, person: Person, address: Address) -> None:
        """Count one more question of this person in this chat; raises AllowanceSpent, and then counts nothing."""
        on = self._now().astimezone(UTC).date()
        named = (("person", person.id, self._most.person), ("chat", address.chat, self._most.chat))
        limits = {(address.platform, f"{kind}:{name}", on): most for kind, name, most in named if name}
        await self._load(limits, on)
        for key, most in limits.items():
            if most and self._used[key] >= most:
                raise AllowanceSpent(is_person=key[1].startswith("person:"), most=most)
        for key in limits:
            self._used[key] += 1
        keeping = asyncio.create_task(self._keep(tuple(limits)))
        self._keeping.add(keeping)
        keeping.add_done_callback(self._keeping.discard)

    async def finish(self) -> None:
        """Wait until all that was counted is in the store."""
        await asyncio.gather(*self._keeping)

    def remember(self, platform: str, who: str, on: date, used: int) -> None:
        """Count what `who` ("person:123") asked on that day, though nothing of it is stored any more."""
        self._used[platform, who, on] = max(used, self._used.get((platform, who, on), 0))

    async def _load(self, keys: Iterable[_Key], on: date) -> None:
        """What is stored of those who have not asked yet since this process began; earlier days are forgotten."""
        fresh = [key for key in keys if key not in self._used]
        if not fresh:
            return
        self._used = {key: used for key, used in self._used.items() if key[2] >= on}
        async with self._store.read() as tx:
            found = {key: await allowances.used(tx, *key) for key in fresh}
        for key, used in found.items():
            self._used.setdefault(key, used)

    async def _keep(self, keys: Sequence[_Key]) -> None:
        await apart(self._stored(keys), "allowance not kept")

    async def _stored(self, keys: Sequence[_Key]) -> None:
        async with self._store.write() as tx:
            for key in keys:
                await allowances.count(tx, *key)
