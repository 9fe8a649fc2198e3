"""`paperboy demo`: one whole day on the sample papers, through the real pipeline, store and console channel."""

import argparse
import sys
from pathlib import Path

from bot.app import SAMPLE_CLOCK_START, opened
from bot.commands import render
from bot.config import Settings
from bot.domain.subscriptions import Interest
from bot.progress import Progress
from bot.services.browsing import DigestRequest
from bot.words import words

INTEREST = Interest(
    sources=frozenset({"sample"}),
    keywords=("agent", "memory", "retrieval"),
    excluded=("survey",),
    authors=("David Ha",),
    threshold=1.7,
)
FILES = (("digest.md", "markdown"), ("digest.html", "html"), ("feed.xml", "rss"))
DATABASE = "paperboy-demo.db"


def environment(out: Path) -> dict[str, str]:
    """The settings of the demo: a database of its own, and the clock of the sample day."""
    return {
        "DATABASE_URL": f"sqlite:///{out / DATABASE}",
        "CLOCK_START": SAMPLE_CLOCK_START.isoformat(),
        "LOG_LEVEL": "warning",
    }


async def demo(settings: Settings, asked: argparse.Namespace) -> int:
    """Make the digest once, print it, and write it as three files; a second time there is nothing new, and it says why."""
    out: Path = asked.out
    if asked.fresh:
        forget(out)
    said = words("en")
    request = DigestRequest(sources=("sample",), interest=INTEREST, only_new=True)
    async with opened(settings) as app:
        with Progress(said) as progress:
            made = await app.browsing.digest(request, report=progress)
        print(render(made.digest, "terminal", said))
        if made.digest.items:
            for name, form in FILES:
                (out / name).write_text(render(made.digest, form, said), encoding="utf-8")
        await app.browsing.shown(made)
    _say_where(out, is_new=bool(made.digest.items))
    return 0


def forget(out: Path) -> None:
    """Take away what the demo made before, and nothing else."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", *(name for name, _ in FILES)):
        (out / name).unlink(missing_ok=True)


def _say_where(out: Path, *, is_new: bool) -> None:
    verb = "Written" if is_new else "Still there from the first time"
    print(f"{verb}: {', '.join(str(out / name) for name, _ in FILES)}", file=sys.stderr)
    if not is_new:
        print("Start over with: make demo FRESH=1 (or paperboy demo --fresh)", file=sys.stderr)
