"""First contact: a sample at once, then a field, words and an hour, each with one tap; what a link would set; what was begun."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.deliveries import Cause
from bot.domain.digest_layout import paper_item
from bot.domain.digests import DigestItem, Pick, Score
from bot.domain.messages import Block, Button, Buttons, Heading, Item, Message, paragraph, text
from bot.domain.presets import PRESETS
from bot.domain.subscriptions import Subscription
from bot.domain.words import Words
from bot.domain.zones import city, near
from bot.services.expecting import Expected
from bot.services.samples import Sample
from handlers.parsing_links import Linked
from handlers.texts import subscriptions
from handlers.texts.menus import action, in_rows

NO_PRESET = "-"  # in buttons: what is wished was typed, and is kept already
HOUR = "0900"


def welcome(words: Words, sample: Sample | None, target: str) -> Message:
    """What this is, what a paper looks like, and the fields to choose from."""
    shown = (paragraph(words("start.sample")), _sample(sample, words)) if sample else ()
    fields = tuple(Button(label=words(f"preset.{name}"), action=action("of", name, target=target)) for name in PRESETS)
    other = Button(label=words("button.other_field"), action=action("oe", target=target))
    return _screen(
        (paragraph(words("start.welcome")), *shown, Heading(spans=text(words("start.field")))), *in_rows((*fields, other), 3)
    )


def _sample(sample: Sample, words: Words) -> Item:
    """A paper as a digest shows it; it stands in none, so it has no place that a button could open."""
    pick = Pick(seen=sample.seen, score=Score(value=0.0))
    return replace(paper_item(1, DigestItem(pick=pick, summary=sample.summary), words), number=None)


def field_asked(words: Words, target: str, problem: str = "") -> Message:
    """Asks for a field in the reader's own words."""
    back = Button(label=words("button.back"), action=action("ow", target=target))
    return _screen((*_problem(problem), Heading(spans=text(words("start.other_field")))), (back,))


def words_asked(words: Words, preset: str, target: str, problem: str = "") -> Message:
    """Asks for words, which may be skipped: that button takes them."""
    skip = Button(label=words("button.skip"), action=action("oq", preset, target=target))
    back = Button(label=words("button.back"), action=action("ob", target=target))
    asked = (Heading(spans=text(words("start.words", field=words(f"preset.{preset}")))), paragraph(words("start.words_how")))
    return _screen((*_problem(problem), *asked), (skip, back))


def when(words: Words, preset: str, target: str, now: datetime) -> Message:
    """Hour and zone in one tap: each city with what its clocks show now."""
    cities = tuple(
        Button(
            label=words("button.nine_in", city=city(zone), now=f"{now.astimezone(ZoneInfo(zone)):%H:%M}"),
            action=action("ot", preset, HOUR, zone, target=target),
        )
        for zone in near(words.language)
    )
    other = Button(label=words("button.other"), action=action("oo", preset, target=target))
    back = Button(label=words("button.back"), action=action("ob", target=target))
    asked = (Heading(spans=text(words("start.when"))), paragraph(words("start.when_how")))
    return _screen(asked, *in_rows(cities, 2), (other, back))


def when_asked(words: Words, preset: str, target: str, problem: str = "") -> Message:
    """Asks for hour, days and zone in the reader's own words."""
    back = Button(label=words("button.back"), action=action("or", preset, target=target))
    return _screen((*_problem(problem), Heading(spans=text(words("question.t")))), (back,))


def begun(
    known: Subscription, words: Words, target: str, *, expected: Expected | None, lacking: Cause | None, comes_now: bool
) -> Message:
    """What was set up, when it comes and how much of it."""
    said = subscriptions.subscribed(known, words, expected=expected, lacking=lacking).blocks
    now = (paragraph(words("start.first_digest")),) if comes_now else ()
    return _screen((*said, *now), (settings_button(words, target),))


def known_already(known: Subscription, words: Words, target: str, *, may_ask: bool = True) -> Message:
    """Somebody who has a subscription: what it is, and what can be done."""
    digest = (Button(label=words("button.digest_now"), action=action("od", target=target)),) if may_ask else ()
    said = (paragraph(words("start.back")), *subscriptions.subscribed(known, words).blocks)
    return _screen(said, (settings_button(words, target), *digest))


def from_link(link: Linked, made: Subscription, words: Words, button: str) -> Message:
    """What a link would set; nothing is set before the tap."""
    sentences = (
        words("start.link", wish=subscriptions.wish(made, words)),
        words(
            "settings.schedule",
            at=f"{made.schedule.at:%H:%M}",
            zone=made.schedule.zone,
            days=subscriptions.days(made.schedule, words),
        )
        + ".",
    )
    begin = Button(label=words("button.subscribe"), action=action("ol", button, target=""))
    return _screen(tuple(map(paragraph, sentences if link.at or link.zone or made.id is None else sentences[:1])), (begin,))


def joined(words: Words, button: Button) -> Message:
    """One short message where many read it."""
    return _screen((paragraph(words("start.joined")),), (button,))


def settings_button(words: Words, target: str) -> Button:
    """The way to the settings, as a message of their own."""
    return Button(label=words("button.settings"), action=action("st", target=target))


def _problem(problem: str) -> tuple[Block, ...]:
    return (paragraph(problem),) if problem else ()


def _screen(blocks: tuple[Block, ...], *rows: tuple[Button, ...]) -> Message:
    return Message(blocks=(*blocks, Buttons(rows=rows)))
