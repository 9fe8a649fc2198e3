"""/channel in a private chat: pick one of one's channels or groups, and set it up from here."""

from telegram import (
    ChatAdministratorRights,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from bot.domain.subscriptions import Address
from bot.domain.visible import shown
from handlers import dispatch
from handlers.showing import Spot, show
from handlers.talk import Place, speaking
from handlers.telegram.commands import is_answered
from handlers.telegram.desk import PLATFORM, Context
from handlers.telegram.speakers import talk_of
from handlers.telegram.wire import quietly

CHANNEL, GROUP = 1, 2  # numbers of the two requests, which come back with what was picked

# Who picks must be able to add the bot with the one right that it needs.
POSTING = ChatAdministratorRights(
    is_anonymous=False,
    can_manage_chat=True,
    can_delete_messages=False,
    can_manage_video_chats=False,
    can_restrict_members=False,
    can_promote_members=False,
    can_change_info=False,
    can_invite_users=False,
    can_post_stories=False,
    can_edit_stories=False,
    can_delete_stories=False,
    can_post_messages=True,
)


async def pick(update: Update, context: Context) -> None:
    """Offer the platform's own list of the person's channels and groups."""
    talk, message = talk_of(update, context.desk), update.effective_message
    if talk is None or message is None or not is_answered(context.desk, talk):
        return
    said = (await speaking(talk)).words
    if talk.place is not Place.PRIVATE:
        await quietly(message.reply_text(said("channel.private_only"), do_quote=True))
        return
    channel = KeyboardButtonRequestChat(
        request_id=CHANNEL,
        chat_is_channel=True,
        user_administrator_rights=POSTING,
        bot_administrator_rights=POSTING,
        request_title=True,
    )
    group = KeyboardButtonRequestChat(request_id=GROUP, chat_is_channel=False, bot_is_member=True, request_title=True)
    rows = [
        [KeyboardButton(said("channel.pick_channel"), request_chat=channel)],
        [KeyboardButton(said("channel.pick_group"), request_chat=group)],
    ]
    keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
    await quietly(message.reply_text(said("channel.pick"), reply_markup=keyboard))


async def picked(update: Update, context: Context) -> None:
    """What was picked: its settings, here. Whether the person may change them is asked as for any other press."""
    talk, message = talk_of(update, context.desk), update.effective_message
    if talk is None or message is None or message.chat_shared is None or not is_answered(context.desk, talk):
        return
    said = (await speaking(talk)).words
    address = Address(platform=PLATFORM, chat=str(message.chat_shared.chat_id))
    name = shown(message.chat_shared.title or address.chat)
    await quietly(message.reply_text(said("channel.picked", name=name), reply_markup=ReplyKeyboardRemove()))
    await show(context.desk, talk, await dispatch.answer(talk.of(address), "settings", ""), Spot(address=talk.here))
