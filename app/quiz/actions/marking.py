"""Marks written into slots and attempts, inside a transaction that is already open."""

import json

from sqlalchemy.orm import Session

from app.bank.queries import Question, get_question
from app.quiz.actions.holding import list_slots
from app.quiz.correction import translate
from app.quiz.models import AttemptRow, SlotRow
from app.quiz.paper import Correction, Paper
from app.quiz.scoring import mark_response


def finish(session: Session, paper: Paper, attempt: AttemptRow, at: int, state: str) -> None:
    """Mark every slot of an attempt from its stored answers and close it at `at`."""
    slots = list_slots(session, attempt)
    for slot in slots:
        mark_slot(slot, get_question(slot.question_id, slot.revision), paper)
    attempt.score = sum(slot.mark or 0.0 for slot in slots)
    attempt.state, attempt.submitted_at = state, at


def mark_slot(slot: SlotRow, shown: Question, paper: Paper) -> None:
    """Mark one slot by the revision that was shown, or as the paper's corrections say."""
    correction = paper.corrections.get(slot.question_id)
    slot.marked_revision = slot.revision
    if correction is not None:
        _mark_anew(slot, shown, paper, correction)
        return
    slot.right, slot.mark = mark_response(
        shown.kind, shown.content, _response(slot), slot.points, paper.terms.partial
    )


def _mark_anew(slot: SlotRow, shown: Question, paper: Paper, correction: Correction) -> None:
    """Mark a slot whose key was corrected."""
    slot.marked_revision = correction.revision
    if correction.full:
        # Points given to everybody say nothing about what a person knows.
        slot.right, slot.mark = None, float(slot.points)
        return
    later = get_question(slot.question_id, correction.revision)
    response = translate(shown.content, later.content, _response(slot))
    slot.right, slot.mark = mark_response(
        later.kind, later.content, response, slot.points, paper.terms.partial
    )


def _response(slot: SlotRow) -> object:
    """Return the stored response, None when there is none."""
    return None if slot.response is None else json.loads(slot.response)
