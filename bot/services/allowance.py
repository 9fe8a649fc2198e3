"""How much a person and a chat may ask in a day, so that one of them does not use up what the model and arXiv give to all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

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
        self._remembered: dict[tuple[str, str], tuple[date, int]] = {}  # of those whose rows were deleted on that day

    async def take(self, person: Person, address: Address) -> None:
        """Count one more question of this person in this chat; raises AllowanceSpent, and then counts nothing."""
        on = self._now().astimezone(UTC).date()
        counted = (("person", person.id, self._most.person), ("chat", address.chat, self._most.chat))
        async with self._store.write() as tx:
            for kind, name, most in counted:
                who = f"{kind}:{name}"
                used = await allowances.used(tx, address.platform, who, on) + self._remembered_of(address.platform, who, on)
                if name and most and used >= most:
                    raise AllowanceSpent(is_person=kind == "person", most=most)
            for kind, name, _ in counted:
                if name:
                    await allowances.count(tx, address.platform, f"{kind}:{name}", on)

    def remember(self, platform: str, who: str, on: date, used: int) -> None:
        """Count what `who` ("person:123") asked on that day, though nothing of it is stored any more."""
        self._remembered = {key: kept for key, kept in self._remembered.items() if kept[0] >= on}
        if used:
            self._remembered[platform, who] = on, used + self._remembered_of(platform, who, on)

    def _remembered_of(self, platform: str, who: str, on: date) -> int:
        day, used = self._remembered.get((platform, who), (on, 0))
        return used if day == on else 0
