"""People of the fake Telegram with a digest in their chat, and what they do with its buttons."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tests.fakes.telegram import Posted, Toast
from tests.fakes.telegram_ground import PATIENCE_S
from tests.fakes.telegram_people import Person
from tests.process.telegram_talk import TODAY, Conversation, publish_papers

AGENTS = 15
TITLES = (*(f"Agents that plan {n}" for n in range(1, AGENTS + 1)), "Parsers of wide tables", "Parsers & <b>scanners</b>")


def publish_a_day(talk: Conversation, *, on: date = TODAY) -> tuple[str, ...]:
    """Fifteen papers about agents and two about parsers; their ids."""
    return publish_papers(talk.world, *TITLES, on=on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A person with a digest; `parts` are its messages, in order."""

    person: Person
    parts: Sequence[Posted]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(part.text for part in self.parts)

    async def turns(self, label: str, part: Posted | None = None) -> Toast:
        """Tap a button (of the first part, if none is named), and wait until its message has changed."""
        shown = part or self.parts[0]
        tap = await self.person.taps(shown, label)
        toast = await tap.answer()
        await self.person.sees(lambda each: each is shown)
        return toast


async def digest_of(person: Person, *, within_s: float = PATIENCE_S) -> Reading:
    """They ask for a digest and get all parts of it."""
    asked = await person.says("/digest")
    await person.sees(lambda each: "Settings" in each.labels, within_s=within_s)
    news = [each for each in person.shown if each.message_id > asked.message_id]
    begins = next(place for place, each in enumerate(news) if each.text.startswith("Papers of"))
    return Reading(person=person, parts=news[begins:])


async def a_reading(talk: Conversation, wish: str = "cs.CL agents", *wishes: str) -> Reading:
    """A newcomer who subscribes, sets what they want, and asks for a digest."""
    person = await talk.reader(wish)
    for typed in wishes:
        await person.says(typed)
        await person.sees()
    return await digest_of(person)


async def readings(talk: Conversation, *wishes: tuple[str, ...]) -> list[Reading]:
    """Several of them at once; each is `a_reading` of a wish and what follows it."""
    return list(await asyncio.gather(*(a_reading(talk, *each) for each in wishes)))
