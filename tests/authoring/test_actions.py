"""Drafts are taken in whole or not at all, once each, and decided once."""

from datetime import timedelta

import pytest
from flask import Flask

from app.authoring import actions, queries
from app.bank.formats.draft import Draft, Parsed
from app.base.errors import Invalid, NotFound, Stale
from tests.conftest import Cast, Clock


def statement(row: int, text: str = "本支部周五学习") -> Draft:
    """Return a usable draft."""
    return Draft(row=row, kind="truefalse", stem=f"{text}（{row}）", truth=True)


@pytest.fixture
def unit(bank: Flask, cast: Cast) -> int:
    """A unit with its trainer."""
    cast.make_unit("A")
    cast.make_member("书记", role="trainer", unit="A")
    return cast.units["A"]


def waiting(unit: int) -> list[queries.Stored]:
    """Return the unit's drafts."""
    return queries.list_drafts([unit], "draft", 100)[0]


def test_the_same_question_in_another_layout_is_no_second_draft(
    unit: int, cast: Cast, clock: Clock
) -> None:
    by = cast.people["书记"]
    first = actions.import_drafts(unit, "a.csv", [statement(1), statement(2)], by, clock())
    wide = Draft(row=9, kind="truefalse", stem=" 本支部周五学习 （１）", truth=True)
    again = actions.import_drafts(unit, "b.csv", [wide, statement(3), statement(3)], by, clock())
    assert (first.imported, first.duplicates) == (2, 0)
    assert (again.imported, again.duplicates) == (1, 2)


def test_too_many_drafts_are_refused_whole(
    unit: int, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_DRAFTS", 3)
    with pytest.raises(Invalid):
        actions.import_drafts(unit, "a.csv", [statement(n) for n in range(4)], None, clock())
    assert waiting(unit) == []


def test_a_kept_file_is_the_persons_own_and_kept_a_day(unit: int, cast: Cast, clock: Clock) -> None:
    by = cast.people["书记"]
    batch = actions.keep_batch(by, unit, "a.csv", Parsed("", (statement(1),)), clock())
    with pytest.raises(NotFound):
        queries.get_batch(by + 1, batch)
    assert queries.get_batch(by, batch).parsed.drafts == (statement(1),)
    clock.move(days=actions.KEPT / timedelta(days=1), seconds=1)
    actions.keep_batch(by, unit, "b.csv", Parsed(""), clock())
    with pytest.raises(NotFound):
        actions.confirm_batch(by, batch, clock())


def test_one_unknown_draft_approves_none(unit: int, cast: Cast, clock: Clock) -> None:
    by = cast.people["书记"]
    actions.import_drafts(unit, "a.csv", [statement(1), statement(2)], by, clock())
    ids = [one.id for one in waiting(unit)]
    with pytest.raises(NotFound):
        actions.approve_drafts(unit, "甲", [*ids, "x" * 22], by, clock())
    assert len(waiting(unit)) == 2
    assert actions.approve_drafts(unit, "甲", ids, by, clock()) == 2
    assert actions.approve_drafts(unit, "甲", ids, by, clock()) == 0


def test_a_decided_draft_is_not_edited_or_rejected(unit: int, cast: Cast, clock: Clock) -> None:
    by = cast.people["书记"]
    actions.import_drafts(unit, "a.csv", [statement(1)], by, clock())
    [one] = waiting(unit)
    actions.approve_drafts(unit, "甲", [one.id], by, clock())
    assert actions.reject_drafts(unit, [one.id], by, clock()) == 0
    with pytest.raises(Stale):
        actions.save_draft(unit, one.id, statement(5), by, clock())


def test_editing_into_a_known_question_is_refused(unit: int, cast: Cast, clock: Clock) -> None:
    by = cast.people["书记"]
    actions.import_drafts(unit, "a.csv", [statement(1), statement(2)], by, clock())
    second = waiting(unit)[1]
    with pytest.raises(Invalid, match="同样的题目"):
        actions.save_draft(unit, second.id, statement(1), by, clock())
    with pytest.raises(NotFound):
        actions.save_draft(unit, "x" * 22, statement(7), by, clock())
