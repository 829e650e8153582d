"""What members report about questions, and what is answered."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.bank.models import ReportRow
from app.bank.queries import get_question
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale, TooMany
from app.base.ids import new_id

LONGEST = 500  # characters of a report or a reply
MOST_OPEN = 50  # open reports of one member


def report_question(member_id: int, question_id: str, text: str, now: datetime) -> None:
    """Keep a member's report on a question; the same words sent twice are kept once."""
    text = _checked(text, _("请写明这道题有什么问题。"))
    revision = get_question(question_id).revision
    with transaction() as session:
        mine = select(ReportRow).where(ReportRow.member_id == member_id, ReportRow.state == "open")
        same = mine.where(ReportRow.question_id == question_id, ReportRow.text == text)
        if session.scalar(same.limit(1)) is not None:
            return
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_OPEN:
            raise TooMany(_("您已有 %(n)s 条反馈还没有答复，请等答复后再提。", n=MOST_OPEN))
        session.add(
            ReportRow(
                member_id=member_id,
                id=new_id(),
                question_id=question_id,
                revision=revision,
                text=text,
                created_at=epoch(now),
                state="open",
            )
        )


def reply_report(member_id: int, report_id: str, text: str, replied_by: int, now: datetime) -> None:
    """Answer a report; refused as stale when somebody else has answered otherwise before."""
    text = _checked(text, _("请写下答复。"))
    with transaction() as session:
        row = session.get(ReportRow, (member_id, report_id))
        if row is None:
            raise NotFound(_("没有找到这条反馈。"))
        if row.state == "answered":
            if (row.reply, row.replied_by) == (text, replied_by):
                return
            raise Stale(_("这条反馈已经答复过了，没有再改动。"))
        row.state, row.reply = "answered", text
        row.replied_at, row.replied_by = epoch(now), replied_by
        subject = f"question:{row.question_id}"
        record(session, now, replied_by, "bank.reply_report", subject, member_id)


def _checked(text: str, when_empty: str) -> str:
    """Return the text trimmed, or refuse an empty or too long one."""
    text = text.strip()
    if not text:
        raise Invalid(when_empty, text=when_empty)
    if len(text) > LONGEST:
        message = _("最多 %(n)s 个字，请写短一些。", n=LONGEST)
        raise Invalid(message, text=message)
    return text
