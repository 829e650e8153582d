"""What members question, and what assessment works out at night."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assess_fit",
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("fitted_at", sa.BigInteger(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("coefficients", sa.Text(), nullable=False),
        sa.Column("member_variance", sa.Float(precision=53), nullable=False),
        sa.Column("item_variance", sa.Float(precision=53), nullable=False),
        sa.Column("judged", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("simulated", name=op.f("pk_assess_fit")),
    )
    op.create_table(
        "assess_appeal",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assess_appeal_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by"],
            ["accounts_user.id"],
            name=op.f("fk_assess_appeal_replied_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_assess_appeal")),
    )
    with op.batch_alter_table("assess_appeal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assess_appeal_state_created_at", ["state", "created_at"], unique=False
        )

    op.create_table(
        "assess_member_offset",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("variance", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assess_member_offset_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_assess_member_offset")),
    )
    op.create_table(
        "assess_item",
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_assess_item_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_assess_item")),
    )
    with op.batch_alter_table("assess_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assess_item_flagged"), ["flagged"], unique=False)

    op.create_table(
        "assess_item_offset",
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Float(precision=53), nullable=False),
        sa.Column("variance", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_assess_item_offset_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "simulated", name=op.f("pk_assess_item_offset")),
    )
    op.create_table(
        "assess_unit_question",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_assess_unit_question_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("unit_id", "question_id", name=op.f("pk_assess_unit_question")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("assess_unit_question")
    op.drop_table("assess_item_offset")
    with op.batch_alter_table("assess_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assess_item_flagged"))

    op.drop_table("assess_item")
    op.drop_table("assess_member_offset")
    with op.batch_alter_table("assess_appeal", schema=None) as batch_op:
        batch_op.drop_index("ix_assess_appeal_state_created_at")

    op.drop_table("assess_appeal")
    op.drop_table("assess_fit")
