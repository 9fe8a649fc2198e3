"""What a file is, by what is in it: whoever sends one may call it anything."""

import codecs
import re
from enum import StrEnum

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ENTRY = re.compile(rb"@[ \t]*[A-Za-z]{1,40}\s{0,20}[{(]")
_LOOKED_AT = 1_000  # bytes; more than a NUL in twenty of them is no text
_FEW = 20
_LONGEST_NAME = 80


class Kind(StrEnum):
    """What somebody may bring."""

    SETTINGS = "settings"
    BIBTEX = "bibtex"
    NEITHER = "neither"


def kind_of(content: bytes) -> Kind:
    """Settings are a JSON object, BibTeX has an entry somewhere; whatever is no text is neither."""
    if content.startswith(_MARKS):
        content = content[2:].replace(b"\0", b"")  # good enough to look at
    head = content[:_LOOKED_AT]
    if head.count(b"\0") * _FEW > len(head):
        return Kind.NEITHER
    has_entry = _ENTRY.search(content) is not None
    is_object = head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    if is_object and (b'"paperboy"' in content or not has_entry):
        return Kind.SETTINGS
    return Kind.BIBTEX if has_entry else Kind.NEITHER


def file_name(told: str) -> str:
    """The name of a file without its folders and without what could not be shown; never empty."""
    last = re.split(r"[/\\]", told)[-1]
    plain = "".join(char for char in last if char.isprintable())
    return " ".join(plain.split())[:_LONGEST_NAME] or "file"
