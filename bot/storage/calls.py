"""Calls of models: what each was for and what it cost. A call is reserved with its estimate before it is made, and settled after.

Check the budget and reserve in one `store.write()`: then no two calls spend the same money. Costs are in millionths.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Integer, cast, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.budget import Usage, day_of
from bot.domain.papers import PaperRef
from bot.domain.summaries import Lack
from bot.storage import paper_rows as rows
from bot.storage.tables_model import calls
from bot.storage.types import whole

Purpose = Literal["summary", "answer"]
Outcome = Literal["made"] | Lack
LARGEST_COUNT = 2**31 - 1  # PostgreSQL's integer
LARGEST_COST = 10**12  # a million of the currency: sums of nine million such calls still fit 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is about to be asked. `reader` is the address of who asked, `telegram:123`; None where it is for nobody alone."""

    purpose: Purpose
    ref: PaperRef
    language: str
    model: str
    style: str = ""
    reader: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTotals:
    """The sums of all calls of one model and purpose that ended alike; `outcome` is "open", "made" or a Lack's value."""

    model: str
    purpose: str
    outcome: str
    count: int
    usage: Usage
    cost: int


async def reserve(tx: AsyncConnection, call: Call, now: datetime, estimate: Usage, cost: int) -> int:
    """Set an estimate aside; returns the number to settle it under. If the process dies, the estimate stays spent."""
    values = {
        "at": now,
        "purpose": call.purpose,
        "paper_key": rows.key_text(call.ref.key),
        "version": whole(call.ref.version, 1) or 0,
        "style": call.style,
        "language": call.language,
        "model": call.model,
        "reader": call.reader,
        "outcome": "open",
        **_spent_values(estimate, cost),
    }
    return int((await tx.execute(insert(calls).values(**values).returning(calls.c.id))).scalar_one())


async def settle(tx: AsyncConnection, call_id: int, usage: Usage, cost: int, outcome: Outcome) -> None:
    """Put what was used in the place of the estimate; the first time counts."""
    is_open = (calls.c.id == call_id) & (calls.c.outcome == "open")
    await tx.execute(update(calls).where(is_open).values(outcome=str(outcome), **_spent_values(usage, cost)))


async def spent(tx: AsyncConnection, since: datetime) -> int:
    """What all calls from `since` on cost, open ones as estimated."""
    return await _sum(tx, calls.c.at >= since)


async def spent_by(tx: AsyncConnection, reader: str, since: datetime) -> int:
    """What the calls for one reader from `since` on cost, open ones as estimated."""
    return await _sum(tx, (calls.c.reader == reader) & (calls.c.at >= since))


async def spent_today(tx: AsyncConnection, reader: str | None, now: datetime) -> tuple[int, int]:
    """What this day (UTC) cost until now, and what of it was for `reader`."""
    since = day_of(now)
    return await spent(tx, since), await spent_by(tx, reader, since) if reader else 0


async def totals(tx: AsyncConnection, since: datetime, until: datetime | None = None) -> tuple[CallTotals, ...]:
    """The sums from `since` to `until` (exclusive), by model, purpose and outcome, in that order."""
    kind = (calls.c.model, calls.c.purpose, calls.c.outcome)
    sums = [func.sum(column).label(f"{column.name}_sum") for column in (calls.c.tokens_in, calls.c.tokens_out, calls.c.cost)]
    sums += [func.sum(calls.c.calls).label("calls_sum"), func.sum(cast(calls.c.is_estimate, Integer)).label("estimates")]
    query = select(*kind, func.count().label("rows"), *sums).where(calls.c.at >= since).group_by(*kind).order_by(*kind)
    found = await tx.execute(query if until is None else query.where(calls.c.at < until))
    return tuple(
        CallTotals(
            model=row.model,
            purpose=row.purpose,
            outcome=row.outcome,
            count=row.rows,
            usage=Usage(
                tokens_in=int(row.tokens_in_sum),
                tokens_out=int(row.tokens_out_sum),
                calls=int(row.calls_sum),
                is_estimate=row.estimates > 0,
            ),
            cost=int(row.cost_sum),
        )
        for row in found
    )


async def count_of(tx: AsyncConnection, reader: str) -> int:
    """How many calls were for this reader, in all topics."""
    return int((await tx.execute(select(func.count()).select_from(calls).where(_is_for(reader)))).scalar_one())


async def forget_reader(tx: AsyncConnection, reader: str) -> None:
    """Keep the sums, and not for whom; a chat is forgotten with all its topics."""
    await tx.execute(update(calls).where(_is_for(reader)).values(reader=None))


def _is_for(reader: str) -> ColumnElement[bool]:
    """A reader is named `platform:chat` or `platform:chat:thread`."""
    return (calls.c.reader == reader) | (func.substr(calls.c.reader, 1, len(reader) + 1) == f"{reader}:")


async def prune(tx: AsyncConnection, before: datetime) -> int:
    """Forget the calls before that; returns how many."""
    return (await tx.execute(delete(calls).where(calls.c.at < before))).rowcount


async def _sum(tx: AsyncConnection, condition: ColumnElement[bool]) -> int:
    return int((await tx.execute(select(func.coalesce(func.sum(calls.c.cost), 0)).where(condition))).scalar_one())


def _spent_values(usage: Usage, cost: int) -> rows.Values:
    """An endpoint may tell any number of tokens: what cannot be stored becomes the nearest that can."""
    return {
        "tokens_in": _within(usage.tokens_in, LARGEST_COUNT),
        "tokens_out": _within(usage.tokens_out, LARGEST_COUNT),
        "calls": _within(usage.calls, LARGEST_COUNT),
        "is_estimate": usage.is_estimate,
        "cost": _within(cost, LARGEST_COST),
    }


def _within(value: int, largest: int) -> int:
    return min(max(value, 0), largest)
