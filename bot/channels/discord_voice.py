"""The answers to one interaction: how Discord hears us while somebody waits who wrote a command or pressed something.

first answer within 3 s (a message, a deferral, a change of what was pressed, a modal, choices)
-> more of them for 15 minutes -> after that, by the channel's own messages
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import discord
from discord.http import HTTPClient, Route, handle_message_parameters

from bot import guard
from bot.channels import discord_outcomes
from bot.channels.discord import NAME, Discord
from bot.channels.discord_components import components
from bot.domain.deliveries import Cause, Outcome, OutcomeKind, Part
from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.messages import Button, Message
from bot.domain.sniffing import file_name
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable

MESSAGE, DEFERRED, DEFERRED_CHANGE, CHANGE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # types of a first answer
ALONE = 1 << 6  # EPHEMERAL
NO_PREVIEW = 1 << 2  # SUPPRESS_EMBEDS
TIMEOUT_S = 15.0
FIRST_TRIES = 3
FIRST_TIMEOUT_S = 1.0  # of a first answer, since Discord waits three seconds for it: a line that hangs leaves time for another
_GONE = frozenset({10062, 10015, 50027, 10008})  # the interaction, its webhook, its token, the message
_ANSWERED_BEFORE = 40060
_AGAIN = frozenset({OutcomeKind.UNSURE, OutcomeKind.AGAIN})
_TAKEN = frozenset({OutcomeKind.SENT, OutcomeKind.UNSURE})  # what may have arrived is not said twice


class _State(Enum):
    """How far the answer is."""

    FRESH = "fresh"
    THINKING = "thinking"  # deferred: the first message is to come
    CHANGING = "changing"  # deferred, or done: `@original` is what was pressed
    SPOKEN = "spoken"  # `@original` is a message of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a voice must know of an interaction. `pressed` is the message whose component it was, "" for a command.

    `person` asked it. `is_alone`: nobody else sees what is answered.
    """

    id: int
    token: str
    application: int
    person: str
    pressed: str = ""
    is_alone: bool = True


def asked(interaction: discord.Interaction[discord.Client], *, is_alone: bool) -> Asked:
    """What a voice must know."""
    return Asked(
        id=interaction.id,
        token=interaction.token,
        application=interaction.application_id,
        person=str(interaction.user.id),
        pressed=str(interaction.message.id) if interaction.message is not None else "",
        is_alone=is_alone,
    )


class Voice:
    """A Speaker, for one interaction and whoever is behind it. `address` is not looked at: it answers where it was asked."""

    def __init__(self, http: HTTPClient, asked: Asked, channel: Discord) -> None:
        self._http, self._asked, self._channel = http, asked, channel
        self._state, self._original = _State.FRESH, ""
        self._turn = asyncio.Lock()
        self._said = 0

    # First answers

    async def defer(self) -> None:
        """Say that an answer will come, as a message of its own; nothing if something was answered."""
        async with self._turn:
            if self._state is _State.FRESH:
                await self._first(DEFERRED, {"flags": ALONE} if self._asked.is_alone else {}, _State.THINKING)

    async def acknowledge(self) -> None:
        """Take a press, whose message may change later or stay; nothing if something was answered."""
        async with self._turn:
            if self._state is _State.FRESH:
                await self._first(DEFERRED_CHANGE, None, _State.CHANGING)

    async def offer(self, choices: Sequence[Mapping[str, str]]) -> None:
        """Answer what is being typed with choices."""
        async with self._turn:
            await self._first(CHOICES, {"choices": list(choices)}, _State.SPOKEN)

    async def ask(self, modal: Mapping[str, Any]) -> bool:
        """Open a modal, which only the very first answer may be; whether it was opened."""
        async with self._turn:
            if self._state is not _State.FRESH:
                return False
            return (await self._first(MODAL, dict(modal), _State.CHANGING)).kind in _TAKEN

    async def finish(self) -> None:
        """There is nothing more to say: nobody is left before a "thinking" that never ends."""
        async with self._turn:
            if self._state is _State.THINKING:
                await self._tried(lambda: self._http.request(self._webhook("DELETE", "/messages/@original")))
            elif self._state is _State.FRESH and self._asked.pressed:
                await self._first(DEFERRED_CHANGE, None, _State.CHANGING)

    # As a Speaker

    def render(self, message: Message) -> tuple[Part, ...]:
        """As the channel's."""
        return self._channel.render(message)

    def private(self, person: str) -> Address:
        """As the channel's."""
        return self._channel.private(person)

    async def say(self, address: Address, part: Part, *, reply_to: str = "") -> Outcome:
        """A message: the first answer, or what was promised by a deferral, or one more. By the channel, if it is too late."""
        async with self._turn:
            found = await self._message(_body(part))
        return await self._too_late(address, part) if _is_gone(found) else found

    async def edit(self, address: Address, message_id: str, part: Part) -> Outcome:
        """Put `part` in the place of a message: of what was pressed, or of one of ours."""
        body = _body(part)
        async with self._turn:
            return await self._put(message_id, {name: body.get(name) or [] for name in ("embeds", "components")} | body)

    async def turn(self, address: Address, message_id: str, rows: tuple[tuple[Button, ...], ...]) -> Outcome:
        """Put these buttons below a message."""
        async with self._turn:
            return await self._put(message_id, {"components": components(rows)})

    async def delete(self, address: Address, message_id: str) -> Outcome:
        """Take a message of ours away; REFUSED for what was pressed, which is not."""
        name = "@original" if message_id == self._original else message_id
        async with self._turn:
            return await self._tried(lambda: self._http.request(self._webhook("DELETE", f"/messages/{name}")))

    async def upload(self, address: Address, name: str, content: bytes, caption: str = "") -> Outcome:
        """Send a file; its caption is plain text of at most 2,000 characters."""
        if self._state is _State.FRESH:
            await self.defer()
        flags = discord.MessageFlags._from_value(ALONE if self._asked.is_alone else 0)
        async with self._turn:
            is_first, self._state = self._state is _State.THINKING, _State.SPOKEN
            route = self._webhook("PATCH", "/messages/@original") if is_first else self._webhook("POST", "")

            async def put() -> object:
                file = discord.File(BytesIO(content), filename=name)
                how = {} if is_first else {"flags": flags}
                with handle_message_parameters(caption[:2000], file=file, **how) as params:  # type: ignore[arg-type]
                    return await self._http.request(route, files=params.files, form=params.multipart, params={"wait": "true"})

            return await self._tried(put)

    async def download(self, file_id: str, most_bytes: int) -> bytes:
        """A file that came with a command; `file_id` is its address. Raises UnfitFile, and PlatformUnreachable."""
        guard.require_no_transaction("reading a file from Discord")
        try:
            async with asyncio.timeout(TIMEOUT_S):
                content = await self._http.get_from_cdn(file_id)
        except discord.HTTPException as error:
            raise UnfitFile(_name_in(file_id), Flaw.NOT_HANDED_OUT) from error
        except discord_outcomes.ERRORS as error:
            raise PlatformUnreachable(NAME, discord_outcomes.detail(error, token=self._asked.token)) from None
        if len(content) > most_bytes:
            raise UnfitFile(_name_in(file_id), Flaw.TOO_LARGE, most=most_bytes // 1_000_000)
        return content

    async def typing(self, address: Address) -> Outcome:
        """A deferral shows it by itself."""
        return Outcome(kind=OutcomeKind.SENT)

    async def lacking(self, address: Address) -> Cause | None:
        """Nothing: answers need no rights."""
        return None

    async def is_admin(self, chat: str, person: str) -> bool:
        """Not known here: each interaction tells what its person may do."""
        return False

    # How

    async def _message(self, body: dict[str, Any]) -> Outcome:
        flags = (0 if body.get("embeds") else NO_PREVIEW) | (ALONE if self._asked.is_alone else 0)
        match self._state:
            case _State.FRESH:
                return await self._first(MESSAGE, body | {"flags": flags}, _State.SPOKEN)
            case _State.THINKING:
                found = await self._changed("@original", body)
                if found.kind is OutcomeKind.SENT:
                    self._state, self._original = _State.SPOKEN, found.platform_id
                return found
        more = {"wait": "true"}
        return await self._tried(lambda: self._http.request(self._webhook("POST", ""), json=body | {"flags": flags}, params=more))

    async def _put(self, message_id: str, body: dict[str, Any]) -> Outcome:
        is_pressed = message_id == self._asked.pressed
        if is_pressed and self._state is _State.FRESH:
            return await self._first(CHANGE, body, _State.CHANGING)
        is_original = message_id == self._original or (is_pressed and self._state is _State.CHANGING)
        name = "@original" if is_original else message_id
        return await self._changed(name, body)

    async def _changed(self, name: str, body: dict[str, Any]) -> Outcome:
        """A message becomes this one, however often it is asked: so a lost answer is no reason to stop."""
        for _ in range(FIRST_TRIES):
            found = await self._tried(lambda: self._http.request(self._webhook("PATCH", f"/messages/{name}"), json=body))
            if found.kind is not OutcomeKind.UNSURE:
                break
        return found

    async def _first(self, kind: int, data: dict[str, Any] | None, then: _State) -> Outcome:
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=self._asked.id,
            webhook_token=self._asked.token,
        )
        body = {"type": kind} | ({"data": data} if data is not None else {})
        for _ in range(FIRST_TRIES):  # Discord takes one of them: what is asked again is not said twice
            found = await self._tried(
                lambda: self._http.request(route, json=body, params={"with_response": "true"}), FIRST_TIMEOUT_S
            )
            if found.kind not in _AGAIN:
                break
        if found.kind in _TAKEN:
            self._state, self._original = then, found.platform_id
        return found

    def _webhook(self, method: str, rest: str) -> Route:
        path = "/webhooks/{webhook_id}/{webhook_token}" + rest
        return Route(method, path, webhook_id=self._asked.application, webhook_token=self._asked.token)

    async def _tried(self, act: Callable[[], Awaitable[object]], within_s: float = TIMEOUT_S) -> Outcome:
        guard.require_no_transaction("answering on Discord")
        try:
            async with asyncio.timeout(within_s) as clock:
                return Outcome(kind=OutcomeKind.SENT, platform_id=_id_of(await act()))
        except discord_outcomes.ERRORS as error:
            if clock.expired():  # perhaps in a wait for everybody: the library would never open its gate again
                self._http._global_over.set()
            code = error.code if isinstance(error, discord.HTTPException) else 0
            if code == _ANSWERED_BEFORE:  # our own first try, whose answer was lost
                return Outcome(kind=OutcomeKind.SENT)
            found = discord_outcomes.outcome(error, token=self._asked.token)
            if code in _GONE:
                return Outcome(kind=OutcomeKind.REFUSED, cause=Cause.TOO_LATE, detail=found.detail)
            return _of_one_answer(found)

    async def _too_late(self, address: Address, part: Part) -> Outcome:
        """Fifteen minutes are over, or the first three seconds: what is for one person alone is written to them."""
        self._said += 1
        where = self._channel.private(self._asked.person) if self._asked.is_alone else address
        found = await self._channel.send(where, part, key=f"i{self._asked.id:x}-{self._said}", is_answer=True)
        return found if where == address else _of_one_answer(found)


def _body(part: Part) -> dict[str, Any]:
    payload = json.loads(part.payload)
    known = {name: payload[name] for name in ("content", "embeds", "components") if name in payload}
    return known | {"allowed_mentions": {"parse": []}}


def _name_in(url: str) -> str:
    """What the file at an address of Discord's is called."""
    return file_name(unquote(urlsplit(url).path))


def _id_of(said: object) -> str:
    """The id of the message in an answer, which a callback puts a level deeper."""
    if not isinstance(said, dict):
        return ""
    resource = said.get("resource")
    message = resource.get("message") if isinstance(resource, dict) else said
    return str(message.get("id", "")) if isinstance(message, dict) else ""


def _of_one_answer(found: Outcome) -> Outcome:
    """Whatever befell an answer, the place that it was asked in takes digests: whoever asks must not close it for others."""
    return replace(found, kind=OutcomeKind.REFUSED) if found.kind is OutcomeKind.SUSPEND else found


def _is_gone(found: Outcome) -> bool:
    return found.kind is OutcomeKind.REFUSED and found.cause is Cause.TOO_LATE
