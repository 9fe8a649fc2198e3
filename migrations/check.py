"""`python -m migrations.check`: do the migrations build exactly the tables of `bot.storage.tables`? On a fresh SQLite file."""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Inspector, inspect, text

from bot.storage.engine import MIGRATE, MODE, make_sync_engine
from bot.storage.migrate import upgrade
from bot.storage.tables import metadata
from bot.storage.tables_search import INDEX


def drift(connection: Connection) -> tuple[str, ...]:
    """What the database and the tables do not have in common; the connection's transaction must be undone afterwards.

    Alembic compares columns, keys and indexes; CHECKs and the conditions of indexes it leaves to us: the tables are
    built anew beside it, and both are asked for theirs.
    """
    connection.execute(text(f"DROP TABLE {INDEX}"))  # which no metadata knows, with all that SQLite keeps for it
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata, "compare_type": True})
    found = [str(difference) for difference in compare_metadata(context, metadata)]
    migrated = rules(inspect(connection))
    metadata.drop_all(connection)
    metadata.create_all(connection)
    wanted = rules(inspect(connection))
    found += [f"only in migrations/: {rule}" for rule in sorted(migrated - wanted)]
    found += [f"only in tables.py: {rule}" for rule in sorted(wanted - migrated)]
    return tuple(found)


def rules(inspector: Inspector) -> frozenset[str]:
    """Every CHECK, index and foreign key of our tables, as text."""
    inspector.clear_cache()
    found = set()
    for table in metadata.tables.keys() & set(inspector.get_table_names()):
        for check in inspector.get_check_constraints(table):
            found.add(f"{table}: CHECK {check['name']} {check['sqltext']}")
        for index in inspector.get_indexes(table):
            found.add(f"{table}: INDEX {index['name']} {index['column_names']} {_condition(dict(index))}")
        for key in inspector.get_foreign_keys(table):
            found.add(f"{table}: FOREIGN KEY {key['name']} {key['referred_table']} {key.get('options')}")
    return frozenset(found)


def _condition(index: dict[str, Any]) -> str:  # Any: each dialect's own options
    options = index.get("dialect_options", {})
    return f"unique={bool(index['unique'])} where={options.get('sqlite_where', options.get('postgresql_where'))}"


def main() -> int:
    """0 if they agree; else 1, with the differences on stderr."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'drift.db'}"
        asyncio.run(upgrade(url, datetime.now(UTC)))
        engine = make_sync_engine(url)
        with engine.execution_options(**{MODE: MIGRATE}).connect() as connection:
            differences = drift(connection)
            connection.rollback()
        engine.dispose()
    sys.stderr.writelines(f"{difference}\n" for difference in differences)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
