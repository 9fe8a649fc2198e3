"""Who may do what in a chat: what the bot lacks to write there, and who is an admin.

Unconfirmed, since we could not ask the platform: that a chat action is refused wherever a message would be. TDLib asks for
the same access to the chat; a closed topic may be told by the message only, so a look may succeed too early.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from telegram import Bot, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot import guard
from bot.channels.telegram_connection import Connection, Lane
from bot.channels.telegram_limits import is_many
from bot.channels.telegram_outcomes import MALFORMED
from bot.channels.telegram_sending import topic
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.subscriptions import Address

KNOWN_FOR_S = 20.0
MOST_KNOWN = 10_000
_ADMINS = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class Rights:
    """Asks one bot's rights anew at each look, and remembers who is an admin for 20 seconds."""

    def __init__(self, connection: Connection, *, clock: Callable[[], float] = time.monotonic, most: int = MOST_KNOWN) -> None:
        self._connection, self._clock, self._most = connection, clock, most
        self._known: OrderedDict[tuple[str, str], tuple[bool, float]] = OrderedDict()

    async def look(self, address: Address, lane: Lane) -> Outcome:
        """SENT if nothing is known to keep the bot from writing there, else why; people see a sign of typing at most.

        In channels nobody types: there its rights alone are looked at.
        """
        guard.require_no_transaction("looking at Telegram")
        bot = self._connection.bot

        async def ask() -> Outcome:
            member = await _member(bot, address.chat) if is_many(address.chat) else None
            cause = _lack(member)
            if cause is not None:
                return Outcome(kind=OutcomeKind.SUSPEND, cause=cause)
            if not (isinstance(member, ChatMemberAdministrator) and member.can_post_messages):
                await bot.send_chat_action(address.chat, ChatAction.TYPING, message_thread_id=topic(address))
            return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

        found = await self._connection.asked(address.chat, ask, lane)
        is_unsure = found.kind is OutcomeKind.UNSURE
        return replace(found, kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE) if is_unsure else found

    async def lacking(self, address: Address) -> Cause | None:
        """What keeps the bot from writing there, for somebody who waits; None if nothing is known to, or nobody answers."""
        found = await self.look(address, Lane.ASIDE)
        return found.cause if found.kind is OutcomeKind.SUSPEND else None

    async def is_admin(self, chat: str, person: str) -> bool:
        """Whether a person (a user's id) is an admin of a chat, or its owner; False where it cannot be learnt.

        An answer holds for 20 seconds, what was not learnt is asked anew at once. Nobody is an admin of a private chat.
        """
        guard.require_no_transaction("asking Telegram for an admin")
        known = self._known.get((chat, person))
        if known and self._clock() < known[1]:
            return known[0]
        try:
            async with asyncio.timeout(self._connection.timeouts.whole_s):
                is_admin = await _is_admin(self._connection.bot, chat, int(person))
        except (TelegramError, TimeoutError, *MALFORMED):
            return False
        self._known[chat, person] = (is_admin, self._clock() + KNOWN_FOR_S)
        self._known.move_to_end((chat, person))
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return is_admin


async def _is_admin(bot: Bot, chat: str, person: int) -> bool:
    try:
        return (await bot.get_chat_member(chat, person)).status in _ADMINS
    except BadRequest:  # where members are hidden, a bot that is no admin is told of none but the admins
        return any(admin.user.id == person for admin in await bot.get_chat_administrators(chat))


async def _member(bot: Bot, chat: str) -> ChatMember | None:
    """What the bot is there; None if it is not to be learnt."""
    try:
        return await bot.get_chat_member(chat, bot.id)
    except MALFORMED:  # a server older than the library leaves rights out that the library wants
        return None


def _lack(member: ChatMember | None) -> Cause | None:
    """Why it may not write; `can_post_messages` is said of channels alone."""
    match member:
        case ChatMember(status=ChatMember.LEFT | ChatMember.BANNED) | ChatMemberRestricted(is_member=False):
            return Cause.KICKED
        case ChatMemberRestricted(can_send_messages=False) | ChatMemberAdministrator(can_post_messages=False):
            return Cause.NO_PERMISSION
    return None
