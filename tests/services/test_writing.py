"""Summaries within one process: shared by all who wait, owed when nobody waits any more. The whole bot, its model on loopback."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import config
from bot.app import App, opened
from bot.domain.digests import Pick, Score
from bot.domain.papers import SeenPaper
from bot.domain.progress import silent
from bot.domain.subscriptions import Address
from bot.domain.summaries import Lack
from bot.services.desk import Wish
from bot.storage import summaries
from tests.builders import a_paper
from tests.pages import paper_html
from tests.world import World

READER = Address(platform="console", chat="test")
WISH = Wish(style="card", language="en")


@pytest.fixture
async def app(writing_world: World) -> AsyncIterator[App]:
    for number in range(1, 13):
        paper = a_paper(arxiv_id=f"2606.{number:05}", title=f"Agents that plan, part {number}")
        writing_world.arxiv.knows(paper)
        writing_world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))
    environment = {**writing_world.environment, "CLOCK_START": ""}
    async with opened(config.load(environment, Path("/dev/null"))) as made:
        yield made


def picks(count: int) -> list[Pick]:
    papers = (a_paper(arxiv_id=f"2606.{number:05}", title=f"Agents that plan, part {number}") for number in range(1, count + 1))
    return [Pick(seen=SeenPaper(paper=paper), score=Score(value=0.0)) for paper in papers]


async def test_many_who_ask_at_once_share_one_call(writing_world: World, app: App) -> None:
    asked = [app.summarizing.summary("2606.00001", style="card", language="en", address=READER, report=silent) for _ in range(50)]
    found = await asyncio.gather(*asked)
    assert len(writing_world.asked_model.asked) == 1
    assert len(writing_world.arxiv.paths("/html/")) == len(writing_world.arxiv.paths("/api/")) == 1
    assert len({each.summary for each in found}) == 1


async def test_many_who_ask_at_once_for_a_paper_without_a_full_text_share_one_call(writing_world: World, app: App) -> None:
    writing_world.arxiv.knows(a_paper(arxiv_id="2606.00099", title="Agents without pages"))
    asked = [app.summarizing.summary("2606.00099", style="card", language="en", address=READER, report=silent) for _ in range(10)]
    found = await asyncio.gather(*asked)
    assert len(writing_world.asked_model.asked) == 1
    assert len({each.summary for each in found}) == 1


async def test_many_who_ask_at_once_share_one_failure(writing_world: World, app: App) -> None:
    writing_world.asked_model.refuses()
    asked = [app.summarizing.summary("2606.00001", style="card", language="en", address=READER, report=silent) for _ in range(10)]
    found = await asyncio.gather(*asked)
    assert {each.lack for each in found} == {Lack.DECLINED}
    assert len(writing_world.asked_model.asked) == 1


async def test_a_provider_that_is_busy_for_a_second_is_waited_for(writing_world: World, app: App) -> None:
    writing_world.asked_model.throttles("1", times=6)
    items = await app.writing.many(picks(12), replace(WISH, until=app.now() + timedelta(seconds=40)))
    assert [item.lack for item in items] == [None] * 12


async def test_what_was_stopped_late_is_owed(writing_world: World, app: App) -> None:
    writing_world.asked_model.hangs()
    items = await app.writing.many(picks(2), replace(WISH, until=app.now() + timedelta(seconds=3)))
    assert [item.lack for item in items] == [Lack.TOO_LATE] * 2
    await app.writing.finish(0)
    async with app.store.read() as tx:
        owed = await summaries.owed(tx, "paper-model", datetime.now(UTC) + timedelta(hours=1), 10)
    assert [key.ref.key.value for key in owed] == ["2606.00001", "2606.00002"]


async def test_no_more_calls_at_once_than_are_set_whoever_asks(writing_world: World, app: App) -> None:
    writing_world.asked_model.takes_s(0.2)
    questions = [
        app.asking.ask(f"2606.{number:05} how many lines does it hold?", address=READER, language="en", report=silent)
        for number in range(1, 7)
    ]
    await asyncio.gather(app.writing.many(picks(6), WISH), *questions)
    assert writing_world.asked_model.together <= app.settings.openai_concurrency
    assert len(writing_world.asked_model.asked) == 12
