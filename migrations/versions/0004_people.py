"""What people said and sent, how digests look in chat, and which parts somebody waits for."""

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(32), "sqlite")
IS_OPEN = "state IN ('due', 'sending', 'retry', 'suspended')"


def upgrade() -> None:
    _extend_subscriptions()
    _extend_digests()
    _extend_parts()
    _make_marks()
    _make_allowances()
    _make_uploads()


def _extend_subscriptions() -> None:
    columns: dict[str, TypeEngine[Any]] = {"form": sa.Text(), "is_muted": sa.Boolean(), "members_may_ask": sa.Boolean()}
    with op.batch_alter_table("subscriptions") as table:
        for name, kind in columns.items():
            table.add_column(sa.Column(name, kind, nullable=True))
    op.execute(_all("subscriptions", form="cards", is_muted=False, members_may_ask=True))
    with op.batch_alter_table("subscriptions") as table:
        for name, kind in columns.items():
            table.alter_column(name, existing_type=kind, nullable=False)
        table.create_check_constraint(op.f("ck_subscriptions_form"), "form IN ('cards', 'compact', 'titles')")


def _extend_digests() -> None:
    with op.batch_alter_table("digests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("rest", sa.Text(), nullable=True))
    op.execute(_all("digests", rest="[]"))
    with op.batch_alter_table("digests", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("rest", existing_type=sa.Text(), nullable=False)


def _extend_parts() -> None:
    with op.batch_alter_table("parts", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("is_answer", sa.Boolean(), nullable=True))
    op.execute(_all("parts", is_answer=False))
    with op.batch_alter_table("parts", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("is_answer", existing_type=sa.Boolean(), nullable=False)
    op.create_index(
        "ix_parts_answers",
        "parts",
        ["is_answer", "id"],
        sqlite_where=sa.text(f"is_answer = 1 AND {IS_OPEN}"),
        postgresql_where=sa.text(f"is_answer AND {IS_OPEN}"),
    )


def _make_marks() -> None:
    op.create_table(
        "marks",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("paper_key", sa.Text(), nullable=False),
        sa.Column("vote", sa.Integer(), nullable=False),
        sa.Column("voted_at", INSTANT, nullable=True),
        sa.Column("saved_at", INSTANT, nullable=True),
        sa.CheckConstraint("vote BETWEEN -1 AND 1", name=op.f("ck_marks_vote")),
        sa.CheckConstraint("vote = 0 OR voted_at IS NOT NULL", name=op.f("ck_marks_voted_at")),
        sa.PrimaryKeyConstraint("platform", "person", "paper_key", name=op.f("pk_marks")),
    )
    op.create_index("ix_marks_platform_person_saved_at", "marks", ["platform", "person", "saved_at"])


def _make_allowances() -> None:
    op.create_table(
        "allowances",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_allowances_used")),
        sa.PrimaryKeyConstraint("platform", "who", "on", name=op.f("pk_allowances")),
    )
    op.create_index("ix_allowances_on", "allowances", ["on"])


def _make_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_uploads_sent_at", "uploads", ["sent_at"])


def _all(table: str, **values: object) -> sa.Update:
    return sa.table(table, *(sa.column(name) for name in values)).update().values(**values)
