"""A bot in virtual time over a real file: two schedulers, one sender, and the ledger of what its readers must get."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from structlog.testing import capture_logs

from bot.assembling import topic_notice
from bot.domain.budget import Budget, Prices
from bot.domain.subscriptions import Address, Interest, Schedule
from bot.pipeline.summarize import Terms
from bot.readers.abstract import AbstractReader
from bot.services import delivering
from bot.services.delivering import Delivering
from bot.services.desk import Desk
from bot.services.destinations import Destinations
from bot.services.digesting import Digesting
from bot.services.gathering import Gathering
from bot.services.line import Line
from bot.services.making import Making, Workshop
from bot.services.subscribing import Subscribing
from bot.services.writing import Writing
from bot.storage.store import Store
from bot.words import words
from tests.domain.almanac import MINUTE, Reader
from tests.services.followed import Follower, Ledger
from tests.services.outside import LISTS, POST, AttentiveRanker, Clock, DailyLists, FragileSummarizer, Post

SOURCE_WAIT, DEADLINE = timedelta(hours=2), timedelta(hours=12)
Change = Callable[[Schedule], Schedule]


@dataclass(slots=True, kw_only=True)
class Life:
    """What happens to the bot and its readers, in verbs. The ledger is held against the database after each."""

    clock: Clock
    lists: DailyLists
    post: Post
    ranker: AttentiveRanker
    summarizer: FragileSummarizer
    stores: Sequence[Store]
    ledger: Ledger
    schedulers: Sequence[Digesting] = ()
    sender: Delivering
    loop: asyncio.AbstractEventLoop
    chats: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    async def begin(cls, template: Path, folder: Path, start: datetime, *, resend_for: timedelta) -> Self:
        file = Path(shutil.copy(template, folder / "paperboy.db"))
        clock = Clock(start)
        stores = [await Store.open(f"sqlite:///{file}") for _ in range(2)]
        post = Post(clock, resend_for)
        life = cls(
            clock=clock,
            lists=DailyLists(clock),
            post=post,
            ranker=AttentiveRanker(),
            summarizer=FragileSummarizer(),
            stores=stores,
            ledger=Ledger(file=file),
            sender=_sender(stores[0], post, clock),
            loop=asyncio.get_running_loop(),
        )
        await life.restart()
        return life

    async def end(self) -> None:
        self.sender.stop()
        self.ledger.close()
        for store in self.stores:
            await store.close()

    async def restart(self) -> None:
        """New processes: what the old ones knew is gone."""
        self.sender.stop()
        self.schedulers = [self._scheduler(store) for store in self.stores]
        self.sender = _sender(self.stores[0], self.post, self.clock)
        await self.sender.start()

    def _scheduler(self, store: Store) -> Digesting:
        reader, now = AbstractReader(), self.clock
        terms = Terms(prices=Prices(), budget=Budget(), sleep=asyncio.sleep)
        desk = Desk(ahead=reader, at_once=reader, summarizer=self.summarizer, spare=self.summarizer, terms=terms, concurrency=4)
        shop = Workshop(
            ranker=self.ranker,
            writing=Writing(store=store, desk=desk, line=Line(concurrency=4, now=now), now=now, sleep=asyncio.sleep),
            wait=15 * MINUTE,
            source_wait=SOURCE_WAIT,
            deadline=DEADLINE,
            channels={POST: self.post},
            words=words,
        )
        gathering = Gathering(store=store, open_source=lambda _: self.lists, now=now, own_days={})
        making = Making(store=store, gathering=gathering, workshop=shop, now=now)
        return Digesting(store=store, making=making, workshop=shop, now=now)

    @property
    def subscribing(self) -> Subscribing:
        return Subscribing(store=self.stores[1], now=self.clock)

    def address(self, follower: Follower) -> Address:
        return Address(platform=POST, chat=self.ledger.chat(follower))

    async def subscribe(
        self, topics: Sequence[str], schedule: Schedule, *, limit: int = 20, wants_replacements: bool = False
    ) -> Follower:
        """Somebody new, who chooses hour, zone and days at once."""
        number = len(self.ledger.followers) + 1
        address, word = Address(platform=POST, chat=f"{number}"), f"reader{number}"
        wish = Interest(sources=frozenset({LISTS}), keywords=(word, *topics), wants_replacements=wants_replacements)
        made = await self.subscribing.subscribe(address, wish)
        await self.subscribing.set_limit(address, limit)
        assert made.id is not None
        follower = Follower(
            id=made.id,
            word=word,
            topics=frozenset(topics),
            wants_replacements=wants_replacements,
            reader=Reader(Schedule(), self.clock.now),
            limits={limit},
        )
        self.ledger.followers[made.id] = follower
        self.chats[made.id] = frozenset({address.chat})
        await self.change(follower, lambda _: schedule)
        return follower

    async def change(self, follower: Follower, change: Change) -> None:
        """Hour, zone, days or a pause. Nobody else writes meanwhile, so that the ledger takes it in where it belongs."""

        def put(known: Schedule) -> Schedule:
            self.ledger.read()
            follower.reader.wait_until(self.clock.now)
            follower.reader.change(changed := change(known))
            return changed

        await self.subscribing.set_schedule(self.address(follower), put)
        if follower.reader.due_at != self.ledger.due_at(follower):
            self.ledger.read()  # a digest was made since

    def due(self, follower: Follower) -> None:
        """Let the time come, or nothing if it has, or never will."""
        if follower.reader.due_at is not None:
            self.clock.now = max(self.clock.now, follower.reader.due_at)

    def meanwhile(self, follower: Follower, where: str, happens: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Once: while the lists are asked ("asking"), or while papers are scored for this reader ("ranking"), in a thread."""
        if where == "asking":
            self.lists.meanwhile = happens
            return

        def wait() -> None:
            asyncio.run_coroutine_threadsafe(happens(), self.loop).result(timeout=30)

        self.ranker.meanwhile[follower.word] = wait

    async def set_limit(self, follower: Follower, limit: int) -> None:
        follower.limits.add(limit)
        await self.subscribing.set_limit(self.address(follower), limit)

    async def moves(self, follower: Follower) -> None:
        """The chat gets a new id; the bot hears it with the next message."""
        old = self.address(follower).chat
        self.post.moved[old] = new = f"{old}m"
        self.chats[follower.id] |= {new}

    async def opens(self, follower: Follower, *, is_told: bool) -> None:
        """The reader lets the bot in again, and says so with /start or not."""
        address = self.address(follower)
        self.post.closed.discard(address.chat)
        if is_told:
            await Destinations(store=self.stores[1], now=self.clock).opened(address)

    async def tick(self, schedulers: int = 1, *, may_fail: bool = False) -> None:
        """What the minute brings: digests, then what is to be sent. `may_fail`: a bug was planted in the summarizer."""
        with capture_logs() as logs:
            await asyncio.gather(*(one.turn() for one in self.schedulers[:schedulers]))
            self.ledger.read()
            await self.sender.turn()
        failed = [log for log in logs if log["event"] in ("digest failed", "delivery failed", "probe failed")]
        assert may_fail or not failed, failed
        self.ledger.read()
        for follower in self.ledger.followers.values():
            assert self.ledger.due_at(follower) == follower.reader.due_at

    async def breaks_off(self, *, times: int, hours: int) -> None:
        """So many summaries fail, and their digests with them; then nobody ticks for hours."""
        self.summarizer.breaks = times
        await self.tick(may_fail=True)
        self.summarizer.breaks = 0
        self.clock.passes(timedelta(hours=hours))

    async def ticks(self, schedulers: int = 1) -> None:
        """A tick, and one more for whoever was changed meanwhile; then nobody who could have been served is left."""
        await self.tick(schedulers)
        await self.tick(schedulers)
        for follower in self.ledger.followers.values():
            follower.reader.wait_until(self.clock.now)
            if follower.reader.owed and not self.ledger.is_suspended(follower) and not self._waits(follower):
                raise AssertionError(f"{follower.word} is owed {follower.reader.owed} at {self.clock.now}")
        self.ledger.nobody_has_two()

    def _waits(self, follower: Follower) -> bool:
        """Whether the digest may wait for the lists."""
        due_at, until = follower.reader.due_at, self.lists.failed_until
        is_down = self.lists.is_down or (until is not None and self.clock.now < until)
        is_just_due = due_at is not None and self.clock.now - due_at < MINUTE  # since the turn began
        return is_just_due or (due_at is not None and is_down and self.clock.now < due_at + SOURCE_WAIT)

    async def finish(self) -> None:
        """Everything works again, everybody reads every day: after some days nothing is owed to anybody."""
        self.lists.is_down = self.post.is_down = False
        self.lists.meanwhile, self.summarizer.breaks = None, 0
        self.ranker.meanwhile.clear()
        self.post.answers.clear()
        self.post.closed.clear()
        await self.restart()
        for follower in self.ledger.followers.values():
            await self.change(
                follower, lambda known: replace(known, is_paused=False, paused_until=None, weekdays=frozenset(range(7)))
            )
            await self.set_limit(follower, 100)
        for _ in range(4):
            self.clock.passes(timedelta(hours=25))
            await self.ticks()
            self.limits_hold()
        self.ledger.all_ended(self.post, self.chats, self.lists.served)

    def limits_hold(self) -> None:
        """No digest is in hand: only what a reader chose last counts."""
        for follower in self.ledger.followers.values():
            query = "SELECT max_papers FROM subscriptions WHERE id = ?"
            follower.limits = {int(self.ledger.rows(query, follower.id)[0][0])}


def _sender(store: Store, post: Post, clock: Clock) -> Delivering:
    return Delivering(store=store, channel=post, terms=delivering.Terms(concurrency=4, notice=topic_notice), now=clock)
