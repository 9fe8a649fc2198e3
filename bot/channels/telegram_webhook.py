"""Telegram's webhook: the secret by which we know it, and telling Telegram where to hand over what people write, or not to."""

import hashlib
import hmac
from collections.abc import Awaitable, Sequence

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot import guard
from bot.channels.telegram_connection import NAME
from bot.channels.telegram_outcomes import MALFORMED, detail
from bot.channels.telegram_wire import Throttled
from bot.errors import BadSettings, PlatformUnreachable, TokenRefused

_AGAIN_S = 30.0
_WHAT = "telling Telegram of a webhook"


def webhook_secret(token: str) -> str:
    """What Telegram says in a header with each update: of the token alone, so that it needs no keeping; 64 letters."""
    return hmac.new(token.encode(), b"paperboy webhook", hashlib.sha256).hexdigest()


async def set_webhook(bot: Bot, url: str, secret: str, allowed_updates: Sequence[str]) -> None:
    """Have updates handed to `url`; what waits for us comes there too. Safe to repeat.

    Raises BadSettings if Telegram refuses the address, TokenRefused, or PlatformUnreachable.
    """
    guard.require_no_transaction(_WHAT)
    await _told(bot, bot.set_webhook(url, secret_token=secret, allowed_updates=tuple(allowed_updates)))


async def delete_webhook(bot: Bot) -> None:
    """Have no updates handed over, so that they can be asked for; none is dropped. Safe to repeat; raises as `set_webhook`."""
    guard.require_no_transaction(_WHAT)
    await _told(bot, bot.delete_webhook(drop_pending_updates=False))


async def _told(bot: Bot, telling: Awaitable[bool]) -> None:
    try:
        await telling
    except InvalidToken:
        raise TokenRefused(NAME, "TELEGRAM_BOT_TOKEN") from None  # the library's texts may hold it
    except BadRequest as error:
        reason = f"TELEGRAM_WEBHOOK_URL is refused by Telegram ({detail(error, token=bot.token)})."
        raise BadSettings((reason,)) from None
    except (TelegramError, TimeoutError, *MALFORMED) as error:
        after_s = error.after_s if isinstance(error, Throttled) else _AGAIN_S
        raise PlatformUnreachable(NAME, detail(error, token=bot.token), after_s=after_s) from None
