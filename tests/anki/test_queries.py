"""Retired questions stay at home, except with a member's progress on them."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from app.anki import queries
from app.bank.actions import publish_bank
from app.bank.queries import list_question_ids, list_retired_ids
from app.base.errors import NotFound
from tests.anki.make import make_progress
from tests.conftest import FIXTURE_BANK, Cast, Clock


@pytest.fixture
def retired(bank: Flask, tmp_path: Path, clock: Clock) -> str:
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
    member = cast.make_member("甲")
    for selection in (
        queries.get_subject("dangzhang"),
        queries.get_subject("dangzhang", member),
    ):
        assert [q.id for q in selection.questions] == list(list_question_ids())


def test_retired_questions_come_along_with_progress_on_them(
    retired: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, found = cast.make_member("甲"), make_progress((0, 4))
    kept = {retired: (found.card, list(found.reviews))}
    monkeypatch.setattr(queries, "list_histories", lambda _member_id: kept)
    selection = queries.get_subject("dangzhang", member)
    assert selection.questions[-1].id == retired
    assert selection.progress is not None
    assert selection.progress[retired].suspended


def test_an_unknown_subject_is_refused(bank: Flask) -> None:
    with pytest.raises(NotFound, match="nothing"):
        queries.get_subject("nothing")
