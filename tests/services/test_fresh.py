"""What is new to a subscription is of its own sources and categories, whatever others had brought in."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.digests import SlotKind
from bot.domain.intake import Page
from bot.domain.subscriptions import Address, Interest, Subscription
from bot.services.fresh import fresh_to
from bot.storage import papers, subscriptions
from bot.storage.store import Store
from tests.builders import a_paper, a_sighting

NOW = datetime(2026, 6, 2, 15, tzinfo=UTC)
TODAY = date(2026, 6, 2)
LANGUAGE, VISION, BOTH, UNKNOWN = "2606.00001", "2606.00002", "2606.00003", "2606.00004"
CATEGORIES = {LANGUAGE: ("cs.CL", "cs.AI"), VISION: ("cs.CV",), BOTH: ("cs.CV",), UNKNOWN: ()}
VOTED = (BOTH, UNKNOWN)


@pytest.fixture
async def store(store: Store) -> Store:
    async with store.write() as tx:
        for source, listed in (("arxiv", (LANGUAGE, VISION, BOTH)), ("huggingface", VOTED)):
            found = tuple(a_paper(arxiv_id=each, title=f"Paper {each}", categories=CATEGORIES[each]) for each in listed)
            seen = tuple(a_sighting(arxiv_id=each, source=source, batch_on=TODAY) for each in listed)
            await papers.record_page(tx, Page(source=source, papers=found, sightings=seen), NOW)
    return store


@pytest.mark.parametrize(
    ("interest", "expected"),
    [
        (Interest(categories=frozenset({"cs.CL"})), {LANGUAGE}),
        (Interest(categories=frozenset({"cs.AI", "cs.CV"})), {LANGUAGE, VISION, BOTH}),
        (Interest(), {LANGUAGE, VISION, BOTH}),
        (Interest(categories=frozenset({"cs.CL"}), sources=frozenset({"huggingface"})), {BOTH, UNKNOWN}),
        (Interest(categories=frozenset({"cs.CL"}), sources=frozenset({"arxiv", "huggingface"})), {LANGUAGE, BOTH, UNKNOWN}),
    ],
)
async def test_what_only_others_follow_is_not_counted(store: Store, interest: Interest, expected: set[str]) -> None:
    wanted = Subscription(address=Address(platform="console", chat="1"), interest=interest, created_at=NOW)
    async with store.write() as tx:
        saved = await subscriptions.save(tx, wanted)
    found = await fresh_to(saved, SlotKind.NOW, store=store, newest=lambda _: TODAY)
    assert {seen.paper.key.value for seen in found.papers} == expected
