"""Summaries, each made once for everybody: whoever makes one holds its claim, a lease that outlives no holder.

    claim -> keep (made, or provisional: of the abstract for now) | fail (owed until its next try) | release (as it was)

A row with a body and no `retry_at` is made; with both, provisional; with `retry_at` alone, or left by a dead holder, owed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import PaperRef
from bot.domain.summaries import OUT_OF_MONEY, Lack, Summary, SummaryKey
from bot.storage import paper_rows as rows
from bot.storage import summary_rows
from bot.storage.statements import insert
from bot.storage.tables_model import summaries
from bot.storage.types import whole

MAX_ATTEMPTS = 6
"""A summary that failed so often in a row for reasons of its own is made again only when somebody asks for it."""
OUTAGES = frozenset({Lack.UNREACHABLE, Lack.THROTTLED, Lack.QUOTA, Lack.MISCONFIGURED, *OUT_OF_MONEY, Lack.TOO_LATE, Lack.SITE})
"""What says nothing about the paper: however often it happens, the summary stays owed."""
OWED_FOR = timedelta(days=14)  # nobody waits longer for a summary that was not ready with its digest
# Later times were written by another clock (CLOCK_START) and do not bind.
LONGEST_LEASE = timedelta(minutes=5)
LONGEST_RETRY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is stored under one key. `lack`: why the last try came to nothing; `attempts`: how many did so in a row."""

    summary: Summary | None
    lease_until: datetime | None
    retry_at: datetime | None
    attempts: int
    lack: Lack | None

    @property
    def is_provisional(self) -> bool:
        """Made of the abstract for now; of the full text, it is owed."""
        return self.summary is not None and self.retry_at is not None

    def is_held(self, now: datetime) -> bool:
        """Whether somebody is at it: ask again soon."""
        return _binds(self.lease_until, now)


async def find(tx: AsyncConnection, key: SummaryKey) -> Kept | None:
    """What is stored of this summary, None if nobody ever asked for it."""
    row = await _row(tx, key)
    return row and Kept(
        summary=None if row.body is None else summary_rows.summary_of(row.body),
        lease_until=row.lease_until,
        retry_at=row.retry_at,
        attempts=row.attempts,
        lack=None if row.lack is None else Lack(row.lack),
    )


async def claim(
    tx: AsyncConnection, key: SummaryKey, holder: str, now: datetime, lease_s: float, *, is_asked_for: bool = False
) -> bool:
    """Whether `holder` (a name used once) is the one to make it, for `lease_s`, at most a day; claiming again extends that.

    False if it is made, if it is provisional and its next try is not due (unless `is_asked_for`), or if another one is at it.
    A claim that ran out was left by a dead holder, which counts as a failed try. Needs `store.write()`.
    """
    row = await _row(tx, key)
    lease = {"holder": holder, "lease_until": now + min(timedelta(seconds=lease_s), LONGEST_LEASE)}
    if row is None:
        await tx.execute(insert(tx, summaries).values(**_named(key), **lease, attempts=0, owed_since=now))
        return True
    is_others = row.holder is not None and row.holder != holder
    if (is_others and _binds(row.lease_until, now)) or not _is_wanted(row, now, is_asked_for=is_asked_for):
        return False
    dead = {"attempts": _counted(row, None), "lack": None} if is_others else {}
    await _set(tx, key, {**lease, **dead, "owed_since": _owed_since(row, now)})
    return True


async def keep(
    tx: AsyncConnection, key: SummaryKey, holder: str, summary: Summary, now: datetime, retry_at: datetime | None = None
) -> bool:
    """Store what the holder made; with `retry_at` (a week ahead at most) it is provisional until then.

    False, and nothing changed, if the claim went to another one meanwhile. A lease that ran out, unclaimed, is forgiven.
    """
    row = await _row(tx, key)
    if row is None or row.holder != holder:
        return False
    values = {
        "body": summary_rows.summary_values(summary),
        "made_at": now,
        "retry_at": _bounded(retry_at, now),
        "attempts": 0 if retry_at is None else _counted(row, summary.lack),
        "lack": summary.lack,
        "owed_since": None if retry_at is None else _owed_since(row, now),
    }
    await _set(tx, key, {**values, "holder": None, "lease_until": None})
    return True


async def fail(tx: AsyncConnection, key: SummaryKey, holder: str, lack: Lack, retry_at: datetime | None, now: datetime) -> bool:
    """Give the claim back with the reason; it is owed from `retry_at` (a week ahead at most; None: until somebody asks).

    What was provisional stays there. False, and nothing changed, if the claim went to another one meanwhile.
    """
    row = await _row(tx, key)
    if row is None or row.holder != holder:
        return False
    values = {"lack": lack, "retry_at": _bounded(retry_at, now), "attempts": _counted(row, lack)}
    await _set(tx, key, {**values, "owed_since": _owed_since(row, now), "holder": None, "lease_until": None})
    return True


async def release(tx: AsyncConnection, key: SummaryKey, holder: str) -> None:
    """Give the claim back as if it had not been taken; nothing happens if it is not the holder's."""
    is_mine = _is(key) & (summaries.c.holder == holder)
    has_nothing = and_(summaries.c.body.is_(None), summaries.c.retry_at.is_(None), summaries.c.attempts == 0)
    await tx.execute(delete(summaries).where(is_mine, has_nothing))
    await tx.execute(update(summaries).where(is_mine).values(holder=None, lease_until=None))


async def put_off(
    tx: AsyncConnection, key: SummaryKey, lack: Lack, retry_at: datetime | None, now: datetime, *, is_tried: bool
) -> None:
    """It is not tried again before `retry_at`; None: not before somebody asks, and what is provisional is settled as it is.

    `is_tried` counts as one more failed try. One that is made, or being made, stays as it is.
    """
    row = await _row(tx, key)
    if row is not None and not _binds(row.lease_until, now) and _is_wanted(row, now, is_asked_for=True):
        attempts = _counted(row, lack) if is_tried else row.attempts
        values = {"lack": lack, "retry_at": _bounded(retry_at, now), "attempts": attempts, "owed_since": _owed_since(row, now)}
        await _set(tx, key, {**values, "holder": None, "lease_until": None})


async def owe(tx: AsyncConnection, key: SummaryKey, lack: Lack, retry_at: datetime, now: datetime) -> None:
    """Note that it is to be made from `retry_at` on, though nobody tried; one that is there, or being made, stays as it is."""
    row = await _row(tx, key)
    values = {"lack": lack, "retry_at": _bounded(retry_at, now)}
    if row is None:
        await tx.execute(insert(tx, summaries).values(**_named(key), **values, attempts=0, owed_since=now))
    elif row.body is None and not _binds(row.lease_until, now):
        await _set(tx, key, {**values, "owed_since": _owed_since(row, now)})


async def owed(tx: AsyncConnection, model: str, now: datetime, limit: int) -> tuple[SummaryKey, ...]:
    """What is to be made now, at most `limit`, longest owed first: all that failed, is provisional or was left by the dead.

    Not what failed MAX_ATTEMPTS times in a row for reasons of its own, nor what is owed for more than two weeks.
    """
    is_left = and_(summaries.c.body.is_(None), summaries.c.retry_at.is_(None), summaries.c.holder.is_not(None))
    is_due = or_(summaries.c.retry_at <= now, summaries.c.retry_at > now + LONGEST_RETRY, is_left)
    is_free = or_(summaries.c.holder.is_(None), summaries.c.lease_until <= now, summaries.c.lease_until > now + LONGEST_LEASE)
    is_worth_it = or_(summaries.c.attempts < MAX_ATTEMPTS, summaries.c.lack.in_(sorted(OUTAGES)))
    query = select(*_KEY).where(summaries.c.model == model, summaries.c.owed_since > now - OWED_FOR, is_due, is_free, is_worth_it)
    found = await tx.execute(query.order_by(summaries.c.owed_since, *_KEY).limit(limit))
    return tuple(_key(*row) for row in found)


_KEY = (summaries.c.paper_key, summaries.c.version, summaries.c.style, summaries.c.language, summaries.c.model)


async def _row(tx: AsyncConnection, key: SummaryKey) -> Row[Any] | None:
    return (await tx.execute(select(summaries).where(_is(key)))).first()


async def _set(tx: AsyncConnection, key: SummaryKey, values: rows.Values) -> None:
    await tx.execute(update(summaries).where(_is(key)).values(**values))


def _named(key: SummaryKey) -> rows.Values:
    return {
        "paper_key": rows.key_text(key.ref.key),
        "version": whole(key.ref.version, 1) or 0,
        "style": key.style,
        "language": key.language,
        "model": key.model,
    }


def _is(key: SummaryKey) -> ColumnElement[bool]:
    return and_(*(summaries.c[name] == value for name, value in _named(key).items()))


def _key(paper_key: str, version: int, style: str, language: str, model: str) -> SummaryKey:
    ref = PaperRef(key=rows.key_of(paper_key), version=version or None)
    return SummaryKey(ref=ref, style=style, language=language, model=model)


def _binds(lease_until: datetime | None, now: datetime) -> bool:
    return lease_until is not None and now < lease_until <= now + LONGEST_LEASE


def _is_wanted(row: Row[Any], now: datetime, *, is_asked_for: bool) -> bool:
    if row.body is None:
        return True
    return row.retry_at is not None and (is_asked_for or not now < row.retry_at <= now + LONGEST_RETRY)


def _counted(row: Row[Any], lack: Lack | None) -> int:
    """Failed tries in a row: an outage does not use up the tries of a paper that a model cannot summarize, nor the other way."""
    return row.attempts + 1 if (row.lack in OUTAGES) == (lack in OUTAGES) else 1


def _owed_since(row: Row[Any], now: datetime) -> datetime:
    """Since when; one that was given up is owed anew."""
    is_running = row.owed_since is not None and now - OWED_FOR < row.owed_since <= now
    since: datetime = row.owed_since if is_running else now
    return since


def _bounded(retry_at: datetime | None, now: datetime) -> datetime | None:
    return retry_at and min(retry_at, now + LONGEST_RETRY)
