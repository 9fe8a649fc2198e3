"""Text as Telegram takes it: what it can show, how it counts, and how its HTML mode writes it. Pure.

Put right here is only what Telegram itself refuses or changes (clean_input_string of TDLib): half of a surrogate pair becomes
U+FFFD, other control characters a space, a line separator a line end, and a letter with a ring above one character, since it
takes lone rings (U+030A) away, with double underlines (U+0333), overlines (U+033F) and directional overrides (U+202A to
U+202E). It trims the ends of a message.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.chunking import chunks
from bot.domain.messages import Block, Paragraph, Span

MOST_UNITS = 4096
# Of a link's address; longer ones would only be dropped there.
MOST_URL = 2048
# What a letter may carry before it is broken up, as one never would be that is meant to be read: it must fit into a part.
MOST_MARKS, MARKS_A_SPAN = 500, 250

_BREAKS = re.compile(r"\r\n?|[\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
# Of other categories, and yet blank, or taken away by Telegram.
_BLANK = re.compile(r"[\u030a\u0333\u033f\u034f\u115f\u1160\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef]")
_RING = "\u030a"
_JOINER = "\u200d"


def units(text: str) -> int:
    """How long a text is for Telegram: in UTF-16, where an emoji is two."""
    return len(text) + sum(char > "\uffff" for char in text)


def clean(text: str) -> str:
    """The same text without what cannot be sent."""
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if _RING in text:
        text = unicodedata.normalize("NFC", text)
    return _CONTROL.sub(" ", _BREAKS.sub("\n", text))


def clean_spans(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """The same spans in text that can be sent, in which no letter carries so many marks that it could not be cut off."""
    return tuple(_loosened(replace(span, text=clean(span.text), url=clean(span.url) if span.url else None) for span in spans))


def _loosened(spans: Iterator[Span]) -> Iterator[Span]:
    run = 0
    for span in spans:
        made, run = [], run + MARKS_A_SPAN
        for before, char in zip((" ", *span.text), span.text, strict=False):
            is_glued = _JOINER in (before, char) or "🏻" <= char <= "🏿" or unicodedata.category(char)[0] == "M"
            run = run + 1 if is_glued else 0
            if run > MOST_MARKS:
                made.append(" ")
                run = 0
            made.append(char)
        yield replace(span, text="".join(made))


def shortened(text: str, most: int) -> str:
    """Text that can be sent, of at most `most` units; what is cut is cut at the end of a word where it can be, and says so."""

    def size(block: Block) -> int:
        return sum(units(span.text) for span in block.spans) if isinstance(block, Paragraph) else 0

    spans = clean_spans((Span(text.strip()),))
    whole = "".join(span.text for span in spans)
    if units(whole) <= most:
        return whole
    (first, *_), *_ = chunks((Paragraph(spans=spans),), size, most - 1)
    return "".join(span.text for span in first.spans).rstrip() + "…" if isinstance(first, Paragraph) else "…"


def has_visible(html: str) -> bool:
    """Whether there is a letter to be seen: alone, a part without one would be refused as empty."""
    return any(unicodedata.category(char) not in _INVISIBLE for char in _BLANK.sub("", _TAG.sub("", html)))


def is_link(url: str | None) -> bool:
    """Whether a link may be made of it."""
    return url is not None and url.startswith(("http://", "https://")) and len(url) <= MOST_URL


def escaped(text: str) -> str:
    """HTML mode's one layer of escaping, for text; attributes need `in_quotes`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def in_quotes(text: str) -> str:
    """An attribute's value."""
    return '"' + escaped(text).replace('"', "&quot;") + '"'


def plain(html: str) -> str:
    """The text of a part without markup, with the addresses of its links where there is room for them."""
    addressed = _LINK.sub(lambda found: f"{found[2]} ({found[1]})", html)
    texts = [_unescaped(_TAG.sub("", each)) for each in (addressed, html)]
    return next((text for text in texts if units(text) <= MOST_UNITS), texts[-1])


def _unescaped(html: str) -> str:
    return html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
