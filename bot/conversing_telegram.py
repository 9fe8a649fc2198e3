"""The life of a platform's conversation in this process, next to its sender.

the channel is open -> handlers are built on it -> updates come, by long poll or webhook -> a stop -> answers in hand end
"""

import asyncio
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import structlog

from bot import __version__
from bot.app import App
from bot.talking import services

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.channels.telegram_updates import Heard
    from handlers.desk import Desk
    from handlers.telegram.desk import App as Application

log = structlog.get_logger()

WEBHOOK_PATH = "/telegram"


async def converse(app: App, stop: asyncio.Event) -> bool:
    """Answer people on Telegram until `stop`; False if it gave up: another process has our token, or nobody knows it.

    The channel must be open. What is in hand at a stop is finished.
    """
    from handlers.telegram.build import build
    from handlers.telegram.listing import tell_commands

    channel = _channel(app)
    application = build(channel.bot, _desk(app, channel))
    await application.initialize()
    await application.start()
    log.info("answering", platform="telegram", at=channel.home)
    listing = asyncio.create_task(tell_commands(channel.bot))
    try:
        if app.settings.telegram_webhook_url:
            return await _by_webhook(app, application, channel, stop)
        return await _by_polling(app, application, channel, stop)
    finally:
        listing.cancel()
        await asyncio.gather(listing, return_exceptions=True)
        await application.stop()  # not `shutdown`: the channel closes its own Bot


async def _by_polling(app: App, application: "Application", channel: "Telegram", stop: asyncio.Event) -> bool:
    from bot.channels.telegram_updates import CONFLICT_S, Updates
    from bot.channels.telegram_webhook import delete_webhook

    await delete_webhook(channel.bot)
    token = app.settings.telegram_bot_token.get_secret_value()
    updates = Updates(channel.bot, token=token, heard=_tell, patience_s=CONFLICT_S / app.settings.clock_rate)
    return await updates.poll(stop, application.update_queue.put) is None


async def _by_webhook(app: App, application: "Application", channel: "Telegram", stop: asyncio.Event) -> bool:
    """Telegram hands updates over; a reverse proxy brings them from the public address, under the same path."""
    from bot.channels.telegram_updates import KINDS, update_of
    from bot.channels.telegram_webhook import set_webhook, webhook_secret
    from handlers.web.server import Web, telegram_route

    async def take(update: dict[str, Any]) -> None:
        if (found := update_of(update, channel.bot)) is not None:
            await application.update_queue.put(found)

    url, secret = app.settings.telegram_webhook_url, webhook_secret(app.settings.telegram_bot_token.get_secret_value())
    path = urlsplit(url).path or WEBHOOK_PATH
    web = Web(app.settings.web_host, app.settings.web_port)
    web.add_post(path, telegram_route(secret, take))
    await web.start()
    try:
        await set_webhook(channel.bot, url if urlsplit(url).path else url + WEBHOOK_PATH, secret, KINDS)
        log.info("listening for Telegram", host=app.settings.web_host, port=app.settings.web_port)
        await stop.wait()
    finally:
        await web.stop()
    return True


def _channel(app: App) -> "Telegram":
    return cast("Telegram", app.channels["telegram"])  # adapters.platforms puts nothing else there


def _desk(app: App, channel: "Telegram") -> "Desk":
    from handlers.desk import Desk

    return Desk(
        services=services(app),
        speaker=channel,
        destinations=app.destinations,
        people=app.people,
        is_admin=channel.is_admin,
        lacking=channel.lacking,
        owners=app.settings.owners,
        chats=app.settings.chats,
        version=__version__,
        home=channel.home,
    )


def _tell(heard: "Heard") -> None:
    """A trouble with what people write, once when it begins and once when it is over."""
    from bot.channels.telegram_updates import Trouble

    if heard.is_over:
        log.info("updates come again", platform="telegram", trouble=heard.trouble)
    elif heard.trouble is Trouble.CONFLICT:
        log.error(
            "another process asks Telegram for the updates of this bot: stop it, or give this one a token of its own",
            platform="telegram",
        )
    else:
        log.warning("updates do not come", platform="telegram", trouble=heard.trouble, detail=heard.detail)
