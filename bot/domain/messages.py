"""What is said to people, before any platform's markup: blocks of spans. Text here is data and never holds markup."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one mark; with `url` it is a link (http and https only)."""

    text: str
    mark: Mark = Mark.PLAIN
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list; one that `is_numbered` counts from `first_number`, which is not 1 where a longer list was split."""

    items: tuple[tuple[Span, ...], ...]
    is_numbered: bool = False
    first_number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Text that a platform may fold; `is_folded` asks for it."""

    spans: tuple[Span, ...]
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`action` is ours and short (at most 64 bytes with its version prefix on Telegram); or a `url`."""

    label: str
    action: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    rows: tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Blocks that belong together (one paper of a digest): split last. `number` is its place in the digest, from 1.

    What is cut off its end has no number: where the number stands, its paper is shown. `button` opens it: a platform puts
    the buttons of all items of one message into rows, before any other.
    """

    blocks: tuple["Block", ...]
    number: int | None = None
    button: Button | None = None


Block = Heading | Paragraph | Bullets | Quote | Buttons | Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`is_silent`: it comes without a sound, where a platform knows that."""

    blocks: tuple[Block, ...]
    is_silent: bool = False


def text(words: str) -> tuple[Span, ...]:
    """Plain words as spans."""
    return (Span(words),)


def paragraph(words: str) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(spans=text(words))
