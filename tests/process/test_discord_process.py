"""The bot's process between Discord and its people: alone, beside Telegram, stopped, begun twice, cut off."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.discord_people import Person, words
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person as Telegrammer
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import publish_papers
from tests.process.watching import until

pytestmark = pytest.mark.timeout(120)

PAPER = "Agents that plan"


async def greeted(person: Person, within_s: float = 10.0) -> None:
    """They are answered, in their direct chat."""
    use = await person.runs("papers about")
    assert "research papers" in words(await use.answer(within_s))


def began(talk: Conversation) -> int:
    """How often a session began on the gateway, or went on."""
    return talk.discord.identifies + talk.discord.resumes


async def anew(talk: Conversation, before: int) -> None:
    """Wait until one did after that, and the bot is there."""
    async with asyncio.timeout(30):
        await talk.discord.until(lambda: began(talk) > before and talk.discord.is_connected)


async def greeted_there(telegram: FakeTelegram, number: int = 1001) -> Telegrammer:
    """Somebody on Telegram is answered."""
    reader = telegram.person(number)
    await reader.says("/about")
    await reader.sees("research papers", within_s=20)
    return reader


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[tuple[Conversation, FakeTelegram]]:
    """Discord and Telegram in one process, with one paper of today; it has not begun."""
    async with FakeTelegram() as telegram, a_conversation(folder) as talk:
        telegram.limits.switched_off()
        talk.world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        publish_papers(talk.world, PAPER)
        yield talk, telegram


# Beside Telegram


async def test_one_process_answers_on_both_and_each_reader_gets_a_digest_of_their_own(tmp_path: Path) -> None:
    async with both(tmp_path) as (talk, telegram):
        await up(talk)
        here, there = talk.member(), await greeted_there(telegram)
        await (await here.runs("papers subscribe", categories="cs.CL", keywords="agents")).answer()
        await there.says("/subscribe cs.CL plan")
        await there.sees("You get:")
        await (await here.runs("papers digest")).answer()
        await there.says("/digest")
        await asyncio.gather(here.sees(PAPER, within_s=30), there.sees(PAPER, within_s=30))
        await until(talk.lives, lambda: talk.rows("SELECT count(*) FROM parts WHERE ended_at IS NULL") == [(0,)])
        query = "SELECT a.platform, count(*) FROM digests d JOIN subscriptions s ON s.id = d.subscription_id "
        found = talk.rows(query + "JOIN addresses a ON a.id = s.address_id GROUP BY a.platform")
        assert sorted(found) == [("discord", 1), ("telegram", 1)]
        assert {each.chat for each in telegram.messages} == {str(there.id)}
        assert {each.channel for each in talk.discord.messages} == {here.direct}


async def test_telegram_goes_on_while_discord_is_down_and_discord_comes_back_by_itself(tmp_path: Path) -> None:
    async with both(tmp_path) as (talk, telegram):
        talk.lives.rate = 20.0
        await up(talk)
        await greeted_there(telegram)
        begun = began(talk)
        await talk.discord.down()
        await greeted_there(telegram, 1002)
        await talk.discord.up()
        await anew(talk, begun)
        await greeted(talk.member())
        await greeted_there(telegram, 1003)


async def test_discord_goes_on_while_telegram_is_down(tmp_path: Path) -> None:
    async with both(tmp_path) as (talk, telegram):
        talk.lives.rate = 20.0
        await up(talk)
        await greeted_there(telegram)
        await telegram.down()
        await greeted(talk.member())
        await telegram.up()
        await greeted_there(telegram, 1002)


async def test_a_token_that_discord_takes_back_ends_discord_alone(tmp_path: Path) -> None:
    async with both(tmp_path) as (talk, telegram):
        await up(talk)
        await greeted(talk.member())
        talk.discord.revokes_token()
        await talk.discord.drops_gateway(4004)
        await until(talk.lives, lambda: "platform stopped: it refuses our token" in talk.log())
        await greeted_there(telegram)
        assert talk.lives.is_alive


# Alone


async def test_the_token_of_the_only_platform_is_taken_back_and_the_process_ends_with_a_sentence(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        await up(talk)
        talk.discord.revokes_token()
        await talk.discord.drops_gateway(4004)
        assert await talk.lives.ended() == 1
        assert "no chat platform takes our token any more" in talk.log()
        assert "Traceback" not in talk.log()


async def test_a_gateway_that_does_not_open_at_the_start_is_tried_again(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        talk.lives.rate = 20.0
        talk.discord.refuses_gateway(times=2)
        await up(talk)
        await greeted(talk.member())
        assert "Traceback" not in talk.log()


async def test_people_are_answered_again_after_every_kind_of_break(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        talk.lives.rate = 20.0
        await up(talk)
        reader = talk.member()
        dropped = (partial(talk.discord.drops_gateway, code) for code in (1006, 4000, 4009))
        breaks: tuple[Callable[[], Awaitable[None]], ...] = (*dropped, talk.discord.asks_to_reconnect)
        for happens in breaks:
            begun = began(talk)
            await happens()
            await anew(talk, begun)
            await greeted(reader)
        assert talk.discord.syncs == 1, "commands are listed once, however often it connects"
        assert "Traceback" not in talk.log()


# Starts and stops


async def test_commands_are_listed_once_and_again_when_the_list_has_changed(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        await up(talk)
        assert await talk.lives.stop() == 0
        for _ in range(2):
            begun = began(talk)
            await talk.lives.begin()
            await anew(talk, begun)
            await greeted(talk.member())
            assert await talk.lives.stop() == 0
        assert talk.discord.syncs == 1
        with sqlite3.connect(talk.world.folder / "paperboy.db") as database:
            database.execute("UPDATE listings SET mark = 'of an older version' WHERE platform = 'discord'")
        await talk.lives.begin()
        await talk.discord.synced(2)
        assert await talk.lives.stop() == 0


async def test_a_stop_finishes_what_is_in_hand_and_the_next_start_repeats_nothing(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        publish_papers(talk.world, *(f"Agents of kind {number}" for number in range(12)))
        await up(talk)
        readers = [talk.member() for _ in range(8)]
        uses = [await reader.runs("papers subscribe", categories="cs.CL", keywords="agents") for reader in readers]
        await talk.discord.until(lambda: any(use.is_answered for use in uses))
        assert await talk.lives.stop() == 0
        heard = [use for use in uses if use.is_answered]
        assert heard
        assert all(use.original is not None for use in heard), "nobody is left before a thinking that never ends"
        assert talk.lives.number("SELECT count(*) FROM subscriptions") >= len(heard)
        for use in uses:
            use.is_forgiven = not use.is_answered  # nobody was there any more
        shown = len(talk.discord.messages)
        begun = began(talk)
        await talk.lives.begin()
        await anew(talk, begun)
        await greeted(talk.member())
        assert len(talk.discord.messages) == shown + 1
        assert "Traceback" not in talk.log()


async def test_a_second_bot_on_one_database_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        await up(talk)
        second = await talk.world.paperboy("run")
        assert second.code == 1
        assert "another `paperboy run` holds" in second.err
        assert talk.discord.identifies == 1, "it did not take the gateway from the first"
        await greeted(talk.member())


async def test_check_says_whether_discord_takes_the_token(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        good = await talk.world.paperboy("check")
        assert "discord (DISCORD_BOT_TOKEN): takes the token" in good.out
        talk.world.extra["DISCORD_BOT_TOKEN"] = "MTIz.another.token-that-nobody-knows"
        bad = await talk.world.paperboy("check")
        (told,) = [line for line in bad.out.splitlines() if line.startswith("FAULT") and "iscord" in line]
        assert "DISCORD_BOT_TOKEN" in told
        assert "nobody-knows" not in bad.out + bad.err
        assert bad.code != 0


async def test_at_the_level_debug_the_log_tells_nothing_of_people(tmp_path: Path) -> None:
    async with a_conversation(tmp_path) as talk:
        talk.world.extra |= {"LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
        talk.discord.guild("9001000001", "Xanthippe")
        await up(talk)
        boss = talk.discord.person("9001000002", name="Quuxley", guild="9001000001", manages_guild=True)
        talk.discord.text_channel("9001000003", guild="9001000001", name="zyzzyva")
        await (await boss.runs("papers subscribe", "9001000003", keywords="zyzzyva", authors="Di Zyzzyva")).answer()
        view = await (await boss.runs("papers settings", "9001000003")).answer()
        await (await boss.forges(view, "1sv:zyzzyva.zyzzyva")).acknowledged()
        await boss.completes("papers subscribe", "9001000003", categories="zyzzyva")
        await until(talk.lives, lambda: "the gateway is open" in talk.log())
        begun = began(talk)
        await talk.discord.drops_gateway(4000)
        await anew(talk, begun)
        await greeted(boss)
        lines = talk.log()
        assert len([json.loads(line) for line in lines.splitlines()]) > 5
        tokens = (talk.discord.token, *(use.token for use in talk.discord.uses.values()))
        found = ("xanthippe", "quuxley", "zyzzyva", "9001000001", "9001000002", "9001000003", *tokens)
        assert [each for each in found if each.casefold() in lines.casefold()] == []
