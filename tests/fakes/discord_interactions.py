"""Interactions of the fake Discord: told by the gateway, answered once within 3 s, followed up for 15 minutes."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.discord_commands import Commands
from tests.fakes.discord_errors import Refusal, malformed
from tests.fakes.discord_ground import Asked, Way
from tests.fakes.discord_messages import EPHEMERAL, checked
from tests.fakes.discord_modals import checked_modal
from tests.fakes.discord_places import BOT_ID
from tests.fakes.discord_posts import Accepted
from tests.fakes.discord_sending import Sending
from tests.fakes.discord_uses import (
    ANSWERS,
    CHOICES,
    COMPLETE,
    DEFERRED,
    FILL,
    MESSAGE,
    MODAL,
    PATIENCE_S,
    UPDATE,
    Modal,
    Use,
    checked_choices,
)

ANSWER_S, TOKEN_S = 3.0, 900.0
UPLOAD_BYTES = 10 * 1024 * 1024
LOADING = 1 << 7
GLANCE_S = 0.05


@dataclass
class Interactions(Commands, Sending):
    """`uses` are all that ever were, by id. What a real Discord or a person would complain of is in `oddities`."""

    uses: dict[str, Use] = field(default_factory=dict)
    answer_s: float = ANSWER_S

    def add_routes(self, app: web.Application) -> None:
        super().add_routes(app)
        hook, of = "/webhooks/{app}/{token}", "/messages/{message}"
        for verb, path, kind, does, has_body in (
            ("POST", "/interactions/{interaction}/{token}/callback", "callback", self._callback, True),
            ("POST", hook, "webhook", self._follow, True),
            ("GET", hook + of, "webhook", self._get, False),
            ("PATCH", hook + of, "webhook", self._patch, True),
            ("DELETE", hook + of, "webhook", self._drop, False),
        ):
            is_hook = kind == "webhook"
            way = Way(kind=kind, does=does, major="token", is_paced=is_hook, is_exempt=True, has_token=False, has_body=has_body)
            self.way(app, verb, path, way)

    async def down(self) -> None:
        for use in self.uses.values():
            if use.alarm:
                use.alarm.cancel()
        await super().down()

    def later(self, minutes: float) -> None:
        """The platform's clock goes ahead: interactions grow old, tokens expire."""
        self.ahead_s += minutes * 60

    def forgives(self) -> None:
        """Nobody complains of what was not answered yet: the bot is about to be killed."""
        for use in self.uses.values():
            use.is_forgiven = True

    @property
    def unanswered(self) -> list[Use]:
        """What nobody has answered."""
        return [use for use in self.uses.values() if not use.is_answered]

    async def no_loose_ends(self, within_s: float = PATIENCE_S) -> None:
        """Wait until all that the bot heard is answered, and what was put off followed up; then nothing may be odd."""
        try:
            async with asyncio.timeout(within_s):
                await self._until(lambda: not self._loose())
        except TimeoutError:
            self.oddities += [f"{use.name}: the bot is thinking for ever" for use in self._loose() if use.is_loading]
        assert self.oddities == []

    def _loose(self) -> list[Use]:
        late = self.now() - self.answer_s
        waiting = [use for use in self.uses.values() if use.was_heard and not use.is_forgiven]
        return [use for use in waiting if use.is_loading or (not use.is_answered and use.began > late)]

    async def _until(self, is_so: Callable[[], bool]) -> None:
        """Looks now and then too: time alone can make it so, and what a bot does without a word."""
        async with self._has_news:
            while not is_so():
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(GLANCE_S):
                        await self._has_news.wait()

    # It begins

    def begins(
        self, kind: int, person: str, channel: str, data: dict[str, Any], *, name: str, message: Accepted | None = None
    ) -> Use:
        """Tell the bot of it, as far as one is there to hear."""
        guild = self.channels.guild_of(channel)
        use = Use(
            id=self.new_id(),
            token=f"aW50ZXJhY3Rpb246{self.random.getrandbits(160):040x}",
            kind=kind,
            person=person,
            channel=channel,
            guild=guild,
            data=data,
            name=name,
            began=self.now(),
            message=message,
            until=self._until,
        )
        self.uses[use.id] = use
        use.was_heard = self.dispatch("INTERACTION_CREATE", self._told(use))
        if use.was_heard:
            use.alarm = asyncio.get_running_loop().call_later(self.answer_s, self._complain, use, list(self._lines))
        return use

    def _complain(self, use: Use, lines: list[Any]) -> None:
        is_there = any(line in self._lines for line in lines)  # a bot that was killed meanwhile is forgiven
        if is_there and not use.is_answered and not use.is_forgiven:
            self.oddities.append(f"{use.name}: nobody answered within {self.answer_s:g} s")

    def _told(self, use: Use) -> dict[str, Any]:
        user = self.channels.users[use.person]
        said = {"id": use.id, "application_id": BOT_ID, "type": use.kind, "token": use.token, "version": 1, "data": use.data}
        said |= {"channel_id": use.channel, "locale": user.locale, "entitlements": [], "entitlement_sku_ids": []}
        said |= {"attachment_size_limit": UPLOAD_BYTES, "context": 0 if use.guild else 1}
        said["authorizing_integration_owners"] = {"0": use.guild or "0"}
        channel = self.described_channel(use.channel)
        if use.guild:
            here = self.channels.guilds[use.guild]
            may = str(here.permissions(use.person))
            said |= {
                "guild_id": use.guild,
                "guild_locale": here.locale,
                "app_permissions": str(self.app_permissions(use.channel)),
            }
            said |= {"guild": {"id": use.guild, "locale": here.locale, "features": []}}
            said |= {"member": self.described_member(use.guild, use.person) | {"permissions": may}}
            channel |= {"permissions": may}
        else:
            said |= {"user": user.described(), "app_permissions": "2147483647"}
        said["channel"] = channel
        return said | ({"message": self.described_message(use.message)} if use.message else {})

    def app_permissions(self, channel: str) -> int:
        """What the bot may do in that channel, in Discord's bits."""
        place, here = self.channels.at(channel), self.channels
        may = here.guilds[here.guild_of(channel)].permissions(BOT_ID)
        around = {channel, place.parent}
        for taken, bits in (
            (here.silenced, 1 << 11),
            (here.hidden, 1 << 10),
            (here.no_threads, 1 << 35),
            (here.no_words_in_threads, 1 << 38),
            (here.no_embeds, 1 << 14),
        ):
            may &= ~bits if around & taken else ~0
        return may

    # It is answered

    async def _callback(self, request: web.Request, asked: Asked) -> object:
        use = self.uses.get(asked.params["interaction"])
        if use is None or use.token != asked.params["token"]:
            raise Refusal(404, 10062, "Unknown interaction")
        after_s = self.now() - use.began
        if use.is_answered:
            self.oddities.append(f"{use.name} was answered twice")
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        if after_s > self.answer_s:
            if use.was_heard:  # else it was told of by a resumed session alone
                self.oddities.append(f"{use.name} was answered after {after_s:.1f} s")
            raise Refusal(404, 10062, "Unknown interaction")
        await self.tell("before", asked, request)
        kind = asked.body.get("type")
        allowed = (MESSAGE, DEFERRED) if use.kind == FILL and use.message is None else ANSWERS[use.kind]
        try:
            if not isinstance(kind, int) or kind not in allowed:
                raise malformed("type", "BASE_TYPE_CHOICES", f"Value must be one of {allowed}.")
            use.answered_with, use.answered_within_s = kind, after_s  # at once: the second answer may be here already
            await self._answers(use, kind, asked.body.get("data") or {}, asked)
        except Refusal as refusal:
            use.answered_with, use.answered_within_s = 0, None
            self.oddities.append(f"{use.name} was answered with what Discord does not take: {refusal.body}")
            raise
        await self.tells()
        await self.tell("accepted", asked, request)
        return self._callback_told(use, kind) if request.query.get("with_response", "").lower() in ("1", "true") else None

    async def _answers(self, use: Use, kind: int, data: dict[str, Any], asked: Asked) -> None:
        if kind == MESSAGE:
            use.reserved_id, use.is_ephemeral = self.new_id(), bool(data.get("flags", 0) & EPHEMERAL)
            use.original = await self._shown_for(use, data, asked, id=use.reserved_id)
        elif kind == DEFERRED:
            use.reserved_id, use.is_ephemeral = self.new_id(), bool(data.get("flags", 0) & EPHEMERAL)
        elif kind == UPDATE and use.message:
            said = checked(data, is_interaction=True, is_edit=True, files=len(asked.files))
            await self.change(use.message, said, asked.files)
        elif kind == CHOICES:
            use.choices = checked_choices(data)
        elif kind == MODAL:
            self._open(use, data)
        use.original = use.message if use.is_update else use.original

    def _open(self, use: Use, data: dict[str, Any]) -> None:
        fields = tuple(checked_modal(data))
        rows = tuple(data["components"])
        use.modal = Modal(custom_id=data["custom_id"], title=data["title"], components=rows, fields=fields, use=use)

    def _callback_told(self, use: Use, kind: int) -> dict[str, Any]:
        told: dict[str, Any] = {"id": use.id, "type": use.kind, "channel_id": use.channel}
        said = use.original if kind in (MESSAGE, UPDATE) else None
        if kind in (MESSAGE, DEFERRED):
            told |= {"response_message_id": use.reserved_id, "response_message_loading": kind == DEFERRED}
            told |= {"response_message_ephemeral": use.is_ephemeral}
        elif use.message and use.kind != COMPLETE:
            told |= {"response_message_id": use.message.id, "response_message_loading": False}
        resource = {"type": kind} | ({"message": self.described_message(said)} if said else {})
        return {"interaction": told} | ({"resource": resource} if kind in (MESSAGE, UPDATE, MODAL) else {})

    # It is followed up

    def _held(self, asked: Asked) -> Use:
        """The interaction of a token. One that nobody answered yet has no webhook."""
        use = next((each for each in self.uses.values() if each.token == asked.params["token"]), None)
        if use is None or self.now() - use.began > TOKEN_S:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if asked.params["app"] != BOT_ID or not use.is_answered:
            raise Refusal(404, 10015, "Unknown Webhook")
        return use

    async def _follow(self, _: web.Request, asked: Asked) -> object:
        use = self._held(asked)
        if use.is_loading:
            if asked.body.get("flags", 0) & EPHEMERAL and not use.is_ephemeral:
                self.oddities.append(f"{use.name}: what was meant for one is seen by all, for the deferral was")
            return self.described_message(await self._completed(use, asked))
        made = await self._shown_for(use, asked.body, asked)
        use.follow_ups.append(made)
        await self.tells()
        return self.described_message(made)

    async def _get(self, _: web.Request, asked: Asked) -> object:
        use = self._held(asked)
        if asked.params["message"] in ("@original", use.reserved_id) and use.is_loading:
            flags = LOADING | (EPHEMERAL if use.is_ephemeral else 0)
            empty = self.make(use.channel, checked({"content": "-"}), id=use.reserved_id)
            empty.content, empty.flags, empty.interaction = "", flags, self._metadata(use)
            return self.described_message(empty)
        return self.described_message(use.require_message(asked.params["message"]))

    async def _patch(self, _: web.Request, asked: Asked) -> object:
        use = self._held(asked)
        if asked.params["message"] in ("@original", use.reserved_id) and use.is_loading:
            return self.described_message(await self._completed(use, asked))
        found = use.require_message(asked.params["message"])
        await self.change(found, checked(asked.body, is_interaction=True, is_edit=True, files=len(asked.files)), asked.files)
        return self.described_message(found)

    async def _drop(self, _: web.Request, asked: Asked) -> None:
        use = self._held(asked)
        if asked.params["message"] in ("@original", use.reserved_id) and use.is_loading:
            use.is_original_deleted = True
        else:
            found = use.require_message(asked.params["message"])
            found.is_deleted = True
            if not found.seen_by:
                self.happened("MESSAGE_DELETE", {"id": found.id, "channel_id": found.channel}, found.guild)
        await self.tells()

    async def _completed(self, use: Use, asked: Asked) -> Accepted:
        """What takes the place of the thinking; whoever it was put off for sees it, whatever flags say now."""
        flags = asked.body.get("flags", 0) & ~EPHEMERAL | (EPHEMERAL if use.is_ephemeral else 0)
        use.original = await self._shown_for(use, asked.body | {"flags": flags}, asked, id=use.reserved_id)
        await self.tells()
        return use.original

    async def _shown_for(self, use: Use, said: dict[str, Any], asked: Asked, **more: str) -> Accepted:
        body = checked(said, is_interaction=True, files=len(asked.files))
        made = self.make(use.channel, body, asked.files, **more)
        made.seen_by = use.person if body.flags & EPHEMERAL else ""
        made.interaction = self._metadata(use)
        await self.keep(made)
        return made

    def _metadata(self, use: Use) -> dict[str, Any]:
        user = self.channels.users[use.person].described()
        return {"id": use.id, "type": use.kind, "user": user, "authorizing_integration_owners": {"0": use.guild or "0"}}
