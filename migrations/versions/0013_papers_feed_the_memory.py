"""Papers feed the memory, answers to reserved questions wait, and a paper's time can change."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_fed",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("remarks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_study_fed_member_id_accounts_user")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["quiz_paper.id"], name=op.f("fk_study_fed_paper_id_quiz_paper")
        ),
        sa.PrimaryKeyConstraint("member_id", "paper_id", "number", name=op.f("pk_study_fed")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "study_waiting",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("arrived_ms", sa.BigInteger(), nullable=False),
        sa.Column("disputed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_study_waiting_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_study_waiting_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("member_id", "answer_id", name=op.f("pk_study_waiting")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("quiz_paper", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moves", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("quiz_paper", schema=None) as batch_op:
        batch_op.drop_column("moves")

    op.drop_table("study_waiting")
    op.drop_table("study_fed")
