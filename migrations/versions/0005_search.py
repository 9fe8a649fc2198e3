"""What people search: the folded words of papers and an index over them, filled from the papers that are there."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.storage.search_index import entry

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BATCH = 500

FTS5 = (
    "CREATE VIRTUAL TABLE searchable_fts USING fts5("
    "title, authors, abstract, content='searchable', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')"
)
NEW = "INSERT INTO searchable_fts (rowid, title, authors, abstract) VALUES (new.id, new.title, new.authors, new.abstract);"
OLD = (
    "INSERT INTO searchable_fts (searchable_fts, rowid, title, authors, abstract)"
    " VALUES ('delete', old.id, old.title, old.authors, old.abstract);"
)
ON_SQLITE = (
    FTS5,
    f"CREATE TRIGGER searchable_added AFTER INSERT ON searchable BEGIN {NEW} END",
    f"CREATE TRIGGER searchable_changed AFTER UPDATE ON searchable BEGIN {OLD} {NEW} END",
    f"CREATE TRIGGER searchable_gone AFTER DELETE ON searchable BEGIN {OLD} END",
)
ON_POSTGRESQL = (
    # English without its stop words, as FTS5 has none: "few" and "same" are words that somebody looks for.
    "CREATE TEXT SEARCH DICTIONARY paperboy_stem (TEMPLATE = snowball, Language = english)",
    "CREATE TEXT SEARCH CONFIGURATION paperboy (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION paperboy ALTER MAPPING REPLACE english_stem WITH paperboy_stem",
    "CREATE TABLE searchable_fts"
    " (rowid integer PRIMARY KEY REFERENCES searchable (id) ON DELETE CASCADE, words tsvector NOT NULL)",
    "CREATE INDEX searchable_fts_words ON searchable_fts USING gin (words)",
)
VECTORS = (
    "INSERT INTO searchable_fts (rowid, words) SELECT id, setweight(to_tsvector('paperboy', title), 'A')"
    " || setweight(to_tsvector('paperboy', authors), 'B') || setweight(to_tsvector('paperboy', abstract), 'C') FROM searchable"
)

papers = sa.table("papers", *(sa.column(name) for name in ("key", "title", "abstract", "authors")))
searchable = sa.table("searchable", *(sa.column(name) for name in ("paper_key", "title", "abstract", "authors")))


def upgrade() -> None:
    _make_tables()
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in ON_SQLITE if is_sqlite else ON_POSTGRESQL:
        connection.exec_driver_sql(statement)
    for batch in _batches(connection):
        connection.execute(searchable.insert(), [_entry(row) for row in batch])
    if not is_sqlite:
        connection.exec_driver_sql(VECTORS)


def _make_tables() -> None:
    op.create_table(
        "searchable",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name=op.f("fk_searchable_paper_key_papers"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searchable")),
        sa.UniqueConstraint("paper_key", name=op.f("uq_searchable_paper_key")),
    )
    op.create_table(
        "unindexed",
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name=op.f("fk_unindexed_paper_key_papers"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("paper_key", name=op.f("pk_unindexed")),
    )


def _batches(connection: sa.Connection) -> Iterator[list[Any]]:  # Any: rows of four columns
    """All papers, a few at a time, in the order of their keys."""
    last = ""
    while batch := list(connection.execute(sa.select(papers).where(papers.c.key > last).order_by(papers.c.key).limit(BATCH))):
        yield batch
        last = batch[-1].key


def _entry(row: Any) -> dict[str, Any]:  # noqa: ANN401  (a row of four columns)
    names = (name for name, _ in json.loads(row.authors))
    return entry(row.key, title=row.title, authors=names, abstract=row.abstract)
