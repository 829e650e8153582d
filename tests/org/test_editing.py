"""Which fields the form about a person offers, and what it says of people without a unit."""

import re

import pytest
from flask.testing import FlaskClient

from tests.conftest import Cast


@pytest.fixture
def tree(cast: Cast) -> Cast:
    """A trainer and a member of 甲, an administrator and somebody of no unit."""
    cast.make_unit("甲")
    cast.make_member("书记", "trainer", "甲")
    cast.make_member("学员", unit="甲")
    cast.make_member("总管", "admin")
    cast.make_member("散人")
    return cast


def options(client: FlaskClient, whom: int, name: str) -> list[tuple[bool, str]] | None:
    """Return (is chosen, value) of a field's options, or None when it is not offered."""
    page = client.get(f"/people/{whom}/edit").text
    found = re.search(rf'<select [^>]*name="{name}"[^>]*>(.*?)</select>', page, re.S)
    if found is None:
        return None
    return [(bool(c), v) for c, v in re.findall(r'<option (selected )?value="([^"]*)"', found[1])]


def test_nobody_is_offered_a_role_for_themselves(tree: Cast) -> None:
    client, people = tree.sign_in("总管"), tree.people
    assert options(client, people["总管"], "role") is None
    assert options(client, people["总管"], "unit") is None
    assert options(client, people["学员"], "role") is not None


def test_no_unit_at_all_is_for_administrators_to_choose(tree: Cast) -> None:
    admin, trainer = tree.sign_in("总管"), tree.sign_in("书记")
    units, whom = str(tree.units["甲"]), tree.people["学员"]
    assert options(admin, whom, "unit") == [(False, ""), (True, units)]
    assert options(trainer, whom, "unit") == [(True, units)]
    assert options(admin, tree.people["散人"], "unit") == [(True, ""), (False, units)]
