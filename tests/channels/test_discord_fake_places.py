"""Guilds, people and direct chats of the fake Discord; what its gateway would tell; limits and faults of each kind of request."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import TOKEN, FakeDiscord
from tests.fakes.discord_places import MANAGE_GUILD

HEADERS = {"Authorization": f"Bot {TOKEN}", "User-Agent": "DiscordBot (test, 1)"}


class Heard(FakeDiscord):
    """One that keeps what its gateway would tell."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.told: list[tuple[str, str]] = []

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        self.told.append((event, str(data["id"])))


@pytest.fixture
async def fake() -> AsyncIterator[Heard]:
    async with Heard() as server:
        yield server


async def asked(
    fake: FakeDiscord, wire: aiohttp.ClientSession, verb: str, path: str, body: object = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of what is answered."""
    async with wire.request(verb, f"{fake.url}{path}", json=body) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if text else {}


async def test_library_finds_a_guild_its_channels_and_who_may_do_what(client: discord.Client, fake: Heard) -> None:
    fake.guild("5", "Reading group", owner="9", locale="vi")
    fake.user("9", "lead", "vi")
    fake.user("10", "admin")
    fake.user("11", "stranger")
    fake.joins("10", "5", permissions=MANAGE_GUILD)
    fake.forum("51", "5", tags=("cs.CL",), requires_tag=True)
    guild = await client.fetch_guild(5)
    assert (guild.name, guild.owner_id, guild.preferred_locale) == ("Reading group", 9, discord.Locale.vietnamese)
    member = await guild.fetch_member(10)
    assert member.guild_permissions.manage_guild
    assert not (await guild.fetch_member(108)).guild_permissions.manage_guild
    assert [fake.channels.guilds["5"].permissions(user) & MANAGE_GUILD for user in ("9", "10", "11")] == [32, 32, 0]
    for user, code in ((11, 10007), (12, 10013)):
        with pytest.raises(discord.NotFound) as raised:
            await guild.fetch_member(user)
        assert raised.value.code == code
    forum = await client.fetch_channel(51)
    assert isinstance(forum, discord.ForumChannel)
    assert (forum.guild.id, [tag.name for tag in forum.available_tags], forum.flags.require_tag) == (5, ["cs.CL"], True)


async def test_whole_guild_is_one_that_the_library_can_read(client: discord.Client, fake: Heard) -> None:
    fake.text_channel("42")
    fake.news_channel("44")
    fake.forum("50")
    fake.thread("43", "42", name="2 June")
    told: Any = fake.described_guild("1")
    guild = discord.Guild(data=told, state=client._connection)
    assert {channel.id: type(channel).__name__ for channel in guild.channels} == {
        42: "TextChannel",
        44: "TextChannel",
        50: "ForumChannel",
    }
    assert [(thread.id, thread.parent_id, thread.me is not None) for thread in guild.threads] == [(43, 42, True)]
    assert guild.me.guild_permissions.send_messages_in_threads


async def test_rights_that_are_taken_are_told_of_the_channel(client: discord.Client, fake: Heard) -> None:
    fake.text_channel("42")
    fake.thread("43", "42")
    fake.takes_rights("42")
    fake.takes_embed_rights("42")
    fake.takes_rights_in_threads("42")
    told: Any = fake.described_guild("1")
    guild = discord.Guild(data=told, state=client._connection)
    channel, thread = guild.get_channel(42), guild.get_thread(43)
    assert channel is not None
    assert thread is not None
    may, may_in_thread = channel.permissions_for(guild.me), thread.permissions_for(guild.me)
    assert (may.view_channel, may.send_messages, may.embed_links, may.create_public_threads) == (True, False, False, True)
    assert not may_in_thread.send_messages_in_threads
    assert fake.app_permissions("43") == may.value
    fake.gives_rights("42")
    assert fake.app_permissions("42") == guild.me.guild_permissions.value


async def test_direct_chat_with_a_person_is_one_and_the_same(client: discord.Client, fake: Heard) -> None:
    fake.user("9", "reader")
    reader = await client.http.start_private_message(9)
    assert [int(reader["id"])] * 2 == [int((await client.http.start_private_message(9))["id"]), int(fake.direct("9"))]
    await client.get_partial_messageable(int(reader["id"])).send("a")
    assert (fake.texts(fake.direct("9")), fake.messages[0].guild) == (["a"], "")
    with pytest.raises(discord.HTTPException) as raised:
        await client.http.start_private_message(10)
    assert raised.value.code == 50033
    fake.closes_direct_messages(fake.direct("9"))
    with pytest.raises(discord.Forbidden) as closed:
        await client.get_partial_messageable(int(reader["id"])).send("b")
    assert closed.value.code == 50007


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        (lambda fake: fake.deletes_channel("42"), ("CHANNEL_DELETE", "42")),
        (lambda fake: fake.restores_channel("42"), ("CHANNEL_CREATE", "42")),
        (lambda fake: fake.removes_guild(), ("GUILD_DELETE", "1")),
        (lambda fake: fake.returns_guild(), ("GUILD_CREATE", "1")),
        (lambda fake: fake.text_channel("77"), ("CHANNEL_CREATE", "77")),
        (lambda fake: fake.requires_tag("50"), ("CHANNEL_UPDATE", "50")),
        (lambda fake: fake.thread("78", "42"), ("THREAD_CREATE", "78")),
        (lambda fake: fake.archives("43"), ("THREAD_UPDATE", "43")),
        (lambda fake: fake.locks("43"), ("THREAD_UPDATE", "43")),
        (lambda fake: fake.deletes_thread("43"), ("THREAD_DELETE", "43")),
    ],
)
async def test_what_befalls_a_place_is_told(fake: Heard, verb: Callable[[Heard], None], told: tuple[str, str]) -> None:
    fake.text_channel("42")
    fake.forum("50")
    fake.thread("43", "42")
    fake.told.clear()
    verb(fake)
    assert fake.told == [told]


REQUESTS = {
    "message": ("POST", "/channels/42/messages", {"content": "a"}),
    "typing": ("POST", "/channels/42/typing", None),
    "thread": ("POST", "/channels/42/messages/{head}/threads", {"name": "a"}),
    "post": ("POST", "/channels/50/threads", {"name": "a", "message": {"content": "a"}}),
    "active": ("GET", "/guilds/1/threads/active", None),
    "edit": ("PATCH", "/channels/42/messages/{head}", {"content": "b"}),
    "dm": ("POST", "/users/@me/channels", {"recipient_id": "7"}),
}


async def requested(fake: FakeDiscord, wire: aiohttp.ClientSession, kind: str, head: str) -> tuple[int, dict[str, Any]]:
    verb, path, body = REQUESTS[kind]
    return await asked(fake, wire, verb, path.format(head=head), body)


@pytest.mark.parametrize("kind", list(REQUESTS))
async def test_every_kind_of_request_fails_as_it_is_told_to(fake: Heard, wire: aiohttp.ClientSession, kind: str) -> None:
    fake.limits.is_on = False
    fake.forum("50")
    _, head = await asked(fake, wire, "POST", "/channels/42/messages", {"content": "head"})
    fake.fails(503, kind=kind)
    fake.throttles(7, kind=kind, scope="shared")
    fake.refuses(403, 50013, "Missing Permissions", kind=kind)
    fake.says({"strange": True}, kind=kind)
    said = [await requested(fake, wire, kind, head["id"]) for _ in range(4)]
    assert [status for status, _ in said] == [503, 429, 403, 200]
    assert (said[1][1]["retry_after"], said[3][1], fake.invalid) == (7, {"strange": True}, 1)
    times = 2 if REQUESTS[kind][0] == "GET" else 1  # what changes nothing is asked a second time by aiohttp itself
    fake.drops(kind=kind, times=times)
    fake.drops_unread(kind=kind, times=times)
    fake.loses_answer(kind=kind, cuts=True, times=times)
    for _ in range(3):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await requested(fake, wire, kind, head["id"])
    fake.hangs(kind=kind)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await requested(fake, wire, kind, head["id"])
    fake.recovers()  # on a busy machine the request may not have got so far
    status, told = await requested(fake, wire, kind, head["id"])
    assert (status, told.get("code")) == ((400, 160004) if kind == "thread" else (204 if kind == "typing" else 200, None))


async def test_each_route_of_each_channel_has_a_bucket_of_its_own(fake: Heard, wire: aiohttp.ClientSession) -> None:
    fake.forum("50")
    _, head = await asked(fake, wire, "POST", "/channels/42/messages", {"content": "head"})
    statuses = {}
    for kind in REQUESTS:
        fake.limits.overall = 1000
        statuses[kind] = [(await requested(fake, wire, kind, head["id"]))[0] for _ in range(6)]
    assert [each.count(429) for each in statuses.values()] == [2, *[1] * 6]
    assert fake.refusals_429 == fake.invalid == 8
    assert (await asked(fake, wire, "POST", "/channels/43/messages", {"content": "a"}))[0] == 200


async def test_who_asks_in_vain_too_often_is_banned(fake: Heard, wire: aiohttp.ClientSession) -> None:
    fake.limits.is_on = False
    fake.takes_rights("42")
    for _ in range(3):
        await asked(fake, wire, "POST", "/channels/42/messages", {"content": "a"})
    assert fake.invalid == 3
    fake.bans_after = 3
    async with wire.post(f"{fake.url}/channels/43/messages", json={"content": "a"}) as answer:
        assert (answer.status, "Via" in answer.headers) == (429, False)
    assert fake.messages == []


async def test_process_of_its_own_tells_all_of_it() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", "--no-limits", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    try:
        async with aiohttp.ClientSession(headers=HEADERS) as wire:
            async with wire.post(f"{url}/channels/42/messages", json={"embeds": [{"title": "A"}]}) as answer:
                head = await answer.json()
            async with wire.post(f"{url}/channels/42/messages/{head['id']}/threads", json={"name": "2 June"}) as answer:
                assert answer.status == 200
            async with wire.get(f"{url.removesuffix('/api/v10')}/messages") as answer:
                told = await answer.json()
    finally:
        process.terminate()
        await process.wait()
    assert told["messages"][0]["embeds"][0]["title"] == "A"
    assert [(each["id"], each["parent"], each["name"]) for each in told["threads"]] == [(head["id"], "42", "2 June")]
    assert (told["refusals_429"], told["posts"], told["invalid"]) == (0, 0, 0)
