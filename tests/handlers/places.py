"""The whole bot on the sample day, without a network, and people who press and type in its chats."""

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot import config
from bot.app import App, opened
from bot.domain.actions import MOST_BYTES, unpacked
from bot.domain.messages import Bullets, Button, Buttons, Heading, Item, Message, Paragraph, Quote
from bot.domain.subscriptions import Address
from handlers import dispatch
from handlers.presses import PRESSES
from handlers.talk import Answer, Talk

HERE = Address(platform="console", chat="7")
CHANNEL = Address(platform="console", chat="-100")
SAMPLE_NOON = "2026-01-08T15:00:00Z"  # a Thursday


@asynccontextmanager
async def sample_day(file: Path, clock: str = SAMPLE_NOON) -> AsyncIterator[App]:
    """Everything but the process, on the database in `file`; its channel is the console's."""
    nowhere = dict.fromkeys(("ARXIV_URL", "ARXIV_FEED_URL", "ARXIV_API_URL", "HUGGINGFACE_URL"), "http://127.0.0.1:9")
    environment = {**nowhere, "DATABASE_URL": f"sqlite:///{file}", "CLOCK_START": clock, "LOG_LEVEL": "warning"}
    async with opened(config.load(environment, Path("/dev/null")), is_sample=True, is_sending=True) as app:
        yield app


def database(folder: Path, template: Path) -> Path:
    return Path(shutil.copy(template, folder / "paperboy.db"))


@dataclass(slots=True)
class Chat:
    """A chat in which somebody presses buttons of the message that was shown last."""

    talk: Talk
    shown: Message | None = None

    async def press(self, data: str) -> Answer:
        found = await dispatch.press(self.talk, unpacked(data))
        return await self._seen(found)

    async def tap(self, label: str) -> Answer:
        """The button with this label, or with one that begins like it."""
        there = [button for button in buttons(self.shown) if button.label.removeprefix("✓ ").startswith(label)]
        assert there, f"{label} is not among {[button.label for button in buttons(self.shown)]}"
        return await self.press(there[0].action)

    async def says(self, text: str) -> Answer:
        """A text that answers the question that was shown last."""
        taking = [action for button in buttons(self.shown) if (action := unpacked(button.action)) and takes_text(button)]
        assert len(taking) == 1, "nothing was asked"
        return await self._seen(await dispatch.typed(self.talk, taking[0], text))

    async def types(self, line: str) -> Answer:
        """A command."""
        name, _, rest = line.removeprefix("/").partition(" ")
        return await self._seen(await dispatch.answer(self.talk, name, rest))

    async def _seen(self, found: Answer) -> Answer:
        if found.message is not None:
            self.shown = found.message
        if found.once_shown is not None:
            await found.once_shown()
        return found


def takes_text(button: Button) -> bool:
    action = unpacked(button.action)
    return action is not None and action.name in PRESSES and PRESSES[action.name].typed is not None


def buttons(message: Message | None) -> tuple[Button, ...]:
    blocks = message.blocks if message else ()
    return tuple(button for block in blocks if isinstance(block, Buttons) for row in block.rows for button in row)


def text_of(message: Message | None) -> str:
    """All words of a message, without its buttons."""
    return "\n".join(_words(message.blocks)) if message else ""


def _words(blocks: Sequence[object]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph | Quote):
            lines.append("".join(span.text for span in block.spans))
        elif isinstance(block, Bullets):
            lines += ["".join(span.text for span in item) for item in block.items]
        elif isinstance(block, Item):
            lines += _words(block.blocks)
    return lines


def faults(message: Message) -> list[str]:
    """What a platform would not take of the buttons below a message."""
    there = buttons(message)
    found = [f"{len(there)} buttons"] if len(there) > 25 else []  # Discord's limit, the lowest
    for button in there:
        action = unpacked(button.action)
        if not button.label.strip() or len(button.label) > 80:
            found.append(f"label {button.label!r}")
        if button.url is None and (action is None or action.name not in PRESSES or len(button.action) > MOST_BYTES):
            found.append(f"action {button.action!r}")
    return found
