"""Guilds, members and direct chats over REST."""

from dataclasses import dataclass

from aiohttp import web

from tests.fakes.discord_errors import Refusal
from tests.fakes.discord_ground import Asked, Ground, Way
from tests.fakes.discord_places import BOT_ID


@dataclass
class Guilds(Ground):
    """What the bot can ask of where it is, and of whom."""

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        self.way(app, "GET", "/users/@me", Way(kind="me", does=self._me, is_paced=False))
        self.way(app, "POST", "/users/@me/channels", Way(kind="dm", does=self._direct, major="", has_body=True))
        self.way(app, "GET", "/channels/{channel}", Way(kind="channel", does=self._channel, is_paced=False))
        self.way(app, "GET", "/guilds/{guild}", Way(kind="guild", does=self._guild, major="guild"))
        self.way(app, "GET", "/guilds/{guild}/members/{user}", Way(kind="member", does=self._member, major="guild"))

    async def _me(self, _: web.Request, __: Asked) -> object:
        return self.described_user(BOT_ID)

    async def _channel(self, _: web.Request, asked: Asked) -> object:
        self.channels.require_seen(asked.channel)
        return self.described_channel(asked.channel)

    async def _guild(self, _: web.Request, asked: Asked) -> object:
        self.channels.require_guild(asked.params["guild"])
        whole = self.described_guild(asked.params["guild"])
        return {name: each for name, each in whole.items() if name not in ("channels", "threads", "members", "presences")}

    async def _member(self, _: web.Request, asked: Asked) -> object:
        guild, user = asked.params["guild"], asked.params["user"]
        here = self.channels.require_guild(guild)
        if user not in self.channels.users:
            raise Refusal(404, 10013, "Unknown User")
        if user not in here.members and user != here.owner:
            raise Refusal(404, 10007, "Unknown Member")
        return self.described_member(guild, user)

    async def _direct(self, _: web.Request, asked: Asked) -> object:
        user = str(asked.body.get("recipient_id", ""))
        if user not in self.channels.users or user == BOT_ID:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        return self.described_channel(self.direct(user))
