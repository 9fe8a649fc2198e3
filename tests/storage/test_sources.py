from datetime import UTC, date, datetime, timedelta

from bot.domain.intake import Notice, Watermark, Why
from bot.storage import queries, sources
from bot.storage.store import Store
from bot.storage.tables import queries as query_table
from tests.builders import arxiv_key
from tests.storage.rows import stored

NOW = datetime(2026, 1, 6, 15, 0, tzinfo=UTC)


async def test_failures_are_counted_with_the_last_cause_until_the_source_works(store: Store) -> None:
    retry_at = NOW + timedelta(minutes=5)
    async with store.write() as tx:
        await sources.record_failure(tx, Notice(source="arxiv", why=Why.THROTTLED, detail="429"), NOW, NOW)
        await sources.record_failure(tx, Notice(source="arxiv", why=Why.BROKEN, subject="cs.CL", detail="cut"), NOW, retry_at)
        await sources.record_failure(tx, Notice(source="huggingface", why=Why.REFUSED), NOW, None)
    async with store.write() as tx:
        first, second = await sources.failures(tx)
        assert (first.source, first.count, first.why, first.subject, first.detail) == ("arxiv", 2, Why.BROKEN, "cs.CL", "cut")
        assert (first.failed_at, first.retry_at, second.retry_at) == (NOW, retry_at, None)
        await sources.record_success(tx, "arxiv", NOW)
        assert [one.source for one in await sources.failures(tx)] == ["huggingface"]


async def test_every_source_that_was_asked_is_seen_with_its_newest_batch(store: Store) -> None:
    async with store.write() as tx:
        await sources.record_success(tx, "sample", NOW)
        await sources.record_success(tx, "arxiv", NOW)
        marks = [Watermark(source="arxiv", topic=t, batch_on=date(2026, 1, d)) for t, d in (("cs.CL", 5), ("cs.CV", 6))]
        await sources.advance(tx, (*marks, Watermark(source="arxiv", topic="cs.CL", batch_on=date(2026, 1, 2))))
        seen = await sources.sources_seen(tx)
        assert await sources.watermarks(tx, "arxiv") == {"cs.CL": date(2026, 1, 5), "cs.CV": date(2026, 1, 6)}
    assert [(one.source, one.newest_batch_on, one.succeeded_at) for one in seen] == [
        ("arxiv", date(2026, 1, 6), NOW),
        ("sample", None, NOW),
    ]


async def test_an_answer_is_recalled_in_its_order_until_its_day_is_over(store: Store) -> None:
    keys = (arxiv_key("2601.00002"), arxiv_key("2601.00001"))
    until = NOW + timedelta(hours=1)
    async with store.write() as tx:
        await queries.remember(tx, "arxiv", "cat:cs.CL", (), until)
        await queries.remember(tx, "arxiv", "cat:cs.CL", keys, until)
        await queries.remember(tx, "arxiv", "nothing", (), until)
        assert await queries.recall(tx, "arxiv", "cat:cs.CL", NOW) == keys
        assert await queries.recall(tx, "arxiv", "nothing", NOW) == ()
        assert await queries.recall(tx, "huggingface", "nothing", NOW) is None
        assert await queries.recall(tx, "arxiv", "cat:cs.CL", until) is None
        assert await queries.prune(tx, NOW) == 0
        assert await queries.prune(tx, until) == 2
    assert await stored(store, query_table) == []
