"""The ledger as its operator reads it: rows of plain text with ids whole. What a message says is never shown."""

from datetime import UTC, datetime

from bot.domain.visible import harmless
from bot.domain.words import Words
from bot.services.ledger import Asked, Destination, Entry, Page
from handlers.texts.deliveries import cause_of, clause, next_try

Row = tuple[str, ...]


def ledger_head(words: Words) -> Row:
    """The names of the columns of `ledger_row`."""
    names = ("queued", "platform", "chat", "topic", "digest", "part", "state", "when", "tries", "why")
    return tuple(words(f"ledger.{name}") for name in names)


def ledger_row(part: Entry, words: Words) -> Row:
    """One part as plain text. What it says is never shown, only the platform's answer to it."""
    digest = f"{part.slot.on.isoformat()} {words(f'slot.{part.slot.kind}')}" if part.slot else words("ledger.notice")
    number = f" {part.slot.number}" if part.slot and part.slot.number > 1 else ""
    return (
        instant(part.queued_at),
        harmless(part.address.platform),
        harmless(part.address.chat),
        harmless(part.address.thread),
        digest + number,
        f"{part.number}/{part.total}",
        words(f"state.{part.state}"),
        instant(part.ended_at or next_try(part)),
        str(part.attempts),
        _reason(part, words),
    )


def _reason(part: Entry, words: Words) -> str:
    cause, detail = cause_of(part, words), " ".join(harmless(part.detail).split())
    if cause and detail:
        return words("ledger.reason", cause=cause, detail=detail)
    return cause or detail or (words("ledger.plain") if part.is_plain else "")


def closed_head(words: Words) -> Row:
    """The names of the columns of `closed_row`."""
    names = ("platform", "chat", "topic", "closed_since", "next_look", "why")
    return tuple(words(f"ledger.{name}") for name in names)


def closed_row(each: Destination, words: Words) -> Row:
    """One destination that takes no messages."""
    cause = clause(each.because, each.address.platform, words) if each.because else ""
    where = (harmless(each.address.platform), harmless(each.address.chat), harmless(each.address.thread))
    return (*where, instant(each.since), instant(each.probe_at), cause)


def instant(at: datetime | None) -> str:
    """A time in UTC to the second, "" for none."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if at else ""


def ledger_remarks(found: Page, asked: Asked, words: Words) -> tuple[str, ...]:
    """What stands between the two tables: that there is nothing, or more; how many parts are in each state."""
    counted = tuple((state, n) for state, n in found.totals.items() if n)
    lines = []
    if not found.entries:
        is_empty = not counted and asked.since is None
        lines.append(words("ledger.empty" if is_empty else "ledger.none"))
    if found.has_more:
        lines.append(words("ledger.more", n=len(found.entries)))
    if counted:
        counts = ", ".join(words("ledger.count", n=n, state=words(f"state.{state}")) for state, n in counted)
        key = "ledger.totals" if asked.since is None else "ledger.totals_since"
        lines.append(words(key, counts=counts, at=f"{instant(asked.since)} UTC"))
    return tuple(lines)
