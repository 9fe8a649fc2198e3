"""Files that people send: settings, and bibliographies."""

from dataclasses import replace

from telegram import Document, Message, Update

from bot.domain.flaws import Flaw, UnfitFile
from bot.domain.sniffing import file_name
from bot.errors import PaperboyError
from bot.services.uploads import MAX_BYTES
from handlers.commands.files import received
from handlers.showing import Spot, conclude
from handlers.talk import Answer, Place, Talk, speaking
from handlers.telegram.commands import command_of, is_answered
from handlers.telegram.desk import Context
from handlers.telegram.speakers import talk_of
from handlers.texts.problems import problem
from handlers.waiting import Waiting


async def document(update: Update, context: Context) -> None:
    """A file in a private chat, or anywhere with /import as its caption or as the reply to it."""
    message, talk = update.effective_message, talk_of(update, context.desk)
    if message is None or talk is None or not is_answered(context.desk, talk):
        return
    file = file_of(message)
    if file is None or not is_meant(message, talk, context.bot.username):
        return
    desk = context.desk
    talk = await speaking(talk)
    spot = Spot(address=talk.here, reply_to=str(message.message_id) if talk.place is Place.GROUP else "")
    async with Waiting(desk.speaker, talk.here, talk.words, reply_to=spot.reply_to) as waiting:
        try:
            name = file_name(file.file_name or "")
            if (file.file_size or 0) > MAX_BYTES:  # told before it is fetched: what is far too large, Telegram does not hand out
                raise UnfitFile(name, Flaw.TOO_LARGE, most=MAX_BYTES // 1_000_000)
            content = await desk.speaker.download(file.file_id, MAX_BYTES)
            found = await received(replace(talk, report=waiting.report), name, content)
        except PaperboyError as error:
            found = Answer(message=problem(error, talk.words))
    await conclude(desk, talk, found, replace(spot, own=waiting.own))


def file_of(message: Message) -> Document | None:
    """The file that a message brings, or that the message has which it replies to."""
    return message.document or (message.reply_to_message.document if message.reply_to_message else None)


def is_meant(message: Message, talk: Talk, username: str) -> bool:
    """Whether the file is for us: in a group people send many."""
    name, _ = command_of(message, username)
    return name == "import" or (talk.place is Place.PRIVATE and message.document is not None)
