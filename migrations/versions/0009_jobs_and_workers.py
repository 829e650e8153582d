"""Long and regular work: jobs with their lease, and the workers' signs of life."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "base_job",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.String(length=22), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_base_job")),
        sa.UniqueConstraint("key", name=op.f("uq_base_job_key")),
    )
    with op.batch_alter_table("base_job", schema=None) as batch_op:
        batch_op.create_index("ix_base_job_kind_made_at", ["kind", "made_at"], unique=False)
        batch_op.create_index("ix_base_job_state_run_at", ["state", "run_at"], unique=False)

    op.create_table(
        "base_worker",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("beat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_base_worker")),
    )


def downgrade() -> None:
    op.drop_table("base_worker")
    with op.batch_alter_table("base_job", schema=None) as batch_op:
        batch_op.drop_index("ix_base_job_state_run_at")
        batch_op.drop_index("ix_base_job_kind_made_at")

    op.drop_table("base_job")
