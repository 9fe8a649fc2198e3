"""Step 4: one model call for a paper, version, style, language and model, whoever asks (W4). What fails is owed, not lost.

claim + money set aside -> the call -> the summary (or what it lacks) + the money it cost
"""

from asyncio import CancelledError
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import structlog

from bot.domain.budget import NO_USAGE, Budget, Depth, Prices, day_of, usage_of
from bot.domain.papers import FullText, Paper, TextOrigin
from bot.domain.summaries import Lack, Summary, SummaryKey, lack_of
from bot.errors import ModelRefused, PaperboyError, Retry, Skip
from bot.ports import Summarizer
from bot.storage import calls, summaries
from bot.storage.store import Store

log = structlog.get_logger()

FIRST_RETRY_S = 300.0
DEARER_WITHIN = timedelta(days=6)
"""So long somebody who has money left may have a summary of the full text made in place of one that was cut for want of it."""
LAST_RETRY_S = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What calls may cost and how long one may be in hand; the lease of a claim outlives every call."""

    prices: Prices
    budget: Budget
    lease_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One summary that is to be made. `reader` is whom it is made for, as text; None: nobody alone.

    `abstract` is what is read instead when money runs short. `lack` and `retry_at` come from reading: a summary with
    a `retry_at` is made again when more of the paper can be read.
    """

    paper: Paper
    key: SummaryKey
    text: FullText
    abstract: FullText
    reader: str | None = None
    lack: Lack | None = None
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A summary, or what it lacks for now and the error that says for how long. All None: another process is at it."""

    summary: Summary | None = None
    lack: Lack | None = None
    error: PaperboyError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    holder: str
    depth: Depth
    call_id: int
    attempts: int


async def summarize(
    wanted: Wanted, *, store: Store, summarizer: Summarizer, terms: Terms, now: Callable[[], datetime]
) -> Written:
    """Make it, unless it is there, another process is making it, or there is no money for it today."""
    claim = await _claim(wanted, store, summarizer, terms, now)
    if isinstance(claim, Written):
        return claim
    is_cut = claim.depth is Depth.ABSTRACT and wanted.text.origin is not TextOrigin.ABSTRACT
    text, lack = (wanted.abstract, Lack.BUDGET) if is_cut else (wanted.text, wanted.lack)
    retry_at = now() + DEARER_WITHIN if is_cut else wanted.retry_at
    try:
        made = await summarizer.summarize(wanted.paper, text, wanted.key.style, wanted.key.language)
    except (Skip, Retry, ModelRefused) as error:
        return await _failed(wanted, claim, error, store, terms, now)
    except CancelledError:  # a stop: the claim goes back, what was set aside stays set aside
        await _give_back(wanted, claim, store)
        raise
    made = made.lacking(lack)
    usage = made.usage or NO_USAGE
    async with store.write() as tx:
        await summaries.keep(tx, wanted.key, claim.holder, made, now(), retry_at)
        await calls.settle(tx, claim.call_id, usage, terms.prices.of(usage), "made")
    return Written(summary=made)


async def is_affordable(
    abstract: FullText, key: SummaryKey, reader: str | None, *, store: Store, summarizer: Summarizer, terms: Terms, now: datetime
) -> bool:
    """Whether there is money for the least that a model may be asked: a summary of the abstract."""
    cost = terms.prices.of(summarizer.estimate(abstract, key.style))
    if cost == 0 or terms.budget == Budget():
        return True
    async with store.read() as tx:
        spent = await calls.spent(tx, day_of(now))
        by_reader = await calls.spent_by(tx, reader, day_of(now)) if reader else 0
    return terms.budget.allows(cost, spent=spent, spent_by_reader=by_reader)


async def _claim(
    wanted: Wanted, store: Store, summarizer: Summarizer, terms: Terms, now: Callable[[], datetime]
) -> _Claim | Written:
    full = summarizer.estimate(wanted.text, wanted.key.style)
    least = summarizer.estimate(wanted.abstract, wanted.key.style)
    holder = uuid4().hex
    async with store.write() as tx:
        at = now()
        if not await summaries.claim(tx, wanted.key, holder, at, terms.lease_s, is_asked_for=True):
            kept = await summaries.find(tx, wanted.key)
            return Written(summary=kept.summary if kept else None)
        kept = await summaries.find(tx, wanted.key)
        depth = terms.budget.depth(
            full_text=terms.prices.of(full),
            abstract=terms.prices.of(least),
            spent=await calls.spent(tx, day_of(at)),
            spent_by_reader=await calls.spent_by(tx, wanted.reader, day_of(at)) if wanted.reader else 0,
        )
        least_wanted = Depth.FULL_TEXT if kept and kept.summary else Depth.ABSTRACT  # what is there may only become better
        if depth < least_wanted:
            await summaries.release(tx, wanted.key, holder)
            return Written(summary=kept.summary if kept else None, lack=Lack.BUDGET)
        usage = full if depth is Depth.FULL_TEXT else least
        call_id = await calls.reserve(tx, _call(wanted), at, usage, terms.prices.of(usage))
        return _Claim(holder=holder, depth=depth, call_id=call_id, attempts=kept.attempts if kept else 1)


def _call(wanted: Wanted) -> calls.Call:
    key = wanted.key
    return calls.Call(
        purpose="summary", ref=key.ref, style=key.style, language=key.language, model=key.model, reader=wanted.reader
    )


async def _failed(
    wanted: Wanted, claim: _Claim, error: PaperboyError, store: Store, terms: Terms, now: Callable[[], datetime]
) -> Written:
    lack = lack_of(error)
    usage = usage_of(error)
    retry_at = now() + timedelta(seconds=retry_s(error, claim.attempts))
    log.warning("summary failed", paper=str(wanted.key.ref), lack=str(lack), error=type(error).__name__, reason=str(error)[:200])
    async with store.write() as tx:
        await summaries.fail(tx, wanted.key, claim.holder, lack, retry_at, now())
        await calls.settle(tx, claim.call_id, usage, terms.prices.of(usage), lack)
    return Written(lack=lack, error=error)


async def _give_back(wanted: Wanted, claim: _Claim, store: Store) -> None:
    async with store.write() as tx:
        await summaries.release(tx, wanted.key, claim.holder)


def retry_s(error: PaperboyError, attempts: int) -> float:
    """Seconds until it is tried again by itself: as the other side says, else doubled with each attempt, at most 6 h."""
    told_s: float = error.after_s if isinstance(error, Retry) else FIRST_RETRY_S
    return max(told_s, min(FIRST_RETRY_S * 2.0 ** min(attempts, 10), LAST_RETRY_S))
