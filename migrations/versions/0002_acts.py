"""The record of what people do to people, papers, marks and questions."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "base_audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_base_audit")),
    )
    with op.batch_alter_table("base_audit", schema=None) as batch_op:
        batch_op.create_index("ix_base_audit_member_id_at_ms", ["member_id", "at_ms"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("base_audit", schema=None) as batch_op:
        batch_op.drop_index("ix_base_audit_member_id_at_ms")

    op.drop_table("base_audit")
