"""What all of the fake Discord stands on: what was asked, what is shown, who and what is there, and how a route is added."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from aiohttp import web

from tests.fakes.discord_channels import EPOCH_MS, Channels
from tests.fakes.discord_limits import Limits
from tests.fakes.discord_places import BOT_ID, DIRECT, FORUM, NEWS, TEXT, THREAD, Channel, Guild, Role, Tag, User
from tests.fakes.discord_posts import Accepted, File, described
from tests.fakes.discord_verbs import Verbs
from tests.fakes.server import ChatPlatform

TOKEN = "MTA4fake.GbTokN.discord-fake-token-of-many-letters"

Moment = Literal["before", "accepted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; `kind` is that of its route, `params` are the names in its path, `files` came with it."""

    kind: str
    channel: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float
    params: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()

    @property
    def nonce(self) -> str:
        return str(self.body.get("nonce", ""))


Hook = Callable[[Moment, Asked], Awaitable[None]]
Does = Callable[[web.Request, Asked], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A route: `does` gives what is said as JSON, None for 204, or a response; it raises Refusal for all else.

    `major` is the name in the path that has a bucket of its own for each value; "" for none. `is_exempt`: beyond the limit
    of the whole bot. `has_body`: a JSON object must come with it. `has_list`: a JSON array, which is
    `list` in the body.
    """

    kind: str
    does: Does
    major: str = "channel"
    is_paced: bool = True
    is_exempt: bool = False
    has_token: bool = True
    has_body: bool = False
    has_list: bool = False


@dataclass
class Ground(ChatPlatform, Verbs):
    """The state of the platform. A part of the fake inherits it, and adds its routes in `add_routes` (calling super's)."""

    token: str = TOKEN
    seed: int = 1
    limits: Limits = field(default_factory=Limits)
    nonce_window_s: float = 300.0
    on_send: Hook | None = None
    requests: list[Asked] = field(default_factory=list)
    messages: list[Accepted] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    answers: Counter[int] = field(default_factory=Counter)
    refusals_429: int = 0  # broken limits; what `throttles` answers is not counted
    repeats_stopped: int = 0  # messages that came again under their nonce, and were not shown again
    posts: int = 0  # posts of forums that people see; nothing stops one that comes again
    invalid: int = 0  # answers of 401, 403 and 429 (scope "shared" is not counted)
    ahead_s: float = 0.0  # how far the platform's clock is ahead of the machine's
    url: str = ""
    _runner: web.AppRunner | None = None
    _has_news: asyncio.Condition = field(default_factory=asyncio.Condition)
    _last_id: int = 0

    def __post_init__(self) -> None:
        self.channels = Channels()
        self.faults = []
        self.random = random.Random(self.seed)
        self.is_over = asyncio.Event()

    # Routes

    def add_routes(self, app: web.Application) -> None:
        """Parts of the fake add theirs with `way`."""

    def way(self, app: web.Application, verb: str, path: str, way: Way) -> None:
        """A route of the API, answered under its limits, faults and rules of who may ask."""
        app.router.add_route(verb, f"/api/v10{path}", partial(self.serve, way=way))

    async def serve(self, request: web.Request, way: Way) -> web.StreamResponse:
        raise NotImplementedError

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        """An event of the gateway; a guild of "" is a direct chat. Nobody listens until the gateway is there."""

    # What is there

    def now(self) -> float:
        """Seconds since 1970, as the platform's own clock has them."""
        return time.time() + self.ahead_s

    def new_id(self) -> str:
        """A snowflake: it holds the time, and is greater than every one before."""
        self._last_id = max(self._last_id + 1, (int(self.now() * 1000) - EPOCH_MS) << 22)
        return str(self._last_id)

    def guild(self, id: str = "1", name: str = "Lab", *, owner: str = "7", locale: str = "en-US") -> Guild:  # noqa: A002
        """A server with the bot on it."""
        made = Guild(id=id, name=name, owner=owner, locale=locale)
        self.channels.guilds[id] = made
        self.channels.removed_guilds.discard(id)
        self.happened("GUILD_CREATE", self.described_guild(id), id)
        return made

    def text_channel(self, id: str, guild: str = "1", name: str = "papers", *, kind: int = TEXT) -> str:  # noqa: A002
        return self._declared(Channel(id=id, guild=guild, name=name, kind=kind))

    def news_channel(self, id: str, guild: str = "1", name: str = "news") -> str:  # noqa: A002
        return self.text_channel(id, guild, name, kind=NEWS)

    def forum(
        self,
        id: str,  # noqa: A002
        guild: str = "1",
        tags: tuple[str, ...] = (),
        requires_tag: bool = False,
        *,
        name: str = "forum",
    ) -> str:
        """A forum; its tags are given by name."""
        made = tuple(Tag(id=self.new_id(), name=tag) for tag in tags)
        return self._declared(Channel(id=id, guild=guild, name=name, kind=FORUM, tags=made, requires_tag=requires_tag))

    def thread(self, id: str, parent: str, owner: str = BOT_ID, *, name: str = "thread") -> str:  # noqa: A002
        guild = self.channels.guild_of(parent)
        made = Channel(id=id, guild=guild, name=name, kind=THREAD, parent=parent, owner_id=owner)
        self.channels.places[id] = made
        self.happened("THREAD_CREATE", self.described_channel(id) | {"newly_created": True}, guild)
        return id

    def user(self, id: str, name: str, locale: str = "en-US") -> User:  # noqa: A002
        """A person, who is on no server yet."""
        self.channels.users[id] = made = User(id=id, name=name, locale=locale)
        return made

    def joins(self, user: str, guild: str = "1", *, permissions: int = 0) -> None:
        """A person is on a server; there they may what everybody may, and what these bits say."""
        here = self.channels.guilds[guild]
        here.members[user] = []
        if permissions:
            role = Role(id=self.new_id(), name=f"role of {user}", permissions=permissions)
            here.roles[role.id] = role
            here.members[user].append(role.id)

    def direct(self, user: str) -> str:
        """The id of the bot's direct chat with a person; the same each time."""
        for each in self.channels.places.values():
            if each.kind == DIRECT and each.recipient == user:
                return each.id
        made = Channel(id=self.new_id(), guild="", name="", kind=DIRECT, recipient=user)
        self.channels.places[made.id] = made
        return made.id

    def _declared(self, made: Channel) -> str:
        if made.guild not in self.channels.guilds:
            self.guild(made.guild, f"Server {made.guild}")
        self.channels.places[made.id] = made
        self.happened("CHANNEL_CREATE", self.described_channel(made.id), made.guild)
        return made.id

    # As Discord tells it

    def described_guild(self, guild: str) -> dict[str, Any]:
        return self.channels.described_guild(guild)

    def described_member(self, guild: str, user: str) -> dict[str, Any]:
        return self.channels.described_member(guild, user)

    def described_channel(self, channel: str) -> dict[str, Any]:
        return self.channels.described(channel)

    def described_user(self, user: str) -> dict[str, Any]:
        return self.channels.users[user].described()

    def described_message(self, accepted: Accepted) -> dict[str, Any]:
        """As REST answers it; an event has the guild's id besides."""
        said = described(accepted, self.described_user(accepted.author))
        return said | ({"thread": self.described_channel(accepted.thread)} if accepted.thread else {})

    # Looking

    def texts(self, channel: str = "") -> list[str]:
        """What people see of the bot, in order, as it is now."""
        return [each.content for each in self.messages if each.is_seen and (not channel or each.channel == channel)]

    async def tells(self) -> None:
        """Wake whoever waits."""
        async with self._has_news:
            self._has_news.notify_all()

    async def record(self, kept: list[Any], each: object) -> None:
        """Keep what was asked or shown, and wake whoever waits for it."""
        kept.append(each)
        await self.tells()


def in_json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # Without a charset: discord.py reads JSON of exactly this type only.
    exact = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=exact | (headers or {}))
