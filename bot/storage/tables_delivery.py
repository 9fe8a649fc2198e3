"""The table of the outbox: one row a part, written before it is sent, kept after it."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from bot.domain.deliveries import Cause, PartState
from bot.storage.schema import metadata, one_of
from bot.storage.types import Instant, SafeText

_IS_OPEN = text("state IN ('due', 'sending', 'retry', 'suspended')")

parts = Table(
    "parts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest_id", Integer, ForeignKey("digests.id", ondelete="CASCADE")),  # NULL: a notice of ours
    Column("address_id", Integer, ForeignKey("addresses.id", ondelete="CASCADE"), nullable=False),
    Column("about", SafeText, nullable=False),  # what a notice is about, so that it comes once; '' in digests
    Column("number", Integer, CheckConstraint("number >= 1", name="number"), nullable=False),
    Column("total", Integer, nullable=False),
    Column("state", Text, one_of("state", PartState), nullable=False),
    Column("cause", Text, one_of("cause", Cause)),
    Column("detail", SafeText, nullable=False),  # the platform's words about it
    Column("is_plain", Boolean, nullable=False),
    Column("is_answer", Boolean, nullable=False),  # somebody waits for it: it goes before what nobody waits for
    Column("attempts", Integer, CheckConstraint("attempts >= 0", name="attempts"), nullable=False),
    Column("crashes", Integer, CheckConstraint("crashes >= 0", name="crashes"), nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("not_before", Instant),
    Column("lease_until", Instant),
    Column("claimed_at", Instant),  # the last try
    Column("unsure_since", Instant),
    Column("ended_at", Instant),
    Column("platform_id", SafeText, nullable=False),
    Column("thread", SafeText, nullable=False),  # where the platform says that it put it
    Column("payload", SafeText, nullable=False),  # last: SQLite reads the columns before it without its pages
    UniqueConstraint("digest_id", "number"),
    CheckConstraint("number <= total", name="total"),
    CheckConstraint("(digest_id IS NULL) = (about <> '')", name="about"),
    CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
    CheckConstraint("(state IN ('sent', 'unknown', 'expired', 'dead')) = (ended_at IS NOT NULL)", name="ended"),
    CheckConstraint("state NOT IN ('suspended', 'unknown', 'expired', 'dead') OR cause IS NOT NULL", name="why"),
    Index("ix_parts_open", "state", "not_before", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    Index(
        "uq_parts_about",
        "address_id",
        "about",
        unique=True,
        sqlite_where=text("about <> ''"),
        postgresql_where=text("about <> ''"),
    ),
    Index(
        "ix_parts_answers",
        "is_answer",  # always true in it, and the reason why SQLite prefers it to ix_parts_open
        "id",
        sqlite_where=text("is_answer = 1 AND state IN ('due', 'sending', 'retry', 'suspended')"),
        postgresql_where=text("is_answer AND state IN ('due', 'sending', 'retry', 'suspended')"),
    ),
    Index(None, "address_id"),
    Index(None, "claimed_at"),
    Index(None, "ended_at"),
    sqlite_autoincrement=True,  # the answer to a part that was forgotten meanwhile must not be taken for another's
)
