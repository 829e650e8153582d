"""Questions of a unit's own: asked of its members and of those below, of nobody else."""

import pytest
from flask import Flask

from app.bank import actions, queries
from app.bank.actions import publish_bank
from app.bank.kinds import TrueFalse
from app.base.db import transaction
from app.base.errors import Invalid, NotFound
from app.study import queries as study
from app.study.actions import Answer, answer_card, star_card
from app.study.queries import Way
from tests.conftest import FIXTURE_BANK, Cast, Clock
from tests.study.test_actions import new_id


def statement(text: str, name: str = "u-one") -> TrueFalse:
    """Return a statement to judge."""
    return TrueFalse(id=name, provision="own", difficulty="know", stem=text, answer=True)


@pytest.fixture
def tree(bank: Flask, cast: Cast, clock: Clock) -> Cast:
    """A above B above C, D beside B; B has one question of its own; somebody everywhere."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
        cast.make_member(code, unit=code)
    with transaction() as session:
        actions.add_own_question(
            session, cast.units["B"], "乙支部", statement("本支部周五学习"), 1, clock()
        )
    return cast


@pytest.mark.parametrize(("who", "met"), [("A", False), ("B", True), ("C", True), ("D", False)])
def test_it_is_met_in_the_unit_and_below_only(
    tree: Cast, clock: Clock, who: str, met: bool
) -> None:
    member = tree.people[who]
    units = study.shelf_of(member)
    assert ("u-one" in queries.list_question_ids(units=units)) is met
    assert (f"unit-{tree.units['B']}" in [s.id for s in queries.list_subjects(units)]) is met
    assert (queries.search("周五", 10, 0, units)[1] == 1) is met
    client = tree.sign_in(who)
    assert (client.get("/study?way=one&question=u-one").status_code == 200) is met
    assert ("自编题" in client.get("/ways").text) is met
    assert (client.get(f"/chapters/unit-{tree.units['B']}/own").status_code == 200) is met
    answer = Answer(new_id(), "u-one", 1, 0, True, 9, "one")
    if met:
        assert answer_card(member, answer, clock()).right
    else:
        with pytest.raises(NotFound):
            answer_card(member, answer, clock())
        with pytest.raises(NotFound):
            star_card(member, "u-one", True)
        with pytest.raises(NotFound):
            study.find_next(member, Way("one", question="u-one"), clock(), "s")


def test_publishing_the_files_leaves_it_alone(tree: Cast, clock: Clock) -> None:
    publish_bank(FIXTURE_BANK, clock())
    assert queries.get_question("u-one").status == "active"


def test_a_new_wording_is_a_new_revision_and_the_same_is_none(tree: Cast, clock: Clock) -> None:
    for text, revision in (("本支部周五学习", 1), ("本支部周六学习", 2), ("本支部周六学习", 2)):
        with transaction() as session:
            assert actions.revise_own_question(session, statement(text), 1, clock()) == revision
    assert [q.stem for q in queries.list_revisions("u-one")] == ["本支部周六学习", "本支部周五学习"]


def test_retiring_is_harmless_twice_and_takes_it_out(tree: Cast, clock: Clock) -> None:
    for _time in range(2):
        with transaction() as session:
            actions.retire_own_question(session, "u-one", 1, clock())
    assert "u-one" not in queries.list_question_ids(units=frozenset(tree.units.values()))


def test_what_is_unusable_or_not_a_units_own_is_refused(tree: Cast, clock: Clock) -> None:
    with pytest.raises(Invalid), transaction() as session:
        actions.add_own_question(session, 1, "甲", statement(" ", "u-two"), 1, clock())
    with pytest.raises(NotFound), transaction() as session:
        actions.retire_own_question(session, "fx-a01-01", 1, clock())
