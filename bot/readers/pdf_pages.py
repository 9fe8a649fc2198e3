"""PDF bytes to lines of text with their places, by PDFium, which is C++ and reads strangers' files: only in a child process.

PDFium is not thread-safe, gives line ends as CR LF and a hyphen at a line's end as U+FFFE, joining the two lines.
"""

import ctypes
import re
from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from bot.readers.pdf_characters import LINE_END_HYPHEN, plain
from bot.readers.pdf_lines import Line, Page

# The longest recorded paper has 49 pages and 170,000 characters; a book is cut, and says so.
MAX_PAGES = 200
MAX_CHARS = 2_000_000
# Above this angle a line does not run from left to right.
TURNED = 0.1
PASSWORD_NEEDED = 4  # FPDF_ERR_PASSWORD

_BOLD = re.compile(r"bold|black|heavy|medi|demi|bx\d|cmb|(?:^|[-,])bd", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_FONT_NAME_BYTES = 96


class Unreadable(Exception):
    """PDFium makes nothing of these bytes; the text says why."""


class Document(NamedTuple):
    """What was read: `total` counts the file's pages, read or not."""

    pages: tuple[Page, ...]
    total: int


def read_pages(content: bytes) -> Document:
    """Lines of the first 200 pages, or fewer once there are 2,000,000 characters; a page that cannot be read is empty."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("needs a password" if error.err_code == PASSWORD_NEEDED else "is broken") from error
    total, pages, chars = len(document), [], 0
    for number in range(min(total, MAX_PAGES)):
        pages.append(_page(document, number))
        chars += sum(len(line.text) for line in pages[-1])
        if chars > MAX_CHARS:
            break
    return Document(pages=tuple(pages), total=total)


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    try:
        page = document[number]
        text_page = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ()
    try:
        return tuple(_lines(text_page))
    except (pypdfium2.PdfiumError, RecursionError, AssertionError):  # the two last: get_text_range on pages of hidden characters
        return ()
    finally:
        text_page.close()
        page.close()


def _lines(page: pypdfium2.PdfTextPage) -> Iterator[Line]:
    """Each line that shows anything; `place` counts as PDFium does, in units of UTF-16."""
    probe, place = _Probe(page), 0
    for written in page.get_text_range(count=min(page.count_chars(), MAX_CHARS)).split("\r\n"):
        line = probe.line(written, place)
        if line and line.end_top < line.bottom - 0.5 * line.size and LINE_END_HYPHEN not in written:
            yield from probe.pieces(written, place)
        elif line:
            yield line
        place += _units(written) + 2


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


class _Probe:
    """Asks PDFium about characters, with buffers that are made once a page."""

    def __init__(self, page: pypdfium2.PdfTextPage) -> None:
        self._page = page
        self._left, self._right, self._bottom, self._top = (ctypes.c_double() for _ in range(4))
        self._name, self._flags = ctypes.create_string_buffer(_FONT_NAME_BYTES), ctypes.c_int()

    def line(self, written: str, place: int) -> Line | None:
        """The line that begins at `place` in the page's text; None if it shows nothing."""
        text = plain(written)
        if not text:
            return None
        first = place + len(written) - len(written.lstrip())
        last = place + _units(written.rstrip()) - 1
        begin, middle, end = (raw.FPDFText_GetCharIndexFromTextIndex(self._page, n) for n in (first, (first + last) // 2, last))
        _, right, end_bottom, end_top = self._box(end)
        left, _, bottom, top = self._box(begin)
        is_bold = self._is_bold(begin)
        return Line(
            text=text,
            size=round(raw.FPDFText_GetFontSize(self._page, middle), 1),
            left=left,
            bottom=bottom,
            top=top,
            right=right,
            end_bottom=end_bottom,
            end_top=end_top,
            is_bold=is_bold,
            ends_bold=is_bold and self._is_bold(end),
            is_turned=TURNED < raw.FPDFText_GetCharAngle(self._page, begin) % 6.28 < 6.28 - TURNED,
        )

    def pieces(self, written: str, place: int) -> Iterator[Line]:
        """The lines of a line that goes on far below, cut where a word stands wholly below the one before.

        Where a page has text on its side, as a first page has arXiv's stamp, PDFium puts no end between some lines.
        """
        start, above = 0, float("-inf")
        for word in _WORD.finditer(written):
            index = raw.FPDFText_GetCharIndexFromTextIndex(self._page, place + _units(written[: word.start()]))
            _, _, bottom, top = self._box(index)
            if top < above - 0.3 * (top - bottom):
                yield from filter(None, [self.line(written[start : word.start()], place + _units(written[:start]))])
                start = word.start()
            above = bottom
        yield from filter(None, [self.line(written[start:], place + _units(written[:start]))])

    def _box(self, index: int) -> tuple[float, float, float, float]:
        raw.FPDFText_GetCharBox(self._page, index, self._left, self._right, self._bottom, self._top)
        return self._left.value, self._right.value, self._bottom.value, self._top.value

    def _is_bold(self, index: int) -> bool:
        raw.FPDFText_GetFontInfo(self._page, index, self._name, _FONT_NAME_BYTES, self._flags)
        return _BOLD.search(self._name.value.decode("utf-8", "replace")) is not None
