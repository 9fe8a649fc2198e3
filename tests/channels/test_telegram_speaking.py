"""The answering half of Telegram, through the real library, against the fake platform."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram.ext import Application

from bot.channels.pace import Limit, Limits, Pace
from bot.channels.telegram import Telegram, Timeouts
from bot.channels.telegram_connection import CONNECTIONS
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.messages import Button, Buttons, Message, paragraph
from bot.domain.subscriptions import Address
from bot.errors import BadFile, PlatformUnreachable
from bot.guard import TransactionOpen, transaction
from bot.ports import Channel, Part, Speaker
from tests.fakes.telegram import TOKEN, FakeTelegram, Posted
from tests.fakes.telegram_html import units
from tests.fakes.telegram_limits import Rate

QUICK = Timeouts(connect_s=1.0, pool_s=1.0, answer_s=0.3, whole_s=2.0)
HERE = Address(platform="telegram", chat="7")
TOPIC = Address(platform="telegram", chat="-1001", thread="5")
ROWS = ((Button(label="More", action="1dm:1"), Button(label="Page", url="https://example.org/")),)


def a_telegram(fake: FakeTelegram, *, limits: Limits | None = None) -> Telegram:
    return Telegram(TOKEN, fake.url, pace=Pace(limits or Limits()), timeouts=QUICK)


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[Telegram]:
    channel = a_telegram(fake)
    await channel.open()
    yield channel
    await channel.close()


def a_part(telegram: Telegram, text: str = "a < b", *, has_buttons: bool = False, is_silent: bool = False) -> Part:
    blocks = (paragraph(text), *((Buttons(rows=ROWS),) if has_buttons else ()))
    (part,) = telegram.render(Message(blocks=blocks, is_silent=is_silent))
    return part


async def said(telegram: Telegram, text: str = "a < b", address: Address = HERE, *, has_buttons: bool = True) -> str:
    """The id of a message of ours."""
    found = await telegram.say(address, a_part(telegram, text, has_buttons=has_buttons))
    assert found.kind is OutcomeKind.SENT
    return found.platform_id


def test_one_object_is_both_halves() -> None:
    telegram = Telegram(TOKEN, "http://127.0.0.1:1", pace=Pace(Limits()))
    channel: Channel = telegram
    speaker: Speaker = telegram
    halves: tuple[object, ...] = (channel, speaker)
    assert halves == (telegram, telegram)


# Saying


async def test_an_answer_arrives_below_what_was_asked_without_a_preview(telegram: Telegram, fake: FakeTelegram) -> None:
    asked = await fake.person(7).says("What is it? https://arxiv.org/abs/2601.06521")
    found = await telegram.say(HERE, a_part(telegram, has_buttons=True), reply_to=str(asked.message_id))
    (kept,) = fake.messages
    assert found == Outcome(kind=OutcomeKind.SENT, platform_id=str(kept.message_id))
    assert (kept.text, kept.labels, kept.reply_to) == ("a < b", ["More", "Page"], asked)
    assert (kept.has_preview, kept.is_silent) == (False, False)


async def test_an_answer_to_what_is_gone_arrives_all_the_same(telegram: Telegram, fake: FakeTelegram) -> None:
    found = await telegram.say(HERE, a_part(telegram), reply_to="4711")
    assert (found.kind, fake.texts(), fake.messages[0].reply_to) == (OutcomeKind.SENT, ["a < b"], None)


async def test_a_reply_outside_of_topics_was_put_into_none(telegram: Telegram, fake: FakeTelegram) -> None:
    reader = fake.person(7)
    group = fake.group("-1002", members=[reader])
    asked = await reader.says("/help", chat=group)
    first = await telegram.say(Address(platform="telegram", chat="-1002"), a_part(telegram), reply_to=str(asked.message_id))
    fake.says(
        {"ok": True, "result": {"message_id": 9, "date": 1, "chat": group.room.described(), "text": "x", "message_thread_id": 3}}
    )
    second = await telegram.say(Address(platform="telegram", chat="-1002"), a_part(telegram), reply_to=str(asked.message_id))
    assert [(each.thread, each.detail) for each in (first, second)] == [("", ""), ("", "")]


async def test_an_answer_in_a_topic_stays_there(telegram: Telegram, fake: FakeTelegram) -> None:
    found = await telegram.say(TOPIC, a_part(telegram))
    assert (found.thread, fake.messages[0].thread) == ("5", "5")


async def test_a_silent_part_is_sent_and_said_without_a_sound(telegram: Telegram, fake: FakeTelegram) -> None:
    part = a_part(telegram, is_silent=True)
    await telegram.say(HERE, part)
    await telegram.send(HERE, part, key="1")
    await telegram.send(HERE, part, key="1", is_plain=True)
    await telegram.send(HERE, a_part(telegram), key="1")
    assert [each.is_silent for each in fake.messages] == [True, True, True, False]


async def test_refused_markup_is_said_once_more_in_plain_text(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.refuses_markup()
    found = await telegram.say(HERE, a_part(telegram, has_buttons=True))
    assert (found.kind, fake.texts(), len(fake.requests)) == (OutcomeKind.SENT, ["a < b"], 3)
    assert "parse_mode" not in fake.requests[-1].params
    fake.refuses(400, "Bad Request: can't parse entities: whatever", times=3)
    again = await telegram.say(HERE, a_part(telegram))
    assert (again.kind, again.cause, len(fake.requests)) == (OutcomeKind.PLAIN, Cause.MARKUP_REFUSED, 5)


# Editing


async def test_an_edit_puts_text_and_keyboard_in_place(telegram: Telegram, fake: FakeTelegram) -> None:
    number = await said(telegram)
    found = await telegram.edit(HERE, number, a_part(telegram, "c & d https://example.org", has_buttons=True))
    (kept,) = fake.messages
    assert found == Outcome(kind=OutcomeKind.SENT, platform_id=number)
    assert (kept.text, kept.labels) == ("c & d https://example.org", ["More", "Page"])
    assert fake.requests[-1].params["link_preview_options"] == '{"is_disabled": true}'
    await telegram.edit(HERE, number, a_part(telegram, "no keyboard"))
    assert (kept.text, kept.labels) == ("no keyboard", [])


async def test_what_looks_so_already_counts_as_done(telegram: Telegram, fake: FakeTelegram) -> None:
    number = await said(telegram)
    for found in (
        await telegram.edit(HERE, number, a_part(telegram, has_buttons=True)),
        await telegram.turn(HERE, number, ROWS),
    ):
        assert (found.kind, found.cause, found.platform_id) == (OutcomeKind.SENT, None, number)
    assert fake.messages[0].edits == []


async def test_refused_markup_of_an_edit_is_put_in_plain_text(telegram: Telegram, fake: FakeTelegram) -> None:
    number = await said(telegram)
    fake.refuses(400, "Bad Request: can't parse entities: whatever", method="editMessageText")
    assert (await telegram.edit(HERE, number, a_part(telegram, "c < d"))).kind is OutcomeKind.SENT
    assert fake.texts() == ["c < d"]


async def test_a_keyboard_is_turned_and_taken_away_and_the_text_stays(telegram: Telegram, fake: FakeTelegram) -> None:
    number = await said(telegram)
    row = tuple(Button(label=f"{n}", action=f"1dp:1.{n}") for n in range(1, 11))
    found = await telegram.turn(HERE, number, (row, (Button(label="too long", action="1" * 65),)))
    (kept,) = fake.messages
    assert found == Outcome(kind=OutcomeKind.SENT, platform_id=number)
    assert (kept.text, [len(each) for each in kept.rows]) == ("a < b", [8, 2])
    await telegram.turn(HERE, number, ())
    assert (kept.text, kept.rows) == ("a < b", [])


async def test_a_message_is_taken_away_and_may_be_gone_already(telegram: Telegram, fake: FakeTelegram) -> None:
    number = await said(telegram)
    for _ in range(2):
        found = await telegram.delete(HERE, number)
        assert (found.kind, found.cause, found.platform_id) == (OutcomeKind.SENT, None, number)
    assert fake.messages[0].is_deleted
    fake.refuses(400, "Bad Request: message can't be deleted", method="deleteMessage")
    assert (await telegram.delete(HERE, await said(telegram))).kind is OutcomeKind.REFUSED


async def gone(_: Telegram, fake: FakeTelegram, posted: Posted) -> None:
    posted.is_deleted = True


async def of_somebody(_: Telegram, fake: FakeTelegram, posted: Posted) -> None:
    posted.is_bots = False


@pytest.mark.parametrize(("what", "text"), [(gone, "essage to edit not found"), (of_somebody, "essage can't be edited")])
async def test_what_cannot_be_edited_is_refused_and_leaves_the_chat_open(
    telegram: Telegram, fake: FakeTelegram, what: Callable[[Telegram, FakeTelegram, Posted], Awaitable[None]], text: str
) -> None:
    number = await said(telegram)
    await what(telegram, fake, fake.messages[0])
    for found in (await telegram.edit(HERE, number, a_part(telegram, "c")), await telegram.turn(HERE, number, ())):
        assert (found.kind, found.cause) == (OutcomeKind.REFUSED, Cause.REFUSED)
        assert text in found.detail
    assert telegram.ready_in(HERE) == 0.0


Doing = Callable[[Telegram, str], Awaitable[Outcome]]
DOINGS: dict[str, tuple[str, Doing]] = {
    "say": ("sendMessage", lambda telegram, _: telegram.say(HERE, a_part(telegram, "x"))),
    "edit": ("editMessageText", lambda telegram, number: telegram.edit(HERE, number, a_part(telegram, "x"))),
    "turn": ("editMessageReplyMarkup", lambda telegram, number: telegram.turn(HERE, number, ())),
    "upload": ("sendDocument", lambda telegram, _: telegram.upload(HERE, "a.json", b"{}")),
    "delete": ("deleteMessage", lambda telegram, number: telegram.delete(HERE, number)),
    "typing": ("sendChatAction", lambda telegram, _: telegram.typing(HERE)),
}
FAULTS: list[tuple[Callable[[FakeTelegram, str], None], OutcomeKind, Cause]] = [
    (lambda fake, method: fake.fails(method=method), OutcomeKind.AGAIN, Cause.PLATFORM_DOWN),
    (lambda fake, method: fake.drops(method=method), OutcomeKind.UNSURE, Cause.NO_ANSWER),
    (lambda fake, method: fake.hangs(method=method), OutcomeKind.UNSURE, Cause.NO_ANSWER),
    (lambda fake, method: fake.throttles(7, method=method), OutcomeKind.WAIT, Cause.THROTTLED),
    (lambda fake, _: fake.forgets("7"), OutcomeKind.SUSPEND, Cause.CHAT_GONE),
    (lambda fake, _: fake.upgrades("7", "-1007"), OutcomeKind.MOVED, Cause.MOVED),
    (lambda fake, _: fake.revokes_token(), OutcomeKind.STOP, Cause.TOKEN_REFUSED),
]


@pytest.mark.parametrize(("method", "doing"), DOINGS.values(), ids=DOINGS)
@pytest.mark.parametrize(("fault", "kind", "cause"), FAULTS)
async def test_every_fault_is_an_outcome(
    telegram: Telegram,
    fake: FakeTelegram,
    method: str,
    doing: Doing,
    fault: Callable[[FakeTelegram, str], None],
    kind: OutcomeKind,
    cause: Cause,
) -> None:
    number = await said(telegram)
    fault(fake, method)
    found = await doing(telegram, number)
    assert (found.kind, found.cause) == (kind, cause)
    assert sum(each.method == method for each in fake.requests) <= (2 if method == "sendMessage" else 1)
    assert TOKEN not in found.detail


# Pace


@pytest.mark.parametrize("name", ["say", "edit", "turn", "upload"])
async def test_each_waits_its_turn_like_a_message(fake: FakeTelegram, name: str) -> None:
    telegram = a_telegram(fake, limits=Limits(chat=Limit(most=1, seconds=0.3)))
    await telegram.open()
    number = await said(telegram)
    method, doing = DOINGS[name]
    assert (await doing(telegram, number)).kind is OutcomeKind.SENT
    assert (await telegram.say(HERE, a_part(telegram, "y"))).kind is OutcomeKind.SENT
    first, second, third = fake.requests[-3:]
    assert (second.method, third.at - second.at >= 0.25, second.at - first.at >= 0.25) == (method, True, True)
    await telegram.close()


async def test_all_that_is_done_to_a_chat_stays_below_its_limit(fake: FakeTelegram) -> None:
    fake.limits.chat = Rate(most=2, seconds=0.2)
    telegram = a_telegram(fake, limits=Limits(chat=Limit(most=2, seconds=0.25)))
    await telegram.open()
    number = await said(telegram)
    doings = [doing for name, (_, doing) in DOINGS.items() if name != "delete"]
    found = await asyncio.gather(*(doing(telegram, number) for doing in doings * 2))
    assert {each.kind for each in found} == {OutcomeKind.SENT}
    assert fake.refusals_429 == 0
    await telegram.close()


@pytest.mark.parametrize("name", ["say", "edit", "turn", "upload"])
async def test_answers_go_before_broadcasts(fake: FakeTelegram, name: str) -> None:
    telegram = a_telegram(fake, limits=Limits(overall=Limit(most=1, seconds=0.2)))
    await telegram.open()
    number = await said(telegram)
    readers = [Address(platform="telegram", chat=str(chat)) for chat in (11, 12)]
    broadcasts = [asyncio.create_task(telegram.send(each, a_part(telegram), key="1")) for each in readers]
    await asyncio.sleep(0)
    _, doing = DOINGS[name]
    await asyncio.gather(asyncio.ensure_future(doing(telegram, number)), *broadcasts)
    assert [each.chat for each in fake.requests[-3:]] == ["7", "11", "12"]
    await telegram.close()


async def test_typing_and_questions_count_for_nothing_and_typing_stops_with_the_chat(fake: FakeTelegram) -> None:
    telegram = a_telegram(fake, limits=Limits(chat=Limit(most=1, seconds=60.0)))
    await telegram.open()
    for _ in range(3):
        assert (await telegram.typing(HERE)).kind is OutcomeKind.SENT
        assert await telegram.lacking(HERE) is None
        assert not await telegram.is_admin("7", "7")
    assert telegram.ready_in(HERE) == 0.0
    await said(telegram)
    assert telegram.ready_in(HERE) > 50.0
    assert (await telegram.typing(HERE)).kind is OutcomeKind.SENT
    fake.throttles(7, method="sendChatAction")
    for _ in range(2):
        found = await telegram.typing(HERE)
        assert (found.kind, 6.0 < found.after_s <= 7.0) == (OutcomeKind.WAIT, True)
    assert fake.requests[-1].method == "sendChatAction"
    assert sum(each.method == "sendChatAction" for each in fake.requests) == 8
    await telegram.close()


# Files


async def test_a_file_arrives_with_its_name_and_a_plain_caption(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.chats.lost_topics["-1001"].add("6")
    found = await telegram.upload(TOPIC, "saved papers.bib", b"@misc{a}\n", "All <b>9</b> of them & more")
    (kept,) = fake.messages
    assert found == Outcome(kind=OutcomeKind.SENT, platform_id=str(kept.message_id), thread="5")
    assert (kept.thread, kept.text, kept.entities) == ("5", "All <b>9</b> of them & more", ())
    assert kept.document
    assert (kept.document.name, kept.document.content) == ("saved papers.bib", b"@misc{a}\n")
    elsewhere = await telegram.upload(Address(platform="telegram", chat="-1001", thread="6"), "a.bib", b"x")
    assert (elsewhere.thread, elsewhere.detail) == ("", "asked for topic 6, put into none")


@pytest.mark.parametrize(
    "caption", ["a" * 1024, "a" * 1025, "word " * 300, "🏟" * 600, "e\u0301" * 600, "👩\u200d🔬" * 300, "长" * 2000, "\ud83d x"]
)
async def test_a_caption_is_cut_at_a_whole_letter(telegram: Telegram, fake: FakeTelegram, caption: str) -> None:
    assert (await telegram.upload(HERE, "a.json", b"{}", caption)).kind is OutcomeKind.SENT
    shown = fake.messages[0].text
    if units(caption.strip()) <= 1024:
        assert shown == caption.strip().replace("\ud83d", "\ufffd")
        return
    assert shown.endswith("…")
    assert 1000 < units(shown) <= 1024
    assert caption.startswith(shown[:-1])
    assert caption[len(shown) - 1] not in "\u0301\u200d"
    assert shown[-2] != "\u200d"


async def test_a_file_is_read_as_it_was_sent(telegram: Telegram, fake: FakeTelegram) -> None:
    content = bytes(range(256)) * 400
    sent = await fake.person(7).sends_file("refs.bib", content)
    assert sent.document
    assert await telegram.download(sent.document.file_id, len(content)) == content
    assert await telegram.download(sent.document.file_id, len(content)) == content


async def test_a_file_that_is_too_large_is_not_even_asked_for(telegram: Telegram, fake: FakeTelegram) -> None:
    sent = await fake.person(7).sends_file("refs.bib", b"x" * 101)
    assert sent.document
    fake.fails(method="file", times=9)
    with pytest.raises(BadFile, match="larger than 100 bytes"):
        await telegram.download(sent.document.file_id, 100)


async def test_a_file_that_is_larger_than_it_said_is_not_read_to_its_end(telegram: Telegram, fake: FakeTelegram) -> None:
    sent = await fake.person(7).sends_file("refs.bib", b"x" * 3_000_000, size=10)
    assert sent.document
    with pytest.raises(BadFile, match="larger than 1,000 bytes"):
        await telegram.download(sent.document.file_id, 1000)


async def test_a_file_that_telegram_keeps_is_a_bad_file(telegram: Telegram, fake: FakeTelegram) -> None:
    sent = await fake.person(7).sends_file("refs.bib", b"x", size=20_000_001)
    assert sent.document
    for file_id, why in ((sent.document.file_id, "ile is too big"), ("nonsense", "rong file_id")):
        with pytest.raises(BadFile, match=why):
            await telegram.download(file_id, 30_000_000)
    path = {"file_id": "1", "file_unique_id": "1", "file_size": 1, "file_path": "/etc/hostname"}
    fake.says({"ok": True, "result": path}, method="getFile")
    with pytest.raises(BadFile, match="its own disk"):
        await telegram.download("1", 100)


@pytest.mark.parametrize("method", ["getFile", "file"])
@pytest.mark.parametrize("fault", ["fails", "drops", "hangs", "throttles", "babbles", "down"])
async def test_a_file_that_does_not_come_may_come_later(telegram: Telegram, fake: FakeTelegram, method: str, fault: str) -> None:
    sent = await fake.person(7).sends_file("refs.bib", b"x")
    assert sent.document
    match fault:
        case "throttles":
            fake.throttles(9, method=method)
        case "babbles":
            fake.says("<html>", 404 if method == "file" else 200, method=method)
        case "down":
            await fake.down()
        case _:
            getattr(fake, fault)(method=method)
    with pytest.raises(PlatformUnreachable) as raised:
        await telegram.download(sent.document.file_id, 100)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))
    if (method, fault) == ("getFile", "throttles"):
        assert raised.value.after_s == 9.0
    if fault == "down":
        await fake.up()
    assert await telegram.download(sent.document.file_id, 100) == b"x"


# The connection


async def test_nothing_is_asked_inside_a_transaction(telegram: Telegram, fake: FakeTelegram) -> None:
    asked = len(fake.requests)
    with transaction():
        for act in (
            *(doing(telegram, "1") for _, doing in DOINGS.values()),
            telegram.download("x", 1),
            telegram.lacking(HERE),
            telegram.is_admin("7", "7"),
        ):
            with pytest.raises(TransactionOpen):
                await act
    assert len(fake.requests) == asked


async def test_before_it_is_open_nothing_is_known_and_then_its_address_is(fake: FakeTelegram) -> None:
    telegram = a_telegram(fake)
    for ask in (lambda: telegram.bot, lambda: telegram.username, lambda: telegram.home):
        with pytest.raises(RuntimeError, match="not open"):
            ask()
    await telegram.open()
    assert (telegram.username, telegram.home) == ("p_bot", "https://t.me/p_bot")
    assert telegram.bot.id == 123456789
    await telegram.close()
    await telegram.close()
    with pytest.raises(RuntimeError, match="not open"):
        await telegram.typing(HERE)


async def test_an_application_asks_no_more_who_it_is_and_its_end_closes_nothing(telegram: Telegram, fake: FakeTelegram) -> None:
    application = Application.builder().bot(telegram.bot).updater(None).job_queue(None).build()
    await application.initialize()
    await application.shutdown()
    assert [each.method for each in fake.requests] == ["getMe"]
    assert (await telegram.say(HERE, a_part(telegram))).kind is OutcomeKind.SENT
    await application.initialize()
    await telegram.close()
    await application.shutdown()


async def test_updates_come_while_every_connection_of_the_sender_hangs(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.hangs(times=CONNECTIONS)
    readers = [Address(platform="telegram", chat=f"{n}") for n in range(100, 100 + CONNECTIONS)]
    sends = [asyncio.create_task(telegram.say(each, a_part(telegram))) for each in readers]
    await fake.has_asked(1 + CONNECTIONS)
    assert await telegram.bot.get_updates(timeout=0) == ()
    assert not any(send.done() for send in sends)
    assert {found.kind for found in await asyncio.gather(*sends)} == {OutcomeKind.UNSURE}


async def test_a_long_poll_outlasts_the_usual_patience(telegram: Telegram, fake: FakeTelegram) -> None:
    polling = asyncio.create_task(telegram.bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.polls) == 1, "poll")
    fake.hangs()
    assert (await telegram.say(HERE, a_part(telegram))).kind is OutcomeKind.UNSURE  # as long as the usual patience
    await fake.person(7, has_started=True).says("/start")
    (update,) = await polling
    assert update.message
    assert update.message.text == "/start"
