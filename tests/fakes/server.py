"""What every fake stands on: an aiohttp application served on loopback."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Self

from aiohttp import web


async def served(app: web.Application, port: int = 0) -> tuple[web.AppRunner, str]:
    """Start it, on a free port unless one is named; what to clean up at the end, and its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


class ChatPlatform:
    """What both chat platforms' fakes share: a door that opens and closes, and waiting for what they record."""

    requests: Sequence[object]
    messages: Sequence[object]
    is_over: asyncio.Event
    _runner: web.AppRunner | None
    _has_news: asyncio.Condition

    async def __aenter__(self) -> Self:
        await self.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    async def up(self, port: int = 0) -> None:
        """Listen, after `down` on the port of before."""
        raise NotImplementedError

    async def down(self) -> None:
        """Close the door and every connection: whoever knocks is refused."""
        self.is_over.set()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def has_accepted(self, times: int) -> None:
        """Wait until so many messages have been accepted."""
        await self._until(lambda: len(self.messages) >= times)

    async def has_asked(self, times: int) -> None:
        """Wait until so many requests have arrived."""
        await self._until(lambda: len(self.requests) >= times)

    async def _until(self, is_so: Callable[[], bool]) -> None:
        async with self._has_news:
            await self._has_news.wait_for(is_so)
