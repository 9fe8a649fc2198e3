"""The fake Telegram is as strict as the platform, asked by the real library."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from tests.fakes.telegram import TOKEN, Asked, FakeTelegram, Moment
from tests.fakes.telegram_html import BadText, Entity, understood
from tests.fakes.telegram_limits import Rate, Windows
from tests.world import ROOT

READER, GROUP, CHANNEL = "7", "-42", "-1001"


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as fake:
        yield fake


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    request = HTTPXRequest(connection_pool_size=8, read_timeout=0.5)
    yield Bot(telegram.token, base_url=f"{telegram.url}/bot", request=request, get_updates_request=request)
    await request.shutdown()


async def say(bot: Bot, chat: str = READER, text: str = "hello", thread: int | None = None) -> Message:
    return await bot.send_message(chat, text, parse_mode="HTML", message_thread_id=thread)


def refused(text: str) -> str:
    with pytest.raises(BadText) as raised:
        understood(text, "HTML")
    return str(raised.value)


# What TDLib's own tests state: its words, and byte offsets
@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("🏟 🏟&lt;<abacaba", "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        ("🏟 🏟&lt;<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba>", 'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        ("🏟 🏟&lt;<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        ('🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        ("🏟 🏟&lt;</", "Unexpected end tag at byte offset 13"),
        ("🏟 🏟&lt;<b></b></", "Unexpected end tag at byte offset 20"),
        ("🏟 🏟&lt;<i>a</i   ", "Unclosed end tag at byte offset 17"),
        ("🏟 🏟&lt;<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("a <b>c", 'Can\'t find end tag corresponding to start tag "b"'),
        ("if a < b", 'Unsupported start tag "" at byte offset 5'),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "Nested blockquote at byte offset 13"),
        ("<code>a<b>b</b></code>", 'Tag "b" inside of code at byte offset 7'),
        ("a&#xDFDF;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_bad_markup_is_refused_in_the_platforms_words(html: str, said: str) -> None:
    assert refused(html).startswith(f"can't parse entities: {said}")


def test_good_markup_becomes_text_and_entities_in_utf16_units() -> None:
    parsed = understood('🏟<i>🏟 &gt;<b>&lt&laquo;</b></i> <a href="https://example.org/?a=1&amp;b">x</a>', "HTML")
    assert parsed.text == "🏟🏟 ><&laquo; x"
    kinds = [(each.kind, each.offset, each.length, each.url) for each in parsed.entities]
    assert kinds == [("italic", 2, 12, ""), ("bold", 6, 8, ""), ("text_link", 15, 1, "https://example.org/?a=1&b")]


def test_what_is_too_long_as_it_is_sent_is_cut_wherever_that_is() -> None:
    assert "end tag" in refused("<b>&amp;</b>" * 4096)


def test_edges_are_trimmed_and_entities_with_them() -> None:
    parsed = understood(" \n<b> a </b>\n ", "HTML")
    assert (parsed.text, parsed.entities) == ("a", (Entity(kind="bold", offset=0, length=1),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "message text is empty"),
        (" \n", "message text is empty"),
        ("\u200b\u2063", "text must be non-empty"),
        ("a" * 4097, "message is too long"),
        ("<b>" + "🏟" * 2049 + "</b>", "message is too long"),
    ],
)
def test_empty_and_long_texts_are_refused(text: str, said: str) -> None:
    assert refused(text) == said


def test_as_much_as_fits_is_taken() -> None:
    assert len(understood("<b>a</b>" * 4096, "HTML").entities) == 100


async def test_a_message_is_accepted_recorded_and_answered(bot: Bot, telegram: FakeTelegram) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("More", callback_data="1:more")]])
    told = await bot.send_message(GROUP, "<b>a</b> b", parse_mode="HTML", message_thread_id=5, reply_markup=keyboard)
    (kept,) = telegram.messages
    assert (kept.chat, kept.thread, kept.text, kept.html) == (GROUP, "5", "a b", "<b>a</b> b")
    assert kept.keyboard == {"inline_keyboard": [[{"text": "More", "callback_data": "1:more"}]]}
    assert (told.message_id, told.text, told.message_thread_id) == (kept.message_id, "a b", 5)
    assert told.entities[0].type == "bold"
    assert [(each.method, each.chat) for each in telegram.requests] == [("sendMessage", GROUP)]


async def test_json_is_understood_as_forms_are(telegram: FakeTelegram) -> None:
    async with httpx.AsyncClient() as client:
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        answer = await client.post(url, json={"chat_id": 7, "text": "hi", "link_preview_options": {"is_disabled": True}})
    assert answer.json()["result"]["text"] == "hi"
    assert json.loads(telegram.requests[0].params["link_preview_options"]) == {"is_disabled": True}


@pytest.mark.parametrize("action", ["", "x" * 65, "🏟" * 17])
async def test_callback_data_of_the_wrong_size_is_refused(telegram: FakeTelegram, action: str) -> None:
    keyboard = json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": action}]]})
    async with httpx.AsyncClient() as client:
        url = f"{telegram.url}/bot{telegram.token}/sendMessage"
        answer = await client.post(url, data={"chat_id": "7", "text": "hi", "reply_markup": keyboard})
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}


async def test_tokens_that_it_does_not_know_are_refused(telegram: FakeTelegram) -> None:
    async with httpx.AsyncClient() as client:
        answers = [
            (await client.post(f"{telegram.url}/bot{token}/getMe")).json()
            for token in (TOKEN, f"{TOKEN}x", "nonsense", "12:short")
        ]
    assert answers[0]["result"]["is_bot"]
    assert [(each["error_code"], each["description"]) for each in answers[1:]] == [
        (401, "Unauthorized"),
        (404, "Not Found"),
        (404, "Not Found"),
    ]


async def test_what_became_of_a_chat_is_told_and_can_be_undone(bot: Bot, telegram: FakeTelegram) -> None:
    undo = [
        (telegram.blocks, telegram.unblocks, READER, "bot was blocked by the user"),
        (telegram.deactivates, telegram.reactivates, READER, "user is deactivated"),
        (telegram.kicks, telegram.readmits, CHANNEL, "bot was kicked from the supergroup chat"),
        (telegram.forgets, telegram.remembers, READER, "Chat not found"),
        (telegram.takes_rights, telegram.gives_rights, GROUP, "Not enough rights to send text messages to the chat"),
    ]
    telegram.limits.switched_off()
    for spoil, mend, chat, said in undo:
        spoil(chat)
        with pytest.raises((Forbidden, BadRequest), match=said):
            await say(bot, chat)
        mend(chat)
        assert (await say(bot, chat)).text == "hello"


async def test_topics_close_vanish_and_come_back(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.limits.switched_off()
    telegram.closes_topic(GROUP, "5")
    with pytest.raises(BadRequest, match=r"(?i)topic_closed"):
        await say(bot, GROUP, thread=5)
    telegram.deletes_topic(GROUP, "5")
    with pytest.raises(BadRequest, match=r"(?i)message thread not found"):
        await say(bot, GROUP, thread=5)
    assert (await say(bot, GROUP, thread=6)).message_thread_id == 6
    telegram.reopens_topic(GROUP, "5")
    assert (await say(bot, GROUP, thread=5)).message_thread_id == 5
    telegram.loses_topic(READER, "5")
    assert (await say(bot, READER, thread=5)).message_thread_id is None


async def test_a_group_that_became_a_supergroup_names_its_new_id(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.upgrades(GROUP, CHANNEL)
    with pytest.raises(ChatMigrated) as raised:
        await say(bot, GROUP)
    assert raised.value.new_chat_id == int(CHANNEL)


async def test_a_bot_learns_what_it_may_do_in_a_channel(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.makes_channel(CHANNEL)
    telegram.takes_rights(CHANNEL)
    member = await bot.get_chat_member(CHANNEL, telegram.bot["id"])
    assert (member.status, getattr(member, "can_post_messages", None)) == ("administrator", False)
    assert (await bot.get_chat(CHANNEL)).type == "channel"
    with pytest.raises(BadRequest, match=r"(?i)need administrator rights"):
        await bot.send_chat_action(CHANNEL, "typing")
    telegram.takes_rights(GROUP)
    assert (await bot.get_chat_member(GROUP, telegram.bot["id"])).status == "restricted"


@pytest.mark.parametrize(
    ("chat", "taken", "wait"),
    [("7", [0.0], 1), ("-7", [3.0 * n for n in range(20)], 3)],
)
def test_windows_slide_and_name_the_wait(chat: str, taken: list[float], wait: int) -> None:
    now = 0.0
    windows = Windows(clock=lambda: now)
    for at in taken:
        now = at
        assert windows.takes(chat) == 0
    assert windows.takes(chat) == wait
    now += wait - 0.001
    assert windows.takes(chat) == 1
    now += 0.001
    assert windows.takes(chat) == 0


def test_all_chats_share_thirty_a_second_and_a_burst_can_be_allowed() -> None:
    now = 0.0
    windows = Windows(clock=lambda: now, chat=Rate(most=3, seconds=3.0))
    assert [windows.takes("0") for _ in range(4)] == [0, 0, 0, 3]
    assert sum(windows.takes(str(n)) == 0 for n in range(1, 50)) == 27
    now = 1.0
    assert sum(windows.takes(str(n)) == 0 for n in range(50, 100)) == 30


async def test_a_broken_limit_is_answered_with_429_and_counted(bot: Bot, telegram: FakeTelegram) -> None:
    await say(bot)
    with pytest.raises(RetryAfter, match="Retry in 0:00:01"):
        await say(bot)
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{telegram.url}/bot{telegram.token}/sendMessage", data={"chat_id": READER, "text": "a"})
    assert answer.headers["Retry-After"] == "1"
    assert (len(telegram.messages), telegram.refusals_429) == (1, 2)


async def test_scripted_floods_last_and_are_not_the_bots_fault(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.floods(40, chat=READER)
    telegram.throttles(43_200, chat=GROUP)
    for chat, said in ((READER, "0:00:40"), (READER, "0:00:40"), (GROUP, "12:00:00")):
        with pytest.raises(RetryAfter, match=said):
            await say(bot, chat)
    await say(bot, GROUP)
    assert telegram.refusals_429 == 0


async def test_faults_hit_so_many_of_the_chat_that_they_are_meant_for(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.fails(times=2, chat=READER)
    telegram.fails(500, is_html=False)
    await asyncio.gather(*(say(bot, chat) for chat in ("8",)), return_exceptions=True)
    telegram.limits.switched_off()
    outcomes = await asyncio.gather(*(say(bot, READER) for _ in range(3)), return_exceptions=True)
    assert sum(isinstance(each, NetworkError) for each in outcomes) == 2
    assert telegram.answers == {500: 1, 502: 2, 200: 1}


async def test_a_share_of_messages_fails_alike_at_each_run(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.limits.switched_off()
    telegram.fails(times=1000, share=0.25)
    sent = [await asyncio.gather(say(bot), return_exceptions=True) for _ in range(40)]
    assert sum(isinstance(each, NetworkError) for (each,) in sent) == 15  # what its seed makes of a quarter of 40


@pytest.mark.parametrize(
    ("fault", "error", "shown", "asked"),
    [
        ("drops", NetworkError, 0, 1),
        ("drops_unread", NetworkError, 0, 0),
        ("hangs", TimedOut, 0, 1),
        ("loses_answer", TimedOut, 1, 1),
        ("cuts", NetworkError, 1, 1),
        ("babbles", TelegramError, 1, 1),
        ("down", NetworkError, 0, 0),
    ],
)
async def test_answers_get_lost_in_every_way(
    bot: Bot, telegram: FakeTelegram, fault: str, error: type[Exception], shown: int, asked: int
) -> None:
    match fault:
        case "cuts":
            telegram.loses_answer(cuts=True)
        case "babbles":
            telegram.says("<html>", accepts=True)
        case "down":
            await telegram.down()
        case _:
            getattr(telegram, fault)()
    with pytest.raises(error):
        await say(bot)
    assert (len(telegram.messages), len(telegram.requests)) == (shown, asked)
    if fault == "down":
        await telegram.up()
    assert (await say(bot, "8")).text == "hello"


async def test_markup_can_be_refused_and_plain_text_taken(bot: Bot, telegram: FakeTelegram) -> None:
    telegram.refuses_markup(times=2)
    with pytest.raises(BadRequest, match=r"(?i)can't parse entities"):
        await say(bot)
    assert (await bot.send_message(READER, "<b>")).text == "<b>"


async def test_a_test_may_stand_between_accepting_and_answering(bot: Bot, telegram: FakeTelegram) -> None:
    seen: list[tuple[Moment, int]] = []

    async def watch(moment: Moment, asked: Asked) -> None:
        seen.append((moment, len(telegram.messages)))
        assert asked.chat == READER

    telegram.on_send = watch
    await say(bot)
    assert seen == [("before", 0), ("accepted", 1)]


async def test_waiting_for_messages_ends_when_they_are_there(bot: Bot, telegram: FakeTelegram) -> None:
    waiting = asyncio.create_task(telegram.has_accepted(2))
    await say(bot, "1")
    assert not waiting.done()
    await say(bot, "2", "bye")
    await asyncio.wait_for(waiting, 5)
    assert (telegram.texts("2"), telegram.texts(thread="")) == (["bye"], ["hello", "bye"])


async def test_it_is_cheap(telegram: FakeTelegram) -> None:
    telegram.limits.switched_off()
    url, form = f"{telegram.url}/bot{telegram.token}/sendMessage", {"text": "<b>word</b> " * 200, "parse_mode": "HTML"}
    before = time.process_time()
    async with httpx.AsyncClient() as client:
        for n in range(100):
            assert (await client.post(url, data=form | {"chat_id": str(n)})).status_code == 200
    assert (time.process_time() - before) / 100 < 0.05  # both ends; it took 3 ms on a quiet machine


async def test_it_runs_as_a_process() -> None:
    command = (sys.executable, "-m", "tests.fakes.telegram", "--port", "0", "--no-limits")
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=dict(os.environ), stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout
        url = (await process.stdout.readline()).decode().strip()
        async with httpx.AsyncClient() as client:
            for text in ("a", "b"):
                await client.post(f"{url}/bot{TOKEN}/sendMessage", data={"chat_id": "1", "text": text})
            told = (await client.get(f"{url}/messages")).json()
        assert [each["text"] for each in told["messages"]] == ["a", "b"]
    finally:
        process.terminate()
        await process.wait()
