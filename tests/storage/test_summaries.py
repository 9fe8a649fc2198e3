import asyncio
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.papers import PaperRef, TextOrigin
from bot.domain.summaries import Lack, Summary, SummaryKey
from bot.storage import summaries
from bot.storage.store import Store
from bot.storage.summaries import LONGEST_RETRY, MAX_ATTEMPTS, OUTAGES, OWED_FOR, Kept
from bot.storage.tables import summaries as table
from tests.builders import a_summary, arxiv_key
from tests.storage.dying import A_KEY
from tests.storage.rows import stored

NOW = datetime(2026, 6, 2, 15, 0, tzinfo=UTC)
LEASE_S = 120.0
A_SECOND, AN_HOUR, A_DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
MADE = a_summary(model="example-model", origin=TextOrigin.HTML)
OF_THE_ABSTRACT = a_summary(model="example-model", origin=TextOrigin.ABSTRACT, lack=Lack.SITE)


class Maker:
    """Somebody who makes summaries, at times of their own choosing."""

    def __init__(self, store: Store, holder: str = "me", key: SummaryKey = A_KEY) -> None:
        self.store, self.holder, self.key = store, holder, key

    async def claims(self, now: datetime = NOW, *, lease_s: float = LEASE_S, is_asked_for: bool = False) -> bool:
        async with self.store.write() as tx:
            return await summaries.claim(tx, self.key, self.holder, now, lease_s, is_asked_for=is_asked_for)

    async def keeps(self, summary: Summary = MADE, now: datetime = NOW, retry_at: datetime | None = None) -> bool:
        async with self.store.write() as tx:
            return await summaries.keep(tx, self.key, self.holder, summary, now, retry_at)

    async def fails(self, lack: Lack = Lack.BAD_ANSWER, now: datetime = NOW, retry_at: datetime | None = NOW + AN_HOUR) -> bool:
        async with self.store.write() as tx:
            return await summaries.fail(tx, self.key, self.holder, lack, retry_at, now)

    async def releases(self) -> None:
        async with self.store.write() as tx:
            await summaries.release(tx, self.key, self.holder)

    async def owes(self, lack: Lack = Lack.BUDGET, now: datetime = NOW, retry_at: datetime = NOW) -> None:
        async with self.store.write() as tx:
            await summaries.owe(tx, self.key, lack, retry_at, now)

    async def finds(self) -> Kept | None:
        async with self.store.read() as tx:
            return await summaries.find(tx, self.key)

    async def makes(self, summary: Summary = MADE, retry_at: datetime | None = None) -> None:
        assert await self.claims()
        assert await self.keeps(summary, retry_at=retry_at)


async def owed(store: Store, now: datetime, limit: int = 100, model: str = A_KEY.model) -> tuple[SummaryKey, ...]:
    async with store.read() as tx:
        return await summaries.owed(tx, model, now, limit)


def a_process(url: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.dying", url, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def key_of(number: int) -> SummaryKey:
    return replace(A_KEY, ref=PaperRef(key=arxiv_key(f"2601.{number:05}"), version=1))


async def test_a_summary_is_made_once_and_found_by_everybody(store: Store) -> None:
    me, other = Maker(store), Maker(store, "another")
    assert await me.finds() is None
    await me.makes()
    assert await me.finds() == Kept(summary=MADE, lease_until=None, retry_at=None, attempts=0, lack=None)
    assert not await other.claims(NOW + A_DAY)
    assert not await other.claims(NOW + A_DAY, is_asked_for=True)
    assert await owed(store, NOW + A_DAY) == ()


async def test_whoever_comes_second_is_told_that_somebody_is_at_it(store: Store) -> None:
    me, other = Maker(store), Maker(store, "another")
    assert await me.claims()
    assert not await other.claims(is_asked_for=True)
    kept = await other.finds()
    assert kept is not None
    assert kept.summary is None
    assert kept.is_held(NOW)
    assert not kept.is_held(NOW + timedelta(seconds=LEASE_S))


@pytest.mark.parametrize(
    "other",
    [
        replace(A_KEY, style="brief"),
        replace(A_KEY, language="vi"),
        replace(A_KEY, model="another-model"),
        replace(A_KEY, ref=replace(A_KEY.ref, version=2)),
        replace(A_KEY, ref=replace(A_KEY.ref, version=None)),
        key_of(2),
    ],
)
async def test_each_key_has_its_own_claim(store: Store, other: SummaryKey) -> None:
    await Maker(store).makes()
    assert await Maker(store, key=other).claims()


async def test_the_claim_of_a_dead_holder_can_be_taken_and_counts_as_a_failed_try(store: Store) -> None:
    assert await Maker(store, "dead").claims()
    after = NOW + timedelta(seconds=LEASE_S)
    me = Maker(store)
    assert not await me.claims(after - A_SECOND)
    assert await me.claims(after)
    kept = await me.finds()
    assert kept is not None
    assert kept.attempts == 1


async def test_a_late_holder_changes_nothing(store: Store) -> None:
    late, me = Maker(store, "late"), Maker(store)
    after = NOW + timedelta(seconds=LEASE_S)
    assert await late.claims()
    assert await me.claims(after)
    before = await stored(store, table)
    assert not await late.keeps(a_summary(tldr="Too late."), after)
    assert not await late.fails(now=after)
    await late.releases()
    assert await stored(store, table) == before
    assert await me.keeps(now=after)
    before = await stored(store, table)
    assert not await late.keeps(a_summary(tldr="Too late."), after)
    assert not await late.fails(now=after)
    await late.releases()
    assert await stored(store, table) == before


async def test_a_slow_holder_whose_claim_nobody_took_is_in_time(store: Store) -> None:
    me = Maker(store)
    assert await me.claims()
    assert await me.keeps(now=NOW + AN_HOUR)


async def test_a_holder_extends_the_claim(store: Store) -> None:
    me = Maker(store)
    assert await me.claims()
    assert await me.claims(NOW + timedelta(seconds=LEASE_S))
    assert not await Maker(store, "another").claims(NOW + timedelta(seconds=LEASE_S))
    kept = await me.finds()
    assert kept is not None
    assert kept.attempts == 0


async def test_a_claim_of_another_clock_does_not_bind(store: Store) -> None:
    assert await Maker(store, "later").claims(NOW + timedelta(days=150))
    assert await owed(store, NOW) == (A_KEY,)
    assert await Maker(store).claims()


async def test_nobody_but_the_holder_can_keep(store: Store) -> None:
    assert not await Maker(store).keeps()
    assert not await Maker(store).fails()
    assert await stored(store, table) == []


async def test_a_released_claim_leaves_what_was_there(store: Store) -> None:
    me = Maker(store)
    assert await me.claims()
    await me.releases()
    assert await stored(store, table) == []
    await me.owes()
    before = await stored(store, table)
    assert await me.claims()
    await me.releases()
    assert await stored(store, table) == before
    assert await owed(store, NOW) == (A_KEY,)


async def test_what_failed_is_owed_from_its_next_try_on(store: Store) -> None:
    me = Maker(store)
    assert await me.claims()
    assert await me.fails(Lack.DECLINED)
    assert await me.finds() == Kept(summary=None, lease_until=None, retry_at=NOW + AN_HOUR, attempts=1, lack=Lack.DECLINED)
    assert await owed(store, NOW + AN_HOUR - A_SECOND) == ()
    assert await owed(store, NOW + AN_HOUR) == (A_KEY,)
    assert await owed(store, NOW + AN_HOUR, model="another-model") == ()


async def test_what_failed_for_good_is_made_only_when_somebody_asks(store: Store) -> None:
    me = Maker(store)
    assert await me.claims()
    assert await me.fails(retry_at=None)
    assert await owed(store, NOW + A_DAY) == ()
    assert await me.claims(NOW + A_DAY)
    assert await me.keeps(now=NOW + A_DAY)


async def test_what_a_dead_process_left_is_owed_when_its_lease_is_over(store: Store, url: str) -> None:
    child = a_process(url, "claim", "dead")
    assert child.stdout is not None
    assert await asyncio.to_thread(child.stdout.readline) == "True\n"
    now = datetime.now(UTC)
    assert not await Maker(store).claims(now)
    child.kill()
    await asyncio.to_thread(child.communicate)
    assert await owed(store, now) == ()
    later = now + timedelta(seconds=LEASE_S)
    assert await owed(store, later) == (A_KEY,)
    assert await Maker(store).claims(later)


async def test_of_several_processes_exactly_one_gets_each_claim(store: Store, url: str) -> None:
    rounds = 40
    children = [a_process(url, "race", f"holder {number}", str(rounds)) for number in range(3)]
    for child in children:
        assert child.stdout is not None
        assert await asyncio.to_thread(child.stdout.readline) == "ready\n"
    outputs = await asyncio.gather(*(asyncio.to_thread(child.communicate, "go\n", timeout=50) for child in children))
    got = Counter(int(line) for output, _ in outputs for line in output.splitlines())
    assert got == dict.fromkeys(range(1, rounds + 1), 1)


async def test_of_several_connections_exactly_one_gets_each_claim(store: Store) -> None:
    for number in range(5):
        makers = [Maker(store, f"holder {each}", key_of(number)) for each in range(5)]
        assert sum(await asyncio.gather(*(maker.claims() for maker in makers))) == 1


async def test_a_provisional_summary_is_shown_and_made_again_when_its_time_has_come(store: Store) -> None:
    me, other = Maker(store), Maker(store, "another")
    await me.makes(OF_THE_ABSTRACT, retry_at=NOW + AN_HOUR)
    kept = await me.finds()
    assert kept is not None
    assert kept.is_provisional
    assert kept.summary == OF_THE_ABSTRACT
    assert not await other.claims(NOW + AN_HOUR - A_SECOND)
    assert await owed(store, NOW + AN_HOUR - A_SECOND) == ()
    assert await owed(store, NOW + AN_HOUR) == (A_KEY,)
    assert await other.claims(NOW + AN_HOUR)
    kept = await me.finds()
    assert kept is not None
    assert kept.summary == OF_THE_ABSTRACT, "it can be read while it is made again"
    assert await other.keeps(now=NOW + AN_HOUR)
    kept = await me.finds()
    assert kept == Kept(summary=MADE, lease_until=None, retry_at=None, attempts=0, lack=None)


async def test_a_provisional_summary_is_made_again_at_once_for_somebody_who_asks(store: Store) -> None:
    me = Maker(store)
    await me.makes(OF_THE_ABSTRACT, retry_at=NOW + AN_HOUR)
    assert await me.claims(is_asked_for=True)


async def test_a_summary_that_stays_provisional_is_not_made_for_ever(store: Store) -> None:
    me, summary = Maker(store), replace(OF_THE_ABSTRACT, lack=Lack.NO_TEXT)
    for _ in range(MAX_ATTEMPTS):
        assert await me.claims()
        assert await me.keeps(summary, retry_at=NOW)
    assert await owed(store, NOW) == ()
    kept = await me.finds()
    assert kept is not None
    assert kept.summary == summary


async def test_a_failed_try_leaves_what_was_provisional(store: Store) -> None:
    me = Maker(store)
    await me.makes(OF_THE_ABSTRACT, retry_at=NOW)
    assert await me.claims()
    assert await me.fails()
    kept = await me.finds()
    assert kept is not None
    assert kept.summary == OF_THE_ABSTRACT
    assert kept.retry_at == NOW + AN_HOUR


async def fail_until(maker: Maker, lack: Lack, times: int, now: datetime = NOW) -> None:
    for _ in range(times):
        assert await maker.claims(now)
        assert await maker.fails(lack, now, retry_at=now)


@pytest.mark.parametrize("lack", Lack)
async def test_what_no_outage_explains_is_given_up_after_six_tries(store: Store, lack: Lack) -> None:
    me = Maker(store)
    await fail_until(me, lack, MAX_ATTEMPTS - 1)
    assert await owed(store, NOW) == (A_KEY,)
    await fail_until(me, lack, 1)
    assert await owed(store, NOW) == ((A_KEY,) if lack in OUTAGES else ())
    assert await me.claims()


async def test_a_day_without_the_model_uses_up_no_tries(store: Store) -> None:
    me = Maker(store)
    await fail_until(me, Lack.UNREACHABLE, 3 * MAX_ATTEMPTS)
    await fail_until(me, Lack.BAD_ANSWER, MAX_ATTEMPTS - 1)
    assert await owed(store, NOW) == (A_KEY,)
    await fail_until(me, Lack.BAD_ANSWER, 1)
    assert await owed(store, NOW) == ()


async def test_a_paper_that_kills_its_process_is_given_up(store: Store) -> None:
    now = NOW
    for number in range(MAX_ATTEMPTS + 1):
        assert await owed(store, now) == ((A_KEY,) if number else ())
        assert await Maker(store, f"dead {number}").claims(now)
        now += timedelta(seconds=LEASE_S)
    assert await owed(store, now) == ()


async def test_nothing_is_owed_for_more_than_two_weeks_but_may_be_owed_anew(store: Store) -> None:
    me = Maker(store)
    await fail_until(me, Lack.QUOTA, 1)
    assert await owed(store, NOW + OWED_FOR - A_SECOND) == (A_KEY,)
    assert await owed(store, NOW + OWED_FOR) == ()
    await me.owes(now=NOW + OWED_FOR, retry_at=NOW + OWED_FOR)
    assert await owed(store, NOW + OWED_FOR) == (A_KEY,)


async def test_no_next_try_is_more_than_a_week_away(store: Store) -> None:
    """A process on another clock (CLOCK_START), or a server that says so, cannot put a summary off for months."""
    me, other = Maker(store), Maker(store, key=key_of(2))
    assert await me.claims()
    assert await me.fails(retry_at=NOW + timedelta(days=150))
    assert await owed(store, NOW + LONGEST_RETRY) == (A_KEY,)
    await other.owes(now=NOW + timedelta(days=150), retry_at=NOW + timedelta(days=151))
    assert await owed(store, NOW) == (other.key,)


async def test_the_longest_owed_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in (3, 1, 4, 2):
        await Maker(store, key=key_of(number)).owes(now=NOW + number * A_SECOND)
    assert await owed(store, NOW + AN_HOUR, limit=3) == (key_of(1), key_of(2), key_of(3))


@pytest.mark.parametrize("version", [None, 1, 12])
async def test_what_is_owed_is_named_as_it_was(store: Store, version: int | None) -> None:
    key = SummaryKey(ref=PaperRef(key=arxiv_key(), version=version), style="brief", language="简体中文", model="a/b:c")
    await Maker(store, key=key).owes()
    assert await owed(store, NOW, model="a/b:c") == (key,)


async def test_what_was_never_tried_can_be_owed(store: Store) -> None:
    me = Maker(store)
    await me.owes(Lack.BUDGET, retry_at=NOW + AN_HOUR)
    await me.owes(Lack.TOO_LATE, retry_at=NOW)
    assert await me.finds() == Kept(summary=None, lease_until=None, retry_at=NOW, attempts=0, lack=Lack.TOO_LATE)
    assert await owed(store, NOW) == (A_KEY,)


async def test_owing_does_not_touch_what_is_there_or_being_made(store: Store) -> None:
    made, provisional, held = (Maker(store, key=key_of(number)) for number in (1, 2, 3))
    await made.makes()
    await provisional.makes(OF_THE_ABSTRACT, retry_at=NOW + AN_HOUR)
    assert await held.claims()
    before = await stored(store, table)
    for each in (made, provisional, held):
        await each.owes()
    assert await stored(store, table) == before
    assert await owed(store, NOW) == ()


class Model:
    """What the rules say, without a database: who holds the claim until when, and what is made."""

    def __init__(self) -> None:
        self.holder: str | None = None
        self.lease_until = NOW
        self.summary: str | None = None
        self.retry_at: datetime | None = None

    def claim(self, holder: str, now: datetime) -> bool:
        is_others = self.holder not in (None, holder) and now < self.lease_until
        is_wanted = self.summary is None or (self.retry_at is not None and self.retry_at <= now)
        if is_others or not is_wanted:
            return False
        self.holder, self.lease_until = holder, now + timedelta(seconds=LEASE_S)
        return True

    def end(self, holder: str, summary: str | None, retry_at: datetime | None) -> bool:
        if self.holder != holder:
            return False
        self.holder, self.retry_at = None, retry_at
        self.summary = summary or self.summary
        return True


Work = Literal["claim", "keep", "keep for now", "fail", "release", "owe"]
steps = st.lists(
    st.tuples(
        st.sampled_from(("claim", "claim", "keep", "keep for now", "fail", "release", "owe")),
        st.sampled_from(("one", "two", "three")),
        st.sampled_from((0.0, 1.0, LEASE_S - 1, LEASE_S)),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_whatever_several_do_in_whatever_order_the_claim_has_one_holder_and_nothing_made_is_lost(
    sqlite_template: Path, done: list[tuple[Work, str, float]]
) -> None:
    async def run() -> None:
        with TemporaryDirectory() as folder:
            copy(sqlite_template, f"{folder}/paperboy.db")
            store = await Store.open(f"sqlite:///{folder}/paperboy.db")
            try:
                await compare(store)
            finally:
                await store.close()

    async def compare(store: Store) -> None:
        model, now = Model(), NOW
        for number, (work, holder, after_s) in enumerate(done):
            now += timedelta(seconds=after_s)
            maker, words, retry_at = Maker(store, holder), f"Made in step {number}.", now + A_SECOND
            match work:
                case "claim":
                    assert await maker.claims(now) == model.claim(holder, now)
                case "keep":
                    assert await maker.keeps(replace(MADE, tldr=words), now) == model.end(holder, words, None)
                case "keep for now":
                    is_kept = await maker.keeps(replace(OF_THE_ABSTRACT, tldr=words), now, retry_at)
                    assert is_kept == model.end(holder, words, retry_at)
                case "fail":
                    assert await maker.fails(now=now, retry_at=retry_at) == model.end(holder, None, retry_at)
                case "release":
                    await maker.releases()
                    model.end(holder, None, model.retry_at)
                case "owe":
                    await maker.owes(now=now, retry_at=retry_at)
                    if model.summary is None and not (model.holder and now < model.lease_until):
                        model.retry_at = retry_at
            kept = await maker.finds()
            shown = (kept.summary.tldr if kept.summary else None, kept.is_held(now)) if kept else (None, False)
            assert shown == (model.summary, model.holder is not None and now < model.lease_until)

    asyncio.run(run())
