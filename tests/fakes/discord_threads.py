"""Threads over REST: made from a message, once; posts of forums, which nothing keeps from coming twice; who may change one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.fakes.discord_errors import Errors, Refusal
from tests.fakes.discord_ground import Asked, Way
from tests.fakes.discord_messages import Body, checked
from tests.fakes.discord_places import BOT_ID, FORUM, NEWS, NEWS_THREAD, TEXT, THREAD, Channel
from tests.fakes.discord_sending import Sending

NAME_CHARS, TAGS, SLOWEST_S = 100, 5, 21600
ARCHIVED_AFTER = (60, 1440, 4320, 10080)


@dataclass
class Threads(Sending):
    """Where papers are told apart from each other's talk."""

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        made_from = "/channels/{channel}/messages/{message}/threads"
        self.way(app, "POST", made_from, Way(kind="thread", does=self._thread_from_message, has_body=True))
        self.way(app, "POST", "/channels/{channel}/threads", Way(kind="post", does=self._post, has_body=True))
        self.way(app, "GET", "/guilds/{guild}/threads/active", Way(kind="active", does=self._active, major="guild"))
        self.way(app, "PATCH", "/channels/{channel}", Way(kind="change", does=self._change, has_body=True))

    def threads_of(self, parent: str) -> list[Channel]:
        """The threads and posts of a channel that are there, in the order in which they came."""
        return [each for each in self.channels.places.values() if each.parent == parent and each.id not in self.channels.deleted]

    async def _thread_from_message(self, request: web.Request, asked: Asked) -> object:
        """The thread's id is the message's. A thread that was deleted can be made anew."""
        self.channels.require_seen(asked.channel)
        parent = self.channels.at(asked.channel)
        if parent.kind not in (TEXT, NEWS):
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        self.channels.check_new_thread(parent)
        facts = _thread(asked.body)
        message = self.require_message(asked.channel, asked.params["message"])
        await self.tell("before", asked, request)
        if message.thread and message.thread not in self.channels.deleted:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        self.channels.require_room(parent)
        self.channels.deleted.discard(message.id)
        message.thread = message.id
        made = self._kept(parent, message.id, facts)
        self.happened("MESSAGE_UPDATE", self.described_message(message), message.guild)
        await self.tell("accepted", asked, request)
        return self.described_channel(made.id)

    async def _post(self, request: web.Request, asked: Asked) -> object:
        """In a forum a post, with its first message; anywhere else a thread with nothing in it."""
        self.channels.require_seen(asked.channel)
        parent = self.channels.at(asked.channel)
        if parent.kind not in (TEXT, NEWS, FORUM):
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        self.channels.check_new_thread(parent)
        facts = _thread(asked.body)
        body = _first_message(parent, asked)
        if body and body.embeds and parent.id in self.channels.no_embeds:
            raise Refusal(403, 50013, "Missing Permissions")
        applied = _applied(parent, asked.body)
        await self.tell("before", asked, request)
        self.channels.require_room(parent)
        thread = self._kept(parent, self.new_id(), facts, applied)
        said = self.described_channel(thread.id)
        if body:
            thread.hidden_for = parent.hides_for
            self.posts += 1
            first = self.make(thread.id, body, asked.files, id=thread.id, nonce="", is_post=True)
            await self.keep(first)
            said["message"] = self.described_message(first)
        await self.tell("accepted", asked, request)
        return said

    def _kept(self, parent: Channel, number: str, facts: dict[str, Any], applied: tuple[str, ...] = ()) -> Channel:
        kind = NEWS_THREAD if parent.kind == NEWS else THREAD
        guild = self.channels.guild_of(parent.id)
        made = Channel(id=number, guild=guild, kind=kind, parent=parent.id, owner_id=BOT_ID, applied=applied, **facts)
        self.channels.places[number] = made
        self.happened("THREAD_CREATE", self.described_channel(number) | {"newly_created": True}, guild)
        return made

    async def _active(self, _: web.Request, asked: Asked) -> object:
        guild = asked.params["guild"]
        self.channels.require_guild(guild)
        found = []
        for each in self.channels.active_threads(guild):
            if each.hidden_for > 0:
                each.hidden_for -= 1
            else:
                found.append(self.described_channel(each.id))
        return {"threads": found, "members": [each["member"] for each in found if "member" in each], "has_more": False}

    async def _change(self, _: web.Request, asked: Asked) -> object:
        """Whoever made a thread may rename it, archive it and fetch it back; to lock it takes a right that the bot lacks."""
        self.channels.require_seen(asked.channel)
        place = self.channels.at(asked.channel)
        if not place.is_thread or place.locked or "locked" in asked.body or place.owner_id not in ("", BOT_ID):
            raise Refusal(403, 50013, "Missing Permissions")
        if place.archived and asked.body.get("archived") is not False:
            raise Refusal(400, 50083, "This thread is archived")
        facts = _thread(asked.body, is_new=False)
        place.name, place.archive_after = facts.get("name", place.name), facts.get("archive_after", place.archive_after)
        if "applied_tags" in asked.body:
            place.applied = _applied(self.channels.at(place.parent), asked.body)
        if isinstance(asked.body.get("archived"), bool):
            place.archived, place.archived_at = asked.body["archived"], datetime.now(UTC).isoformat()
        self.happened("THREAD_UPDATE", self.described_channel(place.id), self.channels.guild_of(place.id))
        return self.described_channel(place.id)


def _thread(body: dict[str, Any], *, is_new: bool = True) -> dict[str, Any]:
    """What a body says of a thread itself."""
    errors, facts = Errors(), {}
    name, after, slow = body.get("name"), body.get("auto_archive_duration"), body.get("rate_limit_per_user")
    if name is None and is_new:
        errors.required("name")
    elif name is not None and (not isinstance(name, str) or not 1 <= len(name.strip()) <= NAME_CHARS):
        errors.bad_length("name", 1, NAME_CHARS)
    elif name is not None:
        facts["name"] = name.strip()
    if after is not None and after not in ARCHIVED_AFTER:
        errors.no_choice("auto_archive_duration", ARCHIVED_AFTER)
    elif after is not None:
        facts["archive_after"] = after
    if slow is not None and (not isinstance(slow, int) or not 0 <= slow <= SLOWEST_S):
        errors.add("rate_limit_per_user", "NUMBER_TYPE_MAX", f"int value should be between 0 and {SLOWEST_S}.")
    errors.raise_if_any()
    return facts


def _first_message(parent: Channel, asked: Asked) -> Body | None:
    """The message that begins a post; only a forum takes one, and it must."""
    errors, said = Errors(), asked.body.get("message")
    if parent.kind != FORUM:
        if said is not None:
            errors.add("message", "MODEL_TYPE_CONVERT", "A thread of a text channel begins without a message.")
        errors.raise_if_any()
        return None
    if not isinstance(said, dict):
        errors.required("message")
        raise errors.refusal()
    try:
        return checked(said, files=len(asked.files))
    except Refusal as refusal:
        if "errors" in refusal.body:
            refusal.body["errors"] = {"message": refusal.body["errors"]}
        raise


def _applied(forum: Channel, body: dict[str, Any]) -> tuple[str, ...]:
    """The tags of a post. Raises Refusal for one that the forum has not, and where one is needed."""
    tags = tuple(str(each) for each in body.get("applied_tags") or ())
    if len(tags) > TAGS:
        errors = Errors()
        errors.too_long("applied_tags", TAGS)
        raise errors.refusal()
    if not set(tags) <= {each.id for each in forum.tags}:
        raise Refusal(400, 10087, "Unknown Tag")
    if forum.requires_tag and not tags:
        raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")
    return tags
