"""People, units, the question bank and study: the tables of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_setup",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_accounts_setup")),
    )
    op.create_table(
        "accounts_throttle",
        sa.Column("bucket", sa.String(length=80), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_accounts_throttle")),
    )
    op.create_table(
        "bank_document",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("short", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_document")),
    )
    op.create_table(
        "bank_publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_publication")),
    )
    op.create_table(
        "org_unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["org_unit.id"], name=op.f("fk_org_unit_parent_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_org_unit_code")),
        sa.UniqueConstraint("path", name=op.f("uq_org_unit_path")),
    )
    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_org_unit_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_org_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "accounts_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("text_size", sa.Integer(), nullable=False),
        sa.Column("shortcuts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_accounts_user_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_user")),
        sa.UniqueConstraint("phone", name=op.f("uq_accounts_user_phone")),
    )
    with op.batch_alter_table("accounts_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_user_name"), ["name"], unique=False)
        batch_op.create_index("ix_accounts_user_unit_id_name", ["unit_id", "name"], unique=False)

    op.create_table(
        "bank_edition",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("short", sa.String(length=60), nullable=False),
        sa.Column("adopted", sa.Date(), nullable=False),
        sa.Column("in_force", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["bank_document.id"],
            name=op.f("fk_bank_edition_document_id_bank_document"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_edition")),
    )
    with op.batch_alter_table("bank_edition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bank_edition_document_id"), ["document_id"], unique=False
        )

    op.create_table(
        "accounts_invite",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_invite_created_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_invite_user_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "token_hash", name=op.f("pk_accounts_invite")),
    )
    op.create_table(
        "accounts_session",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_user.id"],
            name=op.f("fk_accounts_session_user_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "token_hash", name=op.f("pk_accounts_session")),
    )
    op.create_table(
        "bank_chapter",
        sa.Column("edition_id", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["bank_edition.id"],
            name=op.f("fk_bank_chapter_edition_id_bank_edition"),
        ),
        sa.PrimaryKeyConstraint("edition_id", "id", name=op.f("pk_bank_chapter")),
    )
    op.create_table(
        "study_setting",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("new_per_day", sa.Integer(), nullable=False),
        sa.Column("answers_per_day", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_study_setting_member_id_accounts_user"),
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_study_setting")),
    )
    op.create_table(
        "study_void",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("replaced_by", sa.String(), nullable=True),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_study_void_member_id_accounts_user")
        ),
        sa.PrimaryKeyConstraint("member_id", "answer_id", name=op.f("pk_study_void")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "bank_provision",
        sa.Column("edition_id", sa.String(length=60), nullable=False),
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("chapter_id", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "chapter_id"],
            ["bank_chapter.edition_id", "bank_chapter.id"],
            name=op.f("fk_bank_provision_edition_id_bank_chapter"),
        ),
        sa.PrimaryKeyConstraint("edition_id", "id", name=op.f("pk_bank_provision")),
    )
    op.create_table(
        "bank_question",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("edition_id", sa.String(length=60), nullable=False),
        sa.Column("chapter_id", sa.String(length=60), nullable=False),
        sa.Column("provision_id", sa.String(length=60), nullable=False),
        sa.Column("difficulty", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "provision_id"],
            ["bank_provision.edition_id", "bank_provision.id"],
            name=op.f("fk_bank_question_edition_id_bank_provision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_question")),
    )
    op.create_table(
        "bank_report",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=22), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.Column("replied_at", sa.BigInteger(), nullable=True),
        sa.Column("replied_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_bank_report_member_id_accounts_user"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_bank_report_question_id_bank_question"),
        ),
        sa.ForeignKeyConstraint(
            ["replied_by"],
            ["accounts_user.id"],
            name=op.f("fk_bank_report_replied_by_accounts_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("member_id", "id", name=op.f("pk_bank_report")),
    )
    with op.batch_alter_table("bank_report", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_report_state_created_at", ["state", "created_at"], unique=False
        )

    op.create_table(
        "bank_revision",
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_bank_revision_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("question_id", "revision", name=op.f("pk_bank_revision")),
    )
    op.create_table(
        "study_card",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("stability", sa.Float(precision=53), nullable=True),
        sa.Column("difficulty", sa.Float(precision=53), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("wait", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("lapses", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("wrong_left", sa.SmallInteger(), nullable=False),
        sa.Column("wrong_day", sa.Date(), nullable=True),
        sa.Column("starred", sa.Boolean(), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("buried_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_study_card_member_id_accounts_user")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_study_card_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("member_id", "question_id", name=op.f("pk_study_card")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("study_card", schema=None) as batch_op:
        batch_op.create_index("ix_study_card_due", ["member_id", "due_at"], unique=False)

    op.create_table(
        "study_note",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["accounts_user.id"], name=op.f("fk_study_note_member_id_accounts_user")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_study_note_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("member_id", "question_id", name=op.f("pk_study_note")),
    )
    op.create_table(
        "study_review",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(length=60), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("before", sa.SmallInteger(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["accounts_user.id"],
            name=op.f("fk_study_review_member_id_accounts_user"),
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["bank_question.id"],
            name=op.f("fk_study_review_question_id_bank_question"),
        ),
        sa.PrimaryKeyConstraint("member_id", "answer_id", name=op.f("pk_study_review")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.create_index("ix_study_review_card", ["member_id", "question_id"], unique=False)
        batch_op.create_index("ix_study_review_day", ["member_id", "day"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("study_review", schema=None) as batch_op:
        batch_op.drop_index("ix_study_review_day")
        batch_op.drop_index("ix_study_review_card")

    op.drop_table("study_review")
    op.drop_table("study_note")
    with op.batch_alter_table("study_card", schema=None) as batch_op:
        batch_op.drop_index("ix_study_card_due")

    op.drop_table("study_card")
    op.drop_table("bank_revision")
    with op.batch_alter_table("bank_report", schema=None) as batch_op:
        batch_op.drop_index("ix_bank_report_state_created_at")

    op.drop_table("bank_report")
    op.drop_table("bank_question")
    op.drop_table("bank_provision")
    op.drop_table("study_void")
    op.drop_table("study_setting")
    op.drop_table("bank_chapter")
    op.drop_table("accounts_session")
    op.drop_table("accounts_invite")
    with op.batch_alter_table("bank_edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_edition_document_id"))

    op.drop_table("bank_edition")
    with op.batch_alter_table("accounts_user", schema=None) as batch_op:
        batch_op.drop_index("ix_accounts_user_unit_id_name")
        batch_op.drop_index(batch_op.f("ix_accounts_user_name"))

    op.drop_table("accounts_user")
    with op.batch_alter_table("org_unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_org_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_org_unit_name"))

    op.drop_table("org_unit")
    op.drop_table("bank_publication")
    op.drop_table("bank_document")
    op.drop_table("accounts_throttle")
    op.drop_table("accounts_setup")
