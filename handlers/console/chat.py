"""`paperboy chat`: what a chat platform does, in a terminal. A line in, a message out, one error handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from bot.domain.messages import Message
from bot.domain.progress import Report
from bot.domain.styles import Style
from bot.domain.subscriptions import Address
from bot.domain.words import Words
from bot.errors import PaperboyError
from bot.services.asking import Asking
from bot.services.browsing import Browsing
from bot.services.digesting import Digesting
from bot.services.ledger import Ledger
from bot.services.spending import Spending
from bot.services.subscribing import Subscribing
from bot.services.summarizing import Summarizing
from bot.words import words
from handlers.parsing import SOURCES
from handlers.texts.problems import problem
from handlers.texts.subscriptions import said


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What a person may ask."""

    subscribing: Subscribing
    digesting: Digesting
    summarizing: Summarizing
    asking: Asking
    spending: Spending
    browsing: Browsing
    ledger: Ledger
    styles: tuple[Style, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One person's conversation: typed context of every command."""

    services: Services
    address: Address
    words: Words
    report: Report
    version: str
    sources: tuple[str, ...] = SOURCES  # those that may be named here, the one for who names none first
    is_elsewhere: bool = False  # whoever types is not who reads: nothing here may count as shown
    once_shown: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # what waits for the answer to be on screen


Command = Callable[[Chat, str], Awaitable[Message]]
QUIT = ("/quit", "/exit")


async def answer(chat: Chat, line: str, commands: dict[str, Command]) -> Message:
    """The answer to one line. A paper's id or link alone is a `/summary`; every expected error becomes a sentence."""
    typed = line.strip()
    name, _, rest = typed.partition(" ")
    name = name.removeprefix("/").casefold() if typed.startswith("/") else ""
    try:
        chat = await speaking(chat)
        if name in commands:
            return await commands[name](chat, rest.strip())
        if not typed.startswith("/"):
            return await _bare(chat, typed, commands)
    except PaperboyError as error:
        return problem(error, chat.words)
    return unknown(f"/{name}", commands, chat.words)


async def speaking(chat: Chat) -> Chat:
    """The same conversation in the language of its subscription, which the last command may have changed."""
    known = await chat.services.subscribing.current(chat.address)
    return replace(chat, words=words(known.language)) if known else chat


async def _bare(chat: Chat, typed: str, commands: dict[str, Command]) -> Message:
    if any(char.isdigit() for char in typed):
        return await commands["summary"](chat, typed)
    return said(chat.words("chat.not_a_command"))


def unknown(command: str, commands: dict[str, Command], said_in: Words) -> Message:
    """A command that does not exist, with the one that was probably meant."""
    near = get_close_matches(command.removeprefix("/"), commands, n=1)
    if near:
        return said(said_in("chat.unknown", command=command[:40], nearest=f"/{near[0]}"))
    return said(said_in("chat.unknown_alone", command=command[:40]))


async def converse(
    chat: Chat,
    commands: dict[str, Command],
    *,
    read_line: Callable[[], Awaitable[str | None]],
    show: Callable[[Message], None],
) -> None:
    """Answer line after line until the person leaves or the input ends."""
    while (line := await read_line()) is not None:
        if line.strip().casefold() in QUIT:
            break
        if line.strip():
            show(await answer(chat, line, commands))
            while chat.once_shown:
                await chat.once_shown.pop()()
    show(said((await speaking(chat)).words("chat.bye")))
