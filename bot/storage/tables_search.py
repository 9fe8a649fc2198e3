"""What searches look through: the folded words of papers, and whose words are not there yet or not any more.

The index over them is made by migration 0005, as no table can say what it is: `searchable_fts`, on SQLite a virtual table of
FTS5 that triggers keep, on PostgreSQL a table of text-search vectors. No metadata knows it.
"""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from bot.storage.schema import metadata
from bot.storage.types import SafeText

INDEX = "searchable_fts"  # the names of what SQLite keeps for it begin with it too


def _paper_key(*, is_primary: bool = False) -> Column[str]:
    owner = ForeignKey("papers.key", ondelete="CASCADE")
    return Column("paper_key", SafeText, owner, primary_key=is_primary, nullable=False)


searchable = Table(
    "searchable",
    metadata,
    Column("id", Integer, primary_key=True),
    _paper_key(),
    Column("title", Text, nullable=False),  # words of `bot.domain.queries.folded`
    Column("authors", Text, nullable=False),
    Column("abstract", Text, nullable=False),
    UniqueConstraint("paper_key"),
)

unindexed = Table("unindexed", metadata, _paper_key(is_primary=True))
