"""`paperboy chat`: what a chat platform does, in a terminal. A line in, a message out."""

from collections.abc import Awaitable, Callable

from bot.domain.messages import Message, paragraph
from handlers.dispatch import answer
from handlers.talk import Answer, Talk, said, speaking

QUIT = ("/quit", "/exit")


async def converse(talk: Talk, *, read_line: Callable[[], Awaitable[str | None]], show: Callable[[Message], None]) -> None:
    """Answer line after line until the person leaves or the input ends."""
    while (line := await read_line()) is not None:
        typed = line.strip()
        if typed.casefold() in QUIT:
            break
        if typed:
            await _show(await _answered(talk, typed), show)
    show(Message(blocks=(paragraph((await speaking(talk)).words("chat.bye")),)))


async def _answered(talk: Talk, typed: str) -> Answer:
    """A command; a paper's id or link alone is a `/summary`."""
    if typed.startswith("/"):
        name, _, rest = typed[1:].partition(" ")
        return await answer(talk, name.casefold(), rest)
    if any(char.isdigit() for char in typed):
        return await answer(talk, "summary", typed)
    return said((await speaking(talk)).words("chat.not_a_command"))


async def _show(found: Answer, show: Callable[[Message], None]) -> None:
    """A message, and files as their text: a terminal has nowhere else to put them."""
    if found.message is not None:
        show(found.message)
    for file in found.files:
        show(Message(blocks=(paragraph(f"{file.name}\n\n{file.content.decode(errors='replace')}"),)))
    if found.once_shown is not None:
        await found.once_shown()
