"""People of the fake Telegram and a bot that converses with them through the real library."""

from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes
from telegram.request import HTTPXRequest

from tests.fakes.telegram import FakeTelegram

GROUP, CHANNEL = "-1001", "-1002"
MENU = InlineKeyboardMarkup(
    [[InlineKeyboardButton("More", callback_data="more:1")], [InlineKeyboardButton("Page", url="https://example.org/")]]
)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        platform.limits.switched_off()
        yield platform
        assert platform.oddities == []


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(
        fake.token,
        base_url=f"{fake.url}/bot",
        base_file_url=f"{fake.url}/file/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
    ) as made:
        yield made


@pytest.fixture
async def app(fake: FakeTelegram) -> AsyncIterator[Application]:
    made = ApplicationBuilder().token(fake.token).base_url(f"{fake.url}/bot").base_file_url(f"{fake.url}/file/bot").build()
    async with made:
        assert made.updater
        await made.updater.start_polling()
        await made.start()
        yield made
        await made.updater.stop()
        await made.stop()


async def test_a_command_is_polled_answered_tapped_and_edited(fake: FakeTelegram, app: Application) -> None:
    async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message
        await update.message.reply_text("Welcome", reply_markup=MENU)

    async def more(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Here it is")
        await update.callback_query.edit_message_text(f"More: {update.callback_query.data}")

    app.add_handlers([CommandHandler("start", start), CallbackQueryHandler(more)])
    reader = fake.person(1001, language="de")
    await reader.says("/start")
    answer = await reader.sees("Welcome")
    assert reader.opens(answer, "Page") == "https://example.org/"
    tap = await reader.taps(answer, "More")
    assert (await tap.answer()).text == "Here it is"
    edited = await reader.sees("More: more:1")
    assert (edited.message_id, edited.labels, [each.text for each in edited.edits]) == (answer.message_id, [], ["Welcome"])
    with pytest.raises(LookupError):
        await reader.taps(answer, "More")
    await fake.all_read()
