"""Files of questions as they were read, and drafts of units."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "authoring_batch",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_authoring_batch_unit_id_org_unit")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_authoring_batch_user_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_authoring_batch")),
    )
    op.create_table(
        "authoring_draft",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("question_id", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_authoring_draft_created_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["accounts_user.id"],
            name=op.f("fk_authoring_draft_decided_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_authoring_draft_question_id_bank_question"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_authoring_draft_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("unit_id", "id", name=op.f("pk_authoring_draft")),
        sa.UniqueConstraint("unit_id", "digest", name="uq_authoring_draft_unit_id"),
    )
    with op.batch_alter_table("authoring_draft", schema=None) as batch_op:
        batch_op.create_index(
            "ix_authoring_draft_unit_id_state", ["unit_id", "state"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("authoring_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_authoring_draft_unit_id_state")

    op.drop_table("authoring_draft")
    op.drop_table("authoring_batch")
