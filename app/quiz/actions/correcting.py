"""A question of a paper marked anew for everybody who was asked it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.queries import Viewer
from app.bank.queries import get_question
from app.base.audit import record
from app.base.clock import epoch
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.quiz.actions.holding import hold_attempt, hold_own_paper, list_slots
from app.quiz.actions.marking import mark_slot
from app.quiz.correction import can_translate
from app.quiz.models import PaperRow, RemarkRow, SlotRow
from app.quiz.paper import Correction, Item, Paper, encode
from app.quiz.reading import paper_of
from app.quiz.terms import read_reason


def remark_question(
    by: Viewer, paper_id: int, question_id: str, full: bool, reason: str, now: datetime
) -> int:
    """Mark a question of a paper anew and return how many marks were looked at.

    By the key of the bank's newest revision, or with full points for everybody (`full`). Attempts
    handed in keep old and new mark with the reason; those under way or begun later are marked by
    the correction. Sending the same again changes nothing.
    """
    reason = read_reason(reason)
    newest = get_question(question_id).revision
    with transaction() as session:
        row = hold_own_paper(session, by, paper_id)
        paper = paper_of(row)
        before = paper.corrections.get(question_id)
        if before is not None and (before.full, before.revision) == (full, newest):
            return 0
        slots = _slots_of(session, paper_id, question_id)
        _check_readable(slots, question_id, newest, full, before)
        turn = before.turn + 1 if before else 1
        correction = Correction(turn, newest, full, reason)
        corrected = _correct(row, paper, question_id, correction)
        looked_at = [_remark(session, corrected, slot, correction, by, now) for slot in slots]
        told = {"question": question_id, "revision": newest, "full": full, "reason": reason}
        told["marks"] = sum(looked_at)
        record(session, now, by.id, "quiz.remark_question", f"paper:{paper_id}", details=told)
        return sum(looked_at)


def _slots_of(session: Session, paper_id: int, question_id: str) -> list[SlotRow]:
    """Return every slot of a paper that asks the question, in key order."""
    query = select(SlotRow).where(SlotRow.paper_id == paper_id, SlotRow.question_id == question_id)
    slots = list(session.scalars(query.order_by(SlotRow.member_id, SlotRow.number)))
    if not slots:
        raise NotFound(_("这份试卷还没有人答过这道题。"))
    return slots


def _check_readable(
    slots: list[SlotRow], question_id: str, newest: int, full: bool, before: Correction | None
) -> None:
    """Refuse to mark by a key that is no other, or that does not fit what people chose from."""
    if full:
        return
    shown = {slot.revision for slot in slots}
    if shown == {newest} and before is None:
        raise Invalid(_("题库里这道题还没有更正。请先更正并发布题库，或给每个人满分。"))
    later = get_question(question_id, newest).content
    if not all(can_translate(get_question(question_id, r).content, later) for r in shown):
        message = _("更正后的选项和当时的不一样，不能按原来的选择重新评分。请给每个人满分。")
        raise Invalid(message)


def _correct(row: PaperRow, paper: Paper, question_id: str, correction: Correction) -> Paper:
    """Write a correction into the paper: later copies ask the corrected revision."""
    row.corrections = encode({**paper.corrections, question_id: correction})
    items = tuple(
        Item(i.question_id, correction.revision, i.points) if i.question_id == question_id else i
        for i in paper.items
    )
    row.items = encode(items)
    return paper_of(row)


def _remark(
    session: Session,
    paper: Paper,
    slot: SlotRow,
    correction: Correction,
    by: Viewer,
    now: datetime,
) -> bool:
    """Mark a slot of an attempt that is handed in anew, keeping both marks."""
    attempt = hold_attempt(session, slot.member_id, slot.paper_id, slot.number)
    if attempt.state == "open" or slot.mark is None:
        return False
    old = slot.mark
    mark_slot(slot, get_question(slot.question_id, slot.revision), paper)
    session.execute(
        insert(RemarkRow).values(
            member_id=slot.member_id,
            paper_id=slot.paper_id,
            number=slot.number,
            slot=slot.slot,
            turn=correction.turn,
            old_mark=old,
            new_mark=slot.mark,
            revision=correction.revision,
            reason=correction.reason,
            given_by=by.id,
            given_at=epoch(now),
        )
    )
    attempt.score = sum(one.mark or 0.0 for one in list_slots(session, attempt))
    return True
