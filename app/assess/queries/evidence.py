"""What a person had shown at a moment, read back from the log; and which formulas read it."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.metadata import version
from pathlib import Path

from app.assess import intervals, scheme
from app.assess.scheme import Asked, Evidence, Plan
from app.assign.queries.past import sum_hours_as_of
from app.bank.queries import list_chapters, list_subjects
from app.quiz.queries import list_shares_as_of
from app.study import card, memory
from app.study.card import replay
from app.study.memory import retrievability
from app.study.queries import list_logs_as_of


def list_plan_questions(plan: Plan) -> tuple[str, ...]:
    """Return the questions whose recall a plan counts, as they stand: everybody's only."""
    wanted = plan.subjects or tuple(subject.id for subject in list_subjects())
    return tuple(i for s in wanted for chapter in list_chapters(s) for i in chapter.question_ids)


def read_evidence(
    member_id: int,
    questions: Iterable[str],
    asked: Asked,
    period: tuple[date, date],
    moment_ms: int,
) -> Evidence:
    """Return what a member had shown by the end of a period, as the log stood at a moment.

    Recall is what replaying the answers gives for the last day of the period.
    """
    ids, ends_on = tuple(questions), period[1]
    logs = list_logs_as_of(member_id, ends_on, moment_ms)
    recall = {}
    for question_id in ids:
        known = replay(logs[question_id]) if question_id in logs else None
        if known is not None:
            recall[question_id] = retrievability(known.memory, ends_on)
    papers = list_shares_as_of(member_id, asked.papers, moment_ms // 1000)
    hours = sum_hours_as_of(member_id, *period, moment_ms // 1000)
    return Evidence(questions=ids, recall=recall, papers=papers, hours=hours)


@cache
def code_version() -> str:
    """Return what names the formulas behind a score: a digest of their files, and of FSRS."""
    files = (scheme, intervals, memory, card)
    texts = [Path(str(one.__file__)).read_bytes() for one in files]
    digest = hashlib.sha256(b"\0".join(texts)).hexdigest()[:16]
    return f"{digest} fsrs-{version('fsrs')}"
