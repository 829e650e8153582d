"""How far somebody is with a paper that was asked of them."""

from dataclasses import replace

import pytest

from app.assign.assignment import Terms, overlap, read_days
from app.assign.taking import list_counted, progress_of
from app.base.errors import Invalid
from app.quiz.queries import Attempt

pytestmark = pytest.mark.pure
TERMS = Terms("测验", closes_at=1000, paper_id=1, opens_at=100)
DONE = Attempt(1, 1, 1, "submitted", 200, 800, 300, 9.0, 10.0)
OPEN = replace(DONE, state="open", submitted_at=None, score=None)
POOR = replace(DONE, score=5.0)


def test_states_follow_the_clock_and_the_attempts() -> None:
    assert progress_of(TERMS, [], 50).state == "later"
    assert progress_of(TERMS, [], 100).state == "todo"
    assert progress_of(TERMS, [], 1000).state == "missed"
    assert progress_of(TERMS, [OPEN], 500).state == "begun"
    assert progress_of(TERMS, [OPEN], 1500).state == "begun"
    done = progress_of(TERMS, [DONE], 500)
    assert (done.state, done.passed, done.late, done.is_done) == ("handed_in", True, False, True)


def test_the_best_attempt_that_counts_decides() -> None:
    better = replace(DONE, number=2, started_at=400, submitted_at=500)
    assert progress_of(TERMS, [POOR, better], 600).passed is True
    once = replace(TERMS, attempts=1)
    found = progress_of(once, [better, POOR], 600)
    assert (found.passed, found.again, found.is_done) == (False, False, True)
    again = progress_of(replace(TERMS, attempts=2), [POOR], 600)
    assert (again.passed, again.again, again.is_done) == (False, True, False)
    assert not progress_of(TERMS, [POOR], 1000).again


def test_what_was_begun_before_the_opening_does_not_count() -> None:
    early = replace(DONE, started_at=50)
    assert list_counted(TERMS, [early]) == []
    assert list_counted(replace(TERMS, opens_at=None), [early]) == [early]


def test_marks_that_may_not_be_told_are_not() -> None:
    assert progress_of(TERMS, [DONE], 500, frozenset()).passed is None
    assert progress_of(TERMS, [DONE], 500, frozenset({1})).passed is True


@pytest.mark.parametrize(
    ("started", "deadline", "handed_in", "late"),
    [
        (200, 800, 999, False),
        (200, 800, 1015, False),
        (1100, 2000, 1200, True),
        (990, 1600, 1500, False),  # extra time, or a duration that goes beyond the end
        (990, 1400, 1500, True),
        (200, None, 1500, True),
    ],
)
def test_lateness(started: int, deadline: int | None, handed_in: int, late: bool) -> None:
    one = replace(DONE, started_at=started, deadline=deadline, submitted_at=handed_in)
    assert progress_of(TERMS, [one], 3000).late is late


def test_times_overlap_when_a_moment_belongs_to_both() -> None:
    assert overlap(TERMS, replace(TERMS, opens_at=999, closes_at=2000))
    assert not overlap(TERMS, replace(TERMS, opens_at=1000, closes_at=2000))
    assert overlap(TERMS, replace(TERMS, opens_at=None, closes_at=101))
    assert not overlap(TERMS, replace(TERMS, opens_at=None, closes_at=100))


def test_reminder_days_are_read_and_sorted() -> None:
    assert read_days(["1", "7", "3", "7"]) == (7, 3, 1)
    assert read_days([]) == ()
    for wrong in (["x"], ["61"], ["-1"], ["1", "2", "3", "4", "5", "6"], ["９"]):
        with pytest.raises(Invalid):
            read_days(wrong)
