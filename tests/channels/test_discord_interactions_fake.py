"""Interactions of the fake Discord: answered once, in time, and followed up where they may be."""

from collections.abc import AsyncIterator

import aiohttp
import discord
import pytest

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


async def test_deferred_answer_keeps_who_sees_it_whatever_the_follow_up_says(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        assert (await interaction.original_response()).flags.loading
        first = await interaction.followup.send("Half", wait=True)
        second = await interaction.followup.send("All", ephemeral=False, wait=True)
        await interaction.edit_original_response(content="Half, and more")
        await interaction.followup.edit_message(second.id, content="Everything")
        assert first.id == (await interaction.original_response()).id

    bot.does = answer
    reader, other = fake.person(1001, manages_guild=True), fake.person(1002)
    use = await reader.runs("papers subscribe", "42", categories="cs.CL")
    assert (await reader.sees("Everything", "42")).seen_by == ""
    assert [each.content for each in reader.seen("42")] == ["Half, and more", "Everything"]
    assert [each.content for each in other.seen("42")] == ["Everything"]
    assert (use.answered_with, use.is_ephemeral, use.is_loading, len(use.follow_ups)) == (5, True, False, 1)
    await fake.no_loose_ends()


async def test_what_was_put_off_in_public_is_no_secret_any_more(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.followup.send("Yours", ephemeral=True)

    bot.does = answer
    use = await fake.person(1001, manages_guild=True).runs("papers subscribe", "42", categories="cs.CL")
    assert (await use.answer()).seen_by == ""
    assert len(fake.oddities) == 1


async def test_thinking_for_ever_and_silence_are_odd(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.defer(thinking=True)

    fake.answer_s = 0.1
    reader = fake.person(1001, manages_guild=True)
    await reader.runs("papers subscribe", "42", categories="cs.CL")
    forgiven = await reader.runs("papers subscribe", "42", categories="cs.CV")
    forgiven.is_forgiven = True
    await fake.until(lambda: len(fake.oddities) == 1)
    assert [use.data for use in fake.unanswered] == [use.data for use in fake.uses.values()]
    bot.does = answer
    use = await reader.runs("papers subscribe", "42", categories="cs.CL")
    assert await use.acknowledged() == 5
    with pytest.raises(AssertionError):
        await fake.no_loose_ends(within_s=0.2)
    assert len(fake.oddities) == 2


async def test_answers_come_once_in_time_and_in_their_place(fake: FakeDiscord, bot: Bot) -> None:
    codes: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        adapter = discord.webhook.async_.async_context.get()
        for said in ({"type": 7, "data": {}}, {"type": 4, "data": {"content": "a"}}, {"type": 5}):
            params = discord.http.MultipartParameters(payload=said, multipart=None, files=None)
            try:
                await adapter.create_interaction_response(
                    interaction.id, interaction.token, session=interaction._session, params=params
                )
            except discord.HTTPException as error:
                codes.append(error.code)

    async def answer_late(interaction: discord.Interaction) -> None:
        fake.later(minutes=0.1)
        try:
            await interaction.response.send_message("a")
        except discord.NotFound as error:
            codes.append(error.code)

    bot.does = answer
    reader = fake.person(1001, manages_guild=True)
    await (await reader.runs("papers subscribe", "42", categories="cs.CL")).answer()
    await fake.until(lambda: len(codes) == 2)
    bot.does = answer_late
    await reader.runs("papers subscribe", "42", categories="cs.CL")
    await fake.until(lambda: len(codes) == 3)
    assert codes == [50035, 40060, 10062]
    assert [each for each in fake.oddities if "after 6.0 s" in each] == fake.oddities[-1:]


async def test_token_lives_for_fifteen_minutes_and_not_before_the_answer(fake: FakeDiscord, bot: Bot) -> None:
    codes: list[int] = []

    async def follow(interaction: discord.Interaction) -> None:
        try:
            await interaction.followup.send("Early or late")
        except discord.HTTPException as error:
            codes.append(error.code)

    async def answer(interaction: discord.Interaction) -> None:
        await follow(interaction)
        await interaction.response.defer(thinking=True)
        fake.later(14.9)
        await follow(interaction)
        fake.later(0.2)
        await follow(interaction)

    bot.does = answer
    await fake.person(1001, manages_guild=True).runs("papers subscribe", "42", categories="cs.CL")
    await fake.until(lambda: len(codes) == 2)
    assert codes == [10015, 50027]
    assert fake.texts("42") == ["Early or late"]


async def test_lost_and_failing_answers_are_the_bots_to_bear(fake: FakeDiscord, bot: Bot) -> None:
    errors: list[str] = []

    async def answer(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message("Once")
        except (discord.HTTPException, aiohttp.ClientError) as error:
            errors.append(type(error).__name__)

    bot.does = answer
    reader = fake.person(1001, manages_guild=True)
    fake.loses_answer(cuts=True, kind="callback")
    await (await reader.runs("papers subscribe", "42", categories="cs.CL")).answer()
    fake.refuses(404, 10062, "Unknown interaction", kind="callback")
    use = await reader.runs("papers subscribe", "42", categories="cs.CL")
    await fake.until(lambda: len(errors) == 2)
    assert (errors, use.is_answered, fake.texts("42")) == (["ServerDisconnectedError", "NotFound"], False, ["Once"])


async def test_interaction_that_was_missed_is_too_old_after_the_resume(fake: FakeDiscord, bot: Bot) -> None:
    codes: list[int] = []

    async def answer(interaction: discord.Interaction) -> None:
        fake.later(minutes=0.1)
        try:
            await interaction.response.send_message("Late")
        except discord.NotFound as error:
            codes.append(error.code)

    bot.does = answer
    reader = fake.person(1001, manages_guild=True)
    await fake.drops_gateway()
    use = await reader.runs("papers subscribe", "42", categories="cs.CL")
    assert not use.was_heard
    await fake.connected()
    await fake.until(lambda: codes == [10062])
    assert (bot.heard[0].id, fake.oddities) == (int(use.id), [])


async def test_bot_that_is_gone_by_then_is_not_complained_of(fake: FakeDiscord, bot: Bot) -> None:
    fake.answer_s = 0.1
    reader = fake.person(1001, manages_guild=True)
    use = await reader.runs("papers subscribe", "42", categories="cs.CL")
    await fake.drops_gateway()
    began = fake.now()
    await fake.until(lambda: fake.now() > began + 0.3)
    assert (use.was_heard, fake.oddities) == (True, [])


async def test_form_of_a_command_changes_no_message_and_what_is_deleted_is_gone(fake: FakeDiscord, bot: Bot) -> None:
    codes: list[int] = []

    async def open_form(interaction: discord.Interaction) -> None:
        form: discord.ui.Modal = discord.ui.Modal(title="Words", custom_id="v1:kw")
        form.add_item(discord.ui.Label(text="Words", component=discord.ui.TextInput(custom_id="words")))
        await interaction.response.send_modal(form)

    async def answer(interaction: discord.Interaction) -> None:
        adapter = discord.webhook.async_.async_context.get()
        params = discord.http.MultipartParameters(payload={"type": 6}, multipart=None, files=None)
        try:
            await adapter.create_interaction_response(
                interaction.id, interaction.token, session=interaction._session, params=params
            )
        except discord.HTTPException as error:
            codes.append(error.code)
        await interaction.response.send_message("Said")
        await interaction.delete_original_response()
        try:
            await interaction.edit_original_response(content="Said again")
        except discord.NotFound as error:
            codes.append(error.code)

    bot.does = open_form
    fake.takes_rights("42")
    reader, other = fake.person(1001, manages_guild=True), fake.person(1002)
    form = await (await reader.runs("papers subscribe", "42", categories="cs.CL")).opens()
    assert not bot.heard[0].app_permissions.send_messages
    bot.does = answer
    with pytest.raises(LookupError):
        await other.fills(form, "a")
    await reader.fills(form, "a")
    await fake.until(lambda: len(codes) == 2)
    assert (codes, reader.seen("42"), len(fake.oddities)) == ([50035, 10008], [], 1)


async def test_only_news_is_seen_and_nobody_enters_the_chat_of_another(fake: FakeDiscord, bot: Bot) -> None:
    async def answer(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("Hello")

    bot.does = answer
    reader, other = fake.person(1001), fake.person(1002)
    await (await reader.runs("papers subscribe", categories="cs.CL")).answer()
    assert (await reader.sees("Hello")).channel == reader.direct
    bot.does = None
    silent = await reader.runs("papers subscribe", categories="cs.CL")
    with pytest.raises(AssertionError, match="did not see"):
        await reader.sees("Hello", within_s=0.1)
    with pytest.raises(ValueError, match="somebody else"):
        await other.runs("papers subscribe", reader.direct, categories="cs.CL")
    assert fake.unanswered == [silent]
