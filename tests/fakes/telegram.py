"""Telegram's Bot API on loopback, strict like the real one, with verbs for how it fails and for the people in its chats.

As a process of its own: `python -m tests.fakes.telegram --port 0 [--token T] [--no-limits]` prints its URL and serves until
ended; `GET /messages` tells then what it accepted. People and their verbs: tests/fakes/telegram_people.py.
"""

import argparse
import asyncio
import inspect
import sys
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.server import served
from tests.fakes.telegram_chats import Refusal
from tests.fakes.telegram_declared import Peopled
from tests.fakes.telegram_faults import ALWAYS, Unharmed
from tests.fakes.telegram_ground import TOKEN, Moment, Toast
from tests.fakes.telegram_methods import BY_NAME, SENDS, Method, told
from tests.fakes.telegram_posts import Posted
from tests.fakes.telegram_reading import UPLOAD_BYTES, Asked, read

__all__ = ("ALWAYS", "TOKEN", "Asked", "FakeTelegram", "Moment", "Posted", "Toast")


@dataclass(slots=True, kw_only=True)
class FakeTelegram(Peopled):
    """Start it with `async with`."""

    async def up(self, port: int = 0) -> None:
        """Listen, after `down` on the port of before."""
        port = port or (int(self.url.rpartition(":")[2]) if self.url else 0)
        self.is_over = asyncio.Event()
        app = web.Application(client_max_size=UPLOAD_BYTES + 1_000_000)
        app.router.add_get("/messages", self._list)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.*}", self._download)
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self._serve)
        self._runner, self.url = await served(app, port)

    async def down(self) -> None:
        """Close the door and every connection: whoever knocks is refused."""
        await self.updates.ends()
        await Peopled.down(self)

    async def _list(self, _: web.Request) -> web.Response:
        names = ("message_id", "chat", "thread", "text", "html", "keyboard", "labels", "is_silent", "is_deleted", "at")
        said = [{name: getattr(each, name) for name in names} | {"edits": len(each.edits)} for each in self.messages]
        return web.json_response({"messages": said, "refusals_429": self.refusals_429})

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            response = await self._answered(request)
        except Refusal as refusal:
            response = _refused(refusal)
        if request.match_info["method"].lower() != "getupdates":
            self.answers[response.status] += 1
        return response

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            fault = self._due("file", "")
            if fault:
                return await fault.act(request)
        except Refusal as refusal:
            return _refused(refusal)
        held = self.paths.get(request.match_info["path"])
        if held is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=held.content, content_type="application/octet-stream")

    async def _answered(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        self._check_token(request.match_info["token"])
        method = BY_NAME.get(name.lower())
        if method is None:
            self.oddities.append(f"no method {name} in this fake")
            raise Refusal(404, "Not Found: method not found")
        unread = self._due(name, "", is_unread=True)
        if unread:
            return await unread.act(request)
        asked = await read(request)
        (self.polls if name.lower() == "getupdates" else self.requests).append(asked)
        self.oddities += [f"{name} has no parameter {each}" for each in asked.params if each not in method.parameters]
        await self.tells()
        fault = self._due(asked.method, asked.chat)
        try:
            if fault and not fault.accepts:
                return await fault.act(request)
        except Unharmed:
            fault = None
        result = await self._done(asked, method)
        if fault:
            return await fault.act(request)
        return web.json_response({"ok": True, "result": result})

    async def _done(self, asked: Asked, method: Method) -> object:
        is_send = asked.method.lower() in SENDS
        if is_send and self.on_send:
            await self.on_send("before", asked)
        result: object = method.run(self, asked)
        if inspect.isawaitable(result):
            result = await result
        if isinstance(result, Posted):
            self.messages.append(result)
        await self.tells()
        if is_send and self.on_send:
            await self.on_send("accepted", asked)
        return told(self, result)

    def _check_token(self, token: str) -> None:
        if token == self.token:
            return
        number, _, rest = token.partition(":")
        if number.isdecimal() and len(rest) >= 30:
            raise Refusal(401, "Unauthorized")
        raise Refusal(404, "Not Found")


def _refused(refusal: Refusal) -> web.Response:
    wait = refusal.parameters.get("retry_after")
    return web.json_response(refusal.body, status=refusal.code, headers={"Retry-After": str(wait)} if wait else {})


async def _main() -> None:
    parser = argparse.ArgumentParser(description="Telegram's Bot API on loopback")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--no-limits", action="store_true")
    options = parser.parse_args()
    fake = FakeTelegram(token=options.token)
    if options.no_limits:
        fake.limits.switched_off()
    await fake.up(options.port)
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
