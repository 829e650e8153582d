"""The tree of units and who is reached from where."""

from datetime import date
from typing import Any

import pytest

from app.accounts.queries import get_user
from app.base.errors import NotFound
from app.org import queries
from app.org.actions import Edited, add_unit, disable_person, edit_person, give_post
from app.org.queries import Scope
from tests.conftest import Cast, Clock

DAY = date(2026, 11, 23)


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
    ids = [cast.make_unit(f"U{n}") for n in range(12)]
    assert [u.id for u in queries.list_units_below(ids[0])] == [ids[0]]
    assert not queries.is_within(ids[10], ids[0])


def test_nobody_is_reached_outside_the_scope(tree: Cast) -> None:
    scope = Scope(tree.units["B"])
    assert queries.get_person(scope, tree.people["人C"]).name == "人C"
    for outside in ("人A", "人D"):
        with pytest.raises(NotFound):
            queries.get_person(scope, tree.people[outside])


def test_units_are_found_by_code_and_by_an_unmistakable_name(tree: Cast, clock: Clock) -> None:
    units = queries.list_units(Scope(None))
    twin = queries.get_unit(add_unit("E", "单位B", now=clock()))
    assert queries.find_unit("B") == queries.find_unit_named("B", units)
    assert queries.find_unit_named("单位C", units) == queries.find_unit("C")
    assert queries.find_unit_named("单位B", (*units, twin)) is None
    with pytest.raises(NotFound):
        queries.get_unit(999)


def test_who_may_hand_out_a_new_link(tree: Cast) -> None:
    for name, role in (("书记", "trainer"), ("同级", "trainer"), ("督导", "auditor")):
        tree.make_member(name, role, "B")
    tree.make_member("总管", "admin")
    member, peer = get_user(tree.people["人B"]), get_user(tree.people["同级"])
    assert queries.may_renew(tree.viewer("书记"), member)
    assert not queries.may_renew(tree.viewer("书记"), peer)
    assert queries.may_renew(tree.viewer("总管"), peer)
    for reader in ("督导", "人B"):
        assert not queries.may_renew(tree.viewer(reader), get_user(tree.people["人C"]))


@pytest.mark.parametrize(
    ("role", "unit", "reads", "changes"),
    [
        ("trainer", "B", True, True),
        ("admin", "B", True, True),
        ("admin", None, True, True),
        ("auditor", "B", True, False),
        ("trainer", None, False, False),
        ("auditor", None, False, False),
        ("editor", "B", False, False),
        ("member", "B", False, False),
    ],
)
def test_who_sees_and_who_changes(
    tree: Cast, role: str, unit: str | None, reads: bool, changes: bool
) -> None:
    tree.make_member("某人", role, unit)
    viewer = tree.viewer("某人")
    for allowed, scope in ((reads, queries.scope_of), (changes, queries.scope_to_change)):
        if allowed:
            assert scope(viewer) == Scope(tree.units[unit] if unit else None)
        else:
            with pytest.raises(NotFound):
                scope(viewer)


def test_a_chain_reads_from_the_root(tree: Cast) -> None:
    assert [u.code for u in queries.chain_of(tree.units["C"])] == ["A", "B", "C"]
    assert queries.units_of(tree.people["人B"]) == {tree.units["A"], tree.units["B"]}
    assert queries.units_of(tree.make_member("无处")) == frozenset()
    assert queries.chain_of(None) == ()
    assert queries.chain_of(999) == ()


@pytest.fixture
def party(tree: Cast, clock: Clock) -> Cast:
    """The people of the tree with status, standing and posts; an administrator."""
    tree.make_member("总管", "admin")
    by = tree.viewer("总管")
    for name, status, standing in (
        ("人A", "full", "active"),
        ("人B", "full", "exempt"),
        ("人C", "probationary", "away"),
    ):
        seen = queries.get_profile(tree.people[name], DAY)
        wanted = Edited(name, None, "member", seen.unit_id, status, standing, seen.seen)
        edit_person(tree.people[name], wanted, by, clock())
    for name, unit, post in (("人A", "A", "secretary"), ("人C", "B", "deputy")):
        whom = tree.people[name]
        give_post(whom, tree.units[unit], post, date(2026, 1, 1), None, by, clock())
    give_post(
        tree.people["人D"],
        tree.units["D"],
        "secretary",
        date(2020, 1, 1),
        date(2021, 1, 1),
        by,
        clock(),
    )
    return tree


def test_members_are_listed_by_status_and_standing(party: Cast, clock: Clock) -> None:
    def found(unit: str | None, **more: tuple[str, ...]) -> list[str]:
        scope = Scope(party.units[unit] if unit else None)
        return [one.name for one in queries.list_members(scope, **more)]

    assert found("B") == ["人B", "人C"]
    assert found(None, statuses=("full",)) == ["人A", "人B"]
    assert found(None, statuses=("full",), standings=("active", "away")) == ["人A"]
    assert found("A", statuses=("unknown",)) == ["人D"]
    assert found("A", statuses=()) == []
    disable_person(party.people["人D"], party.viewer("总管"), clock())
    assert "人D" not in found("A")


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ({"units": "B"}, {"人B", "人C"}),
        ({"units": "CD"}, {"人C", "人D"}),
        ({"posts": ("secretary",)}, {"人A"}),
        ({"posts": ("secretary", "deputy")}, {"人A", "人C"}),
        ({"units": "B", "posts": ("secretary",)}, set()),
        ({"statuses": ("full",)}, {"人A", "人B"}),
        ({"units": "B", "statuses": ("full",)}, {"人B"}),
        ({"standings": ("active", "away"), "units": "B"}, {"人C"}),
        ({"persons": ["人D"]}, {"人D"}),
        ({"units": "C", "persons": ["人D"]}, {"人C", "人D"}),
        ({}, {"人A", "人B", "人C", "人D", "总管"}),
    ],
)
def test_an_audience(party: Cast, wanted: dict[str, Any], meant: set[str]) -> None:
    units = [party.units[code] for code in wanted.get("units", "")]
    persons = [party.people[name] for name in wanted.get("persons", ())]
    found = queries.audience(
        units,
        wanted.get("posts", ()),
        wanted.get("statuses", ()),
        persons,
        scope=Scope(None),
        day=DAY,
        standings=wanted.get("standings"),
    )
    assert found == {party.people[name] for name in meant}


def test_an_audience_never_leaves_the_scope(party: Cast) -> None:
    scope = Scope(party.units["B"])
    assert queries.audience(scope=scope, day=DAY) == {party.people["人B"], party.people["人C"]}
    inside = queries.audience(statuses=("full",), scope=scope, day=DAY)
    assert inside == {party.people["人B"]}
    for units, persons in (([party.units["D"]], []), ([], [party.people["人A"]])):
        with pytest.raises(NotFound):
            queries.audience(units, persons=persons, scope=scope, day=DAY)


def test_an_audience_leaves_out_the_disabled(party: Cast, clock: Clock) -> None:
    disable_person(party.people["人D"], party.viewer("总管"), clock())
    ids = [party.people["人D"]]
    assert queries.audience(persons=ids, scope=Scope(None), day=DAY) == frozenset()


def test_a_profile_says_what_is_recorded(party: Cast) -> None:
    profile = queries.get_profile(party.people["人C"], DAY)
    assert (profile.status, profile.standing, profile.unit_name) == (
        "probationary",
        "away",
        "单位C",
    )
    assert [(held.post, held.unit_name) for held in profile.posts] == [("deputy", "单位B")]
    assert queries.get_profile(party.people["人D"], DAY).posts == ()
    with pytest.raises(NotFound):
        queries.get_profile(999, DAY)


def test_people_are_counted_by_status(party: Cast) -> None:
    a, d = party.units["A"], party.units["D"]
    assert queries.count_by_status([a, d]) == {a: {"full": 1}, d: {"unknown": 1}}


def test_who_can_see_somebody(tree: Cast, clock: Clock) -> None:
    for name, role, unit in (
        ("乙书记", "trainer", "B"),
        ("丙书记", "trainer", "C"),
        ("丁书记", "trainer", "D"),
        ("总督导", "auditor", "A"),
        ("编辑", "editor", "A"),
        ("退休", "admin", "A"),
        ("总管", "admin", None),
        ("无处", "trainer", None),
    ):
        tree.make_member(name, role, unit)
    disable_person(tree.people["退休"], tree.viewer("总管"), clock())
    told = [(w.unit and w.unit.code, w.names) for w in queries.list_watchers(tree.people["人C"])]
    assert told == [
        ("C", {"trainer": ("丙书记",)}),
        ("B", {"trainer": ("乙书记",)}),
        ("A", {"auditor": ("总督导",)}),
        (None, {"admin": ("总管",)}),
    ]
    own = queries.list_watchers(tree.people["丙书记"])
    assert own[0].names == {}


def test_what_is_told_is_what_is_so(tree: Cast) -> None:
    """Whoever the page names can open the person, and nobody else can."""
    names = []
    for role in ("member", "trainer", "editor", "auditor", "admin"):
        for unit in ("A", "B", "C", "D", None):
            names.append(f"{role}{unit}")
            tree.make_member(names[-1], role, unit)
    whom = tree.people["人C"]
    told = {n for w in queries.list_watchers(whom) for found in w.names.values() for n in found}

    def sees(name: str) -> bool:
        try:
            return bool(queries.get_person(queries.scope_of(tree.viewer(name)), whom))
        except NotFound:
            return False

    assert told == {name for name in names if sees(name)}
    assert len(told) == 10


def test_acts_come_in_pages_with_the_names_they_mention(party: Cast) -> None:
    whom = party.people["人C"]
    first = queries.list_acts(whom, 1)
    assert (len(first.entries), first.more) == (1, True)
    assert first.actors == {party.people["总管"]: "总管"}
    assert first.units == {party.units["B"]: "单位B"}
    assert not queries.list_acts(whom, 50).more
    assert queries.list_acts(whom, 50, 50).entries == []
