"""One paper or many: `read -> summarize`, each thing once for everybody, within the time that somebody waits.

Who asks for a summary that is being made waits for it. A model that does not answer is left alone for a while.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

import structlog

from bot.domain.digests import DigestItem, Pick
from bot.domain.papers import Paper, PaperRef
from bot.domain.progress import Report, Stage, silent
from bot.domain.subscriptions import Address
from bot.domain.summaries import Lack, Summary, SummaryKey
from bot.errors import ModelThrottled, Skip
from bot.pipeline.read import Reading, abstract_of, read
from bot.pipeline.summarize import Terms, Wanted, Written, is_affordable, summarize
from bot.ports import FullTextReader, Summarizer
from bot.services.pause import Pause
from bot.services.turns import OneAtATime, Slots
from bot.storage import papers, summaries
from bot.storage.store import Store

log = structlog.get_logger()

POLL_S = 0.25  # how often to look whether another process has finished a summary
SHORT_WAIT_S = 30.0  # a model that asks for more is not waited for
MOST_WAITS = 3
HEALED_AT_ONCE = 40
READING_SHARE = 0.75  # of the time that a digest waits; the rest is left for writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How summaries are wanted, for whom, and until when (None: as long as it takes).

    `is_urgent`: a person is waiting for this very paper, and goes before those who read ahead.
    """

    style: str
    language: str
    address: Address | None = None
    read_until: datetime | None = None
    until: datetime | None = None
    is_urgent: bool = False
    report: Report = silent

    @property
    def reader(self) -> str | None:
        """The reader's name in the ledger of calls."""
        parts = (self.address.platform, self.address.chat, self.address.thread) if self.address else ()
        return ":".join(filter(None, parts)) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What summaries are made with: `ahead` reads for digests, `at_once` for somebody who waits; `spare` needs no model."""

    ahead: FullTextReader
    at_once: FullTextReader
    summarizer: Summarizer
    spare: Summarizer
    terms: Terms
    concurrency: int


class Writing:
    """Reads papers and has them summarized. One of it in a process, so that its turns and its pause hold for all."""

    def __init__(
        self, *, store: Store, desk: Desk, now: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._store, self._desk, self._now, self._sleep = store, desk, now, sleep
        self._pause = Pause()
        self._alone = OneAtATime()
        self._calls = Slots(desk.concurrency)
        self._in_hand = Slots(4 * desk.concurrency)  # a day of papers is not held in memory at once

    @property
    def model(self) -> str | None:
        """The model that writes; None if sentences are extracted."""
        return self._desk.summarizer.model

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

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(item(pick)) for pick in wanted]
        return (*(task.result() for task in tasks), *(DigestItem(pick=pick) for pick in picks[len(wanted) :]))

    async def one(self, paper: Paper, wish: Wish) -> Written:
        """One paper's summary: the one that is there, else a new one, else what is lacking for now.

        When the day's money is spent the summary is extracted from the abstract, and `lack` says so.
        """
        if self.model is None:
            return Written(summary=await self._extracted(paper, wish))
        key = SummaryKey(
            ref=PaperRef(key=paper.key, version=paper.version), style=wish.style, language=wish.language, model=self.model
        )
        written = await self._known_or_made(paper, key, wish)
        if written.summary is None and written.lack is Lack.BUDGET:
            return replace(written, summary=await self._extracted(paper, wish))
        return written

    async def heal(self, *, report: Report = silent, until: datetime | None = None) -> int:
        """Make what is owed from earlier failures, oldest first; returns how many summaries were made."""
        if self.model is None or self._pause.standing(self._now()) is not None:
            return 0
        async with self._store.read() as tx:
            keys = await summaries.owed(tx, self.model, self._now(), HEALED_AT_ONCE)
            known = await papers.by_keys(tx, tuple({key.ref.key for key in keys}))
        done = 0

        async def one(key: SummaryKey) -> bool:
            nonlocal done
            paper = known[key.ref.key].paper
            wish = Wish(style=key.style, language=key.language, until=until)
            async with self._in_hand.turn():
                written = await self.one(paper, wish)
            done += 1
            report(Stage.SUMMARIZE, paper.title, done, len(keys))
            return written.summary is not None and written.lack is None

        current = [key for key in keys if key.ref.key in known and known[key.ref.key].paper.version == key.ref.version]
        for key in set(keys) - set(current):  # replaced meanwhile
            await self._put_off(key, Lack.NO_TEXT, None)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(key)) for key in current]
        return sum(task.result() for task in tasks)

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

    async def _known_or_made(self, paper: Paper, key: SummaryKey, wish: Wish) -> Written:
        async with self._store.read() as tx:
            kept = await summaries.find(tx, key)
        known = kept.summary if kept else None
        if kept is not None and known is not None and not self._may_become_better(kept, wish):
            return Written(summary=known)
        if known is None and (lack := self._reason_not_to_ask(wish)) is not None:
            return await self._owed(key, lack)
        if known is None and not await self._is_affordable(paper, key, wish):
            return Written(lack=Lack.BUDGET)
        reading = await self.reading(paper, wish)
        if known is not None and reading.lack is not None:  # no better text than the one that it was made of
            await self._put_off(key, reading.lack, reading.retry_at)
            return Written(summary=known)
        wanted = Wanted(
            paper=paper,
            key=key,
            text=reading.text,
            abstract=abstract_of(paper),
            reader=wish.reader,
            lack=reading.lack,
            retry_at=reading.retry_at,
        )
        if not reading.text.sections:
            return Written(lack=Lack.NO_TEXT)
        wish.report(Stage.SUMMARIZE, paper.title, 0, None)
        async with self._alone.of(key):
            return await self._made(wanted, wish)

    async def _made(self, wanted: Wanted, wish: Wish) -> Written:
        for _ in range(MOST_WAITS + 1):
            written = await self._asked(wanted, wish)
            error = written.error
            if not (isinstance(error, ModelThrottled) and error.after_s <= SHORT_WAIT_S):
                return written
            await self._sleep(error.after_s)
        return written

    async def _asked(self, wanted: Wanted, wish: Wish) -> Written:
        """One attempt; while another process has it in hand, wait for that one."""
        while True:
            async with self._calls.turn(is_urgent=wish.is_urgent):
                if (lack := self._reason_not_to_ask(wish)) is not None:
                    break
                written = await summarize(
                    wanted, store=self._store, summarizer=self._desk.summarizer, terms=self._desk.terms, now=self._now
                )
            if written.error is not None and self._pause.note(written.error, self._now()):
                log.error(
                    "summaries paused", lack=str(self._pause.lack), until=str(self._pause.until), reason=str(written.error)[:200]
                )
            if written.summary is not None:
                self._pause.worked()
            if written.summary is not None or written.lack is not None:
                return written
            await self._sleep(POLL_S)
        return await self._owed(wanted.key, lack)

    def _may_become_better(self, kept: summaries.Kept, wish: Wish) -> bool:
        """Whether a summary of the abstract is worth another try: when its time has come, or when money was all it lacked."""
        if not kept.is_provisional or kept.summary is None:
            return False
        if kept.summary.lack is Lack.BUDGET:
            return wish.is_urgent
        return kept.retry_at is not None and kept.retry_at <= self._now()

    async def _is_affordable(self, paper: Paper, key: SummaryKey, wish: Wish) -> bool:
        """Whether reading is worth its while: where money lacks for an abstract, arXiv need not be asked."""
        return await is_affordable(
            abstract_of(paper),
            key,
            wish.reader,
            store=self._store,
            summarizer=self._desk.summarizer,
            terms=self._desk.terms,
            now=self._now(),
        )

    def _reason_not_to_ask(self, wish: Wish) -> Lack | None:
        now = self._now()
        return Lack.TOO_LATE if wish.until is not None and now >= wish.until else self._pause.standing(now)

    async def _put_off(self, key: SummaryKey, lack: Lack, retry_at: datetime | None) -> None:
        """Try it again from `retry_at` on; None: not before somebody asks."""
        holder, now = uuid4().hex, self._now()
        async with self._store.write() as tx:
            if await summaries.claim(tx, key, holder, now, 1.0, is_asked_for=True):
                await summaries.fail(tx, key, holder, lack, retry_at, now)

    async def _owed(self, key: SummaryKey, lack: Lack) -> Written:
        """Not tried now; noted, so that a later run makes it."""
        async with self._store.write() as tx:
            await summaries.owe(tx, key, lack, self._pause.until or self._now(), self._now())
        return Written(lack=lack)
