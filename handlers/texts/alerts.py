"""What the owners of the bot are told by itself: what has failed, since when, what to do; and that it is over."""

from datetime import datetime

from bot.domain.layout import source_name
from bot.domain.messages import Message, paragraph
from bot.domain.troubles import Trouble, TroubleKind
from bot.domain.words import Words
from bot.services.alerting import Alert
from bot.words import words as words_of
from bot.words.formats import moment
from handlers.texts.spending import money


def alert(found: Alert) -> Message:
    """One alert. Made of what happened alone: no address, no token, nobody's words."""
    words = words_of(found.language)
    sentence = _over(found, words) if found.trouble is None else _trouble(found, found.trouble, words)
    return Message(blocks=(paragraph(sentence),))


def _trouble(found: Alert, trouble: Trouble, words: Words) -> str:
    since = _told(found, found.since, words)
    match trouble.kind:
        case TroubleKind.SOURCE:
            why, next_ = words(f"trouble.{trouble.why}"), _next(found, trouble, words)
            source = source_name(trouble.subject, words)
            return words("alert.source", source=source, since=since, n=trouble.count, why=why, next=next_)
        case TroubleKind.MODEL:
            return words("alert.model", since=since, lack=words(f"lack.{trouble.why}"), next=_next(found, trouble, words))
        case TroubleKind.MONEY:
            return words("alert.money", spent=money(trouble.spent), limit=money(trouble.limit))
        case TroubleKind.TOKEN:
            setting = f"{trouble.subject.upper()}_BOT_TOKEN"
            return words("alert.token", platform=words(f"platform.{trouble.subject}"), setting=setting)
    return words(f"alert.{trouble.kind}", platform=words(f"platform.{trouble.subject}"), since=since, n=trouble.count)


def _over(found: Alert, words: Words) -> str:
    kind, _, subject = found.cause.partition(":")
    since = _told(found, found.since, words)
    if kind == TroubleKind.SOURCE:
        return words("over.source", source=source_name(subject, words), since=since)
    if kind == TroubleKind.PLATFORM:
        return words("over.platform", platform=words(f"platform.{subject}"), since=since)
    return words(f"over.{kind}", since=since)


def _next(found: Alert, trouble: Trouble, words: Words) -> str:
    return words("status.at_next_digest") if trouble.next_at is None else _told(found, trouble.next_at, words)


def _told(found: Alert, at: datetime, words: Words) -> str:
    return f"{moment(at, found.zone, words.catalogue)} ({found.zone})"
