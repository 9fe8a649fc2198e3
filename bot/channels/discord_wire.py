"""The few requests of Discord's API that sending takes, over discord.py's REST client: its buckets, its waits, its errors.

Each tells the flight of its call whether it shows something: of all others a lost answer does no harm.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord.http import Route

from bot.channels.discord_flight import Flight, flight

THREAD_MINUTES = 1440  # of silence, after which a thread is put into the archive

Body = dict[str, Any]


class Turns(Protocol):
    """What is needed of a pace here: over all requests, Discord takes 50 in a second."""

    async def turn(self, chat: str, *, is_answer: bool = False) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of a forum: `id` is that of its thread and of its first message."""

    id: str
    forum: str
    owner: str
    name: str


class Wire:
    """Whatever Discord or the connection does is raised, as one of `discord_outcomes.ERRORS`."""

    def __init__(self, client: discord.Client, turns: Turns) -> None:
        self._client, self._turns = client, turns

    @property
    def bot_id(self) -> str:
        """The bot's own id as a user; "" before it is logged in."""
        return str(self._client.user.id) if self._client.user else ""

    async def channel(self, channel: str) -> Body:
        """A channel as Discord describes it."""
        return _object(await self._ask("GET", "/channels/{channel_id}", channel_id=channel))

    async def direct(self, user: str) -> str:
        """The channel of direct messages with somebody; the same each time."""
        said = await self._ask("POST", "/users/@me/channels", {"recipient_id": user})
        return str(said["id"])

    async def typing(self, channel: str) -> None:
        """Show "is typing" for some seconds."""
        await self._ask("POST", "/channels/{channel_id}/typing", channel_id=channel)

    async def message(self, channel: str, message: str) -> Body:
        """A message as it is now."""
        path = "/channels/{channel_id}/messages/{message_id}"
        return _object(await self._ask("GET", path, channel_id=channel, message_id=message))

    async def posts(self, guild: str) -> tuple[Post, ...]:
        """The active threads of a server."""
        said = await self._ask("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        found = (_object(each) for each in said["threads"])
        return tuple(
            Post(id=str(each["id"]), forum=str(each["parent_id"]), owner=str(each.get("owner_id")), name=str(each["name"]))
            for each in found
        )

    async def make_thread(self, channel: str, message: str, name: str) -> str:
        """Make a thread of a message; the second time it is refused with 160004."""
        path = "/channels/{channel_id}/messages/{message_id}/threads"
        body = {"name": name, "auto_archive_duration": THREAD_MINUTES}
        return str((await self._ask("POST", path, body, channel_id=channel, message_id=message))["id"])

    async def send(self, channel: str, body: Body, key: str) -> str:
        """Show a message, once under its nonce `key`, however often it is sent within some minutes; its id."""
        await self._begin(is_showing=True)
        path = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        said = await self._client.http.request(path, json=body | {"nonce": key, "enforce_nonce": True})
        return self._shown(said)

    async def open_post(self, forum: str, name: str, body: Body, tags: tuple[str, ...]) -> str:
        """Begin a post in a forum: nothing keeps it from being there twice. The id of its thread."""
        await self._begin(is_showing=True, is_once=True)
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum)
        how: Body = {"name": name, "message": body} | ({"applied_tags": list(tags)} if tags else {})
        return self._shown(await self._client.http.request(route, json=how))

    async def _ask(self, method: str, path: str, body: Body | None = None, **names: str) -> Any:  # noqa: ANN401  (JSON of others)
        await self._begin()
        how: Body = {} if body is None else {"json": body}
        return await self._client.http.request(Route(method, path, **names), **how)

    async def _begin(self, *, is_showing: bool = False, is_once: bool = False) -> None:
        """Wait for the turn of the next request; raises RateLimited where its chat was told to wait meanwhile."""
        known = flight.get() or Flight()
        known.begin(is_showing=is_showing, is_once=is_once)
        if (wait_s := await self._turns.turn(known.chat, is_answer=known.is_answer)) > 0:
            raise discord.RateLimited(wait_s)

    def _shown(self, said: Any) -> str:  # noqa: ANN401
        """The id in the answer: one without is no answer at all, and what was shown stays in doubt."""
        number = str(int(said["id"]))
        if known := flight.get():
            known.begin()
        return number


def _object(said: object) -> Body:
    if not isinstance(said, dict):
        raise TypeError("no object")
    return said
