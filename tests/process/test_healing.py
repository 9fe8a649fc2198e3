"""`paperboy run` with a model that was down: the digest goes out once, and its summaries are made afterwards, each once."""

import asyncio
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

from bot.domain.papers import PaperKey, PaperRef, Scheme
from bot.domain.summaries import Lack, SummaryKey
from bot.services.healing import AT_ONCE
from bot.storage import summaries
from bot.storage.store import Store
from tests.builders import a_paper, a_summary
from tests.pages import paper_html
from tests.process.test_run import a_subscriber, ended, read_until
from tests.world import PATIENCE_S, World

TODAY = date(2026, 6, 2)


def publish(world: World) -> None:
    for number in (1, 2):
        paper = a_paper(arxiv_id=f"2606.0000{number}", title=f"Agents that plan, part {number}")
        world.arxiv.publishes(paper, batch_on=TODAY)
        world.arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))


async def test_what_failed_is_made_by_the_running_bot_and_no_paper_comes_again(writing_world: World) -> None:
    world, model = writing_world, writing_world.asked_model
    publish(world)
    await a_subscriber(world)
    model.is_down()
    world.extra = {"CLOCK_RATE": "600"}
    process = await world.start("run")
    said = await read_until(process, "part 2")
    model.recovers()
    model.asked.clear()
    async with asyncio.timeout(PATIENCE_S):
        await model.has_been_asked_about("Agents that plan, part 1", "Agents that plan, part 2")
    process.send_signal(signal.SIGTERM)
    code, err = await ended(process)
    assert code == 0, err
    assert "Written by" not in said
    model.asked.clear()
    world.extra = {}
    world.clock = "2026-06-02T23:00:00Z"
    for number in (1, 2):
        one = await world.paperboy("summary", f"2606.0000{number}")
        assert "Written by paper-model from the full text (HTML)" in one.out, one.out + err
    assert not model.asked, "both were made while the bot ran"


async def test_a_killed_maker_s_claim_is_taken_over_after_its_lease(writing_world: World) -> None:
    world, model = writing_world, writing_world.asked_model
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", title="Agents that plan, part 1"))
    publish(world)
    model.hangs(times=1)
    first = await world.start("summary", "2606.00001")
    async with asyncio.timeout(PATIENCE_S):
        await model.has_been_asked(1)
    first.kill()
    await first.wait()
    world.clock = "2026-06-02T15:05:00Z"  # its lease is a minute
    second = await world.paperboy("summary", "2606.00001")
    assert "Written by paper-model from the full text (HTML)" in second.out, second.err


async def test_a_signal_during_a_call_gives_the_claim_back(writing_world: World) -> None:
    world, model = writing_world, writing_world.asked_model
    publish(world)
    model.hangs(times=1)
    first = await world.start("summary", "2606.00001")
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", title="Agents that plan, part 1"))
    async with asyncio.timeout(PATIENCE_S):
        await model.has_been_asked(1)
    first.send_signal(signal.SIGINT)
    async with asyncio.timeout(PATIENCE_S):
        assert await first.wait() == 130
    second = await world.paperboy("summary", "2606.00001")
    assert "Written by paper-model from the full text (HTML)" in second.out, second.err


async def test_summaries_that_only_money_would_mend_do_not_stand_in_the_way(writing_world: World) -> None:
    """More of them than one turn looks at, all due, before one that failed: that one is made, and none of them is paid again."""
    world, model = writing_world, writing_world.asked_model
    publish(world)
    model.is_down()
    await world.paperboy("digest", "--category", "cs.CL")
    now = datetime(2026, 6, 2, 14, tzinfo=UTC)
    store = await Store.open(f"sqlite:///{world.folder / 'paperboy.db'}")
    async with store.write() as tx:
        for number in range(AT_ONCE + 1):
            ref = PaperRef(key=PaperKey(scheme=Scheme.ARXIV, value="2606.00001"), version=1)
            key = SummaryKey(ref=ref, style=f"style{number}", language="en", model=model.model)
            await summaries.claim(tx, key, "holder", now, 60)
            cut = a_summary(arxiv_id="2606.00001", style=key.style, model=model.model, lack=Lack.BUDGET)
            await summaries.keep(tx, key, "holder", cut, now, now + timedelta(minutes=1))
    await store.close()
    model.recovers()
    model.asked.clear()
    world.clock = "2026-06-02T22:00:00Z"
    for _ in range(2):  # the second one has room for what failed
        await world.paperboy("digest", "--source", "huggingface")
    assert sorted(model.titles) == ["Agents that plan, part 1", "Agents that plan, part 2"]


async def test_a_summary_that_is_there_outlives_the_failure_of_a_better_one(writing_world: World) -> None:
    """Made of the abstract while the site was down; when it is due again the model fails: the first one is still shown."""
    world, model = writing_world, writing_world.asked_model
    publish(world)
    world.arxiv.refuses(500, on="/html/")
    first = await world.paperboy("summary", "2606.00001")
    assert "Written by paper-model from the abstract" in first.out
    world.arxiv.recovers()
    model.is_down()
    world.clock = "2026-06-02T23:00:00Z"
    second = await world.paperboy("summary", "2606.00001")
    assert "Written by paper-model from the abstract" in second.out
    assert len(model.asked) == 2


async def test_a_style_that_is_gone_costs_its_reader_the_summary_and_nobody_else_anything(writing_world: World) -> None:
    world = writing_world
    publish(world)
    await a_subscriber(world)
    with closing(sqlite3.connect(world.folder / "paperboy.db")) as database, database:
        database.execute("UPDATE subscriptions SET style = 'haiku'")
    world.extra = {"CLOCK_RATE": "60", "LOG_LEVEL": "warning"}
    process = await world.start("run")
    said = await read_until(process, "part 2")
    process.send_signal(signal.SIGTERM)
    code, err = await ended(process)
    assert code == 0, err
    assert "Agents that plan, part 1" in said
    assert "turn failed" not in err


async def test_questions_leave_a_model_alone_whose_account_is_used_up(writing_world: World) -> None:
    world, model = writing_world, writing_world.asked_model
    world.arxiv.knows(a_paper(arxiv_id="2606.00001", title="Agents that plan, part 1"))
    publish(world)
    model.quota_is_gone()
    done = await world.paperboy("chat", typed="/ask 2606.00001 how many lines?\n" * 3)
    assert done.out.count("48 lines") == 3, "passages stand in for the answer"
    assert len(model.asked) == 1, "after the first one it is known that the account is used up"
