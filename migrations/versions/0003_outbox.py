"""The outbox: delivery parts, suspended destinations, what a digest makes up for and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
CAUSES = (
    "'blocked', 'deactivated', 'kicked', 'chat_gone', 'topic_closed', 'topic_gone', 'channel_gone', 'server_gone', "
    "'no_permission', 'no_direct_messages', 'moved', 'throttled', 'unreachable', 'platform_down', 'no_answer', "
    "'markup_refused', 'too_long', 'refused', 'token_refused', 'crashed', 'too_late'"
)
STATES = "'due', 'sending', 'sent', 'retry', 'unknown', 'suspended', 'expired', 'dead'"
IS_OPEN = sa.text("state IN ('due', 'sending', 'retry', 'suspended')")
HAS_ABOUT = sa.text("about <> ''")
UNQUEUED = sa.text("queued_at IS NULL")


def upgrade() -> None:
    _extend_addresses()
    _extend_digests()
    _extend_items()
    _make_parts()


def _extend_addresses() -> None:
    with op.batch_alter_table("addresses") as table:
        table.add_column(sa.Column("suspended_because", sa.Text(), nullable=True))
        table.add_column(sa.Column("suspended_at", INSTANT, nullable=True))
        table.add_column(sa.Column("probe_at", INSTANT, nullable=True))
        table.add_column(sa.Column("probes", sa.Integer(), nullable=True))
    op.execute("UPDATE addresses SET probes = 0")
    with op.batch_alter_table("addresses") as table:
        table.alter_column("probes", existing_type=sa.Integer(), nullable=False)
        table.create_check_constraint(op.f("ck_addresses_suspended_because"), f"suspended_because IN ({CAUSES})")
        table.create_check_constraint(op.f("ck_addresses_probes"), "probes >= 0")
        table.create_check_constraint(op.f("ck_addresses_suspended"), "(suspended_because IS NULL) = (suspended_at IS NULL)")
        table.create_check_constraint(op.f("ck_addresses_probe_at"), "(suspended_because IS NULL) = (probe_at IS NULL)")
    op.create_index("ix_addresses_probe_at", "addresses", ["probe_at"], unique=False)


def _extend_digests() -> None:
    with op.batch_alter_table("digests") as table:
        table.add_column(sa.Column("deadline_at", INSTANT, nullable=True))
        table.add_column(sa.Column("covers_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("queued_at", INSTANT, nullable=True))
        table.add_column(sa.Column("skipped", sa.Text(), nullable=True))
    # What was planned and never shown is past its deadline: its papers are freed at the first start, and come late.
    op.execute("UPDATE digests SET deadline_at = created_at, queued_at = delivered_at")
    with op.batch_alter_table("digests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("deadline_at", existing_type=INSTANT, nullable=False)
        table.create_check_constraint(op.f("ck_digests_skipped"), "skipped IN ('empty', 'failed', 'withdrawn')")
        table.create_check_constraint(op.f("ck_digests_skipped_at"), "skipped IS NULL OR queued_at IS NOT NULL")
    op.create_index("ix_digests_created_at", "digests", ["created_at"], unique=False)
    op.create_index("ix_digests_unqueued", "digests", ["id"], unique=False, sqlite_where=UNQUEUED, postgresql_where=UNQUEUED)


def _extend_items() -> None:
    with op.batch_alter_table("items") as table:
        table.add_column(sa.Column("is_late", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("part", sa.Integer(), nullable=True))
    op.execute(sa.table("items", sa.column("is_late", sa.Boolean())).update().values(is_late=False))
    with op.batch_alter_table("items") as table:
        table.alter_column("is_late", existing_type=sa.Boolean(), nullable=False)


def _make_parts() -> None:
    op.create_table(
        "parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("is_plain", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("crashes", sa.Integer(), nullable=False),
        sa.Column("queued_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("claimed_at", INSTANT, nullable=True),
        sa.Column("unsure_since", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_parts_number")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_parts_state")),
        sa.CheckConstraint(f"cause IN ({CAUSES})", name=op.f("ck_parts_cause")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_parts_attempts")),
        sa.CheckConstraint("crashes >= 0", name=op.f("ck_parts_crashes")),
        sa.CheckConstraint("number <= total", name=op.f("ck_parts_total")),
        sa.CheckConstraint("(digest_id IS NULL) = (about <> '')", name=op.f("ck_parts_about")),
        sa.CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_parts_lease")),
        sa.CheckConstraint(
            "(state IN ('sent', 'unknown', 'expired', 'dead')) = (ended_at IS NOT NULL)", name=op.f("ck_parts_ended")
        ),
        sa.CheckConstraint(
            "state NOT IN ('suspended', 'unknown', 'expired', 'dead') OR cause IS NOT NULL", name=op.f("ck_parts_why")
        ),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_parts_digest_id_digests"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_parts_address_id_addresses"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parts")),
        sa.UniqueConstraint("digest_id", "number", name=op.f("uq_parts_digest_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_parts_open", "parts", ["state", "not_before"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index(
        "uq_parts_about", "parts", ["address_id", "about"], unique=True, sqlite_where=HAS_ABOUT, postgresql_where=HAS_ABOUT
    )
    op.create_index("ix_parts_address_id", "parts", ["address_id"])
    op.create_index("ix_parts_claimed_at", "parts", ["claimed_at"])
    op.create_index("ix_parts_ended_at", "parts", ["ended_at"])
