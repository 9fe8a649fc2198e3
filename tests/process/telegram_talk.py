"""The whole bot as a process, with Telegram on loopback, for people to talk to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tests.builders import a_paper
from tests.fakes.telegram import FakeTelegram
from tests.lives import Lives
from tests.world import World, a_world

TODAY = date(2026, 6, 2)  # a Tuesday
AFTERNOON = datetime(2026, 6, 2, 15, tzinfo=UTC)  # after the day's feed and lists came out


@dataclass(slots=True, kw_only=True)
class Conversation:
    """A running bot, and the platform that its people are on."""

    world: World
    telegram: FakeTelegram
    lives: Lives

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database holds."""
        return self.lives.rows(query, *values)

    def log(self) -> str:
        """All that the bot wrote."""
        return (self.world.folder / "bot.log").read_text(errors="replace")


@asynccontextmanager
async def a_conversation(folder: Path, *, at: datetime = AFTERNOON, **settings: str) -> AsyncIterator[Conversation]:
    """The bot is up and has asked for what people write; nothing is published yet."""
    async with FakeTelegram() as telegram, a_world(folder) as world:
        telegram.limits.switched_off()
        world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url, "LOG_LEVEL": "info", **settings}
        lives = Lives(world=world, platform="telegram", starts_at=at)
        yield Conversation(world=world, telegram=telegram, lives=lives)
        if lives.has_begun and lives.is_alive:
            assert await lives.stop() == 0, lives.log()
        assert telegram.oddities == []


def publish_papers(world: World, *titles: str, on: date = TODAY) -> tuple[str, ...]:
    """One paper in cs.CL a title, announced on that day; their ids, in order."""
    ids = tuple(f"{on:%y%m}.{on.day:02}{number:03}" for number in range(1, len(titles) + 1))
    world.arxiv.publishes(*(a_paper(arxiv_id=one, title=title) for one, title in zip(ids, titles, strict=True)), batch_on=on)
    return ids
