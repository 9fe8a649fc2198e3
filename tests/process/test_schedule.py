"""The schedule as a reader meets it: what a stopped bot makes up for, and what it waits for."""

import asyncio
import signal
from datetime import date

from tests.builders import a_paper
from tests.process.test_run import ended, read_until
from tests.world import PATIENCE_S, World

TODAY = date(2026, 6, 2)  # a Tuesday


async def subscribes(world: World, on: str, *wishes: str) -> None:
    world.clock = on
    await world.paperboy("chat", typed="".join(f"{wish}\n" for wish in wishes))


async def runs(world: World, at: str, until: str, *, rate: str = "1") -> str:
    """What the bot says from `at` on, up to the line with `until`."""
    world.clock, world.extra["CLOCK_RATE"] = at, rate
    process = await world.start("run")
    said = await read_until(process, until)
    process.send_signal(signal.SIGTERM)
    assert (await ended(process))[0] == 0
    return said


async def test_a_bot_that_was_off_makes_up_for_all_days_at_once(world: World) -> None:
    """Nine days: longer than a daily list is read again for."""
    world.huggingface.lists("2605.00001", on=date(2026, 5, 23), title="Agents of the first day")
    world.huggingface.lists("2605.00002", on=date(2026, 5, 26), title="Agents of the past")
    world.huggingface.lists("2605.00003", on=TODAY, title="Agents of today")
    await subscribes(world, "2026-05-23T08:00:00Z", "/subscribe huggingface agents", "/time 09:00 UTC")
    await runs(world, "2026-05-23T09:00:00Z", "Agents of the first day")
    said = await runs(world, "2026-06-02T15:00:00Z", "Agents of the past")
    assert "Agents of today" in said
    assert "Agents of the first day" not in said
    assert "2026-05-24 to 2026-06-02" in said, "the days that it stands for"
    history = await world.paperboy("chat", typed="/history\n")
    assert history.out.count("catch-up") == 1


async def test_a_digest_waits_for_a_source_that_is_down(world: World) -> None:
    """At nine the feed fails; when it answers again, well before the end of the wait, the digest comes with its papers."""
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that wait"), batch_on=TODAY)
    await subscribes(world, "2026-06-02T08:00:00Z", "/subscribe cs.CL agents", "/time 09:00 UTC")
    world.arxiv.refuses()
    world.clock, world.extra["CLOCK_RATE"] = "2026-06-02T08:59:50Z", "600"
    process = await world.start("run")
    async with asyncio.timeout(PATIENCE_S):
        while len(world.arxiv.asked) < 2:  # noqa: ASYNC110  (the fake has no event for it)
            await asyncio.sleep(0.05)
    world.arxiv.recovers()
    said = await read_until(process, "Agents that wait")
    process.send_signal(signal.SIGTERM)
    assert (await ended(process))[0] == 0
    assert said.count("Papers of") == 1, "none went out while it was down"


async def test_a_digest_says_what_is_missing_when_the_wait_is_over(world: World) -> None:
    await subscribes(world, "2026-06-02T08:00:00Z", "/subscribe cs.CL agents", "/time 09:00 UTC")
    world.arxiv.refuses()
    world.extra["SOURCE_WAIT_S"] = "600"
    said = await runs(world, "2026-06-02T08:59:50Z", "arXiv", rate="600")
    assert "2026-06-02" in said


async def test_an_empty_day_is_one_line_unless_its_reader_wants_silence(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Nothing of interest"), batch_on=TODAY)
    await subscribes(world, "2026-06-02T08:00:00Z", "/subscribe cs.CL agents", "/time 09:00 UTC")
    said = await runs(world, "2026-06-02T09:00:00Z", "match")
    assert "Nothing of interest" not in said
    await subscribes(world, "2026-06-02T12:00:00Z", "/emptydays off")
    world.arxiv.publishes(a_paper(arxiv_id="2606.00002", title="Nothing either"), batch_on=date(2026, 6, 3))
    world.extra["LOG_LEVEL"] = "info"
    world.clock = "2026-06-03T09:00:00Z"
    process = await world.start("run")
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        while b"digest queued" not in await process.stderr.readline():
            pass
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(PATIENCE_S):
        out, _ = await process.communicate()
    assert out == b""
    history = await world.paperboy("chat", typed="/history\n")
    assert history.out.count("2026-06-0") == 2


async def test_a_digest_that_a_crash_interrupted_gives_the_reason_that_was_true_when_it_was_planned(world: World) -> None:
    """All sources were down: what nobody could read was not "shown before"."""
    await subscribes(world, "2026-06-02T08:00:00Z", "/subscribe cs.CL agents", "/time 09:00 UTC")
    world.arxiv.refuses()
    world.extra |= {"SOURCE_WAIT_S": "0", "PAPERBOY_DIES": "W2:after:1"}
    world.clock = "2026-06-02T09:00:00Z"
    process = await world.start("run")
    assert (await ended(process))[0] == -signal.SIGKILL
    del world.extra["PAPERBOY_DIES"]
    said = await runs(world, "2026-06-02T09:05:00Z", "No source could be read")
    assert "shown before" not in said


async def test_a_first_digest_that_a_crash_interrupted_says_that_nothing_was_listed(world: World) -> None:
    world.huggingface.lists("2605.00001", on=date(2026, 5, 20), title="Long ago")
    await subscribes(world, "2026-06-02T08:00:00Z", "/subscribe huggingface agents", "/time 09:00 UTC")
    world.extra |= {"SOURCE_WAIT_S": "0", "PAPERBOY_DIES": "W2:after:1"}
    world.clock = "2026-06-02T09:00:00Z"
    process = await world.start("run")
    assert (await ended(process))[0] == -signal.SIGKILL
    del world.extra["PAPERBOY_DIES"]
    said = await runs(world, "2026-06-02T09:05:00Z", "were listed by")
    assert "shown before" not in said
