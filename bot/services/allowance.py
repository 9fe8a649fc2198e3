"""How much a person and a chat may ask in a day, so that one of them does not use up what the model and arXiv give to all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.errors import Show
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


class Allowance:
    """Counts what is asked. A process that ends in between has counted what was asked of it."""

    def __init__(self, *, store: Store, allowances: Allowances, now: Callable[[], datetime]) -> None:
        self._store, self._most, self._now = store, allowances, now

    async def take(self, person: Person, address: Address) -> None:
        """Count one more question of this person in this chat; raises AllowanceSpent, and then counts nothing."""
        on = self._now().astimezone(UTC).date()
        counted = (("person", person.id, self._most.person), ("chat", address.chat, self._most.chat))
        async with self._store.write() as tx:
            for kind, name, most in counted:
                if name and most and await allowances.used(tx, address.platform, f"{kind}:{name}", on) >= most:
                    raise AllowanceSpent(is_person=kind == "person", most=most)
            for kind, name, _ in counted:
                if name:
                    await allowances.count(tx, address.platform, f"{kind}:{name}", on)
