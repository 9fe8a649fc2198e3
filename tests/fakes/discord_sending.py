"""Messages over REST: sent once under their nonce, looked at, changed, deleted."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.fakes.discord_errors import Refusal
from tests.fakes.discord_ground import Asked, Moment, Way
from tests.fakes.discord_messages import Body, checked, require_something
from tests.fakes.discord_places import BOT_ID
from tests.fakes.discord_posts import Accepted, File, Shown, shown
from tests.fakes.discord_serving import Serving


@dataclass
class Sending(Serving):
    """What is said in channels, threads and direct chats."""

    _by_nonce: dict[str, Accepted] = field(default_factory=dict)

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        one = "/channels/{channel}/messages/{message}"
        self.way(app, "POST", "/channels/{channel}/typing", Way(kind="typing", does=self._typing))
        self.way(app, "POST", "/channels/{channel}/messages", Way(kind="message", does=self._send, has_body=True))
        self.way(app, "GET", one, Way(kind="look", does=self._look))
        self.way(app, "PATCH", one, Way(kind="edit", does=self._edit, has_body=True))
        self.way(app, "DELETE", one, Way(kind="delete", does=self._delete))
        app.router.add_get("/attachments/{file}/{name}", self._download)

    def shown(self, channel: str = "") -> list[Shown]:
        """What everybody sees, in order; of one channel with its threads, or of one thread."""
        seen = (shown(each) for each in self.messages if each.is_seen and not each.seen_by)
        return [each for each in seen if not channel or channel in (each.channel, each.thread)]

    def require_message(self, channel: str, message: str) -> Accepted:
        """Raise 10008 where there is none that the bot may see."""
        for each in self.messages:
            if (each.id, each.channel) == (message, channel) and each.is_seen and not each.seen_by:
                return each
        raise Refusal(404, 10008, "Unknown Message")

    def make(self, channel: str, body: Body, files: tuple[File, ...] = (), **more: object) -> Accepted:
        """A message that is not shown yet; `keep` shows it."""
        place = self.channels.at(channel)
        facts: dict[str, Any] = {"id": self.new_id(), "author": BOT_ID, "guild": self.channels.guild_of(channel)}
        facts |= {"parent": place.parent if place.is_thread else "", "nonce": body.nonce}
        facts.update(more)
        return Accepted(
            channel=channel,
            content=body.content,
            flags=body.flags,
            allowed_mentions=body.allowed_mentions,
            at=self.limits.clock(),
            embeds=body.embeds,
            components=body.components,
            attachments=self.uploaded(body.attachments, files),
            reference=body.reference,
            **facts,
        )

    async def keep(self, made: Accepted) -> None:
        """Show it: people see it, a thread leaves the archive, the gateway tells of it."""
        self.unarchive(made.channel)
        await self.record(self.messages, made)
        if not made.seen_by:
            self.happened("MESSAGE_CREATE", self.described_message(made), made.guild)

    def unarchive(self, channel: str) -> None:
        """Take a thread out of the archive, if it is in there."""
        place = self.channels.at(channel)
        if place.archived:
            place.archived = False
            self.happened("THREAD_UPDATE", self.described_channel(channel), self.channels.guild_of(channel))

    def uploaded(self, told: list[dict[str, Any]], files: tuple[File, ...]) -> list[dict[str, Any]]:
        """The attachments of a message; each file can be had under its address from now on."""
        by_id = {str(each["id"]): each for each in told}
        made = []
        for file in files:
            number = self.new_id()
            name = str(by_id.get(file.id, {}).get("filename") or file.name)
            self.files[number] = File(id=number, name=name, content=file.content, kind=file.kind)
            url = f"{self.url.rpartition('/api/')[0]}/attachments/{number}/{name}"
            facts = {"id": number, "filename": name, "size": len(file.content), "content_type": file.kind}
            made.append(facts | {"url": url, "proxy_url": url, "description": by_id.get(file.id, {}).get("description")})
        return made

    # What is asked

    async def _typing(self, _: web.Request, asked: Asked) -> None:
        self.channels.check(asked.channel, is_message=False)

    async def _send(self, request: web.Request, asked: Asked) -> object:
        self.channels.check(asked.channel, is_message=True)
        body = checked(asked.body, files=len(asked.files))
        self.channels.check(asked.channel, is_message=True, has_embeds=bool(body.embeds))
        await self.tell("before", asked, request)
        made = self._known(body)
        if made:
            self.repeats_stopped += 1
        else:
            made = self.make(asked.channel, body, asked.files)
            if body.nonce:
                self._by_nonce[body.nonce] = made
            await self.keep(made)
        await self.tell("accepted", asked, request)
        return self.described_message(made)

    async def tell(self, moment: Moment, asked: Asked, request: web.Request) -> None:
        """Call who wanted to be called; a request whose sender is gone by then is not accepted."""
        if self.on_send:
            await self.on_send(moment, asked)
            if moment == "before":
                self.require_listening(request)

    def _known(self, body: Body) -> Accepted | None:
        """The message that came first under this nonce, in whichever channel."""
        known = self._by_nonce.get(body.nonce) if body.nonce and body.is_enforced else None
        return known if known and self.limits.clock() - known.at < self.nonce_window_s else None

    async def _look(self, _: web.Request, asked: Asked) -> object:
        self.channels.require_seen(asked.channel)
        return self.described_message(self.require_message(asked.channel, asked.params["message"]))

    async def _edit(self, _: web.Request, asked: Asked) -> object:
        self.channels.require_seen(asked.channel)
        found = self.require_message(asked.channel, asked.params["message"])
        if found.author != BOT_ID:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        place = self.channels.at(asked.channel)
        if place.archived:
            raise Refusal(400, 50083, "This thread is archived")
        await self.change(found, checked(asked.body, is_edit=True, files=len(asked.files)), asked.files)
        return self.described_message(found)

    async def change(self, found: Accepted, body: Body, files: tuple[File, ...] = ()) -> None:
        """Edit it: what is given is as it is said now, all else stays. Raises 50006 where nothing would be left."""
        kept = [each for each in found.attachments if each["id"] in {str(told["id"]) for told in body.attachments}]
        attachments = kept if "attachments" in body.given else list(found.attachments)
        will_be = Body(
            content=body.content if "content" in body.given else found.content,
            embeds=body.embeds if "embeds" in body.given else found.embeds,
            components=body.components if "components" in body.given else found.components,
            attachments=attachments,
        )
        require_something(will_be, len(files))
        found.content, found.embeds, found.components = will_be.content, will_be.embeds, will_be.components
        found.attachments = attachments + self.uploaded(body.attachments, files)
        found.edits += 1
        found.edited_at = datetime.now(UTC).isoformat()
        if not found.seen_by:
            self.happened("MESSAGE_UPDATE", self.described_message(found), found.guild)
        await self.tells()

    async def _delete(self, _: web.Request, asked: Asked) -> None:
        self.channels.require_seen(asked.channel)
        found = self.require_message(asked.channel, asked.params["message"])
        found.is_deleted = True
        self.happened("MESSAGE_DELETE", {"id": found.id, "channel_id": found.channel, "guild_id": found.guild}, found.guild)
        await self.tells()

    async def _download(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["file"])
        if file is None or file.name != request.match_info["name"]:
            raise web.HTTPNotFound
        return web.Response(body=file.content, headers={"Content-Type": file.kind})
