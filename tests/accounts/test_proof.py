"""How long a proof counts, and of whom a second factor is asked."""

import pytest

from app.accounts.proof import FRESH, is_asked, is_confined, is_fresh

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("proved_at", "at", "counts"),
    [
        (None, 0, False),
        (100, 100, True),
        (100, 100 + FRESH - 1, True),
        (100, 100 + FRESH, False),
        (100, 99, False),  # the clock went back: ask again rather than trust it for longer
    ],
)
def test_a_proof_counts_for_a_quarter_of_an_hour(
    proved_at: int | None, at: int, counts: bool
) -> None:
    assert is_fresh(proved_at, at) is counts


@pytest.mark.parametrize("role", ["trainer", "editor", "auditor", "admin"])
def test_people_with_a_role_are_asked_as_the_setting_says(role: str) -> None:
    assert [is_asked(s, role) for s in ("off", "offered", "required")] == [False, True, True]
    assert [is_confined(s, role, False) for s in ("off", "offered", "required")] == [
        False,
        False,
        True,
    ]
    assert not is_confined("required", role, True)


def test_nothing_is_ever_demanded_of_members() -> None:
    for setting in ("off", "offered", "required"):
        assert not is_asked(setting, "member")
        assert not is_confined(setting, "member", False)
