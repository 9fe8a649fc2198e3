"""`paperboy run` with a model that was down: the digest goes out once, and its summaries are made afterwards, each once."""

import asyncio
import signal
from datetime import date

from tests.builders import a_paper
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
    failed = len(model.asked)
    async with asyncio.timeout(PATIENCE_S):
        await model.has_been_asked(failed + 2)
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
    world.extra = {"OPENAI_TIMEOUT_S": "1"}
    model.hangs(times=1)
    first = await world.start("summary", "2606.00001")
    async with asyncio.timeout(PATIENCE_S):
        await model.has_been_asked(1)
    first.kill()
    await first.wait()
    world.clock = "2026-06-02T15:05:00Z"  # the lease of four calls of a second, and half a minute, is over
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
