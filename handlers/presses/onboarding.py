"""First contact in three taps: field, words, hour and zone. What is typed is kept at once, what is tapped travels along.

of:FIELD -> oq:FIELD (takes words, or skips them) -> ot:FIELD.HOUR.ZONE begins it, and the first digest comes at once
"""

from dataclasses import replace
from datetime import time

from bot.domain.actions import Action
from bot.domain.messages import Message
from bot.domain.presets import interest_of
from bot.domain.subscriptions import Interest, Schedule, Subscription, union
from bot.domain.zones import home
from bot.errors import Show
from bot.services.subscribing import Begun
from handlers import parsing
from handlers.commands.start import first
from handlers.parsing_links import linked
from handlers.talk import Answer, Expired, Talk, target
from handlers.texts import onboarding
from handlers.texts.problems import sentence


async def begin(talk: Talk, _: Action) -> Answer:
    """The first screen, in place."""
    return Answer(message=await first(talk), is_in_place=True)


async def field(talk: Talk, action: Action) -> Answer:
    """A field was chosen: which words?"""
    _interest(talk, action.arg(0))
    return Answer(message=onboarding.words_asked(talk.words, action.arg(0), await target(talk)), is_in_place=True)


async def other_field(talk: Talk, _: Action) -> Answer:
    """None of the fields."""
    return Answer(message=onboarding.field_asked(talk.words, await target(talk)), is_in_place=True)


async def other_field_typed(talk: Talk, _: Action, text: str) -> Answer:
    """A wish as /subscribe takes it: kept, and nothing sent before the hour is known."""
    try:
        await talk.services.subscribing.draft(
            talk.address, parsing.interest(text, talk.sources), language=talk.words.language, otherwise=talk.sources[0]
        )
    except Show as error:
        asked = onboarding.field_asked(talk.words, await target(talk), sentence(error, talk.words))
        return Answer(message=asked)
    return Answer(message=await _when(talk, onboarding.NO_PRESET))


async def skip(talk: Talk, action: Action) -> Answer:
    """No words: when?"""
    _interest(talk, action.arg(0))
    return Answer(message=await _when(talk, action.arg(0)), is_in_place=True)


async def words_typed(talk: Talk, action: Action, text: str) -> Answer:
    """Words for the field: kept with it, and nothing sent before the hour is known."""
    preset = _interest(talk, action.arg(0))
    try:
        wish = union(preset, parsing.interest(text, talk.sources))
        await talk.services.subscribing.draft(talk.address, wish, language=talk.words.language)
    except Show as error:
        asked = onboarding.words_asked(talk.words, action.arg(0), await target(talk), sentence(error, talk.words))
        return Answer(message=asked)
    return Answer(message=await _when(talk, action.arg(0)))


async def when(talk: Talk, action: Action) -> Answer:
    """Back to the hours."""
    return Answer(message=await _when(talk, action.arg(0)), is_in_place=True)


async def other_time(talk: Talk, action: Action) -> Answer:
    """None of the hours."""
    return Answer(message=onboarding.when_asked(talk.words, action.arg(0), await target(talk)), is_in_place=True)


async def time_typed(talk: Talk, action: Action, text: str) -> Answer:
    """Hour, days and zone as /time takes them."""
    try:
        wanted = parsing.schedule(text, Schedule(zone=home(talk.words.language)))
    except Show as error:
        asked = onboarding.when_asked(talk.words, action.arg(0), await target(talk), sentence(error, talk.words))
        return Answer(message=asked)
    return await _begun(talk, action.arg(0), wanted)


async def at(talk: Talk, action: Action) -> Answer:
    """The last tap: it begins."""
    hour, zone = action.arg(1), parsing.zone(action.arg(2))
    wanted = Schedule(at=parsing.clock_time(f"{hour[:2]}:{hour[2:]}"), zone=zone)
    return replace(await _begun(talk, action.arg(0), wanted), is_in_place=True)


async def link(talk: Talk, action: Action) -> Answer:
    """The one tap below what a link would set."""
    found = linked(action.arg(0), talk.sources)
    if found is None:
        raise Expired("button of a link")
    language = talk.words.language
    begun = await talk.services.subscribing.begin(
        talk.address, found.interest, lambda known: found.schedule(known, language), language=language
    )
    return replace(await _told(talk, begun), is_in_place=True)


async def digest_now(talk: Talk, _: Action) -> Answer:
    """A digest at once; its button goes, so that a second tap finds none."""
    known = await talk.services.subscribing.require(talk.address)
    shown = onboarding.known_already(known, talk.words, await target(talk), may_ask=False)
    return _with_digest(talk, known, Answer(message=shown, is_in_place=True))


async def _begun(talk: Talk, name: str, wanted: Schedule) -> Answer:
    """Everything that was said, in one subscription that is sent from now on."""
    added = _interest(talk, name)
    if name == onboarding.NO_PRESET and await talk.services.subscribing.current(talk.address) is None:
        raise Expired("button of a wish that is forgotten")
    kept = time(wanted.at.hour, wanted.at.minute)
    begun = await talk.services.subscribing.begin(
        talk.address,
        added,
        lambda known: replace(known, at=kept, zone=wanted.zone, weekdays=wanted.weekdays),
        language=talk.words.language,
    )
    return await _told(talk, begun)


async def _told(talk: Talk, begun: Begun) -> Answer:
    """What was begun, how much to expect, what the bot lacks; with the first digest behind it."""
    known = begun.subscription
    lacking = await talk.lacking(talk.address)
    comes_now = begun.is_first and lacking is None
    message = onboarding.begun(
        known,
        talk.words,
        await target(talk),
        expected=await talk.services.expecting.papers(known.interest),
        lacking=lacking,
        comes_now=comes_now,
    )
    return _with_digest(talk, known, Answer(message=message)) if comes_now else Answer(message=message)


def _with_digest(talk: Talk, known: Subscription, answer: Answer) -> Answer:
    """The answer, and a digest once it was shown."""

    async def send() -> None:
        await talk.services.digesting.send(known, report=talk.report)

    return replace(answer, once_shown=send)


async def _when(talk: Talk, name: str) -> Message:
    return onboarding.when(talk.words, name, await target(talk), talk.services.subscribing.now())


def _interest(talk: Talk, name: str) -> Interest:
    """What a field means here; nothing of its own where the wish was typed."""
    if name == onboarding.NO_PRESET:
        return Interest(sources=frozenset())
    found = interest_of(name, talk.sources)
    if found is None:
        raise Expired("button of a field")
    return found
