"""The values of BibTeX fields: braces, quotes, `#` joins and macros; and what can be saved of an entry that is damaged. Pure."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

MAX_VALUE_CHARS = 20_000
MAX_MACRO_CHARS = 10_000_000
"""How much text macros may add to one file: `@string{b = a # a # a # ...}` in a row grows without end (a stranger's file)."""

_MARK = re.compile(r'\\.|[{}"]', re.DOTALL)
_BARE = re.compile(r'[^\s{}(),"#=]+')
_HEAD = re.compile(r"@\s*+([^\s{}(),=\"@]*+)\s*+[{(]\s*+")
_KEY = re.compile(r'[^,={}\n"]*')
_NAME = re.compile(r"(?<![\w:.+/-])([A-Za-z][\w:.+/-]*)\s*=")
_NAME_ON_NEW_LINE = re.compile(r"\n[ \t]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{\"\d]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a value between `#` signs: literal text, or the name of a macro (or a number)."""

    text: str
    is_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What stands from one position on, and `end`, the first position after it; `is_whole` if each brace and quote closed."""

    pieces: tuple[Piece, ...]
    end: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """An entry as it stands in the file: lower-case kind and field names, the fields in order, repeated ones too."""

    kind: str
    key: str
    fields: tuple[tuple[str, Value], ...]


class Macros:
    """The `@string` definitions of one file; names are case-insensitive, the last definition wins, unknown names stay."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._chars_left = MAX_MACRO_CHARS

    def define(self, name: str, value: Value) -> None:
        self._values[name.strip().lower()] = self.resolve(value)

    def resolve(self, value: Value) -> str:
        """The text of a value, at most MAX_VALUE_CHARS of it."""
        text = ""
        for piece in value.pieces:
            text += self._look_up(piece.text) if piece.is_name else piece.text
            if len(text) > MAX_VALUE_CHARS:
                return text[:MAX_VALUE_CHARS]
        return text

    def _look_up(self, name: str) -> str:
        found = self._values.get(name.lower(), name)
        self._chars_left -= len(found)
        return found if self._chars_left > 0 else name


def read_value(text: str, start: int = 0, *, limit: int | None = None) -> Value:
    """Read one value of `text` from `start`; nothing at or after `limit` belongs to it."""
    limit = len(text) if limit is None else limit
    pieces: list[Piece] = []
    position, is_whole, wants_piece = start, True, True
    while position < limit:
        char = text[position]
        if char.isspace():
            position += 1
        elif char == "#":
            position, wants_piece = position + 1, True
        elif not wants_piece:
            break
        elif char in '{"':
            end = _closing(text, position, limit)
            is_whole = is_whole and end is not None
            pieces.append(Piece(text=_inside(text, position, end, limit), is_name=False))
            position, wants_piece = (limit if end is None else end + 1), False
        elif bare := _BARE.match(text, position, limit):
            pieces.append(Piece(text=bare.group(), is_name=True))
            position, wants_piece = bare.end(), False
        else:
            break
    return Value(pieces=tuple(pieces), end=position, is_whole=is_whole)


def _inside(text: str, start: int, end: int | None, limit: int) -> str:
    """What stands between the delimiters; of an unclosed value whatever is not the end of its entry."""
    if end is not None:
        return text[start + 1 : end]
    found = text[start + 1 : limit].rstrip(' \t\r\n,"')
    while found.endswith("}") and found.count("}") > found.count("{"):
        found = found[:-1].rstrip(' \t\r\n,"')
    return found


def _closing(text: str, start: int, limit: int) -> int | None:
    """Where the brace or quote that opens at `start` closes; neither a quote inside braces counts nor an escaped mark."""
    depth, is_quoted = 0, text[start] == '"'
    for mark in _MARK.finditer(text, start + is_quoted, limit):
        match mark.group():
            case "{":
                depth += 1
            case "}":
                depth -= 1
                if depth <= 0 and not is_quoted:
                    return mark.start()
            case '"' if is_quoted and depth <= 0:
                return mark.start()
    return None


def has_lost_fields(text: str) -> bool:
    """Whether text after the end of an entry reads like more fields of it: a brace too many closed it early."""
    return re.match(r'[\s,}]*[A-Za-z][\w-]*[ \t]*=[ \t]*[{"\d]', text) is not None


def rescue(text: str) -> RawEntry:
    """Save what can be read of the damaged entry that `text` begins with.

    A line that begins a field always ends the field before, for here some brace, quote or comma is missing or too many.
    """
    head = _HEAD.match(text)
    if head is None:
        return RawEntry(kind="", key="", fields=())
    key, position = _rescued_key(text, head.end())
    lines = [match.start() for match in _NAME_ON_NEW_LINE.finditer(text)]
    fields: list[tuple[str, Value]] = []
    while name := _NAME.search(text, position):
        value = read_value(text, name.end(), limit=_next(lines, name.end(), len(text)))
        fields.append((name.group(1).lower(), value))
        position = max(value.end, name.end())
    return RawEntry(kind=head.group(1).lower(), key=key, fields=tuple(fields))


def _rescued_key(text: str, start: int) -> tuple[str, int]:
    """The cite key, and where the fields begin; with no comma after it the last word before `=` is a field's name."""
    match = _KEY.match(text, start)
    found = match.group() if match else ""
    end = start + len(found)
    if text[end : end + 1] == "=":
        key, _, name = found.rstrip().rpartition(" ")
        return key.strip(), end - len(found) + found.rfind(name)
    return found.strip(), end


def _next(positions: Sequence[int], after: int, default: int) -> int:
    index = bisect_left(positions, after)
    return positions[index] if index < len(positions) else default
