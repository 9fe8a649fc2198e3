"""Telegram's HTML mode and what it makes of a text, as strict as the platform, with its sentences.

The rules are those that the tests of TDLib state (test/message_entities.cpp of tdlib/td). Two are stricter here: what the
platform drops without a word (a quote in a quote, anything inside code) is refused, so that a test sees it.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST_UNITS, MOST_ENTITIES, MOST_BYTES = 4096, 100, 35_000
KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    **{name: name for name in ("code", "pre", "blockquote")},
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#(\d+)|([a-z]+));?")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>]*")
_TOKEN = re.compile(r"[0-9A-Za-z.\-]*")
_SPACES = re.compile(r"\s*")
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile(r"[\r\u2028-\u202e\u030a\u0333\u033f]")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffc\u034f" + "".join(map(chr, range(0xFE00, 0xFE10))))


class BadText(Exception):
    """The text is refused; `str()` is the platform's description."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """`offset` and `length` in UTF-16 units, as the platform counts."""

    kind: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What people see."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    name: str
    at: int
    attributes: dict[str, str]


def units(text: str) -> int:
    """How long a text is for Telegram."""
    return len(text) + sum(char > "\uffff" for char in text)


def understood(text: str, parse_mode: str, *, most: int = MOST_UNITS) -> Parsed:
    """What Telegram shows of `text`. Raises BadText as it refuses: bad markup, nothing in it, too much in it."""
    if parse_mode not in ("", "HTML"):
        raise BadText(f"unsupported parse_mode {parse_mode}")
    if not text:
        raise BadText("message text is empty")
    cleaned = _CONTROL.sub(" ", _REMOVED.sub("", text)).encode("utf-8", "replace")[:MOST_BYTES].decode("utf-8", "ignore")
    try:
        parsed = _Parser(cleaned).parse() if parse_mode else Parsed(text=cleaned)
    except BadText as refused:
        raise BadText(f"can't parse entities: {refused}") from None
    parsed = _trimmed(parsed)
    if not any(map(is_visible, parsed.text)):
        raise BadText("text must be non-empty" if parsed.text else "message text is empty")
    if units(parsed.text) > most:
        raise BadText("message is too long")
    return Parsed(text=parsed.text, entities=parsed.entities[:MOST_ENTITIES])


def is_visible(char: str) -> bool:
    """Whether a letter alone makes a message that is not empty."""
    return unicodedata.category(char) not in ("Cc", "Cf", "Zs", "Zl", "Zp") and char not in _FILLERS


def _trimmed(parsed: Parsed) -> Parsed:
    text = parsed.text.rstrip()
    start, whole = units(text) - units(text.lstrip()), units(text)
    kept = []
    for entity in parsed.entities:
        first, last = max(entity.offset, start), min(entity.offset + entity.length, whole)
        if first < last:
            kept.append(Entity(kind=entity.kind, offset=first - start, length=last - first, url=entity.url))
    return Parsed(text=text.lstrip(), entities=tuple(sorted(kept, key=lambda each: (each.offset, -each.length))))


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._made: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> Parsed:
        while self._at < len(self._source):
            if self._source.startswith("</", self._at):
                self._end_tag()
            elif self._source[self._at] == "<":
                self._start_tag()
            else:
                self._letters()
        if self._open:
            raise BadText(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        text = "".join(self._made)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise BadText(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
            )
        return Parsed(text=text, entities=tuple(self._entities))

    def _bytes(self, at: int) -> int:
        return len(self._source[:at].encode("utf-8", "surrogatepass"))

    def _letters(self) -> None:
        end = self._source.find("<", self._at)
        end = len(self._source) if end < 0 else end
        text = _decoded(self._source[self._at : end])
        self._made.append(text)
        self._length += units(text)
        self._at = end

    def _start_tag(self) -> None:
        begin = self._at
        name, self._at = _match(_NAME, self._source, begin + 1)
        if self._at >= len(self._source):
            raise BadText(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        name = name.lower()
        if name not in KINDS:
            raise BadText(f'Unsupported start tag "{name}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(name, begin)
        self._check_nesting(name, begin, attributes)
        self._open.append(_Open(name=name, at=self._length, attributes=attributes))

    def _check_nesting(self, name: str, begin: int, attributes: dict[str, str]) -> None:
        where = f"at byte offset {self._bytes(begin)}"
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise BadText(f'Tag "span" must have class "tg-spoiler" {where}')
        around = {each.name for each in self._open}
        if name == "blockquote" and "blockquote" in around:
            raise BadText(f"Nested blockquote {where}")
        if "code" in around or ("pre" in around and name != "code"):
            raise BadText(f'Tag "{name}" inside of code {where}')

    def _attributes(self, name: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        source, where = self._source, f'the tag "{name}" at byte offset {self._bytes(begin)}'
        while True:
            _, self._at = _match(_SPACES, source, self._at)
            if source.startswith(">", self._at):
                self._at += 1
                return found
            attribute, self._at = _match(_ATTRIBUTE_NAME, source, self._at)
            if not attribute:
                raise BadText(f"Empty attribute name in {where}")
            _, self._at = _match(_SPACES, source, self._at)
            if not source.startswith("=", self._at):
                if name == "blockquote" and attribute == "expandable":
                    found[attribute] = ""
                    continue
                raise BadText(f"Expected equal sign in declaration of an attribute of {where}")
            _, self._at = _match(_SPACES, source, self._at + 1)
            if self._at >= len(source):
                raise BadText(f'Unclosed start tag "{name}" at byte offset {self._bytes(begin)}')
            found[attribute.lower()] = self._value(begin)

    def _value(self, begin: int) -> str:
        source, first = self._source, self._at
        if source[first] not in "\"'":
            value, self._at = _match(_TOKEN, source, first)
            if self._at >= len(source) or not (source[self._at].isspace() or source[self._at] == ">"):
                raise BadText(f"Unexpected end of name token at byte offset {self._bytes(first)}")
            return value
        end = source.find(source[first], first + 1)
        if end < 0:
            raise BadText(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        self._at = end + 1
        return _decoded(source[first + 1 : end])

    def _end_tag(self) -> None:
        begin, source = self._at, self._source
        if not self._open:
            raise BadText(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        name, self._at = _match(_NAME, source, begin + 2)
        _, self._at = _match(_SPACES, source, self._at)
        if not source.startswith(">", self._at):
            raise BadText(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self._at += 1
        opened = self._open.pop()
        if name and name.lower() != opened.name:
            wrong = f'expected "</{opened.name}>", found "</{name.lower()}>"'
            raise BadText(f"Unmatched end tag at byte offset {self._bytes(begin)}, {wrong}")
        self._add(opened)

    def _add(self, opened: _Open) -> None:
        length, kind, url = self._length - opened.at, KINDS[opened.name], ""
        if length <= 0:
            return
        if kind == "text_link":
            url = opened.attributes.get("href", "")
            if not is_url(url):
                return
        if kind == "blockquote" and "expandable" in opened.attributes:
            kind = "expandable_blockquote"
        self._entities.append(Entity(kind=kind, offset=opened.at, length=length, url=url))


def is_url(url: str) -> bool:
    """Addresses that Telegram makes a link of; of others it keeps the text alone."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        return parts.scheme in ("http", "https", "tg") and "." in (parts.hostname or "") and not re.search(r"\s", url)
    except ValueError:
        return False


def _match(pattern: re.Pattern[str], source: str, at: int) -> tuple[str, int]:
    found = pattern.match(source, at)
    assert found
    return found.group(), found.end()


def _decoded(text: str) -> str:
    def one(found: re.Match[str]) -> str:
        hexadecimal, decimal, name = found.groups()
        if name:
            known = next((key for key in NAMED if name.startswith(key)), None)
            if known is None:
                return found.group()
            return NAMED[known] + ("" if name == known else found.group()[1 + len(known) :])
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return chr(code) if 0 < code <= 0x10FFFF else found.group()

    return _REFERENCE.sub(one, text) if "&" in text else text
