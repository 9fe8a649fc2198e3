"""What the owner is told of the whole bot: counts and instants, and nobody's id or words."""

from collections.abc import Iterator

from bot.domain.deliveries import PartState
from bot.domain.layout import source_name
from bot.domain.messages import Block, Bullets, Heading, text
from bot.domain.words import Words
from bot.services.standing import LOST_FOR, Platform, SourceSeen, Whole
from bot.words.formats import age, moment, number
from handlers.texts import status
from handlers.texts.spending import limited, money

ZONE = "UTC"


def whole(found: Whole, words: Words, version: str) -> tuple[Block, ...]:
    """The blocks that follow those of the place."""
    lines = [words("status.version", version=version), *_process(found, words), *_queue(found, words), *_readers(found, words)]
    lines += [_source(one, found, words) for one in found.sources]
    lines.append(status.model(found.model, ZONE, words))
    if found.model.name is not None:
        lines.append(words("usage.today", spent=money(found.spent), limit=limited(found.budget.total, words)))
    return Heading(spans=text(words("status.whole"))), Bullets(items=tuple(map(text, lines)))


def _process(found: Whole, words: Words) -> Iterator[str]:
    for platform in found.platforms:
        yield _platform(platform, words)
    if not found.platforms:
        yield words("status.no_platform")
    if found.ticked_at is None:
        yield words("status.no_tick")
    else:
        yield words("status.tick", age=age(found.at - found.ticked_at, words.catalogue))


def _platform(found: Platform, words: Words) -> str:
    name = words(f"platform.{found.name}")
    if not found.is_working:
        return words("status.platform_token", platform=name)
    if found.unheard_since is not None:
        return words("status.platform_silent", platform=name, since=moment(found.unheard_since, ZONE, words.catalogue))
    return words("status.platform", platform=name)


def _queue(found: Whole, words: Words) -> Iterator[str]:
    waiting = {state: number(count, words.catalogue) for state, count in found.queue.waiting.items()}
    yield words(
        "status.queue",
        due=waiting[PartState.DUE],
        sending=waiting[PartState.SENDING],
        retry=waiting[PartState.RETRY],
        suspended=waiting[PartState.SUSPENDED],
    )
    if found.queue.oldest_at is not None:
        yield words("status.oldest", age=age(found.at - found.queue.oldest_at, words.catalogue))
    if found.queue.lost:
        yield words("status.lost_all", n=found.queue.lost, days=LOST_FOR.days)


def _readers(found: Whole, words: Words) -> Iterator[str]:
    readers = [
        words("status.counted", name=words(f"platform.{platform}"), n=number(count, words.catalogue))
        for platform, count in sorted(found.readers.items())
    ]
    yield words("status.readers", list=", ".join(readers)) if readers else words("status.no_readers")
    closed = [
        words("status.counted_cause", n=count, cause=words(f"cause.{cause}", platform=words(f"platform.{platform}")))
        for (platform, cause), count in found.suspended.items()
    ]
    if closed:
        yield words("status.suspended", list=", ".join(closed))


def _source(found: SourceSeen, whole_: Whole, words: Words) -> str:
    failure = found.failure
    if failure is None:
        return status.source(found, whole_.at, words)
    at = failure.retry_at
    next_ = words("status.at_next_digest") if at is None else f"{moment(at, ZONE, words.catalogue)} (UTC)"
    name, why = source_name(found.source, words), words(f"trouble.{failure.why}")
    return words("status.failing", source=name, n=failure.count, why=why, next=next_)
