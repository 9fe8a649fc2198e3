"""What reading PDFs costs and yields, over the recorded papers beside the checkout: rows for the bench and for docs/reading.md.

`python -m tests.bench_reading_pdf` prints them. CPU seconds are the children's own, as the system counts them.
"""

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
from selectolax.lexbor import LexborHTMLParser

from bot.readers.pdf import PROGRAM, child_environment
from tests.world import ROOT

SHARED = ROOT.parent / "shared" / "data"
ROUNDS = 3
# The paper of 15 pages that the budget is spoken of: 100 ms beyond the child's start.
FIFTEEN_PAGES = "2501.10120_pasa.pdf"
_LIMITS = ("256", "21")
_WORD = re.compile(r"[^\W\d_]{4,}")
_REFERENCES = re.compile(r"(?:\[\d+\]|\d+\.) ?[A-Z][\w. -]+,.{10,200}?(?:19|20)\d\d")
_NO_TEXT = (
    "math, script, style, nav, footer, .ltx_bibliography, .ltx_authors, .ltx_page_footer, .ltx_page_header"
    ", .ltx_dates, .ltx_ERROR"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of one file: `ms` are of the child's processor, beyond its start, the least of three runs."""

    name: str
    pages: int
    sections: tuple[tuple[str, str], ...]
    verdict: str
    ms: float

    @property
    def words(self) -> int:
        return sum(len(text.split()) for _, text in self.sections)

    @property
    def headings(self) -> int:
        return sum(bool(heading) for heading, _ in self.sections)

    @property
    def listed_references(self) -> int:
        """Entries of a list of references that are still in the text."""
        return sum(len(_REFERENCES.findall(text)) for _, text in self.sections)


def recorded() -> tuple[Path, ...]:
    """Every recorded PDF; none where ../shared is not beside this checkout."""
    folders = (SHARED / "fulltext", SHARED / "fulltext2/pdf", SHARED / "fulltext2/pdf_not_arxiv")
    return tuple(path for folder in folders for path in sorted(folder.glob("*.pdf")))


def child(content: bytes) -> tuple[bytes, float]:
    """One run of the child: its answer, and its milliseconds of processor time."""
    run = subprocess.Popen((*PROGRAM, *_LIMITS), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=child_environment(), cwd="/")
    assert run.stdin is not None
    assert run.stdout is not None
    with run.stdin, run.stdout:
        run.stdin.write(content)
        run.stdin.close()
        answer = run.stdout.read()
        _, status, used = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    return answer, 1000 * (used.ru_utime + used.ru_stime)


def start_ms() -> float:
    """What a child costs that has nothing to read."""
    return min(child(b"")[1] for _ in range(2 * ROUNDS))


def readings(paths: Sequence[Path], *, rounds: int = ROUNDS) -> Iterator[Reading]:
    start = start_ms()
    for path in paths:
        content = path.read_bytes()
        runs = [child(content) for _ in range(rounds)]
        said = json.loads(runs[0][0] or b"{}")
        yield Reading(
            name=path.stem,
            pages=len(pypdfium2.PdfDocument(content)),
            sections=tuple((heading, text) for heading, text in said.get("sections", ())),
            verdict=said.get("unavailable", "read"),
            ms=min(ms for _, ms in runs) - start,
        )


def pairs() -> Iterator[tuple[Path, Path]]:
    """PDF and HTML of the same paper."""
    pages = {path.name.partition(".html")[0].partition("_")[0]: path for path in SHARED.glob("fulltext2/html/*wire/*.html.gz")}
    for pdf in recorded():
        name = re.sub(r"v\d+$", "", pdf.stem)
        if name in pages:
            yield pdf, pages[name]


def vocabulary(page: bytes) -> frozenset[str]:
    """The words of four letters or more of an HTML page, but for formulas, references and furniture."""
    tree = LexborHTMLParser(page)
    for node in tree.css(_NO_TEXT):
        node.decompose()
    article = tree.css_first("article, .ltx_document") or tree.body
    return frozenset(word.casefold() for word in _WORD.findall(article.text(separator=" ") if article else ""))


def held(reading: Reading, page: bytes) -> float:
    """The share of an HTML page's vocabulary that the PDF's text holds."""
    wanted = vocabulary(page)
    found = {word.casefold() for heading, text in reading.sections for word in _WORD.findall(f"{heading} {text}")}
    return len(wanted & found) / len(wanted)


def rows() -> Iterator[str]:
    """The table of docs/reading.md, in Markdown, then the pairs; says so where no recorded papers are at hand."""
    paths = recorded()
    if not paths:
        yield "no recorded PDFs are beside this checkout"
        return
    read = dict(zip(paths, readings(paths), strict=True))
    yield f"A child that reads nothing: {start_ms():.0f} ms."
    yield "| PDF | pages | headings | words | references left | verdict | ms |"
    yield "|---|---|---|---|---|---|---|"
    for each in read.values():
        cells = (each.name, each.pages, each.headings, each.words, each.listed_references, each.verdict, f"{each.ms:.0f}")
        yield f"| {' | '.join(map(str, cells))} |"
    yield "| both | words of the HTML that the PDF has |"
    yield "|---|---|"
    for pdf, page in pairs():
        yield f"| {pdf.stem} | {held(read[pdf], gzip.decompress(page.read_bytes())):.1%} |"


def budget_row() -> str:
    """One line for `make bench`: the paper of 15 pages against its budget."""
    path = SHARED / "fulltext" / FIFTEEN_PAGES
    if not path.is_file():
        return "PDF of 15 pages: no recorded paper is beside this checkout"
    (reading,) = readings([path])
    return f"PDF of {reading.pages} pages {reading.ms:5.0f} ms of CPU beyond the child's start of {start_ms():.0f}   (limit: 100)"


def main() -> None:
    for row in rows():
        sys.stdout.write(f"{row}\n")
    sys.stdout.write(f"{budget_row()}\n")


if __name__ == "__main__":
    main()
