"""The bot as a process, in a world on loopback: what a person types goes in, what they see comes out."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.arxiv import FakeArxiv
from tests.fakes.huggingface import FakeHuggingFace
from tests.fakes.openai import FakeOpenAI

ROOT = Path(__file__).parents[1]
NOON = "2026-06-02T15:00:00Z"  # a Tuesday, after the day's feed and lists came out
PATIENCE_S = 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(slots=True, kw_only=True)
class World:
    """Two sources, perhaps a model, a folder, a clock; every command runs in the folder as a process of its own."""

    folder: Path
    arxiv: FakeArxiv
    huggingface: FakeHuggingFace
    model: FakeOpenAI | None = None
    clock: str = NOON
    extra: dict[str, str] = field(default_factory=dict)
    children: list[asyncio.subprocess.Process] = field(default_factory=list)

    def end(self) -> None:
        """Whatever runs still, after a test that failed, ends with its world."""
        for process in self.children:
            if process.returncode is None:
                process.kill()

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_START")}
        return kept | {
            "PYTHONPATH": f"{ROOT / 'tests' / 'child'}{os.pathsep}{ROOT}",
            "NO_PROXY": "127.0.0.1,localhost",
            "DATABASE_URL": f"sqlite:///{self.folder / 'paperboy.db'}",
            "ARXIV_URL": self.arxiv.url,
            "ARXIV_API_URL": f"{self.arxiv.url}/api/query",
            "ARXIV_FEED_URL": self.arxiv.url,
            "HUGGINGFACE_URL": self.huggingface.url,
            "ARXIV_INTERVAL_S": "0",
            "ARXIV_PAGE_INTERVAL_S": "0",
            "CLOCK_START": self.clock,
            "LOG_LEVEL": "warning",
            **self._of_model,
            **self.extra,
        }

    @property
    def _of_model(self) -> dict[str, str]:
        if self.model is None:
            return {}
        return {"OPENAI_BASE_URL": self.model.url, "OPENAI_API_KEY": self.model.key, "OPENAI_MODEL": self.model.model}

    @property
    def asked_model(self) -> FakeOpenAI:
        """The model, where there is one."""
        assert self.model is not None
        return self.model

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """The command, running; the caller ends it."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self.children.append(process)
        return process

    async def paperboy(self, *arguments: str, typed: str = "") -> Done:
        """Run one command to its end, with `typed` as its standard input."""
        process = await self.start(*arguments)
        async with asyncio.timeout(PATIENCE_S):
            out, err = await process.communicate(typed.encode())
        return Done(code=process.returncode or 0, out=out.decode(), err=err.decode())


@asynccontextmanager
async def a_world(folder: Path) -> AsyncIterator[World]:
    """Sources up, nothing published yet."""
    async with FakeArxiv() as arxiv, FakeHuggingFace() as huggingface:
        world = World(folder=folder, arxiv=arxiv, huggingface=huggingface)
        try:
            yield world
        finally:
            world.end()
