"""Styles of summaries: each Markdown file of this folder is one, found by itself (docs/styles.md)."""

from functools import cache
from pathlib import Path

from bot.domain.styles import Style
from bot.errors import BadFile, BadInput
from bot.summarizers.styles.front_matter import style_of


@cache
def styles(folder: Path = Path(__file__).parent) -> tuple[Style, ...]:
    """All styles of a folder, by name; each is read once. Raises BadFile, naming the file and what is wrong with it."""
    return tuple(style_of(path.stem, _text(path)) for path in sorted(folder.glob("*.md")))


def style(name: str) -> Style:
    """The style of this name. Raises BadInput, naming those that exist, if there is none."""
    for each in styles():
        if each.name == name:
            return each
    message = f"there is no style {name!r}; there are: {', '.join(each.name for each in styles())}"
    raise BadInput(message)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(path.name, "cannot be read as UTF-8 text") from error
