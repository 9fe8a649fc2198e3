"""`/privacy` and `/deletemydata`: what is kept of somebody or of a group, for how long, and its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.pipeline import prune
from bot.services.allowance import Allowance
from bot.storage import allowances, people
from bot.storage.people import HeldOfChat as HeldOfChat  # handlers show them
from bot.storage.people import HeldOfPerson as HeldOfPerson
from bot.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What there is to delete: of a person (None where only a chat is meant) and of a chat with all its topics."""

    person: HeldOfPerson | None
    chat: HeldOfChat

    @property
    def is_nothing(self) -> bool:
        counted = (self.chat.subscriptions, self.chat.digests, self.chat.calls)
        return not any(counted) and (self.person is None or self.person.is_nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For how many days what is kept, and the model that gets to see papers and questions (None: nobody does)."""

    sent: int = prune.PARTS_KEPT.days
    shown: int = prune.SHOWN_KEPT.days
    calls: int = prune.CALLS_KEPT.days
    uploads: int = prune.UPLOADS_KEPT.days
    asked: int = prune.ASKED_KEPT.days
    model: str | None = None


class Forgetting:
    """Counts what is held, and deletes it for good. Safe to repeat."""

    def __init__(self, *, store: Store, allowance: Allowance, model: str | None, now: Callable[[], datetime]) -> None:
        self._store, self._allowance, self._now = store, allowance, now
        self.terms = Terms(model=model)

    async def held(self, address: Address, person: Person | None = None) -> Held:
        """What `forget` would delete."""
        async with self._store.read() as tx:
            of_person = await people.held_of_person(tx, person) if person else None
            return Held(person=of_person, chat=await people.held_of_chat(tx, address.platform, address.chat))

    async def forget(self, address: Address, person: Person | None = None) -> Held:
        """Delete all of the chat of `address`, with its topics, and of `person`; returns what it was.

        How often both asked today stays known to this process alone, until the end of the day (UTC): nobody may ask
        without end by deleting what they asked.
        """
        on = self._now().astimezone(UTC).date()
        asked = [f"chat:{address.chat}", *([f"person:{person.id}"] if person else ())]
        await self._allowance.finish()  # nothing that is on its way to the store may come after the deletion
        async with self._store.write() as tx:
            of_person = await people.held_of_person(tx, person) if person else None
            held = Held(person=of_person, chat=await people.held_of_chat(tx, address.platform, address.chat))
            used = {who: await allowances.used(tx, address.platform, who, on) for who in asked}
            for who in asked:
                await allowances.forget(tx, address.platform, who)
            await people.forget_chat(tx, address.platform, address.chat)
            if person:
                await people.forget_person(tx, person)
        for who, count in used.items():
            self._allowance.remember(address.platform, who, on, count)
        return held
