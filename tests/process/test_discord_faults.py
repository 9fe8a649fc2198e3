"""A fault of ours that nobody expected, on Discord: whoever asked hears of it, however far their answer had come."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest
import pytest_asyncio

from bot.words import words as words_in
from tests.fakes.discord_people import words
from tests.fakes.discord_uses import Use
from tests.process.discord_scenes import up
from tests.process.discord_talk import Conversation, a_conversation

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

EN = words_in("en", "discord")
NUMBER = re.compile(r"[0-9a-f]{6}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("faults")
    copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder, ALLOWED_GUILDS="1") as found:
        await up(found)
        yield found


def breaks(talk: Conversation, statement: str, *values: object) -> None:
    """Put something into the database that no release of ours writes."""
    with closing(sqlite3.connect(talk.world.folder / "paperboy.db")) as database, database:
        assert database.execute(statement, values).rowcount == 1


async def is_told(talk: Conversation, use: Use) -> None:
    """Whoever asked reads a number, under which the log says what it was."""
    told = words(await use.answer()).replace("\\", "")
    (number,) = NUMBER.findall(told)
    assert told == EN("problem.bug", reference=number)
    assert number in talk.log()


@pytest.mark.parametrize("place", ["private", "server"])
@pytest.mark.parametrize("share", [False, True])
async def test_a_fault_behind_a_promise_is_told_where_the_answer_was_promised(
    talk: Conversation, place: str, *, share: bool
) -> None:
    person, where = talk.member(), "" if place == "private" else talk.place()
    count = "INSERT INTO allowances (platform, who, \"on\", used) VALUES ('discord', ?, ?, 'many')"
    breaks(talk, count, f"person:{person.id}", talk.lives.starts_at.date().isoformat())
    await is_told(talk, await person.runs("summary", where, paper="2601.00001", share=share))


async def test_a_fault_in_what_is_kept_of_a_place_is_told_all_the_same(talk: Conversation) -> None:
    person = talk.member()
    await (await person.runs("papers subscribe", categories="cs.CL")).answer()
    query = "UPDATE subscriptions SET local_time = 'soon' WHERE address_id = (SELECT id FROM addresses WHERE chat = ?)"
    breaks(talk, query, f"@{person.id}")
    await is_told(talk, await person.runs("papers settings"))


@pytest.mark.parametrize("how", ["a failing server", "a line that is cut"])
async def test_a_member_is_no_stranger_for_ten_minutes_because_discord_did_not_say(talk: Conversation, how: str) -> None:
    person = talk.member()
    if how == "a failing server":
        talk.discord.fails(503, kind="member")
    else:
        talk.discord.drops(times=2, kind="member")
    use = await person.runs("papers about")
    assert "Discord" in words(await use.answer())
    assert "research papers" in words(await (await person.runs("papers about")).answer())


async def test_who_asks_a_lot_at_once_is_looked_up_once(talk: Conversation) -> None:
    stranger = talk.discord.person("7001", guild="")
    uses = [await stranger.runs("papers about") for _ in range(12)]
    for use in uses:
        assert "research papers" not in words(await use.answer())
    looked_up = [asked for asked in talk.discord.requests if asked.kind == "member" and asked.params["user"] == stranger.id]
    assert len(looked_up) == 1
