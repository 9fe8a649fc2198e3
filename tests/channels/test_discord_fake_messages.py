"""What the fake Discord takes as a message, and what becomes of one; the real discord.py where that would send such a thing."""

import io
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord_embeds import ALL_CHARS, characters
from tests.fakes.discord_errors import Refusal
from tests.fakes.discord_messages import EPHEMERAL, checked


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


def errors(body: dict[str, Any], *, is_interaction: bool = False) -> dict[str, list[str]]:
    """The codes that are told, by path."""

    def told(tree: dict[str, Any], path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, inner in tree.items():
            if name == "_errors":
                found[path] = [each["code"] for each in inner]
            else:
                found |= told(inner, f"{path}.{name}".lstrip("."))
        return found

    try:
        checked(body, is_interaction=is_interaction)
    except Refusal as refusal:
        if refusal.body["code"] != 50035:
            return {"": [str(refusal.body["code"])]}
        tree = refusal.body["errors"]
        assert isinstance(tree, dict)
        return told(tree, "")
    return {}


def button(**more: object) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Save", "custom_id": "sv:1"} | more


def rows(*inside: dict[str, Any]) -> dict[str, Any]:
    return {"content": "a", "components": [{"type": 1, "components": list(inside)}]}


def select(count: int = 2, **more: object) -> dict[str, Any]:
    options = [{"label": f"Style {n}", "value": str(n)} for n in range(count)]
    return {"type": 3, "custom_id": "st", "options": options} | more


def embed(**more: object) -> dict[str, Any]:
    return {"embeds": [{"title": "A paper"} | more]}


LONG = "BASE_TYPE_MAX_LENGTH"
LENGTH = "BASE_TYPE_BAD_LENGTH"
NEEDED = "BASE_TYPE_REQUIRED"
CHOICE = "BASE_TYPE_CHOICES"
A_FIELD = {"name": "a", "value": "b"}


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "a" * 2001}, "content", LONG),
        (embed(title="a" * 257), "embeds.0.title", LONG),
        (embed(description="a" * 4097), "embeds.0.description", LONG),
        (embed(fields=[A_FIELD] * 26), "embeds.0.fields", LONG),
        (embed(fields=[A_FIELD, {"name": "a" * 257, "value": "b"}]), "embeds.0.fields.1.name", LONG),
        (embed(fields=[{"name": "a", "value": "b" * 1025}]), "embeds.0.fields.0.value", LONG),
        (embed(fields=[{"name": " ", "value": "b"}]), "embeds.0.fields.0.name", NEEDED),
        (embed(fields=[{"name": "a", "value": "\n"}]), "embeds.0.fields.0.value", NEEDED),
        (embed(footer={"text": "a" * 2049}), "embeds.0.footer.text", LONG),
        (embed(author={"name": "a" * 257}), "embeds.0.author.name", LONG),
        (embed(author={"url": "https://x.org"}), "embeds.0.author.name", NEEDED),
        (embed(author={"name": "a", "url": "x.org"}), "embeds.0.author.url", "URL_TYPE_INVALID_URL"),
        (embed(url="arxiv.org/abs/1"), "embeds.0.url", "URL_TYPE_INVALID_URL"),
        (embed(url="https://x .org"), "embeds.0.url", "URL_TYPE_INVALID_URL"),
        (embed(url="ftp://x.org"), "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
        (embed(image={"url": "javascript://x"}), "embeds.0.image.url", "URL_TYPE_INVALID_SCHEME"),
        (embed(color=0x1000000), "embeds.0.color", "NUMBER_TYPE_MAX"),
        (embed(color=-1), "embeds.0.color", "NUMBER_TYPE_MIN"),
        (embed(color="red"), "embeds.0.color", "NUMBER_TYPE_COERCE"),
        (embed(timestamp="today"), "embeds.0.timestamp", "DATE_TIME_TYPE_PARSE"),
        (embed(title=["a"], description="b"), "embeds.0.title", "STRING_TYPE_CONVERT"),
        ({"embeds": [{"color": 1, "title": " "}]}, "embeds.0.description", NEEDED),
        ({"embeds": [{"title": "a"}] * 11}, "embeds", LONG),
        ({"embeds": [{"description": "a" * 3000}, {"description": "a" * 3001}]}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
        ({"embeds": {"title": "a"}}, "embeds", "LIST_TYPE_CONVERT"),
        (rows(*[button(custom_id=str(n)) for n in range(6)]), "components.0.components", LENGTH),
        (rows(), "components.0.components", LENGTH),
        (
            {"content": "a", "components": [{"type": 1, "components": [button(custom_id=str(n))]} for n in range(6)]},
            "components",
            LONG,
        ),
        ({"content": "a", "components": [button()]}, "components.0.type", CHOICE),
        (rows(button(label="a" * 81)), "components.0.components.0.label", LONG),
        (rows(button(label=" ")), "components.0.components.0", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
        (rows(button(style=9)), "components.0.components.0.style", CHOICE),
        (rows(button(custom_id="a" * 101)), "components.0.components.0.custom_id", LENGTH),
        (rows(button(custom_id="")), "components.0.components.0.custom_id", LENGTH),
        (rows(button(custom_id=None)), "components.0.components.0.custom_id", NEEDED),
        (rows(button(), button()), "components.0.components.1.custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"),
        (rows(button(style=5, custom_id=None)), "components.0.components.0.url", NEEDED),
        (rows(button(style=5, url="tg://x", custom_id=None)), "components.0.components.0.url", "URL_TYPE_INVALID_SCHEME"),
        (rows(button(style=5, url="https://" + "x" * 505, custom_id=None)), "components.0.components.0.url", LONG),
        (
            rows(button(style=5, url="https://x.org")),
            "components.0.components.0",
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (rows(button(url="https://x.org")), "components.0.components.0", "BUTTON_COMPONENT_INVALID_URL"),
        (rows(select(), button()), "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        (rows(select(0)), "components.0.components.0.options", LENGTH),
        (rows(select(26)), "components.0.components.0.options", LENGTH),
        (rows(select(placeholder="a" * 151)), "components.0.components.0.placeholder", LONG),
        (rows(select(max_values=3)), "components.0.components.0.max_values", "NUMBER_TYPE_MAX"),
        (rows(select(min_values=2)), "components.0.components.0.min_values", "NUMBER_TYPE_MAX"),
        (rows(select(options=[{"label": "a", "value": "b"}] * 2)), "components.0.components.0.options.1.value", None),
        (rows(select(options=[{"label": "a" * 101, "value": "b"}])), "components.0.components.0.options.0.label", LONG),
        (rows(select(options=[{"label": "a", "value": "b" * 101}])), "components.0.components.0.options.0.value", LONG),
        (
            rows(select(options=[{"label": "a", "value": "b", "description": "c" * 101}])),
            "components.0.components.0.options.0.description",
            LONG,
        ),
        (rows({"type": 4, "custom_id": "a"}), "components.0.components.0.type", CHOICE),
        ({"content": "a", "flags": EPHEMERAL}, "flags", CHOICE),
        ({"content": "a", "nonce": 1.5}, "nonce", "NONCE_TYPE_INVALID"),
        ({"content": "a", "allowed_mentions": {"parse": ["users", "all"]}}, "allowed_mentions.parse.1", CHOICE),
    ],
)
def test_each_thing_that_is_wrong_is_told_at_its_place(body: dict[str, Any], path: str, code: str | None) -> None:
    assert errors(body) == {path: [code or "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"]}


@pytest.mark.parametrize(
    "body",
    [
        {"content": "a" * 2000},
        embed(title="a" * 256, description="b" * 4096, fields=[A_FIELD] * 25, color=0xFFFFFF, url="https://x.org"),
        embed(fields=[{"name": "a" * 256, "value": "b" * 1024}] * 4, timestamp="2026-01-01T00:00:00+00:00"),
        embed(footer={"text": "a" * 2048}, author={"name": "a" * 256, "url": "https://x.org"}),
        {"embeds": [{"description": "a" * 600}] * 10},
        {
            "content": "a",
            "components": [{"type": 1, "components": [button(custom_id=f"{r}{n}") for n in range(5)]} for r in range(5)],
        },
        rows(button(label="a" * 80, custom_id="b" * 100), button(style=5, url="https://" + "x" * 504, custom_id=None)),
        rows(select(25, placeholder="a" * 150, min_values=0, max_values=25)),
        {"components": rows(button())["components"]},
        {"content": "a", "nonce": "n" * 25, "flags": 4 | 4096, "allowed_mentions": {"parse": []}},
    ],
)
def test_all_that_just_fits_is_taken(body: dict[str, Any]) -> None:
    assert errors(body) == {}


def test_only_an_answer_to_an_interaction_is_for_one_person_and_nothing_at_all_is_refused() -> None:
    assert errors({"content": "a", "flags": EPHEMERAL}, is_interaction=True) == {}
    bodies: tuple[dict[str, Any], ...] = ({}, {"content": " "}, {"content": None}, {"embeds": [], "components": []})
    for body in bodies:
        assert errors(body) == {"": ["50006"]}


def test_all_that_is_wrong_is_told_at_once() -> None:
    body = embed(title="a" * 257, url="x") | rows(button(label=""))
    assert set(errors(body)) == {"embeds.0.title", "embeds.0.url", "components.0.components.0"}


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Z", "C"]), min_size=1)


@settings(max_examples=40)
@given(st.lists(st.tuples(TEXT, TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=3)), min_size=1, max_size=10), st.integers(-1, 1))
def test_six_thousand_characters_over_all_embeds_are_the_most(parts: list[Any], over: int) -> None:
    embeds = [
        {"title": title[:256], "footer": {"text": footer}, "fields": [{"name": n[:256], "value": v[:1024]} for n, v in fields]}
        for title, footer, fields in parts
    ]
    left = ALL_CHARS + over - sum(map(characters, embeds))
    for each in embeds:  # filled up to the brim, and one over it
        each["description"] = "x" * min(4096, left)
        left -= len(str(each["description"]))
    is_over = over > 0 and left == 0
    assert errors({"embeds": embeds}) == ({"embeds": ["MAX_EMBED_SIZE_EXCEEDED"]} if is_over else {})


async def test_library_sends_embeds_and_buttons_and_people_see_them(client: discord.Client, fake: FakeDiscord) -> None:
    paper = discord.Embed(title="A paper", url="https://arxiv.org/abs/1", colour=0xB31B1B, description="Why").add_field(
        name="Task", value="Agents"
    )
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Save", custom_id="1sv:1"))
    view.add_item(discord.ui.Button(label="PDF", url="https://arxiv.org/pdf/1"))
    message = await client.get_partial_messageable(42).send("Head", embed=paper, view=view)
    (seen,) = fake.shown("42")
    assert (seen.content, seen.channel, seen.thread) == ("Head", "42", "")
    assert seen.embeds[0]["fields"] == [{"name": "Task", "value": "Agents", "inline": True}]
    assert [each.get("custom_id") or each["url"] for each in seen.buttons] == ["1sv:1", "https://arxiv.org/pdf/1"]
    assert (message.embeds[0].title, len(message.components)) == ("A paper", 1)


async def test_embeds_with_one_address_are_seen_as_one(client: discord.Client, fake: FakeDiscord) -> None:
    papers = [discord.Embed(title=title, url="https://arxiv.org/abs/1") for title in ("a", "b")]
    await client.get_partial_messageable(42).send(embeds=papers)
    assert [each["title"] for each in fake.shown()[0].embeds] == ["a"]


async def test_embeds_need_a_right_of_their_own(client: discord.Client, fake: FakeDiscord) -> None:
    fake.takes_embed_rights("42")
    await client.get_partial_messageable(42).send("a")
    with pytest.raises(discord.Forbidden) as raised:
        await client.get_partial_messageable(42).send(embed=discord.Embed(title="a"))
    assert (raised.value.code, fake.texts(), fake.invalid) == (50013, ["a"], 1)


async def test_message_is_changed_looked_at_and_deleted(client: discord.Client, fake: FakeDiscord) -> None:
    channel = client.get_partial_messageable(42)
    sent = await channel.send("a", embed=discord.Embed(title="b"))
    await channel.get_partial_message(sent.id).edit(content="c")
    (kept,) = fake.messages
    assert (kept.content, kept.embeds[0]["title"], kept.edits) == ("c", "b", 1)
    with pytest.raises(discord.HTTPException) as raised:
        await channel.get_partial_message(sent.id).edit(content="", embeds=[])
    assert (raised.value.code, kept.content) == (50006, "c")
    await channel.get_partial_message(sent.id).delete()
    assert (fake.shown(), fake.texts(), len(fake.messages)) == ([], [], 1)
    with pytest.raises(discord.NotFound) as missing:
        await channel.get_partial_message(sent.id).edit(content="d")
    assert missing.value.code == 10008


async def test_file_arrives_and_can_be_had_back(client: discord.Client, fake: FakeDiscord) -> None:
    content = bytes(range(256))
    sent = await client.get_partial_messageable(42).send("Yours", file=discord.File(io.BytesIO(content), "paperboy.json"))
    with pytest.raises(discord.HTTPException) as raised:
        await client.get_partial_messageable(42).send(file=discord.File(io.BytesIO(bytes(10 * 1024 * 1024 + 1)), "large.pdf"))
    assert (raised.value.status, raised.value.code) == (413, 40005)
    (told,) = sent.attachments
    assert (told.filename, told.size, fake.texts()) == ("paperboy.json", 256, ["Yours"])
    async with aiohttp.ClientSession() as session, session.get(told.url) as answer:
        assert await answer.read() == content
    async with aiohttp.ClientSession() as session, session.get(told.url + "x") as answer:
        assert answer.status == 404
