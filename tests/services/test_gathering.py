"""Papers for many at the same moment: each source is asked once for the same batch, however many want it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime

from bot.domain.intake import Page, Wanted, Watermark
from bot.domain.papers import Paper, PaperRef
from bot.domain.progress import silent
from bot.errors import SourceUnreachable
from bot.services.gathering import Gathering
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting

TODAY = date(2026, 6, 2)
AFTERNOON = datetime(2026, 6, 2, 15, tzinfo=UTC)
MANY = 30


class Feed:
    """A source that answers after a while, or fails then."""

    name = "arxiv"

    def __init__(self, *, is_down: bool = False) -> None:
        self.is_down = is_down
        self.asked: list[Wanted] = []

    async def fetch(self, wanted: Wanted) -> AsyncIterator[Page]:
        self.asked.append(wanted)
        for _ in range(100):
            await asyncio.sleep(0)
        if self.is_down:
            raise SourceUnreachable(self.name, "it is down")
        listed = a_sighting(batch_on=TODAY)
        marks = tuple(Watermark(source=self.name, topic=name, batch_on=TODAY) for name in wanted.categories)
        yield Page(source=self.name, papers=(a_paper(),), sightings=(listed,), finished=marks)

    async def find(self, refs: Sequence[PaperRef] = (), *, title: str = "") -> tuple[Paper, ...]:
        return ()


def of(feed: Feed, store: Store) -> Gathering:
    return Gathering(store=store, open_source=lambda _: feed, now=lambda: AFTERNOON, own_days={})


async def test_a_source_is_asked_once_however_many_want_the_same_at_once(store: Store) -> None:
    feed = Feed()
    gathering = of(feed, store)
    found = await asyncio.gather(*(gathering.batches("arxiv", frozenset({"cs.CL"}), report=silent) for _ in range(MANY)))
    assert len(feed.asked) == 1
    assert not any(intake.has_failed for intake in found)


async def test_other_categories_are_asked_for_beside_these(store: Store) -> None:
    feed = Feed()
    gathering = of(feed, store)
    await asyncio.gather(*(gathering.batches("arxiv", frozenset({name}), report=silent) for name in ("cs.CL", "cs.LG")))
    assert sorted(name for wanted in feed.asked for name in wanted.categories) == ["cs.CL", "cs.LG"]


async def test_a_source_that_is_down_is_asked_once_and_all_are_told(store: Store) -> None:
    feed = Feed(is_down=True)
    gathering = of(feed, store)
    found = await asyncio.gather(*(gathering.batches("arxiv", frozenset({"cs.CL"}), report=silent) for _ in range(MANY)))
    assert len(feed.asked) == 1
    assert all(intake.has_failed and intake.notices for intake in found)
