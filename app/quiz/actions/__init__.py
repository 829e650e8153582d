"""Every write of quiz, in four chapters: papers, attempts, time, marks given anew."""

from app.quiz.actions.attempts import (
    Sent,
    answer_slot,
    expire_attempts,
    start_attempt,
    submit_attempt,
)
from app.quiz.actions.correcting import remark_question
from app.quiz.actions.papers import (
    change_paper,
    discard_paper,
    make_paper,
    pick_questions,
    publish_paper,
)
from app.quiz.actions.timing import Times, change_window, close_paper, extend_time

__all__ = [
    "Sent",
    "Times",
    "answer_slot",
    "change_paper",
    "change_window",
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
