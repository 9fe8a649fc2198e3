"""The fake Discord is as strict as the real one; driven by the real discord.py, and by hand where that would not misbehave."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

from tests.fakes.discord import TOKEN, Asked, FakeDiscord, Moment

HEADERS = {"Authorization": f"Bot {TOKEN}", "User-Agent": "DiscordBot (test, 1)", "Content-Type": "application/json"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
async def wire() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=HEADERS) as session:
        yield session


async def posted(
    fake: FakeDiscord, wire: aiohttp.ClientSession, body: object = None, channel: str = "42", **headers: str
) -> tuple[int, dict[str, object], dict[str, str]]:
    """Status, body and headers of what is answered."""
    extra = {name.replace("_", "-"): value for name, value in headers.items()}
    said = {"content": "a"} if body is None else body
    async with wire.post(f"{fake.url}/channels/{channel}/messages", json=said, headers=extra) as answer:
        return answer.status, await answer.json(content_type=None), dict(answer.headers)


async def test_library_sends_and_gets_its_message(client: discord.Client, fake: FakeDiscord) -> None:
    message = await client.get_partial_messageable(42).send(" a ", nonce="n1")
    assert (str(message.id), message.content, message.nonce) == (fake.messages[0].id, "a", "n1")
    assert [each.kind for each in fake.requests] == ["me", "application", "message"]
    assert fake.answers == {200: 3}


async def test_library_always_enforces_its_nonce(client: discord.Client, fake: FakeDiscord) -> None:
    """What the ledger's promise for Discord rests on."""
    await client.get_partial_messageable(42).send("a", nonce="n1")
    await client.get_partial_messageable(42).send("b")
    bodies = [each.body for each in fake.requests if each.kind == "message"]
    assert [body["enforce_nonce"] for body in bodies] == [True, True]
    assert bodies[0]["nonce"] == "n1"
    assert bodies[1]["nonce"]


async def test_repeat_is_known_over_all_channels_and_only_for_a_while(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    said = {"content": "a", "nonce": "n1", "enforce_nonce": True}
    first, again = await posted(fake, wire, said), await posted(fake, wire, said, "43")
    assert first[1]["id"] == again[1]["id"]
    assert (len(fake.messages), fake.repeats_stopped) == (1, 1)
    await posted(fake, wire, said | {"enforce_nonce": False})
    fake.nonce_window_s = 0.0
    await posted(fake, wire, said)
    assert (len(fake.messages), fake.repeats_stopped) == (3, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": ""}, 50006),
        ({"content": " \n "}, 50006),
        ({}, 50006),
        ({"content": "😀" * 2001}, 50035),
        ({"content": 5}, 50035),
        ({"content": "a", "nonce": "n" * 26}, 50035),
        ({"content": "a", "flags": 1}, 50035),
        ({"content": "a", "allowed_mentions": {"parse": ["all"]}}, 50035),
        ([], 50035),
    ],
)
async def test_what_discord_refuses_is_refused(fake: FakeDiscord, wire: aiohttp.ClientSession, body: object, code: int) -> None:
    status, said, _ = await posted(fake, wire, body)
    assert (status, said["code"], fake.messages) == (400, code, [])


async def test_two_thousand_emoji_are_two_thousand_characters(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    assert (await posted(fake, wire, {"content": "😀" * 2000}))[0] == 200


async def test_who_is_no_bot_or_has_no_token_or_sends_no_json_is_refused(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    assert (await posted(fake, wire, Authorization="Bot x"))[:2] == (401, {"message": "401: Unauthorized", "code": 0})
    assert (await posted(fake, wire, User_Agent="curl"))[1]["code"] == 40333
    assert (await posted(fake, wire, Content_Type="text/plain"))[0] == 400
    assert (await posted(fake, wire, channel="papers"))[0] == 400
    async with wire.get(f"{fake.url}/nothing") as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")


async def test_limits_of_a_channel_and_of_the_bot_are_kept_and_told(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    answers = [await posted(fake, wire) for _ in range(6)]
    assert [headers["X-RateLimit-Remaining"] for _, _, headers in answers[:5]] == ["4", "3", "2", "1", "0"]
    status, said, headers = answers[5]
    assert (status, said["global"], headers["X-RateLimit-Scope"], "Via" in headers) == (429, False, "user", True)
    fake.limits.overall = 6
    status, said, headers = await posted(fake, wire, channel="43")
    assert (status, said["global"], headers["X-RateLimit-Scope"]) == (429, True, "global")
    assert (fake.refusals_429, len(fake.messages)) == (2, 5)


async def test_thread_leaves_the_archive_by_a_message_unless_locked(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    fake.archives("43")
    async with wire.post(f"{fake.url}/channels/43/typing") as answer:
        assert answer.status == 400
    assert (await posted(fake, wire, channel="43"))[0] == 200
    async with wire.get(f"{fake.url}/channels/43") as answer:
        closed = (await answer.json())["thread_metadata"]
        assert (closed["archived"], closed["locked"]) == (False, False)
    fake.locks("43")
    assert (await posted(fake, wire, channel="43"))[1]["code"] == 160005


async def test_chance_is_the_same_each_time() -> None:
    kept = []
    for _ in range(2):
        async with FakeDiscord(seed=7) as fake, aiohttp.ClientSession(headers=HEADERS) as wire:
            fake.limits.is_on = False
            fake.fails(503, share=0.3, times=100)
            kept.append([(await posted(fake, wire))[0] for _ in range(30)])
            fake.recovers()
            assert (await posted(fake, wire))[0] == 200
    assert kept[0] == kept[1]
    assert 0 < kept[0].count(503) < 30


async def test_both_moments_of_a_message_are_told(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    seen: list[tuple[Moment, str, int]] = []

    async def on_send(moment: Moment, asked: Asked) -> None:
        seen.append((moment, asked.channel, len(fake.messages)))

    fake.on_send = on_send
    await posted(fake, wire)
    assert seen == [("before", "42", 0), ("accepted", "42", 1)]


async def test_who_is_gone_before_the_message_is_accepted_has_sent_nothing(fake: FakeDiscord) -> None:
    is_asked, may_go = asyncio.Event(), asyncio.Event()

    async def on_send(moment: Moment, _: Asked) -> None:
        if moment == "before":
            is_asked.set()
            await may_go.wait()

    fake.on_send = on_send
    async with aiohttp.ClientSession(headers=HEADERS) as wire:
        sending = asyncio.ensure_future(posted(fake, wire))
        await is_asked.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    await asyncio.sleep(0.01)  # for the server to hear of it
    may_go.set()
    await asyncio.sleep(0)
    assert fake.messages == []


async def test_it_comes_back_where_it_was(fake: FakeDiscord, wire: aiohttp.ClientSession) -> None:
    url = fake.url
    await fake.down()
    with pytest.raises(aiohttp.ClientConnectorError):
        await posted(fake, wire)
    await fake.up()
    assert fake.url == url
    assert (await posted(fake, wire))[0] == 200
    await fake.has_accepted(1)
    assert fake.texts("42") == ["a"]
