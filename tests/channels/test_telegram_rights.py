"""What the bot lacks to write somewhere, and who is an admin, as the fake platform tells it to the real library."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.channels.pace import Limits, Pace
from bot.channels.telegram import Telegram, Timeouts
from bot.channels.telegram_connection import Connection
from bot.channels.telegram_rights import KNOWN_FOR_S, Rights
from bot.domain.deliveries import Cause, OutcomeKind
from bot.domain.subscriptions import Address
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_people import Person
from tests.fakes.telegram_places import Group
from tests.fakes.telegram_rooms import Member

MOST = 50
QUICK = Timeouts(connect_s=1.0, pool_s=1.0, answer_s=0.3, whole_s=2.0)


@dataclass(slots=True)
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        platform.limits.switched_off()
        yield platform


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[Telegram]:
    channel = Telegram(TOKEN, fake.url, pace=Pace(Limits()), timeouts=QUICK)
    await channel.open()
    yield channel
    await channel.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def rights(fake: FakeTelegram, clock: Clock) -> AsyncIterator[Rights]:
    connection = Connection(TOKEN, fake.url, pace=Pace(Limits()), timeouts=QUICK)
    await connection.open()
    yield Rights(connection, clock=clock, most=MOST)
    await connection.close()


def to(chat: str, thread: str = "") -> Address:
    return Address(platform="telegram", chat=chat, thread=thread)


# What it lacks


async def a_reader_who_blocks(fake: FakeTelegram) -> Address:
    fake.blocks("7")
    return to("7")


async def a_group_that_removed_it(fake: FakeTelegram) -> Address:
    owner = fake.person(8)
    group = fake.group("-1002", owner=owner)
    await group.removes_bot(owner)
    return to("-1002")


async def a_group_that_it_left(fake: FakeTelegram) -> Address:
    owner = fake.person(8)
    group = fake.group("-1002", owner=owner)
    await group.removes_bot(owner, is_banned=False)
    return to("-1002")


async def a_group_that_silenced_it(fake: FakeTelegram) -> Address:
    owner = fake.person(8)
    group = fake.group("-1002", owner=owner)
    await group.takes_rights(owner)
    return to("-1002")


async def a_small_group_that_silenced_it(fake: FakeTelegram) -> Address:
    fake.takes_rights("-42")
    return to("-42")


async def a_channel_without_the_right_to_post(fake: FakeTelegram) -> Address:
    owner = fake.person(8)
    channel = fake.channel("-1003", owner=owner)
    await channel.takes_rights(owner)
    return to("-1003")


async def a_channel_without_it(fake: FakeTelegram) -> Address:
    fake.channel("-1003", owner=fake.person(8), has_bot=False)
    return to("-1003")


async def a_topic(fake: FakeTelegram) -> tuple[Person, Group, str]:
    owner = fake.person(8)
    group = fake.group("-1002", owner=owner, is_forum=True)
    await owner.says("hello", chat=group)
    return owner, group, await group.opens_topic("papers", owner)


async def a_closed_topic(fake: FakeTelegram) -> Address:
    owner, group, thread = await a_topic(fake)
    await group.closes_topic(thread, owner)
    return to("-1002", thread)


async def a_deleted_topic(fake: FakeTelegram) -> Address:
    _, group, thread = await a_topic(fake)
    await group.deletes_topic(thread)
    return to("-1002", thread)


Place = Callable[[FakeTelegram], Awaitable[Address]]
SHUT: list[tuple[Place, OutcomeKind, Cause]] = [
    (a_reader_who_blocks, OutcomeKind.SUSPEND, Cause.BLOCKED),
    (a_group_that_removed_it, OutcomeKind.SUSPEND, Cause.KICKED),
    (a_group_that_it_left, OutcomeKind.SUSPEND, Cause.KICKED),
    (a_group_that_silenced_it, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (a_small_group_that_silenced_it, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (a_channel_without_the_right_to_post, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (a_channel_without_it, OutcomeKind.SUSPEND, Cause.KICKED),
    (a_closed_topic, OutcomeKind.SUSPEND, Cause.TOPIC_CLOSED),
    (a_deleted_topic, OutcomeKind.SUSPEND, Cause.TOPIC_GONE),
]


@pytest.mark.parametrize(("place", "kind", "cause"), SHUT)
async def test_what_it_lacks_is_named(
    telegram: Telegram, fake: FakeTelegram, place: Place, kind: OutcomeKind, cause: Cause
) -> None:
    address = await place(fake)
    probed = await telegram.probe(address)
    assert (probed.kind, probed.cause) == (kind, cause)
    assert await telegram.lacking(address) is cause
    assert [each for each in fake.messages if each.is_bots] == []


RESTRICTED = Member(user={}, status="restricted").described("supergroup")
ANSWERS = [
    (RESTRICTED | {"is_member": False, "can_send_messages": True}, Cause.KICKED),
    (RESTRICTED, Cause.NO_PERMISSION),
    ({"status": "left"}, Cause.KICKED),
    ({"status": "kicked", "until_date": 0}, Cause.KICKED),
]


@pytest.mark.parametrize(("said", "cause"), ANSWERS)
async def test_a_member_that_is_none_is_told_without_typing(
    telegram: Telegram, fake: FakeTelegram, said: dict[str, object], cause: Cause
) -> None:
    fake.says({"ok": True, "result": said | {"user": fake.bot}}, method="getChatMember", times=2)
    found = await telegram.probe(to("-1001"))
    assert (found.kind, found.cause, await telegram.lacking(to("-1001"))) == (OutcomeKind.SUSPEND, cause, cause)
    assert "sendChatAction" not in {each.method for each in fake.requests}


async def test_a_silenced_member_is_told_without_typing(telegram: Telegram, fake: FakeTelegram) -> None:
    address = await a_group_that_silenced_it(fake)
    assert await telegram.lacking(address) is Cause.NO_PERMISSION
    assert fake.requests[-1].method == "getChatMember"


async def an_open_group(fake: FakeTelegram) -> Address:
    fake.group("-1002", owner=fake.person(8))
    return to("-1002")


async def a_group_that_it_helps_to_run(fake: FakeTelegram) -> Address:
    fake.group("-1002", owner=fake.person(8), bot="administrator")
    return to("-1002")


async def an_open_topic(fake: FakeTelegram) -> Address:
    _, _, thread = await a_topic(fake)
    return to("-1002", thread)


async def an_open_channel(fake: FakeTelegram) -> Address:
    fake.channel("-1003", owner=fake.person(8))
    return to("-1003")


@pytest.mark.parametrize("place", [an_open_group, a_group_that_it_helps_to_run, an_open_topic, an_open_channel])
async def test_where_it_may_write_it_lacks_nothing(telegram: Telegram, fake: FakeTelegram, place: Place) -> None:
    address = await place(fake)
    assert (await telegram.probe(address)).kind is OutcomeKind.SENT
    assert await telegram.lacking(address) is None
    is_typing = fake.chats.kind(address.chat) != "channel"
    assert (fake.requests[-1].method == "sendChatAction") is is_typing


@pytest.mark.parametrize("fault", ["fails", "drops", "hangs"])
async def test_what_nobody_answers_is_no_lack(telegram: Telegram, fake: FakeTelegram, fault: str) -> None:
    address = await an_open_group(fake)
    for method in ("getChatMember", "sendChatAction"):
        getattr(fake, fault)(method=method)
        assert await telegram.lacking(address) is None
        getattr(fake, fault)(method=method)
        assert (await telegram.probe(address)).kind is OutcomeKind.AGAIN


# Who is an admin


@pytest.mark.parametrize("chat", ["-42", "-1002", "-1003"])
async def test_owners_and_administrators_are_admins_and_nobody_else(telegram: Telegram, fake: FakeTelegram, chat: str) -> None:
    owner, admin, member, stranger = (fake.person(number) for number in (8, 9, 10, 11))
    declare = fake.channel if chat == "-1003" else fake.group
    declare(chat, owner=owner, admins=[admin], members=[member])
    found = [await telegram.is_admin(chat, f"{person.id}") for person in (owner, admin, member, stranger)]
    assert found == [True, True, False, False]


async def test_admins_are_known_where_members_are_hidden(telegram: Telegram, fake: FakeTelegram) -> None:
    admin, member = fake.person(9), fake.person(10)
    fake.group("-1002", owner=fake.person(8), admins=[admin], members=[member], hides_members=True)
    assert [await telegram.is_admin("-1002", f"{number}") for number in (8, 9, 10, 11)] == [True, True, False, False]


async def test_an_answer_holds_for_twenty_seconds(rights: Rights, fake: FakeTelegram, clock: Clock) -> None:
    owner, admin = fake.person(8), fake.person(9)
    group = fake.group("-1002", owner=owner, admins=[admin])
    assert await rights.is_admin("-1002", "9")
    await group.demotes(admin, owner)
    asked = len(fake.requests)
    clock.now_s = KNOWN_FOR_S - 0.1
    assert await rights.is_admin("-1002", "9")
    assert len(fake.requests) == asked
    clock.now_s = KNOWN_FOR_S
    assert not await rights.is_admin("-1002", "9")
    await group.promotes(admin, owner)
    assert not await rights.is_admin("-1002", "9")
    clock.now_s *= 2
    assert await rights.is_admin("-1002", "9")
    assert await rights.is_admin("-1002", "8")
    assert not await rights.is_admin("-1003", "9")


@pytest.mark.parametrize("fault", ["fails", "drops", "hangs", "throttles"])
async def test_what_is_not_learnt_is_no_and_asked_anew(telegram: Telegram, fake: FakeTelegram, fault: str) -> None:
    fake.group("-1002", owner=fake.person(8))
    if fault == "throttles":
        fake.throttles(60, method="getChatMember")
    else:
        getattr(fake, fault)(method="getChatMember")
    assert not await telegram.is_admin("-1002", "8")
    assert await telegram.is_admin("-1002", "8")


@pytest.mark.parametrize("person", ["", "x", "0", "-5"])
async def test_who_is_nobody_is_no_admin(telegram: Telegram, fake: FakeTelegram, person: str) -> None:
    fake.group("-1002", owner=fake.person(8))
    assert not await telegram.is_admin("-1002", person)


async def test_what_is_known_has_a_bound(rights: Rights, fake: FakeTelegram) -> None:
    fake.group("-1002", owner=fake.person(8))
    assert await rights.is_admin("-1002", "8")
    body = {"ok": True, "result": {"user": {"id": 9, "is_bot": False, "first_name": "x"}, "status": "member"}}
    fake.says(body, method="getChatMember", times=MOST)
    for number in range(100, 100 + MOST):
        await rights.is_admin("-1002", f"{number}")
    asked = len(fake.requests)
    await rights.is_admin("-1002", f"{100 + MOST - 1}")
    assert len(fake.requests) == asked
    assert await rights.is_admin("-1002", "8")
    assert len(fake.requests) == asked + 1
