"""People of the fake Telegram, and a bot that converses with them through the real library."""

import pytest
from telegram import (
    Bot,
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_rooms import ANONYMOUS

GROUP, CHANNEL = "-1001", "-1002"
MENU = InlineKeyboardMarkup(
    [[InlineKeyboardButton("More", callback_data="more:1")], [InlineKeyboardButton("Page", url="https://example.org/")]]
)


async def heard(bot: Bot, offset: int | None = None) -> list[Update]:
    return list(await bot.get_updates(offset=offset))


async def last(bot: Bot) -> Message:
    message = (await heard(bot, -1))[0].effective_message
    assert message
    return message


# A conversation


async def start(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message
    await update.message.reply_text("Welcome", reply_markup=MENU)


async def more(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query
    await update.callback_query.answer("Here it is", show_alert=True)
    await update.callback_query.edit_message_text(f"More: {update.callback_query.data}")


async def test_a_command_is_polled_answered_tapped_and_edited(fake: FakeTelegram) -> None:
    app = ApplicationBuilder().token(fake.token).base_url(f"{fake.url}/bot").build()
    app.add_handlers([CommandHandler("start", start), CallbackQueryHandler(more)])
    reader = fake.person(1001, language="de")
    async with app:
        await polls(app)
        await reader.says("/start")
        answer = await reader.sees("Welcome")
        assert reader.opens(answer, "Page") == "https://example.org/"
        tap = await reader.taps(answer, "More")
        toast = await tap.answer()
        assert (toast.text, toast.is_alert) == ("Here it is", True)
        edited = await reader.sees("More: more:1")
        assert (edited.message_id, edited.labels, [each.text for each in edited.edits]) == (answer.message_id, [], ["Welcome"])
        with pytest.raises(LookupError):
            await reader.taps(answer, "More")
        await fake.all_read()
        await ends(app)


async def polls(app: Application) -> None:  # type: ignore[type-arg]
    assert app.updater
    await app.updater.start_polling()
    await app.start()


async def ends(app: Application) -> None:  # type: ignore[type-arg]
    assert app.updater
    await app.updater.stop()
    await app.stop()


async def test_waiting_in_vain_tells_what_was_shown_instead(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    await bot.send_message(1001, "Something else")
    with pytest.raises(AssertionError, match="Something else"):
        await reader.sees("Welcome", within_s=0.01)
    assert [each.text for each in await fake.shown(reader.private, 1)] == ["Something else"]


# What people say


async def test_words_are_marked_in_utf16_units(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, language="vi")
    await reader.says("🏟 /add@p_bot https://arxiv.org/abs/2601.06521 #nlp a/b")
    message = await last(bot)
    assert [(each.type, message.parse_entity(each)) for each in message.entities] == [
        ("bot_command", "/add@p_bot"),
        ("url", "https://arxiv.org/abs/2601.06521"),
        ("hashtag", "#nlp"),
    ]
    assert message.from_user
    assert (message.from_user.language_code, message.chat.type) == ("vi", Chat.PRIVATE)
    await reader.says('read <a href="https://arxiv.org/abs/1">this</a>', is_html=True)
    assert [(each.type, each.offset, each.url) for each in (await last(bot)).entities] == [
        ("text_link", 5, "https://arxiv.org/abs/1")
    ]


async def test_edits_and_repeats_are_updates_of_their_own(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    said = await reader.says("/lsit")
    await reader.edits(said, "/list")
    first, second = await heard(bot)
    assert first.message
    assert second.edited_message
    assert (first.message.text, second.edited_message.text, second.edited_message.edit_date is not None) == (
        "/lsit",
        "/list",
        True,
    )
    assert second.update_id == first.update_id + 1
    assert await heard(bot, second.update_id + 1) == []
    await fake.repeats_last_update()
    assert [each.update_id for each in await heard(bot, second.update_id + 1)] == [second.update_id]
    assert await heard(bot, second.update_id + 1) == []


async def test_in_groups_a_bot_hears_what_is_meant_for_it(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    group = fake.group(GROUP, members=[reader])
    shown = await bot.send_message(GROUP, "Digest")
    digest = fake.posts[GROUP][shown.message_id]
    said = [
        await reader.says(text, chat=group)
        for text in ("hello", "/list", "/list@p_bot", "/list@other_bot", "@p_bot hello", "@p_bots")
    ]
    said.append(await reader.says("thanks", chat=group, reply_to=digest))
    assert [each.is_heard for each in said] == [False, True, True, False, True, False, True]
    assert len(await heard(bot)) == 4
    await group.promotes_bot()
    assert (await reader.says("hello", chat=group)).is_heard


async def test_who_may_not_write_there_is_told_to_the_test(fake: FakeTelegram) -> None:
    reader, stranger = fake.person(1001), fake.person(1002)
    group = fake.group(GROUP, members=[reader], is_forum=True)
    with pytest.raises(ValueError, match="left"):
        await stranger.says("/list", chat=group)
    with pytest.raises(ValueError, match="administrator"):
        await reader.says("/list", chat=group, is_anonymous=True)
    topic = await group.opens_topic("Papers")
    await group.closes_topic(topic)
    with pytest.raises(ValueError, match="closed"):
        await reader.says("/list", chat=group, thread=topic)


async def test_anonymous_admins_speak_as_their_group(fake: FakeTelegram, bot: Bot) -> None:
    boss = fake.person(1001)
    group = fake.group(GROUP, title="Lab", admins=[boss])
    await boss.says("/pause", chat=group, is_anonymous=True)
    message = await last(bot)
    assert message.from_user
    assert message.sender_chat
    assert (message.from_user.id, message.sender_chat.id, message.sender_chat.title) == (ANONYMOUS["id"], int(GROUP), "Lab")


# Topics and replies


async def test_topics_are_told_from_replies_in_general(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    group = fake.group(GROUP, members=[reader], is_forum=True)
    topic = await group.opens_topic("Papers")
    await reader.says("/list", chat=group, thread=topic)
    message = await last(bot)
    assert message.reply_to_message
    assert message.reply_to_message.forum_topic_created
    assert (message.is_topic_message, message.message_thread_id) == (True, int(topic))
    answered = await message.reply_text("Here")
    assert (answered.is_topic_message, group.shown[0].thread) == (True, topic)
    in_general = await bot.send_message(GROUP, "General")
    await reader.says("/list", chat=group, reply_to=fake.posts[GROUP][in_general.message_id])
    message = await last(bot)
    assert (message.is_topic_message, message.message_thread_id) == (None, in_general.message_id)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(GROUP, "x", message_thread_id=in_general.message_id)


async def test_topics_close_reopen_and_vanish(fake: FakeTelegram, bot: Bot) -> None:
    group = fake.group(GROUP, is_forum=True)
    topic = await group.opens_topic("Papers")
    await group.closes_topic(topic)
    assert (await last(bot)).forum_topic_closed
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await bot.send_message(GROUP, "x", message_thread_id=int(topic))
    await group.reopens_topic(topic)
    await bot.send_message(GROUP, "x", message_thread_id=int(topic))
    await group.deletes_topic(topic)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(GROUP, "x", message_thread_id=int(topic))
    assert group.shown == []
    assert await bot.send_chat_action(GROUP, "typing", message_thread_id=1)


async def test_replies_need_their_message(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    said = await reader.says("/list")
    told = await bot.send_message(1001, "a", reply_parameters=ReplyParameters(said.message_id))
    assert told.reply_to_message
    assert reader.shown[0].reply_to is said
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(1001, "b", reply_parameters=ReplyParameters(999))
    await bot.send_message(1001, "c", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True))
    assert [(each.text, each.reply_to) for each in reader.shown] == [("a", said), ("c", None)]


# Taps and edits


async def test_a_tap_is_answered_once_and_in_time(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    await bot.send_message(1001, "a", reply_markup=MENU)
    with pytest.raises(LookupError):
        await reader.taps(reader.shown[0], "Page")
    tap = await reader.taps(reader.shown[0], "More")
    (update,) = await heard(bot)
    assert update.callback_query
    assert isinstance(update.callback_query.message, Message)
    assert (update.callback_query.id, update.callback_query.data) == (tap.id, "more:1")
    assert update.callback_query.message.reply_markup == MENU
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(tap.id, "x" * 201)
    await bot.answer_callback_query(tap.id)
    late = await reader.forges(reader.shown[0], "dv:1:2")
    late.expires()
    for number in (tap.id, late.id, "17"):
        with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
            await bot.answer_callback_query(number)
    with pytest.raises(AssertionError):
        await late.answer(within_s=0.01)


async def test_what_an_old_button_stood_below_is_not_told(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    await bot.send_message(1001, "a", reply_markup=MENU)
    await reader.taps(reader.shown[0], "More", is_old=True)
    (update,) = await heard(bot)
    assert update.callback_query
    assert update.callback_query.message
    assert not update.callback_query.message.is_accessible


async def test_edits_are_refused_as_the_platform_does(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    said = await reader.says("/list")
    shown = await bot.send_message(1001, "<b>a</b>", parse_mode="HTML", reply_markup=MENU)
    same = "is not modified: specified new message content and reply markup are exactly the same as a current content"
    with pytest.raises(BadRequest, match=same):
        await shown.edit_text(" <b>a</b>\n", parse_mode="HTML", reply_markup=MENU)
    with pytest.raises(BadRequest, match=same):
        await shown.edit_reply_markup(MENU)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", 1001, 999)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", 1001, said.message_id)
    with pytest.raises(BadRequest, match="Message is too long"):
        await shown.edit_text("x" * 4097)
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await shown.edit_text("<b>", parse_mode="HTML")
    assert reader.shown[0].edits == []
    assert isinstance(await shown.edit_text("b"), Message)
    assert (reader.shown[0].text, reader.shown[0].keyboard) == ("b", None), "what is not sent along is taken away"


async def test_edits_count_against_the_limits_answers_to_taps_do_not(bot: Bot, fake: FakeTelegram) -> None:
    fake.limits = type(fake.limits)(chat=type(fake.limits)().group)
    reader = fake.person(1001, has_started=True)
    shown = await bot.send_message(1001, "0", reply_markup=MENU)
    for number in range(1, 30):
        tap = await reader.forges(reader.shown[0], "a")
        await bot.answer_callback_query(tap.id)
        await bot.send_chat_action(1001, "typing")
        if number < 20:
            await shown.edit_text(str(number))
    fake.fails(502, method="editMessageText")
    with pytest.raises(Exception, match="502"):
        await shown.edit_text("x")
    with pytest.raises(Exception, match="Flood control"):
        await shown.edit_text("x")
    assert fake.refusals_429 == 1


async def test_messages_are_deleted_while_they_are_young(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    first, second = [await bot.send_message(1001, text) for text in ("a", "b")]
    await first.delete()
    assert [each.text for each in reader.shown] == ["b"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await first.delete()
    fake.ahead_s = 49 * 3600
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await second.delete()
