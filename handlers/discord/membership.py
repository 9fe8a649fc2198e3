"""What the gateway tells of places: channels and threads that are gone, servers that were left or joined. The ledger hears it."""

import discord

from bot.domain.deliveries import Cause
from bot.domain.subscriptions import Address
from bot.words import words
from bot.words.languages import code_named
from handlers.discord.bot import PLATFORM, Bot
from handlers.discord.talks import address_of, lacking_in
from handlers.texts import onboarding


async def channel_gone(bot: Bot, channel: discord.abc.GuildChannel) -> None:
    """A channel was deleted."""
    await bot.destinations.closed(Address(platform=PLATFORM, chat=str(channel.id)), Cause.CHANNEL_GONE)


async def thread_gone(bot: Bot, thread: int, parent: int) -> None:
    """A thread was deleted: perhaps one in which somebody subscribed."""
    await bot.destinations.closed(Address(platform=PLATFORM, chat=str(parent), thread=str(thread)), Cause.TOPIC_GONE)


async def thread_changed(bot: Bot, before: discord.Thread, after: discord.Thread) -> None:
    """A thread was locked, or unlocked. An archived one takes messages, and is opened by them."""
    if before.locked == after.locked:
        return
    address = Address(platform=PLATFORM, chat=str(after.parent_id), thread=str(after.id))
    if after.locked:
        await bot.destinations.closed(address, Cause.TOPIC_CLOSED)
    else:
        await bot.destinations.opened(address)


async def server_left(bot: Bot, guild: discord.Guild) -> None:
    """The bot is not on that server any more, or the server is gone."""
    chats = [str(channel.id) for channel in guild.channels]
    await bot.destinations.all_closed(PLATFORM, chats, Cause.SERVER_GONE)


async def server_there(bot: Bot, guild: discord.Guild) -> None:
    """The bot is on this server: it may have been let in again while nobody listened."""
    gone = {Cause.SERVER_GONE, Cause.CHANNEL_GONE}  # the channels that are there, are there
    await bot.destinations.all_opened(PLATFORM, [str(each.id) for each in guild.channels], gone)


async def server_joined(bot: Bot, guild: discord.Guild, client: discord.Client) -> None:
    """The bot was let in, perhaps again: what was held back goes out; one short message where it may write."""
    await bot.destinations.all_opened(PLATFORM, [str(each.id) for each in guild.channels])
    place = guild.system_channel
    if place is None or (bot.guilds and str(guild.id) not in bot.guilds):
        return
    address = address_of(client, place, place.id)
    if await lacking_in(client)(address) is not None:
        return
    said = words(code_named(guild.preferred_locale.value) or "en", PLATFORM)
    await bot.tell(address, onboarding.joined(said, onboarding.settings_button(said, "")))
