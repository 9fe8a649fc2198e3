"""Rows of digests and items from and to the domain: what stands in which column, said once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from bot.domain.digests import Counts, Pick, Reason, ReasonKind, Score, Skipped, Slot, SlotKind
from bot.domain.intake import Notice, Why
from bot.domain.papers import PaperKey
from bot.storage.paper_rows import Values, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDigest:
    """A digest as it was planned; its papers as they are known now.

    `queued_at` None: not in the outbox yet. `delivered_at` None: not all of it is through. `covers_from` is of catch-ups.
    `rest` are papers that matched and were beyond the limit, best first.
    """

    id: int
    subscription_id: int
    slot: Slot
    picks: tuple[Pick, ...]
    counts: Counts
    spans: tuple[date, date] | None
    notices: tuple[Notice, ...]
    rest: tuple[PaperKey, ...]
    created_at: datetime
    deadline_at: datetime
    covers_from: date | None
    queued_at: datetime | None
    skipped: Skipped | None
    delivered_at: datetime | None


def item_values(position: int, key: str, pick: Pick, shown: dict[str, int]) -> Values:
    """The columns of an item, without whose it is. `shown`: the versions that its reader has seen, by stored key."""
    return {
        "paper_key": key,
        "shown_as": pick.seen.paper.version or 0 if key in shown else 0,
        "version": pick.seen.paper.version,
        "position": position,
        "score": pick.score.value,
        "reasons": [(reason.kind, reason.matched, reason.points) for reason in pick.score.reasons],
        "is_freed": False,
        "is_late": pick.is_late,
    }


def notice_values(notice: Notice) -> Values:
    """A notice as JSON."""
    on = notice.on.isoformat() if notice.on else None
    return {
        "source": notice.source,
        "why": notice.why,
        "subject": notice.subject,
        "detail": notice.detail,
        "on": on,
        "line": notice.line,
    }


def _notice(values: Values) -> Notice:
    on = date.fromisoformat(values["on"]) if values["on"] else None
    return Notice(**{**values, "why": Why(values["why"]), "on": on})


def score_of(item: Row[Any]) -> Score:
    """How well an item suited when it was chosen."""
    reasons = tuple(Reason(kind=ReasonKind(kind), matched=matched, points=points) for kind, matched, points in item.reasons)
    return Score(value=item.score, reasons=reasons)


def digest_of(row: Row[Any], picks: tuple[Pick, ...]) -> StoredDigest:
    """A digest with its papers, which are read elsewhere."""
    return StoredDigest(
        id=row.id,
        subscription_id=row.subscription_id,
        slot=Slot(on=row.slot_on, kind=SlotKind(row.slot_kind), number=row.slot_number),
        picks=picks,
        counts=Counts(found=row.found, matched=row.matched, listed=row.listed),
        spans=None if row.span_from is None else (row.span_from, row.span_to),
        notices=tuple(_notice(values) for values in row.notices),
        rest=tuple(key_of(key) for key in row.rest),
        created_at=row.created_at,
        deadline_at=row.deadline_at,
        covers_from=row.covers_from,
        queued_at=row.queued_at,
        skipped=None if row.skipped is None else Skipped(row.skipped),
        delivered_at=row.delivered_at,
    )
