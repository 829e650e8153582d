"""The index on a member's days also holds time, tally and duration, so that pages need no more."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

OLD = ["member_id", "day"]
NEW = [*OLD, "at_ms", "tally", "elapsed_ms"]


def upgrade() -> None:
    op.drop_index("ix_study_review_day", table_name="study_review")
    op.create_index("ix_study_review_day", "study_review", NEW)


def downgrade() -> None:
    op.drop_index("ix_study_review_day", table_name="study_review")
    op.create_index("ix_study_review_day", "study_review", OLD)
