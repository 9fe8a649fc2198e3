"""Who may do what at the fake Discord: with threads of others and with their own, with messages, and once too often."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_messages import EPHEMERAL, Body


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        server.text_channel("42")
        yield server


async def asked(fake: FakeDiscord, wire: aiohttp.ClientSession, verb: str, path: str, body: object = None) -> tuple[int, Any]:
    """Status, and Discord's own code or what is answered."""
    async with wire.request(verb, f"{fake.url}{path}", json=body) as answer:
        said = await answer.json(content_type=None)
        return answer.status, said.get("code", said)


@pytest.mark.parametrize(
    ("owner", "verb", "body", "expected"),
    [
        ("108", "", {"name": "b", "auto_archive_duration": 60}, 200),
        ("108", "", {"archived": True}, 200),
        ("108", "archives", {"archived": False}, 200),
        ("108", "archives", {"name": "b"}, (400, 50083)),
        ("108", "locks", {"name": "b"}, (403, 50013)),
        ("108", "", {"locked": True}, (403, 50013)),
        ("9", "", {"archived": True}, (403, 50013)),
        ("108", "", {"name": ""}, (400, 50035)),
    ],
)
async def test_only_what_the_bot_made_and_nobody_locked_can_be_changed(
    fake: FakeDiscord, wire: aiohttp.ClientSession, owner: str, verb: str, body: dict[str, Any], expected: object
) -> None:
    fake.thread("43", "42", owner)
    if verb:
        getattr(fake, verb)("43")
    answer = await asked(fake, wire, "PATCH", "/channels/43", body)
    assert answer == expected or answer[0] == expected
    if expected == 200:
        told = fake.described_channel("43")
        facts = {"name": told["name"], **told["thread_metadata"]}
        assert {name: facts[name] for name in body} == body
    assert await asked(fake, wire, "PATCH", "/channels/42", {"name": "b"}) == (403, 50013)


async def test_thread_goes_the_way_of_its_channel_and_of_its_guild(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    async def code() -> object:
        return (await asked(fake, wire, "POST", "/channels/53/messages", {"content": "a"}))[1]

    fake.limits.is_on = False
    fake.text_channel("52", "5")
    fake.thread("53", "52")
    fake.deletes_channel("52")
    assert await code() == 10003
    fake.restores_channel("52")
    fake.takes_rights("52", can_see=False)
    assert await code() == 50001
    fake.gives_rights("52")
    fake.removes_guild("5")
    assert await code() == 10004
    fake.returns_guild("5")
    fake.puts("52", "6")
    fake.removes_guild("6")
    assert await code() == 10004


async def test_thread_of_a_message_is_told_with_it(client: discord.Client) -> None:
    told: list[tuple[str, dict[str, Any]]] = []

    class Heard(FakeDiscord):
        def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
            told.append((event, data))

    async with Heard() as fake:
        Route.BASE = fake.url
        sent = await client.get_partial_messageable(42).send("Head")
        await client.http.start_thread_with_message(42, sent.id, name="a", auto_archive_duration=60)
        looked = await client.get_partial_messageable(42).fetch_message(sent.id)
    (made,) = (data for event, data in told if event == "THREAD_CREATE")
    (updated,) = (data for event, data in told if event == "MESSAGE_UPDATE")
    assert (made["newly_created"], updated["thread"]["id"], looked.flags.has_thread) == (True, str(sent.id), True)


async def test_words_of_others_are_not_changed_and_what_one_person_sees_is_nowhere(
    client: discord.Client, fake: FakeDiscord
) -> None:
    fake.user("9", "reader")
    channel = client.get_partial_messageable(42)
    theirs = fake.make("42", Body(content="a"), author="9")
    secret = fake.make("42", Body(content="b", flags=EPHEMERAL), seen_by="9")
    for each in (theirs, secret):
        await fake.keep(each)
    with pytest.raises(discord.Forbidden) as raised:
        await channel.get_partial_message(int(theirs.id)).edit(content="c")
    assert raised.value.code == 50005
    with pytest.raises(discord.NotFound):
        await channel.get_partial_message(int(secret.id)).edit(content="c")
    assert [each.content for each in fake.shown("42")] == ["a"]


async def test_file_stays_when_words_are_changed_until_it_is_taken_away(client: discord.Client, fake: FakeDiscord) -> None:
    sent = await client.get_partial_messageable(42).send("a", file=discord.File(io.BytesIO(b"x"), "a.txt"))
    await sent.edit(content="b")
    assert [each["filename"] for each in fake.messages[0].attachments] == ["a.txt"]
    await sent.edit(attachments=[])
    assert fake.messages[0].attachments == []


async def test_answers_to_interactions_are_beyond_the_limit_of_the_bot(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    fake.limits.overall = 1
    path = "/interactions/1/token/callback"
    answers = [await asked(fake, wire, "GET", "/users/@me"), await asked(fake, wire, "POST", path, {"type": 5})]
    assert [status for status, _ in answers] == [200, 404]
    assert (await asked(fake, wire, "GET", "/users/@me"))[0] == 429


async def test_ban_ends_when_ten_minutes_hold_fewer_refusals(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    now = 1000.0
    fake.limits.clock = lambda: now
    fake.bans_after = 2
    fake.takes_rights("42")
    for _ in range(2):
        await asked(fake, wire, "POST", "/channels/42/messages", {"content": "a"})
        now += 300
    async with wire.get(f"{fake.url}/users/@me") as answer:
        assert answer.status == 200, "one of them is ten minutes ago"
    await asked(fake, wire, "POST", "/channels/42/messages", {"content": "a"})
    async with wire.get(f"{fake.url}/users/@me") as answer:
        assert (answer.status, "Via" in answer.headers) == (429, False)
    now += 601
    assert (await asked(fake, wire, "POST", "/channels/43/messages", {"content": "a"}))[0] == 200
