"""The last step: forget what is too old. What was shown to whom is remembered for longer than any look-back."""

from datetime import UTC, datetime, timedelta

from bot.storage import allowances, calls, outbox_ledger, queries, texts, uploads
from bot.storage.store import Store

CALLS_KEPT = timedelta(days=400)  # what was asked of a model, and what it cost
PARTS_KEPT = timedelta(days=40)  # what was sent when; 35 at least, for whoever asks a month later
SHOWN_KEPT = timedelta(days=420)  # 400 at least: sources list a paper again after a year
UPLOADS_KEPT = timedelta(days=2)  # files that people sent, for as long as their buttons are pressed
ASKED_KEPT = timedelta(days=2)  # how often somebody asked on a day


async def prune(store: Store, *, now: datetime, texts_kept_days: int) -> None:
    """Answers that nobody may use any more, full texts, calls of last year, what people asked and sent, parts and digests."""
    async with store.write() as tx:
        await queries.prune(tx, now)
        await texts.prune(tx, now - timedelta(days=texts_kept_days))
        await calls.prune(tx, now - CALLS_KEPT)
    async with store.write() as tx:
        await allowances.prune(tx, (now - ASKED_KEPT).astimezone(UTC).date())
        await uploads.prune(tx, now - UPLOADS_KEPT)
    async with store.write() as tx:
        await outbox_ledger.prune(tx, now - PARTS_KEPT)
    async with store.write() as tx:
        await outbox_ledger.prune_digests(tx, now - SHOWN_KEPT, limit=200)
