"""Step 3: the text of one paper, from the store or from the best origin that works. Kept once, for everybody (W3)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.papers import FullText, Paper, PaperRef, Section, TextOrigin
from bot.domain.summaries import Lack
from bot.errors import Retry, Skip, Stop
from bot.ports import FullTextReader
from bot.storage import texts
from bot.storage.store import Store

log = structlog.get_logger()

NONE_FOR = timedelta(days=1)
"""How long a paper counts as having no text: arXiv's HTML may come hours after the paper."""
TRY_AGAIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What could be read. `lack` says why it is only the abstract; `retry_at` when more may be had, None if never."""

    text: FullText
    lack: Lack | None = None
    retry_at: datetime | None = None


async def read(
    paper: Paper, *, store: Store, reader: FullTextReader, now: Callable[[], datetime], patience_s: float | None = None
) -> Reading:
    """The full text, else the abstract and why. Never raises for what goes wrong outside; `patience_s` None waits for ever."""
    ref = PaperRef(key=paper.key, version=paper.version)
    async with store.read() as tx:
        packed = await texts.load(tx, ref, now())
    if packed is not None:
        kept = await asyncio.to_thread(texts.unpack, packed)
        return Reading(text=kept) if kept.sections else _abstract(paper, Lack.NO_TEXT)
    try:
        async with asyncio.timeout(patience_s):
            text = await reader.read(paper)
    except TimeoutError:
        return _abstract(paper, Lack.TOO_LATE, now() + TRY_AGAIN)
    except Skip as error:
        log.info("no full text", paper=str(ref), reason=str(error)[:200])
        async with store.write() as tx:
            await texts.remember_none(tx, ref, now(), now() + NONE_FOR)
        return _abstract(paper, Lack.NO_TEXT)
    except (Retry, Stop) as error:
        log.warning("text not read", paper=str(ref), error=type(error).__name__)
        after = timedelta(seconds=error.after_s) if isinstance(error, Retry) else TRY_AGAIN
        return _abstract(paper, Lack.SITE, now() + max(after, TRY_AGAIN))
    packed = await asyncio.to_thread(texts.pack, text)
    async with store.write() as tx:
        await texts.save(tx, packed, now())
    return Reading(text=text)


def _abstract(paper: Paper, lack: Lack, retry_at: datetime | None = None) -> Reading:
    return Reading(text=abstract_of(paper), lack=lack, retry_at=retry_at)


def abstract_of(paper: Paper) -> FullText:
    """The text that is always there; it may be empty."""
    return FullText(
        ref=PaperRef(key=paper.key, version=paper.version),
        sections=(Section(heading="Abstract", text=paper.abstract),) if paper.abstract else (),
        origin=TextOrigin.ABSTRACT,
    )
