"""What can befall the fake Discord: what becomes of channels until it is unsaid, and faults of the next requests."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from aiohttp import web

from tests.fakes.discord_channels import Channels
from tests.fakes.discord_errors import Refusal
from tests.fakes.discord_places import THREAD, Channel, Guild

ALWAYS = 1_000_000_000
HTML = "<!DOCTYPE html>\n<html><head><title>{0}</title></head><body><h1>{0}</h1><p>cloudflare</p></body></html>"

Act = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True, kw_only=True)
class Fault:
    """Hits the next `left` requests of this kind (of `channel`, if it is named), each with the probability `share`."""

    act: Act
    accepts: bool
    left: int
    channel: str
    share: float
    kind: str
    is_unread: bool = False


class Verbs:
    """The verbs alone; `FakeDiscord` answers. Faults: `times` requests, of one `channel` or any, with probability `share`."""

    channels: Channels
    faults: list[Fault]
    random: random.Random
    is_over: asyncio.Event
    token: str

    # Of the ground

    def guild(self, id: str = "1", name: str = "Lab") -> Guild:  # noqa: A002
        raise NotImplementedError

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        raise NotImplementedError

    def described_channel(self, channel: str) -> dict[str, Any]:
        raise NotImplementedError

    def described_guild(self, guild: str) -> dict[str, Any]:
        raise NotImplementedError

    # What becomes of channels

    def deletes_channel(self, channel: str) -> None:
        """A thread's or a channel's end; threads of a channel go with it."""
        said, guild, place = self.described_channel(channel), self.channels.guild_of(channel), self.channels.at(channel)
        self.channels.deleted.add(channel)
        if place.is_thread:
            facts = {"id": channel, "guild_id": guild, "parent_id": said["parent_id"], "type": place.kind}
            self.happened("THREAD_DELETE", facts, guild)
        else:
            self.happened("CHANNEL_DELETE", said, guild)

    deletes_thread = deletes_channel

    def restores_channel(self, channel: str) -> None:
        self.channels.deleted.discard(channel)
        is_thread = self.channels.at(channel).is_thread
        event = "THREAD_CREATE" if is_thread else "CHANNEL_CREATE"
        self.happened(event, self.described_channel(channel), self.channels.guild_of(channel))

    def puts(self, channel: str, guild: str) -> None:
        """The channel belongs to this guild; all others are of guild 1."""
        if guild not in self.channels.guilds:
            self.guild(guild, f"Server {guild}")
        self.channels.at(channel).guild = guild

    def removes_guild(self, guild: str = "1") -> None:
        """The bot is thrown out."""
        self.channels.removed_guilds.add(guild)
        self.happened("GUILD_DELETE", {"id": guild}, guild)

    def returns_guild(self, guild: str = "1") -> None:
        self.channels.removed_guilds.discard(guild)
        self.happened("GUILD_CREATE", self.described_guild(guild), guild)

    def takes_rights(self, channel: str, *, can_see: bool = True) -> None:
        """The bot may not write there, or not even see it; for words in threads there is a right of their own."""
        (self.channels.silenced if can_see else self.channels.hidden).add(channel)

    def takes_thread_rights(self, channel: str) -> None:
        """The bot may not make threads there."""
        self.channels.no_threads.add(channel)

    def takes_rights_in_threads(self, channel: str) -> None:
        """The bot may not write in the threads of this channel."""
        self.channels.no_words_in_threads.add(channel)

    def takes_embed_rights(self, channel: str) -> None:
        """The bot may not embed anything there, nor in the threads of it."""
        self.channels.no_embeds.add(channel)

    def gives_rights(self, channel: str) -> None:
        """All that was taken."""
        here = self.channels
        for kept in (here.silenced, here.hidden, here.no_threads, here.no_words_in_threads, here.no_embeds):
            kept.discard(channel)

    def fills_threads(self, channel: str) -> None:
        """As many threads are active there as may be."""
        self.channels.full.add(channel)

    def empties_threads(self, channel: str) -> None:
        self.channels.full.discard(channel)

    def requires_tag(self, forum: str, *, is_so: bool = True) -> None:
        self.channels.at(forum).requires_tag = is_so
        self.happened("CHANNEL_UPDATE", self.described_channel(forum), self.channels.guild_of(forum))

    def archives(self, thread: str) -> None:
        """A message takes it out of the archive."""
        self._thread(thread).archived = True
        self._changes(thread)

    def locks(self, thread: str) -> None:
        self._thread(thread).locked = True
        self._changes(thread)

    def unlocks(self, thread: str) -> None:
        self._thread(thread).locked = False
        self._changes(thread)

    def _thread(self, thread: str) -> Channel:
        place = self.channels.at(thread)
        place.kind = THREAD
        return place

    def _changes(self, thread: str) -> None:
        self.happened("THREAD_UPDATE", self.described_channel(thread), self.channels.guild_of(thread))

    def closes_direct_messages(self, channel: str, *, shares_guild: bool = True) -> None:
        (self.channels.direct_closed if shares_guild else self.channels.strangers).add(channel)

    def opens_direct_messages(self, channel: str) -> None:
        self.channels.direct_closed.discard(channel)
        self.channels.strangers.discard(channel)

    def revokes_token(self) -> None:
        """Every token is unknown from now on."""
        self.token = ""

    # How it fails

    def recovers(self) -> None:
        """No fault any more; channels stay as they are."""
        self.faults.clear()

    def fails(
        self,
        status: int = 502,
        *,
        is_html: bool = False,
        accepts: bool = False,
        times: int = 1,
        channel: str = "",
        share: float = 1.0,
        kind: str = "message",
    ) -> None:
        """A server's error, as JSON or as a page of the wall before it."""
        said: object = HTML.format(status) if is_html else {"message": f"{status}: Internal Server Error", "code": 0}
        self.says(said, status, accepts=accepts, times=times, channel=channel, share=share, kind=kind)

    def refuses(
        self,
        status: int,
        code: int,
        message: str,
        *,
        times: int = 1,
        channel: str = "",
        share: float = 1.0,
        kind: str = "message",
        **more: object,
    ) -> None:
        """Any other error, with its code and in its words."""
        said = {"message": message, "code": code, **more}
        self.says(said, status, times=times, channel=channel, share=share, kind=kind)

    def throttles(
        self,
        retry_after: float,
        *,
        has_via: bool = True,
        scope: str = "user",
        times: int = 1,
        channel: str = "",
        share: float = 1.0,
        kind: str = "message",
    ) -> None:
        """429. Without Via it is what Cloudflare answers to an address that it has banned."""
        said = {"message": "You are being rate limited.", "retry_after": retry_after, "global": scope == "global"}
        headers = {"Via": "1.1 google", "X-RateLimit-Scope": scope, "Retry-After": str(int(retry_after))}
        if has_via:
            self.says(said, 429, headers=headers, times=times, channel=channel, share=share, kind=kind)
        else:
            page, headers = HTML.format("Error 1015"), {"Retry-After": str(int(retry_after))}
            self.says(page, 429, headers=headers, times=times, channel=channel, share=share, kind=kind)

    def says(
        self,
        body: object,
        status: int = 200,
        *,
        headers: dict[str, str] | None = None,
        accepts: bool = False,
        times: int = 1,
        channel: str = "",
        share: float = 1.0,
        kind: str = "message",
    ) -> None:
        """This very body: text as a page, all else as JSON. With `accepts` the message was shown all the same."""
        content = body if isinstance(body, str) else json.dumps(body)
        what = {"Content-Type": "text/html" if isinstance(body, str) else "application/json"} | (headers or {})

        async def act(_: web.Request) -> web.StreamResponse:
            return web.Response(body=content.encode(), status=status, headers=what)

        self._fault(act, accepts=accepts, times=times, channel=channel, share=share, kind=kind)

    def drops(self, *, times: int = 1, channel: str = "", share: float = 1.0, kind: str = "message") -> None:
        """Reads the request and cuts the connection without having accepted anything."""
        self._fault(_cut, times=times, channel=channel, share=share, kind=kind)

    def drops_unread(self, *, times: int = 1, channel: str = "", share: float = 1.0, kind: str = "message") -> None:
        """Cuts the connection before it reads what is said, so it is not among `requests` either."""
        self._fault(_cut, times=times, channel=channel, share=share, kind=kind, is_unread=True)

    def hangs(self, *, times: int = 1, channel: str = "", share: float = 1.0, kind: str = "message") -> None:
        """Takes the request, accepts nothing, never answers."""
        self._fault(self._hang, times=times, channel=channel, share=share, kind=kind)

    def loses_answer(
        self, *, cuts: bool = False, times: int = 1, channel: str = "", share: float = 1.0, kind: str = "message"
    ) -> None:
        """Accepts what is asked, then never answers, or `cuts` the connection."""
        act = _cut if cuts else self._hang
        self._fault(act, accepts=True, times=times, channel=channel, share=share, kind=kind)

    def due(self, kind: str, channel: str, *, is_unread: bool = False) -> Fault | None:
        """The first fault that meets this request, which uses it up once."""
        self.faults = [fault for fault in self.faults if fault.left > 0]
        for fault in self.faults:
            is_meant = fault.is_unread is is_unread and fault.kind == kind and fault.channel in (channel, "")
            if is_meant and (fault.share >= 1.0 or self.random.random() < fault.share):
                fault.left -= 1
                return fault
        return None

    def _fault(
        self, act: Act, *, times: int, channel: str, share: float, kind: str, accepts: bool = False, is_unread: bool = False
    ) -> None:
        fault = Fault(act=act, accepts=accepts, left=times, channel=channel, share=share, kind=kind, is_unread=is_unread)
        self.faults.append(fault)

    async def _hang(self, _: web.Request) -> NoReturn:
        await self.is_over.wait()
        raise Refusal(500, 0, "500: Internal Server Error")


async def _cut(request: web.Request) -> NoReturn:
    if request.transport:
        request.transport.abort()
    raise Refusal(500, 0, "500: Internal Server Error")
