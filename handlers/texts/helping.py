"""/help: every command with how to type it, in groups."""

from collections.abc import Mapping, Sequence

from bot.domain.messages import Block, Bullets, Heading, Message, Quote, Span, text
from bot.domain.words import Words

GROUPS: Mapping[str, tuple[str, ...]] = {
    "first": ("start", "subscribe", "digest", "preview", "settings", "unsubscribe"),
    "papers": ("summary", "ask", "search", "save", "saved"),
    "wish": ("keywords", "categories", "authors", "sources", "limit", "threshold", "votes", "replacements"),
    "when": ("time", "timezone", "pause", "resume", "mute", "emptydays"),
    "form": ("style", "layout", "language"),
    "yours": ("history", "status", "usage", "export", "import", "privacy", "deletemydata"),
}
"""Each has its heading in words, `help.group.NAME`; what is in none comes last, under `help.group.more`."""

OPEN = ("first", "papers")
"""What nobody should have to unfold."""


def everything(commands: Sequence[str], words: Words, *, folds: bool) -> Message:
    """All `commands`; with `folds` what is seldom needed takes a line until it is tapped, where the platform can do that."""
    grouped = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, "more": tuple(name for name in commands if name not in grouped)}
    blocks: list[Block] = [Heading(spans=text(words("help.head")))]
    for group, names in groups.items():
        lines = [words(f"help.{name}") for name in names if name in commands]
        if lines:
            blocks += [Heading(spans=text(words(f"help.group.{group}"))), _listed(lines, folds=folds and group not in OPEN)]
    return Message(blocks=tuple(blocks))


def _listed(lines: Sequence[str], *, folds: bool) -> Block:
    if folds:
        return Quote(spans=(Span("\n".join(lines)),), is_folded=True)
    return Bullets(items=tuple(text(line) for line in lines))
