"""Units and invitations: what is refused, and that refusing writes nothing."""

import pytest
from flask import Flask

from app.accounts.invitation import Newcomer
from app.accounts.queries import Viewer
from app.base.errors import Invalid, NotFound
from app.org import actions, queries
from tests.conftest import Cast, Clock


@pytest.fixture
def trainer(cast: Cast) -> Viewer:
    """The trainer of unit B, which lies below A."""
    cast.make_unit("A")
    cast.make_unit("B", "A")
    return Viewer(
        cast.make_member("书记", "trainer", "B"),
        "书记",
        "trainer",
        cast.units["B"],
        "zh",
        "auto",
        18,
        True,
    )


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        ("", "名称", "党支部"),
        ("x" * 41, "名称", "党支部"),
        ("x", " ", "党支部"),
        ("x", "名称", "公司"),
    ],
)
def test_a_unit_needs_code_name_and_kind(app: Flask, code: str, name: str, kind: str) -> None:
    with pytest.raises(Invalid):
        actions.add_unit(code, name, kind)
    assert queries.list_units(queries.Scope(None)) == ()


def test_a_unit_needs_a_parent_that_exists(app: Flask) -> None:
    with pytest.raises(NotFound):
        actions.add_unit("x", "名称", parent_id=77)


def test_one_stranger_in_a_roster_stops_all_of_it(
    cast: Cast, trainer: Viewer, clock: Clock
) -> None:
    people = [Newcomer("甲", None, cast.units["B"]), Newcomer("乙", None, cast.units["A"])]
    with pytest.raises(NotFound):
        actions.invite_roster(people, trainer, clock())
    assert queries.count_people(None) == 1


@pytest.mark.parametrize("role", ["admin", "emperor"])
def test_nobody_grants_more_than_they_have(
    cast: Cast, trainer: Viewer, clock: Clock, role: str
) -> None:
    with pytest.raises((NotFound, Invalid)):
        actions.invite_person("甲", None, cast.units["B"], role, trainer, clock())


def test_somebody_known_is_not_invited_twice(cast: Cast, trainer: Viewer, clock: Clock) -> None:
    first = actions.invite_person("甲", "13800000001", cast.units["B"], "member", trainer, clock())
    assert first.token
    with pytest.raises(Invalid, match="在册"):
        actions.invite_person("甲", "138-0000-0001", cast.units["B"], "member", trainer, clock())
