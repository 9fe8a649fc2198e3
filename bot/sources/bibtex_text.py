"""The bytes of a BibTeX file -> text: size cap, byte order mark, and a guess where it is not UTF-8, which says that it is one."""

import codecs
import re
import stat
from pathlib import Path

from bot.errors import BadFile

MAX_BYTES = 10_000_000

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_STATED = re.compile(rb"^[ \t]*%+[^\n]{0,40}?Encoding:[ \t]*([\w.-]{1,20})", re.IGNORECASE | re.MULTILINE)
# Only encodings of text, and those that JabRef writes into its first lines: Python's "hex" or "idna" are none.
_STATABLE = frozenset(
    {"ascii", "big5", "big5hkscs", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257", "cp932", "euc_jp", "euc_kr",
     "gb18030", "gb2312", "gbk", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "iso8859-15", "koi8-r",
     "koi8-u", "mac-roman", "shift_jis", "utf-16", "utf-8"}
)  # fmt: skip
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SPARE_BYTE = re.compile("[\udc80-\udcff]")


def read_text(path: Path) -> tuple[str, str]:
    """The text of the file and how it was decoded, "" where that is no guess. Blocks. Raises BadFile, and nothing else."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadFile(path.name, "not a file")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadFile(path.name or str(path), error.strerror or type(error).__name__) from error
    except ValueError as error:  # a NUL in the name
        raise BadFile(ascii(path.name), "not a file name") from error
    if len(content) > MAX_BYTES:
        raise BadFile(path.name, f"larger than {MAX_BYTES // 1_000_000} MB")
    return decode(content)


def decode(content: bytes) -> tuple[str, str]:
    """See read_text. Few bad bytes among good UTF-8 are read one by one, so that one of them spoils no other entry."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace"), ""
    text = content.decode("utf-8", "surrogateescape")
    bad = len(_SPARE_BYTE.findall(text))
    if not bad:
        return text, ""
    if stated := _as_stated(content):
        return stated, ""
    if _is_mostly_utf8(text):
        return _SPARE_BYTE.sub(_as_latin, text), f"not all UTF-8: {bad} bytes were read as Latin-1"
    if _looks_like_gbk(content):
        return content.decode("gb18030", "replace"), "not UTF-8: read as GBK, a guess"
    return content.decode("cp1252", "replace"), "not UTF-8: read as Latin-1, a guess"


def _is_mostly_utf8(text: str) -> bool:
    """Lines of another encoding hardly ever pass for UTF-8, so a few that do outweigh many that do not."""
    lines = [line for line in text.splitlines() if not line.isascii()]
    bad = sum(1 for line in lines if _SPARE_BYTE.search(line))
    return 5 * (len(lines) - bad) >= bad


def _as_latin(byte: re.Match[str]) -> str:
    return chr(ord(byte.group()) - 0xDC00)


def _as_stated(content: bytes) -> str | None:
    stated = _STATED.search(content[:1000])
    try:
        name = codecs.lookup(stated.group(1).decode("ascii", "replace")).name if stated else ""
        return content.decode(name) if name in _STATABLE else None
    except (LookupError, ValueError):
        return None


def _looks_like_gbk(content: bytes) -> bool:
    """Chinese comes in pairs of high bytes, accents of Latin letters stand alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(content)]
    return sum(length for length in runs if length % 2 == 0) >= 0.8 * sum(runs)
