"""Status, standing, posts and past units of people; units that were closed or merged."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "org_membership",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_org_membership_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_org_membership_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("member_id", "since", name=op.f("pk_org_membership")),
    )
    with op.batch_alter_table("org_membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_org_membership_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "org_post",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_org_post_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_org_post_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("member_id", "unit_id", "post", "since", name=op.f("pk_org_post")),
    )
    with op.batch_alter_table("org_post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_org_post_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "org_profile",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_org_profile_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_org_profile")),
    )
    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    # Not in a batch, which would build the table anew although people refer to its rows.
    op.drop_column("org_unit", "merged_into_id")
    op.drop_column("org_unit", "closed_at")

    op.drop_table("org_profile")
    with op.batch_alter_table("org_post", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_org_post_unit_id"))

    op.drop_table("org_post")
    with op.batch_alter_table("org_membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_org_membership_unit_id"))

    op.drop_table("org_membership")
