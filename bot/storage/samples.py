"""The newest summary of a paper of arXiv, to show what a digest holds. Reads only."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.papers import SeenPaper
from bot.domain.summaries import Summary
from bot.storage import papers, summary_rows
from bot.storage.tables_model import summaries


async def newest(tx: AsyncConnection, *, style: str, language: str) -> tuple[SeenPaper, Summary] | None:
    """The summary that was made last in this style and language, whole, with its paper; None if there is none."""
    made = (
        select(summaries.c.paper_key, summaries.c.body)
        .where(
            summaries.c.style == style,
            summaries.c.language == language,
            summaries.c.made_at.is_not(None),
            summaries.c.retry_at.is_(None),
            summaries.c.paper_key.like("arxiv:%"),
        )
        .order_by(summaries.c.made_at.desc(), summaries.c.paper_key)
        .limit(1)
    )
    row = (await tx.execute(made)).first()
    if row is None or row.body is None:
        return None
    found = (await papers.load(tx, {row.paper_key})).get(row.paper_key)
    return None if found is None else (found, summary_rows.summary_of(row.body))
