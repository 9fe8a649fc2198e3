"""The one builder of a Talk, for tests of what is answered."""

from collections.abc import Awaitable, Callable

from bot.app import App
from bot.domain.deliveries import Cause
from bot.domain.people import Person
from bot.domain.progress import silent
from bot.domain.subscriptions import Address
from bot.talking import services
from bot.words import words
from handlers.commands import COMMANDS
from handlers.parsing import SOURCES
from handlers.talk import Place, Talk, anybody, nothing


def a_talk(
    app: App,
    here: Address,
    *,
    person: Person | None = None,
    place: Place = Place.PRIVATE,
    language: str = "en",
    is_admin: Callable[[Address], Awaitable[bool]] = anybody,
    lacking: Callable[[Address], Awaitable[Cause | None]] = nothing,
    home: str = "",
    sources: tuple[str, ...] = (),
) -> Talk:
    """About `here`, and answered there. Whoever is not named has the number of the chat; in a terminal is the sample day."""
    return Talk(
        services=services(app),
        address=here,
        here=here,
        person=person or Person(platform=here.platform, id=here.chat),
        words=words(language),
        report=silent,
        version="1",
        place=place,
        is_admin=is_admin,
        lacking=lacking,
        home=home,
        commands=tuple(COMMANDS),
        sources=sources or (("sample",) if here.platform == "console" else SOURCES),
    )
