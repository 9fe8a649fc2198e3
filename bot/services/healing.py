"""What is owed from earlier failures is made: while the bot runs, or at the end of a command. No paper is sent again for it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.domain.papers import PaperKey, SeenPaper
from bot.domain.progress import Report, Stage, silent
from bot.domain.summaries import OUT_OF_MONEY, Lack, SummaryKey
from bot.services.desk import Wish
from bot.services.line import Line
from bot.services.turns import Slots, together
from bot.services.writing import Writing
from bot.storage import papers, summaries
from bot.storage.store import Store

AT_ONCE = 40  # summaries of one turn
TOGETHER = 8  # papers in hand
AGAIN = timedelta(hours=1)  # for what came to nothing and said nothing of when to try again


class Healing:
    """Makes owed summaries, oldest first."""

    def __init__(self, *, store: Store, writing: Writing, line: Line, now: Callable[[], datetime]) -> None:
        self._store, self._writing, self._line, self._now = store, writing, line, now

    async def heal(self, *, report: Report = silent, until: datetime | None = None) -> int:
        """Try what is owed now, and return how many summaries were made or became better.

        Every one that was tried is settled or put off, so that none stands in the way of the next.
        """
        model = self._writing.model
        if model is None or self._line.closed() is not None:
            return 0
        async with self._store.read() as tx:
            keys = await summaries.owed(tx, model, self._now(), AT_ONCE)
            known = await papers.by_keys(tx, tuple({key.ref.key for key in keys}))
        slots, done = Slots(TOGETHER), 0

        async def one(key: SummaryKey) -> bool:
            nonlocal done
            async with slots.turn():
                # A digest goes first; what is owed waits for the next turn.
                is_made = not self._writing.is_busy and await self._one(key, known, until)
            done += 1
            report(Stage.SUMMARIZE, "", done, len(keys))
            return is_made

        return sum(await together([one(key) for key in keys]))

    async def _one(self, key: SummaryKey, known: Mapping[PaperKey, SeenPaper], until: datetime | None) -> bool:
        before = await self._kept(key)
        seen = known.get(key.ref.key)
        is_replaced = seen is None or seen.paper.version != key.ref.version
        is_cut_for_money = before is not None and before.summary is not None and before.summary.lack in OUT_OF_MONEY
        if seen is None or is_replaced or is_cut_for_money:  # settled: nobody with money asked in time
            await self._put_off(key, Lack.NO_TEXT if is_replaced else Lack.BUDGET, None)
            return False
        await self._writing.one(seen.paper, Wish(style=key.style, language=key.language, until=until))
        after = await self._kept(key)
        is_better = after is not None and after.summary is not None and (before is None or after.summary != before.summary)
        if not is_better and after is not None and after.retry_at is not None and after.retry_at <= self._now():
            await self._put_off(key, after.lack or Lack.TOO_LATE, self._now() + AGAIN)
        return is_better

    async def _kept(self, key: SummaryKey) -> summaries.Kept | None:
        async with self._store.read() as tx:
            return await summaries.find(tx, key)

    async def _put_off(self, key: SummaryKey, lack: Lack, retry_at: datetime | None) -> None:
        async with self._store.write() as tx:
            await summaries.put_off(tx, key, lack, retry_at, self._now(), is_tried=False)
