"""How the fake Discord answers any request: fault, who asks, limits, then what the route does."""

import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, MultipartReader, web

from tests.fakes.discord_errors import Refusal, malformed
from tests.fakes.discord_faults import HTML
from tests.fakes.discord_ground import Asked, Ground, Way, in_json
from tests.fakes.discord_posts import File

BANNED_WITHIN_S, FILE_BYTES = 600.0, 10 * 1024 * 1024


@dataclass
class Serving(Ground):
    """The way of each request through the door."""

    bans_after: int = 10_000  # so many answers of 401, 403 and 429 within ten minutes
    _invalid_at: deque[float] = field(default_factory=deque)

    async def serve(self, request: web.Request, way: Way) -> web.StreamResponse:
        """What is answered."""
        name = f"{way.kind}:{request.match_info.get(way.major, '')}"
        try:
            response = await self._answered(request, way, name)
        except Refusal as refusal:
            response = in_json(refusal.body, refusal.status)
        if way.is_paced and response.status != 429 and not response.prepared:
            response.headers.update(self.limits.headers(name))
        self.answers[response.status] += 1
        if response.status in (401, 403) or (response.status == 429 and response.headers.get("X-RateLimit-Scope") != "shared"):
            self.invalid += 1
            self._invalid_at.append(self.limits.clock())
        return response

    async def _answered(self, request: web.Request, way: Way, name: str) -> web.StreamResponse:
        place = request.match_info.get(way.major, "")
        unread = self.due(way.kind, place, is_unread=True)
        if unread:
            return await unread.act(request)
        asked = await self._asked(request, way, request.match_info.get("channel", ""))
        fault = self.due(way.kind, place)
        if fault and not fault.accepts:
            return await fault.act(request)
        if self._is_banned():
            page = {"Content-Type": "text/html", "Retry-After": "600"}
            return web.Response(body=HTML.format("Error 1015").encode(), status=429, headers=page)
        if not way.is_exempt and (wait_s := self.limits.overall_wait()) > 0:
            return self._limited(wait_s, scope="global")
        if way.is_paced and (wait_s := self.limits.wait(name)) > 0:
            return self._limited(wait_s, scope="user")
        said = await way.does(request, asked)
        if fault:
            return await fault.act(request)
        if isinstance(said, web.StreamResponse):
            return said
        return web.Response(status=204) if said is None else in_json(said)

    async def _asked(self, request: web.Request, way: Way, channel: str) -> Asked:
        headers = {name: value for name, value in request.headers.items() if name != "Authorization"}
        body, files = await _parsed(request, way)
        asked = Asked(
            kind=way.kind,
            channel=channel,
            body=body,
            headers=headers,
            at=time.monotonic(),
            params=dict(request.match_info),
            query=dict(request.query),
            files=files,
        )
        await self.record(self.requests, asked)
        if way.has_token and not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            raise Refusal(403, 40333, "internal network error")
        if way.has_token and (not self.token or request.headers.get("Authorization") != f"Bot {self.token}"):
            raise Refusal(401, 0, "401: Unauthorized")
        return asked

    async def nothing(self, _: web.Request, __: Asked) -> object:
        """A route that is none."""
        raise Refusal(404, 0, "404: Not Found")

    def require_listening(self, request: web.Request) -> None:
        """Raise where whoever asked was killed meanwhile: nothing is accepted from them."""
        if request.transport is None or request.transport.is_closing():
            raise Refusal(400, 0, "nobody is listening")

    def _is_banned(self) -> bool:
        times = self._invalid_at
        while times and times[0] <= self.limits.clock() - BANNED_WITHIN_S:
            times.popleft()
        return len(times) >= self.bans_after

    def _limited(self, wait_s: float, *, scope: str) -> web.Response:
        self.refusals_429 += 1
        return limited(wait_s, scope=scope)


def limited(wait_s: float, *, scope: str) -> web.Response:
    """Discord's 429; what has no Via comes from the wall before it."""
    body = {"message": "You are being rate limited.", "retry_after": round(wait_s, 3), "global": scope == "global"}
    headers = {"Via": "1.1 google", "Retry-After": str(int(wait_s) + 1), "X-RateLimit-Scope": scope}
    return in_json(body, 429, headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {}))


async def _parsed(request: web.Request, way: Way) -> tuple[dict[str, Any], tuple[File, ...]]:
    """The JSON of a request and its files; Discord takes JSON alone, or a form with `payload_json` and `files[n]`."""
    if request.content_type == "multipart/form-data":
        return await _form(request)
    raw = await request.read()
    if not (way.has_body or way.has_list) and not raw:
        return {}, ()
    if request.headers.get("Content-Type", "") != "application/json":
        raise Refusal(400, 50035, "Invalid Form Body", errors={"_errors": [{"code": "CONTENT_TYPE_INVALID", "message": "No."}]})
    return _object(raw, is_list=way.has_list), ()


def _object(raw: bytes, *, is_list: bool = False) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from None
    if is_list and not isinstance(found, list):
        raise malformed("_", "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    if is_list:
        return {"list": found}
    if not isinstance(found, dict):
        raise malformed("_", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    return found


async def _form(request: web.Request) -> tuple[dict[str, Any], tuple[File, ...]]:
    body: dict[str, Any] = {}
    files = []
    async for part in await request.multipart():
        if isinstance(part, MultipartReader) or not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = _object(content)
        elif part.name and part.name.startswith("files["):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            if len(content) > FILE_BYTES:
                raise Refusal(413, 40005, "Request entity too large")
            files.append(File(id=part.name[6:-1], name=part.filename or "file", content=content, kind=kind))
    return body, tuple(files)
