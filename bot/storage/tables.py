"""The tables. Rules that must hold are constraints here; `migrations/` builds the same, and a test compares the two."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)

from bot.domain.deliveries import Cause
from bot.domain.digests import Skipped, SlotKind
from bot.domain.papers import AnnounceType
from bot.domain.subscriptions import Form
from bot.storage.schema import metadata as metadata
from bot.storage.schema import one_of
from bot.storage.tables_delivery import parts as parts
from bot.storage.tables_model import calls as calls  # here too, so that the metadata is never without them
from bot.storage.tables_model import dialects as dialects
from bot.storage.tables_model import summaries as summaries
from bot.storage.tables_model import texts as texts
from bot.storage.tables_people import allowances as allowances
from bot.storage.tables_people import marks as marks
from bot.storage.tables_people import uploads as uploads
from bot.storage.tables_search import searchable as searchable
from bot.storage.tables_search import unindexed as unindexed
from bot.storage.types import Instant, Json, SafeText

papers = Table(
    "papers",
    metadata,
    Column("key", SafeText, primary_key=True),  # "arxiv:2601.06521"
    Column("version", Integer, CheckConstraint("version >= 1", name="version")),
    Column("title", SafeText, nullable=False),
    Column("abstract", SafeText, nullable=False),
    Column("authors", Json, nullable=False),  # [[name, affiliation or null], ...]
    Column("categories", Json, nullable=False),
    Column("published_at", Instant),
    Column("updated_at", Instant),
    Column("links", Json, nullable=False),  # [[kind, url], ...]
    Column("comment", SafeText),
    Column("journal_ref", SafeText),
    Column("doi", SafeText),
    Column("is_withdrawn", Boolean, nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    CheckConstraint("key LIKE 'arxiv:_%' OR key LIKE 'doi:_%' OR key LIKE 'file:_%'", name="key"),
)


def paper_key(*, is_primary: bool = False) -> Column[str]:
    """A column that names a stored paper."""
    return Column("paper_key", SafeText, ForeignKey(papers.c.key), primary_key=is_primary, nullable=False)


versions = Table(
    "versions",
    metadata,
    paper_key(is_primary=True),
    Column("version", Integer, CheckConstraint("version >= 1", name="version"), primary_key=True, autoincrement=False),
    Column("submitted_at", Instant),
)

aliases = Table(
    "aliases",
    metadata,
    Column("alias", SafeText, primary_key=True),
    paper_key(),
    CheckConstraint("alias <> paper_key", name="alias"),
    Index(None, "paper_key"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    paper_key(),
    Column("source", SafeText, nullable=False),
    Column("batch_on", Date),
    Column("version", Integer),
    Column("announce_type", Text, one_of("announce_type", AnnounceType)),
    Column("seen_at", Instant, nullable=False),  # the latest time its source listed it
    Column("first_seen_at", Instant, nullable=False),  # when we stored it
    Column("votes", Integer, CheckConstraint("votes >= 0", name="votes")),
    Column("votes_at", Instant),
    Column("position", Integer, CheckConstraint("position >= 0", name="position")),
    Column("tags", Json, nullable=False),
    Column("organization", SafeText),
    Column("cite_key", SafeText),
    Column("is_guess", Boolean, nullable=False),
    CheckConstraint("(votes IS NULL) = (votes_at IS NULL)", name="votes_at"),
    # Two indexes, because both databases hold NULLs to be different in a unique key.
    Index(
        "uq_sightings_listed",
        "source",
        "paper_key",
        "batch_on",
        unique=True,
        sqlite_where=text("batch_on IS NOT NULL"),
        postgresql_where=text("batch_on IS NOT NULL"),
    ),
    Index(
        "uq_sightings_undated",
        "source",
        "paper_key",
        unique=True,
        sqlite_where=text("batch_on IS NULL"),
        postgresql_where=text("batch_on IS NULL"),
    ),
    Index(None, "source", "batch_on"),
    Index(None, "paper_key"),
)

watermarks = Table(
    "watermarks",
    metadata,
    Column("source", SafeText, primary_key=True),
    Column("topic", SafeText, primary_key=True),
    Column("batch_on", Date, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("name", SafeText, primary_key=True),
    Column("succeeded_at", Instant),
    Column("failures", Integer, CheckConstraint("failures >= 0", name="failures"), nullable=False),
    Column("why", Text),
    Column("subject", SafeText, nullable=False),
    Column("detail", SafeText, nullable=False),
    Column("failed_at", Instant),
    Column("retry_at", Instant),
    CheckConstraint("failures = 0 OR (why IS NOT NULL AND failed_at IS NOT NULL)", name="failed"),
)

queries = Table(
    "queries",
    metadata,
    Column("source", SafeText, primary_key=True),
    Column("request", SafeText, primary_key=True),
    Column("keys", Json, nullable=False),
    Column("valid_until", Instant, nullable=False),
)

gates = Table(
    "gates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Instant, nullable=False),
    Column("holder", Text),
    Column("lease_until", Instant),
    Column("urgent_until", Instant),  # until then the ordinary lane stands back
    CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name="lease"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", Text, primary_key=True),
    Column("beat_at", Instant, nullable=False),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", SafeText, nullable=False),
    Column("chat", SafeText, nullable=False),
    Column("thread", SafeText, nullable=False),
    Column("suspended_because", Text, one_of("suspended_because", Cause)),
    Column("suspended_at", Instant),
    Column("probe_at", Instant),
    Column("probes", Integer, CheckConstraint("probes >= 0", name="probes"), nullable=False),  # in vain, since its last part
    UniqueConstraint("platform", "chat", "thread"),
    CheckConstraint("(suspended_because IS NULL) = (suspended_at IS NULL)", name="suspended"),
    CheckConstraint("(suspended_because IS NULL) = (probe_at IS NULL)", name="probe_at"),
    Index(None, "probe_at"),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address_id", Integer, ForeignKey(addresses.c.id, ondelete="CASCADE"), nullable=False),
    Column("local_time", Time, nullable=False),
    Column("zone", SafeText, nullable=False),
    Column("weekdays", Integer, CheckConstraint("weekdays BETWEEN 0 AND 127", name="weekdays"), nullable=False),  # bit 0: Monday
    Column("is_paused", Boolean, nullable=False),
    Column("paused_until", Date),
    Column("style", SafeText, nullable=False),
    Column("language", SafeText, nullable=False),
    Column("max_papers", Integer, CheckConstraint("max_papers >= 1", name="max_papers"), nullable=False),
    Column("form", Text, one_of("form", Form), nullable=False),
    Column("wants_empty_note", Boolean, nullable=False),
    Column("is_muted", Boolean, nullable=False),
    Column("members_may_ask", Boolean, nullable=False),
    Column("has_thread", Boolean, nullable=False),
    Column("next_due_at", Instant, index=True),
    Column("created_at", Instant),
    UniqueConstraint("address_id"),
)


def subscription_id(*, is_primary: bool = False) -> Column[int]:
    """A column that names a subscription, and goes with it."""
    owner = ForeignKey(subscriptions.c.id, ondelete="CASCADE")
    return Column("subscription_id", Integer, owner, primary_key=is_primary, autoincrement=False, nullable=False)


interests = Table(
    "interests",
    metadata,
    subscription_id(is_primary=True),
    Column("sources", Json, nullable=False),
    Column("categories", Json, nullable=False),
    Column("keywords", Json, nullable=False),
    Column("excluded", Json, nullable=False),
    Column("excluded_anywhere", Json, nullable=False),
    Column("authors", Json, nullable=False),
    Column("threshold", Float, CheckConstraint("threshold BETWEEN 0 AND 10", name="threshold"), nullable=False),
    Column("min_votes", Integer, CheckConstraint("min_votes >= 0", name="min_votes"), nullable=False),
    Column("wants_replacements", Boolean, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("id", Integer, primary_key=True),
    subscription_id(),
    Column("slot_on", Date, nullable=False),
    Column("slot_kind", Text, one_of("slot_kind", SlotKind), nullable=False),
    Column("slot_number", Integer, CheckConstraint("slot_number >= 0", name="slot_number"), nullable=False),
    Column("found", Integer, nullable=False),
    Column("matched", Integer, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("span_from", Date),
    Column("span_to", Date),
    Column("notices", Json, nullable=False),
    Column("rest", Json, nullable=False),  # keys of the papers beyond the limit, best first
    Column("created_at", Instant, nullable=False),
    Column("deadline_at", Instant, nullable=False),
    Column("covers_from", Date),  # of a catch-up: the first slot that it makes up for; slot_on is the last
    Column("queued_at", Instant),  # its parts are in the outbox, or it needs none
    Column("skipped", Text, one_of("skipped", Skipped)),
    Column("delivered_at", Instant),  # the last of it was shown
    UniqueConstraint("subscription_id", "slot_on", "slot_kind", "slot_number", name="uq_digests_slot"),
    CheckConstraint("slot_kind <> 'daily' OR slot_number = 0", name="one_daily"),
    CheckConstraint("found >= 0 AND matched >= 0 AND listed >= 0", name="counts"),
    CheckConstraint("(span_from IS NULL) = (span_to IS NULL)", name="span"),
    CheckConstraint("skipped IS NULL OR queued_at IS NOT NULL", name="skipped_at"),
    Index(None, "created_at"),
    Index("ix_digests_unqueued", "id", sqlite_where=text("queued_at IS NULL"), postgresql_where=text("queued_at IS NULL")),
    sqlite_autoincrement=True,  # who unsubscribes while a digest is made must not leave its number to another reader's
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest_id", Integer, ForeignKey(digests.c.id, ondelete="CASCADE"), nullable=False),
    subscription_id(),
    paper_key(),
    Column(
        "shown_as", Integer, CheckConstraint("shown_as >= 0", name="shown_as"), nullable=False
    ),  # 0: for the first time; N: again, because it was replaced by vN
    Column("version", Integer),
    Column("position", Integer, nullable=False),
    Column("score", Float, CheckConstraint("score BETWEEN 0 AND 10", name="score"), nullable=False),
    Column("reasons", Json, nullable=False),  # [[kind, matched, points], ...]
    Column("is_freed", Boolean, nullable=False),
    Column("is_late", Boolean, nullable=False),  # an earlier digest had it, and was not shown
    Column("part", Integer),  # the number of the part in which it begins
    UniqueConstraint("digest_id", "position"),
    Index(
        "uq_items_shown_once",
        "subscription_id",
        "paper_key",
        "shown_as",
        unique=True,
        sqlite_where=text("is_freed = 0"),
        postgresql_where=text("NOT is_freed"),
    ),
    Index(None, "paper_key"),
)
