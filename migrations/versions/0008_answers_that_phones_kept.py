"""What is known of an answer that a phone kept until it had a network."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("arrived_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("claimed_ms", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("disputed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.drop_column("disputed")
        batch_op.drop_column("claimed_ms")
        batch_op.drop_column("arrived_ms")
        batch_op.drop_column("device")
