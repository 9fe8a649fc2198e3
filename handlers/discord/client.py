"""The client on Discord's gateway: every interaction in its turn, and what is told of places.

It sends nothing by itself but answers: digests go over the channel, which needs no gateway.
"""

import asyncio
import secrets
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import discord
import structlog
from aiohttp import TraceConfig

from bot.errors import PlatformUnreachable
from handlers.discord import membership, slash
from handlers.discord.bot import PLATFORM, Asking, Bot
from handlers.discord.in_hand import InHand, in_hand
from handlers.discord.members import Members
from handlers.discord.pressed import filled, is_slow, pressed
from handlers.discord.replies import hurried
from handlers.showing import show
from handlers.talk import said
from handlers.texts.problems import sentence
from handlers.turns import Turns

log = structlog.get_logger()

Kind = discord.InteractionType
LONGEST_WAIT_S = 30.0  # the least that the library takes; nobody waits for an answer through a longer one
_ONE = "one"  # under which an interaction keeps its InHand


class Client(discord.Client):
    """Log it in, and `connect` it. `begun` is awaited once, before the first event; `trace` hears of its requests."""

    def __init__(self, bot: Bot, begun: Callable[["Client"], Awaitable[None]], trace: TraceConfig) -> None:
        # No cache of members or messages, and no event of either: commands and buttons come without them.
        nobody = discord.MemberCacheFlags.none()
        super().__init__(
            intents=discord.Intents(guilds=True),
            max_messages=None,
            member_cache_flags=nobody,
            http_trace=trace,
            max_ratelimit_timeout=LONGEST_WAIT_S,
        )
        self._bot, self._begun = bot, begun
        self._turns, self._members = Turns(bot.people), Members(self, bot)
        self._was_up = False
        self._answering: set[asyncio.Task[object]] = set()

    async def setup_hook(self) -> None:
        """Once, however often the gateway connects anew."""
        await self._begun(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (of the library)
        """Tell nothing to a closed client: what the library still has in hand of a session would end in a traceback."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def answered(self, most_s: float) -> None:
        """Wait for the answers in hand, so long at most: what takes longer is broken off, while there is a store to leave."""
        if self._answering:
            _, late = await asyncio.wait(tuple(self._answering), timeout=most_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # What people do

    async def on_interaction(self, asking: Asking) -> None:
        """A command, a press, a modal, or something half typed; whatever it is hears something within three seconds."""
        task = asyncio.current_task()
        if task is not None:  # so that a stop can wait for it
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)
        data = cast("Mapping[str, Any]", asking.data or {})
        if asking.type is Kind.autocomplete:
            await slash.completed(in_hand(asking, self._bot), data)
            return
        one = asking.extras[_ONE] = in_hand(asking, self._bot, is_shared=slash.is_shared(data))
        async with hurried(one.voice.acknowledge if one.own else one.voice.defer):
            if not slash.is_of_right(data) and (refused := await self._refused(one)):
                await self._tell(one, refused)
                return
            was_done = await self._turns.in_turn(
                chat=f"{one.talk.here.chat} {asking.user.id}",  # what one person does: others in a channel see nothing of it
                sender=str(asking.user.id),
                is_slow=slash.is_slow(data) if asking.type is Kind.application_command else is_slow(data, asking.message),
                work=lambda: self._work(one, data),
            )
            if not was_done:
                await self._tell(one, one.talk.words("discord.too_much"))

    async def _refused(self, one: InHand) -> str:
        """Why whoever asks is not answered, "" if they are."""
        try:
            is_answered = await self._members.are_answered(one.asking)
        except PlatformUnreachable as error:
            return sentence(error, one.talk.words)
        return "" if is_answered else _private(one)

    async def _work(self, one: InHand, data: Mapping[str, Any]) -> None:
        match one.asking.type:
            case Kind.application_command:
                await slash.ran(one, data)
            case Kind.component:
                await pressed(one, data)
            case Kind.modal_submit:
                await filled(one, data)

    async def _tell(self, one: InHand, words: str) -> None:
        await show(one.desk, one.talk, said(words), one.spot if not one.own else one.elsewhere)
        await one.voice.finish()

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  (of the library)
        """The one error handler: what nobody expected is logged without anybody's words, under a number for both sides."""
        reference, error = secrets.token_hex(3), sys.exc_info()[1]
        frames = traceback.extract_tb(error.__traceback__)[-6:] if error else []
        where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
        name = type(error).__name__
        log.error("handler failed", platform=PLATFORM, event_of=event_method, reference=reference, error=name, where=where)
        asking = args[0] if args else None
        if isinstance(asking, discord.Interaction) and asking.type is not Kind.autocomplete:
            one: InHand = asking.extras.get(_ONE) or in_hand(asking, self._bot)  # its voice knows what was answered already
            await self._tell(one, one.talk.words("problem.bug", reference=reference))  # in words that need no database

    # What is told of places

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        await membership.channel_gone(self._bot, channel)

    async def on_raw_thread_delete(self, gone: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone."""
        await membership.thread_gone(self._bot, gone.thread_id, gone.parent_id)

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread was locked or unlocked, perhaps."""
        await membership.thread_changed(self._bot, before, after)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was sent away."""
        await membership.server_left(self._bot, guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The bot is there, at the begin of a session and after an outage."""
        await membership.server_there(self._bot, guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was let in."""
        await membership.server_joined(self._bot, guild, self)

    # What is told of the connection; loops begin elsewhere, since this comes again after each reconnection

    async def on_ready(self) -> None:
        """A session begins."""
        log.info("the gateway is open", platform=PLATFORM, servers=len(self.guilds), again=self._was_up)
        self._was_up = True

    async def on_resumed(self) -> None:
        """A session goes on."""
        log.info("the gateway is open again", platform=PLATFORM)

    async def on_disconnect(self) -> None:
        """A session is interrupted; the library connects anew."""
        log.warning("the gateway is closed", platform=PLATFORM)


def _private(one: InHand) -> str:
    guild = one.asking.guild_id
    return one.talk.words("discord.private_alone") if guild is None else one.talk.words("discord.private_bot", guild=str(guild))
