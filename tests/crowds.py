"""Many readers who are due at once, and a day of papers, put straight into the tables: more than could subscribe one by one."""

import random
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert

from bot.domain.digests import SlotKind
from bot.domain.intake import Page, Watermark
from bot.domain.papers import Paper
from bot.storage import migrate
from bot.storage import papers as paper_store
from bot.storage.store import Store
from bot.storage.tables import addresses, digests, interests, subscriptions
from tests.builders import a_paper, a_sighting

NOON = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)  # a Tuesday: its batch is out
TODAY = NOON.date()
DUE = NOON - timedelta(hours=6)
EVE = DUE - timedelta(days=1)
CATEGORIES = ("cs.CL", "cs.AI", "cs.LG", "cs.IR")
TOPICS = ("agents", "alignment", "attention", "benchmarks", "dialogue", "diffusion", "memory", "parsing", "retrieval", "speech")
AT_ONCE = 5_000  # rows of a statement
_WORDS = (
    "we propose study train evaluate a new simple robust method model corpus task that improves on strong baselines by large "
    "margin under noise with few labels and no extra cost across languages domains seeds while results show accuracy of 71.5% "
    "however existing work remains limited in long contexts which our framework addresses through careful sampling"
)
Row = dict[str, Any]  # Any: the values of one row


def a_day(count: int, *, each: int) -> tuple[Paper, ...]:
    """Papers as long as real ones; every topic stands in `each` of their titles, for as long as there are papers."""
    chance = random.Random(count)
    topics = [topic for topic in TOPICS for _ in range(each)]
    topics += ["models"] * (count - len(topics))
    return tuple(_paper(f"2606.{number:05}", topic, chance) for number, topic in enumerate(topics[:count], 1))


def _paper(arxiv_id: str, topic: str, chance: random.Random) -> Paper:
    sentences = (" ".join(chance.choices(_WORDS.split(), k=20)).capitalize() for _ in range(9))
    return a_paper(
        arxiv_id=arxiv_id,
        title=f"On {topic}: {' '.join(chance.choices(_WORDS.split(), k=7))}",
        abstract=f"{'. '.join(sentences)}.",
        authors=tuple(f"Author Example{chance.randrange(5000)}" for _ in range(6)),
        categories=CATEGORIES,
    )


async def publish(store: Store, listed: tuple[Paper, ...]) -> None:
    """The batch of noon, whole: nothing more is to be asked of arXiv."""
    sightings = tuple(a_sighting(key=paper.key, batch_on=TODAY, position=n, seen_at=NOON) for n, paper in enumerate(listed))
    finished = tuple(Watermark(source="arxiv", topic=category, batch_on=TODAY) for category in CATEGORIES)
    async with store.write() as tx:
        await paper_store.record_page(tx, Page(source="arxiv", papers=listed, sightings=sightings, finished=finished), NOON)


async def filled(url: str, readers: int, listed: int, each: int) -> None:
    """A new database with a day, and readers on Telegram who had a digest yesterday and are due now, a topic for each.

    `each` is how many papers stand for a topic; 0: nothing is there for anybody.
    """
    await migrate.upgrade(url, EVE)
    store = await Store.open(url)
    await publish(store, a_day(listed, each=each))
    for first in range(1, readers + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, readers + 1))
        async with store.write() as tx:
            await tx.execute(insert(addresses), [_address(number) for number in numbers])
            await tx.execute(insert(subscriptions), [_subscription(number) for number in numbers])
            await tx.execute(insert(interests), [_interest(number) for number in numbers])
            await tx.execute(insert(digests), [_digest(number) for number in numbers])
    await store.close()


def _address(number: int) -> Row:
    return {"id": number, "platform": "telegram", "chat": str(1000 + number), "thread": "", "probes": 0}


def _subscription(number: int) -> Row:
    return {
        "id": number,
        "address_id": number,
        "local_time": time(9),
        "zone": "UTC",
        "weekdays": 127,
        "is_paused": False,
        "style": "card",
        "language": "en",
        "max_papers": 10,
        "form": "cards",
        "wants_empty_note": True,
        "is_muted": False,
        "members_may_ask": True,
        "has_thread": True,
        "next_due_at": DUE,
        "created_at": EVE,
    }


def _interest(number: int) -> Row:
    return {
        "subscription_id": number,
        "sources": ["arxiv"],
        "categories": [CATEGORIES[number % len(CATEGORIES)]],
        "keywords": [TOPICS[number % len(TOPICS)]],
        "excluded": (),
        "excluded_anywhere": (),
        "authors": (),
        "threshold": 0.0,
        "min_votes": 0,
        "wants_replacements": False,
    }


def _digest(number: int) -> Row:
    return {
        "id": number,
        "subscription_id": number,
        "slot_on": EVE.date(),
        "slot_kind": SlotKind.DAILY,
        "slot_number": 0,
        "found": 0,
        "matched": 0,
        "listed": 0,
        "notices": [],
        "rest": [],
        "created_at": EVE,
        "deadline_at": DUE,
        "queued_at": EVE,
        "delivered_at": EVE,
    }
