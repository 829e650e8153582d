"""Units added, renamed, moved, merged and closed: no circles, nothing lost, nothing half-done."""

import random
from datetime import date

import pytest
from flask import Flask

from app.base.audit import find_break, list_entries
from app.base.errors import Invalid, NotFound
from app.org import actions, queries
from app.org.queries import Scope
from tests.conftest import Cast, Clock


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A above B and D, B above C; somebody in each; an administrator of everything and one of B."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
        cast.make_member(f"人{code}", unit=code)
    cast.make_member("总管", "admin")
    cast.make_member("乙管", "admin", "B")
    cast.make_member("乙书记", "trainer", "B")
    return cast


def codes(unit_id: int | None = None) -> list[str]:
    """Return the codes of the open units, as the tree reads."""
    return [unit.code for unit in queries.list_units(Scope(unit_id))]


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("", "名称", "党支部"),
        ("x" * 41, "名称", "党支部"),
        ("x", " ", "党支部"),
        ("x", "名" * 81, "党支部"),
        ("x", "名称", "公司"),
    ],
)
def test_a_unit_needs_code_name_and_kind(
    app: Flask, clock: Clock, code: str, name: str, kind: str
) -> None:
    with pytest.raises(Invalid):
        actions.add_unit(code, name, kind, now=clock())
    assert codes() == []
    assert list_entries() == []


def test_a_unit_needs_a_parent_that_exists_and_is_open(tree: Cast, clock: Clock) -> None:
    with pytest.raises(NotFound):
        actions.add_unit("x", "名称", parent_id=77, now=clock())
    tree.make_unit("E")
    actions.close_unit(tree.units["E"], clock(), None)
    with pytest.raises(Invalid, match="关闭"):
        actions.add_unit("x", "名称", parent_id=tree.units["E"], now=clock())
    with pytest.raises(Invalid, match="代码"):
        actions.add_unit("E", "又一个", now=clock())


def test_a_tree_too_deep_is_refused_with_a_sentence(app: Flask, clock: Clock) -> None:
    parent: int | None = None
    for number in range(60):
        parent = actions.add_unit(f"U{number}", "单位", parent_id=parent, now=clock())
    assert queries.chain_of(parent)[-1].depth == 59
    top = actions.add_unit("top", "单位", now=clock())
    deepest = actions.add_unit("deep", "单位", parent_id=top, now=clock())
    for number in range(40):
        deepest = actions.add_unit(f"V{number}", "单位", parent_id=deepest, now=clock())
    before = queries.list_units(Scope(None))
    with pytest.raises(Invalid, match="太深"):
        actions.move_unit(top, parent, clock(), None)
    assert queries.list_units(Scope(None)) == before


def test_renaming_keeps_the_code_and_is_recorded(tree: Cast, clock: Clock) -> None:
    by = tree.viewer("乙管")
    actions.rename_unit(tree.units["C"], "新名", "党小组", clock(), by)
    unit = queries.get_unit(tree.units["C"])
    assert (unit.code, unit.name, unit.kind) == ("C", "新名", "党小组")
    entry = list_entries()[0]
    assert (entry.action, entry.subject, entry.actor_id) == (
        "org.rename_unit",
        f"unit:{unit.id}",
        by.id,
    )
    before = len(list_entries())
    actions.rename_unit(unit.id, "新名", "党小组", clock(), by)
    assert len(list_entries()) == before


def test_moving_takes_everything_below_along(tree: Cast, clock: Clock) -> None:
    actions.move_unit(tree.units["B"], tree.units["D"], clock(), None)
    assert codes() == ["A", "D", "B", "C"]
    assert [u.code for u in queries.chain_of(tree.units["C"])] == ["A", "D", "B", "C"]
    assert {p.name for p in queries.list_people(tree.units["D"])} >= {"人B", "人C", "人D"}
    actions.move_unit(tree.units["B"], None, clock(), tree.viewer("总管"))
    assert queries.get_unit(tree.units["B"]).depth == 0
    assert not queries.is_within(tree.units["C"], tree.units["A"])


@pytest.mark.parametrize(("unit", "parent"), [("A", "C"), ("B", "C"), ("B", "B"), ("A", "D")])
def test_a_circle_is_refused_with_a_sentence(
    tree: Cast, clock: Clock, unit: str, parent: str
) -> None:
    before, acts = queries.list_units(Scope(None)), len(list_entries())
    with pytest.raises(Invalid, match="圈"):
        actions.move_unit(tree.units[unit], tree.units[parent], clock(), None)
    assert queries.list_units(Scope(None)) == before
    assert len(list_entries()) == acts


def test_merging_moves_people_posts_and_children_and_keeps_history(
    tree: Cast, clock: Clock
) -> None:
    boss = tree.viewer("总管")
    b, d = tree.units["B"], tree.units["D"]
    give = actions.give_post
    give(tree.people["人B"], b, "secretary", date(2026, 1, 1), None, boss, clock())
    give(tree.people["人C"], b, "deputy", date(2027, 1, 1), None, boss, clock())
    give(tree.people["人A"], b, "worker", date(2020, 1, 1), date(2021, 1, 1), boss, clock())
    give(tree.people["人D"], b, "lecturer", date(2026, 1, 1), None, boss, clock())
    give(tree.people["人D"], d, "lecturer", date(2025, 1, 1), None, boss, clock())
    clock.move(days=1)
    actions.merge_units(b, d, clock(), boss)
    assert codes() == ["A", "D", "C"]
    merged = queries.get_unit(b)
    assert (merged.closed, merged.merged_into_id) == (True, d)
    assert queries.find_successor(b) == d
    assert [u.code for u in queries.list_closed(Scope(None))] == ["B"]
    assert [s.unit_name for s in queries.list_stays(tree.people["人B"])] == ["单位D", "单位B"]
    day = date(2026, 11, 24)
    assert [(h.unit_id, h.since, h.until) for h in queries.list_posts(tree.people["人B"])] == [
        (d, day, None),
        (b, date(2026, 1, 1), day),
    ]
    assert [(h.unit_id, h.since) for h in queries.list_posts(tree.people["人C"])] == [
        (d, date(2027, 1, 1))
    ]
    assert [h.unit_id for h in queries.list_posts(tree.people["人A"])] == [b]
    assert [(h.unit_id, h.until) for h in queries.list_posts(tree.people["人D"])] == [
        (b, day),
        (d, None),
    ]
    told = list_entries(tree.people["人B"])[0]
    assert told.action == "org.merge_person"
    assert list_entries()[0].details == f'{{"into":{d},"people":3,"posts":3,"units":1}}'
    assert find_break() is None


def test_a_merge_across_a_merge_finds_the_last(tree: Cast, clock: Clock) -> None:
    actions.merge_units(tree.units["C"], tree.units["B"], clock(), None)
    actions.merge_units(tree.units["B"], tree.units["D"], clock(), None)
    assert queries.find_successor(tree.units["C"]) == tree.units["D"]
    meant = queries.audience([tree.units["C"]], scope=Scope(None), day=date(2026, 11, 23))
    assert tree.people["人C"] in meant
    assert tree.people["人A"] not in meant


@pytest.mark.parametrize(("unit", "into"), [("A", "C"), ("B", "B"), ("B", "C")])
def test_a_unit_is_not_merged_into_itself_or_what_is_below(
    tree: Cast, clock: Clock, unit: str, into: str
) -> None:
    with pytest.raises(Invalid, match="下级"):
        actions.merge_units(tree.units[unit], tree.units[into], clock(), None)
    assert codes() == ["A", "B", "C", "D"]


def test_only_an_empty_unit_is_closed(tree: Cast, clock: Clock) -> None:
    boss, unit = tree.viewer("总管"), tree.units["D"]
    with pytest.raises(Invalid, match="还有人"):
        actions.close_unit(unit, clock(), boss)
    tree.make_unit("E", "A")
    tree.make_unit("F", "E")
    with pytest.raises(Invalid, match="下级"):
        actions.close_unit(tree.units["E"], clock(), boss)
    whom, day = tree.people["人A"], date(2026, 1, 1)
    actions.give_post(whom, tree.units["F"], "secretary", day, None, boss, clock())
    with pytest.raises(Invalid, match="任职"):
        actions.close_unit(tree.units["F"], clock(), boss)
    actions.end_post(whom, tree.units["F"], "secretary", day, date(2026, 11, 23), boss, clock())
    actions.close_unit(tree.units["F"], clock(), boss)
    actions.close_unit(tree.units["E"], clock(), boss)
    assert codes() == ["A", "B", "C", "D"]
    with pytest.raises(Invalid, match="已经关闭"):
        actions.close_unit(tree.units["E"], clock(), boss)


def test_a_unit_with_disabled_people_is_not_empty(tree: Cast, clock: Clock) -> None:
    actions.disable_person(tree.people["人D"], tree.viewer("总管"), clock())
    with pytest.raises(Invalid, match="已停用"):
        actions.close_unit(tree.units["D"], clock(), None)


@pytest.mark.parametrize(
    ("by", "reached"),
    [
        ("总管", {"A", "B", "C", "D"}),
        ("乙管", {"B", "C"}),
        ("乙书记", set()),
        ("人B", set()),
    ],
)
def test_units_are_changed_by_administrators_within_their_reach(
    tree: Cast, clock: Clock, by: str, reached: set[str]
) -> None:
    viewer = tree.viewer(by)
    for code, unit_id in tree.units.items():
        if code in reached:
            actions.rename_unit(unit_id, f"{by}改{code}", "党支部", clock(), viewer)
            continue
        for act in (
            lambda u: actions.rename_unit(u, "改", "党支部", clock(), viewer),
            lambda u: actions.move_unit(u, tree.units["D"], clock(), viewer),
            lambda u: actions.merge_units(u, tree.units["D"], clock(), viewer),
            lambda u: actions.close_unit(u, clock(), viewer),
            lambda u: actions.add_unit("新", "新", parent_id=u, now=clock(), by=viewer),
        ):
            with pytest.raises(NotFound):
                act(unit_id)


def test_nothing_leaves_the_reach_of_who_moves_it(tree: Cast, clock: Clock) -> None:
    viewer = tree.viewer("乙管")
    for act in (
        lambda: actions.move_unit(tree.units["C"], tree.units["D"], clock(), viewer),
        lambda: actions.move_unit(tree.units["C"], None, clock(), viewer),
        lambda: actions.merge_units(tree.units["C"], tree.units["D"], clock(), viewer),
        lambda: actions.add_unit("新", "新", now=clock(), by=viewer),
    ):
        with pytest.raises(NotFound):
            act()
    assert codes() == ["A", "B", "C", "D"]


@pytest.mark.parametrize("seed", range(12))
def test_the_tree_stays_a_tree_and_keeps_everybody(cast: Cast, clock: Clock, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(7):
        parent = rng.choice([None, *cast.units])
        cast.make_unit(f"U{number}", parent)
    for number in range(5):
        cast.make_member(f"人{number}", unit=rng.choice(list(cast.units)))
    for _step in range(25):
        one, other = rng.choice(list(cast.units.values())), rng.choice(list(cast.units.values()))
        act = rng.choice(["move", "top", "merge", "close"])
        try:
            match act:
                case "move":
                    actions.move_unit(one, other, clock(), None)
                case "top":
                    actions.move_unit(one, None, clock(), None)
                case "merge":
                    actions.merge_units(one, other, clock(), None)
                case _:
                    actions.close_unit(one, clock(), None)
        except Invalid:
            continue
    known = {unit.id: unit for unit in queries.list_units(Scope(None))}
    for unit in known.values():
        above = f"{known[unit.parent_id].path}" if unit.parent_id else "/"
        assert unit.path == f"{above}{unit.id}/"
    assert len(queries.list_people(None)) == 5
    assert {one.unit_id for one in queries.list_people(None)} <= set(known)
    assert find_break() is None
