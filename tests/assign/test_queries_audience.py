"""Audiences resolved: the people met are those who are meant, seen from either side."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.actions import add_user
from app.assign import queries
from app.assign.audience import Audience, make_audience
from app.base.errors import NotFound
from app.org.actions import Edited, edit_person, give_post, merge_units, move_unit
from app.org.queries import Scope, get_profile
from tests.conftest import Cast, Clock

DAY = date(2026, 11, 23)
UNITS = "ABCD"
POSTS, STATUSES = ("secretary", "deputy"), ("full", "probationary", "unknown")


def add(cast: Cast, clock: Clock, name: str, role: str, unit: str | None) -> None:
    """Add somebody who cannot sign in, which is quicker than making a password."""
    unit_id = cast.units[unit] if unit else None
    cast.people[name] = add_user(name, role, clock(), unit_id=unit_id)


def record(cast: Cast, clock: Clock, name: str, status: str, standing: str) -> None:
    """Record status and standing of somebody."""
    one = get_profile(cast.people[name], DAY)
    wanted = Edited(one.name, one.phone, one.role, one.unit_id, status, standing, one.seen)
    edit_person(one.member_id, wanted, cast.viewer("总管"), clock())


@pytest.fixture
def tree(app: Flask, cast: Cast, clock: Clock) -> Cast:
    """A above B and D, B above C; one person in each, some with posts, one exempt, one away."""
    for code, parent in (("A", None), ("B", "A"), ("C", "B"), ("D", "A")):
        cast.make_unit(code, parent)
    add(cast, clock, "总管", "admin", None)
    for code in UNITS:
        add(cast, clock, f"人{code}", "member", code)
    add(cast, clock, "书记B", "trainer", "B")
    record(cast, clock, "人B", "full", "exempt")
    record(cast, clock, "人C", "probationary", "away")
    record(cast, clock, "人D", "full", "active")
    since, by = date(2026, 1, 1), cast.viewer("总管")
    give_post(cast.people["人A"], cast.units["A"], "secretary", since, None, by, clock())
    give_post(cast.people["人C"], cast.units["C"], "deputy", since, None, by, clock())
    return cast


def names(cast: Cast, people: Sequence[Any]) -> set[str]:
    """Return the names of people."""
    return {person.name for person in people}


def units(cast: Cast, codes: str) -> list[int]:
    """Return the ids of units."""
    return [cast.units[code] for code in codes]


def test_the_exempt_stand_apart_and_the_away_are_obliged(tree: Cast) -> None:
    audience = make_audience(units(tree, "B"))
    meant = queries.resolve_audience(audience, tree.units["A"], DAY)
    assert names(tree, meant.obliged) == {"人C", "书记B"}
    assert names(tree, meant.exempt) == {"人B"}
    assert meant.away == 1
    assert meant.ids == {tree.people["人C"], tree.people["书记B"]}


def test_somebody_exempt_stays_so_when_named(tree: Cast) -> None:
    audience = make_audience(persons=[tree.people["人B"]])
    assert queries.resolve_audience(audience, None, DAY).obliged == ()


def test_units_without_those_below(tree: Cast) -> None:
    audience = make_audience(units(tree, "AC"), below=False)
    meant = queries.resolve_audience(audience, tree.units["A"], DAY)
    assert names(tree, meant.obliged) == {"人A", "人C"}


@pytest.mark.parametrize(
    ("reader", "seen"),
    [("A", {"人A", "人C", "人D", "书记B"}), ("B", {"人C", "书记B"}), ("D", {"人D"}), (None, None)],
)
def test_a_reader_sees_their_own_part(tree: Cast, reader: str | None, seen: Any) -> None:
    audience = make_audience(units(tree, "A"))
    scope = Scope(tree.units[reader] if reader else None)
    meant = queries.resolve_audience(audience, tree.units["A"], DAY, scope)
    assert names(tree, meant.obliged) == (seen or {"人A", "人C", "人D", "书记B"})


def test_a_reader_beside_sees_nobody(tree: Cast) -> None:
    audience = make_audience(units(tree, "B"))
    found = queries.resolve_audience(audience, tree.units["B"], DAY, Scope(tree.units["D"]))
    assert (found.obliged, found.exempt) == ((), ())


@pytest.mark.parametrize("beyond", ["A", "D"])
def test_nobody_makes_an_audience_beyond_their_reach(tree: Cast, beyond: str) -> None:
    by = tree.viewer("书记B")
    for audience in (
        make_audience(units(tree, beyond)),
        make_audience(persons=[tree.people[f"人{beyond}"]]),
    ):
        with pytest.raises(NotFound):
            queries.preview_audience(by, audience, DAY)
    with pytest.raises(NotFound):
        queries.preview_audience(tree.viewer("人A"), make_audience(units(tree, "B")), DAY)


def test_those_who_leave_the_unit_that_asks_are_left_out(tree: Cast, clock: Clock) -> None:
    audience = make_audience(units(tree, "C"), persons=[tree.people["人C"]])
    move_unit(tree.units["C"], tree.units["D"], clock(), tree.viewer("总管"))
    assert queries.resolve_audience(audience, tree.units["B"], DAY).obliged == ()
    who = queries.describe_person(tree.people["人C"], DAY)
    assert not queries.meets(audience, tree.units["B"], who)


def test_a_merged_unit_means_the_one_that_took_over(tree: Cast, clock: Clock) -> None:
    audience = make_audience(units(tree, "C"), below=False)
    merge_units(tree.units["C"], tree.units["B"], clock(), tree.viewer("总管"))
    meant = queries.resolve_audience(audience, tree.units["B"], DAY)
    assert names(tree, meant.obliged) == {"人C", "书记B"}
    who = queries.describe_person(tree.people["人C"], DAY)
    assert queries.meets(audience, tree.units["B"], who)


AUDIENCES: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    units=st.sets(st.sampled_from(UNITS)),
    below=st.booleans(),
    posts=st.sets(st.sampled_from(POSTS)),
    statuses=st.sets(st.sampled_from(STATUSES)),
    persons=st.sets(st.sampled_from(["人A", "人B", "人C"])),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=AUDIENCES, home=st.sampled_from([None, *UNITS]))
def test_lists_and_members_agree_on_who_is_meant(
    tree: Cast, parts: dict[str, Any], home: str | None
) -> None:
    audience = Audience(
        tuple(units(tree, "".join(sorted(parts["units"])))),
        parts["below"],
        tuple(sorted(parts["posts"])),
        tuple(sorted(parts["statuses"])),
        tuple(tree.people[name] for name in sorted(parts["persons"])),
    )
    home_id = tree.units[home] if home else None
    listed = queries.resolve_audience(audience, home_id, DAY)
    found = {person.id for person in (*listed.obliged, *listed.exempt)}
    everybody = {one: queries.describe_person(one, DAY) for one in tree.people.values()}
    assert found == {i for i, who in everybody.items() if queries.meets(audience, home_id, who)}
