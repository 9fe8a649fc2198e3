"""The pace of a token, in virtual time, against a server that counts what arrives as strictly as Telegram may."""

import asyncio
import gc
import random
import weakref
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from statistics import quantiles

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.pace import Limit, Limits, Pace
from bot.channels.telegram_limits import TELEGRAM, is_many
from bot.domain.subscriptions import Address
from bot.ports import Delivered
from tests.virtual_time import VirtualTime

SPACING_S = 1.045 / 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The server takes at most `most` in any `seconds` of what has the same key; None as key: the rule is not for it."""

    most: int
    seconds: float
    key: Callable[[str], str | None]


def of_all(_: str) -> str:
    return "all"


def of_chat(chat: str) -> str:
    return chat


def of_group(chat: str) -> str | None:
    return None if chat.isdigit() else chat


OVERALL = Rule(most=30, seconds=1.0, key=of_all)
GROUP = Rule(most=20, seconds=60.0, key=of_group)
STRICT = (OVERALL, Rule(most=1, seconds=1.0, key=of_chat), GROUP)
LENIENT = (OVERALL, Rule(most=3, seconds=3.0, key=of_chat), GROUP)  # short bursts pass


@dataclass(slots=True)
class Server:
    """Answers 429 to what would be one too many in any window that ends now, and keeps what it took."""

    rules: tuple[Rule, ...]
    taken: list[tuple[float, str]] = field(default_factory=list)
    refused: list[tuple[float, str, Rule]] = field(default_factory=list)
    _within: dict[tuple[Rule, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def receives(self, chat: str, at: float) -> None:
        windows = [(rule, self._within[rule, key]) for rule in self.rules if (key := rule.key(chat)) is not None]
        for rule, window in windows:
            while window and window[0] <= at - rule.seconds:
                window.popleft()
            if len(window) >= rule.most:
                self.refused.append((at, chat, rule))
                return
        for _, window in windows:
            window.append(at)
        self.taken.append((at, chat))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    at: float
    chat: str
    is_answer: bool
    caller: int


@dataclass(slots=True)
class World:
    """Senders, the way to the server (20 to 60 ms) and back (up to 20 ms), and a ledger of what was claimed when."""

    time: VirtualTime
    server: Server
    pace: Pace
    dice: random.Random = field(default_factory=lambda: random.Random(4))
    claims: list[tuple[float, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    async def send(self, chat: str, *, is_answer: bool = False, caller: int = 0, there_s: float | None = None) -> float:
        """How long it waited for its turn, or was sent away. What has left arrives, whatever becomes of the sender."""
        asked_at = self.time.clock()
        if await self.pace.turn(chat, is_answer=is_answer) > 0.0:
            return self.time.clock() - asked_at
        left_at = self.time.clock()
        self.left.append(Left(at=left_at, chat=chat, is_answer=is_answer, caller=caller))
        there_s = self.dice.uniform(0.020, 0.060) if there_s is None else there_s
        asyncio.get_running_loop().call_later(there_s, lambda: self.server.receives(chat, self.time.clock()))
        await self.time.sleep(there_s + self.dice.uniform(0.0, 0.020))
        return left_at - asked_at

    async def broadcast(self, chats: Sequence[str], senders: int = 8) -> None:
        """Send a part for each time that a chat is named, one chat after the other; never two at a time for one."""
        parts, busy = OrderedDict(Counter(chats)), set[str]()

        async def work() -> None:
            while parts:
                chat = next((chat for chat in parts if chat not in busy and self.pace.ready_in(chat) == 0.0), None)
                if chat is None:
                    await self.time.sleep(min((self.pace.ready_in(chat) for chat in parts if chat not in busy), default=0.02))
                    continue
                parts[chat] -= 1
                parts.move_to_end(chat)
                if not parts[chat]:
                    del parts[chat]
                busy.add(chat)
                self.claims.append((self.time.clock(), chat))
                await self.send(chat)
                busy.remove(chat)

        async with asyncio.TaskGroup() as group:
            for _ in range(senders):
                group.create_task(work())
        await self.time.sleep(0.1)  # the last one arrives


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    with VirtualTime() as made:
        yield made


def a_pace(time: VirtualTime, limits: Limits = TELEGRAM) -> Pace:
    return Pace(limits, clock=time.clock, sleep=time.sleep)


def a_world(time: VirtualTime, *, rules: tuple[Rule, ...] = STRICT, limits: Limits = TELEGRAM) -> World:
    return World(time=time, server=Server(rules=rules), pace=a_pace(time, limits))


PEOPLE = tuple(str(100_000 + n) for n in range(10_000))
GROUPS = tuple(f"-100{n:04}" for n in range(25)) + tuple(f"@channel{n}" for n in range(25))


class TestBroadcasts:
    def test_ten_thousand_chats_take_95_percent_of_what_is_allowed_and_no_429(self, time: VirtualTime) -> None:
        world = a_world(time)

        time.run(world.broadcast(PEOPLE))

        rate = len(world.server.taken) / world.server.taken[-1][0]
        print(f"{rate:.2f}/s, {rate / 30:.1%} of 30/s, {len(world.server.refused)} x 429")  # noqa: T201
        assert world.server.refused == []
        assert [each.chat for each in world.left] == list(PEOPLE)
        assert rate >= 0.95 * 30

    def test_without_the_margin_the_way_there_breaks_the_windows(self, time: VirtualTime) -> None:
        world = a_world(time, limits=replace(TELEGRAM, overall=Limit(most=30, seconds=1.0)))

        time.run(world.broadcast(PEOPLE[:500]))

        assert world.server.refused

    def test_groups_and_channels_get_20_a_minute_each(self, time: VirtualTime) -> None:
        world = a_world(time)

        time.run(world.broadcast(GROUPS * 25))

        assert world.server.refused == []
        assert len(world.server.taken) == 50 * 25
        assert time.clock() < 75  # one minute for the first 20 of each, and then the other 5

    def test_late_timers_do_not_cost_the_rate(self, time: VirtualTime) -> None:
        async def late(seconds: float) -> None:
            await time.sleep(seconds + 0.001 + 0.030 * (world.dice.random() < 0.02))

        world = a_world(time)
        world.pace = Pace(TELEGRAM, clock=time.clock, sleep=late)

        time.run(world.broadcast(PEOPLE[:2000]))

        assert world.server.refused == []
        assert 2000 / world.server.taken[-1][0] >= 0.94 * 30

    def test_broadcasts_are_spread_evenly_also_after_a_rest(self, time: VirtualTime) -> None:
        world = a_world(time)

        async def main() -> None:
            await world.broadcast(PEOPLE[:40])
            await time.sleep(100)
            await world.broadcast(PEOPLE[40:80])

        time.run(main())

        gaps = [after.at - before.at for before, after in pairwise(world.left)]
        assert min(gaps) > SPACING_S - 1e-6
        assert sorted(gaps)[-2] < SPACING_S + 0.0011


class TestAnswers:
    @pytest.mark.parametrize("each_s", [0.2, 0.1])
    def test_they_leave_at_once_beside_a_broadcast(self, time: VirtualTime, each_s: float) -> None:
        world = a_world(time)
        waits: list[float] = []

        async def ask() -> None:
            async with asyncio.TaskGroup() as group:
                for n in range(300):
                    await time.sleep(world.dice.expovariate(1 / each_s))
                    group.create_task(answer(f"{n}"))

        async def answer(chat: str) -> None:
            waits.append(await world.send(chat, is_answer=True))

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(world.broadcast(PEOPLE[:2000]))
                group.create_task(ask())

        time.run(main())

        p95 = quantiles(waits, n=20)[-1]
        print(f"{1 / each_s:.0f} answers a second wait {p95 * 1000:.0f} ms at p95, {max(waits) * 1000:.0f} ms at most")  # noqa: T201
        assert world.server.refused == []
        assert p95 < (0.06 if each_s == 0.2 else 0.3)

    def test_they_pass_broadcasts_that_came_before(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        left: list[str] = []

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                for n in range(100):
                    group.create_task(leaves(f"{n}", is_answer=False))
                await time.sleep(1.5)
                group.create_task(leaves("asker", is_answer=True))
                group.create_task(leaves("another", is_answer=True))

        async def leaves(chat: str, *, is_answer: bool) -> None:
            await pace.turn(chat, is_answer=is_answer)
            left.append(chat)

        time.run(main())

        served = int(1.5 / SPACING_S) + 1
        assert left[served : served + 2] == ["asker", "another"]
        assert [int(chat) for chat in left if chat.isdigit()] == list(range(100))

    def test_one_passes_a_broadcast_that_waits_for_the_same_group(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        left: list[str] = []

        async def leaves(name: str, *, is_answer: bool = False) -> None:
            await pace.turn("-1001", is_answer=is_answer)
            left.append(name)

        async def main() -> None:
            for _ in range(20):
                await leaves("before")
            await time.sleep(56.5 - time.clock())
            async with asyncio.TaskGroup() as group:
                group.create_task(leaves("part"))
                await time.sleep(1)
                group.create_task(leaves("answer", is_answer=True))

        time.run(main())

        assert left[20:] == ["answer", "part"]

    def test_they_wait_for_a_group_that_has_had_its_20_and_broadcasts_are_sent_away(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            for _ in range(20):
                assert await pace.turn("@news") == 0
            await time.sleep(1.045)
            away_s = 60.045 - 20 * 1.045
            assert await pace.turn("@news") == pace.ready_in("@news") == pytest.approx(away_s, abs=0.01)
            assert await pace.turn("@news", is_answer=True) == 0

        time.run(main())

        assert time.clock() == pytest.approx(60.045, abs=0.01)

    def test_three_to_one_person_leave_at_once_and_the_fourth_when_three_seconds_have_passed(self, time: VirtualTime) -> None:
        world = a_world(time, rules=LENIENT)

        async def main() -> list[float]:
            return await asyncio.gather(*(world.send("7", is_answer=True) for _ in range(4)))

        waits = time.run(main())

        assert waits[:3] == [0.0, 0.0, 0.0]
        assert waits[3] == pytest.approx(3.045, abs=0.002)
        assert world.server.refused == []

    def test_a_broadcast_keeps_the_second_after_them(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            await pace.turn("7", is_answer=True)
            assert pace.ready_in("7") == pytest.approx(1.045)
            await pace.turn("7")

        time.run(main())

        assert time.clock() == pytest.approx(1.045, abs=0.002)


class TestRestart:
    @pytest.mark.parametrize("killed_after_s", [3.0, 11.37, 20.5])
    @pytest.mark.parametrize("recalls", [True, False])
    def test_windows_hold_over_it_only_if_the_last_minute_is_recalled(
        self, time: VirtualTime, recalls: bool, killed_after_s: float
    ) -> None:
        world = a_world(time)
        parts = GROUPS * 25

        async def main() -> None:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(killed_after_s):
                    await world.broadcast(parts)
            world.pace = a_pace(time)
            if recalls:
                world.pace.recall(attempts(world))
            await world.broadcast(parts[len(world.claims) :])

        time.run(main())

        assert bool(world.server.refused) is not recalls

    def test_a_part_counts_until_a_second_after_its_claim(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        pace.recall([sent("7", ago_s=0.9), sent("8", ago_s=1.5)])

        assert pace.ready_in("7") == pytest.approx(1.045)
        assert pace.ready_in("8") == pytest.approx(0.545)

    @pytest.mark.parametrize("is_newest_first", [True, False])
    def test_the_order_of_what_is_recalled_does_not_matter(self, time: VirtualTime, is_newest_first: bool) -> None:
        pace = a_pace(time)

        pace.recall([sent("-7", ago_s=ago_s) for ago_s in sorted(range(20, 45), reverse=not is_newest_first)])

        assert pace.ready_in("-7") == pytest.approx(60.045 - 38)  # the 20th from the end was claimed 39 s ago

    def test_what_the_clock_puts_into_the_future_counts_as_now(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        pace.recall([sent("7", ago_s=-3600.0)])

        assert pace.ready_in("7") == pytest.approx(1.045)


def attempts(world: World) -> list[Delivered]:
    now = world.time.clock()
    return [sent(chat, ago_s=now - at) for at, chat in world.claims]


def sent(chat: str, *, ago_s: float) -> Delivered:
    return Delivered(address=Address(platform="telegram", chat=chat), ago_s=ago_s)


HALF_A_DAY_S = 12 * 3600.0


class TestHalts:
    def test_one_chat_waits_alone(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            pace.halt("7", 30)
            assert pace.ready_in("7") == 30
            assert pace.ready_in("8") == 0
            assert await pace.turn("8") == 0
            assert await pace.turn("7") == 30  # nobody stands there for half a minute
            assert time.clock() == 0
            await time.sleep(30)
            assert await pace.turn("7") == 0

        time.run(main())
        assert time.clock() == 30

    def test_a_short_one_is_waited_for(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        pace.halt("7", 3)

        assert time.run(pace.turn("7")) == 0
        assert time.clock() == 3

    def test_a_shorter_one_does_not_end_a_longer_one(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        pace.halt("7", 30)
        pace.halt("7", 2)

        assert pace.ready_in("7") == 30

    def test_one_that_was_prolonged_is_not_forgotten_with_its_first_end(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            pace.halt("7", 5)
            pace.halt("7", HALF_A_DAY_S)
            await time.sleep(6)
            await pace.turn("8")

        time.run(main())
        assert pace.ready_in("7") == HALF_A_DAY_S - 6

    @pytest.mark.parametrize("is_answer", [True, False])
    def test_twelve_hours_send_away_who_waits_already(self, time: VirtualTime, is_answer: bool) -> None:
        pace = a_pace(time)

        async def main() -> float:
            for _ in range(3):
                await pace.turn("7", is_answer=True)
            waiting = asyncio.create_task(pace.turn("7", is_answer=is_answer))
            await time.sleep(0.5)
            pace.halt("7", HALF_A_DAY_S)
            return await waiting

        assert time.run(main()) == pytest.approx(HALF_A_DAY_S, rel=0.001)
        assert time.clock() < 4

    def test_three_chats_stop_all_for_the_shortest_of_their_waits(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        left: list[float] = []

        async def leaves(chat: str) -> None:
            assert await pace.turn(chat) == 0
            left.append(time.clock())

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                for n in range(10):
                    group.create_task(leaves(str(n)))
                await time.sleep(0.1)
                for chat, seconds in (("a", 20), ("b", 4), ("c", 9)):
                    assert pace.ready_in("other") == 0
                    pace.halt(chat, seconds)
                assert pace.ready_in("other") == pytest.approx(4)

        time.run(main())
        assert [at for at in left if 0.1 <= at < 4.1] == []
        assert left[-1] == pytest.approx(4.1 + 6 * SPACING_S, abs=0.01)

    def test_who_would_wait_longer_than_seconds_for_all_is_sent_away(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        for chat in "abc":
            pace.halt(chat, 50)

        assert time.run(pace.turn("other")) == 50

    def test_twelve_hours_of_three_chats_stop_all_for_a_minute(self, time: VirtualTime) -> None:
        pace = a_pace(time)
        for chat in "abc":
            pace.halt(chat, HALF_A_DAY_S)

        assert pace.ready_in("other") == 60
        time.run(time.sleep(60))
        assert pace.ready_in("other") == 0
        assert pace.ready_in("a") == HALF_A_DAY_S - 60

    def test_the_same_chat_thrice_or_three_over_a_long_time_stop_nobody_else(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            for chat in "aaabcde":
                pace.halt(chat, 30)
                await time.sleep(5.1)
                assert pace.ready_in("other") == 0

        time.run(main())

    def test_chats_are_counted_anew_after_all_were_stopped(self, time: VirtualTime) -> None:
        pace = a_pace(time)

        async def main() -> None:
            for chat in "abc":
                pace.halt(chat, 2)
            await time.sleep(2)
            for chat in "de":
                pace.halt(chat, 30)
                assert pace.ready_in("other") == 0
            pace.halt("f", 30)
            assert pace.ready_in("other") == 30

        time.run(main())

    def test_without_limits_of_ours_only_halts_are_waited_for(self, time: VirtualTime) -> None:
        pace = a_pace(time, Limits())

        async def main() -> None:
            for n in range(1000):
                assert await pace.turn("7", is_answer=n % 2 == 0) == 0
            assert time.clock() == 0
            pace.halt("7", 3)
            assert (pace.ready_in("7"), pace.ready_in("8")) == (3, 0)
            assert await pace.turn("7") == 0

        time.run(main())
        assert time.clock() == 3


class Chat(str):
    """A chat of which a test can ask whether anybody still remembers it."""


@pytest.mark.parametrize("limits", [TELEGRAM, Limits()])
def test_chats_are_forgotten_when_nothing_limits_them_any_more(time: VirtualTime, limits: Limits) -> None:
    pace = a_pace(time, limits)
    alive: weakref.WeakSet[Chat] = weakref.WeakSet()

    async def main() -> None:
        for n in range(10_000):
            chat = Chat(n)
            alive.add(chat)
            await pace.turn(chat, is_answer=True)
            pace.halt(chat, 5)
            if n % 3 == 2:
                await time.sleep(5)  # three in a row stop all
                await pace.turn("busy")
        pace.halt("asleep", HALF_A_DAY_S)
        await time.sleep(61)
        await pace.turn("7")

    time.run(main())
    gc.collect()
    assert len(alive) < 10
    assert pace.ready_in("asleep") == HALF_A_DAY_S - 61


def test_a_timer_that_is_a_nanosecond_early_is_no_reason_to_spin(time: VirtualTime) -> None:
    pace = a_pace(time)

    async def main() -> None:
        await pace.turn("7")
        # asyncio runs both timers at the first one's time: they are less than its resolution apart.
        await asyncio.gather(pace.turn("7"), time.sleep(1.045 - 5e-10))

    time.run(main())
    assert time.clock() == pytest.approx(1.046, abs=0.0001)


def test_ready_in_says_nothing_of_the_window_over_all(time: VirtualTime) -> None:
    pace = a_pace(time)

    async def main() -> None:
        for n in range(30):
            await pace.turn(str(n), is_answer=True)

    time.run(main())
    assert time.clock() == 0
    assert pace.ready_in("other") == 0


def test_who_stops_waiting_loses_no_place_of_others(time: VirtualTime) -> None:
    pace = a_pace(time)
    left: list[float] = []

    async def leaves(chat: str, *, is_answer: bool) -> None:
        await pace.turn(chat, is_answer=is_answer)
        left.append(time.clock())

    async def main() -> None:
        # The 30 answers fill the first window, so that all others wait.
        await asyncio.gather(*(leaves(f"first {n}", is_answer=True) for n in range(30)))
        waiting = [asyncio.create_task(leaves(f"{n}", is_answer=n % 3 == 0)) for n in range(90)]
        for task in random.Random(4).sample(waiting, 45):
            await time.sleep(0.02)
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    time.run(main())
    assert len(left) >= 30 + 45
    assert left[-1] < (len(left) + 1) * SPACING_S


SMALL = Limits(
    overall=Limit(most=4, seconds=1.045),
    chat=Limit(most=1, seconds=1.045),
    burst=Limit(most=3, seconds=3.045),
    group=Limit(most=5, seconds=10.045),
    is_group=is_many,
)
SMALL_RULES = (
    Rule(most=4, seconds=1.0, key=of_all),
    Rule(most=3, seconds=3.0, key=of_chat),
    Rule(most=5, seconds=10.0, key=of_group),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One who wants to send after a pause, on a way of so many ms, and may give up; all in ms."""

    pause: int
    chat: str
    is_answer: bool
    there: int
    gives_up_after: int | None


CALLERS = st.lists(
    st.builds(
        Caller,
        pause=st.sampled_from([0, 0, 0, 1, 30, 200, 1045]) | st.integers(0, 3000),
        chat=st.sampled_from(["1", "2", "3", "-1", "@news"]),
        is_answer=st.booleans(),
        there=st.sampled_from([20, 60]) | st.integers(20, 60),
        gives_up_after=st.none() | st.integers(0, 4000),
    ),
    max_size=40,
)


@given(callers=CALLERS)
@settings(deadline=None, max_examples=300)
def test_no_window_is_ever_broken_and_nobody_is_left_waiting(callers: list[Caller]) -> None:
    with VirtualTime() as time:
        world = a_world(time, rules=SMALL_RULES, limits=SMALL)

        async def call(number: int, caller: Caller) -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(None if caller.gives_up_after is None else caller.gives_up_after / 1000):
                    await world.send(caller.chat, is_answer=caller.is_answer, caller=number, there_s=caller.there / 1000)

        async def main() -> None:
            async with asyncio.TaskGroup() as group:
                for number, caller in enumerate(callers):
                    await time.sleep(caller.pause / 1000)
                    group.create_task(call(number, caller))
            await time.sleep(0.1)

        time.run(main())  # to its end: whoever was left waiting would be stuck

    assert world.server.refused == []
    stayers = {
        number
        for number, caller in enumerate(callers)
        if caller.gives_up_after is None and (caller.is_answer or caller.chat.isdigit())
    }
    assert stayers <= {each.caller for each in world.left}
    for (chat, is_answer), lane in lanes(world.left).items():
        assert [each.caller for each in lane] == sorted(each.caller for each in lane), (chat, is_answer)
    for before, after in combinations(world.left, 2):
        assert after.is_answer or after.chat != before.chat or after.at - before.at >= 1.045 - 1e-6


def lanes(left: list[Left]) -> dict[tuple[str, bool], list[Left]]:
    found: dict[tuple[str, bool], list[Left]] = defaultdict(list)
    for each in left:
        found[each.chat, each.is_answer].append(each)
    return found
