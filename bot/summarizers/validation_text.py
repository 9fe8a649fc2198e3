"""A model's words as they may be shown: one line of plain text, without markup, TeX, control characters or foreign links."""

import re

from bot.domain.foreign_links import without_foreign_links
from bot.domain.visible import shown

_LINK = re.compile(r"!?\[([^\[\]\n]{1,300})\]\(\s*<?([^()\s<>]{1,500})>?[^()\n]{0,100}\)")
_TAGS = (
    "b|i|u|s|em|strong|small|mark|code|pre|kbd|span|div|p|br|hr|a|ul|ol|li|h[1-6]|font|center|table|tr|td|th|img|details|"
    "summary|script|style|iframe"
)
_HTML = re.compile(rf"</?(?:{_TAGS})(?:\s+[a-z-]+\s*=[^<>]{{0,500}})?\s?/?>|<!--[^<>]{{0,300}}-->", re.IGNORECASE)
_RAISED = re.compile(r"<(su[pb])>([^<>]{1,40})</\1>", re.IGNORECASE)
# A product of names or numbers has such marks too: 2*3*4, __init__.
_STRONG = re.compile(r"(?<![0-9*])(\*{2,3})(?=[^\s*])([^*\n]{0,500}?[^\s*])\1(?![0-9*])")
_SLANTED = re.compile(r"(?<![0-9A-Za-z)*])(\*)(?=[^\s*])([^*\n]{0,500}?[^\s*])\1(?![0-9A-Za-z(*])")
_UNDERLINED = re.compile(r"(?<!\w)(__)(?=[^\s_])([^_\n]{1,500}\s[^_\n]{0,500}?[^\s_])\1(?!\w)")
_CODE = re.compile(r"(`{1,3})([^`\n]{1,500})\1")
# Before a number, > and + say something about it.
_SIGN = re.compile(r"\s*(?:(?:#{1,6}|[-*•▪◦·–—‣●○])\s+|[>+]\s+(?![0-9]))")
_NUMBER = re.compile(r"\s*(?:[0-9]{1,2}(?:[.)．]\s+|、\s*)|[(（][0-9]{1,2}[)）]\s*)(?=\S)")
_LONE_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)


def plain(text: str, hosts: frozenset[str] = frozenset()) -> str:
    """One line as a reader may see it; links lead to `hosts` only, and whatever else looks like one is defused."""
    bare = _RAISED.sub(_raised, _LONE_FENCE.sub("", text))
    joined = " ".join(_SIGN.sub("", line, count=1) if _SIGN.match(line) else line for line in _HTML.sub(" ", bare).splitlines())
    joined = _CODE.sub(r"\2", _LINK.sub(_link, joined))
    for markup in (_STRONG, _SLANTED, _UNDERLINED):
        joined = markup.sub(r"\2", joined)
    return without_foreign_links(shown(joined), hosts)


def plain_point(text: str, hosts: frozenset[str] = frozenset()) -> str:
    """The same of an entry of a list, without its number: whoever shows the list counts."""
    said = plain(text, hosts)
    number = _NUMBER.match(said)
    return said[number.end() :] if number else said


def _link(found: re.Match[str]) -> str:
    return found[1] if found[1] == found[2] else f"{found[1]} ({found[2]})"


def _raised(found: re.Match[str]) -> str:
    return f"{'^' if found[1].lower() == 'sup' else '_'}{found[2]}"
