"""The console as a channel: one part, at once, with nothing that could move a cursor."""

import json
from datetime import timedelta

from bot.channels.console import Console
from bot.domain.deliveries import Outcome, OutcomeKind
from bot.domain.messages import Block, Bullets, Button, Buttons, Item, Message, Paragraph, Quote, Span, paragraph
from bot.domain.subscriptions import Address
from bot.ports import Channel, Delivered, Part

HERE = Address(platform="console", chat="me", thread="7")


def a_console() -> tuple[Channel, list[str]]:
    written: list[str] = []
    return Console(written.append), written


def rendered(*blocks: Block) -> Part:
    (part,) = Console(print).render(Message(blocks=blocks))
    return part


def test_a_part_names_the_papers_that_begin_in_it() -> None:
    cut_off = Item(blocks=(paragraph("the end of the second"),))
    parts: list[Block] = [Item(blocks=(paragraph("a"),), number=3), cut_off, paragraph("x"), Item(blocks=(), number=4)]
    assert rendered(*parts).items == (3, 4)


def test_text_is_shown_with_its_addresses_and_without_control_characters() -> None:
    spans = (Span("a\x1b[31m\x07 title", url="https://example.org/"), Span("."))
    shown = json.loads(rendered(Paragraph(spans=spans)).payload)["text"]
    assert shown == "a[31m title <https://example.org/>."


def test_lists_are_counted_and_quotes_set_in() -> None:
    steps = Bullets(items=((Span("train"),), (Span("use"),)), is_numbered=True, first_number=2)
    quote, buttons = Quote(spans=(Span("one\ntwo"),)), Buttons(rows=((Button(label="More", action="m"),),))
    assert json.loads(rendered(steps, quote, buttons).payload)["text"] == "  2. train\n  3. use\n\n  | one\n  | two"


async def test_what_is_sent_is_written_at_once_and_has_an_id() -> None:
    console, written = a_console()
    part = rendered(paragraph("hello"))
    await console.open()
    console.recall([Delivered(address=HERE, ago_s=1.0)])
    outcomes = [await console.send(HERE, part, key="1", is_plain=is_plain) for is_plain in (False, True)]
    await console.close()
    assert outcomes == [Outcome(kind=OutcomeKind.SENT, platform_id=f"me-{n}", thread="7") for n in (1, 2)]
    assert written == ["hello", "hello"]
    assert (console.name, console.resend_for, console.ready_in(HERE)) == ("console", timedelta(0), 0.0)


async def test_a_probe_writes_nothing() -> None:
    console, written = a_console()
    assert (await console.probe(HERE)).kind is OutcomeKind.SENT
    assert written == []
