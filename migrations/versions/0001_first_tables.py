"""The first tables: papers with versions, aliases and sightings; sources; readers; digests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")


def upgrade() -> None:
    _make_papers()
    _make_sightings()
    _make_sources()
    _make_readers()
    _make_digests()


def _make_papers() -> None:
    op.create_table(
        "papers",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("published_at", INSTANT, nullable=True),
        sa.Column("updated_at", INSTANT, nullable=True),
        sa.Column("links", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("journal_ref", sa.Text(), nullable=True),
        sa.Column("doi", sa.Text(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_papers_version")),
        sa.CheckConstraint("key LIKE 'arxiv:_%' OR key LIKE 'doi:_%' OR key LIKE 'file:_%'", name=op.f("ck_papers_key")),
        sa.PrimaryKeyConstraint("key", name="pk_papers"),
    )
    op.create_table(
        "versions",
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("submitted_at", INSTANT, nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_versions_version")),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name="fk_versions_paper_key_papers"),
        sa.PrimaryKeyConstraint("paper_key", "version", name="pk_versions"),
    )
    op.create_table(
        "aliases",
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.CheckConstraint("alias <> paper_key", name=op.f("ck_aliases_alias")),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name="fk_aliases_paper_key_papers"),
        sa.PrimaryKeyConstraint("alias", name="pk_aliases"),
    )
    op.create_index("ix_aliases_paper_key", "aliases", ["paper_key"], unique=False)


def _make_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("announce_type", sa.Text(), nullable=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        sa.Column("votes_at", INSTANT, nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("cite_key", sa.Text(), nullable=True),
        sa.Column("is_guess", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "announce_type IN ('new', 'cross', 'replace', 'replace-cross')", name=op.f("ck_sightings_announce_type")
        ),
        sa.CheckConstraint("position >= 0", name=op.f("ck_sightings_position")),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_sightings_votes")),
        sa.CheckConstraint("(votes IS NULL) = (votes_at IS NULL)", name=op.f("ck_sightings_votes_at")),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name="fk_sightings_paper_key_papers"),
        sa.PrimaryKeyConstraint("id", name="pk_sightings"),
    )
    op.create_index("ix_sightings_paper_key", "sightings", ["paper_key"], unique=False)
    op.create_index("ix_sightings_source_batch_on", "sightings", ["source", "batch_on"], unique=False)
    op.create_index(
        "uq_sightings_listed",
        "sightings",
        ["source", "paper_key", "batch_on"],
        unique=True,
        sqlite_where=sa.text("batch_on IS NOT NULL"),
        postgresql_where=sa.text("batch_on IS NOT NULL"),
    )
    op.create_index(
        "uq_sightings_undated",
        "sightings",
        ["source", "paper_key"],
        unique=True,
        sqlite_where=sa.text("batch_on IS NULL"),
        postgresql_where=sa.text("batch_on IS NULL"),
    )


def _make_sources() -> None:
    op.create_table(
        "watermarks",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("batch_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("source", "topic", name="pk_watermarks"),
    )
    op.create_table(
        "sources",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("succeeded_at", INSTANT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sources_failures")),
        sa.CheckConstraint("failures = 0 OR (why IS NOT NULL AND failed_at IS NOT NULL)", name=op.f("ck_sources_failed")),
        sa.PrimaryKeyConstraint("name", name="pk_sources"),
    )
    op.create_table(
        "queries",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "request", name="pk_queries"),
    )
    op.create_table(
        "gates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_gates_lease")),
        sa.PrimaryKeyConstraint("name", name="pk_gates"),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )


def _make_readers() -> None:
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.UniqueConstraint("platform", "chat", "thread", name="uq_addresses_platform_chat_thread"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("local_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("max_papers", sa.Integer(), nullable=False),
        sa.Column("wants_empty_note", sa.Boolean(), nullable=False),
        sa.Column("next_due_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=True),
        sa.CheckConstraint("max_papers >= 1", name=op.f("ck_subscriptions_max_papers")),
        sa.CheckConstraint("weekdays BETWEEN 0 AND 127", name=op.f("ck_subscriptions_weekdays")),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name="fk_subscriptions_address_id_addresses", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
        sa.UniqueConstraint("address_id", name="uq_subscriptions_address_id"),
    )
    op.create_index("ix_subscriptions_next_due_at", "subscriptions", ["next_due_at"], unique=False)
    op.create_table(
        "interests",
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("categories", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("excluded_anywhere", sa.Text(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=False),
        sa.Column("min_votes", sa.Integer(), nullable=False),
        sa.Column("wants_replacements", sa.Boolean(), nullable=False),
        sa.CheckConstraint("min_votes >= 0", name=op.f("ck_interests_min_votes")),
        sa.CheckConstraint("threshold BETWEEN 0 AND 10", name=op.f("ck_interests_threshold")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_interests_subscription_id_subscriptions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscription_id", name="pk_interests"),
    )


def _make_digests() -> None:
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot_on", sa.Date(), nullable=False),
        sa.Column("slot_kind", sa.Text(), nullable=False),
        sa.Column("slot_number", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("matched", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("span_from", sa.Date(), nullable=True),
        sa.Column("span_to", sa.Date(), nullable=True),
        sa.Column("notices", sa.Text(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("delivered_at", INSTANT, nullable=True),
        sa.CheckConstraint("slot_kind IN ('daily', 'catchup', 'now')", name=op.f("ck_digests_slot_kind")),
        sa.CheckConstraint("slot_number >= 0", name=op.f("ck_digests_slot_number")),
        sa.CheckConstraint("slot_kind <> 'daily' OR slot_number = 0", name=op.f("ck_digests_one_daily")),
        sa.CheckConstraint("(span_from IS NULL) = (span_to IS NULL)", name=op.f("ck_digests_span")),
        sa.CheckConstraint("found >= 0 AND matched >= 0 AND listed >= 0", name=op.f("ck_digests_counts")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_digests_subscription_id_subscriptions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("subscription_id", "slot_on", "slot_kind", "slot_number", name="uq_digests_slot"),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("shown_as", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("is_freed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 10", name=op.f("ck_items_score")),
        sa.CheckConstraint("shown_as >= 0", name=op.f("ck_items_shown_as")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name="fk_items_digest_id_digests", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["paper_key"], ["papers.key"], name="fk_items_paper_key_papers"),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name="fk_items_subscription_id_subscriptions", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        sa.UniqueConstraint("digest_id", "position", name="uq_items_digest_id_position"),
    )
    op.create_index("ix_items_paper_key", "items", ["paper_key"], unique=False)
    op.create_index(
        "uq_items_shown_once",
        "items",
        ["subscription_id", "paper_key", "shown_as"],
        unique=True,
        sqlite_where=sa.text("is_freed = 0"),
        postgresql_where=sa.text("NOT is_freed"),
    )
