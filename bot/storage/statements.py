"""The two things about statements that are not the same everywhere: upserts, and how much fits into one."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

CHUNK = 250  # rows mapped between two awaits: a few ms on the event loop, far from any limit on variables

T = TypeVar("T")
Upsert = sqlite.Insert | postgresql.Insert


def insert(tx: AsyncConnection, table: Table) -> Upsert:
    """This database's INSERT, whose ON CONFLICT both write alike."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


def chunks(rows: Sequence[T], size: int = CHUNK) -> Iterator[tuple[T, ...]]:
    """`rows` in tuples of at most `size`, in order."""
    source = iter(rows)
    while chunk := tuple(islice(source, size)):
        yield chunk
