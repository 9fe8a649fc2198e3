"""What is in the tables, comparably."""

from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.store import Store
from bot.storage.tables import metadata

Rows = list[dict[str, Any]]


async def rows_of(tx: AsyncConnection, table: Table) -> Rows:
    """All rows of a table in an order of their own, without the numbers that the database gave them."""
    columns = [column for column in table.c if column.name != "id"]
    found = [dict(row._mapping) for row in await tx.execute(select(*columns))]
    return sorted(found, key=repr)


async def everything(tx: AsyncConnection) -> dict[str, Rows]:
    return {table.name: await rows_of(tx, table) for table in metadata.sorted_tables}


async def stored(store: Store, table: Table) -> Rows:
    async with store.read() as tx:
        return await rows_of(tx, table)
