"""Discord's REST API on loopback: what a bot that only sends needs, strict like the real one, with verbs for how it fails.

As a process of its own: `python -m tests.fakes.discord --port 0 [--token T] [--no-limits]` prints its URL and serves until ended.
`GET /messages` tells then what it accepted.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from aiohttp import web

from tests.fakes.discord_channels import Channels, Refusal, check_message, parsed
from tests.fakes.discord_limits import Limits
from tests.fakes.discord_verbs import Verbs
from tests.fakes.server import ChatPlatform, served

TOKEN = "MTA4fake.GbTokN.discord-fake-token-of-many-letters"
BOT = {"id": "108", "username": "paperboy", "discriminator": "0", "global_name": None, "avatar": None, "bot": True, "flags": 0}
OWNER = BOT | {"id": "7", "username": "owner", "bot": False}
FIRST_ID = 1_400_000_000_000_000_000

Moment = Literal["before", "accepted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived; `kind` is `message`, `typing`, `channel`, `me` or `application`."""

    kind: str
    channel: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def nonce(self) -> str:
        return str(self.body.get("nonce", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A message that people see."""

    id: str
    channel: str
    content: str
    nonce: str
    flags: int
    allowed_mentions: dict[str, Any] | None
    at: float


Hook = Callable[[Moment, Asked], Awaitable[None]]


@dataclass
class FakeDiscord(ChatPlatform, Verbs):
    """Start it with `async with`; `url` is what DISCORD_API_URL should be. Verbs are in discord_verbs.py."""

    token: str = TOKEN
    seed: int = 1
    limits: Limits = field(default_factory=Limits)
    nonce_window_s: float = 300.0
    on_send: Hook | None = None
    requests: list[Asked] = field(default_factory=list)
    messages: list[Accepted] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    refusals_429: int = 0  # broken limits; what `throttles` answers is not counted
    repeats_stopped: int = 0  # messages that came again under their nonce, and were not shown again
    url: str = ""
    _by_nonce: dict[str, Accepted] = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    _has_news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.channels = Channels()
        self.faults = []
        self.random = random.Random(self.seed)
        self.is_over = asyncio.Event()

    async def up(self, port: int = 0) -> None:
        """Listen, after `down` on the port of before."""
        port = port or (int(self.url.rpartition(":")[2].partition("/")[0]) if self.url else 0)
        self.is_over = asyncio.Event()
        app = web.Application()
        app.router.add_get("/messages", self._tell)
        for verb, path, kind in (
            ("GET", "/users/@me", "me"),
            ("GET", "/oauth2/applications/@me", "application"),
            ("GET", "/channels/{channel}", "channel"),
            ("POST", "/channels/{channel}/typing", "typing"),
            ("POST", "/channels/{channel}/messages", "message"),
        ):
            app.router.add_route(verb, f"/api/v10{path}", partial(self._serve, kind=kind))
        app.router.add_route("*", "/{rest:.*}", partial(self._serve, kind="nothing"))
        self._runner, address = await served(app, port)
        self.url = f"{address}/api/v10"

    def texts(self, channel: str = "") -> list[str]:
        """What people saw, in order, as it was written."""
        return [each.content for each in self.messages if not channel or each.channel == channel]

    # How it answers

    async def _tell(self, _: web.Request) -> web.Response:
        counted = {"refusals_429": self.refusals_429, "repeats_stopped": self.repeats_stopped}
        return web.json_response({"messages": [asdict(each) for each in self.messages], **counted})

    async def _serve(self, request: web.Request, kind: str) -> web.StreamResponse:
        name = f"{kind}:{request.match_info.get('channel', '')}"
        try:
            response = await self._answered(request, kind, name)
        except Refusal as refusal:
            response = _json(refusal.body, refusal.status)
        if kind in ("message", "typing") and response.status != 429 and not response.prepared:
            response.headers.update(self.limits.headers(name))
        self.answers[response.status] += 1
        return response

    async def _answered(self, request: web.Request, kind: str, name: str) -> web.StreamResponse:
        channel = request.match_info.get("channel", "")
        unread = self.due(kind, channel, is_unread=True)
        if unread:
            return await unread.act(request)
        asked = await self._asked(request, kind, channel)
        fault = self.due(kind, channel)
        if fault and not fault.accepts:
            return await fault.act(request)
        if (wait_s := self.limits.overall_wait()) > 0:
            return self._limited(wait_s, scope="global")
        if kind in ("message", "typing") and (wait_s := self.limits.wait(name)) > 0:
            return self._limited(wait_s, scope="user")
        response = await self._done(request, asked)
        return await fault.act(request) if fault else response

    async def _asked(self, request: web.Request, kind: str, channel: str) -> Asked:
        raw = await request.read()
        headers = {name: value for name, value in request.headers.items() if name != "Authorization"}
        body = parsed(request.headers.get("Content-Type", ""), raw) if kind == "message" else {}
        asked = Asked(kind=kind, channel=channel, body=body, headers=headers, at=time.monotonic())
        await self._record(self.requests, asked)
        if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            raise Refusal(403, 40333, "internal network error")
        if not self.token or request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refusal(401, 0, "401: Unauthorized")
        return asked

    async def _done(self, request: web.Request, asked: Asked) -> web.Response:
        match asked.kind:
            case "me":
                return _json(BOT)
            case "application":
                described = {"id": "108", "name": "paperboy", "description": "", "icon": None, "bot_public": True}
                return _json(described | {"bot_require_code_grant": False, "verify_key": "0" * 64, "owner": OWNER})
            case "channel":
                self.channels.require_seen(asked.channel)
                return _json(self.channels.described(asked.channel))
            case "typing":
                self.channels.check(asked.channel, is_message=False)
                return web.Response(status=204)
            case "message":
                return await self._accept(request, asked)
        raise Refusal(404, 0, "404: Not Found")

    async def _accept(self, request: web.Request, asked: Asked) -> web.Response:
        self.channels.check(asked.channel, is_message=True)
        content = check_message(asked.body)
        if self.on_send:
            await self.on_send("before", asked)
            if request.transport is None or request.transport.is_closing():  # killed meanwhile: nothing was accepted
                raise Refusal(400, 0, "nobody is listening")
        made = self._known(asked)
        if made:
            self.repeats_stopped += 1
        else:
            made = self._made(asked, content)
            self.channels.archived.discard(asked.channel)
            await self._record(self.messages, made)
        if self.on_send:
            await self.on_send("accepted", asked)
        return _json(_shown(made))

    def _known(self, asked: Asked) -> Accepted | None:
        """The message that came first under this nonce, in whichever channel."""
        known = self._by_nonce.get(asked.nonce) if asked.nonce and asked.body.get("enforce_nonce") is True else None
        return known if known and self.limits.clock() - known.at < self.nonce_window_s else None

    def _made(self, asked: Asked, content: str) -> Accepted:
        made = Accepted(
            id=str(FIRST_ID + len(self.messages)),
            channel=asked.channel,
            content=content,
            nonce=asked.nonce,
            flags=asked.body.get("flags", 0),
            allowed_mentions=asked.body.get("allowed_mentions"),
            at=self.limits.clock(),
        )
        if made.nonce:
            self._by_nonce[made.nonce] = made
        return made

    async def _record(self, kept: list[Any], each: Asked | Accepted) -> None:
        kept.append(each)
        async with self._has_news:
            self._has_news.notify_all()

    def _limited(self, wait_s: float, *, scope: str) -> web.Response:
        self.refusals_429 += 1
        return limited(wait_s, scope=scope)


def limited(wait_s: float, *, scope: str) -> web.Response:
    """Discord's 429; what has no Via comes from the wall before it."""
    body = {"message": "You are being rate limited.", "retry_after": round(wait_s, 3), "global": scope == "global"}
    headers = {"Via": "1.1 google", "Retry-After": str(int(wait_s) + 1), "X-RateLimit-Scope": scope}
    return _json(body, 429, headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {}))


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    # Without a charset: discord.py reads JSON of exactly this type only.
    exact = {"Content-Type": "application/json"}
    return web.Response(body=json.dumps(body).encode(), status=status, headers=exact | (headers or {}))


def _shown(made: Accepted) -> dict[str, Any]:
    said = {"id": made.id, "channel_id": made.channel, "content": made.content, "author": BOT, "nonce": made.nonce}
    empty: dict[str, Any] = {name: [] for name in ("mentions", "mention_roles", "attachments", "embeds", "components")}
    at = {"timestamp": datetime.now(UTC).isoformat(), "edited_timestamp": None}
    return said | empty | at | {"type": 0, "flags": made.flags, "tts": False, "pinned": False, "mention_everyone": False}


async def _main() -> None:
    parser = argparse.ArgumentParser(description="Discord's REST API on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-limits", action="store_true")
    options = parser.parse_args()
    fake = FakeDiscord(token=options.token)
    fake.limits.is_on = not options.no_limits
    await fake.up(options.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
