"""The bytes of a page -> tags, texts and formulas in their order, in linear time whatever the bytes are. Pure.

No tree is built: HTML's rules for mending markup cost a tree builder 15 s for 100,000 nested <div> (lexbor, measured
2026-11-21), and a converter's output needs no mending. Names of tags are in lower case.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from html import unescape

from bot.errors import TextUnavailable

# The largest of 68 recorded pages has 68,000 tags outside of formulas, beginnings and ends, and 11,000 entities.
MOST_TAGS = 120_000
MOST_ENTITIES = 100_000
# A "<" before a letter that begins no tag: none in 68 recorded pages. Each can cost a look at the whole page.
MOST_STRAYS = 20

_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]+")
# Soft hyphens, spaces of no width, and marks that turn the direction of a line: invisible, but no longer what was written.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/<>"']*)((?:[^"'<>]++|"[^"]*"|'[^']*')*+)>""")
_CLASS = re.compile(r"""(?:^|\s)class\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ALTTEXT = re.compile(r"""(?:^|\s)alttext\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_MATH_EDGE = re.compile(r"<(/?)math\b", re.IGNORECASE)
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"})
_RAW_END = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "noscript", "iframe", "template", "xmp", "noframes", "noembed")
}


class Kind(Enum):
    OPEN = auto()
    CLOSE = auto()
    VOID = auto()
    TEXT = auto()
    MATH = auto()


_PIECE_CHARS = 200_000
# Looking up a member of an enumeration takes 240 ns in Python 3.11, which 20,000 tokens of a page would feel.
OPEN, CLOSE, VOID, TEXT, MATH = Kind
Token = tuple[Kind, str, str, str]
"""Kind, name of the tag, text, inside: the text is a tag's class, words, or the TeX of a formula whose MathML is the inside."""


def decoded(content: bytes) -> str:
    """The page as text without control characters; what is not UTF-8 becomes U+FFFD."""
    whole = content.decode("utf-8-sig", errors="replace")
    # One substitution over some megabytes lets no other thread run for 50 ms.
    return "".join(_CONTROLS.sub(" ", whole[start : start + _PIECE_CHARS]) for start in range(0, len(whole), _PIECE_CHARS))


def cleaned(text: str) -> str:
    """`text` with its entities resolved and without characters that nobody sees."""
    if "&" in text:
        text = _CONTROLS.sub(" ", unescape(text))
    return text if text.isascii() else _INVISIBLE.sub("", text)


def tokens(page: str) -> Iterator[Token]:
    """Go through a page that `decoded` made; scripts, styles, comments and the inside of formulas give no tokens.

    Raises TextUnavailable where there is more markup than any paper has, or markup that is none.
    """
    if page.count("&") > MOST_ENTITIES:
        raise TextUnavailable(f"the page has more than {MOST_ENTITIES} entities")
    place = tags = strays = 0
    while (start := page.find("<", place)) >= 0:
        found = _TAG.match(page, start)
        if start > place:
            yield TEXT, "", cleaned(page[place:start]), ""
        tags += 1
        if found is None:
            strays += page[start + 1 : start + 2].isalpha()
            place = _after_other(page, start)
            if place == start + 1:
                yield TEXT, "", "<", ""
        else:
            token, place = _tag(page, found)
            yield token
        if tags > MOST_TAGS or strays > MOST_STRAYS:
            raise TextUnavailable("the page has too much markup" if tags > MOST_TAGS else "the page has broken markup")
    yield TEXT, "", cleaned(page[place:]), ""


def _after_other(page: str, start: int) -> int:
    """Where a comment, a declaration or a lone "<" ends."""
    if page.startswith("<!--", start):
        end = page.find("-->", start + 4)
        return end + 3 if end >= 0 else len(page)
    if page.startswith(("<!", "<?"), start):
        end = page.find(">", start)
        return end + 1 if end >= 0 else len(page)
    return start + 1


def _tag(page: str, found: re.Match[str]) -> tuple[Token, int]:
    """The token of one tag, and where to go on: behind the whole element where its inside is no text."""
    closes, name, attributes = found[1], found[2].lower(), found[3]
    if closes:
        return (CLOSE, name, "", ""), found.end()
    if name == "math":
        start, end = found.end(), found.end() if attributes.endswith("/") else _end_of_math(page, found.end())
        inner_end = page.rfind("<", start, end) if end > start else end
        return (MATH, name, _value(_ALTTEXT, attributes), page[start:inner_end]), end
    if name in _RAW_END:
        ends = _RAW_END[name].search(page, found.end())
        return (VOID, name, "", ""), _after_tag(page, ends.start()) if ends else len(page)
    kind = VOID if name in _VOID or attributes.endswith("/") else OPEN
    return (kind, name, _value(_CLASS, attributes), ""), found.end()


def _end_of_math(page: str, start: int) -> int:
    """Behind the </math> that closes the formula; formulas can stand in the text of formulas."""
    depth = 1
    for edge in _MATH_EDGE.finditer(page, start):
        depth += -1 if edge[1] else 1
        if depth == 0:
            return _after_tag(page, edge.start())
    return len(page)


def _after_tag(page: str, start: int) -> int:
    end = page.find(">", start)
    return end + 1 if end >= 0 else len(page)


def _value(attribute: re.Pattern[str], attributes: str) -> str:
    found = attribute.search(attributes)
    return cleaned(found[1] or found[2] or "") if found else ""
