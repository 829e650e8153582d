"""Reminders: digests, wishes and calendars of people; robots of groups and what they were sent."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assign_robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assign_robot_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assign_robot")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_assign_robot_key_hash")),
    )
    with op.batch_alter_table("assign_robot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assign_robot_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assign_delivery",
        sa.Column("robot_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["robot_id"], ["assign_robot.id"], name=op.f("fk_assign_delivery_robot_id_assign_robot")
        ),
        sa.PrimaryKeyConstraint("robot_id", "key", name=op.f("pk_assign_delivery")),
    )
    with op.batch_alter_table("assign_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assign_delivery_robot_id_began_at", ["robot_id", "began_at"], unique=False
        )

    op.create_table(
        "assign_digest",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("mail_state", sa.String(length=10), nullable=False),
        sa.Column("mail_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assign_digest_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint("member_id", "day", name=op.f("pk_assign_digest")),
    )
    with op.batch_alter_table("assign_digest", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assign_digest_day_mail_state", ["day", "mail_state"], unique=False
        )

    op.create_table(
        "assign_feed",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_assign_feed_member_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_assign_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_assign_feed_token_hash")),
    )
    op.create_table(
        "assign_wish",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Boolean(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_assign_wish_member_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_assign_wish")),
    )


def downgrade() -> None:
    op.drop_table("assign_wish")
    op.drop_table("assign_feed")
    with op.batch_alter_table("assign_digest", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_digest_day_mail_state")

    op.drop_table("assign_digest")
    with op.batch_alter_table("assign_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_assign_delivery_robot_id_began_at")

    op.drop_table("assign_delivery")
    with op.batch_alter_table("assign_robot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assign_robot_unit_id"))

    op.drop_table("assign_robot")
