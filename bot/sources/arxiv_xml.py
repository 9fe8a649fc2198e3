"""XML from arXiv into a tree: strict, but for characters that XML forbids, which are removed and told of."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from bot.errors import BrokenPage
from bot.sources.arxiv_access import SOURCE

# Seen in the wild: a vertical tab in a title. Escaped ones (&#11;) are as forbidden as raw ones (XML 1.0, 2.2).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A well-formed document; `was_repaired` says that forbidden characters were removed from it."""

    root: ET.Element
    was_repaired: bool


def parse_xml(content: bytes, root_tag: str) -> Document:
    """The tree of a document whose root is `root_tag`. Raises BrokenPage for anything else.

    Entity bombs and external entities are refused by expat itself (2.4.1 and later).
    """
    was_repaired = False
    try:
        root = ET.fromstring(content)  # noqa: S314
    except ET.ParseError:
        was_repaired = True
        try:
            root = ET.fromstring(_repaired(content))  # noqa: S314
        except ET.ParseError as error:
            raise BrokenPage(SOURCE, f"XML that is not well-formed: {error}") from error
    if root.tag != root_tag:
        raise BrokenPage(SOURCE, f"a document <{root.tag[:60]}> instead of <{root_tag}>")
    return Document(root=root, was_repaired=was_repaired)


def clean(text: str | None) -> str:
    """Text in one line: white space collapsed, control characters and lone surrogates dropped."""
    return " ".join(_FORBIDDEN.sub("", text or "").split())


def _repaired(content: bytes) -> bytes:
    text = _FORBIDDEN.sub("", content.decode("utf-8", errors="replace"))
    return _ESCAPED.sub(_kept, text).encode()


def _kept(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    is_forbidden = code > 0x10FFFF or code == 0 or bool(_FORBIDDEN.match(chr(code)))
    return "" if is_forbidden else reference[0]
