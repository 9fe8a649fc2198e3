"""When digests come, and how loudly."""

from dataclasses import replace

from handlers import parsing
from handlers.commands.forms import chosen
from handlers.talk import Answer, Talk
from handlers.texts import subscriptions


async def time(talk: Talk, typed: str) -> Answer:
    """When the digest comes."""
    if not typed:
        return await chosen(talk, "t")
    known = await talk.services.subscribing.require(talk.address)
    wanted = parsing.schedule(typed, known.schedule)
    changed = await talk.services.subscribing.set_schedule(talk.address, lambda _: wanted)
    return Answer(message=subscriptions.subscribed(changed, talk.words))


async def timezone(talk: Talk, typed: str) -> Answer:
    """Where the reader is."""
    if not typed:
        return await chosen(talk, "z")
    zone = parsing.zone(typed)
    changed = await talk.services.subscribing.set_schedule(talk.address, lambda known: replace(known, zone=zone))
    return Answer(message=subscriptions.subscribed(changed, talk.words))


async def pause(talk: Talk, typed: str) -> Answer:
    """Send nothing, keep everything."""
    until = parsing.day(typed.removeprefix("until").strip()) if typed else None
    return Answer(message=subscriptions.subscribed(await talk.services.subscribing.pause(talk.address, until), talk.words))


async def resume(talk: Talk, _typed: str) -> Answer:
    """Send again."""
    return Answer(message=subscriptions.subscribed(await talk.services.subscribing.resume(talk.address), talk.words))


async def mute(talk: Talk, typed: str) -> Answer:
    """Whether digests come without a sound; without a word they do."""
    is_muted = parsing.switch(typed or "on")
    changed = await talk.services.subscribing.set_form(talk.address, is_muted=is_muted)
    return Answer(message=subscriptions.settings(changed, talk.words))


async def empty_days(talk: Talk, typed: str) -> Answer:
    """Whether a day without papers is worth a line."""
    if not typed:
        return await chosen(talk, "m")
    changed = await talk.services.subscribing.set_form(talk.address, note=parsing.switch(typed))
    return Answer(message=subscriptions.settings(changed, talk.words))
