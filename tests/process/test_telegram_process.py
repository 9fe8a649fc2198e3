"""The bot's process between Telegram and its people: webhooks, a second bot with the same token, stops, lists of commands."""

import re
import socket
from pathlib import Path

import aiohttp

from handlers.commands import COMMANDS
from tests.fakes.telegram_people import Person
from tests.process.telegram_talk import Conversation, a_conversation, publish_papers
from tests.process.watching import until


def a_free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def hook(talk: Conversation) -> str:
    """Where Telegram hands updates to."""
    return talk.telegram.updates.webhook.url if talk.telegram.updates.webhook else ""


async def greeted(talk: Conversation, number: int = 1001) -> Person:
    reader = talk.telegram.person(number)
    await reader.says("/about")
    await reader.sees("Paperboy")
    return reader


async def test_telegram_hands_over_what_people_write_if_it_is_told_where(tmp_path: Path) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}/paperboy/hook"
    async with a_conversation(tmp_path, TELEGRAM_WEBHOOK_URL=url, WEB_PORT=str(port)) as talk:
        publish_papers(talk.world, "Agents that plan")
        await talk.lives.begin()
        reader = await greeted(talk)
        assert hook(talk) == url
        assert not talk.telegram.polls
        async with aiohttp.ClientSession() as stranger:
            forged = await stranger.post(url, json={"update_id": 1}, headers={"X-Telegram-Bot-Api-Secret-Token": "guess"})
        assert forged.status == 403
        await talk.telegram.repeats_last_update()
        await reader.says("/subscribe cs.CL agents")
        await reader.sees("You get: papers about agents")
        assert sum("Paperboy" in each.text for each in reader.shown) == 1, "an update that came twice was answered once"


async def test_who_comes_back_from_a_webhook_to_polls_hears_all_that_was_written_meanwhile(tmp_path: Path) -> None:
    port = a_free_port()
    url = f"http://127.0.0.1:{port}"
    async with a_conversation(tmp_path, TELEGRAM_WEBHOOK_URL=url, WEB_PORT=str(port)) as talk:
        await talk.lives.begin()
        reader = await greeted(talk)
        assert hook(talk) == f"{url}/telegram"
        assert await talk.lives.stop() == 0
        await reader.says("/help")
        del talk.world.extra["TELEGRAM_WEBHOOK_URL"]
        await talk.lives.begin()
        await reader.sees("What I understand", within_s=20)
        assert hook(talk) == ""
        assert "at=https://t.me/p_bot" in talk.log(), "whoever started it sees where to talk to it"


async def test_a_port_that_is_taken_is_told_in_one_sentence_and_digests_go_on(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        async with a_conversation(tmp_path, TELEGRAM_WEBHOOK_URL=url, WEB_PORT=str(port)) as talk:
            await talk.lives.begin()
            await until(talk.lives, lambda: "WEB_PORT" in talk.log())
            assert talk.lives.is_alive
            assert "Traceback" not in talk.log()


async def test_a_second_bot_with_the_same_token_is_told_and_one_of_them_ends(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    async with a_conversation(tmp_path) as talk:
        talk.lives.rate = 20.0  # so that the minute of patience lasts three seconds
        await talk.lives.begin()
        await greeted(talk)
        async with a_conversation(tmp_path / "other") as other:
            other.lives.rate = 20.0
            other.world.extra |= {"TELEGRAM_API_URL": talk.telegram.url}
            await other.lives.begin()
            both = (talk.lives, other.lives)
            await until(talk.lives, lambda: not all(lives.is_alive for lives in both))
            (ended,) = (lives for lives in both if not lives.is_alive)
            assert await ended.ended() == 1
            assert "another process asks Telegram for the updates of this bot" in ended.log()
            assert "Traceback" not in ended.log()


async def test_a_stop_finishes_what_is_in_hand_and_the_next_start_repeats_nothing(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        publish_papers(talk.world, *(f"Agents of kind {number}" for number in range(12)))
        await talk.lives.begin()
        await greeted(talk, 1000)
        readers = [talk.telegram.person(1001 + number) for number in range(8)]
        for reader in readers:
            await reader.says("/subscribe cs.CL agents")
        assert await talk.lives.stop() == 0
        heard = sum(bool(reader.shown) for reader in readers)
        assert talk.lives.number("SELECT count(*) FROM subscriptions") >= heard
        await talk.lives.begin()
        for reader in readers:
            await reader.sees("You get: papers about agents", since=0, within_s=20)
        await greeted(talk, 2000)
        assert all(sum("You get" in each.text for each in reader.shown) == 1 for reader in readers)


async def test_every_kind_of_chat_has_its_list_of_commands_in_each_language(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        await talk.lives.begin()
        await until(talk.lives, lambda: len(talk.telegram.commands) == 12)
        lists = talk.telegram.commands
        scopes = {re.search(r'"type": ?"(\w+)"', scope)[1] if "type" in scope else scope for scope, _ in lists}  # type: ignore[index]
        assert len(scopes) == 4
        assert {language for _, language in lists} == {"", "zh", "vi"}
        private = next(names for (scope, language), names in lists.items() if "private" in scope and not language)
        assert {each["command"] for each in private} == {*COMMANDS, "channel"} - {"members"}
        told = len([each for each in talk.telegram.requests if each.method == "setMyCommands"])
        assert await talk.lives.stop() == 0
        await talk.lives.begin()
        await greeted(talk)
        assert len([each for each in talk.telegram.requests if each.method == "setMyCommands"]) == told, "what is right stays"
