"""`make bench`: what a start, a whole day, full texts, summaries and deliveries cost. CPU and peak memory are the child's own.

The day is the recorded one of 2026-06-02 where ../shared stands beside the checkout, else as many papers of our builders.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tests import bench_delivery, bench_evidence, bench_reading, bench_reading_pdf, bench_writing
from tests.builders import a_paper
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.huggingface import FakeHuggingFace
from tests.world import ROOT, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SHARED = ROOT.parent / "shared" / "data"
TODAY = date(2026, 6, 2)
PAPERS = 715
ROUNDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one child: wall and CPU seconds, peak resident memory in MiB."""

    wall_s: float
    cpu_s: float
    peak_mib: float


def cost_of(arguments: list[str], environment: dict[str, str], folder: Path) -> Cost:
    """Run to the end and count; raises if it fails."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(arguments, env=environment, cwd=folder, stdout=said, stderr=said)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode())
    return Cost(wall_s=time.monotonic() - began, cpu_s=used.ru_utime + used.ru_stime, peak_mib=used.ru_maxrss / 1024)


def publish(arxiv: FakeArxiv) -> str:
    """Fill the fake with a day; says which."""
    feed = SHARED / "arxiv_rss/rendered_by_arxiv_feed_service/day_rss_cs.xml.gz"
    if not feed.is_file():
        abstract = "We study agents that plan. " * 40
        arxiv.publishes(
            *(a_paper(arxiv_id=f"2606.{n:05}", title=f"Agents, part {n}", abstract=abstract) for n in range(1, PAPERS + 1)),
            batch_on=TODAY,
        )
        return f"{PAPERS} papers of our builders (no recorded day at hand)"
    count = arxiv.load_shared_day(feed, TODAY)
    arxiv.load_corpus(SHARED / "corpora/arxiv_cs_2026-02_to_2026-07.jsonl.xz")
    return f"the recorded day of {TODAY}: {count} announcements"


@asynccontextmanager
async def day() -> "AsyncIterator[tuple[World, str]]":
    with tempfile.TemporaryDirectory() as folder:
        async with FakeArxiv() as arxiv, FakeHuggingFace() as huggingface:
            what = publish(arxiv)
            yield World(folder=Path(folder), arxiv=arxiv, huggingface=huggingface), what


async def whole_day() -> None:
    """Fetched, stored, matched and written, from an empty store each time."""
    command = [sys.executable, "-m", "bot", "digest", "--category", "cs", "--keyword", "agent", "--format", "markdown"]
    costs = []
    async with day() as (world, what):
        for number in range(ROUNDS):
            world.extra = {"DATABASE_URL": f"sqlite:///{world.folder / f'{number}.db'}"}
            output = ["--output", f"{number}.md"]
            costs.append(await asyncio.to_thread(cost_of, command + output, world.environment, world.folder))
    print(f"a whole day, {what}")
    _print("paperboy digest", costs, limit="3 s of CPU, 200 MiB")


def start_up() -> None:
    """Help against the interpreter alone, in one run."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    bare = [cost_of([sys.executable, "-c", "pass"], environment, ROOT) for _ in range(ROUNDS)]
    helped = [cost_of([sys.executable, "-m", "bot", "--help"], environment, ROOT) for _ in range(ROUNDS)]
    _print("python -c pass", bare)
    _print("paperboy --help", helped, limit="0.3 s")
    print(f"{'':18}{_median(helped).wall_s / _median(bare).wall_s:.1f} times the bare interpreter")


def _median(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.cpu_s)[len(costs) // 2]


def _print(name: str, costs: list[Cost], limit: str = "") -> None:
    middle, worst = _median(costs), max(cost.peak_mib for cost in costs)
    bound = f"   (limit: {limit})" if limit else ""
    print(f"{name:18}{middle.cpu_s:6.2f} s CPU, {middle.wall_s:5.2f} s wall, {worst:5.0f} MiB, median of {len(costs)}{bound}")


def reading() -> None:
    """Recorded pages to sections, HTML and PDF."""
    if not SHARED.is_dir():
        print("full texts: no recorded pages beside this checkout")
        return
    rows = bench_reading.html(SHARED)
    usual = [row for row in rows if 600 <= row.kilobytes <= 800]
    kept = sum(row.verdict == "kept" for row in rows)
    print(f"full texts: {kept} of {len(rows)} recorded HTML pages kept, the others refused (docs/reading.md)")
    slowest = max(usual, key=lambda row: row.ms)
    print(f"HTML of 600-800 kB{slowest.ms:6.0f} ms of CPU, the slowest of {len(usual)}   (limit: 60)")
    print(bench_reading_pdf.budget_row())


if __name__ == "__main__":
    start_up()
    asyncio.run(whole_day())
    reading()
    print(bench_writing.report(asyncio.run(bench_writing.measured())))
    for line in bench_evidence.report():
        print(line)
    asyncio.run(bench_delivery.main())
