"""The life of Discord's conversation in this process, next to its sender.

the channel is open -> a client of its own on the gateway -> the list of commands, if it changed -> interactions -> a stop
"""

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import structlog

from bot.app import App
from bot.domain.messages import Message
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.storage import listings
from bot.talking import services

if TYPE_CHECKING:
    from bot.channels.discord import Discord
    from handlers.discord.bot import Bot
    from handlers.discord.client import Client

log = structlog.get_logger()

PLATFORM = "discord"
# With the rights that docs/discord.md names, no more.
INVITATION = "https://discord.com/oauth2/authorize?client_id={bot}&scope=bot+applications.commands&permissions=309237763072"
ANSWERS_S = 8.0  # what a stop gives to answers in hand


async def converse(app: App, stop: asyncio.Event) -> bool:
    """Answer people on Discord until `stop`, or until the gateway is lost; False if our token is refused.

    The channel must be open. What is in hand at a stop gets `ANSWERS_S`. The client is another one than the channel's: whatever
    becomes of the gateway, digests are sent.
    """
    from bot.channels.discord_gateway import live
    from handlers.discord.client import Client

    channel = cast("Discord", app.channels[PLATFORM])  # adapters.platforms puts nothing else there
    client = Client(_bot(app, channel), begun=lambda begun: _list_commands(app, begun), trace=channel.trace)
    living = asyncio.create_task(live(client, app.settings.discord_bot_token.get_secret_value()))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({living, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await client.answered(ANSWERS_S)
        if living.done():
            living.result()
    except TokenRefused:
        return False
    except PlatformUnreachable as error:
        log.warning("the gateway is out of reach", platform=PLATFORM, error=str(error))
        await _rest(stop, error.after_s)
    finally:
        stopping.cancel()
        living.cancel()
        try:
            await asyncio.gather(living, stopping, return_exceptions=True)
        finally:
            await client.close()
    return True


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    """As long as Discord asked for."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _list_commands(app: App, client: "Client") -> None:
    """Tell Discord our commands, when they are not those that it was told last. A failure is tried again at the next start."""
    from bot.channels.discord_outcomes import ERRORS
    from handlers.discord.listing import mark, payload

    bot, wanted = str(client.application_id), await asyncio.to_thread(mark)
    log.info("answering", platform=PLATFORM, invitation=INVITATION.format(bot=bot))
    async with app.store.read() as tx:
        known = await listings.mark_of(tx, PLATFORM, bot)
    if known == wanted:
        return
    try:
        await client.http.bulk_upsert_global_commands(int(bot), payload())
    except ERRORS as error:
        log.warning("Discord does not take the list of commands", error=type(error).__name__)
        return
    async with app.store.write() as tx:
        await listings.keep(tx, PLATFORM, bot, wanted)
    log.info("commands listed", platform=PLATFORM)


def _bot(app: App, channel: "Discord") -> "Bot":
    from bot.channels.discord_voice import Voice, asked
    from handlers.discord.bot import Bot

    async def tell(address: Address, message: Message) -> None:
        for part in channel.render(message):
            await channel.send(address, part, key=secrets.token_hex(10), is_answer=True)

    return Bot(
        services=services(app),
        destinations=app.destinations,
        people=app.people,
        owners=app.settings.owners,
        guilds=app.settings.guilds,
        voice=lambda asking, is_alone: Voice(asking.client.http, asked(asking, is_alone=is_alone), channel),
        tell=tell,
    )
