"""How one question is answered by people in general."""

from dataclasses import dataclass

from app.assess.distribution import LEAST_PEOPLE
from app.assess.intervals import Interval, jeffreys
from app.study.queries import Tally, tally_question


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """How a question is answered; shares are 0…1 with 95 % Jeffreys intervals.

    None stands for a share that fewer than five people, or no answers, would be behind.
    """

    tally: Tally
    enough: bool
    right: float | None
    right_interval: Interval | None
    first_right: float | None
    first_interval: Interval | None


def get_question_figures(question_id: str) -> QuestionFigures:
    """Return the figures of one question over everybody who was asked."""
    tally = tally_question(question_id)
    enough = tally.people >= LEAST_PEOPLE
    right, interval = _share(tally.right, tally.answers, enough)
    first, first_interval = _share(tally.first_right, tally.firsts, enough)
    return QuestionFigures(tally, enough, right, interval, first, first_interval)


def _share(hits: int, asked: int, enough: bool) -> tuple[float | None, Interval | None]:
    """Return a share and its interval, or neither when it would say too much about too few."""
    return (hits / asked, jeffreys(hits, asked)) if enough and asked else (None, None)
