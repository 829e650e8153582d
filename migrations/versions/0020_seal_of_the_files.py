"""What the files of the bank are known by without reading them."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bank_publication", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("seal", sa.String(length=64), server_default="", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("bank_publication", schema=None) as batch_op:
        batch_op.drop_column("seal")
