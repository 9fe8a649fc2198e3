"""How updates reach a bot of the fake Telegram, by poll and by webhook; and what the platform keeps of the bot itself."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import (
    Bot,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeChatMember,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
)
from telegram.error import BadRequest, Conflict, InvalidToken

from tests.fakes.server import served
from tests.fakes.telegram import FakeTelegram

GROUP, CHANNEL = "-1001", "-1002"


async def test_it_answers_at_once_however_long_the_poll(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: bool(fake.polls), "poll")
    before = time.monotonic()
    await reader.says("/start")
    assert len(await polling) == 1
    assert time.monotonic() - before < 5


async def test_updates_wait_until_they_are_acknowledged(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001)
    for text in ("a", "b", "c"):
        await reader.says(text)
    first = await bot.get_updates(limit=2)
    assert [update.effective_message.text for update in first if update.effective_message] == ["a", "b"]
    assert await bot.get_updates(limit=2) == first
    (third,) = await bot.get_updates(offset=first[-1].update_id + 1)
    assert third.update_id == first[-1].update_id + 1
    assert await bot.get_updates(offset=-1) == (third,)
    reading = asyncio.create_task(fake.all_read())
    assert await bot.get_updates(offset=third.update_id + 1) == ()
    await reading


async def test_an_empty_poll_takes_its_time(fake: FakeTelegram, bot: Bot) -> None:
    before = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - before < 5
    assert fake.requests[-1].method == "getMe", "polls are kept apart"


async def test_only_the_kinds_that_were_asked_for_come(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    await bot.get_updates(allowed_updates=["callback_query"])
    await reader.says("/start")
    await bot.get_updates(allowed_updates=[])
    assert await bot.get_updates() == ()
    await reader.says("/start")
    assert len(await bot.get_updates()) == 1


async def test_of_two_pollers_the_first_ends(fake: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.polls) == 1, "poll")
    second = asyncio.create_task(bot.get_updates(timeout=30))
    with pytest.raises(Conflict, match="terminated by other getUpdates request; make sure that only one bot instance is running"):
        await first
    await fake.person(1001).says("/start")
    assert len(await second) == 1


async def test_a_poll_ends_with_the_platform(fake: FakeTelegram, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.polls) == 1, "poll")
    await fake.down()
    assert await asyncio.gather(polling, return_exceptions=True)
    await fake.up()
    await fake.person(1001).says("/start")
    assert len(await bot.get_updates()) == 1


class Hook:
    """Where a webhook is posted to; `fails` times it answers 500."""

    def __init__(self) -> None:
        self.fails, self.heard, self.url = 0, list[tuple[str, str]](), ""
        self._all = asyncio.Condition()

    async def take(self, request: web.Request) -> web.Response:
        update = await request.json()
        async with self._all:
            self.heard.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), update["message"]["text"]))
            self._all.notify_all()
        self.fails -= 1
        return web.Response(status=500 if self.fails >= 0 else 200)

    async def has_heard(self, times: int) -> None:
        async with asyncio.timeout(10), self._all:
            await self._all.wait_for(lambda: len(self.heard) >= times)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    made, app = Hook(), web.Application()
    app.router.add_post("/updates", made.take)
    runner, url = await served(app)
    made.url = f"{url}/updates"
    yield made
    await runner.cleanup()


async def test_a_webhook_gets_updates_with_its_secret_in_order_and_again_until_it_takes_them(
    fake: FakeTelegram, bot: Bot, hook: Hook
) -> None:
    reader = fake.person(1001)
    await reader.says("before")
    hook.fails = 2
    assert await bot.set_webhook(hook.url, secret_token="s-1", max_connections=4)
    await reader.says("after")
    await hook.has_heard(4)
    await fake.all_read()
    assert hook.heard == [("s-1", "before")] * 3 + [("s-1", "after")]
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections, info.pending_update_count) == (hook.url, 4, 0)
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active; use deleteWebhook to delete"):
        await bot.get_updates()
    await bot.delete_webhook()
    await reader.says("then")
    assert len(await bot.get_updates()) == 1
    assert (await bot.get_webhook_info()).url == ""


async def test_a_webhook_ends_the_poll_and_waits_for_a_bot_that_is_down(fake: FakeTelegram, bot: Bot, hook: Hook) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=30))
    await fake.until(lambda: len(fake.polls) == 1, "poll")
    await bot.set_webhook("http://127.0.0.1:9/updates")
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling
    await fake.person(1001).says("/start")
    async with asyncio.timeout(10):
        while not (await bot.get_webhook_info()).last_error_message:
            pass
    assert (await bot.get_webhook_info()).pending_update_count == 1
    fake.updates.hosts["bot.example.org"] = hook.url.removeprefix("http://").removesuffix("/updates")
    await bot.set_webhook("https://bot.example.org/updates")
    await hook.has_heard(1)


@pytest.mark.parametrize("url", ["http://bot.example.org/", "https://bot.example.org:8080/"])
async def test_webhooks_stand_where_the_platform_lets_them(bot: Bot, url: str) -> None:
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)
    with pytest.raises(BadRequest, match="unallowed characters"):
        await bot.set_webhook("https://bot.example.org/", secret_token="a b")


# What is kept of the bot


async def test_commands_are_kept_by_scope_and_language(fake: FakeTelegram, bot: Bot) -> None:
    boss, reader = fake.person(1, language="de"), fake.person(2, language="fr")
    group = fake.group(GROUP, admins=[boss], members=[reader])
    await bot.set_my_commands([("list", "Papers")])
    await bot.set_my_commands([("liste", "Artikel")], language_code="de")
    await bot.set_my_commands([("pause", "Wait")], scope=BotCommandScopeAllChatAdministrators())
    await bot.set_my_commands([("mine", "Mine")], scope=BotCommandScopeChatMember(GROUP, 2))
    menus = [boss.menu(), reader.menu(), boss.menu(group), reader.menu(group)]
    assert menus == [["liste"], ["list"], ["pause"], ["mine"]]
    assert (await bot.get_my_commands(language_code="de"))[0].description == "Artikel"
    await bot.delete_my_commands(language_code="de")
    assert (boss.menu(), await bot.get_my_commands(language_code="de")) == (["list"], ())


@pytest.mark.parametrize(
    ("commands", "said"),
    [
        ([("List", "x")], r"(?i)bot_command_invalid"),
        ([("x" * 33, "x")], r"(?i)bot_command_invalid"),
        ([("list", "")], "Command description must be non-empty"),
        ([("list", "x" * 257)], "Command description length must not exceed 256"),
        ([(f"a{number}", "x") for number in range(101)], r"(?i)bot_commands_too_much"),
    ],
)
async def test_bad_commands_are_refused_and_none_is_kept(
    fake: FakeTelegram, bot: Bot, commands: list[tuple[str, str]], said: str
) -> None:
    with pytest.raises(BadRequest, match=said):
        await bot.set_my_commands(commands)
    assert fake.commands == {}


async def test_what_a_bot_says_of_itself_has_limits(bot: Bot) -> None:
    await bot.set_my_description("Papers", language_code="de")
    assert (await bot.get_my_description("de")).description == "Papers"
    assert (await bot.get_my_short_description()).short_description == ""
    with pytest.raises(BadRequest, match="too long"):
        await bot.set_my_short_description("x" * 121)


async def test_what_the_platform_does_not_know_is_odd(fake: FakeTelegram, bot: Bot) -> None:
    reader = fake.person(1001, has_started=True)
    await bot.send_message(1001, "a", api_kwargs={"silent": True})
    await bot.send_message(1001, "a", link_preview_options=LinkPreviewOptions(is_disabled=True))
    assert (fake.oddities, [each.has_preview for each in reader.shown]) == (
        ["sendMessage has no parameter silent"],
        [True, False],
    )
    with pytest.raises(InvalidToken):
        await bot.get_star_transactions()
    assert fake.oddities.pop() == "no method getStarTransactions in this fake"
    fake.oddities.clear()


async def test_keyboards_have_the_platforms_measures(fake: FakeTelegram, bot: Bot) -> None:
    fake.person(1001, has_started=True)
    rows = [[InlineKeyboardButton("a", callback_data="a")] * 8] * 12
    await bot.send_message(1001, "a", reply_markup=InlineKeyboardMarkup(rows))
    button = InlineKeyboardButton("a", callback_data="a")
    for wrong in ([*rows, [button] * 5], [[button] * 9]):
        with pytest.raises(BadRequest, match="Reply markup is too long"):
            await bot.send_message(1001, "a", reply_markup=InlineKeyboardMarkup(wrong))
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await (await bot.send_message(1001, "a")).edit_text("b", reply_markup=ForceReply())  # type: ignore[arg-type]
