"""Who speaks where: from Telegram's update to the Talk of a command."""

from collections.abc import Awaitable, Callable

from telegram import Chat, Message, Update, User
from telegram.constants import ChatType

from bot import __version__
from bot.domain.people import Person
from bot.domain.progress import silent
from bot.domain.subscriptions import Address
from bot.domain.words import Words
from bot.words import languages, words
from bot.words.languages import code_named
from handlers.commands import COMMANDS
from handlers.desk import Desk
from handlers.talk import Place, Talk
from handlers.telegram.desk import EXTRA, ONLY_GROUPS, PLATFORM, SOURCES

PLACES = {
    ChatType.PRIVATE: Place.PRIVATE,
    ChatType.GROUP: Place.GROUP,
    ChatType.SUPERGROUP: Place.GROUP,
    ChatType.CHANNEL: Place.CHANNEL,
}

# Who writes in the name of a channel, or is a channel's post in its group, has one of Telegram's own users: all of them the same.
CHANNELS_USERS = frozenset({136817688, 777000})


def talk_of(update: Update, desk: Desk) -> Talk | None:
    """The conversation that an update belongs to; None where there is none to answer in."""
    chat, message = update.effective_chat, update.effective_message
    if chat is None or chat.type not in PLACES:
        return None
    address = Address(platform=PLATFORM, chat=str(chat.id), thread=thread_of(message))
    sender, place = update.effective_user, PLACES[ChatType(chat.type)]
    # A press comes from whoever pressed, a message from its author: who posts in a channel, or as the group, is no user.
    is_chat_itself = update.callback_query is None and message is not None and _is_of_chat_itself(message, chat)
    is_nobody = is_chat_itself or sender is None or sender.id in CHANNELS_USERS
    person = Person(platform=PLATFORM, id="" if is_nobody or sender is None else str(sender.id))
    return Talk(
        services=desk.services,
        address=address,
        here=address,
        person=person,
        words=words_of(sender),
        report=silent,
        version=__version__,
        place=place,
        is_admin=_of_chat(address) if is_chat_itself else _may(desk, person),
        lacking=desk.lacking,
        is_owner=person in desk.owners,
        home=desk.home,
        commands=_commands(place),
        sources=SOURCES,
    )


def _commands(place: Place) -> tuple[str, ...]:
    return (*(name for name in COMMANDS if place is Place.GROUP or name not in ONLY_GROUPS), *EXTRA)


def thread_of(message: object) -> str:
    """The topic of a message, "" outside of topics: a reply in the general topic carries an id that is none."""
    is_topic = isinstance(message, Message) and message.is_topic_message and message.message_thread_id is not None
    return str(message.message_thread_id) if is_topic and isinstance(message, Message) else ""


def words_of(sender: User | None) -> Words:
    """The words of a client's language, English where there are none."""
    code = sender.language_code if sender else None
    nearest = words(code_named(code or "") or "en").catalogue
    return words(nearest if nearest in languages() else "en")


def _is_of_chat_itself(message: Message, chat: Chat) -> bool:
    """An anonymous admin speaks as the group, and a channel's posts are its own: both are for admins only."""
    return message.sender_chat is not None and message.sender_chat.id == chat.id and not message.is_automatic_forward


def _of_chat(home: Address) -> Callable[[Address], Awaitable[bool]]:
    async def is_admin(address: Address) -> bool:
        return address.chat == home.chat

    return is_admin


def _may(desk: Desk, person: Person) -> Callable[[Address], Awaitable[bool]]:
    """Everybody may in their own private chat, which has their id; elsewhere the platform is asked."""

    async def is_admin(address: Address) -> bool:
        return bool(person.id) and (address.chat == person.id or await desk.is_admin(address.chat, person.id))

    return is_admin
