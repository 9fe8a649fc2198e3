"""What is said about deliveries: what became of a reader's digests, where they go, and why something was not sent."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.deliveries import FREEING, Cause, PartState
from bot.domain.digests import SlotKind
from bot.domain.messages import Bullets, Heading, Message, Paragraph, paragraph, text
from bot.domain.subscriptions import Address
from bot.domain.visible import harmless
from bot.domain.words import Words
from bot.services.ledger import Entry, History, Made


def history(found: History, words: Words) -> Message:
    """A reader's last digests, newest first, each with what became of it."""
    if not found.made:
        return Message(blocks=(paragraph(words("history.none")),))
    items = tuple(text(line(one, found, words)) for one in found.made)
    return Message(blocks=(Heading(spans=text(words("history.head"))), Bullets(items=items)))


def line(one: Made, found: History, words: Words) -> str:
    """A digest and what became of it."""
    fates = [*_fates(one, found, words)]
    are_freed = one.skipped is not None or any(part.state in FREEING for part in one.parts)
    if are_freed and one.listed:
        fates.append(words("history.freed"))
    return words(
        "history.line",
        date=one.slot.on.isoformat(),
        kind=_kind(one, words),
        papers=words("history.papers", n=one.listed),
        fate=words("history.separator").join(fates),
    )


def _kind(one: Made, words: Words) -> str:
    if one.makes_up_for is None:
        return words(f"slot.{one.slot.kind}")
    first, last = one.makes_up_for
    return words("history.catchup", first=first.isoformat(), last=last.isoformat())


def _fates(one: Made, found: History, words: Words) -> Iterator[str]:
    """What became of it: one sentence for the whole, or one for all neighbouring parts to which the same happened."""
    if one.skipped is not None:
        yield words(f"skipped.{one.skipped}")
        return
    if not one.parts:
        yield _without_parts(one, found, words)
        return
    for _, alike in groupby(one.parts, key=lambda part: (part.state, part.not_before, cause_of(part, words))):
        parts = tuple(alike)
        fate = _became(parts[-1], one, found, words)
        first, last, total = parts[0].number, parts[-1].number, parts[0].total
        if last - first + 1 == total:
            yield fate
        elif first == last:
            yield words("history.part", number=first, total=total, fate=fate)
        else:
            yield words("history.parts", first=first, last=last, total=total, fate=fate)


def _without_parts(one: Made, found: History, words: Words) -> str:
    if one.delivered_at is not None:
        return words(f"became.{PartState.SENT}", at=_local(one.delivered_at, one, found))
    if one.queued_at is not None:
        return words("history.unsent")
    return words("history.unshown" if one.slot.kind is SlotKind.NOW else "history.making")


def _became(part: Entry, one: Made, found: History, words: Words) -> str:
    """The fate of a part. One that may be tried again at once, or for no reason that we know, only waits for its turn."""
    at = part.deadline_at if part.state is PartState.SUSPENDED else part.ended_at or next_try(part)
    cause, state = cause_of(part, words), part.state
    if state in (PartState.DUE, PartState.RETRY):
        must_wait = bool(cause) and at is not None and at > found.at
        state = PartState.RETRY if must_wait else PartState.DUE
    return words(f"became.{state}", at=_local(at, one, found) if at else "", cause=cause)


def _local(at: datetime, one: Made, found: History) -> str:
    """The time in the reader's zone; with its date where that is not the digest's."""
    local = at.astimezone(ZoneInfo(found.zone))
    return f"{local:%H:%M}" if local.date() == one.slot.on else f"{local:%Y-%m-%d %H:%M}"


def platform_name(platform: str, words: Words) -> str:
    """How people call a platform."""
    key = f"platform.{platform}"
    return words(key) if key in words.sentences else harmless(platform)


def place(address: Address, words: Words) -> str:
    """An address as its operator knows it, ids whole: "Telegram -1001234567890, topic 7"."""
    name, chat, thread = platform_name(address.platform, words), harmless(address.chat), harmless(address.thread)
    return words("place.topic" if thread else "place.chat", platform=name, chat=chat, thread=thread)


def clause(cause: Cause, platform: str, words: Words) -> str:
    """A reason as a clause, with the name of the platform."""
    return words(f"cause.{cause}", platform=platform_name(platform, words))


def cause_of(part: Entry, words: Words) -> str:
    """Why a part is where it is, as a clause; "" where nothing is known, or nothing was in its way."""
    cause = part.suspended_because or part.cause if part.state is PartState.SUSPENDED else part.cause
    return "" if cause is None or part.state is PartState.SENT else clause(cause, part.address.platform, words)


def next_try(part: Entry) -> datetime | None:
    """When it is tried again, where that is known: what waits in line or for its destination has no such time."""
    return part.not_before if part.state in (PartState.DUE, PartState.RETRY) else None


def elsewhere(address: Address, setting: str, words: Words) -> Message:
    """Whose settings a conversation changes; `setting` names the token that is missing, "" if none is."""
    head = paragraph(words("elsewhere.head", place=place(address, words)))
    missing = (paragraph(words("elsewhere.no_token", setting=setting)),) if setting else ()
    return Message(blocks=(head, *missing))


def only_a_preview(preview: Message, address: Address, words: Words) -> Message:
    """The answer to /digest where somebody else's papers must not be used up."""
    said: Sequence[Paragraph] = (paragraph(words("elsewhere.preview", place=place(address, words))),)
    return Message(blocks=(*preview.blocks, *said))
