"""What is said of how it stands: here, for everybody, and of the whole bot, for its owner."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.actions import packed
from bot.domain.layout import source_name
from bot.domain.messages import Block, Bullets, Button, Buttons, Heading, Message, paragraph, text
from bot.domain.visible import shown
from bot.domain.words import Words
from bot.services.ledger import Entry
from bot.services.standing import LOST_FOR, Here, Model, SourceSeen
from bot.words.formats import age, day, moment
from handlers.texts import deliveries
from handlers.texts.subscriptions import next_send


def here(found: Here, words: Words, *, has_buttons: bool, is_alone: bool = True) -> Message:
    """One place; `has_buttons`: what may not have arrived there can be sent again from where this is read.

    Model and sources are left out where the whole bot is told of beside it.
    """
    lines = [*_subscription(found, words), *_last(found, words)]
    if is_alone:
        lines += [model(found.model, found.history.zone, words), *(source(one, found.at, words) for one in found.sources)]
    blocks: list[Block] = [Heading(spans=text(words("status.head"))), Bullets(items=tuple(map(text, lines)))]
    if found.lost:
        blocks.append(paragraph(words("status.lost", n=len(found.lost), days=LOST_FOR.days)))
    if found.lost and has_buttons:
        blocks.append(Buttons(rows=tuple((_again(part, found, words),) for part in found.lost)))
    return Message(blocks=tuple(blocks))


def _subscription(found: Here, words: Words) -> Iterator[str]:
    known, home = found.subscription, found.destination
    if known is None:
        yield words("status.none")
    else:
        yield next_send(known, words)
        if known.is_muted:
            yield words("settings.muted")
    if home is not None and home.because is not None:
        cause = words(f"cause.{home.because}", platform=words(f"platform.{found.address.platform}"))
        since, next_ = (_local(at, found.history.zone, words) for at in (home.since or found.at, home.probe_at or found.at))
        yield words("status.closed", since=since, cause=cause, next=next_)


def _last(found: Here, words: Words) -> Iterator[str]:
    if found.subscription is None:
        return
    made = found.history.made
    yield words("status.last", line=deliveries.line(made[0], found.history, words)) if made else words("history.none")


def _again(part: Entry, found: Here, words: Words) -> Button:
    queued_on = part.queued_at.astimezone(ZoneInfo(found.history.zone)).date()
    date = day(queued_on, words.catalogue, today=found.at.date())
    action = packed("sa", part.id)
    if part.digest_id is None:
        return Button(label=words("status.again_notice", date=date), action=action)
    return Button(label=words("status.again", number=part.number, total=part.total, date=date), action=action)


def model(found: Model, zone: str, words: Words) -> str:
    """Whether there is a model, and whether it writes."""
    if found.name is None:
        return words("status.no_model")
    if found.outage is None:
        return words("status.model", model=shown(found.name))
    since, lack = _local(found.outage.since, zone, words), words(f"lack.{found.outage.lack}")
    return words("status.model_out", model=shown(found.name), since=since, lack=lack)


def source(found: SourceSeen, now: datetime, words: Words) -> str:
    """How long ago a source answered, or failed and why."""
    name = source_name(found.source, words)
    if found.failure is not None:
        why = words(f"trouble.{found.failure.why}")
        return words("status.source_failed", source=name, age=age(now - found.failure.failed_at, words.catalogue), why=why)
    return words("status.source", source=name, age=age(now - (found.succeeded_at or now), words.catalogue))


def _local(at: datetime, zone: str, words: Words) -> str:
    return f"{moment(at, zone, words.catalogue)} ({zone})"
