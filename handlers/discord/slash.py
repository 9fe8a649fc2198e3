"""Slash commands: from what was chosen to a command that all platforms have, and what is offered while somebody types."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.sniffing import file_name
from bot.errors import PaperboyError
from bot.services.uploads import MAX_BYTES
from handlers import dispatch
from handlers.commands import COMMANDS, OF_RIGHT
from handlers.commands.files import received
from handlers.discord.commands import Called, found
from handlers.discord.completing import complete
from handlers.discord.in_hand import InHand
from handlers.discord.replies import placed, spoken
from handlers.discord.talks import alone_with, chosen
from handlers.showing import conclude, show
from handlers.talk import Answer, Place, Talk, said, speaking
from handlers.texts.problems import problem
from handlers.waiting import Waiting

OF_PERSON = frozenset({"deletemydata", "saved", "save"})  # about whoever asks, wherever they are
OPENS = frozenset({"subscribe", "resume"})  # whoever says this lets us write again


async def ran(one: InHand, data: Mapping[str, Any]) -> None:
    """One slash command."""
    called = found(data)
    talk = await _talk(one, called)
    if called is None or talk is None:
        key = "discord.outdated" if called is None else "discord.no_channel"
        await show(one.desk, one.talk, said(one.talk.words(key)), one.spot)
        return
    if talk.address != talk.here and not await talk.is_admin(talk.address):  # who may not change it is not told of it either
        await show(one.desk, one.talk, said(talk.words("admins_only")), one.spot)
        return
    if is_slow(data):
        await one.voice.defer()
    async with Waiting(one.voice, talk.here, talk.words, reply_to="") as waiting:
        answer = await _answered(one, replace(talk, report=waiting.report), called)
    if called.slash.command in OPENS and await talk.is_admin(talk.address):  # who is refused opens nothing
        await one.desk.destinations.opened(talk.address)
    await conclude(one.desk, talk, placed(spoken(answer, talk.words), talk), replace(one.spot, own=waiting.own))
    await one.voice.finish()


async def _talk(one: InHand, called: Called | None) -> Talk | None:
    """The conversation that the command is about; None for a channel that is none of this server's."""
    if called is None:
        return await speaking(one.talk)
    talk = one.talk
    if called.slash.command in OF_PERSON and not called.channel:
        alone = alone_with(one.asking.user.id)
        talk = replace(talk, address=alone, here=alone, place=Place.PRIVATE)
    elif called.channel:
        address = chosen(one.asking, called.channel)
        if address is None:
            return None
        talk = talk.of(address)
    return await speaking(talk)


async def _answered(one: InHand, talk: Talk, called: Called) -> Answer:
    """What the command leads to; of several steps, what the last one says, or the first that is refused."""
    if called.slash.takes_file:
        return await _with_file(one, talk, called)
    if called.refused is not None:
        return Answer(message=problem(called.refused, talk.words))
    return await dispatch.answers(talk, called.steps)


async def _with_file(one: InHand, talk: Talk, called: Called) -> Answer:
    data = cast("Mapping[str, Any]", one.asking.data or {})
    raw: Mapping[str, Any] = data.get("resolved", {}).get("attachments", {}).get(called.attachment, {})
    name = file_name(str(raw.get("filename", "")))
    try:
        if int(raw.get("size", 0)) > MAX_BYTES:
            raise UnfitFile(name, Flaw.TOO_LARGE, most=MAX_BYTES // 1_000_000)
        content = await one.voice.download(str(raw.get("url", "")), MAX_BYTES)
        return await received(talk, name, content)
    except PaperboyError as error:
        return Answer(message=problem(error, talk.words))


async def completed(one: InHand, data: Mapping[str, Any]) -> None:
    """Offer what somebody may mean who is still typing."""
    called = found(data)
    choices = (
        complete(called, one.talk.words.language, one.talk.services.subscribing.now(), one.talk.services.styles)
        if called is not None
        else ()
    )
    await one.voice.offer([{"name": choice.name, "value": choice.value} for choice in choices])


def is_slow(data: Mapping[str, Any]) -> bool:
    """Whether the answer may take long."""
    called = found(data)
    return called is not None and COMMANDS[called.slash.command].is_slow


def is_of_right(data: Mapping[str, Any]) -> bool:
    """Whether even a private bot must answer it: it is about what is kept of whoever asks, and of nobody else."""
    called = found(data)
    return called is not None and called.slash.command in OF_RIGHT and not called.channel


def is_shared(data: Mapping[str, Any]) -> bool:
    """Whether everybody in the channel is to see the answer."""
    called = found(data)
    return called is not None and called.is_shared
