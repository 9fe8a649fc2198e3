"""How many papers a day somebody may expect, going by what was announced lately. It asks nobody but the store."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from bot.domain.papers import SeenPaper
from bot.domain.subscriptions import Interest
from bot.pipeline.match import match
from bot.ports import Ranker
from bot.storage import batches, papers
from bot.storage.store import Store

BATCHES = 5
MOST_PAPERS = 1_500  # matched for one answer, which takes a second on a small machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """So many papers matched a day, in the last `batches` batches that are stored."""

    a_day: float
    batches: int


class Expecting:
    """Counts what would have matched."""

    def __init__(self, *, store: Store, ranker: Ranker, now: Callable[[], datetime]) -> None:
        self._store, self._ranker, self._now = store, ranker, now

    async def papers(self, interest: Interest) -> Expected | None:
        """What an interest may expect; None where no batch of its sources and categories is stored."""
        days = await self._days(interest)
        matched = 0
        for day in days:
            async with self._store.read() as tx:
                listed = await papers.sighted(tx, sources=interest.sources, since=day, until=day)
            plan = await match([_on(seen, day) for seen in listed], ranker=self._ranker, interest=interest, limit=None)
            matched += plan.counts.matched
        return Expected(a_day=matched / len(days), batches=len(days)) if days else None

    async def _days(self, interest: Interest) -> tuple[date, ...]:
        """The newest batches that together hold no more papers than may be looked at, but one at least."""
        async with self._store.read() as tx:
            found = await batches.newest(
                tx,
                sources=interest.sources,
                categories=interest.categories,
                until=self._now().astimezone(UTC).date(),
                limit=BATCHES,
            )
        chosen: list[date] = []
        total = 0
        for day, size in found:
            total += size
            if chosen and total > MOST_PAPERS:
                break
            chosen.append(day)
        return tuple(chosen)


def _on(seen: SeenPaper, day: date) -> SeenPaper:
    """The paper as that day's batch announced it: what was new then counts as new, though it was replaced since."""
    return replace(seen, sightings=tuple(sighting for sighting in seen.sightings if sighting.batch_on in (None, day)))
