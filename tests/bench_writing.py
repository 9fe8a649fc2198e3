"""Thirty papers at 2 s a call and eight at once, their texts in the store: how much longer than eight calls in a row can be.

The ideal is whole rounds: 30 papers by 8 are 4 rounds of 2 s. Counted from the first request that reached the model to the end of
the last one; a first run has read the texts and found out how the endpoint is asked.
"""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.builders import a_paper
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.huggingface import FakeHuggingFace
from tests.fakes.openai import FakeOpenAI
from tests.pages import paper_html
from tests.world import World

PAPERS, AT_ONCE, CALL_S = 30, 8, 2.0
LIMIT = 1.15
TODAY = date(2026, 6, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds from the first request to the last answer, and of the whole command; the most requests at once."""

    calls_s: float
    command_s: float
    together: int

    @property
    def ratio(self) -> float:
        """How many times the ideal wall time."""
        return self.calls_s / (math.ceil(PAPERS / AT_ONCE) * CALL_S)


@asynccontextmanager
async def a_day() -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        async with FakeArxiv() as arxiv, FakeHuggingFace() as huggingface, FakeOpenAI(key="sk-bench") as model:
            for number in range(1, PAPERS + 1):
                paper = a_paper(arxiv_id=f"2606.{number:05}", title=f"Agents that plan, part {number}")
                arxiv.publishes(paper, batch_on=TODAY)
                arxiv.has_html(paper.key.value, paper_html(paper.title, paper.abstract))
            extra = {"OPENAI_CONCURRENCY": str(AT_ONCE)}
            yield World(folder=Path(folder), arxiv=arxiv, huggingface=huggingface, model=model, extra=extra)


async def measured(*, style: str = "brief") -> Run:
    """One run with everything read and no summary of `style` made; raises if a summary is missing."""
    async with a_day() as world:
        model = world.asked_model
        await world.paperboy("digest", "--category", "cs.CL", "--style", "card")
        model.asked.clear()
        model.takes_s(CALL_S)
        began = time.monotonic()
        done = await world.paperboy("digest", "--category", "cs.CL", "--style", style)
        command_s = time.monotonic() - began
        if done.out.count("Written by paper-model from the full text") != PAPERS or len(model.asked) != PAPERS:
            raise SystemExit(done.out + done.err)
        calls_s = model.asked[-1].at_s + CALL_S - model.asked[0].at_s
        return Run(calls_s=calls_s, command_s=command_s, together=model.together)


def report(run: Run) -> str:
    """The figures in two lines."""
    return (
        f"{PAPERS} papers, {CALL_S:.0f} s a call, {AT_ONCE} at once\n"
        f"calls             {run.calls_s:6.2f} s wall, {run.ratio:.2f} times the ideal (limit: {LIMIT}), "
        f"at most {run.together} at once; whole command {run.command_s:.2f} s"
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(report(asyncio.run(measured())) + "\n")
