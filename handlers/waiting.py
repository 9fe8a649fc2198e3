"""What people see while something takes long: that it is being written, and a message that says what is being done.

It says nothing at all of what is there at once.
"""

import asyncio
import time
from types import TracebackType
from typing import Self

from bot.domain.deliveries import OutcomeKind
from bot.domain.layout import source_name
from bot.domain.messages import Message, paragraph
from bot.domain.progress import Stage
from bot.domain.subscriptions import Address
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.ports import Speaker

TYPING_AFTER_S, TYPING_EVERY_S = 0.4, 4.0  # Telegram shows it for five seconds, Discord for ten
SAY_AFTER_S, EDIT_EVERY_S = 1.5, 3.0  # an edit counts like a message, and a group on Telegram has twenty a minute


class Waiting:
    """A context around a long job; hand its `report` on. `own` is then the id of the message that may become the answer.

    What is being sent when the job is done is waited for, so that no message stays behind that nobody takes back.
    """

    def __init__(self, speaker: Speaker, address: Address, words: Words, *, reply_to: str) -> None:
        self._speaker, self._address, self._words, self._reply_to = speaker, address, words, reply_to
        self._line = ""
        self._news = asyncio.Event()
        self._is_over = False
        self._task: asyncio.Task[None] | None = None
        self.own = ""

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_over = True
        self._news.set()
        if self._task is not None:
            await self._task

    def report(self, stage: Stage, subject: str, done: int, total: int | None) -> None:
        """What is being done now."""
        if stage is Stage.READ:
            self._line = self._words("waiting.read", title=shown(subject))
            return
        named = source_name(subject, self._words) if stage is Stage.FETCH else shown(subject)
        amount = f" {done}/{total}" if total is not None else ""
        self._line = self._words("waiting.line", stage=self._words(f"stage.{stage}", subject=named) + amount)

    async def _run(self) -> None:
        began, typed_at, said_at, said = time.monotonic(), 0.0, 0.0, ""
        await self._pause(TYPING_AFTER_S)
        while not self._is_over:
            now = time.monotonic()
            if now - typed_at >= TYPING_EVERY_S:
                typed_at = now
                await self._speaker.typing(self._address)
            if self._line != said and now - began >= SAY_AFTER_S and now - said_at >= EDIT_EVERY_S:
                said_at, said = now, self._line
                await self._tell(said)
            await self._pause(0.5)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return

    async def _tell(self, line: str) -> None:
        parts = self._speaker.render(Message(blocks=(paragraph(line),)))
        if self._is_over or not parts:
            return
        if self.own:
            await self._speaker.edit(self._address, self.own, parts[0])
            return
        said = await self._speaker.say(self._address, parts[0], reply_to=self._reply_to)
        if said.kind is OutcomeKind.SENT:
            self.own = said.platform_id
