"""Turns of what people do, on any platform: in one chat in order, beside it whatever takes long; each sender has a share."""

import asyncio

from bot.services.turns import People
from handlers.turns import MOST_OF_ONE, SLOW_OF_ONE, Turns


async def test_a_chat_is_answered_in_order_and_waits_for_nothing_slow() -> None:
    turns, has_begun, may_end, done = Turns(People()), asyncio.Event(), asyncio.Event(), list[str]()

    async def answer(name: str, until: asyncio.Event | None = None) -> None:
        if until is not None:
            has_begun.set()
            await until.wait()
        done.append(name)

    async def asked(name: str, chat: str, until: asyncio.Event | None = None, *, is_slow: bool = False) -> bool:
        return await turns.in_turn(chat=chat, sender=name, is_slow=is_slow, work=lambda: answer(name, until))

    held = [
        asyncio.create_task(asked("slow", "1", may_end, is_slow=True)),
        asyncio.create_task(asked("first", "1", may_end)),
        asyncio.create_task(asked("second", "1")),
    ]
    async with asyncio.timeout(5):
        await has_begun.wait()
        assert await asked("beside", "2")
        assert done == ["beside"]
        may_end.set()
        assert await asyncio.gather(*held) == [True, True, True]
    assert done.index("first") < done.index("second")


async def test_what_is_one_too_many_of_a_sender_is_dropped_and_said_so() -> None:
    turns, is_full, may_end = Turns(People()), asyncio.Event(), asyncio.Event()
    begun = now = most = 0

    async def answer() -> None:
        nonlocal begun, now, most
        begun, now = begun + 1, now + 1
        most = max(most, now)
        if now == SLOW_OF_ONE:
            is_full.set()
        await may_end.wait()
        now -= 1

    async def asked(*, is_never_too_much: bool = False) -> bool:
        return await turns.in_turn(chat="1", sender="1", is_slow=True, work=answer, is_never_too_much=is_never_too_much)

    held = [asyncio.create_task(asked()) for _ in range(MOST_OF_ONE)]
    async with asyncio.timeout(5):
        await is_full.wait()
        assert not await asked()
        held.append(asyncio.create_task(asked(is_never_too_much=True)))
        may_end.set()
        assert all(await asyncio.gather(*held))
        assert await asked()
    assert (begun, most) == (MOST_OF_ONE + 2, SLOW_OF_ONE)
