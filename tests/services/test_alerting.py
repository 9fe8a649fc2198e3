"""What the owners of the bot are told by itself: once an hour for each cause, over restarts too, and once that it is over."""

import asyncio
import html
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot.channels.telegram_markup import rendered
from bot.domain.budget import Budget, Usage
from bot.domain.deliveries import FRESH, Cause, Outcome, OutcomeKind, Part, Past
from bot.domain.intake import Notice, Why
from bot.domain.messages import Message
from bot.domain.papers import PaperRef
from bot.domain.people import Person
from bot.domain.subscriptions import Address, Subscription
from bot.errors import ModelUnreachable, PaperboyError, QuotaSpent
from bot.services.alerting import Alerting
from bot.services.delivering import Delivering, Terms
from bot.services.line import Line
from bot.services.troubles import Troubles
from bot.storage import calls, sources, subscriptions
from bot.storage.calls import Call
from bot.storage.store import Store
from bot.storage.tables import addresses, parts
from handlers.texts.alerts import alert
from tests.builders import a_paper
from tests.services.outside import Clock
from tests.services.test_delivering import Doors
from tests.storage.parcels import NOW, at, queued

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OWNER = Person(platform="telegram", id="7")
TAKEN = Outcome(kind=OutcomeKind.SENT, platform_id="1")
FAILING = Outcome(kind=OutcomeKind.AGAIN, cause=Cause.PLATFORM_DOWN)
NOBODY = Outcome(kind=OutcomeKind.AGAIN, cause=Cause.UNREACHABLE)
DOWN = Notice(source="arxiv", why=Why.UNREACHABLE)


@dataclass(slots=True)
class Phone(Doors):
    """A Channel that keeps what it shows, and where and when."""

    clock: Clock = field(default_factory=lambda: Clock(NOW))
    says: Outcome = TAKEN
    shown: list[tuple[datetime, str, str]] = field(default_factory=list)

    def render(self, message: Message) -> tuple[Part, ...]:
        return rendered(message)

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        if self.says.kind is OutcomeKind.SENT:
            self.shown.append((self.clock.now, address.chat, html.unescape(next(iter(json.loads(part.payload).values())))))
        return self.says


@dataclass(slots=True)
class Life:
    """A bot with nothing but its troubles. A restart forgets all that is not in the store."""

    store: Store
    clock: Clock
    phones: tuple[Phone, ...]
    budget: Budget
    line: Line = field(init=False)
    senders: tuple[Delivering, ...] = field(init=False)
    alerting: Alerting = field(init=False)

    def __post_init__(self) -> None:
        self.restarts()

    def restarts(self) -> None:
        self.line = Line(concurrency=1, now=self.clock)
        terms = Terms(concurrency=8, notice=lambda _, __: Message(blocks=()))
        self.senders = tuple(Delivering(store=self.store, channel=phone, terms=terms, now=self.clock) for phone in self.phones)
        self.alerting = self.another()

    def another(self) -> Alerting:
        troubles = Troubles(store=self.store, line=self.line, budget=self.budget, senders=self.senders, now=self.clock)
        return Alerting(
            store=self.store,
            troubles=troubles,
            owners={OWNER, Person(platform="nowhere", id="8")},
            channels={phone.name: phone for phone in self.phones},
            show=alert,
            now=self.clock,
            queued=lambda: None,
        )

    async def passes(self, time: timedelta, *, step: timedelta = 10 * MINUTE) -> None:
        """Tick after tick, each of which is sent before the next."""
        until = self.clock.now + time
        while self.clock.now < until:
            self.clock.passes(step)
            await self.alerting.turn()
            for sender in self.senders:
                await sender.turn()

    async def source(self, does: Callable[..., Awaitable[None]], *arguments: object) -> None:
        async with self.store.write() as tx:
            await does(tx, *arguments)

    async def source_is_down_for(self, time: timedelta) -> None:
        """Asked every half hour, in vain."""
        until = self.clock.now + time
        while self.clock.now < until:
            await self.source(sources.record_failure, DOWN, self.clock.now, self.clock.now + HOUR / 2)
            await self.passes(min(HOUR / 2, until - self.clock.now))

    def model_fails(self, error: PaperboyError, times: int = 3) -> None:
        for _ in range(times):
            self.line.failed(error)

    @property
    def heard(self) -> list[str]:
        """By the owner: hours and minutes since NOW, and the first words."""
        return [
            f"{(when - NOW) // HOUR}:{(when - NOW) % HOUR // MINUTE:02} {text[:12].strip()}"
            for when, _, text in self.phones[0].shown
        ]


def a_life(store: Store, *, budget: Budget | None = None, others: tuple[str, ...] = ()) -> Life:
    clock = Clock(NOW)
    phones = (Phone(clock=clock), *(Phone(clock=clock, name=name) for name in others))
    return Life(store=store, clock=clock, phones=phones, budget=budget or Budget())


OUTAGE = 16 * HOUR - 10 * MINUTE
"""Ten hours longer than what is left untold."""


@pytest.mark.parametrize("restarts_after", [OUTAGE, 6.5 * HOUR, 7 * HOUR, 11.5 * HOUR], ids=str)
async def test_an_outage_is_told_once_an_hour_and_its_end_once(store: Store, restarts_after: timedelta) -> None:
    life = a_life(store)
    await life.source_is_down_for(restarts_after)
    life.restarts()
    await life.source_is_down_for(OUTAGE - restarts_after)
    await life.source(sources.record_success, "arxiv", life.clock.now)
    await life.passes(HOUR)
    life.restarts()
    await life.passes(2 * HOUR)
    assert life.heard == [*(f"{hour}:00 arXiv has fa" for hour in range(6, 16)), "16:00 arXiv answer"]
    assert {chat for _, chat, _ in life.phones[0].shown} == {OWNER.id}


async def test_owners_are_written_to_where_their_platform_has_them_alone(store: Store) -> None:
    class Direct(Phone):
        def private(self, person: str) -> Address:
            return Address(platform=self.name, chat=f"@{person}")

    clock = Clock(NOW)
    life = Life(store=store, clock=clock, phones=(Direct(clock=clock),), budget=Budget())
    await life.source_is_down_for(6 * HOUR)
    assert [chat for _, chat, _ in life.phones[0].shown] == [f"@{OWNER.id}"]


async def test_an_alert_says_what_happened_since_when_and_what_follows_in_the_owners_own_words(store: Store) -> None:
    life = a_life(store)
    async with store.write() as tx:
        home = Address(platform="telegram", chat=OWNER.id)
        known = await subscriptions.save(tx, Subscription(address=home, language="vi"))
        await subscriptions.save(tx, replace(known, schedule=replace(known.schedule, zone="Asia/Tokyo")))
    await life.source_is_down_for(6 * HOUR)
    ((_, _, said),) = life.phones[0].shown
    assert "arXiv bị lỗi từ thứ Tư, 7 tháng 1, 00:00 (Asia/Tokyo), 12 lần liên tiếp: nó không trả lời." in said


async def test_a_short_outage_and_one_of_a_source_that_nobody_wants_any_more_are_not_told(store: Store) -> None:
    life = a_life(store)
    await life.source_is_down_for(5.5 * HOUR)
    await life.source(sources.record_success, "arxiv", life.clock.now)
    await life.source_is_down_for(5.5 * HOUR)
    assert life.heard == []
    await life.passes(48 * HOUR, step=HOUR / 2)
    assert len(life.heard) == 26  # as long as a day and two hours after it was asked last


async def test_two_of_us_say_it_once(store: Store) -> None:
    life = a_life(store)
    life.model_fails(QuotaSpent("m", "gone", after_s=3600))
    said = await asyncio.gather(*(life.another().turn() for _ in range(4)))
    assert sum(said) == 1


async def test_a_model_without_money_is_told_at_once_and_its_return_when_it_wrote_something(store: Store) -> None:
    life = a_life(store)
    life.model_fails(QuotaSpent("m", "gone", after_s=3600), times=1)
    await life.passes(90 * MINUTE)
    assert life.heard == ["0:10 The model ha", "1:10 The model ha"]
    life.restarts()
    await life.passes(HOUR)  # this process does not know: nobody asked it
    assert len(life.heard) == 2
    life.line.answered()
    await life.passes(HOUR)
    assert life.heard[2:] == ["2:40 The model wr"]


async def test_a_model_that_is_silent_is_told_after_a_quarter_of_an_hour(store: Store) -> None:
    life = a_life(store)
    life.model_fails(ModelUnreachable("m", "no answer", after_s=60))
    await life.passes(10 * MINUTE)
    assert life.heard == []
    await life.passes(10 * MINUTE)
    assert life.heard == ["0:20 The model ha"]


async def test_money_that_is_gone_is_told_once_a_day(store: Store) -> None:
    life = a_life(store, budget=Budget(total=1_000_000))
    await spend(life, calls_of_a_tenth=8)
    await life.passes(HOUR)
    assert life.heard == []
    await spend(life, calls_of_a_tenth=1)  # what is set aside for one more is more than what is left
    await life.passes(5 * HOUR)
    assert life.heard == ["1:10 The money of"]
    assert "0.90 of 1.00" in life.phones[0].shown[0][2]
    await life.passes(5 * HOUR)  # beyond midnight, UTC
    assert life.heard[1:] == ["9:00 There is mon"]
    await spend(life, calls_of_a_tenth=9)
    await life.passes(2 * HOUR)
    assert life.heard[2:] == ["11:10 The money of"]


async def spend(life: Life, *, calls_of_a_tenth: int) -> None:
    call = Call(purpose="summary", ref=PaperRef(key=a_paper().key), language="en", model="m")
    async with life.store.write() as tx:
        for _ in range(calls_of_a_tenth):
            await calls.reserve(tx, call, life.clock.now, Usage(tokens_in=1, tokens_out=1), 100_000)


@pytest.mark.parametrize("says", [NOBODY, FAILING], ids=["nobody answers", "a server fails"])
async def test_a_platform_that_does_not_answer_is_told_on_another(store: Store, says: Outcome) -> None:
    life = a_life(store, others=("discord",))
    life.phones[1].says = says
    await queued(store, at("9", platform="discord"), 1, deadline_at=NOW + 12 * HOUR)
    await life.passes(70 * MINUTE)
    assert life.heard == ["0:30 Discord has"]
    life.phones[1].says = TAKEN
    await life.passes(HOUR)
    assert [line.partition(" ")[2] for line in life.heard] == ["Discord has", "Discord answ"]


async def test_what_cannot_leave_does_not_pile_up(store: Store) -> None:
    """The platform of the owner itself, and an owner who never wrote to the bot."""
    life = a_life(store)
    life.phones[0].says = Outcome(kind=OutcomeKind.SUSPEND, cause=Cause.CHAT_GONE)
    life.model_fails(QuotaSpent("m", "gone", after_s=3600), times=1)
    await life.passes(11 * HOUR)
    async with store.read() as tx:
        assert len((await tx.execute(select(parts.c.id))).all()) == 1


async def test_a_token_that_is_refused_is_told_with_the_name_of_its_setting(store: Store) -> None:
    life = a_life(store, others=("discord",))
    life.senders[1].refuse()
    await life.passes(10 * MINUTE)
    assert [text for _, _, text in life.phones[0].shown if "DISCORD_BOT_TOKEN" in text]
    assert len(life.heard) == 1


async def test_markup_that_was_refused_is_told_without_a_word_of_it(store: Store) -> None:
    life = a_life(store, others=("discord",))
    life.phones[1].says = Outcome(kind=OutcomeKind.PLAIN, cause=Cause.MARKUP_REFUSED, detail="can't parse: Somebody's title")
    await queued(store, at("123456", platform="discord"), 2)
    await life.passes(2 * HOUR + 10 * MINUTE)
    assert life.heard == ["0:20 Discord refu"]
    ((_, _, said),) = life.phones[0].shown
    assert "2 messages" in said
    assert not re.search(r"Somebody|123456|parse", said)


async def test_nobody_is_told_where_the_bot_does_not_speak(store: Store) -> None:
    life = a_life(store)
    life.model_fails(QuotaSpent("m", "gone", after_s=3600), times=1)
    await life.passes(10 * MINUTE)
    async with store.read() as tx:
        assert {row.platform for row in await tx.execute(select(addresses.c.platform))} == {"telegram"}
