"""Whatever comes from outside, as people see it: texts without TeX and without what steers a terminal, public addresses."""

import re
import unicodedata

from bot.domain.latex import to_unicode
from bot.domain.links import public_links
from bot.domain.messages import Mark, Span
from bot.domain.papers import LinkKind, Paper, Scheme

_UNSAID = ("Cc", "Cs")  # control characters and half characters
_NONCHARACTERS = "\ufffe\uffff"  # XML forbids them
# Invisible: they could turn the words around them, or hide what a word is. Joiners between letters that are not ASCII stay, for
# Persian, Indic scripts and emoji, and so do Arabic's signs for numbers and verses, which can be seen.
_JOINER = re.compile("(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")
_SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")


def shown(text: str) -> str:
    """Data as people see it: TeX as Unicode, white space collapsed, nothing that steers a terminal or breaks XML."""
    return " ".join(harmless(to_unicode(text)).split())


def harmless(text: str) -> str:
    """Drop what steers a terminal, turns the words around it or breaks XML; of white space, spaces and line ends stay."""
    return "\n".join(line if line.isprintable() else _harmless_line(line) for line in text.split("\n"))


def _harmless_line(line: str) -> str:
    joiners = {match.start() for match in _JOINER.finditer(line)}
    return "".join(" " if char.isspace() else char for place, char in enumerate(line) if place in joiners or _is_said(char))


def _is_said(char: str) -> bool:
    category = unicodedata.category(char)
    if char.isspace() or char in _SEEN:
        return True
    return category not in _UNSAID and category != "Cf" and char not in _NONCHARACTERS


def title_of(paper: Paper) -> str:
    """The title as people see it, or the id where it has none."""
    return shown(paper.title) or shown(paper.key.value)


def linked_title(paper: Paper) -> Span:
    """The title, leading to the paper's public page where it has one."""
    return Span(title_of(paper), Mark.BOLD, paper_url(paper))


def paper_url(paper: Paper) -> str | None:
    """The public page of a paper, without a version; None for an entry that is nowhere but in a file."""
    if paper.key.scheme is Scheme.ARXIV:
        return f"https://arxiv.org/abs/{paper.key.value}"
    pages = tuple(link.url for link in paper.links if link.kind is LinkKind.PAGE and is_web(link.url))
    return next((link.url for link in public_links(paper.key)), pages[0] if pages else None)


def is_web(url: str) -> bool:
    """Whether an address may be shown as a link: http(s), with no white space or anything that ends markup."""
    return re.fullmatch(r"https?://[^\s<>\"'`\\{}|^\x00-\x20\x7f]+", url) is not None
