"""Scenes on a platform that one running bot plays side by side: each has its own people, so nobody waits for another's pace."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from tests.fakes.openai import FakeOpenAI
from tests.lives import Lives
from tests.world import World

AT_ONCE = 10


class Talk(Protocol):
    """A running bot, and the platform that its people are on."""

    @property
    def world(self) -> World: ...

    @property
    def lives(self) -> Lives: ...


T = TypeVar("T", bound=Talk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Generic[T]):
    """The scenes of a module by their names. `first` publishes papers before the bot is up; it may have a model.

    `up` waits until people can talk to it.
    """

    talking: Callable[[Path], AbstractAsyncContextManager[T]]
    first: Callable[[T], None]
    up: Callable[[T], Awaitable[None]]
    has_model: bool = False
    scenes: dict[str, Callable[[T], Awaitable[None]]] = field(default_factory=dict)
    endings: dict[str, Callable[[T], Awaitable[None]]] = field(default_factory=dict)

    def scene(self, scene: Callable[[T], Awaitable[None]]) -> Callable[[T], Awaitable[None]]:
        """Register it, under the name of its function."""
        self.scenes[scene.__name__] = scene
        return scene

    def ending(self, scene: Callable[[T], Awaitable[None]]) -> Callable[[T], Awaitable[None]]:
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
        async with FakeOpenAI(key="sk-test-0123456789") as model, self.talking(folder) as talk:
            talk.world.model = model if self.has_model else None
            self.first(talk)
            await self.up(talk)

            async def play(scene: Callable[[T], Awaitable[None]]) -> None:
                async with turns:
                    await scene(talk)

            found = await asyncio.gather(*map(play, self.scenes.values()), return_exceptions=True)
            for scene in self.endings.values():
                found += await asyncio.gather(scene(talk), return_exceptions=True)
            return dict(zip(self.names, found, strict=True))
