"""The typed context of whatever a person asks, on whichever platform, and what they are answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.actions import base36
from bot.domain.deliveries import Cause
from bot.domain.messages import Button, Message, paragraph
from bot.domain.people import Person
from bot.domain.progress import Report
from bot.domain.styles import Style
from bot.domain.subscriptions import Address
from bot.domain.words import Words
from bot.errors import Show
from bot.services.allowance import Allowance
from bot.services.asking import Asking
from bot.services.browsing import Browsing
from bot.services.carrying import Carrying
from bot.services.digesting import Digesting
from bot.services.expecting import Expecting
from bot.services.forgetting import Forgetting
from bot.services.ledger import Ledger
from bot.services.marking import Marking
from bot.services.opening import Opening
from bot.services.reading_lists import ReadingLists
from bot.services.samples import Samples
from bot.services.searching import Searching
from bot.services.spending import Spending
from bot.services.standing import Standing
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.services.uploads import Uploads
from bot.words import words
from handlers.parsing import SOURCES


class Place(StrEnum):
    """Where it is asked."""

    TERMINAL = "terminal"
    PRIVATE = "private"
    GROUP = "group"  # with or without topics
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a person may ask."""

    subscribing: Subscribing
    carrying: Carrying
    uploads: Uploads
    reading_lists: ReadingLists
    digesting: Digesting
    expecting: Expecting
    samples: Samples
    summarizing: Summarizing
    asking: Asking
    searching: Searching
    spending: Spending
    standing: Standing
    browsing: Browsing
    ledger: Ledger
    opening: Opening
    allowance: Allowance
    marking: Marking
    forgetting: Forgetting
    styles: tuple[Style, ...]
    languages: tuple[str, ...]


async def nobody(_: Address) -> bool:
    """Nobody may change anything."""
    return False


async def nothing(_: Address) -> Cause | None:
    """Nothing is missing to write there, as far as anybody knows."""
    return None


def untitled(_: Address) -> str:
    """No place has a name that is known."""
    return ""


async def anybody(_: Address) -> bool:
    """Whoever types here may change whatever is here: a terminal, a private chat."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One thing that one person asks. `address` is whose settings it is about, `here` where the answer goes.

    They differ where somebody sets up a channel from a private chat. `is_admin` says whether the person may change the
    settings of an address, `lacking` what keeps the bot from writing to one; both may ask the platform. `title` is how people
    call a place ("" if that is not known). `home` is the address of the bot itself, for links to it ("" if it has none).
    """

    services: Services
    address: Address
    here: Address
    person: Person
    words: Words
    report: Report
    version: str
    place: Place
    is_admin: Callable[[Address], Awaitable[bool]] = nobody
    lacking: Callable[[Address], Awaitable[Cause | None]] = nothing
    title: Callable[[Address], str] = untitled
    is_owner: bool = False  # of the deployment
    home: str = ""
    commands: tuple[str, ...] = ()  # all that can be typed here, for /help
    sources: tuple[str, ...] = SOURCES  # those that may be named here, the one for who names none first
    is_elsewhere: bool = False  # whoever types is not who reads: nothing here may count as shown
    is_spoken: bool = False  # `words` are those of the address already
    is_whispered: bool = False  # in a group, and yet seen by the person alone

    @property
    def is_alone(self) -> bool:
        """Whether nobody but the person reads the answer."""
        return self.is_whispered or self.place in (Place.TERMINAL, Place.PRIVATE)

    @property
    def sees_all(self) -> bool:
        """Whether it may be about the whole deployment: the owner asks, and nobody else reads the answer."""
        return self.is_owner and self.is_alone

    def words_in(self, language: str) -> Words:
        """The words of a language as they are said here."""
        return words(language, self.here.platform)

    def of(self, address: Address) -> "Talk":
        """The same conversation about another address."""
        return replace(self, address=address, is_spoken=address == self.address and self.is_spoken)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file for a person: its name, what is in it, and a sentence to go with it."""

    name: str
    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person sees. All empty: it comes by itself, through the ledger.

    Of a pressed button: with `is_in_place` its own message becomes `message`; `rows` replace the buttons of its message and
    leave the text; `toast` is a few words for the one who pressed.
    `once_shown` is called when all of it was shown, and only then.
    """

    message: Message | None = None
    is_in_place: bool = False
    rows: tuple[tuple[Button, ...], ...] | None = None
    toast: str = ""
    files: tuple[File, ...] = ()
    once_shown: Callable[[], Awaitable[None]] | None = None


def said(sentence: str) -> Answer:
    """One sentence."""
    return Answer(message=Message(blocks=(paragraph(sentence),)))


async def why_not_ask(talk: Talk) -> str:
    """Why this person may not ask for what costs something here, "" if they may: then it is counted. Raises AllowanceSpent."""
    if talk.place is Place.TERMINAL:
        return ""
    known = await talk.services.subscribing.current(talk.address)
    if known is not None and not known.members_may_ask and not await talk.is_admin(talk.address):
        return talk.words("members_may_not")
    await talk.services.allowance.take(talk.person, talk.here)
    return ""


async def target(talk: Talk) -> str:
    """The last argument of a button that is about settings: "" for those of the place where it is shown."""
    if talk.address == talk.here:
        return ""
    return base36(await talk.services.subscribing.number(talk.address))


class Expired(Show):
    """A button whose place or paper is not there any more."""


async def speaking(talk: Talk) -> Talk:
    """The same conversation in the language of its subscription, which the last command may have changed."""
    if talk.is_spoken:
        return talk
    known = await talk.services.subscribing.current(talk.address)
    return replace(talk, words=talk.words_in(known.language) if known else talk.words, is_spoken=True)
