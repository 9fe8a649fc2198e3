"""Reads the PDF of an arXiv paper: fetched by the polite client, parsed by a child process within hard limits."""

import asyncio
import json
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from bot.domain.papers import FullText, Paper, PaperRef, Scheme, Section, TextOrigin
from bot.errors import TextUnavailable
from bot.http import Gate, PoliteClient
from bot.readers.child import ChildFailed, run

# Without `site` and the folder it stands in: what it may import is what it is told.
PROGRAM = (sys.executable, "-S", "-P", "-m", "bot.readers.pdf_child")
ROOT = Path(__file__).parents[2]
# Longer than the 2,000,000 characters that the child gives back, each at most 4 bytes.
MAX_ANSWER_BYTES = 9_000_000
# Two at once read faster than arXiv gives PDFs (one each 15 s), and take half a gigabyte at the most.
AT_ONCE = 2


class PdfReader:
    """The port FullTextReader for PDFs of arXiv. `program` is what is run; only tests run another.

    `interval_s` is arXiv's pace for pages of its site. A child gets `timeout_s` by the clock (and by its processor, rounded
    up) and `memory_mb` MiB of address space; a paper of 15 pages takes 0.2 s and stays below 64 MiB.
    """

    def __init__(
        self,
        client: PoliteClient,
        gate: Gate,
        site_url: str,
        interval_s: float,
        *,
        timeout_s: float = 20.0,
        memory_mb: int = 256,
        max_bytes: int = 40_000_000,
        program: Sequence[str] = PROGRAM,
    ) -> None:
        self._client, self._gate, self._site_url, self._interval_s = client, gate, site_url.rstrip("/"), interval_s
        self._timeout_s, self._memory_mb, self._max_bytes = timeout_s, memory_mb, max_bytes
        self._program = tuple(program)
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def read(self, paper: Paper) -> FullText:
        """The PDF of this version as sections. Raises TextUnavailable if none can be read, and what the client raises.

        Papers that are not on arXiv or withdrawn are not asked for. More than `max_bytes` is BrokenPage.
        """
        name = _name(paper)
        body = await self._client.get(
            f"{self._site_url}/pdf/{name}",
            source="arxiv",
            gate=self._gate,
            interval_s=self._interval_s,
            max_bytes=self._max_bytes,
        )
        if body.status != 200:
            raise TextUnavailable(f"{name}: arXiv has no PDF (HTTP {body.status})")
        if not body.content.lstrip().startswith(b"%PDF-") and "pdf" not in body.content_type:
            raise TextUnavailable(f"{name}: arXiv answered no PDF but {body.content_type.partition(';')[0][:40] or 'something'}")
        sections = await self.parse(body.content, name)
        return FullText(ref=PaperRef(key=paper.key, version=paper.version), sections=sections, origin=TextOrigin.PDF)

    async def parse(self, content: bytes, name: str) -> tuple[Section, ...]:
        """The sections of a PDF that is at hand; `name` is for the error. Raises TextUnavailable."""
        limits = (str(self._memory_mb), str(int(self._timeout_s) + 1))
        try:
            async with self._slots:
                answer = await run(
                    (*self._program, *limits),
                    content,
                    environment=child_environment(),
                    timeout_s=self._timeout_s,
                    max_bytes=MAX_ANSWER_BYTES,
                )
            return _sections(answer)
        except ChildFailed as error:
            raise TextUnavailable(f"{name}: the PDF {error}") from error


def _name(paper: Paper) -> str:
    """The id as the site names it. Raises TextUnavailable for papers without a PDF there."""
    if paper.key.scheme is not Scheme.ARXIV:
        raise TextUnavailable(f"{paper.key} is not on arXiv")
    name = paper.key.value + (f"v{paper.version}" if paper.version else "")
    if paper.is_withdrawn:
        raise TextUnavailable(f"{name} is withdrawn")
    return name


def child_environment() -> dict[str, str]:
    """All that a child is told: where our code and PDFium are, which it need not search for."""
    pdfium = find_spec("pypdfium2")
    places = [ROOT, *([Path(pdfium.origin).parents[1]] if pdfium and pdfium.origin else [])]
    return {"PYTHONPATH": ":".join(map(str, places)), "PYTHONUTF8": "1"}


def _sections(answer: bytes) -> tuple[Section, ...]:
    """What the child said. Raises ChildFailed where it said that there is no text, or nothing that we understand."""
    try:
        said = json.loads(answer)
        if reason := said.get("unavailable"):
            raise ChildFailed(str(reason)[:200])
        return tuple(Section(heading=str(heading), text=str(text)) for heading, text in said["sections"])
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ChildFailed("gave no answer that can be understood") from error
