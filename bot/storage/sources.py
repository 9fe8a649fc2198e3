"""What is known of each source: how far it was read, and whether it works."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.intake import Notice, Watermark, Why
from bot.storage.statements import insert
from bot.storage.tables import sources
from bot.storage.tables import watermarks as marks


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailure:
    """A source that failed `count` times since it last worked; `why` and `detail` are those of the last time."""

    source: str
    count: int
    why: Why
    subject: str
    detail: str
    failed_at: datetime
    retry_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    """A source that was asked at least once."""

    source: str
    succeeded_at: datetime | None
    newest_batch_on: date | None
    failure: SourceFailure | None


async def watermarks(tx: AsyncConnection, source: str) -> dict[str, date]:
    """By topic, the last batch that was read whole."""
    found = await tx.execute(select(marks.c.topic, marks.c.batch_on).where(marks.c.source == source))
    return {row.topic: row.batch_on for row in found}


async def advance(tx: AsyncConnection, finished: Iterable[Watermark]) -> None:
    """Move watermarks forward; they never go back. Safe to repeat."""
    newest: dict[tuple[str, str], date] = {}
    for mark in finished:
        place = (mark.source, mark.topic)
        newest[place] = max(mark.batch_on, newest.get(place, mark.batch_on))
    if not newest:
        return
    statement = insert(tx, marks)
    statement = statement.on_conflict_do_update(
        index_elements=[marks.c.source, marks.c.topic],
        set_={"batch_on": statement.excluded.batch_on},
        where=statement.excluded.batch_on > marks.c.batch_on,
    )
    await tx.execute(statement, [{"source": s, "topic": t, "batch_on": on} for (s, t), on in newest.items()])


async def record_failure(tx: AsyncConnection, notice: Notice, now: datetime, retry_at: datetime | None) -> None:
    """Count a failure of the notice's source, and keep why; what it had before stays good."""
    values = {"why": notice.why, "subject": notice.subject, "detail": notice.detail, "failed_at": now, "retry_at": retry_at}
    statement = insert(tx, sources).values(name=notice.source, failures=1, **values)
    await tx.execute(
        statement.on_conflict_do_update(index_elements=[sources.c.name], set_={"failures": sources.c.failures + 1, **values})
    )


async def record_success(tx: AsyncConnection, source: str, now: datetime) -> None:
    """The source works: its error is over."""
    values = {"succeeded_at": now, "failures": 0, "why": None, "subject": "", "detail": "", "failed_at": None, "retry_at": None}
    statement = insert(tx, sources).values(name=source, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=[sources.c.name], set_=values))


async def failures(tx: AsyncConnection) -> tuple[SourceFailure, ...]:
    """The sources that do not work at present, by name."""
    return tuple(seen.failure for seen in await sources_seen(tx) if seen.failure is not None)


async def sources_seen(tx: AsyncConnection) -> tuple[SourceSeen, ...]:
    """Every source that was ever asked, by name."""
    newest = select(marks.c.source, func.max(marks.c.batch_on).label("batch_on")).group_by(marks.c.source).subquery()
    query = select(sources, newest.c.batch_on).outerjoin(newest, newest.c.source == sources.c.name)
    seen = []
    for row in await tx.execute(query):
        failure = None
        if row.failures:
            failure = SourceFailure(
                source=row.name,
                count=row.failures,
                why=Why(row.why),
                subject=row.subject,
                detail=row.detail,
                failed_at=row.failed_at,
                retry_at=row.retry_at,
            )
        seen.append(SourceSeen(source=row.name, succeeded_at=row.succeeded_at, newest_batch_on=row.batch_on, failure=failure))
    return tuple(sorted(seen, key=lambda one: one.source))
