"""People who go on using a bot that dies and comes back; what they were told must be true at the end.

Nobody is told twice in a row what they did not ask for: who gets no answer asks again, as people do.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.fakes.telegram_people import Person
from tests.lives import Lives

PATIENCE_S = 2.5
FIRST = 900_000  # ids of those who are no part of the broadcast


@dataclass(slots=True)
class Users:
    """Those who subscribe and write, and those who press what the broadcast brought them."""

    writers: Sequence[Person]
    readers: Sequence[Person]
    chance: random.Random
    told: dict[int, set[str]] = field(default_factory=dict)  # words that a writer was told to be kept
    tried: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    _number: int = 0

    async def use(self) -> None:
        """Until cancelled: one thing after another, four at a time."""
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(self._go_on())

    async def _go_on(self) -> None:
        while True:
            name = self.chance.choice(("write", "write", "digest", "press", "look"))
            self.tried[name] += 1
            if await getattr(self, f"_{name}")():
                self.answered[name] += 1
            await asyncio.sleep(self.chance.uniform(0.1, 0.4))

    async def _hears(self, person: Person, wanted: str) -> bool:
        try:
            await person.sees(wanted, within_s=PATIENCE_S)
        except AssertionError:
            return False
        return True

    async def _write(self) -> bool:
        person = self.chance.choice(self.writers)
        self._number += 1
        word = f"word{self._number}"
        await person.says(f"/subscribe cs.CL {word}")
        is_heard = await self._hears(person, word)
        if is_heard:
            self.told.setdefault(person.id, set()).add(word)
        return is_heard

    async def _digest(self) -> bool:
        person = self.chance.choice(self.readers)
        await person.says("/digest")
        return await self._hears(person, "")

    async def _look(self) -> bool:
        person = self.chance.choice(self.writers)
        await person.says(self.chance.choice(("/status", "/settings", "/search agents", "/history")))
        return await self._hears(person, "")

    async def _press(self) -> bool:
        person = self.chance.choice(self.readers)
        digests = [each for each in person.shown if "1" in each.labels or "👍" in each.labels]
        if not digests:
            return False
        digest = self.chance.choice(digests)
        label = self.chance.choice([each for each in digest.labels if each not in ("PDF", "Settings") and "more" not in each])
        try:
            await (await person.taps(digest, label)).answer(PATIENCE_S)
        except (AssertionError, LookupError):
            return False
        return True

    def broken(self, lives: Lives) -> list[str]:
        """What somebody was told and what is not so."""
        query = "SELECT a.chat, i.keywords FROM interests i JOIN subscriptions s ON s.id = i.subscription_id JOIN addresses a"
        kept = {int(chat): str(words) for chat, words in lives.rows(f"{query} ON a.id = s.address_id")}
        return [
            f"{word} of a writer is not kept"
            for person, words in self.told.items()
            for word in words
            if f'"{word}"' not in kept.get(person, "")
        ]
