"""How duties stand on a day, and what is counted."""

from datetime import date, timedelta

import pytest

from app.assign.progress import PROGRESS_NAMES, SIGNS, Tally, progress_of, tally

pytestmark = pytest.mark.pure
DUE = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("state", "settled", "away", "wanted"),
    [
        ("open", None, -8, "open"),
        ("open", None, -7, "soon"),
        ("open", None, 0, "soon"),
        ("open", None, 1, "late"),
        ("done", 0, 5, "done"),
        ("done", 1, 5, "done_late"),
        ("withdrawn", 3, 5, "withdrawn"),
    ],
)
def test_progress(state: str, settled: int | None, away: int, wanted: str) -> None:
    on = None if settled is None else DUE + timedelta(days=settled)
    assert progress_of(state, DUE, on, DUE + timedelta(days=away)) == wanted
    assert wanted in PROGRESS_NAMES
    assert wanted in SIGNS


def test_what_is_withdrawn_counts_nowhere_and_what_is_done_needs_nobody() -> None:
    found = tally(
        [("open", True), ("soon", False), ("late", False), ("done", False), ("withdrawn", False)]
    )
    assert found == Tally(open=2, late=1, done=1, unowned=2)
