"""Where a part goes, and how it gets there: a channel, the thread behind a digest, a post of a forum, one person alone.

part -> (person? forum?) -> the thread of its digest, made of the head if need be -> message
                         -> no thread to be had: the channel itself, since nothing may be lost
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import discord

from bot.channels import discord_outcomes
from bot.channels.discord_forums import Forums
from bot.channels.discord_outcomes import MISSING_PERMISSIONS, NOT_HERE, THREAD_CLOSED, THREAD_EXISTS, code_of
from bot.channels.discord_payloads import Payload, payload_of
from bot.channels.discord_places import Kind, Places
from bot.channels.discord_wire import Wire
from bot.domain.deliveries import Outcome, OutcomeKind, Past
from bot.domain.subscriptions import Address
from bot.ports import Part

AS_TEXT = "the bot may not embed anything there: sent as text"
_EMBEDS, _THREADS, _WORDS = "embeds", "threads", "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A part on its way: what it says, its nonce, what is known of those before it, and whether it is the first."""

    payload: Payload
    key: str
    past: Past
    is_first: bool


class Sending:
    """Tries once. What Discord or the connection does is raised."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._places = Places(wire)
        self._forums = Forums(wire, self._places)

    async def put(self, address: Address, part: Part, key: str, past: Past, *, is_plain: bool) -> Outcome:
        """Send one part. SENT says in which thread of its digest it stands, so that the next goes there too."""
        payload = payload_of(part)
        letter = Letter(payload=payload.plain() if is_plain else payload, key=key, past=past, is_first=part.number == 1)
        if address.thread:
            return await self._message(address.thread, letter, thread=address.thread)
        channel = await self._places.channel_of(address.chat)
        kind = await self._places.kind(channel)
        try:
            return await self._placed(channel, kind, letter)
        except discord.HTTPException as error:
            if code_of(error) not in NOT_HERE or (now := await self._places.kind(channel, is_fresh=True)) == kind:
                raise
        return await self._placed(channel, now, letter)  # it became another kind of channel

    async def probe(self, address: Address) -> Outcome:
        """Whether a message would be taken, as far as "is typing" tells. A forum takes no typing, but may want a tag."""
        channel = address.thread or await self._places.channel_of(address.chat)
        if not address.thread and (kind := await self._places.kind(channel, is_fresh=True)).has_posts:
            if kind.needs_tag and kind.tag is None:
                return Forums.no_tag()
            return await self._typed(channel, may_be_refused=NOT_HERE)
        return await self._typed(channel, may_be_refused=frozenset({discord_outcomes.ARCHIVED}), thread=address.thread)

    async def _typed(self, channel: str, *, may_be_refused: frozenset[int], thread: str = "") -> Outcome:
        try:
            await self._wire.typing(channel)
        except discord.HTTPException as error:
            if code_of(error) not in may_be_refused:
                raise
        return Outcome(kind=OutcomeKind.SENT, thread=thread)

    async def _placed(self, channel: str, kind: Kind, letter: Letter) -> Outcome:
        if kind.has_posts:
            return await self._followed(letter.past.thread, channel, letter, lambda: self._post(channel, kind, letter))
        wants_thread = letter.payload.is_apart and kind.takes_threads and not letter.is_first
        if not wants_thread:
            return await self._message(channel, letter)
        thread, why = (letter.past.thread, "") if letter.past.thread else await self._thread(channel, letter)
        found = await self._followed(thread, channel, letter, lambda: self._message(channel, letter))
        return replace(found, detail=found.detail or why)

    async def _thread(self, channel: str, letter: Letter) -> tuple[str, str]:
        """The thread of the digest's head, or why there is none."""
        head = letter.past.head
        if not head:
            return "", "no thread: nobody knows the first message"
        if self._places.is_refused(channel, _THREADS) or self._places.is_refused(head, _THREADS):
            return "", "no thread: refused a moment ago"
        try:
            return await self._wire.make_thread(channel, head, letter.payload.name), ""
        except discord.HTTPException as error:
            code = code_of(error)
            if code == THREAD_EXISTS:
                return head, ""  # a thread has the number of its message
            if not discord_outcomes.is_no_thread(error):
                raise
            self._places.refuse(channel if code == MISSING_PERMISSIONS else head, _THREADS)
            return "", f"no thread: {error.status} {code}"

    async def _followed(self, thread: str, channel: str, letter: Letter, otherwise: Callable[[], Awaitable[Outcome]]) -> Outcome:
        """Send into a thread of ours; where that takes nothing, `otherwise`: a closed thread never closes its channel."""
        if not thread:
            return await otherwise()
        why = "refused a moment ago"
        if not self._places.is_refused(thread, _WORDS):
            try:
                return await self._message(thread, letter, thread=thread, home=channel)
            except discord.HTTPException as error:
                if code_of(error) not in THREAD_CLOSED:
                    raise
                why = f"{error.status} {code_of(error)}"
            self._places.refuse(thread, _WORDS)
        found = await otherwise()
        return replace(found, detail=found.detail or f"its thread takes nothing: {why}")

    async def _message(self, channel: str, letter: Letter, *, thread: str = "", home: str = "") -> Outcome:
        """Show it in a channel or thread: without embeds, if the bot may embed nothing there (in the channel `home`)."""
        home, payload = home or channel, letter.payload
        has_embeds = not self._places.is_refused(home, _EMBEDS)
        try:
            number = await self._bodies(channel, letter, has_embeds=has_embeds)
        except discord.HTTPException as error:
            if code_of(error) != MISSING_PERMISSIONS or not payload.embeds or not has_embeds:
                raise
            number = await self._bodies(channel, letter, has_embeds=False)
            self._places.refuse(home, _EMBEDS)
            has_embeds = False
        detail = "" if has_embeds or not payload.embeds else AS_TEXT
        return Outcome(kind=OutcomeKind.SENT, platform_id=number, thread=thread, detail=detail)

    async def _bodies(self, channel: str, letter: Letter, *, has_embeds: bool) -> str:
        """The id of the first message. Each has a nonce of its own: tried again, none of them comes twice."""
        numbers = []
        for place, body in enumerate(letter.payload.bodies(has_embeds=has_embeds)):
            numbers.append(await self._wire.send(channel, body, f"{letter.key}.{place}" if place else letter.key))
        return numbers[0]

    async def _post(self, channel: str, kind: Kind, letter: Letter) -> Outcome:
        has_embeds = not self._places.is_refused(channel, _EMBEDS)
        payload, past = letter.payload, letter.past
        try:
            found = await self._forums.post(channel, kind, payload, past, has_embeds=has_embeds)
        except discord.HTTPException as error:
            if code_of(error) != MISSING_PERMISSIONS or not payload.embeds or not has_embeds:
                raise
            found = await self._forums.post(channel, kind, payload, past, has_embeds=False)
            self._places.refuse(channel, _EMBEDS)
            has_embeds = False
        if found.kind is OutcomeKind.SENT and not has_embeds:
            for place, body in enumerate(payload.bodies(has_embeds=False)[1:], 1):
                await self._wire.send(found.thread, body, f"{letter.key}.{place}")
        return found
