"""The bot's own small web server: what comes to a path is handed to whoever asked for that path. It decides nothing."""

import asyncio
import json
import os
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.errors import BadSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Take = Callable[[dict[str, Any]], Awaitable[None]]

MOST_BYTES = 1_000_000  # of a body; more is answered with 413
BODY_S = 30.0  # for all of a body
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (a header's name)
_STOP_S = 5.0


class Web:
    """Serves from `start` to `stop`; paths are added before. Nothing is logged of requests: an address may tell of people."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._app = web.Application(client_max_size=MOST_BYTES)
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """Where it listens; before that what it was given, of which 0 stands for any that is free."""
        return int(self._runner.addresses[0][1]) if self._runner else self._port

    def add_post(self, path: str, handler: Handler) -> None:
        """Hand each POST to this very path to `handler`. RuntimeError once it has started."""
        place = web.PlainResource(path)  # whose braces, unlike those of `add_resource`, are no pattern
        self._app.router.register_resource(place)
        place.add_route("POST", handler)

    async def start(self) -> None:
        """Listen. Raises BadSettings if that place is taken, or is none of this machine."""
        runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=_STOP_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            await runner.cleanup()
            raise BadSettings((_unheard(self._host, self._port, error),)) from error
        self._runner = runner

    async def stop(self) -> None:
        """Take nothing more; answers in hand get five seconds. Harmless if it does not serve."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()


def _unheard(host: str, port: int, error: OSError) -> str:
    # asyncio's own text repeats the address; a name that is not known has a number below zero, and a text of its own.
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return (
        f"WEB_HOST and WEB_PORT: nothing can listen at {host}:{port} ({reason}); stop what does already, or choose another place."
    )


def telegram_route(secret: str, take: Take) -> Handler:
    """What takes Telegram's updates: 403 without `secret`, 400 for what is no JSON object, else 200 once it is handed to `take`.

    `take` must be quick: Telegram waits for the answer, and gives an update again that is answered with an error.
    """

    async def receive(request: web.Request) -> web.Response:
        told = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not secrets.compare_digest(told, secret.encode()):
            return web.Response(status=HTTPStatus.FORBIDDEN)
        update = await _object(request)
        if update is None:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        await take(update)
        return web.Response()

    return receive


async def _object(request: web.Request) -> dict[str, Any] | None:
    """The JSON object in a body; None if it holds none, or does not come to its end."""
    try:
        async with asyncio.timeout(BODY_S):
            found = json.loads(await request.read())
    except (ValueError, RecursionError, TimeoutError):
        return None
    return found if isinstance(found, dict) else None
