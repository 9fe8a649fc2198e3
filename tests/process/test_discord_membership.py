"""The running bot where its place on Discord changes: what waits is held back, and comes when it may write again."""

import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fakes.discord_looking import labels, words
from tests.fakes.discord_places import Guild
from tests.fakes.discord_posts import Accepted
from tests.process.discord_digests import AGENTS, SAID, feeds, public, says, soon, suspended
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import publish_papers
from tests.process.watching import until

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

RATE = 120.0  # two minutes a second, and a tick each
numbers = count(901)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("membership")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as made:
        publish_papers(made.world, "Agents that plan", "Agents that remember")
        made.lives.rate = RATE
        await up(made)
        yield made
        assert (made.discord.oddities, "Traceback" in made.log()) == ([], False)


def a_server(talk: Conversation, locale: str = "en-US", *, has_system_channel: bool = False) -> tuple[str, str]:
    """One that the bot is not on yet; it and its channel."""
    guild, channel = str(next(numbers)), str(next(numbers) + 10_000)
    talk.discord.channels.removed_guilds.add(guild)
    system_channel = channel if has_system_channel else ""
    talk.discord.channels.guilds[guild] = Guild(id=guild, name="Lab", locale=locale, system_channel=system_channel)
    talk.discord.text_channel(channel, guild, "general")
    return guild, channel


async def passes(talk: Conversation, moment: datetime) -> None:
    """Wait until the clock shows it."""
    await until(talk.lives, lambda: talk.lives.now > moment)


async def becomes(talk: Conversation, cause: str | None, place: str, thread: str = "") -> None:
    await until(talk.lives, lambda: suspended(talk, place, thread) == cause)


def began(talk: Conversation) -> int:
    """How many sessions began after the first."""
    return talk.log().count("again=True")


async def arrives(talk: Conversation, place: str) -> None:
    """Wait for its digest, the only one: a list and two cards."""
    await until(talk.lives, lambda: any(len(feed.cards) == 2 for feed in feeds(talk, place)))
    assert len(feeds(talk, place)) == 1


def greetings(talk: Conversation, channel: str) -> list[Accepted]:
    return public(talk, channel)


# Channels and threads


async def test_what_waited_for_a_channel_that_is_gone_comes_when_it_is_back(talk: Conversation) -> None:
    place = talk.place()
    due = await soon(talk, place)
    talk.discord.deletes_channel(place)
    await becomes(talk, "channel_gone", place)
    await passes(talk, due)
    talk.discord.restores_channel(place)
    boss = talk.boss()
    await says(boss, place, "papers resume")
    await arrives(talk, place)
    assert suspended(talk, place) is None


async def test_a_thread_that_is_deleted_closes_itself_alone(talk: Conversation) -> None:
    place, thread = talk.place(), str(next(numbers))
    talk.discord.thread(thread, place, owner=talk.boss().id)
    await soon(talk, place, f"{place}/{thread}")
    talk.discord.deletes_thread(thread)
    await becomes(talk, "topic_gone", place, thread)
    await arrives(talk, place)
    assert suspended(talk, place) is None
    assert feeds(talk, thread) == []


async def test_a_thread_that_is_locked_gets_its_digest_when_it_is_unlocked(talk: Conversation) -> None:
    place, thread = talk.place(), str(next(numbers))
    talk.discord.thread(thread, place, owner=talk.boss().id)
    due = await soon(talk, f"{place}/{thread}")
    talk.discord.locks(thread)
    await becomes(talk, "topic_closed", place, thread)
    await passes(talk, due)
    assert feeds(talk, thread) == []
    talk.discord.unlocks(thread)
    await arrives(talk, thread)
    assert suspended(talk, place, thread) is None


async def test_a_thread_that_is_archived_is_opened_by_its_digest(talk: Conversation) -> None:
    place, thread = talk.place(), str(next(numbers))
    talk.discord.thread(thread, place, owner=talk.boss().id)
    await soon(talk, f"{place}/{thread}")
    talk.discord.archives(thread)
    await arrives(talk, thread)
    assert suspended(talk, place, thread) is None


# Servers


async def test_what_waited_for_a_server_comes_when_the_bot_is_back_in_all_its_channels(talk: Conversation) -> None:
    guild, first = a_server(talk)
    talk.discord.returns_guild(guild)
    forum, thread = talk.discord.forum(str(next(numbers)), guild), talk.discord.thread(str(next(numbers)), first, owner="7")
    elsewhere = talk.place()
    due = await soon(talk, first, forum, f"{first}/{thread}", elsewhere)
    talk.discord.removes_guild(guild)
    for place, of in ((first, ""), (forum, ""), (first, thread)):
        await becomes(talk, "server_gone", place, of)
    await arrives(talk, elsewhere)
    await passes(talk, due)
    assert [feeds(talk, each) for each in (first, forum, thread)] == [[], [], []]
    assert suspended(talk, elsewhere) is None
    talk.discord.returns_guild(guild)
    for place in (first, forum, thread):
        await arrives(talk, place)
    assert [suspended(talk, place, of) for place, of in ((first, ""), (forum, ""), (first, thread))] == [None] * 3


async def test_a_server_that_lets_the_bot_in_while_nobody_listens_is_known_when_the_next_session_begins(
    talk: Conversation,
) -> None:
    guild, place = a_server(talk)
    talk.discord.returns_guild(guild)
    await soon(talk, place)
    talk.discord.removes_guild(guild)
    await becomes(talk, "server_gone", place)
    talk.discord.forgets_sessions()
    talk.discord.refuses_gateway(times=1)
    looks, sessions = talk.log().count("destination resumed"), began(talk)
    await talk.discord.drops_gateway()
    talk.discord.channels.removed_guilds.discard(guild)  # no session hears of it
    await arrives(talk, place)
    assert suspended(talk, place) is None
    assert talk.log().count("destination resumed") == looks, "the session told it, no look of ours an hour later"
    await until(talk.lives, lambda: began(talk) > sessions)  # until then a server that is joined counts as one that was there


async def test_an_outage_of_a_server_closes_nothing(talk: Conversation) -> None:
    guild, place = a_server(talk, has_system_channel=True)
    talk.discord.returns_guild(guild)
    await until(talk.lives, lambda: len(greetings(talk, place)) == 1)
    talk.discord.loses_guild(guild)
    boss = talk.boss()
    await says(boss, talk.place(), "papers about")  # heard behind it
    await soon(talk, place)
    await until(talk.lives, lambda: len(public(talk, place)) == 2)
    talk.discord.finds_guild(guild)
    await says(boss, talk.place(), "papers about")
    assert suspended(talk, place) is None
    assert len(public(talk, place)) == 2, "it is greeted when it lets the bot in, not when it is back"


async def test_a_server_that_lets_the_bot_in_is_greeted_once_in_its_language(talk: Conversation) -> None:
    guild, place = a_server(talk, "vi", has_system_channel=True)
    talk.discord.returns_guild(guild)
    await until(talk.lives, lambda: bool(greetings(talk, place)))
    sessions = began(talk)
    talk.discord.forgets_sessions()
    await talk.discord.drops_gateway()
    await until(talk.lives, lambda: began(talk) > sessions)
    await says(talk.boss(), talk.place(), "papers about")
    (greeting,) = greetings(talk, place)
    assert words(greeting) != SAID("start.joined")
    assert greeting.allowed_mentions == {"parse": []}
    assert len(labels(greeting)) == 1


async def test_the_button_of_the_greeting_opens_for_who_may_and_the_channel_gets_its_feed(talk: Conversation) -> None:
    guild, place = a_server(talk, has_system_channel=True)
    talk.discord.returns_guild(guild)
    await until(talk.lives, lambda: bool(greetings(talk, place)))
    (greeting,) = greetings(talk, place)
    boss, member = (talk.discord.person(next(numbers), guild=guild, manages_guild=may) for may in (True, False))
    denied = await (await member.taps(greeting, labels(greeting)[0])).answer()
    assert "Only people who may manage this server" in words(denied)
    opened = await (await boss.taps(greeting, labels(greeting)[0])).answer()
    assert opened.seen_by == boss.id
    assert greeting.edits == 0
    await says(boss, place, "papers subscribe", **AGENTS)
    await says(boss, place, "papers digest")
    await until(talk.lives, lambda: any(len(feed.cards) == 2 for feed in feeds(talk, place)))


@pytest.mark.parametrize("keeps_out", ["silent", "hidden", "no_channel"])
async def test_where_the_bot_may_not_write_it_greets_nobody_and_closes_nothing(talk: Conversation, keeps_out: str) -> None:
    guild, place = a_server(talk, has_system_channel=keeps_out != "no_channel")
    if keeps_out != "no_channel":
        talk.discord.takes_rights(place, can_see=keeps_out == "silent")
    refused = talk.discord.answers[403]
    talk.discord.returns_guild(guild)
    await says(talk.boss(), talk.place(), "papers about")
    assert (greetings(talk, place), suspended(talk, place)) == ([], None)
    assert talk.discord.answers[403] == refused
