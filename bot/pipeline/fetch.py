"""Step 1: pages of one source into the store. A page is a transaction (W1); a failing source is a notice, never an exception."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.intake import Notice, Wanted, Why
from bot.domain.papers import PaperKey
from bot.domain.progress import Report, Stage
from bot.errors import (
    BrokenPage,
    ClientRefused,
    PaperboyError,
    Retry,
    SourceChanged,
    SourceRefused,
    SourceThrottled,
    SourceUnreachable,
)
from bot.ports import PaperSource
from bot.storage import papers, sources
from bot.storage.store import Store

WHY: dict[type[PaperboyError], Why] = {
    SourceUnreachable: Why.UNREACHABLE,
    SourceThrottled: Why.THROTTLED,
    SourceRefused: Why.REFUSED,
    BrokenPage: Why.BROKEN,
    SourceChanged: Why.CHANGED,
    ClientRefused: Why.CLIENT_REFUSED,
}
STOP_RETRY_S = 6 * 3600.0  # a format or header problem waits for its owner; asking again soon helps nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What one source gave: the papers it listed in order, what there is to tell, and whether it broke off."""

    source: str
    keys: tuple[PaperKey, ...] = ()
    notices: tuple[Notice, ...] = ()
    has_failed: bool = False


async def fetch(store: Store, source: PaperSource, wanted: Wanted, *, now: Callable[[], datetime], report: Report) -> Intake:
    """Store every page of `wanted` and return what was listed. Safe to repeat.

    Raises only what the person who asked can mend (BadFile, BadTopic); all else is a notice of the intake, and is
    kept with the source's error count and retry time.
    """
    keys: dict[PaperKey, None] = {}
    notices: list[Notice] = []
    report(Stage.FETCH, source.name, 0, None)
    try:
        async for page in source.fetch(wanted):
            async with store.write() as tx:
                await papers.record_page(tx, page, now())
            keys.update(dict.fromkeys(sighting.key for sighting in page.sightings))
            notices.extend(page.notices)
            report(Stage.FETCH, source.name, len(keys), None)
    except (Retry, SourceChanged, ClientRefused) as error:
        failure = _notice(source.name, error, wanted.until)
        await _record_failure(store, failure, error, now())
        return Intake(source=source.name, keys=tuple(keys), notices=(*notices, failure), has_failed=True)
    async with store.write() as tx:
        await sources.record_success(tx, source.name, now())
    return Intake(source=source.name, keys=tuple(keys), notices=tuple(dict.fromkeys(notices)))


def _notice(source: str, error: PaperboyError, on: date) -> Notice:
    detail = error.reason if isinstance(error, SourceUnreachable) else str(error)
    return Notice(source=source, why=WHY.get(type(error), Why.UNREACHABLE), detail=detail, on=on)


async def _record_failure(store: Store, notice: Notice, error: PaperboyError, now: datetime) -> None:
    after_s = error.after_s if isinstance(error, Retry) else STOP_RETRY_S
    async with store.write() as tx:
        await sources.record_failure(tx, notice, now, now + timedelta(seconds=after_s))
