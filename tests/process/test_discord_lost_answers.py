"""Answers on Discord that find nobody any more: whoever asks cannot close a place for others by what becomes of theirs."""

import shutil
from collections.abc import AsyncIterator
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
