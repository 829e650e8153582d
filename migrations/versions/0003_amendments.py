"""Questions of units, and questions that wait because their source was amended."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_recheck",
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("edition_id", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["accounts_user.id"],
            name=op.f("fk_bank_recheck_decided_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_bank_recheck_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "edition_id", name=op.f("pk_bank_recheck")),
    )
    with op.batch_alter_table("bank_recheck", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_recheck_state"), ["state"], unique=False)

    with op.batch_alter_table("bank_question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_bank_question_unit_id"), ["unit_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_bank_question_unit_id_org_unit"), "org_unit", ["unit_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("bank_question", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_bank_question_unit_id_org_unit"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_bank_question_unit_id"))
        batch_op.drop_column("unit_id")

    with op.batch_alter_table("bank_recheck", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_recheck_state"))

    op.drop_table("bank_recheck")
