"""The store's two kinds of transaction. Everything else about it is in the files of the nouns, which take the open one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot import guard
from bot.errors import DatabaseUnusable
from bot.storage.engine import MODE, READ, WRITE, make_engine, translated, where

Transaction = AsyncConnection  # so that services can name what they pass on without importing SQLAlchemy


class Store:
    """One database. Close it in the loop that opened it."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._reader = engine.execution_options(**{MODE: READ})
        self._writer = engine.execution_options(**{MODE: WRITE})

    @classmethod
    async def open(cls, url: str) -> Self:
        """Connect once, to know that it works; changes no schema (`migrate`). Raises DatabaseUnusable."""
        store = cls(make_engine(url), where(url))
        try:
            async with store.read() as tx:
                await tx.execute(select(1))
        except DatabaseUnusable:
            await store.close()
            raise
        return store

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent picture of the database, which waits for no writer and cannot write (the database refuses)."""
        async with self._transaction(self._reader, "store.read()") as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """The only writer of all processes: what it reads stays true until its end. Any exception undoes it all."""
        async with self._transaction(self._writer, "store.write()") as tx:
            yield tx

    async def close(self) -> None:
        """Close every connection; safe to repeat."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _transaction(self, engine: AsyncEngine, doing: str) -> AsyncIterator[AsyncConnection]:
        guard.require_no_transaction(doing)  # an inner write would wait for its outer one until the time-out
        with guard.transaction(), translated(self._place):
            async with engine.begin() as tx:
                yield tx
