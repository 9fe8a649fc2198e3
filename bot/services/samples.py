"""One paper as a digest shows it, for whoever has none yet."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.papers import SeenPaper
from bot.domain.summaries import Summary
from bot.storage import samples
from bot.storage.store import Store

KEPT_FOR = timedelta(hours=1)
STYLE = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A paper with its summary."""

    seen: SeenPaper
    summary: Summary


class Samples:
    """Shows the newest card that was written, and `packaged` until there is one. Each language is looked up once an hour."""

    def __init__(self, *, store: Store, packaged: Callable[[str], Awaitable[Sample | None]], now: Callable[[], datetime]) -> None:
        self._store, self._packaged, self._now = store, packaged, now
        self._kept: dict[str, tuple[datetime, Sample | None]] = {}

    async def one(self, language: str) -> Sample | None:
        """A sample with a summary in this language, or one in English that ships with the bot."""
        now = self._now()
        at, kept = self._kept.get(language, (None, None))
        if at is not None and at <= now < at + KEPT_FOR:
            return kept
        async with self._store.read() as tx:
            newest = await samples.newest(tx, style=STYLE, language=language)
        found = Sample(seen=newest[0], summary=newest[1]) if newest else await self._packaged(language)
        self._kept[language] = now, found
        return found
