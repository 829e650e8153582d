"""Retired questions stay at home, except with a member's progress on them."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.anki import queries
from app.bank.actions import publish_bank
from app.bank.queries import list_question_ids, list_retired_ids
from app.base.errors import NotFound
from app.study.actions import answer_card
from tests.conftest import FIXTURE_BANK, Cast, Clock
from tests.study.test_actions import sent


@pytest.fixture
def member(bank: Flask, cast: Cast, clock: Clock) -> int:
    """A member who answered the first question of a chapter while it was still asked."""
    member = cast.make_member("甲")
    answer_card(member, sent("fx-a01-01"), clock())
    return member


@pytest.fixture
def retired(member: int, tmp_path: Path, clock: Clock) -> str:
    """A question that was published once and is gone from the files now."""
    folder = Path(shutil.copytree(FIXTURE_BANK, tmp_path / "bank"))
    file = folder / "dangzhang" / "ch1.toml"
    head, _first, *rest = file.read_text().split("[[question]]")
    file.write_text("[[question]]".join((head, *rest)))
    clock.move(days=1)
    publish_bank(folder, clock())
    (question_id,) = list_retired_ids()
    return question_id


def test_retired_questions_stay_at_home(retired: str, cast: Cast) -> None:
    stranger = cast.make_member("乙")
    for selection in (
        queries.get_subject("dangzhang"),
        queries.get_subject("dangzhang", stranger, True),
    ):
        assert [q.id for q in selection.questions] == list(list_question_ids())


def test_retired_questions_come_along_with_progress_on_them(retired: str, member: int) -> None:
    assert retired == "fx-a01-01"
    selection = queries.get_subject("dangzhang", member, True)
    assert selection.questions[-1].id == retired
    assert selection.progress is not None
    assert selection.progress[retired].suspended


def test_an_unknown_subject_is_refused(bank: Flask) -> None:
    with pytest.raises(NotFound, match="nothing"):
        queries.get_subject("nothing")
