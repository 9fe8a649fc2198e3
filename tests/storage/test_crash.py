import signal
import subprocess
import sys

import pytest

from bot.domain.intake import Page
from bot.domain.subscriptions import Subscription
from bot.storage import papers, subscriptions
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting
from tests.storage.dying import HERE, NOW
from tests.storage.rows import everything


def dies_after(url: str, work: str, statements: int) -> None:
    child = subprocess.run([sys.executable, "-m", "tests.storage.dying", url, work, str(statements)], check=False, timeout=50)
    assert child.returncode == -signal.SIGKILL, "the child ended before it was killed"


@pytest.mark.parametrize(("work", "statements"), [("page", 4), ("page", 20), ("plan", 9)])
async def test_a_process_killed_inside_a_transaction_leaves_nothing_of_it(
    store: Store, url: str, work: str, statements: int
) -> None:
    async with store.write() as tx:
        ids = ("2601.00001", "2601.00002")
        sightings = tuple(a_sighting(arxiv_id=i) for i in ids)
        await papers.record_page(
            tx, Page(source="arxiv", papers=tuple(a_paper(arxiv_id=i) for i in ids), sightings=sightings), NOW
        )
        await subscriptions.save(tx, Subscription(address=HERE, next_due_at=NOW))
        before = await everything(tx)
    dies_after(url, work, statements)
    async with store.write() as tx:  # and nobody waits for the dead one's lock
        assert await everything(tx) == before
