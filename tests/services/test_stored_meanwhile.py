"""A page that another process stores while a digest is planned: its papers are in this digest or in the next one."""

import asyncio
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path

from bot.domain.intake import Page
from bot.domain.subscriptions import Schedule
from bot.storage import papers
from tests.builders import a_paper, a_sighting
from tests.domain.almanac import DAY, utc
from tests.services.outside import LISTS, SECOND
from tests.services.virtual_life import Life

A_MOMENT_S = 0.5  # for a planner that does not wait


async def test_what_is_stored_while_a_digest_is_planned_is_not_lost(empty_database: Path, tmp_path: Path) -> None:
    life = await Life.begin(empty_database, tmp_path, utc("2027-06-01T08:00"), resend_for=timedelta(0))
    try:
        early, late = [await life.subscribe(("agents",), Schedule(at=at)) for at in (time(9), time(9, 5))]
        for follower in (early, late, early):
            life.due(follower)
            await life.ticks()
        life.due(late)  # the lists were asked five minutes ago, and are not asked again
        is_stamped, is_planned, loop = asyncio.Event(), asyncio.Event(), asyncio.get_running_loop()
        life.ranker.meanwhile[late.word] = lambda: _tell(loop, is_planned)

        async def plans() -> None:
            await is_stamped.wait()
            await life.schedulers[0].turn()

        planning = asyncio.create_task(plans())
        paper = a_paper(arxiv_id="2703.99999", title="Agents no99999", abstract="Nothing is said.")
        listed = a_sighting(key=paper.key, source=LISTS, batch_on=life.clock.now.date(), seen_at=life.clock.now)
        async with life.stores[1].write() as tx:
            await papers.record_page(tx, Page(source=LISTS, papers=(paper,), sightings=(listed,)), life.clock.now)
            life.clock.passes(SECOND)
            is_stamped.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(is_planned.wait(), A_MOMENT_S)
        await planning
        life.clock.passes(DAY)
        await life.schedulers[0].turn()
        found = life.ledger.rows("SELECT paper_key FROM items WHERE subscription_id = ?", late.id)
        assert "arxiv:2703.99999" in [row[0] for row in found]
    finally:
        await life.end()


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """From the thread in which papers are ranked."""
    loop.call_soon_threadsafe(event.set)
