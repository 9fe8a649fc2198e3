"""How a process ends when what it reads from or writes to is gone, full, or not text; and what an error may print."""

import asyncio
import os
import select
import signal
import sys
from pathlib import Path

import pytest

from tests.world import PATIENCE_S, Done, World

ARGUMENTS = {"check": ("check", "--local"), "chat": ("chat",), "demo": ("demo",)}


async def ended(world: World, *arguments: str, typed: bytes = b"", out: int = asyncio.subprocess.PIPE) -> Done:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=world.folder,
        env=world.environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=out,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        said, err = await process.communicate(typed)
    return Done(code=process.returncode or 0, out=(said or b"").decode(), err=err.decode())


@pytest.mark.parametrize("command", ARGUMENTS)
async def test_a_reader_who_left_is_no_crash(world: World, command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = await ended(world, *ARGUMENTS[command], typed=b"/help\n", out=writing)
    os.close(writing)
    assert done.code == 1
    assert "BrokenPipe" not in done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
@pytest.mark.parametrize("command", ARGUMENTS)
async def test_a_full_disk_behind_the_output_is_a_sentence(world: World, command: str) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = await ended(world, *ARGUMENTS[command], typed=b"/help\n", out=full)
    os.close(full)
    assert done.code == 1
    assert "No space left" in done.err
    assert "Traceback" not in done.err


async def test_ctrl_c_ends_a_chat_that_waits_for_a_line(world: World) -> None:
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "chat"),
        cwd=world.folder,
        env=world.environment,
        stdin=reading,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    os.write(writing, b"half a li")
    async with asyncio.timeout(PATIENCE_S):
        while select.select([reading], [], [], 0)[0]:  # noqa: ASYNC110  # a pipe has no event for "taken"
            await asyncio.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
    os.close(reading)
    os.close(writing)
    assert process.returncode == 130
    assert err == b""


async def test_an_answer_that_the_terminal_cannot_write_is_written_as_far_as_it_can(world: World) -> None:
    world.extra = {"PYTHONIOENCODING": "ascii"}
    done = await ended(world, "chat", typed="/subscribe sample größe\n/settings\n".encode())
    assert done.code == 0, done.err
    assert "gr" in done.out


async def test_bytes_that_are_no_text_do_not_end_a_chat(world: World) -> None:
    world.extra = {"PYTHONIOENCODING": "utf-8:strict"}
    done = await ended(world, "chat", typed=b"\xff\xfe\x00\n/help\n")
    assert done.code == 0, done.err
    assert "/digest preview" in done.out


async def test_an_error_prints_no_control_characters(world: World) -> None:
    done = await ended(world, "digest", "--source", "bibtex:refs\x1b[31m.bib")
    assert done.code == 1
    assert "\x1b" not in done.err
    assert "refs\\x1b[31m.bib" in done.err


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
async def test_a_stream_that_was_never_open_is_no_crash(world: World, closed: str) -> None:
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",
        *("-c", f'"$0" -m bot chat --sample {closed}', sys.executable),
        cwd=world.folder,
        env=world.environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        _, err = await process.communicate()
    assert process.returncode == 0
    assert b"Traceback" not in err
