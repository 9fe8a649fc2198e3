"""The Telegram bot's handlers, put together by hand on a Bot that is open. Starts nothing."""

import secrets
import traceback

import structlog
from telegram import Bot, Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers.desk import Desk
from handlers.showing import Spot, show
from handlers.talk import said
from handlers.telegram.channels import pick, picked
from handlers.telegram.commands import command_of, typed
from handlers.telegram.desk import App, Context
from handlers.telegram.documents import document, file_of
from handlers.telegram.membership import is_service, member_changed, service
from handlers.telegram.pressed import pressed
from handlers.telegram.speakers import talk_of
from handlers.telegram.turns import UpdateTurns

log = structlog.get_logger()


def build(bot: Bot, desk: Desk) -> App:
    """The application: every kind of update has one handler. The caller initializes, starts, feeds and stops it."""
    app: App = (
        ApplicationBuilder()
        .bot(bot)
        .updater(None)
        .job_queue(None)
        .context_types(ContextTypes(context=Context))
        .concurrent_updates(UpdateTurns(bot.username, desk.people))
        .build()
    )
    app.bot_data["desk"] = desk
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(ChatMemberHandler(member_changed, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST, message))
    app.add_handler(TypeHandler(Update, nothing))
    app.add_error_handler(failed)
    return app


async def message(update: Update, context: Context) -> None:
    """Which of the handlers a message is for."""
    found = update.effective_message
    if found is None:
        return
    name, _ = command_of(found, context.bot.username)
    if is_service(found):
        await service(update, context)
    elif found.chat_shared is not None:
        await picked(update, context)
    elif name == "channel":
        await pick(update, context)
    elif found.document is not None or (name == "import" and file_of(found) is not None):
        await document(update, context)
    elif found.text:
        await typed(update, context)


async def nothing(_update: Update, _context: Context) -> None:
    """Whatever else Telegram tells."""


async def failed(update: object, context: Context) -> None:
    """The one error handler: what nobody expected is logged without anybody's words, under a number that both sides can name."""
    reference, error = secrets.token_hex(3), context.error
    frames = traceback.extract_tb(error.__traceback__)[-6:] if error else []
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("handler failed", platform="telegram", reference=reference, error=type(error).__name__, where=where)
    if not isinstance(update, Update) or update.effective_message is None:
        return
    talk = talk_of(update, context.desk)
    if talk is not None:
        sentence = talk.words("problem.bug", reference=reference)  # in their own language: the database may be what failed
        await show(context.desk, talk, said(sentence), Spot(address=talk.here))
