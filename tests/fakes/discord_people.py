"""People of the fake Discord, with a verb for whatever they do with a bot; each makes the event that Discord makes.

    reader = fake.person("1001", name="ada", locale="en-US")            # on server 1; guild="" for one who is on no server
    boss = fake.person("1002", manages_guild=True)                      # permissions=... for other bits
    reader.joins("2", manages_guild=True); reader.leaves("2")           # servers: fake.guild("2", "Lab"), channels: ground

    use = await boss.runs("papers subscribe", "42", categories="cs.CL", minimum=3)   # in channel, thread or "" (direct chat)
    use = await boss.runs("papers import", file=("refs.bib", b"..."))   # options: Person, channel id, (name, content[, size])
    use = await reader.runs("papers pause", "42", forced=True)          # what no client sends: without the permission
    choices = await reader.completes("papers subscribe", "42", categories="cs.")     # Choice(name, value); the last one typed
    reader.menu("42") -> {"papers subscribe": "description in their language", ...}, as their client offers it there

    message = await use.answer()         # the message that answers, after a deferral what follows it
    await use.acknowledged(); use.answered_with (4 message, 5 deferred, 6, 7 update, 8, 9 form), use.answered_within_s
    form = await use.opens(); await use.follows_up(2); use.is_ephemeral, use.is_loading, use.follow_ups

    use = await reader.taps(message, "Save")                            # label, what only one label contains, or custom id
    use = await reader.chooses(message, "Style", "short", "Long")       # placeholder or custom id; values or labels
    use = await reader.forges(message, "v1:dv:x")                       # an id that no component has
    use = await reader.fills(form, "first", "second")                   # in order, or {"Label or custom id": value}
    reader.opens(message, "Page") -> the address of a link button; reader.form -> the form that stands open

    message = await reader.sees("Welcome", "42")                        # text or predicate; new or edited since their last act
    reader.seen("42") -> messages as they see them; reader.toasts -> only they see them; words(message) -> all its text

    fake.uses, fake.unanswered, fake.oddities, await fake.no_loose_ends(); fake.later(minutes); fake.forgives()
    fake.commands[""]["papers"], fake.syncs; await fake.synced(); faults by kind="callback", "webhook", "sync"
    gateway: await fake.connected(), drops_gateway(code), asks_to_reconnect(), forgets_sessions(), refuses_gateway(times=),
    gateway_stops_answering(), loses_guild(), finds_guild(); counts identifies, resumes, heartbeats; heartbeat_s, gateway_url

`where` is "" for the person's direct chat with the bot. A message is an Accepted (discord_posts.py); `seen_by` is
who alone sees it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord_interactions import Interactions
from tests.fakes.discord_looking import component, components, is_wanted, words
from tests.fakes.discord_modals import check_number, option_value, submitted
from tests.fakes.discord_options import Typed, nested
from tests.fakes.discord_places import ALL_RIGHTS, DIRECT, MANAGE_GUILD, USE_COMMANDS
from tests.fakes.discord_posts import Accepted
from tests.fakes.discord_typing import described_in, found_leaf, is_offered
from tests.fakes.discord_uses import COMPLETE, FILL, PATIENCE_S, RUN, TAP, Choice, Modal, Use

__all__ = ("Choice", "Modal", "Peopled", "Person", "Use", "words")

Wanted = str | Callable[[Accepted], bool]
BUTTON, LINK = 2, 5
ADMINISTRATOR = 1 << 3


@dataclass
class Peopled(Interactions):
    """The platform with people in it."""

    def person(
        self,
        id: str | int,  # noqa: A002
        *,
        name: str = "",
        locale: str = "en-US",
        guild: str = "1",
        manages_guild: bool = False,
        permissions: int = 0,
    ) -> "Person":
        """Somebody, on server `guild`, or on none."""
        self.user(str(id), name or f"reader{id}", locale)
        made = Person(self, str(id))
        if guild:
            made.joins(guild, manages_guild=manages_guild, permissions=permissions)
        return made

    async def synced(self, times: int = 1) -> None:
        """Wait until commands were registered so often."""
        await self._until(lambda: self.syncs >= times)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for anything, also for what the platform is not told of."""
        await self._until(is_so)


class Person:
    """Somebody with an account."""

    def __init__(self, fake: Peopled, number: str) -> None:
        self._fake, self.id = fake, number
        self._known: dict[str, int] = {}

    @property
    def direct(self) -> str:
        """The id of their direct chat with the bot."""
        return self._fake.direct(self.id)

    @property
    def locale(self) -> str:
        return self._fake.channels.users[self.id].locale

    def joins(self, guild: str = "1", *, manages_guild: bool = False, permissions: int = 0) -> None:
        """Be on a server, with what everybody may do there, and these rights besides."""
        if guild not in self._fake.channels.guilds:
            self._fake.guild(guild, f"Server {guild}")
        bits = permissions | (MANAGE_GUILD if manages_guild else 0)
        self._fake.joins(self.id, guild, permissions=bits)

    def leaves(self, guild: str = "1") -> None:
        self._fake.channels.guilds[guild].members.pop(self.id, None)

    def may(self, guild: str) -> int:
        """Discord's bits of what they may do on a server."""
        may = self._fake.channels.guilds[guild].permissions(self.id)
        return ALL_RIGHTS if may & ADMINISTRATOR else may

    # Commands

    async def runs(self, command: str, where: str = "", /, *, forced: bool = False, **options: object) -> Use:
        """Run `papers subscribe`. Raises LookupError for what the client does not offer there, ValueError for wrong options.

        `forced` sends what no client would send: a command that they may not run.
        """
        channel = self._enters(where)
        data = self._typed(command, channel, options, forced=forced)
        self._acts()
        return self._fake.begins(RUN, self.id, channel, data, name=f"/{command}")

    async def completes(self, command: str, where: str = "", /, within_s: float = PATIENCE_S, **options: object) -> list[Choice]:
        """What is offered for the option that was typed last."""
        channel = self._enters(where)
        data = self._typed(command, channel, options, focused=list(options)[-1])
        use = self._fake.begins(COMPLETE, self.id, channel, data, name=f"completing /{command}")
        await use.acknowledged(within_s)
        return use.choices

    def menu(self, where: str = "") -> dict[str, str]:
        """The commands that their client offers there, with their descriptions in their language."""
        channel = self._enters(where)
        guild = self._fake.channels.guild_of(channel)
        offered = (each for each in self._fake.offered(guild) if is_offered(each, guild, self._rights(guild)))
        return {path: text for each in offered for path, text in described_in(each, self.locale).items()}

    def _rights(self, guild: str) -> int:
        return self.may(guild) if guild else ALL_RIGHTS

    def _typed(
        self, command: str, channel: str, said: Mapping[str, Any], *, focused: str = "", forced: bool = False
    ) -> dict[str, Any]:
        guild = self._fake.channels.guild_of(channel)
        registered, kinds, leaf = found_leaf(self._fake.offered(guild), command)
        if not forced and not is_offered(registered, guild, self._rights(guild)):
            raise LookupError(f"/{command} is not offered to {self.id} in {channel}")
        typed = Typed(self._fake, self.id, guild)
        options = nested(kinds, typed.options(leaf.get("options") or [], said, focused=focused))
        data = {"id": registered["id"], "name": registered["name"], "type": 1, "options": options}
        of_guild = {"guild_id": guild} if registered.get("guild_id") else {}
        return data | of_guild | typed.told

    # Components and forms

    async def taps(self, message: Accepted, label: str) -> Use:
        """Press a button as it is now. Raises LookupError if there is none such, or it leads elsewhere or is disabled."""
        self._looks_at(message)
        button = component(message, label, (BUTTON,))
        if button.get("style") == LINK or button.get("disabled"):
            raise LookupError(f"{label!r} tells the bot nothing: {button}")
        return self._touches(message, {"custom_id": button["custom_id"], "component_type": BUTTON}, label)

    async def chooses(self, message: Accepted, which: str, *values: str) -> Use:
        """Choose in a select by its placeholder or custom id. Raises LookupError, or ValueError for so many."""
        self._looks_at(message)
        select = component(message, which, (3, 5, 6, 7, 8))
        if select.get("disabled"):
            raise LookupError(f"{which!r} is disabled")
        typed = Typed(self._fake, self.id, message.guild)
        chosen = [option_value(select, each) for each in values] if select["type"] == 3 else typed.component(select, list(values))
        check_number(select, values)
        data = {"custom_id": select["custom_id"], "component_type": select["type"], "values": chosen}
        return self._touches(message, data | typed.told, which)

    async def forges(self, message: Accepted, custom_id: str, *, kind: int = BUTTON, values: tuple[str, ...] = ()) -> Use:
        """Send an id as an own client could, whatever the components are."""
        data = {"custom_id": custom_id, "component_type": kind} | ({"values": list(values)} if kind != BUTTON else {})
        return self._touches(message, data, custom_id)

    async def fills(self, form: Modal, *said: object, **by_id: object) -> Use:
        """Send a form: texts in order, or one mapping by label or custom id; what is not named stays as it stood there.

        Raises LookupError for no such field, ValueError for what does not fit into it.
        """
        if form.use.person != self.id or form.use.modal is not form:
            raise LookupError("that form does not stand open before them")
        filled = dict(by_id)
        if len(said) == 1 and isinstance(said[0], Mapping):
            filled |= said[0]
        else:
            filled |= {each["custom_id"]: text for each, text in zip(form.fields, said, strict=False)}
        names = {each["label"]: each["custom_id"] for each in form.fields} | {
            each["custom_id"]: each["custom_id"] for each in form.fields
        }
        if unknown := set(filled) - set(names):
            raise LookupError(f"no fields {sorted(unknown)}, only {form.labels}")
        typed, given = Typed(self._fake, self.id, form.use.guild), {names[name]: value for name, value in filled.items()}
        given |= {each["custom_id"]: typed.component(each, given.get(each["custom_id"])) for each in form.fields}
        data = {"custom_id": form.custom_id, "components": submitted(form.fields, form.components, given)} | typed.told
        self._acts()
        name = f"the form {form.title!r}"
        self._fake.uses[form.use.id].modal = None
        return self._fake.begins(FILL, self.id, form.use.channel, data, name=name, message=form.use.message)

    @property
    def form(self) -> Modal | None:
        """The form that was opened last and not sent."""
        return next((use.modal for use in reversed(self._fake.uses.values()) if use.person == self.id and use.modal), None)

    def opens(self, message: Accepted, label: str) -> str:
        """The address behind a button."""
        return str(component(message, label, (BUTTON,))["url"])

    def _touches(self, message: Accepted, data: dict[str, Any], name: str) -> Use:
        self._looks_at(message)
        self._acts()
        place = next((at for at, each in enumerate(components(message), 1) if each.get("custom_id") == data["custom_id"]), 1)
        return self._fake.begins(TAP, self.id, message.channel, data | {"id": place}, name=f"{name!r}", message=message)

    # Looking

    async def sees(self, wanted: Wanted = "", where: str = "", *, within_s: float = PATIENCE_S) -> Accepted:
        """Wait for the first message, new or edited since this person's last act, that they see and that is as wanted."""
        channel = self._enters(where)

        def found() -> Accepted | None:
            return next((each for each in self.seen(channel) if self._is_news(each) and is_wanted(each, wanted)), None)

        try:
            async with asyncio.timeout(within_s):
                await self._fake.until(lambda: found() is not None)
        except TimeoutError:
            last = [words(each)[:300] for each in self.seen(channel)[-3:]]
            raise AssertionError(
                f"{self.id} did not see {wanted!r} in {channel} within {within_s:g} s, but last {last}"
            ) from None
        seen = found()
        assert seen is not None
        return seen

    def seen(self, where: str = "") -> list[Accepted]:
        """The messages there, oldest first, without those that only others see."""
        channel = self._enters(where)
        there = (each for each in self._fake.messages if each.channel == channel and each.is_seen)
        return [each for each in there if each.seen_by in ("", self.id)]

    @property
    def toasts(self) -> list[Accepted]:
        """What only they see, wherever it is."""
        return [each for each in self._fake.messages if each.seen_by == self.id and each.is_seen]

    def _is_news(self, message: Accepted) -> bool:
        return self._known.get(message.id) != message.edits

    def _acts(self) -> None:
        self._known = {each.id: each.edits for each in self._fake.messages}

    def _looks_at(self, message: Accepted) -> None:
        """Raises LookupError for a message that they do not see."""
        if not any(each is message for each in self.seen(message.channel)):
            raise LookupError(f"{self.id} does not see that message")

    def _enters(self, where: str) -> str:
        """The channel's id. Raises ValueError where they cannot be."""
        channel = str(where) or self.direct
        here = self._fake.channels
        place, guild = here.at(channel), here.guild_of(channel)
        if place.kind == DIRECT:
            if place.recipient != self.id:
                raise ValueError(f"{channel} is a direct chat of somebody else")
        elif self.id not in here.guilds[guild].members and self.id != here.guilds[guild].owner:
            raise ValueError(f"{self.id} is not on the server {guild}")
        elif {channel, place.parent} & here.deleted or not self.may(guild) & USE_COMMANDS:
            raise ValueError(f"{channel} is not there for {self.id}")
        return channel
