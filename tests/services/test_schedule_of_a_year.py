"""Virtual time over a real file: whatever happens, each wanted date is in one digest, and each paper is shown once."""

import asyncio
import os
import tempfile
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.domain.deliveries import Outcome
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Schedule
from tests.domain.almanac import DAY, MINUTE, utc
from tests.services.followed import Follower
from tests.services.happenings import HOURS, OUTCOMES, TOPICS, ZONES, Change, a_year
from tests.services.outside import SECOND
from tests.services.virtual_life import Life

T = TypeVar("T")
EXAMPLES = int(os.environ.get("PAPERBOY_YEAR_EXAMPLES", "4"))
SHRINKS = "PAPERBOY_YEAR_SHRINKS" in os.environ  # a failure is made small, which takes minutes
# The evenings before clocks change somewhere, and before a leap day.
STARTS = ("2027-02-06T18:00", "2027-03-13T18:00", "2027-03-27T12:00", "2027-04-03T12:00", "2027-10-30T18:00", "2028-02-28T12:00")
READERS = 4
ANYBODY = st.integers(0, READERS - 1)
schedules = st.builds(
    Schedule,
    at=st.sampled_from(HOURS),
    zone=st.sampled_from(ZONES),
    weekdays=st.sampled_from((EVERY_DAY, EVERY_DAY, WORK_DAYS, frozenset({6}), frozenset({1, 6}))),
)


changes = st.builds(
    Change,
    kind=st.sampled_from(("hour", "near", "near", "zone", "days", "pause", "resume")),
    other=schedules,
    near=st.sampled_from((-2, -1, 0, 1, 2)).map(lambda n: n * MINUTE),
    days=st.one_of(st.none(), st.integers(1, 3)),
)


class Year(RuleBasedStateMachine):
    """Some days of a few readers. Time only passes by the rules, and by what takes time outside."""

    template: Path
    life: Life

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize(start=st.sampled_from(STARTS), knows_again=st.booleans(), schedule=schedules)
    def begins(self, start: str, knows_again: bool, schedule: Schedule) -> None:
        resend_for = timedelta(minutes=2 if knows_again else 0)
        self.life = self.run(Life.begin(self.template, Path(self.folder.name), utc(start), resend_for=resend_for))
        self.life.lists.publishes("agents")
        self.run(self.life.subscribe(TOPICS[2], schedule))

    def follower(self, number: int) -> Follower:
        followers = list(self.life.ledger.followers.values())
        return followers[number % len(followers)]

    @precondition(lambda self: len(self.life.ledger.followers) < READERS)
    @rule(topics=st.sampled_from(TOPICS), schedule=schedules, limit=st.sampled_from((1, 2, 20)), replacements=st.booleans())
    def somebody_subscribes(self, topics: tuple[str, ...], schedule: Schedule, limit: int, replacements: bool) -> None:
        self.run(self.life.subscribe(topics, schedule, limit=limit, wants_replacements=replacements))

    @rule(topics=st.lists(st.sampled_from(("agents", "graphs", "fields")), min_size=1, max_size=4))
    def papers_come(self, topics: list[str]) -> None:
        for topic in topics:
            self.life.lists.publishes(topic)

    @rule(which=st.integers(0, 50))
    def a_paper_is_replaced(self, which: int) -> None:
        self.life.lists.replaces(which)

    @rule(time=st.sampled_from((MINUTE, 5 * MINUTE, 16 * MINUTE, 121 * MINUTE, 6 * 60 * MINUTE, 13 * 60 * MINUTE, DAY, 3 * DAY)))
    def nobody_ticks(self, time: timedelta) -> None:
        """The bot is off, up to three days."""
        self.life.clock.passes(time)

    @rule(who=ANYBODY, seconds=st.sampled_from((-1, 0, 1, 59)), schedulers=st.sampled_from((0, 1, 2)))
    def until_somebody_is_due(self, who: int, seconds: int, schedulers: int) -> None:
        due_at = self.follower(who).reader.due_at
        if due_at is not None and due_at + seconds * SECOND > self.life.clock.now:
            self.life.clock.now = due_at + seconds * SECOND
        if schedulers:
            self.run(self.life.ticks(schedulers))

    @rule(schedulers=st.sampled_from((1, 2)))
    def ticks(self, schedulers: int) -> None:
        self.run(self.life.ticks(schedulers))

    @rule(schedulers=st.sampled_from((1, 2)), hours=st.sampled_from((5, 24)))
    def hours_of_ticks(self, schedulers: int, hours: int) -> None:
        for _ in range(4):
            self.life.clock.passes(timedelta(hours=hours / 4))
            self.run(self.life.ticks(schedulers))

    @rule(who=ANYBODY, change=changes)
    def somebody_changes(self, who: int, change: Change) -> None:
        self.run(self.life.change(self.follower(who), lambda known: change.of(known, self.life)))

    @rule(who=ANYBODY, limit=st.sampled_from((1, 3, 20)))
    def somebody_wants_fewer(self, who: int, limit: int) -> None:
        self.run(self.life.set_limit(self.follower(who), limit))
        self.run(self.life.ticks())

    @rule(who=ANYBODY, change=changes, where=st.sampled_from(("asking", "ranking")), schedulers=st.sampled_from((1, 2)))
    def somebody_changes_in_the_minute_it_is_due(self, who: int, change: Change, where: str, schedulers: int) -> None:
        """Behind the look at who is due: while the lists are asked, or between the plan and W2."""
        follower, life = self.follower(who), self.life
        life.due(follower)
        life.meanwhile(follower, where, lambda: life.change(follower, lambda known: change.of(known, life)))
        self.run(life.ticks(schedulers))

    @rule(who=ANYBODY, hours=st.sampled_from((0.1, 3.0, 13.0, 25.0)), schedulers=st.sampled_from((1, 2)))
    def ranking_takes_hours(self, who: int, hours: float, schedulers: int) -> None:
        follower, life = self.follower(who), self.life
        life.due(follower)

        async def passes() -> None:
            life.clock.passes(timedelta(hours=hours))

        life.meanwhile(follower, "ranking", passes)
        self.run(life.ticks(schedulers))

    @rule(is_down=st.booleans())
    def lists_go_down_or_up(self, is_down: bool) -> None:
        self.life.lists.is_down = is_down

    @rule(is_down=st.booleans())
    def platform_goes_down_or_up(self, is_down: bool) -> None:
        self.life.post.is_down = is_down

    @rule(outcomes=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=3))
    def platform_answers(self, outcomes: list[Outcome]) -> None:
        self.life.post.answers.extend(outcomes)

    @rule(who=ANYBODY)
    def somebody_blocks(self, who: int) -> None:
        self.life.post.closed.add(self.life.address(self.follower(who)).chat)

    @rule(who=ANYBODY, is_told=st.booleans())
    def somebody_unblocks(self, who: int, is_told: bool) -> None:
        self.run(self.life.opens(self.follower(who), is_told=is_told))

    @rule(who=ANYBODY)
    def a_chat_moves(self, who: int) -> None:
        self.run(self.life.moves(self.follower(who)))

    @rule(who=ANYBODY, times=st.integers(1, 3), hours=st.sampled_from((0, 1, 13)))
    def making_breaks_off(self, who: int, times: int, hours: int) -> None:
        """Behind W2: the digest stands, and is finished later, or given up at its deadline."""
        self.life.due(self.follower(who))
        self.run(self.life.breaks_off(times=times, hours=hours))

    @rule()
    def restarts(self) -> None:
        self.run(self.life.restart())

    def teardown(self) -> None:
        try:
            if hasattr(self, "life"):
                self.run(self.life.finish())
        finally:
            if hasattr(self, "life"):
                self.run(self.life.end())
            self.runner.close()
            self.folder.cleanup()


@pytest.mark.timeout(300)
async def test_in_a_year_in_many_zones_each_date_is_in_one_digest_and_each_paper_is_shown_once(
    empty_database: Path, tmp_path: Path
) -> None:
    life = await Life.begin(empty_database, tmp_path, utc("2027-03-12T18:00"), resend_for=timedelta(0))
    try:
        await a_year(life)
        await life.finish()
        slots = life.ledger.rows("SELECT slot_kind, count(*) AS n FROM digests GROUP BY slot_kind")
        made = {row["slot_kind"]: row["n"] for row in slots}
        assert made["daily"] > 150
        assert made["catchup"] >= 12
    finally:
        await life.end()


@pytest.mark.timeout(300)
def test_whatever_happens_each_date_is_in_one_digest_and_each_paper_is_shown_once(empty_database: Path) -> None:
    Year.template = empty_database
    quick = settings(
        max_examples=EXAMPLES,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate) if not SHRINKS else tuple(Phase),
    )
    run_state_machine_as_test(Year, settings=quick)
