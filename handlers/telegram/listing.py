"""The commands as Telegram's own list shows them: for each kind of chat, in each language that we speak.

Lists only show; who may is checked when something is typed. Only what differs is sent, with pauses, since Telegram counts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.words import languages, words
from handlers.commands import COMMANDS, Who
from handlers.telegram.desk import EXTRA, ONLY_GROUPS

PAUSE_S = 1.5  # between two changes: faster ones end in 429 (docs/telegram.md)
ONLY_ALONE = frozenset({"saved", "save", "deletemydata", "channel", "import", "export", "usage"})


def lists() -> Iterator[tuple[BotCommandScope, tuple[str, ...]]]:
    """The names of commands by scope."""
    names = (*COMMANDS, *EXTRA)
    alone = tuple(name for name in names if name not in ONLY_GROUPS)
    for_members = tuple(name for name in COMMANDS if COMMANDS[name].who is not Who.ADMINS and name not in ONLY_ALONE)
    for_admins = tuple(name for name in COMMANDS if name not in ONLY_ALONE)
    yield BotCommandScopeDefault(), for_members
    yield BotCommandScopeAllPrivateChats(), alone
    yield BotCommandScopeAllGroupChats(), for_members
    yield BotCommandScopeAllChatAdministrators(), for_admins


async def tell_commands(bot: Bot, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> int:
    """Set every list that is not as it should be; returns how many were. Raises nothing: the next start tries again."""
    changed = 0
    for scope, names in lists():
        for language in languages():
            said = words(language)
            wanted = tuple(BotCommand(name, said(f"menu.{name}")) for name in names)
            code = None if language == "en" else language  # English is for whoever has no list in their own
            try:
                if await bot.get_my_commands(scope=scope, language_code=code) == wanted:
                    continue
                await bot.set_my_commands(wanted, scope=scope, language_code=code)
            except (TelegramError, TimeoutError):
                return changed
            changed += 1
            await sleep(PAUSE_S)
    return changed
