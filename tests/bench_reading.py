"""What reading one paper costs, and what is kept of it: rows for `make bench` and for docs/reading.md."""

import csv
import gzip
import re
import time
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from bot.errors import TextUnavailable
from bot.readers.latexml import LatexmlPage, parse
from bot.readers.quality import defect

ROUNDS = 3
WORD = re.compile(r"\w+")
NO_TEXT = "script,style,noscript,template"


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlRow:
    """One page: its size, CPU to sections, and words. `share` is of all that a browser shows outside of formulas."""

    kind: str
    name: str
    kilobytes: int
    ms: float
    sections: int
    words: int
    shown: int
    share: float
    verdict: str


def recorded(shared: Path) -> list[Path]:
    """Every recorded page of a data directory, by kind and name."""
    folder = shared / "fulltext"
    pages = [*shared.glob("fulltext2/html/*/*.gz"), *folder.glob("*.html.gz"), *folder.glob("*.html")]
    return sorted(pages, key=lambda path: (path.parent.name, path.name))


def content(path: Path) -> bytes:
    whole = path.read_bytes()
    return gzip.decompress(whole) if path.suffix == ".gz" else whole


def html(shared: Path) -> list[HtmlRow]:
    """Read every recorded page; CPU is the best of three rounds, the verdict "kept" or the reason."""
    return [_row(path, content(path), title_of(shared, path)) for path in recorded(shared)]


def title_of(shared: Path, path: Path) -> str:
    """The title that the index of the recorded pages gives; nothing for a page that it lacks."""
    with (shared / "fulltext2/INDEX.csv").open(encoding="utf-8") as lines:
        return next(
            (row["title"] for row in csv.DictReader(lines) if row["file"].endswith(f"{path.parent.name}/{path.name}")), ""
        )


def words_of(page: LatexmlPage) -> list[str]:
    return [word for one in page.sections for word in WORD.findall(f"{one.heading} {one.text}")]


def shown_words(whole: bytes, *, without: str = "") -> list[str]:
    """The words that a browser shows outside of formulas, but for elements of these selectors; by another parser than ours."""
    tree = LexborHTMLParser(whole)
    for selector in filter(None, ("math", NO_TEXT, without)):
        for node in reversed(tree.css(selector)):  # inner ones first: an outer one takes them along
            node.replace_with(" ")
    return WORD.findall(tree.body.text(separator=" ")) if tree.body else []


def reference_words(whole: bytes) -> list[list[str]]:
    """The words of each block of each entry of the list of references."""
    return [WORD.findall(node.text(separator=" ")) for node in LexborHTMLParser(whole).css(".ltx_bibblock")]


def without_formulas(whole: bytes) -> bytes:
    return re.sub(rb"<math\b.*?</math>", b" ", whole, flags=re.DOTALL)


def _row(path: Path, whole: bytes, title: str) -> HtmlRow:
    times: list[float] = []
    for _ in range(ROUNDS):
        began = time.process_time()
        page = parse(whole)
        times.append(time.process_time() - began)
    shown = len(shown_words(whole))
    kept = len(words_of(parse(without_formulas(whole))))
    return HtmlRow(
        kind=path.parent.name,
        name=path.name.removesuffix(".gz").removesuffix(".html"),
        kilobytes=len(whole) // 1_000,
        ms=min(times) * 1_000,
        sections=len(page.sections),
        words=sum(len(one.text.split()) for one in page.sections),
        shown=shown,
        share=kept / shown if shown else 0.0,
        verdict=_verdict(page, title),
    )


def _verdict(page: LatexmlPage, title: str) -> str:
    try:
        return defect(page.measures, title) or "kept"
    except TextUnavailable as error:
        return str(error)


def markdown(rows: list[HtmlRow]) -> str:
    """The table of docs/reading.md."""
    head = "| page | kB | ms | sections | words | of what is shown | verdict |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(
        f"| {row.kind}/{row.name} | {row.kilobytes:,} | {row.ms:.0f} | {row.sections} | {row.words:,} | {row.share:.0%} "
        f"| {row.verdict} |\n"
        for row in rows
    )
