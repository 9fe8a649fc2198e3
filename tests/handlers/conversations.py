"""Conversations with the whole bot behind them, in a private chat and in a group, for tests of what is answered."""

from bot.app import App
from bot.domain.messages import Message
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from handlers.talk import Answer, Place, Talk, anybody, nobody
from tests.domain.test_layout import links_of, text_of
from tests.handlers.talks import a_talk

ADA, BO = Person(platform="telegram", id="1"), Person(platform="telegram", id="2")
HOME = Address(platform="telegram", chat="1")
GROUP = Address(platform="telegram", chat="-100", thread="7")
BOT = "https://t.me/paperboy_bot"


def alone(app: App, person: Person = ADA) -> Talk:
    """A private chat."""
    return a_talk(app, Address(platform=person.platform, chat=person.id), person=person, home=BOT)


def in_group(app: App, person: Person = ADA, *, is_admin: bool = False, place: Place = Place.GROUP, home: str = BOT) -> Talk:
    """A topic of a group, or a channel."""
    return a_talk(app, GROUP, person=person, place=place, is_admin=anybody if is_admin else nobody, home=home)


def text(found: Answer) -> str:
    """What is read, without buttons."""
    return text_of(found.message or Message(blocks=()))


def links(found: Answer) -> dict[str, str]:
    """What leads elsewhere: text and address."""
    return links_of(found.message or Message(blocks=()))
