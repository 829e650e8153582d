"""The tree of units and who is reached from where."""

import pytest
from flask import Flask

from app.accounts.queries import get_user
from app.base.errors import NotFound
from app.org import queries
from app.org.actions import add_unit
from app.org.queries import Scope
from tests.conftest import Cast


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A above B, B above C; D beside B; somebody in each."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
        cast.make_member(f"人{code}", unit=code)
    return cast


def test_people_are_listed_below_a_unit_in_tree_order(tree: Cast) -> None:
    assert [p.name for p in queries.list_people(tree.units["B"])] == ["人B", "人C"]
    assert queries.count_people(None) == 4
    assert [p.name for p in queries.list_people(None, limit=1, offset=1)] == ["人B"]


@pytest.mark.parametrize("text", ["%", "_", "人%"])
def test_a_search_takes_wildcards_as_letters(tree: Cast, text: str) -> None:
    assert queries.count_people(None, text) == 0


def test_ten_units_and_more_are_not_mixed_up_with_one(cast: Cast) -> None:
    ids = [add_unit(f"U{n}", f"单位{n}") for n in range(12)]
    assert [u.id for u in queries.list_units_below(ids[0])] == [ids[0]]
    assert not queries.is_within(ids[10], ids[0])


def test_nobody_is_reached_outside_the_scope(tree: Cast) -> None:
    scope = Scope(tree.units["B"])
    assert queries.get_person(scope, tree.people["人C"]).name == "人C"
    for outside in ("人A", "人D"):
        with pytest.raises(NotFound):
            queries.get_person(scope, tree.people[outside])


def test_units_are_found_by_code_and_by_an_unmistakable_name(tree: Cast) -> None:
    units = queries.list_units(Scope(None))
    twin = queries.get_unit(add_unit("E", "单位B"))
    assert queries.find_unit("B") == queries.find_unit_named("B", units)
    assert queries.find_unit_named("单位C", units) == queries.find_unit("C")
    assert queries.find_unit_named("单位B", (*units, twin)) is None
    with pytest.raises(NotFound):
        queries.get_unit(999)


def test_who_may_hand_out_a_new_link(app: Flask, tree: Cast) -> None:
    from app.accounts.queries import Viewer

    trainer = Viewer(0, "书记", "trainer", tree.units["B"], "zh", "auto", 18, True)
    admin = Viewer(0, "总管", "admin", None, "zh", "auto", 18, True)
    tree.make_member("同级", "trainer", "B")
    member, peer = get_user(tree.people["人B"]), get_user(tree.people["同级"])
    assert queries.may_renew(trainer, member)
    assert not queries.may_renew(trainer, peer)
    assert queries.may_renew(admin, peer)
