"""Which application commands and forms the fake Discord takes: those of the real library, and nothing that Discord refuses."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.fakes.discord import TOKEN, FakeDiscord
from tests.fakes.discord_command_rules import check_command, command_length
from tests.fakes.discord_errors import Refusal
from tests.fakes.discord_modals import checked_modal

HEADERS = {"Authorization": f"Bot {TOKEN}", "User-Agent": "DiscordBot (test, 1)"}
OPTION = {"type": 3, "name": "a", "description": "b"}
SUB = {"type": 1, "name": "s", "description": "b"}
CHOICE = {"name": "One", "value": "1"}
FIELD = {"type": 4, "custom_id": "a", "style": 1, "label": "A"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as platform:
        platform.limits.is_on = False
        yield platform


class InThreeLanguages(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        _: app_commands.TranslationContextTypes,
    ) -> str | None:
        return (
            {discord.Locale.vietnamese: "báo", discord.Locale.chinese: "论文"}.get(locale) if string.message == "papers" else None
        )


async def test_library_registers_its_commands_and_keeps_their_ids(fake: FakeDiscord) -> None:
    Route.BASE = fake.url

    @app_commands.command(name="papers", description="Papers")
    @app_commands.choices(style=[app_commands.Choice(name="Short", value="short")])
    async def papers(interaction: discord.Interaction, number: app_commands.Range[int, 1, 5], style: str = "short") -> None:
        """Never called."""

    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(TOKEN)
        tree = app_commands.CommandTree(client)
        await tree.set_translator(InThreeLanguages())
        tree.add_command(papers)
        first = await tree.sync()
        again = await tree.sync()
        fetched = await tree.fetch_commands()
    assert [each.id for each in first] == [each.id for each in again] == [each.id for each in fetched]
    assert fake.commands[""]["papers"]["name_localizations"] == {"vi": "báo", "zh-CN": "论文"}
    assert (fake.syncs, fake.oddities) == (2, [])
    reader = fake.person(1001, locale="vi")
    assert reader.menu() == {"papers": "Papers"}


def command(**more: object) -> dict[str, Any]:
    return {"name": "papers", "description": "Papers"} | more


def of(*options: dict[str, Any]) -> dict[str, Any]:
    return command(options=list(options))


@pytest.mark.parametrize(
    "said",
    [
        command(),
        command(name="báo-cáo_1"),
        command(name="论文"),
        command(name_localizations={"es-419": "diario"}, contexts=[0, 1], integration_types=[0], default_member_permissions="32"),
        command(type=3, name="Save This", description=""),
        of(OPTION | {"required": True}, OPTION | {"name": "b", "autocomplete": True}),
        of(SUB, {"type": 2, "name": "g", "description": "b", "options": [SUB]}),
        of(OPTION | {"choices": [CHOICE | {"name": str(each)} for each in range(25)]}),
    ],
)
def test_what_discord_takes_is_taken(said: dict[str, Any]) -> None:
    assert check_command(said) == []


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (command(name="Papers"), "name"),
        (command(name="my papers"), "name"),
        (command(name="x" * 33), "name"),
        (command(name=""), "name"),
        (command(description="x" * 101), "description"),
        (command(description=""), "description"),
        (command(name_localizations={"zh": "a"}), "name_localizations"),
        (command(name_localizations={"vi": "Á"}), "name_localizations"),
        (command(description_localizations={"vi": "x" * 101}), "description_localizations"),
        (command(type=3), "description"),
        (command(contexts=[]), "contexts"),
        (command(contexts=[3]), "contexts"),
        (command(integration_types=[2]), "integration_types"),
        (command(default_member_permissions="all"), "default_member_permissions"),
        (of(*(OPTION | {"name": f"a{each}"} for each in range(26))), "options"),
        (of(OPTION, OPTION), "options"),
        (of(OPTION, OPTION | {"name": "b", "required": True}), "options"),
        (of(OPTION, SUB), "options"),
        (of(SUB | {"options": [SUB]}), "options"),
        (of({"type": 2, "name": "g", "description": "b", "options": [OPTION]}), "options"),
        (of({"type": 2, "name": "g", "description": "b", "options": []}), "options"),
        (of(OPTION | {"type": 12}), "options"),
        (of(OPTION | {"name": "A"}), "options"),
        (of(OPTION | {"choices": [CHOICE], "autocomplete": True}), "options"),
        (of(OPTION | {"type": 7, "autocomplete": True}), "options"),
        (of(OPTION | {"choices": [CHOICE, CHOICE]}), "options"),
        (of(OPTION | {"choices": [CHOICE | {"name": str(each)} for each in range(26)]}), "options"),
        (of(OPTION | {"choices": [CHOICE | {"name": "x" * 101}]}), "options"),
        (of(OPTION | {"choices": [CHOICE | {"value": "x" * 101}]}), "options"),
        (of(OPTION | {"choices": [CHOICE | {"value": 1}]}), "options"),
        (of(OPTION | {"type": 4, "choices": [CHOICE]}), "options"),
        (of(OPTION | {"min_value": 1}), "options"),
        (of(OPTION | {"type": 4, "max_length": 1}), "options"),
        (of(OPTION | {"type": 4, "min_value": 2, "max_value": 1}), "options"),
        (of(OPTION | {"max_length": 6001}), "options"),
        (of(OPTION | {"channel_types": [0]}), "options"),
        (of(SUB | {"required": True}), "options"),
        (of(OPTION | {"options": [OPTION]}), "options"),
        (of(OPTION | {"type": 5, "choices": [CHOICE]}), "options"),
        (command(type=4), "type"),
    ],
)
def test_what_discord_refuses_is_refused_at_its_place(said: dict[str, Any], path: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_command(said)
    assert (refused.value.status, refused.value.body["code"]) == (400, 50035)
    errors: Any = refused.value.body["errors"]
    assert path in errors


def test_eight_thousand_characters_count_in_the_longest_language() -> None:
    options: list[dict[str, Any]] = [OPTION | {"name": f"a{each}", "description": "x" * 90, "choices": []} for each in range(25)]
    for option in options:
        option["choices"] = [{"name": f"{each}", "name_localizations": {"vi": "x" * 80}, "value": f"{each}"} for each in range(3)]
    said = of(*options)
    assert command_length(said) > 8000
    with pytest.raises(Refusal, match="Invalid Form Body"):
        check_command(said)
    for option in options:
        option["choices"] = option["choices"][:2]
    assert command_length(said) == 12 + sum(len(each["name"]) + 90 + 2 * 81 for each in options) <= 8000
    assert check_command(said) == []


async def test_hundred_commands_and_two_hundred_creations_a_day(fake: FakeDiscord) -> None:
    async def put(said: object, guild: str = "") -> tuple[int, int]:
        path = f"/applications/108{'/guilds/' + guild if guild else ''}/commands"
        async with session.put(f"{fake.url}{path}", json=said, headers={"Content-Type": "application/json"}) as answer:
            told = await answer.json()
            return answer.status, told["code"] if isinstance(told, dict) else len(told)

    async with aiohttp.ClientSession(headers=HEADERS) as session:
        assert await put([command(name=f"a{each}") for each in range(100)]) == (200, 100)
        assert await put([command(name=f"a{each}") for each in range(101)]) == (400, 30032)
        assert await put([command(), command()]) == (400, 50035)
        assert await put([command(name=f"b{each}") for each in range(100)]) == (200, 100)
        assert await put([command(name=f"b{each}") for each in range(99)]) == (200, 99)
        assert await put([command(name="new")]) == (429, 30034)
        assert await put([command(name="new")], "1") == (200, 1)
        assert await put([command(name="new")], "2") == (403, 50001)
        assert await put(command()) == (400, 50035)
    reader = fake.person(1001)
    assert (len(reader.menu("42")), len(reader.menu()), fake.syncs) == (100, 99, 4)


@pytest.mark.parametrize(
    "more",
    [
        {"title": "x" * 46},
        {"title": ""},
        {"custom_id": "x" * 101},
        {"components": []},
        {"components": [{"type": 1, "components": [FIELD | {"custom_id": str(each)}]} for each in range(6)]},
        {"components": [{"type": 1, "components": [FIELD, FIELD]}]},
        {"components": [{"type": 1, "components": [FIELD | {"label": "x" * 46}]}]},
        {"components": [{"type": 1, "components": [FIELD | {"placeholder": "x" * 101}]}]},
        {"components": [{"type": 1, "components": [FIELD | {"max_length": 4001}]}]},
        {"components": [{"type": 1, "components": [FIELD | {"value": "xx", "max_length": 1}]}]},
        {"components": [{"type": 1, "components": [FIELD | {"style": 3}]}]},
        {"components": [{"type": 1, "components": [FIELD]}, {"type": 1, "components": [FIELD]}]},
        {"components": [{"type": 18, "label": "x" * 46, "component": FIELD | {"label": None}}]},
        {"components": [{"type": 18, "label": "A", "description": "x" * 101, "component": FIELD | {"label": None}}]},
        {"components": [{"type": 18, "label": "A", "component": FIELD}]},
        {"components": [{"type": 18, "label": "A", "component": {"type": 2, "custom_id": "a"}}]},
        {"components": [{"type": 18, "label": "A", "component": {"type": 3, "custom_id": "a", "options": []}}]},
        {"components": [{"type": 2, "label": "A", "custom_id": "a"}]},
        {"components": [{"type": 18, "label": "A", "component": {"type": 8, "custom_id": "a", "disabled": True}}]},
        {"components": [{"type": 18, "label": "A", "component": {"type": 21, "custom_id": "a"}}]},
    ],
)
def test_forms_that_discord_refuses_are_refused(more: dict[str, Any]) -> None:
    right = {"title": "A form", "custom_id": "a", "components": [{"type": 1, "components": [FIELD]}]}
    assert [each["label"] for each in checked_modal(right)] == ["A"]
    with pytest.raises(Refusal, match="Invalid Form Body"):
        checked_modal(right | more)
