"""One interaction in hand: who asked, how it is answered, and what is at hand for that."""

from dataclasses import dataclass

import discord

from handlers.desk import Desk
from handlers.discord.bot import Asking, Bot, Voice
from handlers.discord.talks import talk_of
from handlers.showing import Spot
from handlers.talk import Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """`desk` speaks with the `voice` of this interaction. `own` is the pressed message if it may be changed, else ""."""

    asking: Asking
    desk: Desk
    voice: Voice
    talk: Talk
    own: str = ""

    @property
    def spot(self) -> Spot:
        """Where an answer goes."""
        return Spot(address=self.talk.here, own=self.own)

    @property
    def elsewhere(self) -> Spot:
        """Where a word goes that leaves what was pressed as it is."""
        return Spot(address=self.talk.here)


def in_hand(asking: Asking, bot: Bot, *, is_shared: bool = False) -> InHand:
    """An interaction, ready to be answered; `is_shared`: for everybody in its channel.

    A message that others see is never changed by one of them, and what it leads to is whispered.
    """
    is_private = asking.guild_id is None
    voice = bot.voice(asking, not is_shared and not is_private)
    message = asking.message
    is_own = message is not None and (is_private or message.flags.ephemeral)
    talk = talk_of(asking, bot, is_whispered=not is_shared)
    return InHand(asking=asking, desk=bot.desk(voice), voice=voice, talk=talk, own=_id(message) if is_own else "")


def _id(message: discord.Message | None) -> str:
    return "" if message is None else str(message.id)
