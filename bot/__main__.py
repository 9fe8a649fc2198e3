"""The command line `paperboy ...`: parse, call one command, print. What a command does not need is not imported."""

import errno
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.arguments import parser

if TYPE_CHECKING:
    import argparse

    from bot.config import Settings

FAILED, BAD_SETTINGS = 1, 78


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong command line, 78 wrong settings."""
    _open_streams()
    try:
        code = _ended(arguments)
        sys.stdout.flush()  # what the buffer cannot get rid of is told here, not by the interpreter's end
    except BrokenPipeError:  # `paperboy digest | head`
        _drop_output()
        return FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _drop_output()
        _complain(error)
        return FAILED
    return code


def _ended(arguments: Sequence[str] | None) -> int:
    asked = parser().parse_args(arguments)
    from bot.errors import BadInput, BadSettings, BadTopic, PaperboyError, TokenRefused

    try:
        return _call(asked)
    except BadSettings as error:
        for problem in error.problems:
            _complain(problem)
        return BAD_SETTINGS
    except TokenRefused as error:
        _complain(error)
        return BAD_SETTINGS
    except (BadInput, BadTopic) as error:
        _complain(error)
        return FAILED if asked.command in ("summary", "ask") else 2
    except PaperboyError as error:
        _complain(error)
        return FAILED
    except KeyboardInterrupt:
        return 130


def _open_streams() -> None:
    """Streams that somebody closed (`>&-`) lead nowhere; a letter that one cannot carry is replaced, not a crash."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  # for the process's whole life
        elif hasattr(stream, "reconfigure"):  # not what a test put in its place
            stream.reconfigure(errors="backslashreplace" if name == "stderr" else "replace")


def _drop_output() -> None:
    """Send the rest of standard output nowhere, so that the flush at the end of the interpreter succeeds."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(problem: object) -> None:
    """One line on standard error. File names and addresses may hold escape sequences, which must not reach a terminal."""
    text = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in str(problem))
    print(f"paperboy: {text}", file=sys.stderr)


def _call(asked: "argparse.Namespace") -> int:
    import asyncio

    is_demo = asked.command == "demo" or getattr(asked, "sample", False)
    settings = _settings(is_demo=is_demo, out=getattr(asked, "out", Path("out")))
    from bot import commands, commands_chat, commands_delivery, demo

    known = {
        "digest": commands.digest,
        "summary": commands.summary,
        "ask": commands.ask,
        "usage": commands.usage,
        "chat": commands_chat.chat,
        "run": commands.run_bot,
        "deliveries": commands_delivery.deliveries,
        "check": commands.check,
        "db": commands.database,
        "demo": demo.demo,
    }
    return asyncio.run(_stoppable(known[asked.command](settings, asked)))


async def _stoppable(command: "Coroutine[Any, Any, int]") -> int:
    """The command's exit code. A SIGTERM or SIGHUP ends it as Ctrl-C does, with everything given back; `run` has its own way."""
    import asyncio
    import signal

    task, received = asyncio.ensure_future(command), []

    def stop(number: signal.Signals) -> None:
        received.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not received:
            raise
        return 128 + received[0]


def _settings(*, is_demo: bool, out: Path) -> "Settings":
    from bot import config, log

    environ = dict(os.environ)
    if is_demo:
        from bot.demo import environment

        environ = environment(out)
    settings = config.load(environ, Path(os.devnull) if is_demo else Path(".env"), is_demo=is_demo)
    log.configure(settings)
    return settings


if __name__ == "__main__":
    sys.exit(main())
