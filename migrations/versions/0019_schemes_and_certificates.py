"""Assessment schemes, published scores, and certificates."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assess_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("frozen_ms", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_assess_scheme_created_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["accounts_user.id"],
            name=op.f("fk_assess_scheme_published_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"],
            ["assess_scheme.id"],
            name=op.f("fk_assess_scheme_replaces_id_assess_scheme"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assess_scheme_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assess_scheme")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("assess_scheme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assess_scheme_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "assess_certificate",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=22), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assess_certificate_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["assess_scheme.id"],
            name=op.f("fk_assess_certificate_scheme_id_assess_scheme"),
        ),
        sa.PrimaryKeyConstraint("member_id", "scheme_id", name=op.f("pk_assess_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_assess_certificate_code")),
    )
    op.create_table(
        "assess_score",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(precision=53), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_assess_score_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["assess_scheme.id"],
            name=op.f("fk_assess_score_scheme_id_assess_scheme"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assess_score_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("member_id", "scheme_id", name=op.f("pk_assess_score")),
    )
    with op.batch_alter_table("assess_score", schema=None) as batch_op:
        batch_op.create_index("ix_assess_score_scheme_id", ["scheme_id"], unique=False)

    op.create_table(
        "assess_unit_certificate",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=22), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scheme_id"],
            ["assess_scheme.id"],
            name=op.f("fk_assess_unit_certificate_scheme_id_assess_scheme"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_assess_unit_certificate_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("unit_id", "scheme_id", name=op.f("pk_assess_unit_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_assess_unit_certificate_code")),
    )


def downgrade() -> None:
    op.drop_table("assess_unit_certificate")
    with op.batch_alter_table("assess_score", schema=None) as batch_op:
        batch_op.drop_index("ix_assess_score_scheme_id")

    op.drop_table("assess_score")
    op.drop_table("assess_certificate")
    with op.batch_alter_table("assess_scheme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assess_scheme_unit_id"))

    op.drop_table("assess_scheme")
