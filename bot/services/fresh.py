"""What is new to a subscription: what came in since its last digest, and where its first one begins."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.digests import SlotKind
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.subscriptions import Subscription
from bot.storage import digests, papers
from bot.storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What is new to a subscription; `is_first`: it had no digest yet."""

    papers: tuple[SeenPaper, ...]
    is_first: bool


async def fresh_to(
    subscription: Subscription,
    kind: SlotKind,
    *,
    store: Store,
    newest: Callable[[str], date],
    shelf: papers.Shelf | None = None,
) -> Fresh:
    """What came in since this subscription's last digest, from its sources and of its categories.

    On the first one, and when somebody asks, also what is left of the newest lists: `/digest` after `/digest` goes
    on where the limit cut. `shelf` is shared with others who are looked at in the same batch.
    """
    if subscription.id is None:
        return Fresh(papers=(), is_first=True)
    found: dict[PaperKey, SeenPaper] = {}
    async with store.read() as tx:
        last_at = await digests.last_digest_at(tx, subscription.id)
        for source in sorted(subscription.interest.sources):
            until = newest(source)
            spans: list[tuple[date | None, datetime | None]] = [] if last_at is None else [(None, last_at)]
            if last_at is None or kind is SlotKind.NOW:
                spans.append((baseline(source, until), None))
            for since, seen_after in spans:
                fresh = await papers.fresh_to(
                    tx,
                    subscription.id,
                    sources=frozenset({source}),
                    since=since,
                    until=until,
                    first_seen_after=seen_after,
                    shelf=shelf,
                )
                for seen in fresh:  # one look may find a replacement only, where another finds the paper new
                    if _is_for_others(source, seen, subscription.interest.categories):
                        continue
                    known = found.setdefault(seen.paper.key, seen)
                    found[seen.paper.key] = max(known, seen, key=lambda one: len(one.sightings))
    return Fresh(papers=tuple(found.values()), is_first=last_at is None)


def _is_for_others(source: str, seen: SeenPaper, categories: Collection[str]) -> bool:
    """Whether it is there only because somebody else follows its category: it must neither count nor be explained here."""
    return source == "arxiv" and bool(categories and seen.paper.categories) and set(categories).isdisjoint(seen.paper.categories)


def baseline(source: str, newest: date) -> date:
    """Where a first digest begins: arXiv's newest batch; a daily list fills for hours, so yesterday's counts as well."""
    return newest if source.startswith("arxiv") else newest - timedelta(days=1)
