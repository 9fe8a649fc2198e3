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
    """`action` is ours and short (at most 64 bytes with its version prefix on Telegram); or a `url`.

    `is_on` is set of a button that is one value of a setting, and says whether that is chosen: a platform marks it, or shows
    such buttons as a list. None: it is no value.
    """

    label: str
    action: str = ""
    url: str | None = None
    is_on: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """`takes_many`: of its values each is switched on and off by itself; else choosing one replaces the other.

    A block with a `name` is ways to go: a platform with lists may show them as one, with the name above it. `hint` is what
    a list of values says while none of them holds.
    """

    rows: tuple[tuple[Button, ...], ...]
    takes_many: bool = False
    name: str = ""
    hint: str = ""


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
class Card:
    """One paper by itself, on a platform that shows cards. `number` is its place in the digest, from 1.

    `title` leads to `url`, where there is one; `byline` says who wrote it. `fields` are texts under a name each, their lines
    parted by line ends. `source` is the name of the source that it comes from, of which a platform may make a colour. `rows`
    are its buttons. Texts are whole, however long: what does not fit goes on in a next card.
    """

    number: int
    title: str
    url: str | None = None
    byline: str = ""
    blocks: tuple[Block, ...] = ()
    fields: tuple[tuple[str, tuple[Span, ...]], ...] = ()
    footer: str = ""
    source: str = ""
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What follows a message, in a thread that has this name; without `is_apart` right below it, in the same place.

    A forum makes a post of this name of message and cards, whatever is asked for.
    """

    name: str
    cards: tuple[Card, ...] = ()
    is_apart: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`is_silent`: it comes without a sound, where a platform knows that. A `thread` only where cards are shown."""

    blocks: tuple[Block, ...]
    is_silent: bool = False
    thread: Thread | None = None


def text(words: str) -> tuple[Span, ...]:
    """Plain words as spans."""
    return (Span(words),)


def paragraph(words: str) -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(spans=text(words))
