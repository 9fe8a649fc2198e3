"""Whom a private bot answers: everybody on its servers, and in private those who are there, and its owners."""

import time

import aiohttp
import discord

from bot.domain.people import Person
from bot.errors import PlatformUnreachable
from bot.services.turns import OneAtATime
from handlers.discord.bot import PLATFORM, Asking, Bot

KNOWN_S = 600.0  # how long it is remembered whether somebody is there
MOST_KNOWN = 10_000


class Members:
    """Without servers named everybody is answered. Discord is asked about who writes in private, and nobody else."""

    def __init__(self, client: discord.Client, bot: Bot) -> None:
        self._client, self._bot = client, bot
        self._known: dict[int, tuple[float, bool]] = {}
        self._alone = OneAtATime()

    async def are_answered(self, asking: Asking) -> bool:
        """Whether this bot is for whoever asks, where they ask. Raises PlatformUnreachable where Discord does not say."""
        if not self._bot.guilds or Person(platform=PLATFORM, id=str(asking.user.id)) in self._bot.owners:
            return True
        if asking.guild_id is not None:
            return str(asking.guild_id) in self._bot.guilds
        async with self._alone.of(asking.user.id):  # who sends a hundred at once is asked about once
            return await self._is_member(asking.user.id)

    async def _is_member(self, person: int) -> bool:
        at, is_there = self._known.get(person, (0.0, False))
        if at and time.monotonic() - at < KNOWN_S:
            return is_there
        is_there = await self._is_told(person)
        if len(self._known) >= MOST_KNOWN:
            del self._known[next(iter(self._known))]
        self._known[person] = (time.monotonic(), is_there)
        return is_there

    async def _is_told(self, person: int) -> bool:
        """Whether Discord knows them on one of our servers; what it does not say is not remembered as a no."""
        failed: Exception | None = None
        for guild in sorted(self._bot.guilds):
            try:
                await self._client.http.get_member(int(guild), person)
            except (discord.NotFound, discord.Forbidden):  # they are not there, or we are not
                continue
            except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
                failed = error
            else:
                return True
        if failed is not None:
            raise PlatformUnreachable("Discord", type(failed).__name__) from failed
        return False
