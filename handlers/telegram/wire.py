"""Calls of the platform whose failure nobody misses."""

from collections.abc import Awaitable

from telegram.error import TelegramError


async def quietly(call: Awaitable[object]) -> None:
    """Do it if it can be done: a button that was answered too late, a list of commands that is set another time."""
    try:
        await call
    except (TelegramError, TimeoutError):
        return
