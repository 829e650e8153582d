"""Every write of quiz, in three chapters: papers, attempts, what trainers do to attempts."""

from app.quiz.actions.attempts import (
    Sent,
    answer_slot,
    expire_attempts,
    start_attempt,
    submit_attempt,
)
from app.quiz.actions.correcting import extend_time, remark_question
from app.quiz.actions.papers import (
    change_paper,
    close_paper,
    discard_paper,
    make_paper,
    pick_questions,
    publish_paper,
)

__all__ = [
    "Sent",
    "answer_slot",
    "change_paper",
    "close_paper",
    "discard_paper",
    "expire_attempts",
    "extend_time",
    "make_paper",
    "pick_questions",
    "publish_paper",
    "remark_question",
    "start_attempt",
    "submit_attempt",
]
