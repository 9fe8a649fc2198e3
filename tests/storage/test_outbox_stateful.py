"""Whatever happens in whatever order: no part is lost, none is out of order, and all of them end."""

import asyncio
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.deliveries import FREEING, OF_THREAD, OPEN, SHOWN, Cause, Claimed, Outcome, OutcomeKind, PartState, verdict
from bot.domain.subscriptions import Address
from bot.storage import destinations, outbox, outbox_ledger
from bot.storage.store import Store
from bot.storage.tables import addresses, digests, items, parts
from tests.storage.parcels import LEASE, NOW, a_digest, at, drafts

T = TypeVar("T")
Row = dict[str, Any]
PLATFORM, RESEND_FOR = "discord", timedelta(minutes=2)
EXAMPLES = int(os.environ.get("PAPERBOY_OUTBOX_EXAMPLES", "12"))
CHATS = ("a", "b", "c")
PLACES = st.sampled_from([at("a", platform=PLATFORM), at("a", "5", PLATFORM), at("b", platform=PLATFORM), at("b", "6", PLATFORM)])
ANYTHING = st.integers(min_value=0, max_value=10**6)
OUTCOMES = st.sampled_from(
    [
        *[Outcome(kind=OutcomeKind.SENT, platform_id="7")] * 3,
        Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=90),
        Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE),
        Outcome(kind=OutcomeKind.REFUSED, cause=Cause.REFUSED),
        *[Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER)] * 2,
        Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.BLOCKED),
        Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.TOPIC_CLOSED),
        Outcome(kind=OutcomeKind.MOVED, cause=Cause.MOVED, moved_to="c"),
        *[Outcome(kind=OutcomeKind.PLAIN, cause=Cause.MARKUP_REFUSED)] * 2,
    ]
)


_PARTS = (
    select(parts, addresses.c.chat, addresses.c.thread.label("topic"), addresses.c.suspended_because)
    .join_from(parts, addresses)
    .order_by(parts.c.id)
)


class Outbox(RuleBasedStateMachine):
    """One outbox in a file. Time only passes by its rule."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        shutil.copy(self.template, Path(self.folder.name) / "paperboy.db")
        self.store = self.runner.run(Store.open(f"sqlite:///{self.folder.name}/paperboy.db"))
        self.now = NOW
        self.digests = self.papers = self.queued = 0
        self.in_hand: list[Claimed] = []
        self.ended: dict[int, Row] = {}

    def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def run() -> T:
            async with self.store.write() as tx:
                return await work(tx)

        return self.runner.run(run())

    def rows(self) -> list[Row]:
        """All parts with their address."""

        async def read() -> list[Row]:
            async with self.store.read() as tx:
                return [dict(row._mapping) for row in await tx.execute(_PARTS)]

        return self.runner.run(read())

    def claimable(self) -> list[int]:
        async def read() -> list[int]:
            async with self.store.read() as tx:
                return [one.id for one in await outbox.claimable(tx, PLATFORM, now=self.now, limit=10**6)]

        return self.runner.run(read())

    @rule(place=PLACES, total=st.integers(min_value=0, max_value=3), hours=st.integers(min_value=1, max_value=5))
    def queue(self, place: Address, total: int, hours: int) -> None:
        self.digests += 1
        deadline_at = self.now + timedelta(hours=hours)

        async def work(tx: AsyncConnection) -> None:
            asked = {"kind": "catchup", "number": self.digests, "first_paper": self.papers + 1, "deadline_at": deadline_at}
            digest = await a_digest(tx, place, papers_=total, created_at=self.now, **asked)  # type: ignore[arg-type]
            assert await outbox.queue(tx, digest, drafts(total), now=self.now)
            assert not await outbox.queue(tx, digest, drafts(total), now=self.now)

        self.write(work)
        self.papers += total
        self.queued += total

    @rule(place=PLACES)
    def notify(self, place: Address) -> None:
        about, until = f"notice {self.queued}", self.now + timedelta(hours=1)
        assert self.write(lambda tx: outbox.notify(tx, place, about, "{}", deadline_at=until, now=self.now))
        assert not self.write(lambda tx: outbox.notify(tx, place, about, "{}", deadline_at=until, now=self.now))
        self.queued += 1

    @precondition(lambda self: self.queued)
    @rule(which=ANYTHING)
    def claim_any(self, which: int) -> None:
        """A claim succeeds exactly where `claimable` says so."""
        rows, may_be = self.rows(), self.claimable()
        answers = {row["id"] for row in rows if row["is_answer"]}
        assert may_be == sorted(may_be, key=lambda one: (one not in answers, one))
        self._claim(rows, rows[which % len(rows)]["id"], may_be)

    @rule(which=ANYTHING)
    def claim_one_that_may_be(self, which: int) -> None:
        may_be = self.claimable()
        if may_be:
            self._claim(self.rows(), may_be[which % len(may_be)], may_be)

    def _claim(self, rows: list[Row], part_id: int, may_be: list[int]) -> None:
        part = self.write(lambda tx: outbox.claim(tx, part_id, now=self.now, lease=LEASE))
        assert (part is not None) == (part_id in may_be)
        if part is None:
            return
        row = next(row for row in rows if row["id"] == part_id)
        before = [one["state"] for one in rows if one["digest_id"] == row["digest_id"] and one["number"] < row["number"]]
        assert row["digest_id"] is None or not OPEN.intersection(before)
        on_their_way = {one["chat"] for one in rows if one["lease_until"] and one["lease_until"] > self.now}
        assert row["chat"] not in on_their_way
        assert row["suspended_because"] is None
        assert row["deadline_at"] > self.now
        assert (row["not_before"] or self.now) <= self.now
        self.in_hand.append(part)

    @precondition(lambda self: self.in_hand)
    @rule(which=ANYTHING, outcome=OUTCOMES)
    def settle(self, which: int, outcome: Outcome) -> None:
        """As `pipeline/deliver.py` keeps it; also for claims that were lost meanwhile, whose outcome must change nothing."""
        part = self.in_hand.pop(which % len(self.in_hand))
        found = verdict(outcome, part, resend_for=RESEND_FOR, now=self.now)
        before = {row["id"]: row for row in self.rows()}
        is_held = before[part.id]["state"] == "sending" and before[part.id]["attempts"] == part.attempts
        is_kept = self.write(lambda tx: outbox.settle(tx, part, found, now=self.now, platform_id=outcome.platform_id))
        assert is_kept == is_held
        if not is_kept:
            assert {row["id"]: row for row in self.rows()} == before
            return
        if outcome.kind is OutcomeKind.SUSPEND:
            cause, row = outcome.cause or Cause.REFUSED, before[part.id]
            home = at(row["chat"], row["topic"], PLATFORM)  # it may have moved since it was claimed
            self.write(lambda tx: destinations.suspend(tx, home, cause, now=self.now))
        elif outcome.kind is OutcomeKind.MOVED:
            self.write(lambda tx: destinations.move(tx, PLATFORM, part.address.chat, outcome.moved_to))
        elif outcome.kind is OutcomeKind.WAIT and found.not_before is not None:
            until = found.not_before
            self.write(lambda tx: outbox.put_off(tx, part.address, until))

    @precondition(lambda self: self.queued)
    @rule(which=ANYTHING, place=PLACES, hours=st.integers(min_value=1, max_value=5))
    def send_again(self, which: int, place: Address, hours: int) -> None:
        """Somebody at `place` did not see it; any other part, and one of another place, stays as it is."""
        rows, until = self.rows(), self.now + timedelta(hours=hours)
        lost = [row for row in rows if row["state"] == "unknown"]
        row = (lost or rows)[which % len(lost or rows)]
        if which % 2:
            place = at(row["chat"], row["topic"], PLATFORM)
        is_theirs = (row["chat"], row["topic"], row["state"]) == (place.chat, place.thread, "unknown")
        asked = self.write(lambda tx: outbox.send_again(tx, row["id"], place, now=self.now, deadline_at=until))
        assert asked == is_theirs
        if is_theirs:
            del self.ended[row["id"]]
        else:
            assert self.rows() == rows

    @rule()
    def crash(self) -> None:
        """The process dies and another begins; outcomes that were on their way may still come to nobody."""
        sending = Counter(row["state"] for row in self.rows())["sending"]
        assert self.write(lambda tx: outbox.free_leases(tx, PLATFORM, now=self.now)) == sending

    @rule(place=PLACES, cause=st.sampled_from([Cause.BLOCKED, Cause.KICKED, Cause.TOPIC_CLOSED]))
    def suspend(self, place: Address, cause: Cause) -> None:
        reached = self.write(lambda tx: destinations.suspend(tx, place, cause, now=self.now))
        assert all(one == place or (one.chat == place.chat and cause not in OF_THREAD) for one in reached)

    @rule(place=PLACES)
    def resume(self, place: Address) -> None:
        self.write(lambda tx: destinations.resume(tx, place))
        assert not self.write(lambda tx: destinations.resume(tx, place))

    @rule(old=st.sampled_from(CHATS), new=st.sampled_from(CHATS))
    def move(self, old: str, new: str) -> None:
        known = self.write(lambda tx: destinations.move(tx, PLATFORM, old, new))
        if old != new:
            assert not self.write(lambda tx: destinations.move(tx, PLATFORM, old, new))
            assert known or not any(row["chat"] == old for row in self.rows())
            assert not any(row["chat"] == old for row in self.rows())

    @rule(minutes=st.sampled_from([1, 1, 3, 60, 200]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(limit=st.sampled_from([1, 500]))
    def sweep(self, limit: int) -> None:
        self.write(lambda tx: outbox.give_up_unsure(tx, PLATFORM, unsure_before=self.now - RESEND_FOR, now=self.now))
        self.write(lambda tx: outbox.expire(tx, now=self.now, limit=limit))

    @invariant()
    def holds(self) -> None:
        rows, are_delivered, are_freed, counted = self.snapshot()
        self.nothing_final_ever_changes({row["id"]: row for row in rows})
        for row in rows:
            if row["state"] in ("due", "retry", "suspended"):  # what waits is held back exactly where nothing is taken
                assert (row["state"] == "suspended") == (row["suspended_because"] is not None)
            assert row["state"] != "expired" or not row["unsure_since"]  # it may have been shown
        states = Counter(row["state"] for row in rows)
        assert counted == {state: states[state] for state in PartState}
        assert states.total() == self.queued
        assert len(are_freed) == self.papers
        assert all(is_freed == (state in FREEING) for is_freed, state in are_freed)
        of_digest: dict[int, set[str]] = {}
        for row in rows:
            of_digest.setdefault(row["digest_id"], set()).add(row["state"])
        for digest, is_delivered in are_delivered.items():
            of_it = of_digest.get(digest, set())
            assert is_delivered == (not of_it or (not OPEN & of_it and bool(SHOWN & of_it)))

    def snapshot(self) -> tuple[list[Row], dict[int, bool], list[tuple[bool, str]], dict[PartState, int]]:
        """All parts; which digests are delivered; which items are freed, with the state of their part; the counts."""
        is_its = (parts.c.digest_id == items.c.digest_id) & (parts.c.number == items.c.part)

        async def read() -> tuple[list[Row], dict[int, bool], list[tuple[bool, str]], dict[PartState, int]]:
            async with self.store.read() as tx:
                rows = [dict(row._mapping) for row in await tx.execute(_PARTS)]
                delivered = await tx.execute(select(digests.c.id, digests.c.delivered_at))
                freed = await tx.execute(select(items.c.is_freed, parts.c.state).select_from(items.outerjoin(parts, is_its)))
                is_delivered = {row.id: row.delivered_at is not None for row in delivered}
                return rows, is_delivered, [(row.is_freed, row.state) for row in freed], await outbox_ledger.counts(tx)

        return self.runner.run(read())

    def nothing_final_ever_changes(self, rows: dict[int, Row]) -> None:
        for part_id, was in self.ended.items():
            now = rows[part_id]
            assert all(now[name] == was[name] for name in was if name not in ("chat", "topic", "address_id", "suspended_because"))
        self.ended = {part_id: row for part_id, row in rows.items() if row["state"] not in OPEN}

    def teardown(self) -> None:
        """After enough time everything is over."""
        try:
            self.now += timedelta(days=1)
            while self.write(lambda tx: outbox.expire(tx, now=self.now)):
                pass
            assert not any(row["state"] in OPEN for row in self.rows())
            assert self.claimable() == []
            self.holds()
        finally:
            self.runner.run(self.store.close())
            self.runner.close()
            self.folder.cleanup()


@pytest.mark.timeout(240)
def test_no_order_of_events_loses_a_part(sqlite_template: Path) -> None:
    Outbox.template = sqlite_template
    quick = settings(max_examples=EXAMPLES, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Outbox, settings=quick)
