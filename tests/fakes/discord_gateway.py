"""Discord's gateway on loopback: one websocket a bot, sessions that are resumed, and how it fails.

HELLO -> IDENTIFY -> READY -> GUILD_CREATE of each guild -> events, numbered in their session
HELLO -> RESUME -> what was missed -> RESUMED
"""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, NoReturn

from aiohttp import WSMsgType, web

from tests.fakes.discord_ground import Ground, in_json
from tests.fakes.discord_places import BOT, BOT_ID
from tests.fakes.discord_sessions import GUILDS, PRIVILEGED, Line, Session, is_told

ALL_INTENTS = (1 << 26) - 1
EVENTS_A_MINUTE, LARGEST_FRAME = 120, 4096


class Closed(Exception):
    """The gateway hangs up, with its reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


@dataclass
class Gateway(Ground):
    """The gateway's half of the platform. `heartbeat_s` may be short; `asked_intents` is all that a bot may ask for."""

    heartbeat_s: float = 41.25
    asked_intents: int = GUILDS
    identifies: int = 0
    resumes: int = 0
    heartbeats: int = 0
    connections: int = 0  # websockets that were opened, and those that `refuses_gateway` kept out
    sessions: dict[str, Session] = field(default_factory=dict)
    oddities: list[str] = field(default_factory=list)
    away: set[str] = field(default_factory=set)  # guilds that are not available
    _lines: list[Line] = field(default_factory=list)
    _refused: int = 0
    _is_connected: asyncio.Event = field(default_factory=asyncio.Event)

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        for path in ("/api/v10/gateway", "/api/v10/gateway/bot"):
            app.router.add_get(path, self._tell_gateway)
        app.router.add_get("/gateway", self._serve_gateway)
        app.router.add_get("/gateway/", self._serve_gateway)

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` should be."""
        return f"{self.url.removesuffix('/api/v10').replace('http', 'ws', 1)}/gateway"

    # Verbs

    async def connected(self) -> None:
        """Wait until a bot is READY, or has resumed, and is there."""
        await self._is_connected.wait()

    @property
    def is_connected(self) -> bool:
        return self._is_connected.is_set()

    async def drops_gateway(self, code: int = 1006) -> None:
        """Every websocket ends: 1006 without a word, else with this code. Sessions can be resumed."""
        for line in list(self._lines):
            await self._hang_up(line, code)

    async def asks_to_reconnect(self) -> None:
        """Op 7: the bot should come again and resume."""
        for line in list(self._lines):
            await line.say(7)

    def forgets_sessions(self) -> None:
        """No session can be resumed; whoever tries is told so, and has to identify anew."""
        for session in self.sessions.values():
            session.line = None
        self.sessions.clear()

    def refuses_gateway(self, *, times: int = 1) -> None:
        """The next websockets are answered 503 instead of being opened."""
        self._refused = times

    def gateway_stops_answering(self) -> None:
        """The lines that are open stay open, but nothing is said on them any more, not even to heartbeats."""
        for line in self._lines:
            line.is_deaf = True
        self._is_connected.clear()

    def loses_guild(self, guild: str = "1") -> None:
        """An outage: the guild is not available, though the bot is still in it."""
        self.away.add(guild)
        self.happened("GUILD_DELETE", {"id": guild, "unavailable": True}, guild)

    def finds_guild(self, guild: str = "1") -> None:
        """The outage is over."""
        self.happened("GUILD_CREATE", self.described_guild(guild), guild)
        self.away.discard(guild)

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        """Tell it to the sessions that asked for its kind."""
        if event == "GUILD_CREATE" and guild not in self.away:  # one that is joined, not one that is back
            data = {name: value for name, value in data.items() if name != "unavailable"}
        of_guild = {} if event in ("GUILD_CREATE", "GUILD_DELETE", "GUILD_UPDATE") or not guild else {"guild_id": guild}
        self.dispatch(event, data | of_guild)

    def dispatch(self, name: str, data: object) -> bool:
        """Tell every session that asked for it; whether a bot that is there will hear it."""
        heard = [session for session in self.sessions.values() if is_told(name, session.intents, data)]
        for session in heard:
            session.add(name, data)
        return any(session.line and not session.line.is_deaf for session in heard)

    # What is spoken

    async def _tell_gateway(self, request: web.Request) -> web.Response:
        if request.path.endswith("bot") and request.headers.get("Authorization") != f"Bot {self.token}":
            return in_json({"message": "401: Unauthorized", "code": 0}, 401)
        limit = {"total": 1000, "remaining": 1000 - self.identifies, "reset_after": 14_400_000, "max_concurrency": 1}
        more = {"shards": 1, "session_start_limit": limit} if request.path.endswith("bot") else {}
        return in_json({"url": self.gateway_url, **more})

    async def _serve_gateway(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        if self._refused > 0:
            self._refused -= 1
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=1_000_000)
        await socket.prepare(request)
        line = Line(socket, request)
        if request.query.get("v") != "10" or request.query.get("encoding") != "json":
            self.oddities.append(f"gateway asked for with {dict(request.query)}")
            await socket.close(code=4012, message=b"Invalid API version")
            return socket
        self._lines.append(line)
        writer = asyncio.create_task(self._write(line))
        try:
            await line.say(10, {"heartbeat_interval": int(self.heartbeat_s * 1000), "_trace": ["fake"]})
            await self._listen(line)
        except Closed as closed:
            await socket.close(code=closed.code, message=closed.reason.encode())
        except ConnectionError:
            pass
        finally:
            writer.cancel()
            self._left(line)
        return socket

    async def _listen(self, line: Line) -> None:
        async for frame in line.socket:
            if frame.type is not WSMsgType.TEXT:
                _refuse(4002, "Decode error")
            self._check_pace(line, frame.data)
            try:
                said = json.loads(frame.data)
                op, data = said["op"], said.get("d")
            except (ValueError, TypeError, KeyError):
                _refuse(4002, "Decode error")
            match op:
                case 1:
                    self.heartbeats += 1
                    if not line.is_deaf:
                        await line.say(11)
                case 2:
                    await self._identify(line, data)
                case 6:
                    await self._resume(line, data)
                case 3 | 4 | 8 if line.session:
                    self.oddities.append(f"gateway was told op {op}")
                case 3 | 4 | 8:
                    _refuse(4003, "Not authenticated")
                case _:
                    _refuse(4001, "Unknown opcode")
        is_here = line.session is not None and line.session.line is line
        if line.session and is_here and line.socket.close_code in (1000, 1001):  # the bot left for good
            self.sessions.pop(line.session.id, None)

    def _check_pace(self, line: Line, frame: str) -> None:
        now = time.monotonic()
        line.heard.append(now)
        while line.heard[0] < now - 60:
            line.heard.popleft()
        if len(line.heard) > EVENTS_A_MINUTE:
            self.oddities.append(f"more than {EVENTS_A_MINUTE} events in a minute were sent to the gateway")
            _refuse(4008, "Rate limited")
        if len(frame.encode()) > LARGEST_FRAME:
            self.oddities.append("a frame of more than 4,096 bytes was sent to the gateway")
            _refuse(4002, "Decode error")

    async def _identify(self, line: Line, data: dict[str, Any]) -> None:
        if line.session:
            _refuse(4005, "Already authenticated")
        if not self.token or data.get("token") != self.token:
            _refuse(4004, "Authentication failed")
        if not {"os", "browser", "device"} <= set(data.get("properties", {})):
            _refuse(4002, "Decode error")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~ALL_INTENTS:
            _refuse(4013, "Invalid intents")
        if data.get("shard", [0, 1]) != [0, 1]:
            _refuse(4010, "Invalid shard")
        if intents != self.asked_intents:
            self.oddities.append(f"intents {intents:#x} were asked for instead of {self.asked_intents:#x}")
        if intents & PRIVILEGED & ~self.asked_intents:
            _refuse(4014, "Disallowed intents")
        self.identifies += 1
        session = Session(f"session{self.identifies}", intents)
        self.sessions[session.id] = session
        guilds = [each for each in self.channels.guilds if each not in self.channels.removed_guilds and intents & GUILDS]
        awaited = [{"id": each, "unavailable": True} for each in guilds]
        ready = {"v": 10, "user": BOT, "guilds": awaited, "session_id": session.id, "resume_gateway_url": self.gateway_url}
        ready |= {"application": {"id": BOT_ID, "flags": 0}, "shard": [0, 1], "session_type": "normal"}
        session.add("READY", ready | {"private_channels": [], "relationships": [], "geo_ordered_rtc_regions": []})
        for each in guilds:
            if each not in self.away:
                session.add("GUILD_CREATE", self.described_guild(each))
        self._take(line, session, after=0)

    async def _resume(self, line: Line, data: dict[str, Any]) -> None:
        if line.session:
            _refuse(4005, "Already authenticated")
        if not self.token or data.get("token") != self.token:
            _refuse(4004, "Authentication failed")
        session = self.sessions.get(data.get("session_id", ""))
        if session is None:
            await line.say(9, False)
            return
        seq = data.get("seq")
        if not isinstance(seq, int) or not 0 <= seq <= len(session.events):
            self.sessions.pop(session.id)
            _refuse(4007, "Invalid seq")
        if session.line:
            await self._hang_up(session.line, 4000)
        self.resumes += 1
        session.add("RESUMED", {"_trace": ["fake"]})
        self._take(line, session, after=seq)

    def _take(self, line: Line, session: Session, *, after: int) -> None:
        line.session, line.written, session.line = session, after, line
        line.has_news.set()
        self._is_connected.set()

    async def _write(self, line: Line) -> None:
        while True:
            await line.has_news.wait()
            line.has_news.clear()
            while line.session and not line.is_deaf and line.written < len(line.session.events):
                line.written += 1
                try:
                    await line.socket.send_str(json.dumps(line.session.events[line.written - 1]))
                except ConnectionError:
                    return

    async def _hang_up(self, line: Line, code: int) -> None:
        self._left(line)
        if code == 1006:
            if line.request.transport:
                line.request.transport.abort()
        else:
            await line.socket.close(code=code)

    def _left(self, line: Line) -> None:
        if line in self._lines:
            self._lines.remove(line)
        if line.session and line.session.line is line:
            line.session.line = None
        if not any(each.session and not each.is_deaf for each in self._lines):
            self._is_connected.clear()


def _refuse(code: int, reason: str) -> NoReturn:
    raise Closed(code, reason)
