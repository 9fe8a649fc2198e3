"""Discord on loopback: strict like the real one, with verbs for how it fails. What it is made of is in discord_*.py.

As a process of its own: `python -m tests.fakes.discord --port 0 [--token T] [--no-limits]` prints its URL and serves until ended.
`GET /messages` tells then what it accepted.
"""

import argparse
import asyncio
import sys
from dataclasses import asdict, dataclass

from aiohttp import web

from tests.fakes.discord_ground import TOKEN, Asked, Hook, Moment, Way
from tests.fakes.discord_guilds import Guilds
from tests.fakes.discord_people import Peopled
from tests.fakes.discord_places import BOT
from tests.fakes.discord_posts import Accepted, Shown, as_json
from tests.fakes.discord_serving import limited
from tests.fakes.discord_threads import Threads
from tests.fakes.server import served

__all__ = ["TOKEN", "Accepted", "Asked", "FakeDiscord", "Hook", "Moment", "Shown", "limited"]

UPLOAD_BYTES = 12 * 1024 * 1024
OWNER = BOT | {"id": "7", "username": "owner", "bot": False}


@dataclass
class FakeDiscord(Peopled, Threads, Guilds):
    """Start it with `async with`; `url` is what DISCORD_API_URL should be. People are in
    discord_people.py, verbs for how it fails in discord_verbs.py and discord_faults.py."""

    async def up(self, port: int = 0) -> None:
        """Listen, after `down` on the port of before."""
        port = port or (int(self.url.rpartition(":")[2].partition("/")[0]) if self.url else 0)
        self.is_over = asyncio.Event()
        app = web.Application(client_max_size=UPLOAD_BYTES)
        app.router.add_get("/messages", self._tell)
        self.add_routes(app)
        app.router.add_route("*", "/{rest:.*}", self._nothing)
        self._runner, address = await served(app, port)
        self.url = f"{address}/api/v10"

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        self.way(app, "GET", "/oauth2/applications/@me", Way(kind="application", does=self._application, is_paced=False))

    async def _nothing(self, request: web.Request) -> web.StreamResponse:
        return await self.serve(request, Way(kind="nothing", does=self.nothing, is_paced=False))

    async def _tell(self, _: web.Request) -> web.Response:
        names = ("refusals_429", "repeats_stopped", "posts", "invalid", "identifies", "resumes", "oddities")
        counted = {name: getattr(self, name) for name in names}
        threads = [asdict(each) for each in self.channels.places.values() if each.is_thread]
        return web.json_response({"messages": [as_json(each) for each in self.messages], "threads": threads, **counted})

    async def _application(self, _: web.Request, __: Asked) -> object:
        described = {"id": "108", "name": "paperboy", "description": "", "icon": None, "bot_public": True}
        return described | {"bot_require_code_grant": False, "verify_key": "0" * 64, "owner": OWNER, "flags": 0}


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
