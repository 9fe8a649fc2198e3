"""Step 3: the text of one paper, from the store or from the best origin that works. Kept once, for everybody (W3)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.domain.papers import FullText, Paper, PaperRef, Section, TextOrigin
from bot.domain.summaries import Lack
from bot.errors import Retry, Skip, Stop, TextUnavailable
from bot.ports import FullTextReader
from bot.storage import texts
from bot.storage.store import Store

log = structlog.get_logger()

NONE_FOR = timedelta(days=1)
"""How long a paper counts as having no text (arXiv's HTML may come hours after the paper), or "the latest" as the latest."""
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
    kept = await _unpacked(packed) if packed is not None else None
    if kept is not None:
        return Reading(text=kept) if kept.sections else _abstract(paper, Lack.NO_TEXT, now() + NONE_FOR)
    try:
        async with asyncio.timeout(patience_s):
            text = await reader.read(paper)
    except TimeoutError:
        return _abstract(paper, Lack.TOO_LATE, now() + TRY_AGAIN)
    except Skip as error:
        log.info("no full text", paper=str(ref), reason=str(error)[:200])
        async with store.write() as tx:
            await texts.remember_none(tx, ref, now(), now() + NONE_FOR)
        return _abstract(paper, Lack.NO_TEXT, now() + NONE_FOR)
    except (Retry, Stop) as error:
        log.warning("text not read", paper=str(ref), error=type(error).__name__)
        after = timedelta(seconds=error.after_s) if isinstance(error, Retry) else TRY_AGAIN
        return _abstract(paper, Lack.SITE, now() + max(after, TRY_AGAIN))
    await _keep(text, store, now())
    return Reading(text=text)


async def _unpacked(packed: texts.PackedText) -> FullText | None:
    """None for one that was damaged: it is read anew."""
    try:
        return await asyncio.to_thread(texts.unpack, packed)
    except TextUnavailable as error:
        log.warning("stored text is damaged", paper=str(packed.ref), reason=str(error)[:200])
        return None


async def _keep(text: FullText, store: Store, now: datetime) -> None:
    """W3. The text of "the latest version", whichever that was, holds for a day; one too large to store is read anew."""
    try:
        packed = await asyncio.to_thread(texts.pack, text)
    except TextUnavailable as error:
        log.warning("text not stored", paper=str(text.ref), reason=str(error)[:200])
        return
    valid_until = now + NONE_FOR if text.ref.version is None else None
    async with store.write() as tx:
        await texts.save(tx, packed, now, valid_until)


def _abstract(paper: Paper, lack: Lack, retry_at: datetime | None = None) -> Reading:
    return Reading(text=abstract_of(paper), lack=lack, retry_at=retry_at)


def abstract_of(paper: Paper) -> FullText:
    """The text that is always there; it may be empty."""
    return FullText(
        ref=PaperRef(key=paper.key, version=paper.version),
        sections=(Section(heading="Abstract", text=paper.abstract),) if paper.abstract else (),
        origin=TextOrigin.ABSTRACT,
    )
