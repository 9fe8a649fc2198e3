"""Scenes on Telegram that one running bot plays side by side: each has people of its own, so nobody waits for another's pace."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.openai import FakeOpenAI
from tests.fakes.telegram_people import Person
from tests.process.telegram_talk import Conversation, a_conversation

Scene = Callable[[Conversation], Awaitable[None]]
AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """The scenes of a module by their names. `first` publishes papers before the bot is up; it may have a model."""

    first: Callable[[Conversation], None]
    has_model: bool = False
    scenes: dict[str, Scene] = field(default_factory=dict)
    endings: dict[str, Scene] = field(default_factory=dict)

    def scene(self, scene: Scene) -> Scene:
        """Register it, under the name of its function."""
        self.scenes[scene.__name__] = scene
        return scene

    def ending(self, scene: Scene) -> Scene:
        """The same, for what concerns everybody: it is played alone, when all others are over."""
        self.endings[scene.__name__] = scene
        return scene

    @property
    def names(self) -> tuple[str, ...]:
        """Of all scenes; to be asked when the module is complete."""
        return (*self.scenes, *self.endings)

    def played(self, folder: Path, database: Path) -> dict[str, BaseException | None]:
        """What went wrong in each scene."""
        shutil.copy(database, folder / "paperboy.db")
        return asyncio.run(self._played(folder))

    async def _played(self, folder: Path) -> dict[str, BaseException | None]:
        turns = asyncio.Semaphore(AT_ONCE)
        async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(folder) as talk:
            talk.world.model = model if self.has_model else None
            self.first(talk)
            await talk.lives.begin()

            async def play(scene: Scene) -> None:
                async with turns:
                    await scene(talk)

            found = await asyncio.gather(*map(play, self.scenes.values()), return_exceptions=True)
            for scene in self.endings.values():
                found += await asyncio.gather(scene(talk), return_exceptions=True)
            return dict(zip(self.names, found, strict=True))


async def answered(person: Person) -> None:
    """Wait until all that they did before is answered: what one chat says is worked on in its order."""
    await person.says("/about")
    await person.sees("brings the day's research papers")
