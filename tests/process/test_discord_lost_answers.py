"""Whoever asks on Discord without the right to change a place neither closes it for others nor opens it."""

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio

from tests.process.discord_digests import suspended
from tests.process.discord_scenes import up
from tests.process.discord_settings import a_place
from tests.process.discord_talk import Conversation, a_conversation
from tests.process.telegram_talk import publish_papers

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(120)]

REFUSALS = (
    (404, 10008, "Unknown Message"),  # they dismissed it while the bot was thinking
    (404, 10003, "Unknown Channel"),  # the thread below the digest was deleted meanwhile
    (403, 50001, "Missing Access"),
    (400, 50083, "Thread is archived"),
    (400, 160005, "This thread is locked"),
)
SUSPEND = """
UPDATE addresses SET suspended_because = 'no_permission', suspended_at = s.created_at, probe_at = s.created_at
FROM subscriptions s WHERE s.address_id = addresses.id AND chat = ?
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talk(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> AsyncIterator[Conversation]:
    folder = tmp_path_factory.mktemp("lost")
    shutil.copy(empty_database, folder / "paperboy.db")
    async with a_conversation(folder) as made:
        publish_papers(made.world, "Agents that plan")
        await up(made)
        yield made


@pytest.mark.parametrize(("status", "code", "said"), REFUSALS)
async def test_an_answer_that_is_refused_closes_no_channel(talk: Conversation, status: int, code: int, said: str) -> None:
    where, member = await a_place(talk, talk.boss()), talk.member()
    talk.discord.closes_direct_messages(member.direct)
    talk.discord.refuses(status, code, said, kind="webhook")
    use = await member.runs("summary", where, paper="2606.02001")
    await talk.discord.until(lambda: use.is_original_deleted or use.original is not None)
    assert suspended(talk, where) is None
    assert "handler failed" not in talk.log()


@pytest.mark.parametrize("command", ["papers resume", "papers subscribe"])
async def test_a_refused_command_opens_no_channel(talk: Conversation, command: str) -> None:
    boss, member = talk.boss(), talk.member()
    where = await a_place(talk, boss)
    with closing(sqlite3.connect(talk.world.folder / "paperboy.db")) as database, database:
        database.execute(SUSPEND, (where,))
    await (await member.runs(command, where, forced=True)).answer()
    assert suspended(talk, where) == "no_permission"
    await (await boss.runs(command, where)).answer()
    await talk.discord.until(lambda: suspended(talk, where) is None)
