"""Sessions of the fake Discord's gateway, the lines on which they are told of events, and which events they asked for."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.discord_places import BOT_ID

GUILDS, MEMBERS, PRESENCES, CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 15
PRIVILEGED = MEMBERS | PRESENCES | CONTENT
# What is sent whatever was asked for, and what an intent brings. All else is sent to nobody.
_ALWAYS = frozenset(("READY", "RESUMED", "INTERACTION_CREATE", "USER_UPDATE"))
_OF_GUILDS = ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE", "GUILD_ROLE_", "CHANNEL_", "THREAD_")
_OF_MEMBERS = ("GUILD_MEMBER_", "THREAD_MEMBERS_UPDATE")
_OF_MESSAGES, _OF_DIRECT, _OF_REACTIONS = 1 << 9, 1 << 12, 1 << 10


@dataclass(slots=True, eq=False)
class Session:
    """What one IDENTIFY opened: `events` are all that it was ever told, the first has number 1."""

    id: str
    intents: int
    events: list[dict[str, Any]] = field(default_factory=list)
    line: "Line | None" = None

    def add(self, name: str, data: object) -> None:
        event = {"op": 0, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(json.loads(json.dumps(event)))
        if self.line:
            self.line.has_news.set()


@dataclass(slots=True, eq=False)
class Line:
    """One websocket, and how many of its session's events were written to it."""

    socket: web.WebSocketResponse
    request: web.Request
    session: Session | None = None
    written: int = 0
    is_deaf: bool = False
    has_news: asyncio.Event = field(default_factory=asyncio.Event)
    heard: deque[float] = field(default_factory=deque)

    async def say(self, op: int, data: object = None) -> None:
        if not self.socket.closed:
            await self.socket.send_str(json.dumps({"op": op, "t": None, "s": None, "d": data}))


def is_told(name: str, intents: int, data: object) -> bool:
    """Whether a session with these intents is told of it."""
    if name in _ALWAYS:
        return True
    if name.startswith(_OF_MEMBERS):
        return bool(intents & MEMBERS) or (isinstance(data, dict) and data.get("user", {}).get("id") == BOT_ID)
    if name.startswith(_OF_GUILDS):
        return bool(intents & GUILDS)
    is_in_guild = isinstance(data, dict) and "guild_id" in data
    if name.startswith("MESSAGE_REACTION"):
        return bool(intents & (_OF_REACTIONS if is_in_guild else 1 << 13))
    return name.startswith("MESSAGE_") and bool(intents & (_OF_MESSAGES if is_in_guild else _OF_DIRECT))
