"""The settings menu of a place, made ready to be shown."""

from bot.domain.messages import Message
from bot.domain.subscriptions import Subscription
from handlers.talk import Place, Talk, target
from handlers.texts.deliveries import place
from handlers.texts.menu_screens import screen
from handlers.texts.menus import ROWS, Menu, main

LINES = {"discord": 25}
"""Of a list on one screen, where a platform makes one component of it that takes so many."""


async def menu_of(talk: Talk, known: Subscription | None = None) -> Menu:
    """What screens are made of, of the subscription as it is `known` or else as it stands; raises NotSubscribed."""
    known = known or await talk.services.subscribing.require(talk.address)
    return Menu(
        known=known,
        words=talk.words,
        now=talk.services.subscribing.now(),
        target=await target(talk),
        place="" if talk.address == talk.here else talk.title(talk.address) or place(talk.address, talk.words),
        sources=talk.sources,
        styles=talk.services.styles,
        languages=talk.services.languages,
        is_group=talk.place is Place.GROUP,
        lines=LINES.get(talk.here.platform, ROWS),
    )


async def opened(talk: Talk, known: Subscription | None = None) -> Message:
    """The main screen; raises NotSubscribed."""
    return main(await menu_of(talk, known))


async def at(talk: Talk, name: str) -> Message:
    """The screen of this name as a message of its own; raises NotSubscribed."""
    return screen(await menu_of(talk), name)
