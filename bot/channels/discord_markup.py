"""Blocks as Discord's Markdown, in which no foreign text is markup; and how long that can get. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from bot.channels.discord_components import untaken
from bot.channels.discord_text import escaped, length, web_url
from bot.domain.messages import Block, Bullets, Buttons, Heading, Item, Mark, Paragraph, Quote, Span
from bot.domain.visible import harmless

_SIGNS = {Mark.PLAIN: "", Mark.BOLD: "**", Mark.ITALIC: "*", Mark.CODE: "`"}
_NO_LINK_TEXT = re.compile(r"://|[\[\]]|discord\.gg", re.IGNORECASE)  # Discord shows such a link as it is written


def prepared(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks with texts of one line where markup ends with the line, and links that Discord takes."""
    for block in blocks:
        match block:
            case Heading(spans=spans):
                bold = (replace(span, mark=span.mark if span.mark is Mark.CODE else Mark.BOLD) for span in spans)
                yield Heading(spans=_spans(bold, is_one_line=True))
            case Paragraph(spans=spans) | Quote(spans=spans):
                yield replace(block, spans=_spans(spans))
            case Bullets(items=items):
                yield replace(block, items=tuple(_spans(item, is_one_line=True) for item in items))
            case Item(blocks=inner):
                yield replace(block, blocks=tuple(prepared(inner)))
            case Buttons() if links := untaken(block):
                yield from (Paragraph(spans=_spans(links)), block)
            case Buttons():
                yield block


def _spans(spans: Iterable[Span], *, is_one_line: bool = False) -> tuple[Span, ...]:
    """Spans with something in them; a link that Discord would not take is its text and its address as text."""
    made: list[Span] = []
    for span in spans:
        text = harmless(span.text)
        text = " ".join(text.split("\n")) if is_one_line or span.url else text
        url = web_url(span.url) if span.url else None
        if span.url and url is None:
            made += [replace(span, text=text, url=None), Span(f" {' '.join(harmless(span.url).split())}")]
        elif text.strip():
            made.append(replace(span, text=text, url=url))
        else:
            made.append(Span(url or "", url=url) if url else Span(text))
    return tuple(span for span in made if span.text)


def bound(block: Block) -> int:
    """How long it can get at most: with all marks and escapes, and also as plain text."""
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return sum(map(_span_bound, spans))
        case Quote(spans=spans):
            return sum(_span_bound(span) + 2 * span.text.count("\n") for span in spans) + 2
        case Bullets(items=items):
            signs = (len(_sign(block, number)) + 2 for number in count(block.first_number))  # \- where it is plain
            return sum(sign + sum(map(_span_bound, item)) for sign, item in zip(signs, items, strict=False))
        case Item(blocks=blocks):
            return sum(bound(inner) + 1 for inner in blocks)
    return 0


def _span_bound(span: Span) -> int:
    marks = 0 if span.mark is Mark.PLAIN else 4 * (1 + span.text.count("\n"))
    link = length(span.url) + len("[](<>)") if span.url else 0
    return length(escaped(span.text)) + marks + link


def markdown(block: Block) -> str:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return _line(spans).strip("\n")
        case Quote(spans=spans):
            text = _line(spans).strip()
            return "\n".join(f"> {line}" for line in text.split("\n")) if text else ""
        case Bullets(items=items):
            lines = ((_sign(block, number), _line(item).strip()) for number, item in enumerate(items, block.first_number))
            return "\n".join(sign + line for sign, line in lines if line)
        case Item(blocks=blocks):
            return joined((markdown(inner) for inner in blocks), "\n")
    return ""


def _sign(bullets: Bullets, number: int) -> str:
    """A number as text: a list of Discord's counts by itself, and anew where ours was cut."""
    return f"{number}\\. " if bullets.is_numbered else "- "


def joined(texts: Iterable[str], gap: str) -> str:
    return gap.join(text for text in texts if text.strip()).strip()


def _line(spans: Sequence[Span]) -> str:
    """Spans one after the other, made from the last on, because the sign of italics depends on what follows."""
    together = _merged(spans)
    text = ""
    for place in reversed(range(len(together))):
        before = together[place - 1] if place else None
        touches = before is not None and not before.url and not before.text[-1].isspace()
        behind = before.mark if before is not None and touches else Mark.PLAIN
        text = _span(together[place], follows=text[:1], behind=behind) + text
    return text


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Neighbours of one kind as one, and white space as plain text: **a****b** would not be bold."""
    made: list[Span] = []
    for span in spans:
        each = span if span.text.strip() or span.url else Span(span.text)
        if made and each.url is None and made[-1].url is None and made[-1].mark is each.mark:
            made[-1] = replace(each, text=made[-1].text + each.text)
        elif each.text:
            made.append(each)
    return tuple(made)


def _span(span: Span, *, follows: str, behind: Mark) -> str:
    """One span before a sign `follows` and right behind one marked `behind`."""
    if span.url is None:
        return _marked(span, follows=follows, is_behind_bold=behind is Mark.BOLD)
    text = span.text.strip()
    if text in ("", span.url):
        shown = f"<{span.url}>"
    else:
        is_link = _NO_LINK_TEXT.search(text) is None
        mark = span.mark if is_link or behind is Mark.PLAIN else Mark.PLAIN
        label = _marked(Span(text, mark))
        shown = f"[{label}](<{span.url}>)" if is_link else f"{label} <{span.url}>"
    lead = span.text[: len(span.text) - len(span.text.lstrip())]
    return lead + shown + span.text[len(span.text.rstrip()) :]


def _marked(span: Span, *, follows: str = "", is_behind_bold: bool = False) -> str:
    """Each line in its marks, white space outside of them; without marks where Discord could not tell where they end."""
    lines = span.text.split("\n")
    if span.mark is Mark.CODE and "`" in span.text:
        return escaped(span.text)
    made = []
    for place, line in enumerate(lines):
        is_first, is_last = place == 0, place == len(lines) - 1
        core = line.strip()
        lead, trail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        sign = _SIGNS[span.mark]
        if span.mark is Mark.ITALIC:
            sign = _italic(follows if is_last and not trail else "", is_behind_bold=is_behind_bold and is_first and not lead)
        inner = core if span.mark is Mark.CODE else escaped(core)
        made.append(f"{lead}{sign}{inner}{sign}{trail}" if core else line)
    return "\n".join(made)


def _italic(follows: str, *, is_behind_bold: bool) -> str:
    if follows != "*" and not is_behind_bold:
        return "*"
    is_in_word = follows.isascii() and (follows.isalnum() or follows == "_")
    return "" if is_in_word else "_"
