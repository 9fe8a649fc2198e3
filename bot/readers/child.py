"""One run of a program in a child process that cannot outlive its call, outgrow its answer, or learn what this process knows."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence

CHUNK = 65_536


class ChildFailed(Exception):
    """There is no answer; the text says why, in words that go on after a name: "took more than 20 s"."""


async def run(
    program: Sequence[str], content: bytes, *, environment: Mapping[str, str], timeout_s: float, max_bytes: int
) -> bytes:
    """What `program` writes when it is given `content`. Nobody sees its errors; `environment` is all that it knows of ours.

    Whatever happens, cancellation included, the child is dead and reaped when this returns. Raises ChildFailed.
    """
    try:
        child = await asyncio.create_subprocess_exec(
            *program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(environment),
            cwd="/",
            start_new_session=True,  # Ctrl-C is for the bot, which lets what it has begun come to an end
        )
    except OSError as error:
        raise ChildFailed(f"cannot be read here: {type(error).__name__} at the start of a process") from error
    try:
        async with asyncio.timeout(timeout_s):
            answer = await _exchange(child, content, max_bytes)
            code = await child.wait()
    except TimeoutError as error:
        raise ChildFailed(f"took more than {timeout_s:g} s") from error
    finally:
        await _end(child)
    if code:
        raise ChildFailed(f"broke its reader (signal {-code})" if code < 0 else f"broke its reader (status {code})")
    return answer


async def _exchange(child: asyncio.subprocess.Process, content: bytes, max_bytes: int) -> bytes:
    """Read while the loop goes on writing: a child may answer, or die, before it has read everything."""
    if child.stdin is None or child.stdout is None:
        raise ChildFailed("cannot be read here: no pipes")
    child.stdin.write(content)
    child.stdin.close()
    answer = bytearray()
    while chunk := await child.stdout.read(CHUNK):
        answer += chunk
        if len(answer) > max_bytes:
            raise ChildFailed(f"answered with more than {max_bytes} bytes")
    return bytes(answer)


async def _end(child: asyncio.subprocess.Process) -> None:
    """Kill it if it lives, reap it, and read its pipe to the end, without which the loop would never close it."""
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    await child.wait()
    while child.stdout is not None and await child.stdout.read(CHUNK):
        pass
