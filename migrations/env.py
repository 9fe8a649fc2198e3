"""Alembic's entry: `bot.storage.migrate` hands its connection over; the `alembic` command opens DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection

from bot.storage.engine import make_sync_engine
from bot.storage.tables import metadata


def run(connection: Connection) -> None:
    """In the caller's transaction, so that a failed migration leaves nothing."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
    with context.begin_transaction():
        context.run_migrations()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    run(handed_over)
else:
    engine = make_sync_engine(os.environ.get("DATABASE_URL", "sqlite:///data/paperboy.db"))
    with engine.begin() as opened:
        run(opened)
    engine.dispose()
