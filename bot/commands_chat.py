"""`paperboy chat`: a conversation in the terminal, about one's own subscription or about that of a chat elsewhere."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from bot import __version__
from bot.app import CHAT, App, opened
from bot.commands import DONE, shower
from bot.config import Settings
from bot.domain.subscriptions import Address
from bot.progress import Progress
from bot.summarizers.styles import styles
from bot.words import languages, words
from handlers import parsing, parsing_deliveries

if TYPE_CHECKING:
    from handlers.console.chat import Services


async def chat(settings: Settings, asked: argparse.Namespace) -> int:
    """A conversation in the terminal; with --for each command changes the settings of that address."""
    from handlers.console import chat as console
    from handlers.console.commands import COMMANDS, start
    from handlers.texts.deliveries import elsewhere
    from handlers.texts.subscriptions import said as sentence

    address = parsing_deliveries.address(asked.address) if asked.address is not None else CHAT
    show = shower()
    async with opened(settings, is_sample=asked.sample) as app:
        known = await app.subscribing.current(address)
        said = words(known.language if known else "en")
        with Progress(said) as progress:
            talk = console.Chat(
                services=_services(app),
                address=address,
                words=said,
                report=progress,
                version=__version__,
                sources=("sample",) if asked.sample else parsing.SOURCES,
                is_elsewhere=address != CHAT,
            )
            if talk.is_elsewhere:
                show(elsewhere(address, _missing_token(settings, address), said))
            show(await start(talk, ""))
            if asked.sample:
                show(sentence(said("chat.sample", date=app.now().date().isoformat())))
            await console.converse(talk, COMMANDS, read_line=_line_reader(), show=show)
    return DONE


def _missing_token(settings: Settings, address: Address) -> str:
    """The setting without which nothing is sent to this address; "" if it is set."""
    tokens = {"telegram": settings.telegram_bot_token, "discord": settings.discord_bot_token}
    token = tokens.get(address.platform)
    return f"{address.platform.upper()}_BOT_TOKEN" if token is not None and not token.get_secret_value() else ""


def _services(app: App) -> "Services":
    from handlers.console.chat import Services

    return Services(
        subscribing=app.subscribing,
        digesting=app.digesting,
        summarizing=app.summarizing,
        asking=app.asking,
        spending=app.spending,
        browsing=app.browsing,
        ledger=app.ledger,
        styles=styles(),
        languages=tuple(languages()),
    )


def _line_reader() -> Callable[[], Awaitable[str | None]]:
    """Lines of standard input, read beside the loop; None at its end.

    A daemon thread, because the loop's own threads are waited for at its end: Ctrl-C would hang until the next line.
    It must hold no lock of `sys.stdin`, which the interpreter takes when it ends; `input` holds none on a terminal.
    """
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()

    def read(done: Future[str | None]) -> None:
        done.set_running_or_notify_cancel()
        try:
            line = input("> ") if is_terminal else _raw_line()
        except (EOFError, OSError, ValueError):  # the end, a terminal that went away, a closed file
            line = None
        done.set_result(line)

    def start() -> Awaitable[str | None]:
        done: Future[str | None] = Future()
        Thread(target=read, args=(done,), daemon=True).start()
        return asyncio.wrap_future(done)

    return start


def _raw_line() -> str | None:
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as raw:
        line = raw.readline()
    return line.decode("utf-8", errors="replace").rstrip("\r\n") if line else None
