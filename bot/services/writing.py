"""One paper or many: `read -> summarize`, each thing once for everybody, within the time that somebody waits.

Who asks for a summary that is being made waits for it. What is there is never lost for something better that failed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.domain.digests import DigestItem, Pick
from bot.domain.papers import Paper, PaperRef
from bot.domain.progress import Stage
from bot.domain.summaries import OUT_OF_MONEY, Lack, Summary, SummaryKey
from bot.errors import ModelThrottled, Skip
from bot.pipeline.read import Reading, abstract_of, read
from bot.pipeline.summarize import Wanted, Written, out_of_money, summarize
from bot.services.desk import Desk, Wish
from bot.services.line import Line
from bot.services.turns import OneAtATime, Slots, together
from bot.storage import summaries
from bot.storage.store import Store

log = structlog.get_logger()

POLL_S = 0.25  # how often to look whether another process has finished a summary
SHORT_WAIT_S = 30.0  # a model that asks for more is not waited for
MOST_WAITS = 3
SHARED_S = 5.0
REMEMBERED_FAILURES = 1_000  # for those who wait for the same summary at the same time
READING_SHARE = 0.75  # of the time that a digest waits; the rest is left for writing


class Writing:
    """Reads papers and has them summarized. One of it in a process, so that its turns hold for all."""

    def __init__(
        self,
        *,
        store: Store,
        desk: Desk,
        line: Line,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store, self._desk, self._line, self._now, self._sleep = store, desk, line, now, sleep
        self._alone = OneAtATime()
        self._in_hand = Slots(4 * desk.concurrency)  # a day of papers is not held in memory at once
        self._digests = 0
        self._failures: dict[SummaryKey, tuple[float, Written]] = {}
        self._late: dict[asyncio.Task[Written], SummaryKey] = {}

    @property
    def model(self) -> str | None:
        """The model that writes; None if sentences are extracted."""
        return self._desk.summarizer.model

    @property
    def is_busy(self) -> bool:
        """Whether a digest is being made."""
        return self._digests > 0

    async def finish(self, within_s: float) -> None:
        """Wait for what no digest waited for; what is not done then is stopped, and owed."""
        if self._late:
            await asyncio.wait(self._late, timeout=within_s)
        stopped = dict(self._late)
        for task in stopped:
            task.cancel()
        await asyncio.gather(*stopped, return_exceptions=True)
        for key in stopped.values():
            await self._owed(key, Lack.TOO_LATE)

    async def many(self, picks: Sequence[Pick], wish: Wish, *, first: int | None = None) -> tuple[DigestItem, ...]:
        """The items of a digest in the order of `picks`; only the `first` ones get a summary (None: all of them)."""
        wanted = picks if first is None else picks[:first]
        timed, done = self._timed(wish), 0

        async def item(pick: Pick) -> DigestItem:
            nonlocal done
            async with self._in_hand.turn():
                written = await self.one(pick.seen.paper, timed)
            done += 1
            wish.report(Stage.SUMMARIZE, pick.seen.paper.title, done, len(wanted))
            return DigestItem(pick=pick, summary=written.summary, lack=written.lack)

        self._digests += 1
        try:
            items = await together([item(pick) for pick in wanted])
        finally:
            self._digests -= 1
        return (*items, *(DigestItem(pick=pick) for pick in picks[len(wanted) :]))

    async def one(self, paper: Paper, wish: Wish) -> Written:
        """One paper's summary: the one that is there, else a new one, else what is lacking for now.

        When the day's money is spent the summary is extracted from the abstract, and `lack` says so.
        """
        if self.model is None:
            return Written(summary=await self._extracted(paper, wish))
        ref = PaperRef(key=paper.key, version=paper.version)
        key = SummaryKey(ref=ref, style=wish.style, language=wish.language, model=self.model)
        async with self._store.read() as tx:
            kept = await summaries.find(tx, key)
        known = kept.summary if kept else None
        if kept is not None and known is not None and not self._may_become_better(kept, wish):
            return Written(summary=known)
        written = await self._in_time(self._made(paper, key, wish, has_one=known is not None), key, wish)
        if written.summary is None and known is not None:
            return Written(summary=known)
        if written.summary is None and written.lack in OUT_OF_MONEY:
            return replace(written, summary=await self._extracted(paper, wish))
        return written

    async def _in_time(self, making: Coroutine[Any, Any, Written], key: SummaryKey, wish: Wish) -> Written:
        """What comes of it until then; what comes later is kept all the same, and nobody waits for it."""
        if wish.until is None:
            return await making
        task = asyncio.create_task(making)
        self._late[task] = key
        task.add_done_callback(self._ended)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._left_s(wish.until))
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        return task.result() if done else Written(lack=Lack.TOO_LATE)

    def _ended(self, task: asyncio.Task[Written]) -> None:
        self._late.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:  # whoever waits for it gets it too
            log.warning("summary not made", error=type(error).__name__)

    async def reading(self, paper: Paper, wish: Wish) -> Reading:
        """What can be read of a paper, in the lane that the wish asks for."""
        lock = self._alone.of((paper.key, paper.version, wish.is_urgent))
        reader = self._desk.at_once if wish.is_urgent else self._desk.ahead
        wish.report(Stage.READ, paper.title, 0, None)
        async with lock:
            return await read(paper, store=self._store, reader=reader, now=self._now, patience_s=self._left_s(wish.read_until))

    def _timed(self, wish: Wish) -> Wish:
        if wish.until is None:
            return wish
        now = self._now()
        return replace(wish, read_until=now + READING_SHARE * (wish.until - now))

    def _left_s(self, until: datetime | None) -> float | None:
        return None if until is None else max(0.0, (until - self._now()).total_seconds())

    async def _extracted(self, paper: Paper, wish: Wish) -> Summary | None:
        try:
            return await self._desk.spare.summarize(paper, abstract_of(paper), wish.style, wish.language)
        except Skip:
            return None

    def _may_become_better(self, kept: summaries.Kept, wish: Wish) -> bool:
        """Whether a summary of the abstract is worth another try: when its time has come, or when money was all it lacked."""
        if not kept.is_provisional or kept.summary is None:
            return False
        if wish.is_urgent and kept.summary.lack in {Lack.TOO_LATE, *OUT_OF_MONEY}:
            return True
        if kept.summary.lack in OUT_OF_MONEY:
            return False
        return kept.retry_at is not None and kept.retry_at <= self._now()

    async def _made(self, paper: Paper, key: SummaryKey, wish: Wish, *, has_one: bool) -> Written:
        """Read, then write; with `has_one` only what would be better than that."""
        began = asyncio.get_running_loop().time()
        if (lack := self._reason_not_to_ask(wish)) is not None:
            return await self._owed(key, lack)
        abstract = abstract_of(paper)
        lack = await out_of_money(
            abstract,
            key,
            wish.reader,
            store=self._store,
            summarizer=self._desk.summarizer,
            terms=self._desk.terms,
            now=self._now(),
        )
        if lack is not None:  # where money lacks for an abstract, arXiv need not be asked
            if lack is Lack.BUDGET:
                self._line.unpaid()
            return Written(lack=lack)
        reading = await self.reading(paper, wish)
        if has_one and reading.lack is not None:
            async with self._store.write() as tx:
                await summaries.put_off(tx, key, reading.lack, reading.retry_at, self._now(), is_tried=True)
            return Written(lack=reading.lack)
        if not reading.text.sections:
            return await self._without_text(key, reading)
        wish.report(Stage.SUMMARIZE, paper.title, 0, None)
        wanted = Wanted(
            paper=paper,
            key=key,
            text=reading.text,
            abstract=abstract,
            reader=wish.reader,
            lack=reading.lack,
            retry_at=reading.retry_at,
        )
        async with self._alone.of(key):
            others = self._failed_since(key, began) or await self._made_since(key, wish)
            return others or await self._remembered(key, self._patiently(wanted, wish))

    async def _made_since(self, key: SummaryKey, wish: Wish) -> Written | None:
        """What was made for somebody else in the turn before this one, also of the abstract alone: that is not made anew."""
        async with self._store.read() as tx:
            kept = await summaries.find(tx, key)
        if kept is None or kept.summary is None or self._may_become_better(kept, wish):
            return None
        return Written(summary=kept.summary)

    def _failed_since(self, key: SummaryKey, began: float) -> Written | None:
        """What came of it for somebody else since then, or a moment before: those who ask together share the failure too."""
        at, written = self._failures.get(key, (float("-inf"), None))
        return written if at > began - SHARED_S else None

    async def _remembered(self, key: SummaryKey, making: Coroutine[Any, Any, Written]) -> Written:
        written = await making
        if len(self._failures) > REMEMBERED_FAILURES:
            self._failures.clear()
        if written.summary is None:
            self._failures[key] = (asyncio.get_running_loop().time(), written)
        return written

    async def _without_text(self, key: SummaryKey, reading: Reading) -> Written:
        """No text, not even an abstract: owed while the site is the reason."""
        if reading.retry_at is not None and reading.lack is not None:
            async with self._store.write() as tx:
                await summaries.owe(tx, key, reading.lack, reading.retry_at, self._now())
        return Written(lack=reading.lack or Lack.NO_TEXT)

    async def _patiently(self, wanted: Wanted, wish: Wish) -> Written:
        """A model that asks for a short wait is waited for."""
        written = await self._asked(wanted, wish)
        for _ in range(MOST_WAITS):
            error = written.error
            if not (isinstance(error, ModelThrottled) and error.after_s <= SHORT_WAIT_S):
                break
            await self._sleep(error.after_s)
            written = await self._asked(wanted, wish)
        return written

    async def _asked(self, wanted: Wanted, wish: Wish) -> Written:
        """One attempt; while another process has it in hand, wait for that one."""
        while True:
            async with self._line.turn(is_urgent=wish.is_urgent):
                if (lack := self._reason_not_to_ask(wish)) is not None:
                    break
                if (rest_s := self._rest_s()) is None:
                    written = await summarize(
                        wanted, store=self._store, summarizer=self._desk.summarizer, terms=self._desk.terms, now=self._now
                    )
            if rest_s is not None:
                await self._sleep(rest_s)
                continue
            if written.error is not None:
                self._line.failed(written.error)
            elif written.is_new:
                self._line.answered()
            if written.summary is not None or written.lack is not None:
                return written
            await self._sleep(POLL_S)
        return await self._owed(wanted.key, lack)

    def _reason_not_to_ask(self, wish: Wish) -> Lack | None:
        if wish.until is not None and self._now() >= wish.until:
            return Lack.TOO_LATE
        return None if self._rest_s() is not None else self._line.closed()

    def _rest_s(self) -> float | None:
        """For how long a model that asked for a short wait is to be left alone yet; None: it did not ask for one."""
        left_s = self._left_s(self._line.until) if self._line.closed() is Lack.THROTTLED else None
        return left_s if left_s is not None and left_s <= SHORT_WAIT_S else None

    async def _owed(self, key: SummaryKey, lack: Lack) -> Written:
        """Not tried now; noted, so that a later run makes it."""
        async with self._store.write() as tx:
            await summaries.owe(tx, key, lack, self._line.until or self._now(), self._now())
        return Written(lack=lack)
