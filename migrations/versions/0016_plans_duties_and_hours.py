"""Plans, duties with the terms of those who answer for them, and hours of collective study."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assign_gathering",
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_gathering_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_gathering")),
    )
    with op.batch_alter_table("assign_gathering", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assign_gathering_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assign_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("lineage_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("quarter", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lineage_id"], ["assign_plan.id"], name=op.f("fk_assign_plan_lineage_id_assign_plan")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["assign_plan.id"], name=op.f("fk_assign_plan_source_id_assign_plan")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_plan_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_plan")),
        sa.UniqueConstraint("lineage_id", "unit_id", name="uq_assign_plan_lineage_id_unit_id"),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assign_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assign_plan_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assign_attendance",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("gathering_id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hours", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["assign_gathering.id"],
            name=op.f("fk_assign_attendance_gathering_id_assign_gathering"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assign_attendance_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "gathering_id", "version", name=op.f("pk_assign_attendance")
        ),
    )
    with op.batch_alter_table("assign_attendance", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assign_attendance_gathering_id_version", ["gathering_id", "version"], unique=False
        )

    op.create_table(
        "assign_duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("lineage_id", sa.Integer(), nullable=True),
        sa.Column("source_seen", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lineage_id"], ["assign_duty.id"], name=op.f("fk_assign_duty_lineage_id_assign_duty")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["assign_plan.id"], name=op.f("fk_assign_duty_plan_id_assign_plan")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["assign_duty.id"], name=op.f("fk_assign_duty_source_id_assign_duty")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_duty_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_duty")),
        sa.UniqueConstraint("lineage_id", "unit_id", name="uq_assign_duty_lineage_id_unit_id"),
    )
    with op.batch_alter_table("assign_duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assign_duty_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assign_duty_source_id"), ["source_id"], unique=False)
        batch_op.create_index("ix_assign_duty_unit_id_state", ["unit_id", "state"], unique=False)

    op.create_table(
        "assign_gathering_version",
        sa.Column("gathering_id", sa.String(length=22), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("hours", sa.Float(precision=53), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["assign_gathering.id"],
            name=op.f("fk_assign_gathering_version_gathering_id_assign_gathering"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["accounts_user.id"],
            name=op.f("fk_assign_gathering_version_given_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint(
            "gathering_id", "version", name=op.f("pk_assign_gathering_version")
        ),
    )
    with op.batch_alter_table("assign_gathering_version", schema=None) as batch_op:
        batch_op.create_index("ix_assign_gathering_version_day", ["day"], unique=False)

    op.create_table(
        "assign_target",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("applies_to", sa.String(length=20), nullable=False),
        sa.Column("hours", sa.Float(precision=53), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["accounts_user.id"],
            name=op.f("fk_assign_target_given_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_target_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("unit_id", "applies_to", name=op.f("pk_assign_target")),
    )
    op.create_table(
        "assign_duty_note",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("gathering_id", sa.String(length=22), nullable=True),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assign_assignment.id"],
            name=op.f("fk_assign_duty_note_assignment_id_assign_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["assign_duty.id"], name=op.f("fk_assign_duty_note_duty_id_assign_duty")
        ),
        sa.ForeignKeyConstraint(
            ["gathering_id"],
            ["assign_gathering.id"],
            name=op.f("fk_assign_duty_note_gathering_id_assign_gathering"),
        ),
        sa.ForeignKeyConstraint(
            ["given_by"],
            ["accounts_user.id"],
            name=op.f("fk_assign_duty_note_given_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("duty_id", "number", name=op.f("pk_assign_duty_note")),
    )
    op.create_table(
        "assign_person_term",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["assign_duty.id"], name=op.f("fk_assign_person_term_duty_id_assign_duty")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assign_person_term_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "duty_id", "since", name=op.f("pk_assign_person_term")
        ),
    )
    with op.batch_alter_table("assign_person_term", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assign_person_term_duty_id"), ["duty_id"], unique=False
        )

    op.create_table(
        "assign_post_term",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duty_id"], ["assign_duty.id"], name=op.f("fk_assign_post_term_duty_id_assign_duty")
        ),
        sa.PrimaryKeyConstraint("duty_id", "since", name=op.f("pk_assign_post_term")),
    )


def downgrade() -> None:
    op.drop_table("assign_post_term")
    with op.batch_alter_table("assign_person_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_person_term_duty_id"))

    op.drop_table("assign_person_term")
    op.drop_table("assign_duty_note")
    op.drop_table("assign_target")
    with op.batch_alter_table("assign_gathering_version", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_gathering_version_day")

    op.drop_table("assign_gathering_version")
    with op.batch_alter_table("assign_duty", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_duty_unit_id_state")
        batch_op.drop_index(batch_op.f("ix_assign_duty_source_id"))
        batch_op.drop_index(batch_op.f("ix_assign_duty_plan_id"))

    op.drop_table("assign_duty")
    with op.batch_alter_table("assign_attendance", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_attendance_gathering_id_version")

    op.drop_table("assign_attendance")
    with op.batch_alter_table("assign_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_plan_unit_id"))

    op.drop_table("assign_plan")
    with op.batch_alter_table("assign_gathering", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_gathering_unit_id"))

    op.drop_table("assign_gathering")
