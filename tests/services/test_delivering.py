"""The sender of one platform where the database, a destination or the platform itself fails in mid-broadcast."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from bot.domain.deliveries import FRESH, Cause, Outcome, OutcomeKind, Past
from bot.domain.messages import Message, paragraph
from bot.domain.subscriptions import Address
from bot.ports import Delivered, Part
from bot.services.delivering import LOADED, Delivering, Terms
from bot.storage import destinations, outbox
from bot.storage.store import Store
from tests.services.outside import Clock
from tests.storage.parcels import NOW, a_reader, at, later, queued, states

CLOSED = Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.BLOCKED)
NOBODY = Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE)
UNSURE = Outcome(kind=OutcomeKind.UNSURE, cause=Cause.NO_ANSWER)
OPEN = Outcome(kind=OutcomeKind.SENT, platform_id="1")


async def _open(_: Address) -> Outcome:
    return OPEN


@dataclass(slots=True)
class Doors:
    """A Channel: `answer` and `look` say what becomes of what is sent, and of a look."""

    answer: Callable[[Address], Awaitable[Outcome]] = _open
    look: Callable[[Address], Awaitable[Outcome]] = _open
    sent: list[str] = field(default_factory=list)  # chats
    looked: list[str] = field(default_factory=list)
    name: str = "telegram"
    resend_for: timedelta = timedelta(0)
    takes_presses: bool = False
    shows_cards: bool = False

    def render(self, message: Message) -> tuple[Part, ...]:
        return ()

    async def open(self) -> None: ...

    def recall(self, attempts: Sequence[Delivered]) -> None: ...

    def ready_in(self, address: Address) -> float:
        return 0.0

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        self.sent.append(address.chat)
        return await self.answer(address)

    async def probe(self, address: Address) -> Outcome:
        self.looked.append(address.chat)
        return await self.look(address)

    def private(self, person: str) -> Address:
        return Address(platform=self.name, chat=person)

    async def close(self) -> None: ...


def a_sender(store: Store, doors: Doors, clock: Clock, *, concurrency: int = 8) -> Delivering:
    terms = Terms(concurrency=concurrency, notice=lambda _, __: Message(blocks=(paragraph("closed"),)))
    return Delivering(store=store, channel=doors, terms=terms, now=clock)


async def closed(store: Store, *chats: str) -> None:
    """Destinations that take nothing, to be looked at in this order from an hour after NOW."""
    async with store.write() as tx:
        for place, chat in enumerate(chats):
            await a_reader(tx, at(chat))
            await destinations.suspend(tx, at(chat), Cause.BLOCKED, now=later(seconds=place))


async def test_a_database_that_fails_cuts_off_nothing_that_is_on_its_way(store: Store, tmp_path: Path) -> None:
    """What is cut off may have arrived, and would be sent again."""
    digest_id, on_its_way, arrives = await queued(store, at("1"), 1), asyncio.Event(), asyncio.Event()

    async def slowly(_: Address) -> Outcome:
        on_its_way.set()
        await arrives.wait()
        return OPEN

    doors = Doors(answer=slowly)
    turn = asyncio.create_task(a_sender(store, doors, Clock(NOW)).turn())
    await on_its_way.wait()
    other = sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)
    with capture_logs() as said:
        other.execute("ALTER TABLE parts RENAME TO elsewhere")
        while "the outbox cannot be read" not in [line["event"] for line in said]:
            assert not turn.done(), turn.exception()
            await asyncio.sleep(0.01)
        other.execute("ALTER TABLE elsewhere RENAME TO parts")
    other.close()
    arrives.set()
    assert await turn == 1
    assert (doors.sent, await states(store, digest_id)) == (["1"], ["sent"])


async def test_a_look_that_hangs_holds_up_no_broadcast(store: Store) -> None:
    await closed(store, "1")
    await queued(store, at("2"), 1)
    sent = asyncio.Event()

    async def look(_: Address) -> Outcome:
        await sent.wait()
        return CLOSED

    async def answer(_: Address) -> Outcome:
        sent.set()
        return OPEN

    doors = Doors(answer=answer, look=look)
    async with asyncio.timeout(5):
        assert await a_sender(store, doors, Clock(later(hours=2))).turn() == 1
    assert (doors.looked, doors.sent) == (["1"], ["2"])


@pytest.mark.parametrize(
    "found",
    [
        NOBODY,
        Outcome(kind=OutcomeKind.AGAIN, cause=Cause.PLATFORM_DOWN),
        Outcome(kind=OutcomeKind.WAIT, cause=Cause.THROTTLED, after_s=3.0),
        Outcome(kind=OutcomeKind.MOVED, cause=Cause.MOVED, moved_to="1"),
    ],
    ids=lambda found: str(found.cause),
)
async def test_a_look_that_tells_nothing_goes_behind_the_others(store: Store, found: Outcome) -> None:
    await closed(store, "1", "2")

    async def look(address: Address) -> Outcome:
        return found if address.chat == "1" else OPEN

    doors, clock = Doors(look=look), Clock(later(hours=2))
    sender = a_sender(store, doors, clock)
    await sender.turn()
    clock.passes(timedelta(minutes=1))
    await sender.turn()
    assert doors.looked == ["1", "2"], "the second is open again, though the first is not to be had"
    clock.passes(timedelta(minutes=5))
    await sender.turn()
    assert doors.looked == ["1", "2", "1"], "and the first is not forgotten"


async def test_a_platform_that_takes_all_and_answers_nothing_gets_no_more_for_now(store: Store) -> None:
    """What is sent into such a hole counts as shown, and does not come again."""
    answers = [UNSURE, UNSURE, OPEN, UNSURE, UNSURE, UNSURE]
    for chat in range(10):
        await queued(store, at(str(chat)), 1)

    async def answer(_: Address) -> Outcome:
        return answers.pop(0) if answers else OPEN

    doors, clock = Doors(answer=answer), Clock(NOW)
    sender = a_sender(store, doors, clock, concurrency=1)
    assert await sender.turn() == 6, "three in a row are no chat's fault"
    clock.passes(timedelta(seconds=2))
    assert await sender.turn() == 4, "and when it answers again, all go on"


async def test_a_channel_that_breaks_on_one_part_costs_nobody_else_a_thing(store: Store) -> None:
    """An error that no table knows: the part waits for a slow retry, and says `sending` to nobody."""

    async def answer(address: Address) -> Outcome:
        if address.chat == "1":
            raise ValueError("no number")
        return OPEN

    broken, fine = await queued(store, at("1"), 1), await queued(store, at("2"), 1)
    with capture_logs() as said:
        await a_sender(store, Doors(answer=answer), Clock(NOW)).turn()
    assert (await states(store, broken), await states(store, fine)) == (["retry"], ["sent"])
    assert "a channel broke" in [line["event"] for line in said]


async def test_chats_that_must_all_wait_hide_nobody_behind_them(store: Store) -> None:
    """A forum with more topics than are looked at at once, in its minute of rest."""

    class Resting(Doors):
        def ready_in(self, address: Address) -> float:
            return 0.2 if address.chat == "-1" and "7" not in self.sent else 0.0

    for topic in range(1, LOADED + 20):
        await queued(store, at("-1", str(topic)), 1)
    await queued(store, at("7"), 1)
    doors = Resting()
    async with asyncio.timeout(50):
        await a_sender(store, doors, Clock(NOW)).turn()
    assert doors.sent[0] == "7"
    assert len(doors.sent) == LOADED + 20


async def test_what_somebody_asks_for_in_mid_broadcast_is_sent_next_whatever_its_chat_has_used_up(store: Store) -> None:
    """Five hundred others were queued before it, and its chat has had its share of broadcasts."""

    class Counting(Doors):
        answers: ClassVar[list[str]] = []

        def ready_in(self, address: Address) -> float:
            return 30.0 if address.chat == "asks" else 0.0

        async def send(
            self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
        ) -> Outcome:
            if is_answer:
                self.answers.append(f"{address.chat} {part.payload}")
            return await Doors.send(self, address, part, key=key, is_plain=is_plain, is_answer=is_answer, past=past)

    async with store.write() as tx:
        for chat in range(500):
            assert await outbox.notify(tx, at(str(chat)), "news", "{}", deadline_at=later(hours=9), now=NOW)

    async def answer(address: Address) -> Outcome:
        if len(doors.sent) == 100:
            await queued(store, at("asks"), 2, kind="now", number=1)
            sender.rouse()
        return OPEN

    doors = Counting(answer=answer)
    sender = a_sender(store, doors, Clock(NOW), concurrency=1)
    async with asyncio.timeout(50):
        assert await sender.turn() == 502
    first = doors.sent.index("asks")
    assert 100 <= first <= 101
    assert doors.sent[first : first + 2] == ["asks", "asks"]
    assert Counting.answers == ['asks {"text": "1"}', 'asks {"text": "2"}']


async def test_what_was_sent_is_kept_however_long_the_database_fails(store: Store, tmp_path: Path) -> None:
    """Given up, it would be sent again when its lease is over."""
    digest_id, other = await queued(store, at("1"), 1), sqlite3.connect(tmp_path / "paperboy.db", isolation_level=None)

    async def answer(_: Address) -> Outcome:
        other.execute("ALTER TABLE parts RENAME TO elsewhere")
        return OPEN

    doors = Doors(answer=answer)
    with capture_logs() as said:
        turn = asyncio.create_task(a_sender(store, doors, Clock(NOW)).turn())
        while [line["event"] for line in said].count("what became of a part cannot be kept yet") < 2:
            assert not turn.done(), turn.exception()
            await asyncio.sleep(0.01)
        other.execute("ALTER TABLE elsewhere RENAME TO parts")
        other.close()
        await turn
    assert (doors.sent, await states(store, digest_id)) == (["1"], ["sent"])
