"""Step 4: one model call for a paper, version, style, language and model, whoever asks (W4). What fails is owed, not lost.

claim + money set aside -> the call -> the summary (or what it lacks) + the money it cost
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.budget import NO_USAGE, SET_ASIDE, Budget, Depth, Prices, usage_of
from bot.domain.papers import FullText, Paper, TextOrigin
from bot.domain.summaries import Lack, Summary, SummaryKey, lack_of
from bot.errors import ModelRefused, PaperboyError, Retry, Skip, SummaryFailed
from bot.ports import Summarizer
from bot.storage import calls, leases, summaries
from bot.storage.store import Store

log = structlog.get_logger()

LEASE_S = 60.0
"""A claim is renewed while its holder lives: so long after a crash somebody else may make the summary."""
FIRST_RETRY_S = 300.0
DEARER_WITHIN = timedelta(days=6)
"""So long somebody who has money left may have a summary of the full text made in place of one that was cut for want of it."""
LAST_RETRY_S = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What calls may cost, how to wait (on the process's clock), and who holds the claims (`bot.storage.leases`)."""

    prices: Prices
    budget: Budget
    sleep: Callable[[float], Awaitable[None]]
    owner: str = ""


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
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    holder: str
    depth: Depth
    call_id: int
    attempts: int
    lack: Lack | None


async def summarize(
    wanted: Wanted, *, store: Store, summarizer: Summarizer, terms: Terms, now: Callable[[], datetime]
) -> Written:
    """Make it, unless it is there, another process is making it, or there is no money for it today."""
    claim = await _claim(wanted, store, summarizer, terms, now)
    if isinstance(claim, Written):
        return claim
    is_cut = claim.depth is Depth.ABSTRACT and wanted.text.origin is not TextOrigin.ABSTRACT
    text, lack = (wanted.abstract, claim.lack) if is_cut else (wanted.text, wanted.lack)
    retry_at = now() + DEARER_WITHIN if is_cut else wanted.retry_at
    try:
        async with _held(wanted.key, claim.holder, store, terms, now):
            made = await summarizer.summarize(wanted.paper, text, wanted.key.style, wanted.key.language)
    except (Skip, Retry, ModelRefused) as error:
        return await _failed(wanted, claim, error, store, terms, now)
    except Exception as error:  # boundary: one paper
        log.exception("summary failed", paper=str(wanted.key.ref), error=type(error).__name__)
        return await _failed(wanted, claim, SummaryFailed(type(error).__name__), store, terms, now)
    except asyncio.CancelledError:  # a stop: the claim goes back, what was set aside stays set aside
        await _give_back(wanted, claim, store)
        raise
    made = made.lacking(lack)
    usage = made.usage or NO_USAGE
    async with store.write() as tx:
        await summaries.keep(tx, wanted.key, claim.holder, made, now(), retry_at)
        await calls.settle(tx, claim.call_id, usage, terms.prices.of(usage), "made")
    return Written(summary=made, is_new=True)


async def out_of_money(
    abstract: FullText, key: SummaryKey, reader: str | None, *, store: Store, summarizer: Summarizer, terms: Terms, now: datetime
) -> Lack | None:
    """Whose money lacks for the least that a model may be asked, a summary of the abstract; None: there is enough."""
    cost = SET_ASIDE * terms.prices.of(summarizer.estimate(abstract, key.style))
    if cost == 0 or terms.budget == Budget():
        return None
    async with store.read() as tx:
        spent, by_reader = await calls.spent_today(tx, reader, now)
    return None if terms.budget.allows(cost, spent=spent, spent_by_reader=by_reader) else _whose(terms, cost, spent)


def _whose(terms: Terms, cost: int, spent: int) -> Lack:
    return Lack.READER_BUDGET if terms.budget.is_readers(cost, spent=spent) else Lack.BUDGET


async def _claim(
    wanted: Wanted, store: Store, summarizer: Summarizer, terms: Terms, now: Callable[[], datetime]
) -> _Claim | Written:
    full = summarizer.estimate(wanted.text, wanted.key.style)
    least = summarizer.estimate(wanted.abstract, wanted.key.style)
    dear, cheap = (SET_ASIDE * terms.prices.of(usage) for usage in (full, least))
    holder = leases.holder(terms.owner)
    async with store.write() as tx:
        at = now()
        if not await summaries.claim(tx, wanted.key, holder, at, LEASE_S, is_asked_for=True):
            kept = await summaries.find(tx, wanted.key)
            return Written(summary=kept.summary if kept else None)
        kept = await summaries.find(tx, wanted.key)
        spent, by_reader = await calls.spent_today(tx, wanted.reader, at)
        depth = terms.budget.depth(full_text=dear, abstract=cheap, spent=spent, spent_by_reader=by_reader)
        least_wanted = Depth.FULL_TEXT if kept and kept.summary else Depth.ABSTRACT  # what is there may only become better
        if depth < least_wanted:
            await summaries.release(tx, wanted.key, holder)
            return Written(summary=kept.summary if kept else None, lack=_whose(terms, dear, spent))
        usage, cost = (full, dear) if depth is Depth.FULL_TEXT else (least, cheap)
        call_id = await calls.reserve(tx, _call(wanted), at, usage, cost)
        lack = _whose(terms, dear, spent) if depth is Depth.ABSTRACT else None
        return _Claim(holder=holder, depth=depth, call_id=call_id, attempts=kept.attempts if kept else 1, lack=lack)


@asynccontextmanager
async def _held(key: SummaryKey, holder: str, store: Store, terms: Terms, now: Callable[[], datetime]) -> AsyncIterator[None]:
    """Renew the claim while the model writes."""

    async def renew() -> None:
        while True:
            await terms.sleep(LEASE_S / 3)
            async with store.write() as tx:
                await summaries.claim(tx, key, holder, now(), LEASE_S, is_asked_for=True)

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


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
