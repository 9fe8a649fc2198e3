"""People on Discord who go on using a bot that dies and comes back; what they were told must be true at the end.

Who hears nothing asks again, as people do. In private and in channels; commands, buttons, questions in modals.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_looking import components, words
from tests.fakes.discord_people import Person, Use
from tests.lives import Lives

PATIENCE_S = 2.5
FIRST = 900_000  # ids of those who are no part of the broadcast
_BUTTON, _LINK = 2, 5


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who presses what a broadcast brought to `channel` or the threads of it; "" is their own place."""

    person: Person
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who subscribes: `channel`, which they manage, or "" themselves."""

    person: Person
    channel: str = ""

    @property
    def chat(self) -> str:
        """As the ledger names it."""
        return self.channel or f"@{self.person.id}"


@dataclass(slots=True)
class Users:
    """Those who subscribe, and those who press what the broadcast brought them."""

    discord: FakeDiscord
    writers: Sequence[Writer]
    readers: Sequence[Reader]
    chance: random.Random
    told: dict[str, set[str]] = field(default_factory=dict)  # of each chat: words that somebody was told to be kept
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
            try:
                await getattr(self, f"_{name}")()
            except (AssertionError, LookupError, ValueError):
                pass  # nobody answered, or there is nothing to press, or the place is gone
            else:
                self.answered[name] += 1
            await asyncio.sleep(self.chance.uniform(0.1, 0.4))

    async def _write(self) -> None:
        writer = self.chance.choice(self.writers)
        self._number += 1
        word = f"word{self._number}"
        use = await writer.person.runs("papers subscribe", writer.channel, categories="cs.CL", keywords=word)
        if word not in words(await use.answer(PATIENCE_S)):
            raise AssertionError("the answer is another one")
        self.told.setdefault(writer.chat, set()).add(word)

    async def _digest(self) -> None:
        reader = self.chance.choice([each for each in self.readers if not each.channel])
        await (await reader.person.runs("papers digest")).answer(PATIENCE_S)

    async def _look(self) -> None:
        writer = self.chance.choice(self.writers)
        name = self.chance.choice(("papers status", "papers settings", "papers history", "search", "help"))
        how: dict[str, Any] = {"query": "agents"} if name == "search" else {}
        await (await writer.person.runs(name, writer.channel, **how)).answer(PATIENCE_S)

    async def _press(self) -> None:
        reader = self.chance.choice(self.readers)
        there = [reader.channel, *(each.id for each in self.discord.threads_of(reader.channel) if reader.channel)]
        found = (each for channel in there for each in reader.person.seen(channel) if each.interaction is None)
        cards = [each for each in found if _pressable(each.components)]  # no menu: there one press may end a subscription
        if not cards:
            raise LookupError("nothing to press")
        card = self.chance.choice(cards)
        button = self.chance.choice([each for each in components(card) if _is_pressable(each)])
        await _heard(await reader.person.taps(card, button["custom_id"]))

    def broken(self, lives: Lives) -> list[str]:
        """What somebody was told and what is not so."""
        query = "SELECT a.chat, i.keywords FROM interests i JOIN subscriptions s ON s.id = i.subscription_id JOIN addresses a"
        kept = {str(chat): str(kept_words) for chat, kept_words in lives.rows(f"{query} ON a.id = s.address_id")}
        return [
            f"{word} of a writer is not kept"
            for chat, told in self.told.items()
            for word in told
            if f'"{word}"' not in kept.get(chat, "")
        ]

    def first_answers(self) -> list[float]:
        """How long each interaction that was answered waited for its first answer, in seconds, the shortest first."""
        return sorted(each.answered_within_s for each in self.discord.uses.values() if each.answered_within_s is not None)


async def _heard(use: Use) -> None:
    """A press is answered by a message, by a modal, or by none at all but that it was taken."""
    await use.acknowledged(PATIENCE_S)


def _pressable(rows: Sequence[dict[str, object]]) -> bool:
    return any(_is_pressable(each) for row in rows for each in row["components"])  # type: ignore[attr-defined]


def _is_pressable(each: dict[str, object]) -> bool:
    return each["type"] == _BUTTON and each.get("style") != _LINK and not each.get("disabled") and bool(each.get("custom_id"))
