"""People of the fake Discord, whom the real discord.py hears and answers."""

import io
from collections.abc import AsyncIterator
from typing import Any

import discord
import pytest
from discord import app_commands

from tests.channels.discord_listening import Bot, listening
from tests.fakes.discord import FakeDiscord


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as platform:
        platform.limits.is_on = False
        platform.guild("1", "Lab", locale="vi")
        platform.text_channel("42")
        yield platform


@pytest.fixture
async def bot(fake: FakeDiscord) -> AsyncIterator[Bot]:
    async with listening(fake) as made:
        yield made


async def test_command_is_heard_and_answered(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Save", custom_id="v1:sv"))
        await interaction.response.send_message("Subscribed", view=view, ephemeral=True)

    bot.does = answer
    reader, other = fake.person(1001, name="ada", locale="vi", manages_guild=True), fake.person(1002)
    use = await reader.runs("papers subscribe", "42", categories="cs.CL", least=3)
    message = await use.answer()
    heard = bot.heard[0]
    assert heard.data == fake.uses[use.id].data
    assert (heard.user.id, str(heard.locale), str(heard.guild_locale), heard.channel_id) == (1001, "vi", "vi", 42)
    assert heard.permissions.manage_guild
    assert heard.app_permissions.send_messages
    assert (message.content, use.is_ephemeral, reader.toasts, other.seen("42")) == ("Subscribed", True, [message], [])
    assert (use.answered_with, use.answered_within_s is not None) == (4, True)
    with pytest.raises(LookupError):
        await other.taps(message, "Save")

    async def change(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="Saved", view=None)

    bot.does = change
    tap = await reader.taps(message, "Save")
    assert (await tap.answer()).content == "Saved"
    assert await reader.sees("Saved", "42") is message
    assert message.seen_by == reader.id
    await fake.no_loose_ends()


async def test_select_is_chosen_from_and_the_form_is_filled(fake: FakeDiscord, bot: Bot) -> None:
    sent: list[discord.Interaction] = []

    async def answer(interaction: discord.Interaction) -> None:
        view = discord.ui.View(timeout=None)
        options = [discord.SelectOption(label=name, value=name.lower()) for name in ("Short", "Long", "None")]
        view.add_item(discord.ui.Select(custom_id="v1:st", placeholder="Style", options=options, max_values=2))
        await interaction.response.send_message("Settings", view=view)

    class Form(discord.ui.Modal, title="Keywords"):
        note: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay("Between the fields")
        words: discord.ui.Label[discord.ui.View] = discord.ui.Label(
            text="Words", component=discord.ui.TextInput(custom_id="words", default="graph", max_length=20)
        )
        style: discord.ui.Label[discord.ui.View] = discord.ui.Label(
            text="Style",
            component=discord.ui.Select(
                custom_id="style", options=[discord.SelectOption(label="Short"), discord.SelectOption(label="Long")]
            ),
        )
        old: discord.ui.TextInput[discord.ui.View] = discord.ui.TextInput(label="Old", custom_id="old", required=False)

        async def on_submit(self, interaction: discord.Interaction) -> None:
            sent.append(interaction)
            assert isinstance(self.words.component, discord.ui.TextInput)
            await interaction.response.edit_message(content=f"{self.words.component.value}, {self.old.value}", view=None)

    async def open_form(interaction: discord.Interaction) -> None:
        if interaction.type is not discord.InteractionType.modal_submit:
            await interaction.response.send_modal(Form(custom_id="v1:kw"))

    bot.does = answer
    reader = fake.person(1001, manages_guild=True)
    message = await (await reader.runs("papers subscribe", "42", categories="cs.CL")).answer()
    for values, error in ((("Short", "Long", "None"), ValueError), (("Tiny",), LookupError), ((), ValueError)):
        with pytest.raises(error):
            await reader.chooses(message, "Style", *values)
    bot.does = open_form
    form = await (await reader.chooses(message, "Style", "Short", "long")).opens()
    data: Any = bot.heard[-1].data
    assert data["values"] == ["short", "long"]
    assert (form.title, form.labels, form.texts, form.value("Words")) == (
        "Keywords",
        ["Words", "Style", "Old"],
        ["Between the fields"],
        "graph",
    )
    with pytest.raises(ValueError, match="20"):
        await reader.fills(form, {"Words": "x" * 21, "Style": "Long"})
    with pytest.raises(LookupError):
        await reader.fills(form, {"Nothing": "x"})
    assert reader.form is form
    use = await reader.fills(form, {"Words": "transformer", "Style": "Long", "old": "b"})
    assert (await use.answer()) is message
    assert message.content == "transformer, b"
    assert sent[0].type is discord.InteractionType.modal_submit
    with pytest.raises(LookupError):
        await reader.fills(form, {"Words": "again"})
    await fake.no_loose_ends()


async def test_choices_are_offered_while_somebody_types(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.autocomplete([app_commands.Choice(name="Computation and Language", value="cs.CL")])

    async def too_many(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.autocomplete([app_commands.Choice(name=str(each), value="x") for each in range(26)])
        except discord.HTTPException:
            await interaction.response.autocomplete([])

    bot.does = answer
    reader = fake.person(1001, manages_guild=True)
    choices = await reader.completes("papers subscribe", "42", least=3, categories="cs.")
    assert [(each.name, each.value) for each in choices] == [("Computation and Language", "cs.CL")]
    with pytest.raises(ValueError, match="completes nothing"):
        await reader.completes("papers subscribe", "42", least=3)
    bot.does = too_many
    assert await reader.completes("papers subscribe", "42", categories="cs.") == []
    assert len(fake.oddities) == 1


async def test_client_offers_and_sends_only_what_it_may(fake: FakeDiscord, bot: Bot) -> None:
    reader, boss = fake.person(1001), fake.person(1002, manages_guild=True)
    fake.commands[""]["papers"]["default_member_permissions"] = str(1 << 5)
    assert (reader.menu("42"), boss.menu("42")) == ({}, {"papers subscribe": "Subscribe"})
    assert reader.menu() == boss.menu("42")
    with pytest.raises(LookupError):
        await reader.runs("papers subscribe", "42", categories="cs.CL")
    for options in ({}, {"categories": 5}, {"categories": "a", "least": 10}, {"categories": "a", "least": True}):
        with pytest.raises(ValueError):
            await boss.runs("papers subscribe", "42", **options)
    for command in ("paper", "papers", "papers subscribe now"):
        with pytest.raises(LookupError):
            await boss.runs(command, "42", categories="cs.CL")
    with pytest.raises(LookupError):
        await boss.runs("papers subscribe", "42", categories="cs.CL", colour="red")
    fake.text_channel("99", "2")
    with pytest.raises(ValueError, match="server 2"):
        await boss.runs("papers subscribe", "99", categories="cs.CL")
    assert (fake.uses, bot.heard) == ({}, [])
    await reader.runs("papers subscribe", "42", forced=True, categories="cs.CL")
    assert [use.person for use in fake.unanswered] == ["1001"]


async def test_file_and_channel_come_with_a_command_in_a_thread_and_direct_chat(fake: FakeDiscord, bot: Bot) -> None:
    found: list[object] = []

    async def answer(interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        namespace = app_commands.Namespace(interaction, data["resolved"], data["options"][0]["options"])
        found.append(await namespace.file.read())
        if interaction.guild_id:
            found.append((namespace.channel.id, namespace.channel.permissions.send_messages))
        file = discord.File(io.BytesIO(b"out"), "out.bib")
        await interaction.response.send_message("Here", file=file, embed=discord.Embed(title="All of it"))
        assert interaction.guild_id or interaction.context.dm_channel

    bot.does = answer
    fake.thread("44", "42")
    reader = fake.person(1001, manages_guild=True)
    await reader.runs("papers subscribe", "44", categories="a", file=("refs.bib", b"@misc"), channel="42")
    message = await reader.sees("All of it", "44")
    assert (message.attachments[0]["filename"], fake.files[message.attachments[0]["id"]].content) == ("out.bib", b"out")
    await reader.runs("papers subscribe", categories="a", file=("refs.bib", b"@book"))
    assert (await reader.sees("Here")).channel == reader.direct
    assert found == [b"@misc", (42, True), b"@book"]
    await fake.no_loose_ends()


async def test_button_of_a_message_that_the_bot_sent_is_tapped(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        assert interaction.message is not None
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"{interaction.message.content}, counted")
        await interaction.followup.send("Thank you", ephemeral=True)

    bot.does = answer
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button(label="Save", emoji="\N{FLOPPY DISK}", custom_id="v1:sv"))
    view.add_item(discord.ui.Button(label="Page", url="https://arxiv.org/abs/2601.00001"))
    view.add_item(discord.ui.Button(label="Gone", custom_id="v1:x", disabled=True))
    await bot.get_partial_messageable(42).send("A paper", view=view)
    reader, other = fake.person(1001), fake.person(1002)
    message = await reader.sees("A paper", "42")
    assert reader.opens(message, "Page").endswith("2601.00001")
    for label in ("Page", "Gone", "None"):
        with pytest.raises(LookupError):
            await reader.taps(message, label)
    use = await reader.taps(message, "Save")
    assert (await use.follows_up()).seen_by == "1001"
    assert (await use.answer()).content == "A paper, counted"
    assert [each.content for each in reader.toasts] == ["Thank you"]
    assert [each.content for each in other.seen("42")] == ["A paper, counted"]
    forged = await other.forges(message, "v0:old")
    await forged.follows_up()
    await fake.no_loose_ends()


async def test_channel_is_chosen_and_a_form_takes_a_file_that_is_told_to_be_large(fake: FakeDiscord, bot: Bot) -> None:
    told: list[Any] = []

    async def answer(interaction: discord.Interaction) -> None:
        told.append(interaction.data)
        if interaction.type is discord.InteractionType.application_command:
            view = discord.ui.View(timeout=None)
            kinds = [discord.ChannelType.text]
            view.add_item(discord.ui.ChannelSelect(custom_id="v1:ch", placeholder="Where", channel_types=kinds))
            await interaction.response.send_message("Choose", view=view, ephemeral=True)
        elif interaction.type is discord.InteractionType.component:
            form: discord.ui.Modal = discord.ui.Modal(title="Import", custom_id="v1:im")
            form.add_item(discord.ui.Label(text="File", component=discord.ui.FileUpload(custom_id="file")))
            await interaction.response.send_modal(form)
        else:
            await interaction.response.edit_message(content="Taken", view=None)

    bot.does = answer
    fake.forum("43")
    reader = fake.person(1001, manages_guild=True)
    message = await (await reader.runs("papers subscribe", "42", categories="a", file=("a", b"1", 99_000_000))).answer()
    with pytest.raises(ValueError, match="type 15"):
        await reader.chooses(message, "Where", "43")
    form = await (await reader.chooses(message, "Where", "42")).opens()
    assert reader.form is form
    await (await reader.fills(form, {"File": [("refs.bib", b"@misc")]})).answer()
    assert (message.content, message.seen_by) == ("Taken", "1001")
    assert [each["size"] for each in told[0]["resolved"]["attachments"].values()] == [99_000_000]
    assert (told[1]["values"], told[1]["resolved"]["channels"]["42"]["name"]) == (["42"], "papers")
    assert [each["filename"] for each in told[2]["resolved"]["attachments"].values()] == ["refs.bib"]
    await fake.no_loose_ends()


async def test_who_is_thrown_out_is_not_offered_and_who_left_is_not_there(fake: FakeDiscord, bot: Bot) -> None:
    reader = fake.person(1001, manages_guild=True)
    reader.joins("2", manages_guild=True)
    fake.text_channel("99", "2")
    assert list(reader.menu("99")) == ["papers subscribe"]
    fake.removes_guild("2")
    assert reader.menu("99") == {}
    reader.leaves("1")
    with pytest.raises(ValueError, match="server 1"):
        reader.menu("42")
    assert list(reader.menu()) == ["papers subscribe"]
