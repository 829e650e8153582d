"""Who may do what to whom, as whole tables: every role, relation and state, nothing left out."""

from datetime import date
from itertools import product

import pytest
from flask import Flask

from app.accounts.actions import disable_user
from app.accounts.queries import Account, Viewer, find_factors, find_identity, get_user
from app.base import audit
from app.base.errors import Invalid, NotFound, XuejiError
from app.org import actions, queries
from app.org.actions import Edited
from tests.conftest import Cast, Clock

ROLES = ("member", "trainer", "editor", "auditor", "admin")
PLACES = {"own": "B", "below": "C", "sibling": "D", "above": "A", "foreign": "E", "nowhere": None}
REACHED = ("own", "below")


def viewer(role: str, unit_id: int | None = 1, id: int = 99) -> Viewer:
    """Return somebody as the person who acts."""
    return Viewer(id, "某", role, unit_id, "zh", "auto", 18, True)


def account(role: str, has_password: bool = True, disabled: bool = False, id: int = 7) -> Account:
    """Return somebody as the person acted upon."""
    return Account(id, "人", None, role, 1, has_password, disabled)


@pytest.fixture
def tree(app: Flask, cast: Cast, clock: Clock) -> Cast:
    """A above B and D, B above C, E apart; every role in B and at no unit, a member in each."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A"), ("E", None)):
        cast.make_unit(code, parent)
    for role in ROLES:
        cast.make_member(role, role=role, unit="B")
        cast.make_member(f"free-{role}", role=role)
    for place, unit in PLACES.items():
        cast.make_member(place, unit=unit)
    return cast


@pytest.mark.pure
def test_who_may_record_and_who_may_govern() -> None:
    for role, other in product(ROLES, ROLES):
        one = viewer(role)
        assert queries.may_edit(one) is (role in ("trainer", "admin"))
        governs = role == "admin" or (role, other) == ("trainer", "member")
        assert queries.may_govern(one, 7, other) is governs, (role, other)
        assert queries.may_govern(one, one.id, other) is False


@pytest.mark.pure
def test_who_may_hand_out_a_new_link() -> None:
    for role, other, came, gone in product(ROLES, ROLES, (True, False), (True, False)):
        person = account(other, came, gone)
        grants = role == "admin" or (role == "trainer" and other in ("member", "trainer"))
        safe = role == "admin" or other == "member" or not came
        assert queries.may_renew(viewer(role), person) is (grants and safe and not gone)
        assert queries.may_renew(viewer(role, id=7), person) is False


@pytest.mark.pure
def test_whose_scope_is_what() -> None:
    for role, unit in product(ROLES, (1, None)):
        one = viewer(role, unit)
        sees = role == "admin" or (role in ("trainer", "auditor") and unit is not None)
        for ask, may in (
            (queries.scope_of, sees),
            (queries.scope_to_change, sees and role != "auditor"),
        ):
            if may:
                assert ask(one) == queries.Scope(unit)
            else:
                with pytest.raises(NotFound):
                    ask(one)


def test_how_far_a_scope_reaches(tree: Cast) -> None:
    scope, everything = queries.Scope(tree.units["B"]), queries.Scope(None)
    for place, code in PLACES.items():
        unit = tree.units[code] if code else None
        assert queries.reaches(everything, unit)
        assert queries.reaches(scope, unit) is (place in REACHED), place
        assert queries.is_within(unit, tree.units["B"]) is (place in REACHED), place
        person = tree.people[place]
        assert queries.get_person(everything, person).id == person
        if place in REACHED:
            assert queries.get_person(scope, person).id == person
            assert queries.get_reached_unit(scope, unit or 0).id == unit
        else:
            with pytest.raises(NotFound):
                queries.get_person(scope, person)
            with pytest.raises(NotFound):
                queries.get_reached_unit(scope, unit or 0)
    assert not queries.reaches(queries.Scope(999), tree.units["B"])
    assert [unit.code for unit in queries.list_units(scope)] == ["B", "C"]
    assert [unit.code for unit in queries.list_units(everything)] == ["A", "B", "C", "D", "E"]


def test_lists_end_where_the_scope_ends(tree: Cast, clock: Clock) -> None:
    scope, everything = queries.Scope(tree.units["B"]), queries.Scope(None)
    listed = {person.name for person in queries.list_members(scope)}
    assert listed == {*ROLES, "own", "below"}
    assert len(queries.list_members(everything)) == 16
    assert queries.list_members(scope, statuses=[]) == ()
    assert queries.list_members(scope, standings=[]) == ()
    assert {p.name for p in queries.list_members(scope, statuses=["unknown"])} == listed
    assert {p.name for p in queries.list_members(scope, standings=["active"])} == listed
    disable_user(tree.people["own"], clock())
    assert "own" not in {person.name for person in queries.list_members(scope)}
    unit = tree.units["B"]
    assert {p.name for p in queries.list_people(unit)} == listed
    assert {p.name for p in queries.list_people(unit, "bel")} == {"below"}
    assert queries.list_people(unit, "sibling") == ()
    assert {p.name for p in queries.list_people(None, "sibling")} == {"sibling"}
    assert queries.count_people(unit) == 7
    by = tree.viewer("free-admin")
    actions.edit_person(*edited(tree, "below", phone="13911112222"), by, clock())
    assert {p.name for p in queries.list_people(unit, "13911112222")} == {"below"}
    assert queries.list_people(unit, "1391111222") == ()


def test_who_sees_somebody_is_told_as_it_is(tree: Cast, clock: Clock) -> None:
    def told(name: str) -> dict[str | None, dict[str, tuple[str, ...]]]:
        found = queries.list_watchers(tree.people[name])
        return {(one.unit.code if one.unit else None): one.names for one in found}

    seeing = {role: (role,) for role in ("trainer", "auditor", "admin")}
    free = {"admin": ("free-admin",)}
    assert told("below") == {"C": {}, "B": seeing, "A": {}, None: free}
    assert told("own") == {"B": seeing, "A": {}, None: free}
    assert told("sibling") == {"D": {}, "A": {}, None: free}
    assert told("nowhere") == {None: free}
    assert told("trainer")["B"] == {"auditor": ("auditor",), "admin": ("admin",)}
    assert told("free-admin") == {None: {}}
    disable_user(tree.people["auditor"], clock())
    assert told("own")["B"] == {"trainer": ("trainer",), "admin": ("admin",)}


def refused(act: object, *words: object) -> bool:
    """Say whether an action is refused as if the person did not exist."""
    try:
        act(*words)  # type: ignore[operator]
    except NotFound:
        return True
    return False


def test_disabling_enabling_and_resetting_reach_as_far_as_governing(
    tree: Cast, clock: Clock
) -> None:
    for role in ROLES:
        by = tree.viewer(role)
        for place in PLACES:
            whom, may = tree.people[place], place in REACHED and role in ("trainer", "admin")
            for act in (actions.disable_person, actions.enable_person, actions.reset_factors):
                assert refused(act, whom, by, clock()) is not may, (act, role, place)
            assert refused(actions.name_identity, whom, f"{place}@x", by, clock()) is not may
            assert bool(find_identity(whom)) is (may or bool(find_identity(whom)))
        for other in ROLES:
            whom = tree.people[other]
            may = other != role and (role == "admin" or (role, other) == ("trainer", "member"))
            assert refused(actions.disable_person, whom, by, clock()) is not may, (role, other)
            actions_by = tree.viewer("free-admin")
            actions.enable_person(whom, actions_by, clock())
    assert find_identity(tree.people["own"]) == ("own@x", False)
    assert find_identity(tree.people["sibling"]) is None
    assert not find_factors(tree.people["own"])


def test_what_they_do_is_done(tree: Cast, clock: Clock) -> None:
    by, whom = tree.viewer("trainer"), tree.people["below"]
    actions.disable_person(whom, by, clock())
    assert get_user(whom).disabled
    actions.enable_person(whom, by, clock())
    assert not get_user(whom).disabled


def test_links_are_renewed_within_reach(tree: Cast, clock: Clock) -> None:
    for role, place in product(ROLES, PLACES):
        may = place in REACHED and role in ("trainer", "admin")
        by = tree.viewer(role)
        assert refused(actions.renew_invite, tree.people[place], by, clock()) is not may
    assert refused(actions.renew_invite, tree.people["admin"], tree.viewer("trainer"), clock())


def test_people_are_invited_within_reach_with_roles_one_may_give(tree: Cast, clock: Clock) -> None:
    number = 13900000000
    for role, given, place in product(ROLES, ROLES, PLACES):
        number += 1
        unit = tree.units[PLACES[place] or ""] if PLACES[place] else None
        words = (f"新{number}", str(number), unit, given, tree.viewer(role), clock())
        grants = role == "admin" or (role == "trainer" and given in ("member", "trainer"))
        may = grants and place in REACHED
        assert refused(actions.invite_person, *words) is not may, (role, given, place)
    by = tree.viewer("free-admin")
    invited = actions.invite_person("无处", None, None, "member", by, clock(), "full")
    assert invited.token
    assert invited.user_id
    assert queries.get_profile(invited.user_id, date(2026, 11, 25)).status == "full"
    told = {entry.action for entry in audit.list_entries(invited.user_id)}
    assert told == {"accounts.invite_person", "org.edit_person"}
    with pytest.raises(Invalid):
        actions.invite_person("又一个", None, None, "member", by, clock(), "emperor")


def edited(tree: Cast, who: str, /, **changed: object) -> tuple[int, Edited]:
    """Return a person and what an edit would make of them: what stands, and the changes."""
    whom = tree.people[who]
    now = queries.get_profile(whom, date(2026, 11, 23))
    kept = {"name": now.name, "phone": now.phone, "role": now.role, "unit_id": now.unit_id}
    kept |= {"status": now.status, "standing": now.standing, "seen": now.seen}
    return whom, Edited(**{**kept, **changed})  # type: ignore[arg-type]


CHANGES = {
    "status": "full",
    "standing": "exempt",
    "name": "别名",
    "phone": "13911111111",
    "role": "trainer",
    "unit_id": "C",
}


def test_each_field_is_changed_by_whom_it_may_be(tree: Cast, clock: Clock) -> None:
    for role, whom, field in product(ROLES, ("own", "sibling", "auditor"), CHANGES):
        value = tree.units["C"] if field == "unit_id" else CHANGES[field]
        by = tree.viewer(role)
        may = role in ("trainer", "admin") and whom != "sibling"
        if field not in ("status", "standing"):
            may = (
                may and (role == "admin" or whom == "own") and (role == "admin" or field != "role")
            )
        may = may and not (role == whom and field not in ("status", "standing"))
        before = edited(tree, whom)[1]
        assert refused(actions.edit_person, *edited(tree, whom, **{field: value}), by, clock()) is (
            not may
        ), (role, whom, field)
        after = edited(tree, whom)[1]
        assert (getattr(after, field) == value) is (may or getattr(before, field) == value)
        back = {f: getattr(before, f) for f in CHANGES}
        actions.edit_person(*edited(tree, whom, **back), tree.viewer("free-admin"), clock())


def test_nobody_is_moved_where_the_mover_does_not_reach(tree: Cast, clock: Clock) -> None:
    for role, place in product(("trainer", "admin", "free-admin"), PLACES):
        unit = tree.units[PLACES[place] or ""] if PLACES[place] else None
        may = role == "free-admin" or place in REACHED
        words = (*edited(tree, "own", unit_id=unit), tree.viewer(role), clock())
        assert refused(actions.edit_person, *words) is not may, (role, place)
        actions.edit_person(
            *edited(tree, "own", unit_id=tree.units["B"]), tree.viewer("free-admin"), clock()
        )


@pytest.mark.parametrize("changed", [{"status": "x"}, {"standing": "x"}, {"seen": "x"}], ids=str)
def test_what_does_not_fit_is_refused(tree: Cast, clock: Clock, changed: dict[str, str]) -> None:
    with pytest.raises(XuejiError):
        actions.edit_person(*edited(tree, "own", **changed), tree.viewer("trainer"), clock())


def test_a_closed_unit_takes_nobody(tree: Cast, clock: Clock) -> None:
    tree.make_unit("F", "B")
    actions.close_unit(tree.units["F"], clock(), tree.viewer("free-admin"))
    words = edited(tree, "own", unit_id=tree.units["F"])
    with pytest.raises(Invalid):
        actions.edit_person(*words, tree.viewer("trainer"), clock())


def test_the_form_offers_what_the_action_takes(tree: Cast) -> None:
    fields = {
        ("trainer", "own"): {"name", "phone", "unit"},
        ("trainer", "auditor"): set(),
        ("admin", "auditor"): {"name", "phone", "unit", "role"},
    }
    for (role, whom), offered in fields.items():
        page = tree.sign_in(role).get(f"/people/{tree.people[whom]}/edit").text
        asked = {"name", "phone", "unit", "role"}
        assert {name for name in asked if f'name="{name}"' in page} == offered, (role, whom)
