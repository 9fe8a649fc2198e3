"""What is said about a subscription: what it asks for, when it comes."""

from collections.abc import Sequence

from bot.domain.deliveries import Cause
from bot.domain.intake import Notice
from bot.domain.layout import notices_lines, source_name
from bot.domain.messages import Bullets, Heading, Message, paragraph, text
from bot.domain.styles import Style
from bot.domain.subscriptions import EVERY_DAY, WORK_DAYS, Address, Interest, Schedule, Subscription
from bot.domain.words import Words
from bot.services.expecting import Expected
from bot.words.formats import day, moment
from handlers.texts.papers import SHOWN_NOTICES


def subscribed(
    subscription: Subscription,
    words: Words,
    batch: tuple[int, int] | None = None,
    notices: Sequence[Notice] = (),
    *,
    shows_now: bool = True,
    expected: Expected | None = None,
    lacking: Cause | None = None,
    asks_zone: bool = False,
) -> Message:
    """What was understood, when it comes, and how much to expect: `batch` is (matched, found) of what is new to the reader.

    Where nothing was found, `notices` say why, and no count pretends to know; else only failures are told.
    `shows_now`: /digest would show it here.
    `lacking` is why the bot cannot write there. `asks_zone`: whoever never said where they are is told how.
    """
    has_zone = not asks_zone or subscription.schedule.zone != Schedule().zone
    when = [next_send(subscription, words), *(() if has_zone else (words("subscribed.zone"),))]
    much = [papers_a_day(expected, words)] if expected is not None else []
    if batch is not None and (batch[1] or not notices):
        much.append(words("subscribed.last_batch", matched=batch[0], n=batch[1]))
        much += [words("subscribed.now")] if shows_now and batch[0] else []
    told = [notice for notice in notices if notice.why.is_failure or not (batch and batch[1])]
    missing = tuple(text(line) for line in notices_lines(told, words, at_most=SHOWN_NOTICES))
    rights = [cannot_write(lacking, subscription.address.platform, words)] if lacking is not None else []
    lines = ([words("subscribed.head", wish=wish(subscription, words))], when, much, rights)
    said = tuple(paragraph(words("mark.separator").join(line)) for line in lines if line)
    return Message(blocks=(*said, Bullets(items=missing)) if missing else said)


def papers_a_day(expected: Expected, words: Words) -> str:
    """How many papers to expect, and by what."""
    if expected.a_day == 0:
        return words("expected.none", n=expected.batches)
    if expected.a_day < 1:
        return words("expected.few", n=expected.batches)
    batches = words("expected.batches", n=expected.batches)
    return words("expected.about", n=round(expected.a_day), batches=batches)


def cannot_write(lacking: Cause, platform: str, words: Words) -> str:
    """What keeps the bot from writing there, and who can change it."""
    return words("rights.lacking", cause=words(f"cause.{lacking}", platform=words(f"platform.{platform}")))


def next_send(subscription: Subscription, words: Words) -> str:
    """When the next digest comes, in the reader's own time."""
    schedule = subscription.schedule
    if schedule.is_paused and schedule.paused_until is not None:
        return words("subscribed.paused_until", date=day(schedule.paused_until, words.catalogue))
    if subscription.next_due_at is None:
        return words("subscribed.paused")
    at = moment(subscription.next_due_at, schedule.zone, words.catalogue)
    return words("subscribed.next", at=f"{at} ({schedule.zone})")


def wish(subscription: Subscription, words: Words) -> str:
    """The interest in words: `papers about agents, in cs.CL, without survey in the title, at most 10 a digest`."""
    interest = subscription.interest
    parts = [_subject(interest, words)]
    if interest.categories:
        parts.append(words("wish.categories", words=", ".join(sorted(interest.categories))))
    parts.append(words("wish.sources", words=", ".join(source_name(name, words) for name in sorted(interest.sources))))
    if interest.excluded:
        parts.append(words("wish.excluded", words=", ".join(interest.excluded)))
    if interest.excluded_anywhere:
        parts.append(words("wish.excluded_anywhere", words=", ".join(interest.excluded_anywhere)))
    if interest.threshold:
        parts.append(words("wish.threshold", n=f"{interest.threshold:g}"))
    if interest.min_votes:
        parts.append(words("wish.votes", n=interest.min_votes))
    if interest.wants_replacements:
        parts.append(words("wish.replacements"))
    return words("wish.separator").join((*parts, words("wish.limit", n=subscription.limit)))


def _subject(interest: Interest, words: Words) -> str:
    about = words("wish.keywords", words=", ".join(interest.keywords)) if interest.keywords else ""
    by = words("wish.authors", words=", ".join(interest.authors)) if interest.authors else ""
    if about and by:
        return words("wish.or", first=about, last=by)
    return about or by or words("wish.all")


def has_feed(address: Address) -> bool:
    """Whether a thread can be opened there: in a channel of Discord, not with a person alone (`@`), nor in another thread."""
    return address.platform == "discord" and not address.thread and not address.chat.startswith("@")


def settings(subscription: Subscription, words: Words) -> Message:
    """Everything that can be set, as it is."""
    schedule = subscription.schedule
    lines = (
        words("subscribed.head", wish=wish(subscription, words)),
        words("settings.schedule", at=f"{schedule.at:%H:%M}", zone=schedule.zone, days=days(schedule, words)),
        next_send(subscription, words),
        words("settings.form", style=subscription.style, language=subscription.language),
        words(f"form.{subscription.form}"),
        words("settings.note" if subscription.wants_empty_note else "settings.no_note"),
        *((words("settings.muted"),) if subscription.is_muted else ()),
        *((words("settings.no_thread"),) if has_feed(subscription.address) and not subscription.has_thread else ()),
        *(() if subscription.members_may_ask else (words("settings.members_may_not"),)),
    )
    return Message(blocks=(Heading(spans=text(words("settings.head"))), Bullets(items=tuple(text(line) for line in lines))))


def days(schedule: Schedule, words: Words) -> str:
    """The weekdays in words."""
    if schedule.weekdays == EVERY_DAY:
        return words("days.every")
    if schedule.weekdays == WORK_DAYS:
        return words("days.work")
    names = words("days.names").split()
    return ", ".join(names[day] for day in sorted(schedule.weekdays))


def styles(there: Sequence[Style], current: str, words: Words) -> Message:
    """What forms of summaries there are, and for what each is good."""
    names = words("styles.list", names=", ".join(style.name for style in there), current=current)
    lines = tuple(text(f"{style.name}: {style.about_in(words.catalogue)}") for style in there)
    return Message(blocks=(paragraph(names), Bullets(items=lines)))


def languages(names: Sequence[str], current: str, words: Words) -> Message:
    """What languages all words are in."""
    return Message(blocks=(paragraph(words("languages.list", names=", ".join(names), current=current)),))


def in_language(changed: Subscription, name: str, words: Words) -> Message:
    """The settings, and what a language without a catalogue of words is for."""
    shown = settings(changed, words)
    is_spoken = words.catalogue == changed.language
    return shown if is_spoken else Message(blocks=(*shown.blocks, paragraph(words("languages.for_summaries", name=name))))
