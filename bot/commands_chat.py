"""`paperboy chat`: a conversation in the terminal, about one's own subscription or about that of a chat elsewhere."""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from threading import Thread

from bot import __version__
from bot.app import CHAT, opened
from bot.commands import DONE, shower
from bot.config import Settings
from bot.domain.messages import Message, paragraph
from bot.domain.people import Person
from bot.domain.subscriptions import Address
from bot.progress import Progress
from bot.talking import services
from bot.words import words
from handlers import parsing, parsing_deliveries


async def chat(settings: Settings, asked: argparse.Namespace) -> int:
    """A conversation in the terminal; with --for each command changes the settings of that address."""
    from handlers.commands import COMMANDS
    from handlers.console.chat import converse
    from handlers.dispatch import answer
    from handlers.talk import Place, Talk, anybody
    from handlers.texts.deliveries import elsewhere

    address = parsing_deliveries.address(asked.address) if asked.address is not None else CHAT
    show = shower()
    async with opened(settings, is_sample=asked.sample) as app:
        known = await app.subscribing.current(address)
        said = words(known.language if known else "en")
        with Progress(said) as progress:
            talk = Talk(
                services=services(app),
                address=address,
                here=CHAT,
                person=Person(platform=CHAT.platform, id=CHAT.chat),
                words=said,
                report=progress,
                version=__version__,
                place=Place.TERMINAL,
                is_admin=anybody,
                is_owner=True,
                commands=(*COMMANDS, "quit"),
                sources=("sample",) if asked.sample else parsing.SOURCES,
                is_elsewhere=address != CHAT,
            )
            if talk.is_elsewhere:
                show(elsewhere(address, _missing_token(settings, address), said))
            if (begun := await answer(talk, "start", "")).message is not None:
                show(begun.message)
            if asked.sample:
                show(Message(blocks=(paragraph(said("chat.sample", date=app.now().date().isoformat())),)))
            await converse(talk, read_line=_line_reader(), show=show)
    return DONE


def _missing_token(settings: Settings, address: Address) -> str:
    """The setting without which nothing is sent to this address; "" if it is set."""
    tokens = {"telegram": settings.telegram_bot_token, "discord": settings.discord_bot_token}
    token = tokens.get(address.platform)
    return f"{address.platform.upper()}_BOT_TOKEN" if token is not None and not token.get_secret_value() else ""


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
