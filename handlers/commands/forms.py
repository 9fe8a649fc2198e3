"""How things look and sound: /settings, style, layout, language, and what members of a group may do."""

import asyncio

from bot.domain.subscriptions import Form
from bot.errors import BadInput
from bot.words.languages import language_code, language_name
from handlers import parsing
from handlers.commands import menus
from handlers.commands.start import first
from handlers.talk import Answer, Place, Talk, said
from handlers.texts import subscriptions

_PLACES = ("thread", "channel")


async def settings(talk: Talk, _typed: str) -> Answer:
    """What was asked for, and when the next digest comes; with buttons to change it, where there are buttons."""
    if talk.place is not Place.TERMINAL:
        known = await talk.services.subscribing.current(talk.address)
        return Answer(message=await menus.opened(talk, known) if known else await first(talk))
    return Answer(message=subscriptions.settings(await talk.services.subscribing.require(talk.address), talk.words))


async def chosen(talk: Talk, screen: str) -> Answer:
    """A command without a value: where there are buttons its own screen of the menu, else all settings."""
    if talk.place is Place.TERMINAL:
        return await settings(talk, "")
    return Answer(message=await menus.at(talk, screen))


async def style(talk: Talk, typed: str) -> Answer:
    """The form of summaries; without a name it lists them."""
    if not typed and talk.place is not Place.TERMINAL:
        return await chosen(talk, "y")
    known, wanted = await talk.services.subscribing.require(talk.address), typed.casefold()
    names = tuple(each.name for each in talk.services.styles)
    if not wanted:
        return Answer(message=subscriptions.styles(talk.services.styles, known.style, talk.words))
    if wanted not in names:
        return said(talk.words("styles.unknown", name=wanted[:40], names=", ".join(names)))
    changed = await talk.services.subscribing.set_form(talk.address, style=wanted)
    return Answer(message=subscriptions.settings(changed, talk.words))


async def layout(talk: Talk, typed: str) -> Answer:
    """How much of each paper a digest shows: cards, compact or titles; and on Discord where: in a thread or in the channel."""
    wanted = typed.strip().casefold()
    if not wanted:
        return await chosen(talk, "l")
    has_feed = subscriptions.has_feed(talk.address)
    if has_feed and wanted in _PLACES:
        changed = await talk.services.subscribing.set_form(talk.address, has_thread=wanted == "thread")
        return Answer(message=subscriptions.settings(changed, talk.words))
    if wanted not in tuple(Form):
        raise BadInput("that is no layout", "input.layout_or_place" if has_feed else "input.layout")
    changed = await talk.services.subscribing.set_form(talk.address, form=Form(wanted))
    return Answer(message=subscriptions.settings(changed, talk.words))


async def language(talk: Talk, typed: str) -> Answer:
    """The language; without a name it lists those that all words are in. Any other is for summaries."""
    if not typed and talk.place is not Place.TERMINAL:
        return await chosen(talk, "i")
    if not typed:
        known = await talk.services.subscribing.require(talk.address)
        return Answer(message=subscriptions.languages(talk.services.languages, known.language, talk.words))
    code = await asyncio.to_thread(language_code, typed)  # the first unusual name loads several hundred small files
    changed = await talk.services.subscribing.set_form(talk.address, language=code)
    return Answer(message=subscriptions.in_language(changed, language_name(code), talk.words_in(code)))


async def members(talk: Talk, typed: str) -> Answer:
    """Whether whoever is no admin of a group may have papers summarized, searched and questioned."""
    if not typed:
        return await chosen(talk, "m")
    changed = await talk.services.subscribing.set_form(talk.address, members_may_ask=parsing.switch(typed))
    return Answer(message=subscriptions.settings(changed, talk.words))
