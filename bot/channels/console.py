"""The console as a channel: no limits, no markup, one part a message."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import count

from bot.domain.deliveries import FRESH, Outcome, OutcomeKind, Past
from bot.domain.messages import Block, Bullets, Buttons, Heading, Item, Message, Paragraph, Quote, Span
from bot.domain.subscriptions import Address
from bot.ports import Delivered, Part


class Console:
    """Writes messages to a terminal through `write`, which is always there: nothing to open, to wait for, or to lose."""

    name = "console"
    resend_for = timedelta(0)
    takes_presses = False
    shows_cards = False

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._sent = 0

    def render(self, message: Message) -> tuple[Part, ...]:
        """One part with the whole text: a terminal has no limit."""
        text = "\n\n".join(part for block in message.blocks for part in _lines(block) if part)
        return (Part(number=1, payload=json.dumps({"text": text}), items=tuple(_numbers(message.blocks))),)

    async def open(self) -> None:
        """There is no token."""

    def recall(self, attempts: Sequence[Delivered]) -> None:
        """There is no pace."""

    def ready_in(self, address: Address) -> float:
        """At once, always."""
        return 0.0

    async def send(
        self, address: Address, part: Part, *, key: str, is_plain: bool = False, is_answer: bool = False, past: Past = FRESH
    ) -> Outcome:
        """Print the part, which is plain as it is. Its id is a running number of this process."""
        self._write(json.loads(part.payload)["text"])
        self._sent += 1
        return Outcome(kind=OutcomeKind.SENT, platform_id=f"{address.chat}-{self._sent}", thread=address.thread)

    async def probe(self, address: Address) -> Outcome:
        """A terminal takes whatever comes."""
        return Outcome(kind=OutcomeKind.SENT, thread=address.thread)

    def private(self, person: str) -> Address:
        """Whoever sits before a terminal is alone there."""
        return Address(platform=self.name, chat=person)

    async def close(self) -> None:
        """There is nothing to let go of."""


def _numbers(blocks: Sequence[Block]) -> Iterator[int]:
    """The papers that begin in these blocks, in order."""
    for block in blocks:
        if isinstance(block, Item):
            yield from () if block.number is None else (block.number,)
            yield from _numbers(block.blocks)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            yield _text(spans)
        case Quote(spans=spans):
            yield "\n".join(f"  | {line}" for line in _text(spans).splitlines())
        case Bullets(items=items):
            signs = (f"{n}." if block.is_numbered else "-" for n in count(block.first_number))
            yield "\n".join(f"  {sign} {_text(item)}" for sign, item in zip(signs, items, strict=False))
        case Item(blocks=blocks):
            yield "\n".join(line for inner in blocks for line in _lines(inner))
        case Buttons():
            return


def _text(spans: tuple[Span, ...]) -> str:
    return "".join(_clean(f"{span.text} <{span.url}>" if span.url else span.text) for span in spans)


def _clean(text: str) -> str:
    """Without control characters: a title must not move the cursor or colour the screen."""
    return "".join(char for char in text if char == "\n" or char.isprintable())
