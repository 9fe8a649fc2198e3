"""Conversations with the whole bot behind them, in a private chat and in a group, for tests of what is answered."""

from bot.app import App
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.progress import silent
from bot.domain.subscriptions import Address
from bot.talking import services
from bot.words import words
from handlers.commands import COMMANDS
from handlers.talk import Answer, Place, Talk, anybody, nobody
from tests.domain.test_layout import links_of, text_of

ADA, BO = Person(platform="telegram", id="1"), Person(platform="telegram", id="2")
HOME = Address(platform="telegram", chat="1")
GROUP = Address(platform="telegram", chat="-100", thread="7")
BOT = "https://t.me/paperboy_bot"


def alone(app: App, person: Person = ADA) -> Talk:
    """A private chat."""
    home = Address(platform=person.platform, chat=person.id)
    return Talk(
        services=services(app),
        address=home,
        here=home,
        person=person,
        words=words("en"),
        report=silent,
        version="0",
        place=Place.PRIVATE,
        is_admin=anybody,
        home=BOT,
        commands=tuple(COMMANDS),
    )


def in_group(app: App, person: Person = ADA, *, is_admin: bool = False, place: Place = Place.GROUP, home: str = BOT) -> Talk:
    """A topic of a group, or a channel."""
    return Talk(
        services=services(app),
        address=GROUP,
        here=GROUP,
        person=person,
        words=words("en"),
        report=silent,
        version="0",
        place=place,
        is_admin=anybody if is_admin else nobody,
        home=home,
        commands=tuple(COMMANDS),
    )


def text(found: Answer) -> str:
    """What is read, without buttons."""
    return text_of(found.message or Message(blocks=()))


def links(found: Answer) -> dict[str, str]:
    """What leads elsewhere: text and address."""
    return links_of(found.message or Message(blocks=()))
