"""Step 2: papers against one wish. Scoring and planning are pure and run beside the event loop; W2 keeps the plan."""

import asyncio
from collections.abc import Collection, Sequence

from bot.domain.digests import DigestPlan
from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.selection import Order, plan
from bot.domain.subscriptions import Interest
from bot.ports import Ranker


async def match(
    papers: Sequence[SeenPaper],
    *,
    ranker: Ranker,
    interest: Interest,
    limit: int | None,
    shown: Collection[PaperKey] = (),
    order: Order = Order.BY_SCORE,
) -> DigestPlan:
    """The plan for one reader: which papers, in which order, why, and why not the others."""

    def decide() -> DigestPlan:
        return plan(papers, ranker.score(papers, interest), interest, limit=limit, shown=frozenset(shown), order=order)

    return await asyncio.to_thread(decide)
