"""Telegram's webhook from end to end: told to the fake platform by the real library, taken by our own web server."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.channels.pace import Limits, Pace
from bot.channels.telegram import Telegram, Timeouts
from bot.channels.telegram_webhook import delete_webhook, set_webhook, webhook_secret
from bot.errors import BadSettings, PlatformUnreachable, TokenRefused
from bot.guard import TransactionOpen, transaction
from handlers.web.server import Web, telegram_route
from tests.fakes.telegram import TOKEN, FakeTelegram

QUICK = Timeouts(connect_s=1.0, pool_s=1.0, answer_s=0.3, whole_s=2.0)
SECRET = webhook_secret(TOKEN)
KINDS = ("message", "callback_query")


@pytest.fixture
async def telegram(fake: FakeTelegram) -> AsyncIterator[Telegram]:
    channel = Telegram(TOKEN, fake.url, pace=Pace(Limits()), timeouts=QUICK)
    await channel.open()
    yield channel
    await channel.close()


Taken = asyncio.Queue[dict[str, Any]]


@pytest.fixture
def taken() -> Taken:
    return asyncio.Queue()


@pytest.fixture
async def web(taken: Taken) -> AsyncIterator[Web]:
    server = Web("127.0.0.1", 0)
    server.add_post("/telegram", telegram_route(SECRET, taken.put))
    await server.start()
    yield server
    await server.stop()


async def test_what_people_write_is_handed_over_with_the_secret(
    telegram: Telegram, fake: FakeTelegram, web: Web, taken: Taken
) -> None:
    reader, url = fake.person(7), f"http://127.0.0.1:{web.port}/telegram"
    await reader.says("before")
    await set_webhook(telegram.bot, url, SECRET, KINDS)
    assert (await taken.get())["message"]["text"] == "before"
    await fake.all_read()
    await set_webhook(telegram.bot, url, SECRET, KINDS)
    await reader.says("after")
    assert (await taken.get())["message"]["text"] == "after"
    await fake.all_read()
    assert fake.updates.allowed == frozenset(KINDS)
    for _ in range(2):
        await delete_webhook(telegram.bot)
    await reader.says("later")
    (update,) = await telegram.bot.get_updates(timeout=0)
    assert update.message
    assert update.message.text == "later"
    assert taken.empty()


async def test_whoever_has_another_token_is_turned_away(telegram: Telegram, fake: FakeTelegram, web: Web, taken: Taken) -> None:
    await fake.person(7).says("hello")
    await set_webhook(telegram.bot, f"http://127.0.0.1:{web.port}/telegram", webhook_secret(TOKEN + "x"), KINDS)
    while "403" not in ((await telegram.bot.get_webhook_info()).last_error_message or ""):
        pass
    assert taken.empty()


async def test_an_address_that_telegram_refuses_is_one_sentence(telegram: Telegram, fake: FakeTelegram) -> None:
    with pytest.raises(BadSettings, match=r"^TELEGRAM_WEBHOOK_URL is refused by Telegram \(.*[Bb]ad webhook.*\)\.$"):
        await set_webhook(telegram.bot, "https://bot.example.org:4711/", SECRET, KINDS)


Fault = Callable[[FakeTelegram, str], None]
FAULTS: list[Fault] = [
    lambda fake, method: fake.fails(method=method),
    lambda fake, method: fake.drops(method=method),
    lambda fake, method: fake.hangs(method=method),
    lambda fake, method: fake.throttles(9, method=method),
    lambda fake, method: fake.says("<html>", method=method),
]


@pytest.mark.parametrize("method", ["setWebhook", "deleteWebhook"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_telegram_did_not_hear_is_told_again_later(
    telegram: Telegram, fake: FakeTelegram, method: str, fault: Fault
) -> None:
    async def tell() -> None:
        if method == "setWebhook":
            await set_webhook(telegram.bot, "http://127.0.0.1:9/telegram", SECRET, KINDS)
        else:
            await delete_webhook(telegram.bot)

    fault(fake, method)
    with pytest.raises(PlatformUnreachable) as raised:
        await tell()
    assert raised.value.after_s == (9.0 if fault is FAULTS[3] else 30.0)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))
    await tell()


async def test_a_token_that_is_refused_is_one_sentence_without_it(telegram: Telegram, fake: FakeTelegram) -> None:
    fake.revokes_token()
    with pytest.raises(TokenRefused) as raised:
        await delete_webhook(telegram.bot)
    assert TOKEN not in "".join(traceback.format_exception(raised.value))


async def test_nothing_is_told_inside_a_transaction(telegram: Telegram, fake: FakeTelegram) -> None:
    with transaction():
        for act in (set_webhook(telegram.bot, "https://bot.example.org/", SECRET, KINDS), delete_webhook(telegram.bot)):
            with pytest.raises(TransactionOpen):
                await act
    assert [each.method for each in fake.requests] == ["getMe"]
