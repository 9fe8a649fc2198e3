"""Threads and forums of the fake Discord, made by the real discord.py, and by hand where that would not misbehave."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import Asked, FakeDiscord, Moment

Told = list[tuple[str, dict[str, Any], str]]


class Heard(FakeDiscord):
    """One that keeps what its gateway would tell."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.told: Told = []

    def happened(self, event: str, data: dict[str, Any], guild: str) -> None:
        self.told.append((event, data, guild))

    def events(self, *names: str) -> list[str]:
        return [event for event, _, _ in self.told if event in names or not names]


@pytest.fixture
async def fake() -> AsyncIterator[Heard]:
    async with Heard() as server:
        server.limits.is_on = False
        server.text_channel("42")
        server.forum("50", tags=("cs.CL", "cs.LG"))
        yield server


async def asked(
    fake: FakeDiscord, wire: aiohttp.ClientSession, verb: str, path: str, body: object = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of what is answered."""
    async with wire.request(verb, f"{fake.url}{path}", json=body) as answer:
        return answer.status, await answer.json(content_type=None) or {}


async def head(client: discord.Client, channel: int = 42) -> discord.PartialMessage:
    """A message that a thread may be made from."""
    sent = await client.get_partial_messageable(channel).send("Head")
    return client.get_partial_messageable(channel, guild_id=1).get_partial_message(sent.id)


async def threaded(client: discord.Client, message: discord.PartialMessage, *, name: str = "2 June") -> dict[str, Any]:
    """The thread as it is answered; the library's own method for it needs a guild that the gateway told of."""
    made = await client.http.start_thread_with_message(message.channel.id, message.id, name=name, auto_archive_duration=1440)
    return dict(made)


A_POST = {"name": "2 June", "message": {"content": "Head"}}


async def test_thread_has_the_id_of_its_message_and_takes_messages(client: discord.Client, fake: Heard) -> None:
    message = await head(client)
    thread = await threaded(client, message, name="2 June")
    assert (int(thread["id"]), thread["parent_id"], thread["owner_id"]) == (message.id, "42", "108")
    await client.get_partial_messageable(message.id).send(embed=discord.Embed(title="A paper"))
    assert [(each.channel, each.thread, each.content) for each in fake.shown("42")] == [
        ("42", "", "Head"),
        ("42", str(message.id), ""),
    ]
    assert fake.events("THREAD_CREATE") == ["THREAD_CREATE"]
    assert fake.described_message(fake.messages[0])["thread"]["name"] == "2 June"


async def test_library_makes_a_thread_of_its_own_objects(client: discord.Client, fake: Heard) -> None:
    guild = await client.fetch_guild(1)
    channel = await client.fetch_channel(42)
    assert isinstance(channel, discord.TextChannel)
    assert channel.guild == guild
    sent = await channel.send("Head")
    thread = await sent.create_thread(name="2 June")
    assert (thread.id, thread.parent_id, thread.owner_id, thread.auto_archive_duration) == (sent.id, 42, 108, 1440)
    (active,) = await guild.active_threads()
    assert (active.id, active.name, active.archived) == (thread.id, "2 June", False)
    await thread.edit(archived=True)
    assert await guild.active_threads() == []
    await thread.send("a")
    assert [each.id for each in await guild.active_threads()] == [thread.id]
    assert [each.id for each in fake.threads_of("42")] == [str(thread.id)]


@pytest.mark.parametrize(
    ("befalls", "status", "code"),
    [
        (lambda fake, _: fake.takes_thread_rights("42"), 403, 50013),
        (lambda fake, _: fake.takes_rights("42", can_see=False), 403, 50001),
        (lambda fake, _: fake.deletes_channel("42"), 404, 10003),
        (lambda fake, _: fake.removes_guild(), 404, 10004),
        (lambda fake, _: fake.fills_threads("42"), 400, 160006),
        (lambda _, message: setattr(message, "is_deleted", True), 404, 10008),
        (lambda fake, message: setattr(message, "thread", fake.thread(message.id, "42")), 400, 160004),
    ],
)
async def test_thread_that_may_not_be_is_refused_with_its_reason(
    client: discord.Client, fake: Heard, befalls: Callable[..., None], status: int, code: int
) -> None:
    message = await head(client)
    befalls(fake, fake.messages[0])
    with pytest.raises(discord.HTTPException) as raised:
        await threaded(client, message, name="2 June")
    assert (raised.value.status, raised.value.code) == (status, code)


async def test_message_has_one_thread_until_that_is_deleted(client: discord.Client, fake: Heard) -> None:
    message = await head(client)
    await threaded(client, message, name="a")
    with pytest.raises(discord.HTTPException, match="already been created"):
        await threaded(client, message, name="b")
    assert [each.name for each in fake.threads_of("42")] == ["a"]
    fake.deletes_thread(str(message.id))
    assert fake.events("THREAD_DELETE") == ["THREAD_DELETE"]
    with pytest.raises(discord.NotFound):
        await client.get_partial_messageable(message.id).send("c")
    await threaded(client, message, name="b")
    assert [each.name for each in fake.threads_of("42")] == ["b"]


async def test_no_thread_is_made_in_threads_and_direct_chats(client: discord.Client, fake: Heard) -> None:
    fake.user("9", "reader")
    thread = fake.thread("43", "42")
    for place in (int(thread), int(fake.direct("9"))):
        message = await head(client, place)
        with pytest.raises(discord.HTTPException) as raised:
            await threaded(client, message, name="a")
        assert raised.value.code == 50024


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"name": "a", "auto_archive_duration": 61}, "auto_archive_duration"),
        ({"name": "a", "rate_limit_per_user": 21601}, "rate_limit_per_user"),
    ],
)
async def test_thread_with_a_wrong_name_or_time_is_refused(
    fake: Heard, wire: aiohttp.ClientSession, client: discord.Client, body: dict[str, Any], path: str
) -> None:
    message = await head(client)
    for where, more in ((f"42/messages/{message.id}", {}), ("42", {}), ("50", {"message": {"content": "a"}})):
        status, said = await asked(fake, wire, "POST", f"/channels/{where}/threads", body | more)
        assert (status, said["code"], list(said["errors"])) == (400, 50035, [path])
    assert fake.events("THREAD_CREATE") == []


async def test_words_in_threads_have_a_right_of_their_own(client: discord.Client, fake: Heard) -> None:
    thread = client.get_partial_messageable(int(fake.thread("43", "42")))
    fake.takes_rights("42")
    await thread.send("a")
    fake.gives_rights("42")
    fake.takes_rights_in_threads("42")
    await client.get_partial_messageable(42).send("b")
    with pytest.raises(discord.Forbidden) as raised:
        await thread.send("c")
    assert (raised.value.code, fake.texts()) == (50013, ["a", "b"])
    fake.gives_rights("42")
    fake.takes_embed_rights("42")
    with pytest.raises(discord.Forbidden):
        await thread.send(embed=discord.Embed(title="d"))


async def test_only_a_message_fetches_a_thread_out_of_the_archive(client: discord.Client, fake: Heard) -> None:
    thread = client.get_partial_messageable(int(fake.thread("43", "42")))
    message = await thread.send("a")
    fake.archives("43")
    for doing in (thread.typing, lambda: message.edit(content="b")):
        with pytest.raises(discord.HTTPException) as raised:
            await doing()
        assert raised.value.code == 50083
    await thread.send("c")
    assert (fake.channels.at("43").archived, fake.texts("43")) == (False, ["a", "c"])
    assert fake.events("THREAD_UPDATE") == ["THREAD_UPDATE"] * 2
    fake.locks("43")
    with pytest.raises(discord.Forbidden) as refused:
        await thread.send("d")
    assert refused.value.code == 160005


async def test_post_begins_with_its_message_and_comes_as_often_as_it_is_made(client: discord.Client, fake: Heard) -> None:
    forum = await client.fetch_channel(50)
    assert isinstance(forum, discord.ForumChannel)
    tag = forum.get_tag(forum.available_tags[0].id)
    assert tag is not None
    for _ in range(2):
        made = await forum.create_thread(name="2 June", content="Head", embed=discord.Embed(title="A"), applied_tags=[tag])
        assert made.thread.id == made.message.id
    assert (fake.posts, fake.repeats_stopped, len(fake.shown("50"))) == (2, 0, 2)
    assert {(each.channel, each.content, each.embeds[0]["title"]) for each in fake.shown()} == {("50", "Head", "A")}
    assert [each.name for each in await (await client.fetch_guild(1)).active_threads()] == ["2 June", "2 June"]
    assert fake.channels.at(fake.shown()[0].thread).applied == (str(tag.id),)
    await made.thread.send("a")
    assert len(fake.shown("50")) == 3


@pytest.mark.parametrize(
    ("befalls", "body", "code"),
    [
        (lambda fake: fake.requires_tag("50"), A_POST, 40067),
        (lambda fake: fake.takes_rights("50"), A_POST, 50013),
        (lambda fake: fake.takes_embed_rights("50"), A_POST | {"message": {"embeds": [{"title": "a"}]}}, 50013),
        (lambda fake: fake.fills_threads("50"), A_POST, 160006),
        (lambda fake: fake.deletes_channel("50"), A_POST, 10003),
        (lambda _: None, A_POST | {"applied_tags": ["1"]}, 10087),
        (lambda _: None, {"name": "2 June"}, 50035),
        (lambda _: None, A_POST | {"message": {"content": " "}}, 50006),
        (lambda _: None, A_POST | {"message": {"content": "a" * 2001}}, 50035),
    ],
)
async def test_post_that_may_not_be_is_refused_with_its_reason(
    fake: Heard, wire: aiohttp.ClientSession, befalls: Callable[[Heard], None], body: object, code: int
) -> None:
    befalls(fake)
    _, said = await asked(fake, wire, "POST", "/channels/50/threads", body)
    assert (said["code"], fake.posts, fake.messages) == (code, 0, [])
    assert code != 50035 or list(said["errors"]) == ["message"]


async def test_right_to_make_threads_is_not_asked_for_in_a_forum(fake: Heard, wire: aiohttp.ClientSession) -> None:
    fake.takes_thread_rights("50")
    assert (await asked(fake, wire, "POST", "/channels/50/threads", A_POST))[0] == 200
    assert (await asked(fake, wire, "POST", "/channels/50/messages", {"content": "a"}))[1]["code"] == 50008
    assert (await asked(fake, wire, "POST", "/channels/42/threads", A_POST))[1]["code"] == 50035


async def test_fresh_posts_may_be_missing_in_the_list(fake: Heard, wire: aiohttp.ClientSession) -> None:
    async def listed() -> int:
        return len((await asked(fake, wire, "GET", "/guilds/1/threads/active"))[1]["threads"])

    await asked(fake, wire, "POST", "/channels/50/threads", A_POST)
    fake.hides_posts("50", requests=2)
    await asked(fake, wire, "POST", "/channels/50/threads", A_POST)
    assert [await listed() for _ in range(3)] == [1, 1, 2]
    fake.hides_posts("50")
    await asked(fake, wire, "POST", "/channels/50/threads", A_POST)
    assert await listed() == 2
    fake.shows_posts("50")
    assert await listed() == 3
    fake.takes_rights("50", can_see=False)
    assert await listed() == 0
    assert (await asked(fake, wire, "GET", "/guilds/77/threads/active"))[1]["code"] == 10004


@pytest.mark.parametrize(
    ("kind", "path", "body"),
    [("thread", "/channels/42/messages/{head}/threads", {"name": "a"}), ("post", "/channels/50/threads", A_POST)],
)
async def test_what_is_made_though_its_answer_is_lost_is_there(
    fake: Heard, wire: aiohttp.ClientSession, client: discord.Client, kind: str, path: str, body: object
) -> None:
    moments: list[tuple[Moment, str, int]] = []

    async def on_send(moment: Moment, request: Asked) -> None:
        moments.append((moment, request.kind, len(fake.threads_of(request.channel))))

    path = path.format(head=(await head(client)).id)
    fake.on_send = on_send
    fake.drops(kind=kind)
    fake.loses_answer(cuts=True, kind=kind)
    counts = []
    for _ in range(2):
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await asked(fake, wire, "POST", path, body)
        counts.append(len([each for each in fake.channels.places.values() if each.is_thread]))
    assert counts == [0, 1]
    assert moments == [("before", kind, 0), ("accepted", kind, 1)]
