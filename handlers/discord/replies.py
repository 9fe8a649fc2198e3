"""An Answer as Discord takes it: a command hears something always, a question is a modal, a public message is never changed."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.domain.actions import Action, packed
from bot.domain.messages import Button, Buttons, Heading, Message, Paragraph, paragraph
from bot.domain.words import Words
from handlers.showing import actions_of, question
from handlers.talk import Answer, Talk

HURRY_S = 1.2  # Discord waits three seconds for a first answer, and the way there takes its time
TITLE, LABEL, HINT = 45, 45, 100  # characters in a modal
MOST_TYPED = 1000
WRITE = "wr"  # the button that opens the modal of a question
_TEXT_INPUT, _LABEL, _PARAGRAPH = 4, 18, 2
_ASKS = re.compile(rf"(.{{1,{LABEL - 1}}}?[?？])\s*(.+)")


@asynccontextmanager
async def hurried(promise: Callable[[], Awaitable[None]], after_s: float = HURRY_S) -> AsyncIterator[None]:
    """Promise an answer when it does not come by itself in time. A promise on its way is waited for, not broken off."""
    is_over = asyncio.Event()

    async def watch() -> None:
        try:
            async with asyncio.timeout(after_s):
                await is_over.wait()
        except TimeoutError:
            await promise()

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        is_over.set()
        await watching


def spoken(found: Answer, words: Words) -> Answer:
    """The same as a message: a few words, or that something comes by itself, which a command must not be silent about."""
    if found.message is None and found.rows is not None:
        said = paragraph(found.toast) if found.toast else paragraph("…")
        return replace(found, message=Message(blocks=(said, Buttons(rows=found.rows))), rows=None, toast="")
    if found.message is None and found.toast:
        return replace(found, message=Message(blocks=(paragraph(found.toast),)), toast="")
    if found.message is None and not found.files:
        return replace(found, message=Message(blocks=(paragraph(words("discord.comes")),)))
    return replace(found, message=writable(found.message, words)) if found.message is not None else found


def placed(found: Answer, talk: Talk) -> Answer:
    """The same below a line that names the channel that it is about, if that is another one and it does not say so itself."""
    title = talk.title(talk.address) if talk.address != talk.here else ""
    if not title or found.message is None:
        return found
    whose = paragraph(talk.words("screen.elsewhere", place=title))
    if found.message.blocks[:1] == (whose,):
        return found
    about = paragraph(talk.words("discord.of_place", place=title))
    return replace(found, message=replace(found.message, blocks=(about, *found.message.blocks)))


def writable(message: Message, words: Words) -> Message:
    """A question with a button that opens its modal: nobody can answer it by writing a message."""
    asked = question(actions_of(message))
    if asked is None:
        return message
    write = Buttons(rows=((Button(label=words("button.write"), action=packed(WRITE, asked.name, *asked.args)),),))
    place = next((place for place, block in enumerate(message.blocks) if isinstance(block, Buttons)), len(message.blocks))
    return replace(message, blocks=(*message.blocks[:place], write, *message.blocks[place:]))


def asked_by(action: Action) -> Action:
    """The question that a button to write is about."""
    return Action(name=action.arg(0), args=action.args[1:])


def modal(asked: Action, words: Words, message: Message | None = None) -> dict[str, Any]:
    """The modal of a question: the question above it and how to answer below that; a long question is below its label.

    It may be sent without a text, which is the question's own button: nobody sees that one while a modal is open.
    """
    said, how = _parted(*_question(message)) if message is not None else ("", "")
    is_short = 0 < len(said) <= LABEL
    field = {"type": _TEXT_INPUT, "custom_id": "text", "style": _PARAGRAPH, "required": False, "max_length": MOST_TYPED}
    label = {"type": _LABEL, "label": said if is_short else words("modal.answer"), "component": field}
    below = how if is_short else said
    hint = {"description": below if len(below) <= HINT else below[: HINT - 1] + "…"} if below else {}
    return {"custom_id": packed(asked.name, *asked.args), "title": words("modal.title"), "components": [label | hint]}


def _parted(said: str, how: str) -> tuple[str, str]:
    """A question that is too long for a label, cut behind its question mark; the rest is how to answer it."""
    found = _ASKS.match(said) if len(said) > LABEL else None
    return (found[1], " ".join(filter(None, (found[2], how)))) if found else (said, how)


def _question(message: Message) -> tuple[str, str]:
    """The question, and what is said behind it."""
    place = next((place for place, block in enumerate(message.blocks) if isinstance(block, Heading)), 0)
    said = [block.spans for block in message.blocks[place:] if isinstance(block, Heading | Paragraph)]
    first, second = (" ".join("".join(span.text for span in spans).split()) for spans in (*said, (), ())[:2])
    return first, second
