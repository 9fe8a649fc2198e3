"""Cards as Discord's embeds: one a message, within all limits, nothing lost. What is too long goes on in a next one. Pure.

title, author -> description -> fields -> footer, each where there is room
"""

from collections.abc import Iterator
from typing import Any

from bot.channels.discord_markup import bound, joined, markdown, prepared
from bot.channels.discord_text import CUT, escaped, length, one_line, pieces, plain, web_url, within
from bot.domain.chunking import chunks
from bot.domain.messages import Block, Card, Mark, Paragraph, Span, paragraph

# docs.discord.com/developers/resources/message#embed-object-embed-limits
TITLE, AUTHOR, DESCRIPTION, FIELDS, NAME, VALUE, FOOTER, ALL = 256, 256, 4096, 25, 256, 1024, 2048, 6000
BLANK = "\u200b"  # the name of a field that goes on: Discord takes none without a name
COLOURS = {"arxiv": 0xB31B1B, "huggingface": 0xFFD21E, "bibtex": 0x008080, "sample": 0x5865F2}
GREY = 0x99AAB5
_BETWEEN = "\n"

Embed = dict[str, Any]


def embeds(card: Card) -> tuple[Embed, ...]:
    """A card in as few embeds as can be, each for a message of its own."""
    title, byline, footer = (one_line(each) for each in (card.title, card.byline, card.footer))
    is_titled, is_by, is_footed = length(escaped(title)) <= TITLE, length(byline) <= AUTHOR, length(footer) <= FOOTER
    first: Embed = {}
    blocks: list[Block] = []
    if is_titled and title:
        url = web_url(card.url) if card.url else None
        first |= {"title": escaped(title)} | ({"url": url} if url else {})
        blocks += [paragraph(card.url)] if card.url and not url else []
    elif title or card.url:
        blocks.append(Paragraph(spans=(Span(title, Mark.BOLD, card.url),)))
    if is_by and byline:
        first |= {"author": {"name": byline}}
    blocks += [] if is_by else [paragraph(byline)]
    blocks += card.blocks
    blocks += [] if is_footed else [paragraph(footer)]
    made = [first]
    for text in _texts(blocks, DESCRIPTION):
        _add(made, {"description": text})
    for name, value in (each for field in card.fields for each in _field(*field)):
        _add(made, {"fields": [{"name": name, "value": value, "inline": False}]})
    if is_footed and footer:
        _add(made, {"footer": {"text": footer}})
    colour = COLOURS.get(card.source.partition(":")[0], GREY)
    return tuple((each or {"description": CUT}) | {"color": colour} for each in made)


def characters(embed: Embed) -> int:
    """What counts for the 6,000 that a message may have."""
    texts = [embed.get("title", ""), embed.get("description", "")]
    texts += [embed.get("author", {}).get("name", ""), embed.get("footer", {}).get("text", "")]
    texts += [text for field in embed.get("fields", ()) for text in (field["name"], field["value"])]
    return sum(map(length, texts))


def plain_embed(embed: Embed) -> Embed:
    """The same embed without markup, in the same limits: an address stands behind its text, if there is room."""
    made: Embed = {name: embed[name] for name in ("title", "author", "footer", "color") if name in embed}
    address, text = f"<{embed['url']}>" if "url" in embed else "", plain(embed.get("description", ""))
    fields = [field | {"value": plain(field["value"]) or BLANK} for field in embed.get("fields", ())]
    made |= ({"description": text} if text else {}) | ({"fields": fields} if fields else {})
    longer = made | {"description": "\n".join(each for each in (address, text) if each)}
    return longer if address and characters(longer) <= ALL and length(longer["description"]) <= DESCRIPTION else made


def as_texts(embed: Embed) -> tuple[str, ...]:
    """The same words in messages without markup, for where the bot may embed nothing."""
    lines = [escaped(embed.get("author", {}).get("name", "")), embed.get("title", "")]
    lines += [f"<{embed['url']}>" if "url" in embed else "", plain(embed.get("description", ""))]
    for field in embed.get("fields", ()):
        lines += ["" if field["name"] == BLANK else field["name"], plain(field["value"])]
    lines.append(escaped(embed.get("footer", {}).get("text", "")))
    return tuple(pieces("\n".join(line for line in lines if line)))


def _add(made: list[Embed], more: Embed) -> None:
    """Put it into the last embed, or where that has no room into a next one."""
    last = made[-1]
    whole = last | more
    if "fields" in more:
        whole["fields"] = [*last.get("fields", ()), *more["fields"]]
    is_room = "description" not in more or "description" not in last
    is_room = is_room and len(whole.get("fields", ())) <= FIELDS
    if is_room and max(characters(whole), characters(plain_embed(whole))) <= ALL:  # a list is longer without markup
        made[-1] = whole
    else:
        made.append(more)


def _field(name: str, spans: tuple[Span, ...]) -> Iterator[tuple[str, str]]:
    """A field, which goes on in fields without a name; a name that is too long begins its text."""
    label = one_line(name)
    named = escaped(label)
    if length(named) > NAME:
        named, spans = BLANK, (Span(label, Mark.BOLD), Span("\n"), *spans)
    values = list(_texts([Paragraph(spans=spans)], VALUE))
    if values or label:
        yield named or BLANK, values[0] if values else BLANK
    yield from ((BLANK, value) for value in values[1:])


def _texts(blocks: list[Block], limit: int) -> Iterator[str]:
    """Blocks in Markdown texts of at most `limit`."""
    gap = len(_BETWEEN)
    for chunk in chunks(tuple(prepared(blocks)), lambda block: bound(block) + gap, limit + gap):
        yield from within(joined((markdown(block) for block in chunk), _BETWEEN), limit)
