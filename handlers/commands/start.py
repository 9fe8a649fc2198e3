"""/start, with what a link carries, and what is said where the bot was added to a group or a channel."""

from bot.domain.actions import base36
from bot.domain.messages import Button, Message
from bot.domain.subscriptions import DRAFT, Schedule, Subscription
from handlers.commands.menus import opened
from handlers.parsing_links import Linked, linked, settings_of
from handlers.talk import Answer, Place, Talk, said, target
from handlers.texts import onboarding


async def start(talk: Talk, typed: str) -> Answer:
    """How to begin; a link shows what it would set, and leads to settings only those who may change them."""
    known = await talk.services.subscribing.current(talk.address)
    if talk.place is Place.TERMINAL:
        return said(talk.words("chat.welcome_back" if known else "chat.welcome", version=talk.version))
    if (number := settings_of(typed)) is not None:
        return await _of_number(talk, number)
    if (link := linked(typed, talk.sources)) is not None:
        return Answer(message=_offered(talk, typed, link, known))
    if talk.place is not Place.PRIVATE:
        return await joined(talk)
    if known is None:
        return Answer(message=await first(talk))
    if known.schedule == DRAFT:
        now = talk.services.subscribing.now()
        return Answer(message=onboarding.when(talk.words, onboarding.NO_PRESET, "", now))
    return Answer(message=onboarding.known_already(known, talk.words, ""))


async def first(talk: Talk) -> Message:
    """The first screen of somebody who has no subscription."""
    sample = await talk.services.samples.one(talk.words.language)
    return onboarding.welcome(talk.words, sample, await target(talk))


async def joined(talk: Talk) -> Answer:
    """One short message with a button to the settings; those of a channel open in private, where nobody else reads them."""
    button = onboarding.settings_button(talk.words, "")
    if talk.place is Place.CHANNEL and talk.home:
        number = await talk.services.subscribing.number(talk.address)
        button = Button(label=button.label, url=f"{talk.home}?start=settings-{base36(number)}")
    return Answer(message=onboarding.joined(talk.words, button))


async def _of_number(talk: Talk, number: int) -> Answer:
    """The settings of another place, for its admins."""
    address = await talk.services.subscribing.address(number)
    if address is None or address.platform != talk.here.platform:
        return said(talk.words("press.expired"))
    if not await talk.is_admin(address):
        return said(talk.words("admins_only"))
    there = talk.of(address)
    known = await talk.services.subscribing.current(address)
    return Answer(message=await opened(there, known) if known else await first(there))


def _offered(talk: Talk, payload: str, link: Linked, known: Subscription | None) -> Message:
    """What a link would set, of a new subscription or beside what is there."""
    schedule = link.schedule(known.schedule if known else Schedule(), talk.words.language)
    made = Subscription(
        id=known.id if known else None,
        address=talk.address,
        interest=link.interest,
        schedule=schedule,
        limit=known.limit if known else Subscription(address=talk.address).limit,
    )
    return onboarding.from_link(link, made, talk.words, payload)
