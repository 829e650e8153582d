"""Papers, attempts with a slot for each question, extra time, and marks given anew."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("seed", sa.String(length=22), nullable=False),
        sa.Column("per_person", sa.Boolean(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.SmallInteger(), nullable=False),
        sa.Column("key_shown", sa.String(length=10), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_quiz_paper_created_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_quiz_paper_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_paper")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("quiz_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_paper_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "quiz_allowance",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("extra_s", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["accounts_user.id"],
            name=op.f("fk_quiz_allowance_given_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_quiz_allowance_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_allowance_paper_id_quiz_paper")
        ),
        sa.PrimaryKeyConstraint("member_id", "paper_id", name=op.f("pk_quiz_allowance")),
    )
    op.create_table(
        "quiz_attempt",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seed", sa.String(length=22), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(precision=53), nullable=True),
        sa.Column("full", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_quiz_attempt_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["quiz_paper.id"], name=op.f("fk_quiz_attempt_paper_id_quiz_paper")
        ),
        sa.PrimaryKeyConstraint("member_id", "paper_id", "number", name=op.f("pk_quiz_attempt")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_quiz_attempt_paper_id_state", ["paper_id", "state"], unique=False)

    op.create_table(
        "quiz_slot",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("answer_id", sa.String(length=22), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("right", sa.Boolean(), nullable=True),
        sa.Column("mark", sa.Float(precision=53), nullable=True),
        sa.Column("marked_revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id", "paper_id", "number"],
            ["quiz_attempt.member_id", "quiz_attempt.paper_id", "quiz_attempt.number"],
            name="fk_quiz_slot_attempt",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_quiz_slot_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "paper_id", "number", "slot", name=op.f("pk_quiz_slot")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("quiz_slot", schema=None) as batch_op:
        batch_op.create_index(
            "ix_quiz_slot_paper_id_question_id", ["paper_id", "question_id"], unique=False
        )

    op.create_table(
        "quiz_remark",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("old_mark", sa.Float(precision=53), nullable=False),
        sa.Column("new_mark", sa.Float(precision=53), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["accounts_user.id"],
            name=op.f("fk_quiz_remark_given_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "paper_id", "number", "slot"],
            ["quiz_slot.member_id", "quiz_slot.paper_id", "quiz_slot.number", "quiz_slot.slot"],
            name="fk_quiz_remark_slot",
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "paper_id", "number", "slot", "turn", name=op.f("pk_quiz_remark")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("quiz_remark")
    with op.batch_alter_table("quiz_slot", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_slot_paper_id_question_id")

    op.drop_table("quiz_slot")
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_quiz_attempt_paper_id_state")

    op.drop_table("quiz_attempt")
    op.drop_table("quiz_allowance")
    with op.batch_alter_table("quiz_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_paper_unit_id"))

    op.drop_table("quiz_paper")
