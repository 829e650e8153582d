"""Who surely recalls little, counted at night, and indexes by which people are counted.

The rows of units hold what the units below count from the next night on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assess_weak",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("delayed", sa.Integer(), nullable=False),
        sa.Column("recalled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assess_weak_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_assess_weak")),
    )
    op.execute("DELETE FROM assess_unit_question")
    op.create_index(
        op.f("ix_accounts_user_unit_id_disabled_at"), "accounts_user", ["unit_id", "disabled_at"]
    )
    op.create_index(op.f("ix_org_profile_standing"), "org_profile", ["standing"])


def downgrade() -> None:
    op.drop_index(op.f("ix_org_profile_standing"), "org_profile")
    op.drop_index(op.f("ix_accounts_user_unit_id_disabled_at"), "accounts_user")
    op.execute("DELETE FROM assess_unit_question")
    op.drop_table("assess_weak")
