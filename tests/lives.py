"""A bot that is killed again and again, and what the platform and the ledger say afterwards: lost, repeated, out of order."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.schedules import next_due
from bot.domain.subscriptions import Address, Interest, Schedule, Subscription
from bot.storage import subscriptions
from bot.storage.store import Store
from tests.builders import ABSTRACT, a_paper
from tests.discord_bodies import spoken
from tests.world import World

OPEN = ("due", "sending", "retry", "suspended")
Shown = Sequence[tuple[str, str]]
"""What people of a platform saw, in order: the chat (with its topic: `chat/topic`), and the body as it was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`repeated` counts what was seen once too often; `unexplained` those of them that were in no dying hand."""

    states: dict[str, int]
    lost: tuple[str, ...]
    repeated: int
    allowed: int
    unexplained: tuple[str, ...]
    out_of_order: tuple[str, ...]

    @property
    def open(self) -> int:
        """Parts that have not ended."""
        return sum(self.states.get(state, 0) for state in OPEN)


@dataclass(slots=True, kw_only=True)
class Lives:
    """The bot's process and its lives; the clock goes on while it is dead, `rate` times as fast as the wall's."""

    world: World
    platform: str
    starts_at: datetime
    rate: float = 1.0
    kills: int = 0
    in_hand: Counter[int] = field(default_factory=Counter)  # of each part: how many kills found it on its way
    _began: float = field(default_factory=time.monotonic)
    _process: asyncio.subprocess.Process | None = None

    @property
    def now(self) -> datetime:
        """What the bot's clock shows, or would show."""
        return self.starts_at + timedelta(seconds=(time.monotonic() - self._began) * self.rate)

    @property
    def has_begun(self) -> bool:
        """Whether there ever was a process."""
        return self._process is not None

    @property
    def is_alive(self) -> bool:
        """Whether there is a process, or nobody has begun one yet."""
        return self._process is None or self._process.returncode is None

    def jump(self, to: datetime) -> None:
        """Set the clock; between two lives only."""
        self.starts_at, self._began = to, time.monotonic()

    async def begin(self, *, dies: str = "") -> None:
        """Start it; with `dies` it kills itself there (tests/child/killing.py)."""
        self.world.clock, self.world.extra["CLOCK_RATE"] = self.now.isoformat(), str(self.rate)
        with (self.world.folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "run",
                cwd=self.world.folder,
                env=self.world.environment | {"PAPERBOY_DIES": dies},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.world.children.append(self._process)

    async def died(self, within_s: float = 40.0) -> bool:
        """Wait until it killed itself; False if it lives on."""
        assert self._process is not None
        try:
            async with asyncio.timeout(within_s):
                code = await self._process.wait()
        except TimeoutError:
            return False
        assert code == -signal.SIGKILL, f"it ended with {code}: {self.log()}"
        self._count()
        return True

    async def kill(self) -> None:
        """SIGKILL, now."""
        assert self._process is not None
        assert self._process.returncode is None, f"it was dead already: {self.log()}"
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        self._count()

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self.ended()

    def signal(self, number: signal.Signals) -> None:
        """One signal."""
        assert self._process is not None
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait for its end; returns the exit code, below 0 for a signal."""
        assert self._process is not None
        async with asyncio.timeout(30):
            return await self._process.wait()

    def _count(self) -> None:
        self.kills += 1
        self.in_hand.update(row[0] for row in self.rows("SELECT id FROM parts WHERE state = 'sending'"))

    def log(self) -> str:
        """The end of what it wrote."""
        return (self.world.folder / "bot.log").read_text(errors="replace")[-3000:]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds."""
        database = sqlite3.connect(f"file:{self.world.folder / 'paperboy.db'}?mode=ro", uri=True, timeout=30)
        try:
            return database.execute(query, values).fetchall()
        finally:
            database.close()

    def number(self, query: str, *values: object) -> int:
        """A count."""
        return int(self.rows(query, *values)[0][0])

    def is_through(self, digests: int) -> bool:
        """Whether so many digests of the schedule were made, and all parts have ended."""
        if self.number("SELECT count(*) FROM digests WHERE queued_at IS NOT NULL AND slot_kind <> 'now'") < digests:
            return False
        return self.number("SELECT count(*) FROM parts WHERE ended_at IS NULL") == 0

    async def through(self, digests: int, *, within_s: float = 40.0) -> None:
        """Wait until it is."""
        ends = time.monotonic() + within_s
        while not self.is_through(digests):
            assert time.monotonic() < ends, f"{self.states()} {self.log()}"
            assert self.is_alive, f"it is dead: {self.log()}"
            await asyncio.sleep(0.05)

    def states(self) -> dict[str, int]:
        """How many parts there are in each state."""
        return dict(self.rows("SELECT state, count(*) FROM parts GROUP BY state"))

    def tally(self, shown: Shown, *, is_asked: bool = False) -> Tally:
        """Hold the ledger against what people saw; with `is_asked` they saw answers too, which the ledger does not know."""
        seen = Counter(shown)
        first: dict[tuple[str, str], int] = {}
        for place, one in enumerate(shown):
            first.setdefault(one, place)
        lost, unexplained, repeated, places = [], [], 0, defaultdict[int, list[int]](list)
        query = (
            "SELECT p.id, p.digest_id, p.number, a.chat || CASE a.thread WHEN '' THEN '' ELSE '/' || a.thread END, p.payload, "
            "p.state FROM parts p JOIN addresses a ON a.id = p.address_id"
        )
        alike = defaultdict[tuple[str, str], list[tuple[int, int | None, int, str]]](list)  # "nothing new" is said more than once
        for part, digest, number, where, payload, state in self.rows(f"{query} ORDER BY p.digest_id, p.number"):
            alike[where, body(payload)].append((part, digest, number, state))
        for one, parts in alike.items():
            times, (_, digest, number, _) = seen.pop(one, 0), parts[0]
            name = f"part {number} of digest {digest}"
            if sum(state == "sent" for _, _, _, state in parts) > times:
                lost.append(name)
            too_often, kills = max(times - len(parts), 0), sum(self.in_hand[part] for part, *_ in parts)
            repeated += too_often
            if too_often > kills:
                unexplained.append(f"{name}: {times} times, {kills} kills")
            if times and digest is not None and len(parts) == 1:
                places[digest].append(first[one])
        if not is_asked:
            unexplained += [f"{where} saw what the ledger does not know" for where, _ in seen]
        return Tally(
            states=self.states(),
            lost=tuple(lost),
            repeated=repeated,
            allowed=sum(self.in_hand.values()),
            unexplained=tuple(unexplained),
            out_of_order=tuple(f"digest {digest}" for digest, found in places.items() if found != sorted(found)),
        )


def body(payload: str) -> str:
    """What a part's payload puts into its message."""
    found = json.loads(payload)
    if "content" in found:
        return spoken(found["content"], found.get("embeds", ()))
    return str(found.get("html", found.get("text")))


async def subscribe(
    world: World, *addresses: Address, at: str, subscribed_at: datetime, limit: int = 10, has_thread: bool = True
) -> None:
    """Every address wants agents, daily at `at` UTC."""
    schedule = replace(Schedule(), at=datetime.strptime(at, "%H:%M").replace(tzinfo=UTC).time())
    store = await Store.open(f"sqlite:///{world.folder / 'paperboy.db'}")
    try:
        async with store.write() as tx:
            for address in addresses:
                wish = Interest(categories=frozenset({"cs.CL"}), keywords=("agents",))
                due = next_due(schedule, subscribed_at)
                await subscriptions.save(
                    tx,
                    Subscription(
                        address=address,
                        interest=wish,
                        schedule=schedule,
                        limit=limit,
                        has_thread=has_thread,
                        next_due_at=due,
                        created_at=subscribed_at,
                    ),
                )
    finally:
        await store.close()


def publish(world: World, on: date, papers: int) -> None:
    """A batch in which all papers are about agents, and no two alike."""
    made = (
        a_paper(
            arxiv_id=f"{on:%y%m}.{on.day:02}{number:03}",
            title=f"Agents of {on:%d %B}, part {number}",
            abstract=f"{number}: {ABSTRACT}",
        )
        for number in range(1, papers + 1)
    )
    world.arxiv.publishes(*made, batch_on=on)
