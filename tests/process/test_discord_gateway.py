"""The running bot and Discord's gateway: broken lines, forgotten sessions, a gateway that is away, a token that is no more."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.discord import TOKEN
from tests.fakes.discord_looking import words
from tests.process.discord_digests import AGENTS, feeds, says, soon
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import publish_papers
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

RATE = 60.0  # a minute a second, and a tick each


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    async with a_bot(tmp_path_factory.mktemp("gateway"), empty_database) as made:
        await up(made)
        yield made
        assert (made.discord.oddities, made.discord.syncs) == ([], 1)
        assert "Traceback" not in made.log()


@asynccontextmanager
async def a_bot(folder: Path, database: Path) -> AsyncIterator[Conversation]:
    """One that has not begun, on a day with two papers."""
    shutil.copy(database, folder / "paperboy.db")
    async with a_conversation(folder) as made:
        publish_papers(made.world, "Agents that plan", "Agents that remember")
        made.lives.rate = RATE
        yield made


async def is_due(talk: Conversation) -> str:
    """A channel whose digest comes within the next seconds; nobody needs a gateway for that."""
    place = talk.place()
    await soon(talk, place)
    return place


async def arrives(talk: Conversation, place: str) -> None:
    """Wait for its digest: a list and two cards."""
    await until(talk.lives, lambda: any(len(feed.cards) == 2 for feed in feeds(talk, place)))
    assert len(feeds(talk, place)) == 1


@pytest.mark.parametrize("code", [1006, 4000])
async def test_what_people_do_while_the_line_is_down_is_answered_when_it_is_resumed(talk: Conversation, code: int) -> None:
    discord, boss = talk.discord, talk.boss()
    identifies, resumes = discord.identifies, discord.resumes
    await discord.drops_gateway(code)
    assert not discord.is_connected
    use = await boss.runs("papers about", talk.place())
    assert "Paperboy" in words(await use.answer())
    assert (discord.identifies, discord.resumes) == (identifies, resumes + 1)


async def test_asked_to_come_again_it_does_and_goes_on(talk: Conversation) -> None:
    discord, boss = talk.discord, talk.boss()
    identifies, resumes = discord.identifies, discord.resumes
    await discord.asks_to_reconnect()
    await discord.until(lambda: discord.resumes == resumes + 1)
    assert "Paperboy" in await says(boss, talk.place(), "papers about")
    assert discord.identifies == identifies


async def test_a_session_that_is_forgotten_is_begun_anew_and_nothing_besides(talk: Conversation) -> None:
    discord, boss, place = talk.discord, talk.boss(), talk.place()
    identifies = discord.identifies
    discord.forgets_sessions()
    await discord.drops_gateway()
    await discord.until(lambda: discord.identifies == identifies + 1)
    await until(talk.lives, lambda: "again=True" in talk.log())
    await says(boss, place, "papers subscribe", **AGENTS)
    await says(boss, place, "papers digest")
    await arrives(talk, place)
    assert discord.syncs == 1, "the commands are the same"
    assert talk.log().count("commands listed") == 1
    assert discord.identifies == identifies + 1


async def test_digests_come_while_the_gateway_is_silent(talk: Conversation) -> None:
    talk.discord.gateway_stops_answering()
    await arrives(talk, await is_due(talk))
    await talk.discord.drops_gateway()
    await talk.discord.connected()


async def test_after_a_crash_the_feed_goes_on_and_nobody_hears_late_what_they_asked_meanwhile(talk: Conversation) -> None:
    discord, boss, place = talk.discord, talk.boss(), talk.place()
    await says(boss, place, "papers subscribe", **AGENTS)
    due = await is_due(talk)
    identifies, seen = discord.identifies, len(boss.seen(place))
    await talk.lives.kill()
    lost = await boss.runs("papers about", place)
    lost.is_forgiven = True
    await talk.lives.begin()
    await discord.until(lambda: discord.identifies == identifies + 1)
    await arrives(talk, due)
    assert (lost.answered_with, len(boss.seen(place))) == (0, seen)
    assert "papers about agents" in await says(boss, place, "papers settings")
    assert discord.syncs == 1


async def test_a_gateway_that_is_not_there_at_first_keeps_no_digest_back(tmp_path: Path, empty_database: Path) -> None:
    async with a_bot(tmp_path, empty_database) as talk:
        place = await is_due(talk)
        talk.discord.refuses_gateway(times=2)
        await talk.lives.begin()
        await talk.discord.connected()
        await arrives(talk, place)
        assert "Paperboy" in await says(talk.boss(), place, "papers about")
        assert (talk.discord.connections, talk.discord.identifies, talk.discord.syncs) == (3, 1, 1)
        assert talk.log().count("the gateway is out of reach") == 2
        assert "Traceback" not in talk.log()


async def test_when_the_sessions_of_a_day_are_used_up_digests_come_all_the_same(tmp_path: Path, empty_database: Path) -> None:
    async with a_bot(tmp_path, empty_database) as talk:
        place = await is_due(talk)
        talk.discord.identifies = 996
        await talk.lives.begin()
        await arrives(talk, place)
        await until(talk.lives, lambda: "the sessions of the day are used up" in talk.log())
        assert (talk.discord.connections, talk.discord.identifies) == (0, 996)


async def test_a_token_that_is_revoked_ends_the_bot_with_a_sentence(tmp_path: Path, empty_database: Path) -> None:
    async with a_bot(tmp_path, empty_database) as talk:
        await up(talk)
        talk.discord.revokes_token()
        await talk.discord.drops_gateway()
        assert await talk.lives.ended() == 1
        assert "platform stopped: it refuses our token" in talk.log()
        assert "no chat platform takes our token any more" in talk.log()
        assert "Traceback" not in talk.log()
        assert TOKEN not in talk.log()
