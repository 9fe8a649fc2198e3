"""Texts as Discord counts, escapes and cuts them: data that shows as it is, and our markup taken away again. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from bot.domain.visible import harmless

# The API counts code points (discord/discord-api-docs#1315), its clients UTF-16 units. Under the larger count both are right.
LIMIT = 2000
URL_LIMIT = 1000  # what leads further is shown as text, which can be cut
CUT = "…"

# Also the colon, of emoji (:x:), timestamps and bare addresses; and the full stop of invitations, which unfold without http.
_ANYWHERE = re.compile(r"[\\*_~|`<>\[\]#:@]|(?<=discord)\.|(?<=discordapp)\.", re.IGNORECASE)
_AT_START = re.compile(r"^([^\S\n]*\d*)([-+.)])", re.MULTILINE)  # lists, also one whose number stands in the span before
_WEB = re.compile(r"https?://[^/]", re.IGNORECASE)
_SAFE_IN_URL = "%/:?#@!$&+,;=~-._"
_OURS = re.compile(
    r"(?P<escape>\\.)|`(?P<code>[^`\n]+)`|\[(?P<label>(?:\\.|[^\\\[\]])*)\]\(<(?P<url>[^<>\s]*)>\)"
    r"|(?P<bare><https?://[^<>\s]+>)|^(?P<bullet>- )|^> ?|[*_]",
    re.MULTILINE | re.IGNORECASE,
)
_LEAST = re.compile(r"<https?://[^<>\s]+>|\\.|[\s\S]", re.IGNORECASE)  # what cannot be cut
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_GOOD_ENDS = (re.compile(r"\n"), re.compile(r"[.!?…]\s|[。！？]"), re.compile(r"\s"))


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def escaped(text: str) -> str:
    """Data that shows as it is, wherever it stands. What is escaped in a text is escaped in each longer one too."""
    return at_start(_ANYWHERE.sub(r"\\\g<0>", text))


def at_start(text: str) -> str:
    """A text whose lines begin no list."""
    return _AT_START.sub(r"\1\\\2", text)


def one_line(text: str) -> str:
    """Data without what steers a screen, in one line."""
    return " ".join(harmless(text).split())


def plain(content: str) -> str:
    """Our Markdown without markup and no longer than it: the same words and signs, each address after its text."""
    return _OURS.sub(_unmarked, content).strip()


def bare(content: str) -> str:
    """Our Markdown as it is read, for what Discord shows without reading it: names of threads."""
    return _ESCAPE.sub(r"\1", plain(content))


def web_url(url: str) -> str | None:
    """The address in signs that end no link; None for what Discord would not take as one."""
    safe = quote(url, safe=_SAFE_IN_URL, errors="ignore")
    return safe if _WEB.match(safe) and length(safe) <= URL_LIMIT else None


def cut(text: str, most: int) -> str:
    """A short text in one line, with `…` where it does not fit."""
    text = one_line(text)
    if length(text) <= most:
        return text
    kept = text[: most - len(CUT)]
    while length(kept) > most - len(CUT):
        kept = kept[:-1]
    return kept.rstrip() + CUT


def within(content: str, limit: int = LIMIT) -> Iterator[str]:
    """`content`, or where one letter is too long for a message (it has a thousand accents) its text cut in the letter."""
    if length(content) > limit:
        yield from pieces(plain(content), limit)
    elif content:
        yield content


def pieces(text: str, limit: int = LIMIT) -> Iterator[str]:
    """A text without markup in pieces that fit: cut after a line, a sentence or a word, if half of the room is used then."""
    piece, room = "", limit - 1  # the start of a line may need one more sign
    for least in _LEAST.findall(text):
        if length(piece + least) > room:
            end = _good_end(piece, room)
            yield from _stripped(piece[:end])
            piece = piece[end:]
        piece += least
    yield from _stripped(piece)


def _good_end(piece: str, room: int) -> int:
    for pattern in _GOOD_ENDS:
        ends = [match.end() for match in pattern.finditer(piece)]
        if ends and length(piece[: ends[-1]]) * 2 >= room:
            return ends[-1]
    return len(piece)


def _stripped(piece: str) -> Iterator[str]:
    if text := at_start(piece.strip()):
        yield text


def _unmarked(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return escaped(found["code"])
    if found["label"] is not None:
        return f"{plain(found['label'])} <{found['url']}>"
    return found["escape"] or found["bare"] or ("\\- " if found["bullet"] else "")
