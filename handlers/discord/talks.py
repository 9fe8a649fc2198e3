"""Who speaks where: from an interaction of Discord's to the Talk of a command."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import discord

from bot import __version__
from bot.domain.deliveries import Cause
from bot.domain.people import Person
from bot.domain.progress import silent
from bot.domain.subscriptions import Address
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.words import languages, words
from bot.words.languages import code_named
from handlers.discord.bot import PLATFORM, Asking, Bot
from handlers.discord.table import NAMES, SLASHES
from handlers.talk import Place, Talk

SOURCES = ("arxiv", "huggingface")  # the sample day is for terminals

_THREADS = (discord.ChannelType.news_thread, discord.ChannelType.public_thread, discord.ChannelType.private_thread)


def talk_of(asking: Asking, bot: Bot, *, is_whispered: bool) -> Talk:
    """The conversation that an interaction belongs to; `is_whispered`: its answers are seen by whoever asked alone."""
    here, person = here_of(asking), Person(platform=PLATFORM, id=str(asking.user.id))
    is_private = asking.guild_id is None
    return Talk(
        services=bot.services,
        address=here,
        here=here,
        person=person,
        words=words_of(asking),
        report=silent,
        version=__version__,
        place=Place.PRIVATE if is_private else Place.GROUP,
        is_admin=may_change(asking),
        lacking=lacking_in(asking.client),
        title=titled(asking),
        is_owner=person in bot.owners,
        commands=_offered(asking),
        sources=SOURCES,
        is_whispered=is_whispered and not is_private,
    )


def _offered(asking: Asking) -> tuple[str, ...]:
    """The commands that are shown to whoever asks: those of /papers on a server to who manages it."""
    if asking.guild_id is None or manages(asking):
        return NAMES
    return tuple(slash.name for slash in SLASHES if len(slash.path) == 1)


def here_of(asking: Asking) -> Address:
    """Where it was asked: somebody's own place in private, else the channel; a thread below a digest belongs to its channel."""
    if asking.guild_id is None:
        return alone_with(asking.user.id)
    return address_of(asking.client, asking.channel, asking.channel_id or 0)


def alone_with(person: int) -> Address:
    """The private place of somebody, under their own id: their channel has another one, which may change."""
    return Address(platform=PLATFORM, chat=f"@{person}")


def address_of(client: discord.Client, channel: object, number: int) -> Address:
    """The address of a channel of a server, or of somebody's thread in one."""
    if not isinstance(channel, discord.Thread):
        return Address(platform=PLATFORM, chat=str(number))
    is_ours = client.user is not None and channel.owner_id == client.user.id
    return Address(platform=PLATFORM, chat=str(channel.parent_id), thread="" if is_ours else str(channel.id))


def chosen(asking: Asking, number: str) -> Address | None:
    """The address of a channel that was given as an option; None if it is none of this server's."""
    raw = _resolved(asking, number)
    if asking.guild is None or raw is None:
        return None
    known = asking.guild.get_channel_or_thread(int(number))
    if known is not None:
        return address_of(asking.client, known, known.id)
    if asking.client.get_channel(int(number)) is not None:
        return None
    parent = raw.get("parent_id")
    is_thread = raw.get("type") in {each.value for each in _THREADS}
    if is_thread and parent:
        return Address(platform=PLATFORM, chat=str(parent), thread=number)
    return Address(platform=PLATFORM, chat=number)


def _resolved(asking: Asking, number: str) -> Mapping[str, Any] | None:
    data: Mapping[str, Any] = cast("Mapping[str, Any]", asking.data or {})
    found: Mapping[str, Any] | None = data.get("resolved", {}).get("channels", {}).get(number)
    return found


def titled(asking: Asking) -> Callable[[Address], str]:
    """`#papers`: a channel, forum or thread of this server under its name."""

    def title(address: Address) -> str:
        number = address.thread or address.chat
        if asking.guild is None or not number.isdecimal():
            return ""
        known, raw = asking.guild.get_channel_or_thread(int(number)), _resolved(asking, number) or {}
        name = shown(known.name if known is not None else str(raw.get("name") or ""))
        return f"#{name}" if name else ""

    return title


def words_of(asking: Asking) -> Words:
    """The words of a client's language, English where there are none."""
    nearest = words(code_named(asking.locale.value) or "en").catalogue
    return words(nearest if nearest in languages() else "en", PLATFORM)


def may_change(asking: Asking) -> Callable[[Address], Awaitable[bool]]:
    """Who manages a server may change the settings of its channels; everybody may change their own in private.

    What the client shows is no right: a press, or a command, may come from anybody.
    """

    async def is_admin(address: Address) -> bool:
        if address == alone_with(asking.user.id):
            return True
        return manages(asking) and (address == here_of(asking) or _is_of_server(asking, address))

    return is_admin


def manages(asking: Asking) -> bool:
    """Whether whoever asks may manage the server, which an administrator may."""
    return asking.permissions.manage_guild or asking.permissions.administrator


def _is_of_server(asking: Asking, address: Address) -> bool:
    if asking.guild is None or not address.chat.isdecimal():
        return False
    is_known = asking.guild.get_channel_or_thread(int(address.chat)) is not None
    return is_known or _resolved(asking, address.thread or address.chat) is not None


def lacking_in(client: discord.Client) -> Callable[[Address], Awaitable[Cause | None]]:
    """What keeps the bot from posting a digest somewhere, as far as the gateway told of rights."""

    async def lacking(address: Address) -> Cause | None:
        if not address.chat.isdecimal():
            return None
        channel = client.get_channel(int(address.chat))
        if not isinstance(channel, discord.abc.GuildChannel) or channel.guild.me is None:
            return None
        rights = channel.permissions_for(channel.guild.me)
        in_threads = bool(address.thread) or isinstance(channel, discord.ForumChannel)  # the cards of a post are in its thread
        may_write = (rights.send_messages or bool(address.thread)) and (rights.send_messages_in_threads or not in_threads)
        return None if rights.view_channel and may_write and rights.embed_links else Cause.NO_PERMISSION

    return lacking
