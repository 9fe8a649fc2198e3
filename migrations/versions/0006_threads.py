"""Whether a day's papers come in a thread of their own, and which list of commands a platform was told."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(sa.Column("has_thread", sa.Boolean(), nullable=True))
    op.execute(sa.table("subscriptions", sa.column("has_thread")).update().values(has_thread=True))
    with op.batch_alter_table("subscriptions") as table:
        table.alter_column("has_thread", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "listings",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "bot", name=op.f("pk_listings")),
    )
