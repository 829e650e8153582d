"""Questioning a figure, and the answer: each is one transaction and on record."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.queries import Viewer
from app.assess.models import AppealRow
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale, TooMany
from app.base.ids import new_id
from app.org import queries as org

LONGEST = 500  # characters of a doubt or an answer
MOST_OPEN = 30  # open ones of a member


def question_figure(member_id: int, about: str, shown: str, text: str, now: datetime) -> None:
    """Keep a member's doubt about a figure, with what it said; the same sent twice is kept once."""
    text = _checked(text, _("请写明哪里不对。"))
    with transaction() as session:
        mine = select(AppealRow).where(AppealRow.member_id == member_id, AppealRow.state == "open")
        if session.scalar(mine.where(AppealRow.about == about, AppealRow.text == text)) is not None:
            return
        if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST_OPEN:
            raise TooMany(_("您已有 %(n)s 条申诉还没有答复，请等答复后再提。", n=MOST_OPEN))
        appeal_id, at = new_id(), epoch(now)
        row = AppealRow(member_id=member_id, id=appeal_id, about=about, shown=shown, text=text)
        row.created_at, row.state = at, "open"
        session.add(row)
        record(session, now, member_id, "assess.question_figure", f"appeal:{appeal_id}", member_id)


def answer_appeal(by: Viewer, member_id: int, appeal_id: str, text: str, now: datetime) -> None:
    """Answer the doubt of a member within reach; nobody answers their own."""
    text = _checked(text, _("请写下答复。"))
    org.get_person(org.scope_to_change(by), member_id)
    if member_id == by.id:
        raise Invalid(_("自己的申诉要由别的组织者答复。"))
    with transaction() as session:
        row = session.get(AppealRow, (member_id, appeal_id))
        if row is None:
            raise NotFound(_("没有这条申诉。"))
        if row.state == "answered":
            if (row.reply, row.replied_by) == (text, by.id):
                return
            raise Stale(_("这条申诉已经答复过了，没有再改动。"))
        row.state, row.reply = "answered", text
        row.replied_at, row.replied_by = epoch(now), by.id
        record(session, now, by.id, "assess.answer_appeal", f"appeal:{appeal_id}", member_id)


def _checked(text: str, when_empty: str) -> str:
    """Return the text trimmed, or refuse an empty or too long one."""
    text = text.strip()
    if not text:
        raise Invalid(when_empty, text=when_empty)
    if len(text) > LONGEST:
        message = _("最多 %(n)s 个字，请写短一些。", n=LONGEST)
        raise Invalid(message, text=message)
    return text
