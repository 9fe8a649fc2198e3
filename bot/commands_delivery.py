"""`paperboy deliveries`: the ledger in the operator's own terminal. Ids are whole here; what a message says is never shown."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from bot.app import opened
from bot.commands import DONE, lists
from bot.config import Settings
from bot.domain.words import Words
from bot.reports.terminal import columns
from bot.services.ledger import Asked, Destination, Entry, Page
from bot.words import words
from handlers import parsing_deliveries
from handlers.texts import deliveries as fates
from handlers.texts import ledger as texts

Values = Mapping[str, str | int | bool | Mapping[str, str | int] | None]


async def deliveries(settings: Settings, asked: argparse.Namespace) -> int:
    """What was sent when, what became of the rest, how many parts are in each state, and which destinations are closed."""
    if (listed := lists(asked)) is not None:
        return listed
    platform, chat = parsing_deliveries.chat(asked.chat) if asked.chat is not None else (None, None)
    state = parsing_deliveries.state(asked.state) if asked.state is not None else None
    async with opened(settings) as app:
        since = parsing_deliveries.since(asked.since, app.now()) if asked.since is not None else None
        wish = Asked(platform=platform, chat=chat, state=state, since=since, limit=asked.limit)
        page = await app.ledger.page(wish)
    lines = _json(page) if asked.format == "json" else _table(page, wish, words(asked.language))
    for line in lines:
        print(line)
    return DONE


def _table(page: Page, wish: Asked, said: Words) -> Iterator[str]:
    if page.entries:
        yield from _aligned([texts.ledger_head(said), *(texts.ledger_row(entry, said) for entry in page.entries)])
    yield from texts.ledger_remarks(page, wish, said)
    if page.closed:
        yield ""
        yield said("ledger.closed")
        yield from _aligned([texts.closed_head(said), *(texts.closed_row(each, said) for each in page.closed)])


def _aligned(rows: Sequence[texts.Row]) -> Iterator[str]:
    """Rows under each other; the last column may be as long as it is."""
    widths = [max(map(columns, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _json(page: Page) -> Iterator[str]:
    """One object a line; `what` says which: parts, then closed destinations, then the totals."""
    yield from (_line(_part(entry)) for entry in page.entries)
    yield from (_line(_closed(each)) for each in page.closed)
    yield _line({"what": "totals", **{str(state): n for state, n in page.totals.items()}})


def _line(values: Values) -> str:
    return json.dumps(values, ensure_ascii=False)


def _part(entry: Entry) -> Values:
    slot = entry.slot
    return {
        "what": "part",
        "id": entry.id,
        "queued_at": _instant(entry.queued_at),
        "platform": entry.address.platform,
        "chat": entry.address.chat,
        "thread": entry.address.thread,
        "digest": {"on": slot.on.isoformat(), "kind": str(slot.kind), "number": slot.number} if slot else None,
        "number": entry.number,
        "total": entry.total,
        "state": str(entry.state),
        "cause": str(entry.cause) if entry.cause else None,
        "detail": entry.detail,
        "is_plain": entry.is_plain,
        "attempts": entry.attempts,
        "ended_at": _instant(entry.ended_at),
        "next_at": _instant(fates.next_try(entry)),
        "deadline_at": _instant(entry.deadline_at),
        "platform_id": entry.platform_id,
        "suspended_because": str(entry.suspended_because) if entry.suspended_because else None,
    }


def _closed(each: Destination) -> Values:
    return {
        "what": "destination",
        "platform": each.address.platform,
        "chat": each.address.chat,
        "thread": each.address.thread,
        "cause": str(each.because) if each.because else None,
        "since": _instant(each.since),
        "next_look_at": _instant(each.probe_at),
        "looks_in_vain": each.probes,
    }


def _instant(at: datetime | None) -> str | None:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else None
