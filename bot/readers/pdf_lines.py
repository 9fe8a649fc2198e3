"""Lines of text where they stand on a PDF's pages: rows made whole, running heads, page and line numbers left out. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

# A row is an edge row if it is one of so many highest or lowest of its page: running heads have one line, rarely two.
EDGE_ROWS = 2
FEW_ROWS = 6
# What stands at the edge of so many pages is not text; in short papers of so many.
REPEATS, REPEATS_IN_SHORT, SHORT_PAGES = 3, 2, 6
# Templates for review number every line, or every fifth: step, and least count; lists and tables seldom count so far.
NUMBERED = ((1, 15), (5, 8))
# Text along the edges of plots, and arXiv's stamp, stand on their side; a page turned as a whole is a table to be read.
TURNED_SHARE = 0.3

_STAMP = re.compile(r"arXiv:\S+(?:\s*\[[\w.-]+\])?(?:\s+\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4})?")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–—\[(]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—\])]?(?:\s*(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
_FIGURES = re.compile(r"\d+")
_LINE_NUMBER = re.compile(r"(\d{1,4})(?:\s+(?=\S)|$)")


class Line(NamedTuple):
    """A line as PDFium gives it; a tuple, since dataclasses cost the child 7 ms at its start.

    Positions are in points from the page's lower left corner: those of its first character, but for `right`, `end_bottom` and
    `end_top`, which are of its last. `size` is the font size in its middle. `is_bold` and `ends_bold` go by the names of the
    fonts at its start and its end.
    """

    text: str
    size: float
    left: float
    bottom: float
    top: float
    right: float
    end_bottom: float
    end_top: float
    is_bold: bool = False
    ends_bold: bool = False
    is_turned: bool = False


Page = tuple[Line, ...]


def cleaned_pages(pages: Sequence[Page]) -> tuple[Page, ...]:
    """The same pages without furniture, each row one line."""
    rows = [_rows(_without_line_numbers(_upright(page))) for page in pages]
    heads = _repeated(rows)
    return tuple(_without_edges(page, heads) for page in rows)


def _upright(page: Page) -> Page:
    """Without the lines on their side, unless the page is turned as a whole, and without arXiv's stamp."""
    turned = sum(line.is_turned for line in page)
    kept = page if turned > TURNED_SHARE * len(page) else [line for line in page if not line.is_turned]
    return tuple(line for line in kept if not _STAMP.fullmatch(line.text.strip()))


def _without_line_numbers(page: Page) -> Page:
    """Without the numbers of a review template, whether they stand alone or before the text of a line."""
    numbered = [(place, int(found[1])) for place, line in enumerate(page) if (found := _LINE_NUMBER.match(line.text))]
    counting = frozenset(place for step, least in NUMBERED for place in _longest_count(numbered, step, least))
    bare = [
        line._replace(text=_LINE_NUMBER.sub("", line.text, count=1)) if n in counting else line for n, line in enumerate(page)
    ]
    return tuple(line for line in bare if line.text) if counting else page


def _longest_count(numbered: Sequence[tuple[int, int]], step: int, least: int) -> Sequence[int]:
    """Places of the longest run of numbers that go up by `step`, others in between allowed; none if it is not `least` long."""
    chains: dict[int, list[int]] = {}
    for place, number in numbered:
        chain = [*chains.pop(number - step, []), place]
        chains[number] = max(chain, chains.get(number, []), key=len)
    longest = max(chains.values(), key=len, default=[])
    return longest if len(longest) >= least else ()


def _rows(page: Page) -> Page:
    """One line for each row: PDFium begins a new one at each raised or lowered letter."""
    rows: list[Line] = []
    for line in page:
        if rows and _goes_on(rows[-1], line):
            rows[-1] = _glued(rows[-1], line)
        else:
            rows.append(line)
    return tuple(rows)


def _goes_on(row: Line, line: Line) -> bool:
    """Whether `line` stands right of the end of `row`, at its height, no further away than a wide space."""
    size = max(row.size, line.size)
    is_near = -0.3 * size <= line.left - row.right <= 2.5 * size
    return is_near and line.bottom < row.end_top + 0.4 * size and line.top > row.end_bottom - 0.4 * size


def _glued(row: Line, line: Line) -> Line:
    gap = "" if line.left - row.right < 0.18 * max(row.size, line.size) or line.text[:1] in ",.;:)" else " "
    is_longer = len(line.text) > len(row.text)
    return row._replace(
        text=f"{row.text.rstrip()}{gap}{line.text.lstrip()}",
        size=line.size if is_longer else row.size,
        right=line.right,
        # The height of the row, not of an index at its end, is what the next piece is measured by.
        end_bottom=min(row.end_bottom, line.end_bottom) if len(line.text) < 4 else line.end_bottom,
        end_top=max(row.end_top, line.end_top) if len(line.text) < 4 else line.end_top,
        ends_bold=line.ends_bold,
    )


def _edges(page: Page) -> frozenset[int]:
    """The places of the highest and the lowest rows; none on a page of so few that they would be most of it."""
    heights = sorted({round(line.bottom) for line in page})
    if len(heights) <= FEW_ROWS:
        return frozenset(place for place, line in enumerate(page) if _PAGE_NUMBER.fullmatch(line.text.strip()))
    outermost = {*heights[:EDGE_ROWS], *heights[-EDGE_ROWS:]}
    return frozenset(place for place, line in enumerate(page) if round(line.bottom) in outermost)


def _shape(text: str) -> str:
    """A line without its figures: a running head with the page's number is the same on each page."""
    return _FIGURES.sub("#", " ".join(text.split())).casefold()


def _repeated(pages: Iterable[Page]) -> frozenset[str]:
    """What stands at the edge of several pages."""
    listed = list(pages)
    counts = Counter(shape for page in listed for shape in {_shape(page[place].text) for place in _edges(page)})
    least = REPEATS_IN_SHORT if len(listed) <= SHORT_PAGES else REPEATS
    return frozenset(shape for shape, count in counts.items() if count >= least and len(shape) > 1)


def _without_edges(page: Page, heads: frozenset[str]) -> Page:
    edges = _edges(page)
    return tuple(line for place, line in enumerate(page) if place not in edges or not _is_furniture(line.text, heads))


def _is_furniture(text: str, heads: frozenset[str]) -> bool:
    return _shape(text) in heads or _PAGE_NUMBER.fullmatch(text.strip()) is not None


def body_size(pages: Iterable[Page]) -> float:
    """The font size of most of the text, in points; 10 where there is none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def leading(pages: Iterable[Page]) -> float:
    """The usual distance from one line to the next, in points; 12 where it cannot be seen."""
    steps = Counter(
        round(step) for page in pages for one, two in pairwise(page) if 4 < (step := one.end_bottom - two.bottom) < 40
    )
    return float(steps.most_common(1)[0][0]) if steps else 12.0
