"""All that the tables hold of one person, and of one chat: how much it is, and its end."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.people import Person
from bot.storage import calls, marks, uploads
from bot.storage.tables import addresses, digests, subscriptions


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOfPerson:
    """What somebody said of papers, and the files that they sent."""

    marks: marks.Counts
    uploads: int

    @property
    def is_nothing(self) -> bool:
        return not any((self.marks.saved, self.marks.up, self.marks.down, self.uploads))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOfChat:
    """Of a chat with all its topics: subscriptions, their digests, and calls of a model that name it as their reader."""

    subscriptions: int
    digests: int
    calls: int


async def held_of_person(tx: AsyncConnection, person: Person) -> HeldOfPerson:
    """How much there is."""
    return HeldOfPerson(marks=await marks.counts(tx, person), uploads=await uploads.count(tx, person))


async def held_of_chat(tx: AsyncConnection, platform: str, chat: str) -> HeldOfChat:
    """How much there is."""
    of_chat = subscriptions.join(addresses, addresses.c.id == subscriptions.c.address_id)
    of_digests = digests.join(of_chat, subscriptions.c.id == digests.c.subscription_id)
    known = _is_chat(platform, chat)
    counted = [select(func.count()).select_from(table).where(known) for table in (of_chat, of_digests)]
    wishes, made = [(await tx.execute(query)).scalar_one() for query in counted]
    return HeldOfChat(subscriptions=wishes, digests=made, calls=await calls.count_of(tx, f"{platform}:{chat}"))


async def forget_person(tx: AsyncConnection, person: Person) -> None:
    """What they said of papers and the files that they sent. What they asked today is in `allowances`."""
    await marks.forget(tx, person)
    await uploads.forget(tx, person)


async def forget_chat(tx: AsyncConnection, platform: str, chat: str) -> None:
    """Its addresses with all that goes with them: subscriptions, digests, what was shown and sent. Of calls the sums stay."""
    await tx.execute(delete(addresses).where(_is_chat(platform, chat)))
    await calls.forget_reader(tx, f"{platform}:{chat}")


def _is_chat(platform: str, chat: str) -> ColumnElement[bool]:
    return (addresses.c.platform == platform) & (addresses.c.chat == chat)
