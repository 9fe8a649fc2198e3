"""Texts of papers, summaries with their claims, the calls of models, what endpoints understand; an urgent lane of slots."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
LACKS = (
    "'unreachable', 'throttled', 'quota', 'misconfigured', 'bad_answer', 'declined', 'budget', 'reader_budget', 'too_late', "
    "'no_text', 'site'"
)


def upgrade() -> None:
    op.add_column("gates", sa.Column("urgent_until", INSTANT, nullable=True))
    _make_texts()
    _make_summaries()
    _make_calls()
    op.create_table(
        "dialects",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("learnt_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "model", name="pk_dialects"),
    )


def _make_texts() -> None:
    op.create_table(
        "texts",
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("chars", sa.Integer(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("version >= 0", name=op.f("ck_texts_version")),
        sa.CheckConstraint("origin IN ('html', 'pdf', 'abstract')", name=op.f("ck_texts_origin")),
        sa.CheckConstraint("chars >= 0", name=op.f("ck_texts_chars")),
        sa.CheckConstraint("body IS NOT NULL OR (origin = 'abstract' AND valid_until IS NOT NULL)", name=op.f("ck_texts_body")),
        sa.PrimaryKeyConstraint("paper_key", "version", name="pk_texts"),
    )
    op.create_index("ix_texts_read_at", "texts", ["read_at"], unique=False)


def _make_summaries() -> None:
    op.create_table(
        "summaries",
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("retry_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lack", sa.Text(), nullable=True),
        sa.Column("owed_since", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 0", name=op.f("ck_summaries_version")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_summaries_attempts")),
        sa.CheckConstraint(f"lack IN ({LACKS})", name=op.f("ck_summaries_lack")),
        sa.CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", name=op.f("ck_summaries_lease")),
        sa.CheckConstraint("(body IS NULL) = (made_at IS NULL)", name=op.f("ck_summaries_made")),
        sa.CheckConstraint("retry_at IS NULL OR owed_since IS NOT NULL", name=op.f("ck_summaries_owed")),
        sa.PrimaryKeyConstraint("paper_key", "version", "style", "language", "model", name="pk_summaries"),
    )
    op.create_index("ix_summaries_model_owed_since", "summaries", ["model", "owed_since"], unique=False)


def _make_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=True),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("is_estimate", sa.Boolean(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose IN ('summary', 'answer')", name=op.f("ck_calls_purpose")),
        sa.CheckConstraint("version >= 0", name=op.f("ck_calls_version")),
        sa.CheckConstraint(f"outcome IN ('open', 'made', {LACKS})", name=op.f("ck_calls_outcome")),
        sa.CheckConstraint("tokens_in >= 0 AND tokens_out >= 0 AND calls >= 0 AND cost >= 0", name=op.f("ck_calls_spent")),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_at", "calls", ["at"], unique=False)
    op.create_index("ix_calls_reader_at", "calls", ["reader", "at"], unique=False)
