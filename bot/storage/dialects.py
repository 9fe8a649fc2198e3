"""What was found out about each endpoint and model, so that the next process need not find it out again."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.dialects import AnswerForm, Dialect, TokenLimit
from bot.storage import paper_rows as rows
from bot.storage.statements import insert
from bot.storage.tables_model import dialects


async def recall(tx: AsyncConnection, endpoint: str, model: str) -> Dialect | None:
    """What this model at this address (a base URL) understands, None if it was never asked."""
    query = select(dialects.c.body).where(dialects.c.endpoint == _public(endpoint), dialects.c.model == model)
    body = (await tx.execute(query)).scalar()
    return None if body is None else _dialect(body)


async def remember(tx: AsyncConnection, endpoint: str, model: str, dialect: Dialect, now: datetime) -> None:
    """Store what was learnt, in the place of what was known."""
    values = {"body": _values(dialect), "learnt_at": now}
    statement = insert(tx, dialects).values(endpoint=_public(endpoint), model=model, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=[dialects.c.endpoint, dialects.c.model], set_=values))


def _public(endpoint: str) -> str:
    """The address without what may be secret in it: user, password, query."""
    try:
        parts = urlsplit(endpoint)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}".rstrip("/")


def _values(dialect: Dialect) -> rows.Values:
    return {
        "form": dialect.form,
        "limit": dialect.limit,
        "takes_temperature": dialect.takes_temperature,
        "context_tokens": dialect.context_tokens,
    }


def _dialect(values: rows.Values) -> Dialect:
    return Dialect(
        form=AnswerForm(values["form"]),
        limit=TokenLimit(values["limit"]),
        takes_temperature=values["takes_temperature"],
        context_tokens=values["context_tokens"],
    )
