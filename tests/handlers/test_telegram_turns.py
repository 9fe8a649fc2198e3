"""Turns of updates: a sender without end stops nobody else, and holds no more than their share."""

import asyncio
from datetime import UTC, datetime
from itertools import count

import pytest
from telegram import Chat, ChatMemberLeft, ChatMemberMember, ChatMemberUpdated, Message, MessageEntity, Update, User

from bot.services.turns import People
from handlers.telegram.turns import UpdateTurns
from handlers.turns import AT_ONCE, MOST_OF_ONE, SLOW_OF_ONE

NOW = datetime(2026, 6, 2, tzinfo=UTC)
NUMBERS = count(1)


def _user(number: int) -> User:
    return User(id=number, first_name="x", is_bot=False)


def _said(number: int, text: str) -> Update:
    """What somebody writes in private."""
    entity = MessageEntity(type=MessageEntity.BOT_COMMAND, offset=0, length=len(text))
    message = Message(
        message_id=next(NUMBERS),
        date=NOW,
        chat=Chat(id=number, type="private"),
        from_user=_user(number),
        text=text,
        entities=(entity,) if text.startswith("/") else (),
    )
    return Update(update_id=next(NUMBERS), message=message)


def _blocked(number: int) -> Update:
    bot = User(id=7, first_name="b", is_bot=True)
    change = ChatMemberUpdated(
        chat=Chat(id=number, type="private"),
        from_user=_user(number),
        date=NOW,
        old_chat_member=ChatMemberMember(user=bot),
        new_chat_member=ChatMemberLeft(user=bot),
    )
    return Update(update_id=next(NUMBERS), my_chat_member=change)


class Work:
    """Answers that take until `may_end`; counts those that are being worked on, and those that were ever begun."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.begun = self.now = self.most = 0

    async def answer(self) -> None:
        self.begun += 1
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.may_end.wait()
        finally:
            self.now -= 1


async def _settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


@pytest.mark.parametrize("text", ["/help", "hello", "/summary 2601.00001", "/subscribe cs.CL"])
async def test_sender_without_end_stops_nobody_else(text: str) -> None:
    turns, flood, other = UpdateTurns("bot", People()), Work(), Work()
    other.may_end.set()
    tasks = [asyncio.create_task(turns.process_update(_said(1, text), flood.answer())) for _ in range(2 * AT_ONCE)]
    await _settled()
    async with asyncio.timeout(5):
        await turns.process_update(_said(2, "/help"), other.answer())
    assert other.begun == 1
    flood.may_end.set()
    await asyncio.gather(*tasks)
    assert flood.most <= SLOW_OF_ONE
    assert flood.begun == MOST_OF_ONE  # what came on top is dropped, and what waited was answered


async def test_whoever_has_been_answered_may_send_again() -> None:
    turns, work = UpdateTurns("bot", People()), Work()
    work.may_end.set()
    for _ in range(2 * MOST_OF_ONE):
        await turns.process_update(_said(1, "/help"), work.answer())
    assert work.begun == 2 * MOST_OF_ONE


async def test_what_the_platform_tells_of_chats_is_never_dropped() -> None:
    turns, flood, told = UpdateTurns("bot", People()), Work(), Work()
    tasks = [asyncio.create_task(turns.process_update(_said(1, "hello"), flood.answer())) for _ in range(MOST_OF_ONE)]
    await _settled()
    tasks.append(asyncio.create_task(turns.process_update(_blocked(1), told.answer())))
    await _settled()
    for work in (flood, told):
        work.may_end.set()
    await asyncio.gather(*tasks)
    assert told.begun == 1
