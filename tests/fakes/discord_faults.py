"""Faults of the next requests to the fake Discord: it fails, refuses, throttles, hangs, or loses its answer."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn

from aiohttp import web

from tests.fakes.discord_errors import Refusal

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


class Faults:
    """Each hits `times` requests of one `kind` (that of its route), of one `channel` or any, with probability `share`.

    Of requests about a guild, `channel` is the guild.
    """

    faults: list[Fault]
    random: random.Random
    is_over: asyncio.Event

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
