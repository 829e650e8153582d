"""What trainers do to attempts: more time for a person, a question marked anew for everybody."""

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
from app.org import queries as org
from app.quiz.actions.holding import hold_attempt, hold_own_paper, list_slots
from app.quiz.actions.marking import mark_slot
from app.quiz.correction import can_translate
from app.quiz.models import AllowanceRow, AttemptRow, PaperRow, RemarkRow, SlotRow
from app.quiz.paper import Correction, Item, Paper, encode
from app.quiz.queries import standing_unit
from app.quiz.reading import paper_of
from app.quiz.window import deadline_of, is_key_open, may_answer

LONGEST_REASON = 200
MOST_EXTRA_S = 6 * 3600


def extend_time(
    by: Viewer, paper_id: int, member_id: int, extra_s: int, reason: str, now: datetime
) -> None:
    """Give a person `extra_s` seconds more than others for a paper, 0…MOST_EXTRA_S in all.

    An attempt under way goes on until the new deadline; one that ran out before it was handed in
    opens again, unless its key may have been seen.
    """
    reason = _checked(reason)
    if not 0 <= extra_s <= MOST_EXTRA_S:
        raise Invalid(_("加时要在 0 到 %(n)s 分钟之间。", n=MOST_EXTRA_S // 60))
    with transaction() as session:
        paper = paper_of(hold_own_paper(session, by, paper_id))
        _check_in_audience(by, paper, member_id)
        session.merge(
            AllowanceRow(
                member_id=member_id,
                paper_id=paper_id,
                extra_s=extra_s,
                reason=reason,
                given_by=by.id,
                given_at=epoch(now),
            )
        )
        _move_deadlines(session, paper, member_id, extra_s, now)
        told = {"extra_s": extra_s, "reason": reason}
        subject = f"paper:{paper_id}"
        record(session, now, by.id, "quiz.extend_time", subject, member_id, told)


def remark_question(
    by: Viewer, paper_id: int, question_id: str, full: bool, reason: str, now: datetime
) -> int:
    """Mark a question of a paper anew and return how many marks were looked at.

    By the key of the bank's newest revision, or with full points for everybody (`full`). Attempts
    handed in keep old and new mark with the reason; those under way or begun later are marked by
    the correction. Sending the same again changes nothing.
    """
    reason = _checked(reason)
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


def _checked(reason: str) -> str:
    """Return a reason trimmed, or refuse an empty or too long one."""
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        message = _("请写明理由，最多 %(n)s 个字。", n=LONGEST_REASON)
        raise Invalid(message, reason=message)
    return reason


def _check_in_audience(by: Viewer, paper: Paper, member_id: int) -> None:
    """Raise NotFound for somebody the paper is not for, or whom `by` does not reach."""
    person = org.get_person(org.scope_of(by), member_id)
    if not org.reaches(org.Scope(standing_unit(paper.terms.unit_id)), person.unit_id):
        raise NotFound(_("没有这个人。"))


def _move_deadlines(
    session: Session, paper: Paper, member_id: int, extra_s: int, now: datetime
) -> None:
    """Give the person's attempts the deadline they have with the extra time."""
    own = select(AttemptRow.number).where(
        AttemptRow.member_id == member_id,
        AttemptRow.paper_id == paper.id,
        AttemptRow.state != "submitted",
    )
    for number in session.scalars(own.order_by(AttemptRow.number)).all():
        attempt = hold_attempt(session, member_id, paper.id, number)
        window = paper.window_of(number)
        deadline = deadline_of(attempt.started_at, paper.terms.duration_s, window, extra_s)
        if attempt.state == "expired":
            if not may_answer(deadline, epoch(now)) or paper.state != "published":
                continue
            if is_key_open(paper.terms.key_shown, True, window, epoch(now)):
                raise Invalid(_("此人的答卷已到时间，答案已经公布，不能再加时。"))
            attempt.state, attempt.submitted_at, attempt.score = "open", None, None
        if attempt.state == "open":
            attempt.deadline = deadline


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
