"""The tables of what is read and written about papers: texts, summaries, the calls they cost, and how endpoints are spoken to.

None of them refers to `papers`: a paper may be read on demand that no source listed, and must stay deletable.
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text

from bot.domain.papers import TextOrigin
from bot.domain.summaries import Lack
from bot.storage.schema import metadata, one_of
from bot.storage.types import Instant, Json, SafeText


def version(*, is_primary: bool = False) -> Column[int]:
    """A column with the version of a paper, 0 where it is not known: a key holds no NULL."""
    is_possible = CheckConstraint("version >= 0", name="version")
    return Column("version", Integer, is_possible, primary_key=is_primary, autoincrement=False, nullable=False)


texts = Table(
    "texts",
    metadata,
    Column("paper_key", SafeText, primary_key=True),
    version(is_primary=True),
    Column("origin", Text, one_of("origin", TextOrigin), nullable=False),
    Column("chars", Integer, CheckConstraint("chars >= 0", name="chars"), nullable=False),
    Column("read_at", Instant, nullable=False),
    Column("valid_until", Instant),  # NULL: for as long as it is kept
    Column("body", LargeBinary),  # last: SQLite reads the columns before it without its pages; NULL: there is none
    CheckConstraint("body IS NOT NULL OR (origin = 'abstract' AND valid_until IS NOT NULL)", name="body"),
    Index(None, "read_at"),
)

summaries = Table(
    "summaries",
    metadata,
    Column("paper_key", SafeText, primary_key=True),
    version(is_primary=True),
    Column("style", SafeText, primary_key=True),
    Column("language", SafeText, primary_key=True),
    Column("model", SafeText, primary_key=True),
    Column("holder", Text),
    Column("lease_until", Instant),
    Column("retry_at", Instant),
    Column("attempts", Integer, CheckConstraint("attempts >= 0", name="attempts"), nullable=False),
    Column("lack", Text, one_of("lack", Lack)),
    Column("owed_since", Instant),
    Column("made_at", Instant),
    Column("body", Json),
    CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="lease"),
    CheckConstraint("(body IS NULL) = (made_at IS NULL)", name="made"),
    CheckConstraint("retry_at IS NULL OR owed_since IS NOT NULL", name="owed"),
    Index(None, "model", "owed_since"),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("purpose", Text, one_of("purpose", ("summary", "answer")), nullable=False),
    Column("paper_key", SafeText, nullable=False),
    version(),
    Column("style", SafeText, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("model", SafeText, nullable=False),
    Column("reader", SafeText),
    Column("tokens_in", Integer, nullable=False),
    Column("tokens_out", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("is_estimate", Boolean, nullable=False),
    Column("cost", BigInteger, nullable=False),  # millionths
    Column("outcome", Text, one_of("outcome", ("open", "made", *Lack)), nullable=False),
    CheckConstraint("tokens_in >= 0 AND tokens_out >= 0 AND calls >= 0 AND cost >= 0", name="spent"),
    Index(None, "at"),
    Index(None, "reader", "at"),
)

dialects = Table(
    "dialects",
    metadata,
    Column("endpoint", SafeText, primary_key=True),
    Column("model", SafeText, primary_key=True),
    Column("body", Json, nullable=False),
    Column("learnt_at", Instant, nullable=False),
)
