"""How what people write is asked for: through failures of the line, beside a second process, past what nobody can read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from telegram import Update

from bot.channels.pace import Limits, Pace
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import Heard, Trouble, Updates, update_of
from tests.fakes.telegram import FakeTelegram


@dataclass(slots=True)
class Ear:
    """A poll that runs: what it took, and what troubles it told of."""

    updates: Updates
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    taken: asyncio.Queue[Update] = field(default_factory=asyncio.Queue)
    heard: list[Heard] = field(default_factory=list)
    task: "asyncio.Task[Trouble | None] | None" = None

    async def texts(self, count: int) -> list[str]:
        async with asyncio.timeout(20):
            found = [await self.taken.get() for _ in range(count)]
        return [str(each.effective_message.text) for each in found if each.effective_message]

    async def ended(self) -> Trouble | None:
        assert self.task is not None
        self.stop.set()
        async with asyncio.timeout(20):
            return await self.task


@asynccontextmanager
async def listening(fake: FakeTelegram, *, patience_s: float = 60.0) -> AsyncIterator[Ear]:
    channel = Telegram(fake.token, fake.url, pace=Pace(Limits()))
    await channel.open()
    heard: list[Heard] = []
    updates = Updates(channel.bot, token=fake.token, heard=heard.append, patience_s=patience_s)
    ear = Ear(updates=updates, heard=heard)
    ear.task = asyncio.create_task(updates.poll(ear.stop, ear.taken.put))
    try:
        yield ear
    finally:
        ear.stop.set()
        await asyncio.gather(ear.task, return_exceptions=True)
        await channel.close()


async def test_what_is_written_comes_once_and_in_order_and_a_stop_acknowledges_it() -> None:
    async with FakeTelegram() as fake:
        ada = fake.person(1001)
        async with listening(fake) as ear:
            for number in range(5):
                await ada.says(f"word {number}")
            assert await ear.texts(5) == [f"word {number}" for number in range(5)]
            assert await ear.ended() is None
        async with listening(fake) as again:
            await ada.says("later")
            assert await again.texts(1) == ["later"]


async def test_a_line_that_fails_is_told_once_and_nothing_is_lost() -> None:
    async with FakeTelegram() as fake:
        ada = fake.person(1001)
        async with listening(fake) as ear:
            await ada.says("before")
            assert await ear.texts(1) == ["before"]
            fake.fails(502, times=2, method="getUpdates")
            await ada.says("while it fails")
            await ada.says("after")
            assert await ear.texts(2) == ["while it fails", "after"]
            assert await ear.ended() is None
        kinds = [(each.trouble, each.is_over) for each in ear.heard]
        assert kinds in ([(Trouble.UNREACHABLE, False), (Trouble.UNREACHABLE, True)], [])
        assert all(fake.token not in each.detail for each in ear.heard)


async def test_a_token_that_is_refused_ends_the_poll() -> None:
    async with FakeTelegram() as fake, listening(fake) as ear:
        await fake.person(1001).says("hello")
        await ear.texts(1)
        fake.revokes_token()
        fake.fails(502, times=1, method="getUpdates")
        assert ear.task is not None
        async with asyncio.timeout(40):
            assert await ear.task is Trouble.TOKEN_REFUSED


async def test_two_that_ask_with_one_token_are_told_and_one_gives_up() -> None:
    async with FakeTelegram() as fake, listening(fake, patience_s=1.0) as one, listening(fake, patience_s=1000.0) as other:
        assert one.task is not None
        async with asyncio.timeout(40):
            assert await one.task is Trouble.CONFLICT
        assert one.heard[0].trouble is Trouble.CONFLICT
        await fake.person(1001).says("still here")
        assert await other.texts(1) == ["still here"]


async def test_an_update_that_the_library_cannot_read_holds_up_nobody() -> None:
    async with FakeTelegram() as fake:
        ada = fake.person(1001)
        await ada.says("before")
        await fake.updates.add("message", {"message_id": "none", "chat": {"id": 5}}, queue="5")
        await ada.says("after")
        async with listening(fake) as ear:
            assert await ear.texts(3) == ["before", "after"]  # the one between them came empty
            assert await ear.ended() is None


async def test_what_is_no_update_is_none() -> None:
    async with FakeTelegram() as fake:
        channel = Telegram(fake.token, fake.url, pace=Pace(Limits()))
        await channel.open()
        assert update_of({"message": {"chat": 1}}, channel.bot) is None
        assert update_of({"update_id": 1}, channel.bot) is not None
        await channel.close()
