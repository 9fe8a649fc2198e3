"""What Telegram keeps of a message that many read."""

from telegram import InlineKeyboardMarkup, MaybeInaccessibleMessage, Message

from bot.domain.actions import Action, unpacked


def below(message: MaybeInaccessibleMessage) -> tuple[Action, ...]:
    """What the buttons of a message say."""
    keyboard = message.reply_markup if isinstance(message, Message) else None
    if not isinstance(keyboard, InlineKeyboardMarkup):
        return ()
    data = (button.callback_data for row in keyboard.inline_keyboard for button in row)
    return tuple(action for each in data if isinstance(each, str) and (action := unpacked(each)) is not None)
