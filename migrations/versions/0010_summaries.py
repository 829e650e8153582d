"""What answers sum up to by member and chapter, by unit, month and chapter; filled from them."""

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COUNTED, FIRST, DELAYED = 1, 2, 4
KEY = {"subject": sa.String(length=60), "chapter": sa.String(length=60)}
FIELDS = (
    "met",
    "reviews",
    "delayed",
    "recalled",
    "self_rated",
    "self_delayed",
    "self_recalled",
)

# The unit is where the member was when the answer was given; before their first known stay, there.
SET_UNIT = """
UPDATE study_review SET unit_id = coalesce(
  CASE WHEN EXISTS (SELECT 1 FROM org_membership m WHERE m.member_id = study_review.member_id)
  THEN CASE WHEN EXISTS (SELECT 1 FROM org_membership m WHERE m.member_id = study_review.member_id
      AND m.since <= study_review.at_ms / 1000)
    THEN (SELECT m.unit_id FROM org_membership m WHERE m.member_id = study_review.member_id
      AND m.since <= study_review.at_ms / 1000 ORDER BY m.since DESC LIMIT 1)
    ELSE (SELECT m.unit_id FROM org_membership m WHERE m.member_id = study_review.member_id
      ORDER BY m.since LIMIT 1) END
  ELSE (SELECT u.unit_id FROM accounts_user u WHERE u.id = study_review.member_id) END, 0)
"""
SET_TALLY = """
UPDATE study_review SET tally = counted.tally FROM (
  SELECT r.member_id, r.answer_id,
    1 + CASE WHEN lag(r.day) OVER card IS NULL THEN 2
        WHEN r.day > lag(r.day) OVER card THEN 4 ELSE 0 END AS tally
  FROM study_review r
  WHERE NOT EXISTS (
    SELECT 1 FROM study_void v WHERE v.member_id = r.member_id AND v.answer_id = r.answer_id)
  WINDOW card AS (PARTITION BY r.member_id, r.question_id ORDER BY r.at_ms, r.answer_id)
) AS counted
WHERE counted.member_id = study_review.member_id AND counted.answer_id = study_review.answer_id
"""
COUNT = sa.text(
    'SELECT member_id, unit_id, question_id, revision, day, tally, "right", count(*) AS number'
    " FROM study_review WHERE tally > 0"
    ' GROUP BY member_id, unit_id, question_id, revision, day, tally, "right"'
).columns(day=sa.Date(), right=sa.Boolean())
REVISIONS = "SELECT question_id, revision, content FROM bank_revision"
PLACES = "SELECT edition_id, id, chapter_id FROM bank_provision"
SUBJECTS = (
    "SELECT bank_edition.id, bank_document.subject FROM bank_edition"
    " JOIN bank_document ON bank_document.id = bank_edition.document_id"
)


def _sums() -> list[sa.Column]:
    return [sa.Column(name, sa.Integer(), nullable=False) for name in FIELDS]


def _key() -> list[sa.Column]:
    return [sa.Column(name, kind, nullable=False) for name, kind in KEY.items()]


def upgrade() -> None:
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("tally", sa.SmallInteger(), server_default="0", nullable=False)
        )
    members = op.create_table(
        "study_member_chapter",
        sa.Column("member_id", sa.Integer(), nullable=False),
        *_key(),
        *_sums(),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_study_member_chapter_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint(
            "member_id", "subject", "chapter", name=op.f("pk_study_member_chapter")
        ),
        sqlite_with_rowid=False,
    )
    unit_key = ("unit_id", "month", "subject", "chapter")
    units = op.create_table(
        "study_unit_chapter",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *_key(),
        *_sums(),
        sa.PrimaryKeyConstraint(*unit_key, name=op.f("pk_study_unit_chapter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "study_unit_recall",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        *_key(),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.Column("recall", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint(*unit_key, name=op.f("pk_study_unit_recall")),
        sqlite_with_rowid=False,
    )
    op.execute(SET_UNIT)
    op.execute(SET_TALLY)
    _fill(members, units)


def _fill(members: sa.Table, units: sa.Table) -> None:
    """Count the answers into both summaries."""
    connection, places = op.get_bind(), _places()
    own: dict = defaultdict(lambda: dict.fromkeys(FIELDS, 0))
    months: dict = defaultdict(lambda: dict.fromkeys(FIELDS, 0))
    last: dict = {}
    for row in connection.execute(COUNT):
        place = places.get((row.question_id, row.revision))
        if place is None:
            continue
        delayed = bool(row.tally & DELAYED)
        added = {
            "met": row.number * bool(row.tally & FIRST),
            "reviews": row.number,
            "delayed": row.number * delayed,
            "recalled": row.number * (delayed and row.right),
        }
        mine, month = (row.member_id, *place), (row.unit_id, row.day.replace(day=1), *place)
        for name, number in added.items():
            own[mine][name] += number
            months[month][name] += number
        last[mine] = max(last.get(mine, row.day), row.day)
    if own:
        names = ("member_id", *KEY)
        rows = [
            {**dict(zip(names, key, strict=True)), **sums, "last_day": last[key]}
            for key, sums in own.items()
        ]
        op.bulk_insert(members, rows)
        names = ("unit_id", "month", *KEY)
        op.bulk_insert(
            units, [{**dict(zip(names, key, strict=True)), **sums} for key, sums in months.items()]
        )


def _places() -> dict[tuple[str, int], tuple[str, str]]:
    """Return (question, revision) → (subject, chapter) as the revision had it."""
    connection = op.get_bind()
    chapters = {(e, p): c for e, p, c in connection.exec_driver_sql(PLACES)}
    subjects = dict(connection.exec_driver_sql(SUBJECTS).all())
    found = {}
    revisions = connection.exec_driver_sql(
        "SELECT question_id, revision, content FROM bank_revision"
    )
    for question_id, number, content in revisions:
        said = json.loads(content)
        edition, item = said.get("edition"), said.get("item") or {}
        chapter = chapters.get((edition, item.get("provision")))
        if edition in subjects and chapter is not None:
            found[question_id, number] = subjects[edition], chapter
    return found


def downgrade() -> None:
    op.drop_table("study_unit_recall")
    op.drop_table("study_unit_chapter")
    op.drop_table("study_member_chapter")
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.drop_column("tally")
        batch_op.drop_column("unit_id")
