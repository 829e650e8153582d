"""Papers and study goals asked of people: the assignments, who is named, what goals take."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assign_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=22), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("pass_percent", sa.SmallInteger(), nullable=False),
        sa.Column("remind_days", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_assign_assignment_created_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["quiz_paper.id"], name=op.f("fk_assign_assignment_paper_id_quiz_paper")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_assignment_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_assignment")),
        sa.UniqueConstraint("form_id", name=op.f("uq_assign_assignment_form_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assign_assignment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assign_assignment_closes_at"), ["closes_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_assign_assignment_paper_id"), ["paper_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assign_assignment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assign_load",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recall", sa.Float(precision=53), nullable=False),
        sa.Column("expected", sa.Float(precision=53), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("unseen", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assign_assignment.id"],
            name=op.f("fk_assign_load_assignment_id_assign_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assign_load_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "assignment_id", name=op.f("pk_assign_load")),
    )
    with op.batch_alter_table("assign_load", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assign_load_assignment_id"), ["assignment_id"], unique=False
        )

    op.create_table(
        "assign_named",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assign_assignment.id"],
            name=op.f("fk_assign_named_assignment_id_assign_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assign_named_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", "assignment_id", name=op.f("pk_assign_named")),
    )
    with op.batch_alter_table("assign_named", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assign_named_assignment_id"), ["assignment_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("assign_named", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_named_assignment_id"))

    op.drop_table("assign_named")
    with op.batch_alter_table("assign_load", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_load_assignment_id"))

    op.drop_table("assign_load")
    with op.batch_alter_table("assign_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_assignment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_assign_assignment_paper_id"))
        batch_op.drop_index(batch_op.f("ix_assign_assignment_closes_at"))

    op.drop_table("assign_assignment")
