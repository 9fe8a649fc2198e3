"""`paperboy run` as a process: it delivers what is due, stops cleanly, and is alone on its database."""

import asyncio
import signal
from datetime import date

from tests.builders import a_paper
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram import FakeTelegram
from tests.world import PATIENCE_S, World

TODAY = date(2026, 6, 2)


async def read_until(process: asyncio.subprocess.Process, text: str) -> str:
    """What the bot printed up to and with `text`."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(PATIENCE_S):
        while text not in said:
            line = await process.stdout.readline()
            assert line, f"it ended before it said {text!r}: {said}"
            said += line.decode()
    return said


async def ended(process: asyncio.subprocess.Process) -> tuple[int, str]:
    async with asyncio.timeout(PATIENCE_S):
        _, err = await process.communicate()
    return process.returncode or 0, err.decode()


async def a_subscriber(world: World) -> None:
    """Somebody who subscribed yesterday and wants their digest at 15:01."""
    world.clock = "2026-06-01T15:00:00Z"
    await world.paperboy("chat", typed="/subscribe cs.CL agents\n/time 15:01 UTC\n")
    world.clock = "2026-06-02T15:00:30Z"


async def test_a_due_digest_is_delivered_once_and_a_signal_ends_it(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    await a_subscriber(world)
    world.extra = {"CLOCK_RATE": "60"}
    process = await world.start("run")
    said = await read_until(process, "Agents that plan")
    process.send_signal(signal.SIGTERM)
    code, err = await ended(process)
    assert code == 0, err
    assert said.count("Agents that plan") == 1
    history = await world.paperboy("chat", typed="/history\n")
    assert "1 paper: sent at" in history.out


async def test_a_second_run_on_one_database_says_so(world: World) -> None:
    world.extra = {"LOG_LEVEL": "info"}
    first = await world.start("run")
    assert first.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        while b"running" not in await first.stderr.readline():
            pass
    second = await world.paperboy("run")
    assert second.code == 1
    assert "another" in second.err
    beside = await world.paperboy("check", "--local")
    assert beside.code == 0, beside.out
    first.send_signal(signal.SIGTERM)
    assert (await ended(first))[0] == 0


async def test_check_local_fails_where_no_bot_ran(world: World) -> None:
    done = await world.paperboy("check", "--local")
    assert done.code == 1
    assert "paperboy run" in done.out


async def test_check_names_the_source_that_does_not_answer(world: World) -> None:
    world.arxiv.refuses()
    done = await world.paperboy("check")
    assert done.code == 1
    assert "ARXIV_API_URL" in done.out
    assert "ok        Hugging Face" in done.out


async def test_a_backup_is_a_whole_copy_and_never_overwrites(world: World) -> None:
    world.arxiv.publishes(a_paper(arxiv_id="2606.00001", title="Agents that plan"), batch_on=TODAY)
    await world.paperboy("digest", "--category", "cs.CL", "--new")
    assert (await world.paperboy("db", "backup", "copy.db")).code == 0
    world.extra = {"DATABASE_URL": f"sqlite:///{world.folder / 'copy.db'}"}
    assert "Nothing new" in (await world.paperboy("digest", "--category", "cs.CL", "--new")).out
    nameless = await world.paperboy("db", "backup", "/")
    assert (nameless.code, "Traceback" in nameless.err) == (1, False)
    again = await world.paperboy("db", "backup", "copy.db")
    assert again.code == 1
    assert "copy.db" in again.err


async def test_a_turn_that_waits_is_no_dead_bot(world: World) -> None:
    """The feed hangs for longer than a missed tick is forgiven: the sign of life goes on."""
    await a_subscriber(world)
    world.arxiv.hangs()
    world.extra = {"CLOCK_RATE": "60"}
    process = await world.start("run")
    try:
        await asyncio.sleep(7)  # seven minutes of the process's own
        world.clock = "2026-06-02T15:05:00Z"
        world.extra = {}
        done = await world.paperboy("check", "--local")
    finally:
        process.kill()
        await process.wait()
    assert "ok        bot: running" in done.out, done.out


async def test_check_says_of_each_chat_platform_whether_it_takes_the_token(world: World) -> None:
    async with FakeTelegram() as telegram, FakeDiscord() as discord:
        world.extra |= {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}
        world.extra |= {"DISCORD_BOT_TOKEN": discord.token, "DISCORD_API_URL": discord.url}
        discord.revokes_token()
        done = await world.paperboy("check")
    assert done.code == 1
    assert "ok        telegram (TELEGRAM_BOT_TOKEN): takes the token" in done.out
    assert "FAULT     discord (DISCORD_BOT_TOKEN)" in done.out
    assert telegram.token not in done.out + done.err
