"""What the platform tells of chats: blocked and let in again, added and removed, moved, a topic closed. The ledger hears it."""

from telegram import ChatMemberAdministrator, ChatMemberRestricted, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address
from handlers.commands.start import joined
from handlers.showing import Spot, show
from handlers.talk import Place
from handlers.telegram.commands import is_answered
from handlers.telegram.desk import PLATFORM, Context
from handlers.telegram.speakers import talk_of, thread_of

GONE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


async def member_changed(update: Update, context: Context) -> None:
    """Our own place in a chat changed."""
    change = update.my_chat_member
    if change is None:
        return
    address = Address(platform=PLATFORM, chat=str(change.chat.id))
    cause = lost(change)
    if cause is not None:
        await context.desk.destinations.closed(address, cause)
        return
    await context.desk.destinations.opened(address)
    if change.old_chat_member.status in GONE and change.chat.type != ChatType.PRIVATE:
        await _greet(update, context, address)


def lost(change: ChatMemberUpdated) -> Cause | None:
    """Why nothing can be sent there now, None if something can."""
    member = change.new_chat_member
    if member.status in GONE:
        return Cause.BLOCKED if change.chat.type == ChatType.PRIVATE else Cause.KICKED
    if isinstance(member, ChatMemberRestricted) and not member.can_send_messages:
        return Cause.NO_PERMISSION
    is_channel = change.chat.type == ChatType.CHANNEL
    if is_channel and not (isinstance(member, ChatMemberAdministrator) and member.can_post_messages):
        return Cause.NO_PERMISSION
    return None


async def _greet(update: Update, context: Context, address: Address) -> None:
    """One short message where the bot was added; a private bot is silent in chats that it was not told of."""
    talk = talk_of(update, context.desk)
    if talk is None or talk.place is Place.PRIVATE:
        return
    if is_answered(context.desk, talk):
        await show(context.desk, talk, await joined(talk), Spot(address=address))


async def service(update: Update, context: Context) -> None:
    """Messages that nobody wrote: a group that moved, a topic that was closed or opened again."""
    message = update.effective_message
    if message is None:
        return
    address = Address(platform=PLATFORM, chat=str(message.chat.id), thread=thread_of(message))
    destinations = context.desk.destinations
    if message.migrate_to_chat_id is not None:
        await destinations.moved(PLATFORM, address.chat, str(message.migrate_to_chat_id))
    elif message.migrate_from_chat_id is not None:
        await destinations.moved(PLATFORM, str(message.migrate_from_chat_id), address.chat)
    elif message.forum_topic_closed is not None and address.thread:
        await destinations.closed(address, Cause.TOPIC_CLOSED)
    elif message.forum_topic_reopened is not None and address.thread:
        await destinations.opened(address)


def is_service(message: Message | None) -> bool:
    """Whether it is one of those that `service` knows."""
    return message is not None and any(
        each is not None
        for each in (
            message.migrate_to_chat_id,
            message.migrate_from_chat_id,
            message.forum_topic_closed,
            message.forum_topic_reopened,
        )
    )
