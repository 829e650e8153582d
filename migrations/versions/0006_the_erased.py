"""What is kept of erased people: tombstones, and counts of many."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_tombstone",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_accounts_tombstone")),
    )
    op.create_table(
        "study_erased",
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_study_erased_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_study_erased")),
    )


def downgrade() -> None:
    op.drop_table("study_erased")
    op.drop_table("accounts_tombstone")
