"""PDFs written by hand, small and valid: lines of text at places on pages, and streams of any kind for hostile ones.

Fonts are Helvetica (`F1`) and Helvetica-Bold (`F2`), which every reader of PDFs has; pages are 612 by 792 points.
"""

import hashlib
import textwrap
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 612, 792
_STOCK = tuple("every reader finds that small models learn from clear examples when teachers explain what they mean".split())  # noqa: SIM905
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_FILE_ID = b"0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One line: its first letter stands at (`x`, `y`), in points from the lower left corner."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 10
    is_bold: bool = False
    is_turned: bool = False

    @property
    def drawn(self) -> bytes:
        """Its operators; characters that Windows' Latin code has not become question marks."""
        said = self.text.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        matrix = "0 1 -1 0" if self.is_turned else "1 0 0 1"
        font = "F2" if self.is_bold else "F1"
        return f"BT /{font} {self.size} Tf {matrix} {self.x:.2f} {self.y:.2f} Tm (".encode() + said + b") Tj ET\n"


def a_pdf(*pages: Iterable[Text], password: str = "") -> bytes:
    """A file of these pages; with a password it is encrypted (RC4, 40 bits) and opens for nobody without."""
    return pdf_of([b"".join(text.drawn for text in page) for page in pages], password=password)


def pdf_of(streams: Sequence[bytes], *, filters: str = "", password: str = "") -> bytes:
    """A file with one page for each stream of operators; `filters` names how the streams are packed already."""
    key = _key(password) if password else b""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(streams)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(streams)} /Kids [{kids}] /MediaBox [0 0 {WIDTH} {HEIGHT}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        content = 6 + 2 * number
        fonts = "/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {fonts} /Contents {content} 0 R >>".encode())
        packed = _rc4(hashlib.md5(key + content.to_bytes(3, "little") + b"\0\0").digest()[:10], stream) if key else stream  # noqa: S324
        packing = f" /Filter {filters}" if filters else ""
        objects.append(f"<< /Length {len(packed)}{packing} >>\nstream\n".encode() + packed + b"\nendstream")
    return _file(objects, _lock(password) if password else b"")


def a_bomb(mebibytes: int) -> bytes:
    """One page whose stream, of some kilobytes, unpacks twice to so many MiB of operators."""
    once = zlib.compress(b"0 0 m " * (mebibytes * 1_048_576 // 6), 9)
    return pdf_of([zlib.compress(once, 9)], filters="[/FlateDecode /FlateDecode]")


def prose(words: int, *, start: int = 0) -> str:
    """So many words in sentences of twelve; another `start` gives other ones."""
    sentences = []
    for first in range(0, words, 12):
        sentence = " ".join(
            _STOCK[(start + first + place * (1 + start % 5)) % len(_STOCK)] for place in range(min(12, words - first))
        )
        sentences.append(f"{sentence.capitalize()}.")
    return " ".join(sentences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where lines go: the left edge, and how many letters fit."""

    x: float
    letters: int


ONE_COLUMN = (Column(x=72, letters=88),)
TWO_COLUMNS = (Column(x=54, letters=44), Column(x=318, letters=44))


def a_paper_pdf(
    parts: Sequence[tuple[str, str]], *, columns: Sequence[Column] = ONE_COLUMN, head: str = "", page_numbers: bool = True
) -> bytes:
    """A paper: headings in bold ("" for none), paragraphs filled into columns from page to page, running heads, page numbers."""
    places = _places(columns)
    pages: dict[int, list[Text]] = {}
    for heading, body in parts:
        for is_heading, line in _lines(heading, body, columns[0].letters):
            page, x, y = next(places)
            if is_heading:
                page, x, y = next(places)  # space above it
            text = Text(text=line, x=x, y=y, size=12 if is_heading else 10, is_bold=is_heading)
            pages.setdefault(page, []).append(text)
    furnished = []
    for number in sorted(pages):
        top = [Text(text=head, y=750)] if head else []
        foot = [Text(text=str(number + 1), x=300, y=40)] if page_numbers else []
        furnished.append([*top, *pages[number], *foot])
    return a_pdf(*furnished)


def _lines(heading: str, body: str, letters: int) -> Iterator[tuple[bool, str]]:
    if heading:
        yield True, heading
    for paragraph in body.split("\n\n"):
        for line in textwrap.wrap(paragraph, letters):
            yield False, line


def _places(columns: Sequence[Column]) -> Iterator[tuple[int, float, float]]:
    """Page, left edge and height of one line after the other."""
    page = 0
    while True:
        for column in columns:
            for row in range(50):
                yield page, column.x, 710 - 12 * row
        page += 1


def _file(objects: Sequence[bytes], lock: bytes) -> bytes:
    written = bytearray(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(written))
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = len(written)
    written += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    written += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    written += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R ".encode() + lock + b">>\n"
    return bytes(written + f"startxref\n{table}\n%%EOF\n".encode())


# Encryption as ISO 32000-1 section 7.6.3 has it for revision 2: what the oldest readers know.
def _key(password: str) -> bytes:
    padded = (password.encode() + _PADDING)[:32]
    return hashlib.md5(padded + _owner(padded) + (0xFFFFFFFC).to_bytes(4, "little") + _FILE_ID).digest()[:5]  # noqa: S324


def _owner(padded: bytes) -> bytes:
    return _rc4(hashlib.md5(padded).digest()[:5], padded)  # noqa: S324


def _lock(password: str) -> bytes:
    user, owner = _rc4(_key(password), _PADDING).hex(), _owner((password.encode() + _PADDING)[:32]).hex()
    file_id = _FILE_ID.hex()
    return f"/ID [<{file_id}> <{file_id}>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner}> /U <{user}> >> ".encode()


def _rc4(key: bytes, content: bytes) -> bytes:
    state, swap = list(range(256)), 0
    for place in range(256):
        swap = (swap + state[place] + key[place % len(key)]) % 256
        state[place], state[swap] = state[swap], state[place]
    out, one, two = bytearray(), 0, 0
    for byte in content:
        one = (one + 1) % 256
        two = (two + state[one]) % 256
        state[one], state[two] = state[two], state[one]
        out.append(byte ^ state[(state[one] + state[two]) % 256])
    return bytes(out)
