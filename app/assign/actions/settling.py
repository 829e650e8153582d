"""Duties settled: reported as done with evidence, by whom they lie on or a trainer; reopened."""

from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.queries import Viewer
from app.assign.actions.steps import find_held_duty, hold_duty, note, reach_of, tell
from app.assign.models.duties import DutyRow
from app.assign.progress import DONE, OPEN
from app.assign.proof import NO_PROOF, Proof
from app.assign.queries.bearers import Bearers
from app.assign.queries.proofs import fits
from app.assign.queries.standing import load_standing, reaches
from app.assign.standing import Standing
from app.assign.wording import LONGEST_REASON, check_reason
from app.base.clock import study_day
from app.base.db import transaction
from app.base.errors import Invalid, NotFound, Stale


def settle_duty(
    by: Viewer, duty_id: int, day: date, text: str, now: datetime, proof: Proof = NO_PROOF
) -> None:
    """Report a duty as done on `day`, with words of evidence or something on record."""
    text = text.strip()
    if not text and proof.is_none:
        message = _("请写明完成情况，或选一次集体学习、一项布置作为依据。")
        raise Invalid(message, text=message)
    if len(text) > LONGEST_REASON:
        check_reason(text)
    with transaction() as session:
        row, standing = find_held_duty(session, duty_id), load_standing()
        if row is None or not _may_settle(by, row, standing, study_day(now)):
            raise NotFound(_("没有这项责任。"))
        if row.state != OPEN:
            raise Stale(_("这一项已经登记为完成或取消。"))
        _check_day(row, day, study_day(now))
        if not fits(proof, standing.now(row.unit_id), standing):
            message = _("选的依据不属于这个单位。")
            raise Invalid(message, gathering=message)
        row.state, row.settled_on = DONE, day
        note(session, row, "done", by, now, text, day, proof)
        told = {"title": row.title, "settled_on": str(day)}
        owner = Bearers([row], standing).bearer(row, study_day(now)).member_id
        tell(session, now, by, "assign.settle_duty", f"duty:{row.id}", owner, told)


def reopen_duty(by: Viewer, duty_id: int, reason: str, now: datetime) -> None:
    """Say, with the reason, that a duty is not done after all."""
    reason = check_reason(reason)
    with transaction() as session:
        row = hold_duty(session, by, duty_id)
        if row.state == OPEN:
            raise Stale(_("这一项本来就没有完成。"))
        row.state, row.settled_on = OPEN, None
        note(session, row, "reopened", by, now, reason)
        owner = Bearers([row], load_standing()).bearer(row, study_day(now)).member_id
        tell(
            session,
            now,
            by,
            "assign.reopen_duty",
            f"duty:{row.id}",
            owner,
            details={"title": row.title},
        )


def _may_settle(by: Viewer, row: DutyRow, standing: Standing, today: date) -> bool:
    if Bearers([row], standing).bearer(row, today).member_id == by.id:
        return True
    return reaches(standing, reach_of(by), row.unit_id)


def _check_day(row: DutyRow, day: date, today: date) -> None:
    if not row.starts_on <= day <= today:
        message = _("完成日期要在 %(first)s（开始日期）到今天之间。", first=row.starts_on)
        raise Invalid(message, day=message)
