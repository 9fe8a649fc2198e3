"""The sending half of Telegram, through the real library, against the fake platform."""

import asyncio
import io
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import structlog

from bot.channels.pace import Limits, Pace
from bot.channels.telegram import Telegram, Timeouts
from bot.config import load
from bot.domain.deliveries import Cause, Outcome, OutcomeKind
from bot.domain.messages import Button, Buttons, Heading, Item, Message, Span, paragraph
from bot.domain.subscriptions import Address
from bot.errors import PlatformUnreachable, TokenRefused
from bot.guard import TransactionOpen, transaction
from bot.log import configure
from bot.ports import Channel, Delivered, Part
from tests.fakes.telegram import TOKEN, FakeTelegram

QUICK = Timeouts(connect_s=1.0, pool_s=1.0, answer_s=0.3, whole_s=2.0)
LINK = Span("A title", url="https://example.org/?a=1&b=2")
WHOLE = Message(blocks=(Item(blocks=(Heading(spans=(LINK,)), paragraph("a < b")), number=4),))


def to(chat: str, thread: str = "") -> Address:
    return Address(platform="telegram", chat=chat, thread=thread)


READER, GROUP, SUPERGROUP = to("7"), to("-42"), to("-1001")


def a_telegram(fake: FakeTelegram, *, token: str = TOKEN, timeouts: Timeouts = QUICK, limits: Limits | None = None) -> Telegram:
    return Telegram(token, fake.url, pace=Pace(limits or Limits()), timeouts=timeouts)


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as platform:
        platform.limits.switched_off()
        yield platform


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[Telegram]:
    channel = a_telegram(fake)
    await channel.open()
    yield channel
    await channel.close()


async def send(channel: Channel, address: Address = READER, message: Message = WHOLE, *, is_plain: bool = False) -> Outcome:
    (part,) = channel.render(message)
    return await channel.send(address, part, key="1-1", is_plain=is_plain)


async def test_a_part_arrives_as_html_without_preview_and_its_id_comes_back(telegram: Telegram, fake: FakeTelegram) -> None:
    found = await send(telegram)
    (kept,) = fake.messages
    assert found == Outcome(kind=OutcomeKind.SENT, platform_id=str(kept.message_id))
    assert (kept.text, [each.kind for each in kept.entities]) == ("A title\na < b", ["bold", "text_link"])
    assert fake.requests[-1].params["link_preview_options"] == '{"is_disabled": true}'


async def test_plain_text_has_no_markup_and_its_links_in_words(telegram: Telegram, fake: FakeTelegram) -> None:
    await send(telegram, is_plain=True)
    (kept,) = fake.messages
    assert (kept.text, kept.entities) == ("A title (https://example.org/?a=1&b=2)\na < b", ())


async def test_buttons_become_a_keyboard(telegram: Telegram, fake: FakeTelegram) -> None:
    row = (Button(label="More", action="1:more"), Button(label="Page", url="https://example.org/"))
    await send(telegram, message=Message(blocks=(paragraph("x"), Buttons(rows=(row,)))))
    shown = fake.messages[0].keyboard
    assert shown == {
        "inline_keyboard": [[{"callback_data": "1:more", "text": "More"}, {"text": "Page", "url": "https://example.org/"}]]
    }


async def test_a_topic_is_asked_for_and_told_if_another_was_used(telegram: Telegram, fake: FakeTelegram) -> None:
    assert (await send(telegram, to("-1001", "5"))).thread == "5"
    fake.loses_topic("7", "5")
    found = await send(telegram, to("7", "5"))
    assert (found.kind, found.thread, found.detail) == (OutcomeKind.SENT, "", "asked for topic 5, put into none")
    assert [each.thread for each in fake.messages] == ["5", ""]


def a_silenced_channel(fake: FakeTelegram) -> None:
    fake.makes_channel("-1001")
    fake.takes_rights("-1001")


State = Callable[[FakeTelegram], None]
STATES: list[tuple[State, Address, OutcomeKind, Cause]] = [
    (lambda fake: fake.blocks("7"), READER, OutcomeKind.SUSPEND, Cause.BLOCKED),
    (lambda fake: fake.deactivates("7"), READER, OutcomeKind.SUSPEND, Cause.DEACTIVATED),
    (lambda fake: fake.forgets("7"), READER, OutcomeKind.SUSPEND, Cause.CHAT_GONE),
    (lambda fake: fake.kicks("-42"), GROUP, OutcomeKind.SUSPEND, Cause.KICKED),
    (lambda fake: fake.takes_rights("-42"), GROUP, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (lambda fake: fake.takes_rights("-1001"), SUPERGROUP, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (lambda fake: fake.closes_topic("-1001", "5"), to("-1001", "5"), OutcomeKind.SUSPEND, Cause.TOPIC_CLOSED),
    (lambda fake: fake.deletes_topic("-1001", "5"), to("-1001", "5"), OutcomeKind.SUSPEND, Cause.TOPIC_GONE),
    (a_silenced_channel, SUPERGROUP, OutcomeKind.SUSPEND, Cause.NO_PERMISSION),
    (lambda fake: fake.upgrades("-42", "-1005"), GROUP, OutcomeKind.MOVED, Cause.MOVED),
    (lambda fake: fake.revokes_token(), READER, OutcomeKind.STOP, Cause.TOKEN_REFUSED),
]


@pytest.mark.parametrize(("state", "address", "kind", "cause"), STATES)
async def test_what_became_of_a_chat_is_an_outcome_of_sends_and_probes(
    telegram: Telegram, fake: FakeTelegram, state: State, address: Address, kind: OutcomeKind, cause: Cause
) -> None:
    state(fake)
    for found in (await send(telegram, address), await telegram.probe(address)):
        assert (found.kind, found.cause) == (kind, cause)
        assert found.moved_to == ("-1005" if kind is OutcomeKind.MOVED else "")
    assert fake.messages == []


@pytest.mark.parametrize("address", [READER, GROUP, SUPERGROUP, to("-1001", "5"), to("-1002"), to("@papers")])
async def test_a_probe_of_an_open_chat_says_so_and_sends_nothing(
    telegram: Telegram, fake: FakeTelegram, address: Address
) -> None:
    fake.makes_channel("-1002")
    assert (await telegram.probe(address)).kind is OutcomeKind.SENT
    assert fake.messages == []
    is_channel = fake.chats.kind(address.chat) == "channel"
    assert fake.requests[-1].method == ("getChatMember" if is_channel else "sendChatAction")


Fault = Callable[[FakeTelegram], None]
FAULTS: list[tuple[Fault, OutcomeKind, Cause, int]] = [
    (lambda fake: fake.fails(500, is_html=False), OutcomeKind.AGAIN, Cause.PLATFORM_DOWN, 0),
    (lambda fake: fake.fails(502), OutcomeKind.AGAIN, Cause.PLATFORM_DOWN, 0),
    (lambda fake: fake.says([], 503), OutcomeKind.AGAIN, Cause.PLATFORM_DOWN, 0),
    (lambda fake: fake.drops(), OutcomeKind.UNSURE, Cause.NO_ANSWER, 0),
    (lambda fake: fake.drops_unread(), OutcomeKind.UNSURE, Cause.NO_ANSWER, 0),
    (lambda fake: fake.hangs(), OutcomeKind.UNSURE, Cause.NO_ANSWER, 0),
    (lambda fake: fake.loses_answer(), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.loses_answer(cuts=True), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.says("<html>", accepts=True), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.says({"ok": True}, accepts=True), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.says({"ok": True, "result": {}}, accepts=True), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.says({"ok": True, "result": []}, accepts=True), OutcomeKind.UNSURE, Cause.NO_ANSWER, 1),
    (lambda fake: fake.refuses_markup(), OutcomeKind.PLAIN, Cause.MARKUP_REFUSED, 0),
    (lambda fake: fake.refuses(400, "Bad Request: message is too long"), OutcomeKind.PLAIN, Cause.TOO_LONG, 0),
    (lambda fake: fake.refuses(400, "Bad Request: no idea"), OutcomeKind.REFUSED, Cause.REFUSED, 0),
    (lambda fake: fake.refuses(403, "Forbidden: no idea"), OutcomeKind.REFUSED, Cause.REFUSED, 0),
    (lambda fake: fake.refuses(409, "Conflict"), OutcomeKind.AGAIN, Cause.REFUSED, 0),
    (lambda fake: fake.refuses(413, "Request Entity Too Large"), OutcomeKind.REFUSED, Cause.REFUSED, 0),
    (lambda fake: fake.says("<html>Sign in", 403), OutcomeKind.AGAIN, Cause.UNREACHABLE, 0),
    (lambda fake: fake.says("<html>", 302), OutcomeKind.AGAIN, Cause.UNREACHABLE, 0),
    (lambda fake: fake.says("<html>", 404), OutcomeKind.STOP, Cause.TOKEN_REFUSED, 0),
]


@pytest.mark.parametrize(("fault", "kind", "cause", "shown"), FAULTS)
async def test_every_fault_is_an_outcome_and_is_tried_once(
    telegram: Telegram, fake: FakeTelegram, fault: Fault, kind: OutcomeKind, cause: Cause, shown: int
) -> None:
    fault(fake)
    found = await send(telegram)
    assert (found.kind, found.cause, len(fake.messages)) == (kind, cause, shown)
    assert sum(each.method == "sendMessage" for each in fake.requests) <= 1
    assert (await send(telegram)).kind is OutcomeKind.SENT


async def test_a_platform_that_is_down_is_not_reached(telegram: Telegram, fake: FakeTelegram) -> None:
    await send(telegram)
    await fake.down()
    for found in (await send(telegram), await telegram.probe(READER)):
        assert (found.kind, found.cause) == (OutcomeKind.AGAIN, Cause.UNREACHABLE)
    await fake.up()
    assert (await send(telegram)).kind is OutcomeKind.SENT


async def test_an_unsure_probe_is_one_to_be_done_again(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.drops(method="sendChatAction")
    assert (await telegram.probe(READER)).kind is OutcomeKind.AGAIN


async def test_a_server_that_leaves_rights_out_is_probed_by_typing(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.says({"ok": True, "result": {"status": "administrator", "user": fake.bot}}, method="getChatMember")
    assert (await telegram.probe(SUPERGROUP)).kind is OutcomeKind.SENT
    assert fake.requests[-1].method == "sendChatAction"


@pytest.mark.parametrize(
    ("told", "after_s"), [(43_200, 43_200.0), (0, 30.0), (None, 30.0), (10**400, 86_400.0), (10**11, 86_400.0)]
)
async def test_a_flood_halts_the_chat_and_no_further_request_leaves(
    telegram: Telegram, fake: FakeTelegram, told: int | None, after_s: float
) -> None:
    fake.throttles(told, chat="7")
    found = await send(telegram)
    asked = len(fake.requests)
    assert (found.kind, found.cause, found.after_s) == (OutcomeKind.WAIT, Cause.THROTTLED, after_s)
    assert after_s - 1 < telegram.ready_in(READER) <= after_s
    again = await send(telegram)
    assert (again.kind, after_s - 1 < again.after_s <= after_s, len(fake.requests)) == (OutcomeKind.WAIT, True, asked)
    assert telegram.ready_in(GROUP) == 0.0


async def test_an_answer_of_no_year_leaves_doubt_and_breaks_nothing(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.says({"ok": True, "result": {"message_id": 1, "date": 1e308, "chat": {"id": 7, "type": "private"}}}, accepts=True)
    found = await send(telegram)
    assert (found.kind, found.cause) == (OutcomeKind.UNSURE, Cause.NO_ANSWER)


async def test_what_was_sent_before_counts_for_the_pace(fake: FakeTelegram) -> None:
    from bot.channels.telegram_limits import TELEGRAM

    telegram = a_telegram(fake, limits=TELEGRAM)
    telegram.recall([Delivered(address=READER, ago_s=0.0)])
    assert telegram.ready_in(READER) > 0.0
    assert telegram.ready_in(GROUP) == 0.0


async def test_nothing_leaves_inside_a_transaction(telegram: Telegram, fake: FakeTelegram) -> None:
    asked = len(fake.requests)
    with transaction():
        for act in (send(telegram), telegram.probe(READER), telegram.open()):
            with pytest.raises(TransactionOpen):
                await act
    assert len(fake.requests) == asked


@pytest.mark.parametrize("token", [f"{TOKEN}x", "nonsense", ""])
async def test_a_refused_token_is_one_sentence_without_it(fake: FakeTelegram, token: str) -> None:
    with pytest.raises(TokenRefused, match="TELEGRAM_BOT_TOKEN") as raised:
        await a_telegram(fake, token=token).open()
    assert not token or token not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("fault", ["down", "hangs", "drops", "fails", "throttles", "babbles"])
async def test_a_platform_that_is_not_there_at_the_start_may_be_later(fake: FakeTelegram, fault: str) -> None:
    telegram = a_telegram(fake)
    match fault:
        case "down":
            await fake.down()
        case "throttles":
            fake.throttles(5, method="getMe")
        case "babbles":
            fake.says({"ok": True, "result": {}}, method="getMe")
        case _:
            getattr(fake, fault)(method="getMe")
    with pytest.raises(PlatformUnreachable) as raised:
        await telegram.open()
    assert TOKEN not in "".join(traceback.format_exception(raised.value))
    if fault == "down":
        await fake.up()
    await telegram.open()
    assert (await send(telegram)).kind is OutcomeKind.SENT
    await telegram.close()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the process writes at its most talkative; it does not know the token, so that nothing blanks it."""
    root = logging.getLogger()
    handlers, level, hook, raises = root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions
    written = io.StringIO()
    configure(load({"LOG_LEVEL": "debug"}, Path("/nowhere/.env")), stream=written)
    yield written
    root.handlers, sys.excepthook, logging.raiseExceptions = handlers, hook, raises
    root.setLevel(level)
    structlog.reset_defaults()


async def test_no_line_of_the_log_holds_the_token_or_the_text(fake: FakeTelegram, log: io.StringIO) -> None:
    telegram = a_telegram(fake)
    await telegram.open()
    for fault, *_ in FAULTS:
        fault(fake)
        assert TOKEN not in (await send(telegram)).detail
    fake.recovers()
    (part,) = telegram.render(WHOLE)
    number = (await telegram.say(READER, part)).platform_id
    document = (await fake.person(7, has_started=True).sends_file("A title.bib", b"html")).document
    assert document
    for method in ("editMessageText", "editMessageReplyMarkup", "sendDocument", "getFile", "file", "getChatMember"):
        fake.fails(method=method)
        await telegram.edit(READER, number, part)
        await telegram.turn(READER, number, ())
        await telegram.upload(READER, "A title.bib", b"html", "A title")
        with suppress(PlatformUnreachable):
            await telegram.download(document.file_id, 100)
        await telegram.is_admin("-1001", "7")
    fake.revokes_token()
    assert TOKEN not in (await telegram.edit(READER, number, part)).detail
    await telegram.close()
    assert TOKEN not in log.getvalue()
    assert "A title" not in log.getvalue()
    assert "html" not in log.getvalue()


async def test_a_send_that_is_cancelled_ends_at_once(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.hangs()
    (part,) = telegram.render(WHOLE)
    sending = asyncio.create_task(telegram.send(READER, part, key="1"))
    await fake.has_asked(2)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending


async def test_many_chats_are_served_at_once(telegram: Telegram, fake: FakeTelegram) -> None:
    part = Part(number=1, payload='{"html": "x"}')
    found = await asyncio.gather(*(telegram.send(to(str(n)), part, key=str(n)) for n in range(1, 101)))
    assert {each.kind for each in found} == {OutcomeKind.SENT}
    assert len({each.platform_id for each in found}) == len(fake.messages) == 100
