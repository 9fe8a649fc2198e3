"""The owner of a running bot hears of a model that writes nothing and of money that is spent; at once, and once."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.openai import FakeOpenAI
from tests.process.telegram_talk import Conversation, a_conversation, publish_papers

OWNER = 777


@pytest.fixture
async def talk(tmp_path: Path, empty_database: Path) -> AsyncIterator[Conversation]:
    shutil.copy(empty_database, tmp_path / "paperboy.db")
    async with FakeOpenAI(key="sk-test-0123456789") as model, a_conversation(tmp_path, ADMIN_IDS=str(OWNER)) as talk:
        talk.world.model = model
        talk.lives.rate = 60.0  # a tick each second
        yield talk


async def summaries_are_asked_for(talk: Conversation, *papers: str) -> None:
    for paper in papers:
        reader = talk.newcomer()
        await reader.says(f"/summary {paper}")
        await reader.sees("Agents that plan")


async def test_the_owner_hears_of_a_quota_that_is_gone_and_others_do_not(talk: Conversation) -> None:
    papers = publish_papers(talk.world, "Agents that plan", "Agents that plan again")
    talk.world.asked_model.quota_is_gone()
    await talk.lives.begin()
    owner = talk.telegram.person(OWNER)
    await owner.says("/about")
    await owner.sees("research papers")
    await summaries_are_asked_for(talk, *papers)
    alert = await owner.sees("The model has written nothing since", within_s=20)
    assert talk.world.asked_model.key not in alert.text
    assert sum("written nothing" in each.text for each in owner.shown) == 1
    assert all("written nothing" not in each.text for each in talk.telegram.messages if each.chat != str(OWNER))


async def test_the_owner_hears_that_the_money_of_the_day_is_spent(talk: Conversation) -> None:
    papers = publish_papers(talk.world, *(f"Agents that plan {number}" for number in range(15)))
    talk.world.extra |= {"OPENAI_PRICE_IN": "10", "OPENAI_PRICE_OUT": "30", "BUDGET_PER_DAY": "0.15"}
    await talk.lives.begin()
    owner = talk.telegram.person(OWNER)
    await owner.says("/about")
    await owner.sees("research papers")
    await summaries_are_asked_for(talk, *papers)
    assert "0.15" in (await owner.sees("The money of the day is spent", within_s=20)).text
