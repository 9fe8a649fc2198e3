"""The delivery path: memory with 100,000 who are due, digests and parts a second, and how long the event loop stands still.

Each run is a process of its own (tests/bench_delivery_child.py) on a database of its own. The floor is the platform's pace.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world import ROOT

FEW, MANY, DIGESTS = 1_000, 100_000, 1_000
SMALL_DAY, SMALL_EACH = 40, 5
BROADCAST, WHOLE_DAY, WHOLE_EACH = 2_000, 700, 20
PLATFORM = 30.0  # parts a second
MOST_MEMORY, MOST_GAP_MS = 1.2, 50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a child measured of one turn."""

    done: int
    wall_s: float
    cpu_s: float
    peak_mib: float
    gap_p99_ms: float
    gap_longest_ms: float
    gaps_over_50_ms: int

    @property
    def ms(self) -> float:
        """CPU of one."""
        return self.cpu_s / self.done * 1000

    @property
    def told(self) -> str:
        return f"{self.ms:5.1f} ms of CPU each, {self.done / self.wall_s:4.0f} a second"


async def child(*arguments: object) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench_delivery_child",
        *map(str, arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    if process.returncode:
        raise SystemExit(out.decode())
    return out.decode()


async def turn(*arguments: object) -> Turn:
    found: dict[str, Any] = json.loads((await child(*arguments)).splitlines()[-1])
    return Turn(**found)


async def report() -> AsyncIterator[str]:
    """The figures line by line; raises SystemExit at the end if a limit is broken."""
    with tempfile.TemporaryDirectory() as folder:
        few, many, empty, whole = (f"sqlite:///{Path(folder) / name}.db" for name in ("few", "many", "empty", "whole"))
        await child("fill", few, FEW, SMALL_DAY, SMALL_EACH)
        await child("fill", many, MANY, SMALL_DAY, SMALL_EACH)
        await child("fill", empty, MANY, SMALL_DAY, 0)
        await child("fill", whole, BROADCAST, WHOLE_DAY, WHOLE_EACH)
        yield f"delivery: {DIGESTS:,} digests of {SMALL_EACH} among {SMALL_DAY} papers, on SQLite, without a model"
        small = await turn("make", few, DIGESTS)
        big, idle = await turn("make", many, DIGESTS), await turn("make", empty, DIGESTS)
        ratios = [one.peak_mib / small.peak_mib for one in (big, idle)]
        yield f"{FEW:9,} due      {small.peak_mib:4.0f} MiB at most, {small.told}"
        yield f"{MANY:9,} due      {big.peak_mib:4.0f} MiB at most, {big.told}: {ratios[0]:.2f} times   (limit: {MOST_MEMORY})"
        yield f"{MANY:9,} empty    {idle.peak_mib:4.0f} MiB at most, {idle.told}: {ratios[1]:.2f} times   (limit: {MOST_MEMORY})"
        sent = await turn("send", few, 1)
        pace, load = sent.done / sent.wall_s / PLATFORM, sent.ms * PLATFORM / 10
        of_pace = f"{pace:.1f} times the {PLATFORM:.0f} of Telegram, which take {load:.0f} % of a core"
        yield f"claim, send, settle {sent.told}: {of_pace}"
        all_ = await turn("make", whole, BROADCAST)
        yield f"{BROADCAST:,} digests of a day of {WHOLE_DAY} papers: {all_.told}, {all_.peak_mib:.0f} MiB at most"
        yield (
            f"event loop beside it: stands still for {all_.gap_p99_ms:.0f} ms at p99 (limit: {MOST_GAP_MS:.0f}), "
            f"{all_.gap_longest_ms:.0f} ms at most, {all_.gaps_over_50_ms} times over 50"
        )
        if max(ratios) > MOST_MEMORY or all_.gap_p99_ms > MOST_GAP_MS:
            raise SystemExit("delivery: a limit is broken")


async def main() -> None:
    async for line in report():
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
