"""The gateway of the fake Discord, to which the real discord.py connects, and what it does to those who misbehave."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from tests.fakes.discord import TOKEN, FakeDiscord

IDENTITY = {"token": TOKEN, "intents": 1, "properties": {"os": "linux", "browser": "x", "device": "x"}}
HEADERS = {"Authorization": f"Bot {TOKEN}", "User-Agent": "DiscordBot (test, 1)"}


class Bot(discord.Client):
    """Counts what it is told."""

    def __init__(self, heartbeat_timeout: float = 60.0) -> None:
        intents = discord.Intents(guilds=True)
        super().__init__(intents=intents, max_messages=None, guild_ready_timeout=0.05, heartbeat_timeout=heartbeat_timeout)
        self.told: Counter[str] = Counter()
        self.has_news = asyncio.Condition()

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        super().dispatch(event, *args, **kwargs)
        self.told[event] += 1
        asyncio.get_running_loop().create_task(self._tells())

    async def _tells(self) -> None:
        async with self.has_news:
            self.has_news.notify_all()

    async def hears(self, event: str, times: int = 1) -> None:
        async with asyncio.timeout(20), self.has_news:
            await self.has_news.wait_for(lambda: self.told[event] >= times)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as platform:
        platform.limits.is_on = False
        platform.guild("1", "Lab")
        platform.text_channel("42")
        platform.forum("43", tags=("daily",))
        platform.thread("44", "42")
        yield platform


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    made = Bot()
    running = await started(made, fake)
    await made.hears("ready")
    yield made
    await made.close()
    await running


async def started(bot: Bot, fake: FakeDiscord) -> asyncio.Task[None]:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = fake.url, URL(fake.gateway_url)
    await bot.login(TOKEN)
    return asyncio.create_task(bot.connect())


async def test_library_knows_the_guild_its_channels_and_itself(fake: FakeDiscord, bot: Bot) -> None:
    guild = bot.get_guild(1)
    assert guild is not None
    assert (guild.name, [each.id for each in guild.channels], [each.id for each in guild.threads]) == ("Lab", [42, 43], [44])
    assert guild.me.guild_permissions.create_public_threads
    assert (fake.identifies, fake.resumes, fake.oddities) == (1, 0, [])


async def test_library_hears_what_happens_to_channels_and_guilds(fake: FakeDiscord, bot: Bot) -> None:
    await bot.get_partial_messageable(42).send("Not told to who did not ask")
    fake.guild("2", "Other")
    await bot.hears("guild_join")
    fake.text_channel("50", "2")
    await bot.hears("guild_channel_create")
    fake.archives("44")
    await bot.hears("thread_update")
    fake.deletes_thread("44")
    await bot.hears("raw_thread_delete")  # one in the archive is not remembered
    fake.deletes_channel("42")
    await bot.hears("guild_channel_delete")
    fake.loses_guild("2")
    await bot.hears("guild_unavailable")
    fake.finds_guild("2")
    await bot.hears("guild_available")
    fake.removes_guild("2")
    await bot.hears("guild_remove")
    assert [guild.id for guild in bot.guilds] == [1]
    assert bot.told["message"] == 0


@pytest.mark.parametrize("code", [1006, 4000])
async def test_dropped_library_resumes_and_hears_what_it_missed(fake: FakeDiscord, bot: Bot, code: int) -> None:
    await fake.drops_gateway(code)
    assert not fake.is_connected
    fake.deletes_channel("42")
    await bot.hears("resumed")
    await bot.hears("guild_channel_delete")
    assert (fake.identifies, fake.resumes, bot.told["ready"]) == (1, 1, 1)


async def test_library_that_is_asked_to_reconnect_resumes(fake: FakeDiscord, bot: Bot) -> None:
    await fake.asks_to_reconnect()
    await bot.hears("resumed")
    assert (fake.identifies, fake.resumes) == (1, 1)


async def test_library_identifies_anew_after_its_session_was_forgotten(fake: FakeDiscord, bot: Bot) -> None:
    fake.forgets_sessions()
    await fake.drops_gateway()
    await bot.hears("ready", 2)  # discord.py waits 5 s before it identifies again
    assert (fake.identifies, fake.resumes) == (2, 0)


async def test_library_comes_again_after_silence_and_refusals(fake: FakeDiscord) -> None:
    fake.heartbeat_s = 0.1
    bot = Bot(heartbeat_timeout=0.3)
    running = await started(bot, fake)
    await bot.hears("ready")
    fake.gateway_stops_answering()
    fake.refuses_gateway(times=1)
    assert not fake.is_connected
    await bot.hears("resumed")
    assert (fake.identifies, fake.connections) == (1, 3)
    assert fake.heartbeats >= 2
    await bot.close()
    await running
    assert fake.oddities == []


async def test_library_falls_over_its_first_connection_that_fails(fake: FakeDiscord) -> None:
    """What whoever starts it must expect: discord.py 2.7.1 looks for a session where there never was one."""
    fake.refuses_gateway(times=1)
    bot = Bot()
    running = await started(bot, fake)
    with pytest.raises(AttributeError):
        await running
    await bot.close()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"op": 2, "d": IDENTITY | {"token": "x"}}, 4004),
        ({"op": 2, "d": IDENTITY | {"intents": 1 << 40}}, 4013),
        ({"op": 2, "d": IDENTITY | {"intents": 1 | 1 << 15}}, 4014),
        ({"op": 2, "d": IDENTITY | {"shard": [1, 2]}}, 4010),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 99}, 4001),
        ("no JSON", 4002),
        ({"op": 1, "d": "x" * 4096}, 4002),
    ],
)
async def test_who_misbehaves_is_cut_off(fake: FakeDiscord, said: object, code: int) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{fake.gateway_url}/?v=10&encoding=json") as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_str(said if isinstance(said, str) else json.dumps(said))
        frame = await socket.receive()
        assert (frame.type, frame.data) == (aiohttp.WSMsgType.CLOSE, code)
    assert fake.identifies == 0


async def test_more_intents_than_needed_and_too_many_events_are_odd(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{fake.gateway_url}/?v=10&encoding=json") as socket:
        await socket.send_json({"op": 2, "d": IDENTITY | {"intents": 1 | 1 << 9}})
        told = [await socket.receive_json() for _ in range(3)]
        assert [each["t"] for each in told] == [None, "READY", "GUILD_CREATE"]
        for _ in range(120):
            await socket.send_json({"op": 1, "d": 2})
        codes = {frame.data async for frame in socket if frame.type is aiohttp.WSMsgType.CLOSE}
        assert codes == set()
        assert socket.close_code == 4008
    assert [text.split()[0] for text in fake.oddities] == ["intents", "more"]


async def test_session_that_is_unknown_or_ahead_is_not_resumed(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{fake.gateway_url}/?v=10&encoding=json") as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": "x", "seq": 1}})
        assert (await socket.receive_json())["op"] == 9
        await socket.send_json({"op": 2, "d": IDENTITY})
        ready = await socket.receive_json()
        await socket.close(code=4000)
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{fake.gateway_url}/?v=10&encoding=json") as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": 99}})
        assert (await socket.receive()).data == 4007


async def test_session_goes_over_to_its_newest_line_and_ends_with_a_farewell(fake: FakeDiscord) -> None:
    address = f"{fake.gateway_url}/?v=10&encoding=json"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as first, session.ws_connect(address) as second:
        await first.send_json({"op": 2, "d": IDENTITY})
        told = [await first.receive_json() for _ in range(3)]
        await second.send_json({"op": 6, "d": {"token": TOKEN, "session_id": told[1]["d"]["session_id"], "seq": 1}})
        assert (await first.receive()).data == 4000
        again = [await second.receive_json() for _ in range(3)]
        assert [each["t"] for each in again] == [None, "GUILD_CREATE", "RESUMED"]
        await second.close(code=1000)
        assert fake.sessions == {}


async def test_gateway_is_told_of_over_rest(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        async with session.get(f"{fake.url}/gateway/bot") as answer:
            said = await answer.json()
        async with session.get(f"{fake.url}/gateway/bot", headers={"Authorization": "Bot x"}) as answer:
            assert answer.status == 401
    assert (said["url"], said["shards"], said["session_start_limit"]["remaining"]) == (fake.gateway_url, 1, 1000)
