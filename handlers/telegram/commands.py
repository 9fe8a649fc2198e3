"""What people type: commands, answers to questions, and a paper's link or id alone."""

import re
from dataclasses import replace

from telegram import Message, MessageEntity, Update

from bot.domain.actions import Action
from handlers import dispatch
from handlers.commands import COMMANDS, OF_RIGHT
from handlers.desk import Desk
from handlers.parsing_papers import TAKES_A_PAPER, paper_in, with_paper
from handlers.showing import Spot, conclude, question, show
from handlers.talk import Answer, Place, Talk, said, speaking
from handlers.telegram.desk import Context
from handlers.telegram.speakers import talk_of
from handlers.waiting import Waiting

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{1,32}))?(?:\s+|$)", re.ASCII)


async def typed(update: Update, context: Context) -> None:
    """A message or a channel's post: a command of ours, the answer to a question of ours, or a paper's link."""
    message, talk = update.effective_message, talk_of(update, context.desk)
    if message is None or talk is None:
        return
    name, rest = command_of(message, context.bot.username)
    if is_for_another(message, talk.place, name):
        return
    is_of_right = talk.place is Place.PRIVATE and name in OF_RIGHT
    if not is_of_right and not is_answered(context.desk, talk):
        await _refuse(context.desk, talk, message, name)
    elif name is not None:
        await _answer(context.desk, talk, message, name, rest)
    elif message.text and (asked := _asked(context.desk, message, talk)) is not None:
        await _answer(context.desk, talk, message, "", message.text, asked)
    elif talk.place is Place.PRIVATE and message.text:
        await _bare(context.desk, talk, message)


def command_of(message: Message, username: str) -> tuple[str | None, str]:
    """The command that a message begins with, and what follows it; none if it is for another bot."""
    text = message.text or message.caption or ""
    found = _COMMAND.match(text)
    if found is None or (found[2] is not None and found[2].casefold() != username.casefold()):
        return None, ""
    name, rest = found[1].casefold(), text[found.end() :].strip()
    if name in TAKES_A_PAPER and message.reply_to_message is not None:
        rest = with_paper(rest, texts_of(message.reply_to_message))
    return name, rest


def is_for_another(message: Message, place: Place, name: str | None) -> bool:
    """A command that names another bot; where several may be, also one that we do not know and that does not name us."""
    found = _COMMAND.match(message.text or "")
    return found is not None and (name is None or (place is not Place.PRIVATE and found[2] is None and name not in COMMANDS))


def is_answered(desk: Desk, talk: Talk) -> bool:
    """Whether this bot is for them: a private one answers its owners, and the chats and people that it was told of."""
    return not desk.chats or talk.is_owner or talk.here.chat in desk.chats or talk.person.id in desk.chats


async def _refuse(desk: Desk, talk: Talk, message: Message, name: str | None) -> None:
    """A private bot says to those who turn to it what its owner needs to let them in, and is silent to everybody else."""
    if name is not None:
        sentence = talk.words("private_bot", chat=talk.person.id if talk.place is Place.PRIVATE else talk.here.chat)
        await show(desk, talk, said(sentence), _spot(talk, message))


def texts_of(message: Message) -> tuple[str, ...]:
    """Where a message may name a paper: its text, and the addresses behind its links."""
    entities = (*message.entities, *message.caption_entities)
    links = [entity.url for entity in entities if entity.type == MessageEntity.TEXT_LINK and entity.url]
    return (message.text or message.caption or "", *links)


def _asked(desk: Desk, message: Message, talk: Talk) -> Action | None:
    """The question that this text answers: the one it is a reply to, or in a private chat the last thing we said."""
    replied = message.reply_to_message
    is_ours = replied is not None and (replied.from_user is None or replied.from_user.id == message.get_bot().id)
    if replied is not None and is_ours and replied.reply_markup is not None:  # other bots have buttons too, whatever these say
        buttons = [button for row in replied.reply_markup.inline_keyboard for button in row]
        return question(str(button.callback_data) for button in buttons if button.callback_data)
    return desk.questions.get(talk.here.chat) if talk.place is Place.PRIVATE else None


async def _bare(desk: Desk, talk: Talk, message: Message) -> None:
    """In private a paper's id or link alone is a /summary; to anything else we say how to talk to us."""
    found = paper_in(texts_of(message))
    if found:
        await _answer(desk, talk, message, "summary", message.text or found)
    else:
        sentence = said((await speaking(talk)).words("chat.not_a_command"))
        await show(desk, talk, sentence, _spot(talk, message))


async def _answer(desk: Desk, talk: Talk, message: Message, name: str, rest: str, asked: Action | None = None) -> None:
    talk = await speaking(talk)
    spot = _spot(talk, message)
    async with Waiting(desk.speaker, talk.here, talk.words, reply_to=spot.reply_to) as waiting:
        talk = replace(talk, report=waiting.report)
        found: Answer = await (dispatch.typed(talk, asked, rest) if asked else dispatch.answer(talk, name, rest))
    if name in ("start", "subscribe", "resume") and await talk.is_admin(talk.here):
        await desk.destinations.opened(talk.here)
    await conclude(desk, talk, found, replace(spot, own=waiting.own))


def _spot(talk: Talk, message: Message) -> Spot:
    """In a group the answer is tied to its question; alone with somebody that would only be noise."""
    return Spot(address=talk.here, reply_to=str(message.message_id) if talk.place is Place.GROUP else "")


def is_slow(message: Message | None, username: str) -> bool:
    """Whether the answer may take long, so that what its chat says next must not wait for it."""
    if message is None:
        return False
    if message.document is not None:
        return True
    name, _ = command_of(message, username)
    return name is None or (name in COMMANDS and COMMANDS[name].is_slow)
