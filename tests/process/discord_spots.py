"""Somebody in a place of their own on Discord: a channel of server 1, or their direct chat with the bot."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.words import words as words_in
from tests.fakes.discord_people import Person, Use, words
from tests.fakes.discord_posts import Accepted
from tests.process.discord_talk import Conversation

SAID = words_in("en", "discord")
WISH = {"categories": "cs.CL", "keywords": "agents"}
LOCALES = {"en": "en-US", "zh": "zh-CN", "vi": "vi"}
_PARTS = "SELECT count(*) FROM parts p JOIN addresses a ON a.id = p.address_id WHERE a.chat = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """`where` is the channel, "" for the direct chat; `chat` is what the database calls it."""

    talk: Conversation
    person: Person
    where: str
    chat: str

    async def runs(self, command: str, *, forced: bool = False, **options: object) -> Use:
        """A command, whose answer nobody waits for yet."""
        return await self.person.runs(command, self.where, forced=forced, **options)

    async def answer(self, command: str, **options: object) -> Accepted:
        """What the bot says, which nobody else sees on a server."""
        said = await (await self.person.runs(command, self.where, forced=False, **options)).answer(20)
        assert said.seen_by == (self.person.id if self.where else ""), command
        return said

    async def asked(self, command: str, **options: object) -> str:
        """The same as it is read."""
        return plain(await self.answer(command, **options))

    async def refused(self, command: str, **options: object) -> str:
        """What somebody hears who sends what no client offers them."""
        said = await (await self.runs(command, forced=True, **options)).answer(20)
        assert said.seen_by == self.person.id, command
        return plain(said)

    async def digest(self) -> str:
        """The whole of what /papers digest sends, with the cards of its thread."""
        known = len(self.talk.discord.messages)
        await self.finally_says(await self.runs("papers digest"), SAID("discord.comes"))
        await soon(self.talk, self._is_whole)
        return "\n".join(plain(each) for each in self.talk.discord.messages[known:] if self._is_public(each))

    async def finally_says(self, use: Use, wanted: str) -> Accepted:
        """The answer, when what is said meanwhile has made way for it."""
        said = await use.answer(20)
        await soon(self.talk, lambda: wanted in plain(said))
        return said

    def _is_public(self, message: Accepted) -> bool:
        return not message.seen_by and (self.where or self.person.direct) in (message.channel, message.parent)

    def _is_whole(self) -> bool:
        all_of, sent = self.talk.rows(_PARTS, self.chat), self.talk.rows(f"{_PARTS} AND p.state = 'sent'", self.chat)
        return all_of == sent != [(0,)]


def a_spot(talk: Conversation, *, is_private: bool = False, language: str = "en") -> Spot:
    """Somebody who may change what is there."""
    person = talk.member(LOCALES[language]) if is_private else talk.boss(LOCALES[language])
    where = "" if is_private else talk.place()
    return Spot(talk=talk, person=person, where=where, chat=where or f"@{person.id}")


async def a_reader(talk: Conversation, *, is_private: bool = False, language: str = "en", **wish: object) -> Spot:
    """Somebody who has a subscription there."""
    spot = a_spot(talk, is_private=is_private, language=language)
    await spot.answer("papers subscribe", **(wish or WISH))
    return spot


async def soon(talk: Conversation, is_so: Callable[[], bool], within_s: float = 15.0) -> None:
    """Wait for it. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        await talk.discord.until(is_so)


def plain(message: Accepted) -> str:
    """All its text as it is read: the signs are left out that keep text from being markup."""
    return words(message).replace("\\", "")


def lacking(text: str, wanted: Sequence[str]) -> list[str]:
    """What of this is not in it."""
    return [each for each in wanted if each not in text]
