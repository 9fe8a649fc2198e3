"""Sends what is in the outbox of one platform: claim (W6), send, keep what became of it (W7). The one owner of retries.

A part that fails stops nothing but its own digest; a chat that must wait parks its row, never a worker.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.deliveries import Cause, Claimed, Outcome, OutcomeKind
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable
from bot.pipeline.deliver import Notice, deliver
from bot.ports import Channel, Delivered, Part
from bot.services.batches import apart
from bot.services.hearing import Hearing
from bot.storage import destinations, outbox
from bot.storage.store import Store

log = structlog.get_logger()

WINDOW = timedelta(seconds=70)  # the longest window that a platform counts in, and what may pass between a claim and its send
LOADED, LOADED_MOST = 200, 12_800  # parts that are looked at at once; more where none of them may go yet
TICK_S = 60.0
UNHEARD = frozenset({Cause.UNREACHABLE, Cause.NO_ANSWER})
SWEEP_S = 60.0  # in a long broadcast deadlines and probes are looked at as often
LOOK_AGAIN = timedelta(minutes=5)  # after a look that told nothing
CLOSER_LOOK_S = 1.0  # the longest wait before the outbox is looked at again, while something is on its way


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How parts are sent: to `concurrency` chats at once. `clock_rate`: process seconds in a real one.

    `notice` says in a language, to the whole chat, that one of its topics takes no messages.
    """

    concurrency: int
    notice: Notice
    clock_rate: float = 1.0


class Delivering:
    """The sender of one platform. Only one process may have it: two would break the platform's pace."""

    def __init__(self, *, store: Store, channel: Channel, terms: Terms, now: Callable[[], datetime]) -> None:
        self._store = store
        self._channel = channel
        self._terms = terms
        self._now = now
        self.wake = asyncio.Event()  # set it when there is something to send
        self._moved = asyncio.Event()
        self._in_hand: set[str] = set()  # chats
        self._reach, self._is_cut = LOADED, False
        self.hearing = Hearing(now)
        self._alarm: asyncio.TimerHandle | None = None
        self._stopping = False
        self.is_working = True  # False: the platform does not know our token any more
        self.over = asyncio.Event()  # no turn will begin any more

    @property
    def name(self) -> str:
        """The platform."""
        return self._channel.name

    async def start(self) -> None:
        """Free what a dead predecessor had in hand, and go on in its pace. Call it once, with the process lock held.

        What is past its deadline ends here, before digests are made: the first one brings its papers.
        """
        now = self._now()
        async with self._store.write() as tx:
            freed = await outbox.free_leases(tx, self.name, now=now)
        async with self._store.read() as tx:
            tried = await outbox.attempts_since(tx, self.name, now - WINDOW * self._terms.clock_rate)
        self._channel.recall([Delivered(address=address, ago_s=self._real_s(now - at)) for address, at in tried])
        if freed:
            log.warning("parts were on their way when the process ended", platform=self.name, parts=freed)
        await self.end_late()

    def rouse(self) -> None:
        """There is something to send, for the turn in hand too."""
        self.wake.set()
        self._moved.set()

    def stop(self) -> None:
        """Claim no more; what is in hand is finished by the turn."""
        self._stopping = True
        self._moved.set()
        self.over.set()
        if self._alarm is not None:
            self._alarm.cancel()

    async def open(self) -> None:
        """Try the token. Raises TokenRefused, PlatformUnreachable."""
        try:
            await self._channel.open()
        except PlatformUnreachable:
            self.hearing.unheard()
            raise
        self.hearing.heard()

    def refuse(self) -> None:
        """The platform does not take our token: its parts wait for a process that has a better one."""
        self.is_working = False
        self._moved.set()
        self.over.set()

    async def turn(self) -> int:
        """Send all whose time has come; returns how many were tried. Wakes itself for what must wait."""
        if self._stopping or not self.is_working:
            return 0
        await self.end_late()
        tried = await self._send_all()
        await self._wake_later()
        return tried

    async def _look(self) -> None:
        """Look at destinations that took nothing."""
        async with self._store.read() as tx:
            closed = await destinations.to_probe(tx, self.name, now=self._now())
        for destination in closed:
            found = await apart(self._probe(destination.address), "probe failed", platform=self.name)
            self._moved.set()
            if self._stopping or (found is not None and found.cause is Cause.UNREACHABLE):
                return  # nobody answers: the others would wait in vain as long

    async def end_late(self) -> None:
        """End what can not be sent any more: its deadline is over, or nobody would know it again."""
        now = self._now()
        while await self._ended(now):
            pass

    async def _ended(self, now: datetime) -> int:
        async with self._store.write() as tx:
            given_up = await outbox.give_up_unsure(tx, self.name, unsure_before=now - self._channel.resend_for, now=now)
            expired = await outbox.expire(tx, now=now) + await outbox.give_up_unqueued(tx, now=now)
        if given_up or expired:
            log.warning("deliveries ended unsent", platform=self.name, unknown=given_up, expired=expired)
        return given_up + expired

    async def _probe(self, address: Address) -> Outcome:
        outcome = await self._channel.probe(address)
        async with self._store.write() as tx:
            match outcome.kind:
                case OutcomeKind.SENT:
                    await destinations.resume(tx, address, is_probed=True)
                    log.info("destination resumed", platform=self.name)
                case OutcomeKind.SUSPEND | OutcomeKind.REFUSED | OutcomeKind.PLAIN:
                    if outcome.kind is OutcomeKind.SUSPEND and outcome.cause is not None:
                        await destinations.suspend(tx, address, outcome.cause, now=self._now())  # perhaps for a new reason
                    await destinations.still_closed(tx, address, now=self._now())
                case OutcomeKind.MOVED if outcome.moved_to != address.chat:
                    await destinations.move(tx, self.name, address.chat, outcome.moved_to)
                case OutcomeKind.STOP:
                    self.refuse()
                case _:  # nobody knows; and the others must not wait behind it for ever
                    await destinations.look_later(tx, address, self._now() + LOOK_AGAIN)
        return outcome

    async def _send_all(self) -> int:
        """Nothing but a stop may end the group early: what is in hand would be cut off, and come twice."""
        tried, sweeps_at = 0, time.monotonic() + SWEEP_S
        waiting = await self._load()
        async with asyncio.TaskGroup() as group:
            looking = self._looking(group)
            while not self._stopping and self.is_working:
                if time.monotonic() >= sweeps_at:
                    await apart(self.end_late(), "late deliveries not ended", platform=self.name)
                    looking = self._looking(group) if looking.done() else looking
                    sweeps_at = time.monotonic() + SWEEP_S
                chosen, ready_s = self._choose(waiting)
                if chosen is not None:
                    waiting = tuple(each for each in waiting if each.id != chosen.id)
                    self._in_hand.add(chosen.address.chat)
                    group.create_task(self._one(chosen))
                    tried += 1
                    continue
                is_idle = not self._in_hand and looking.done()
                if is_idle and (not waiting or self.hearing.is_held) and not self._moved.is_set():
                    break
                self._look_further()
                await self._pause(min(ready_s, CLOSER_LOOK_S))
                if not self._is_full():
                    waiting = await apart(self._load(), "the outbox cannot be read", platform=self.name) or ()
        return tried

    def _looking(self, group: asyncio.TaskGroup) -> asyncio.Task[None]:
        """Beside what is sent: a look may take as long as a message, and there may be many."""
        looking = group.create_task(apart(self._look(), "looks failed", platform=self.name))
        looking.add_done_callback(lambda _: self._moved.set())
        return looking

    def _choose(self, waiting: Sequence[outbox.Waiting]) -> tuple[outbox.Waiting | None, float]:
        """The first part whose chat is free and ready, else None; and the seconds until one is ready.

        An answer is ready at once: the pace keeps a place for it where broadcasts have used up theirs.
        """
        if self._is_full() or self.hearing.is_held:
            return None, CLOSER_LOOK_S
        soonest_s = CLOSER_LOOK_S
        for each in waiting:
            if each.address.chat in self._in_hand:
                continue
            ready_s = 0.0 if each.is_answer else self._channel.ready_in(each.address)
            if ready_s <= 0:
                return each, 0.0
            soonest_s = min(soonest_s, ready_s)
        return None, soonest_s

    def _look_further(self) -> None:
        """Nothing of what was loaded may go: a forum whose topics all wait for their minute must not hide those behind it."""
        if not self._is_full() and not self.hearing.is_held:
            self._reach = min(self._reach * 4, LOADED_MOST) if self._is_cut else LOADED

    def _is_full(self) -> bool:
        return len(self._in_hand) >= (1 if self.hearing.is_doubtful else self._terms.concurrency)

    async def _pause(self, seconds: float) -> None:
        """Until something in hand is through, for `seconds` at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()
        self._moved.clear()  # before the outbox is read: what is through while that lasts is news

    async def _load(self) -> tuple[outbox.Waiting, ...]:
        async with self._store.read() as tx:
            found = await outbox.claimable(tx, self.name, now=self._now(), limit=self._reach)
        self._is_cut = len(found) >= self._reach
        return found

    async def _one(self, waiting: outbox.Waiting) -> None:
        try:
            await apart(self._deliver(waiting), "delivery failed", platform=self.name, part=waiting.id)
        finally:
            self._in_hand.discard(waiting.address.chat)
            self._moved.set()

    async def _deliver(self, waiting: outbox.Waiting) -> None:
        done = await deliver(
            waiting.id, store=self._store, channel=self._channel, send=self._send, notice=self._terms.notice, now=self._now
        )
        if done is not None:
            self._note(done.part, done.outcome)

    async def _send(self, part: Claimed) -> Outcome:
        """What the platform said; an error that no table knows is our bug, and costs this part alone a slow retry."""
        message = Part(number=part.number, payload=part.payload)
        how = {"is_plain": part.is_plain, "is_answer": part.is_answer}
        sending = self._channel.send(part.address, message, key=part.key, past=part.past, **how)
        found = await apart(sending, "a channel broke", platform=self.name, part=part.id)
        return found or Outcome(kind=OutcomeKind.REFUSED, cause=Cause.REFUSED, detail="an error of the bot's own")

    def _note(self, part: Claimed, outcome: Outcome) -> None:
        """What an outcome says of the whole platform."""
        if outcome.kind is OutcomeKind.STOP:
            self.refuse()
        if outcome.kind is OutcomeKind.PLAIN:
            log.error("markup refused", platform=self.name, part=part.id, cause=outcome.cause, is_plain=part.is_plain)
        if outcome.cause in UNHEARD:
            self.hearing.unheard()
        elif outcome.cause is Cause.PLATFORM_DOWN:
            self.hearing.failed()
        else:
            self.hearing.heard()

    async def _wake_later(self) -> None:
        """Set an alarm for the next part that only waits for its time, if that is before the next tick."""
        now = self._now()
        async with self._store.read() as tx:
            next_at = await outbox.next_at(tx, self.name, now=now)
        if self._alarm is not None:
            self._alarm.cancel()
        if next_at is None or self._stopping:
            return
        delay_s = self._real_s(max(next_at, self.hearing.held_until or next_at) - now)
        if delay_s < TICK_S:
            self._alarm = asyncio.get_running_loop().call_later(max(delay_s, 0.05), self.wake.set)

    def _real_s(self, passed: timedelta) -> float:
        return passed.total_seconds() / self._terms.clock_rate
