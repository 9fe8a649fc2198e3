"""Styles of summaries: a file of this folder is one, with front matter (what it is) and instructions (what a model is told)."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.errors import BadFile

_KEYS = frozenset({"name", "about", "fields"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`fields` are the sections in their order; the heading of each is the sentence `field.<name>` of the reader's language."""

    name: str
    about: str
    fields: tuple[str, ...]
    instructions: str


@cache
def styles() -> tuple[Style, ...]:
    """All styles, by name."""
    return tuple(style(path.stem, path.read_text(encoding="utf-8")) for path in sorted(Path(__file__).parent.glob("*.md")))


def style(name: str, text: str) -> Style:
    """Read one style: `key: value` lines between two lines of `---`, then the instructions. Raises BadFile."""
    opening, _, rest = text.partition("---\n")
    front, closing, instructions = rest.partition("\n---\n")
    if opening.strip() or not closing:
        raise BadFile(f"{name}.md", "front matter has to stand between two lines of ---")
    values = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in front.splitlines())}
    if values.keys() != _KEYS:
        raise BadFile(f"{name}.md", f"front matter has to hold exactly {', '.join(sorted(_KEYS))}")
    if values["name"] != name:
        raise BadFile(f"{name}.md", f"calls itself {values['name']!r}")
    fields = tuple(field.strip() for field in values["fields"].split(",") if field.strip())
    return Style(name=name, about=values["about"], fields=fields, instructions=instructions.strip())
