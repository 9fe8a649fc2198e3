"""The command line `paperboy ...`: parse, call one command, print. What a command does not need is not imported."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.arguments import parser

if TYPE_CHECKING:
    import argparse

    from bot.config import Settings

FAILED, BAD_SETTINGS = 1, 78


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 wrong command line, 78 wrong settings."""
    asked = parser().parse_args(arguments)
    from bot.errors import BadInput, BadSettings, BadTopic, PaperboyError

    try:
        return _call(asked)
    except BadSettings as error:
        for problem in error.problems:
            print(f"paperboy: {problem}", file=sys.stderr)
        return BAD_SETTINGS
    except (BadInput, BadTopic) as error:
        print(f"paperboy: {error}", file=sys.stderr)
        return FAILED if asked.command == "summary" else 2
    except PaperboyError as error:
        print(f"paperboy: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `paperboy digest | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _call(asked: "argparse.Namespace") -> int:
    import asyncio

    is_demo = asked.command == "demo" or getattr(asked, "sample", False)
    settings = _settings(is_demo=is_demo, out=getattr(asked, "out", Path("out")))
    from bot import commands, demo

    known = {
        "digest": commands.digest,
        "summary": commands.summary,
        "chat": commands.chat,
        "run": commands.run_bot,
        "check": commands.check,
        "db": commands.database,
        "demo": demo.demo,
    }
    return asyncio.run(known[asked.command](settings, asked))


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
