"""Which token makes somebody whom: every condition by itself."""

import pytest
from sqlalchemy import select, update

from app.accounts.actions import add_user, disable_user, enable_user, sign_in
from app.accounts.models import Session
from app.accounts.queries import find_viewer, owner_of
from app.base.clock import epoch
from app.base.db import db
from tests.conftest import PASSWORD, Cast, Clock


def change(**values: object) -> None:
    """Change the only session."""
    db.session.execute(update(Session).values(**values))
    db.session.commit()


def test_a_token_is_worth_something_under_every_condition_together(
    cast: Cast, clock: Clock
) -> None:
    one = add_user("甲", "member", clock(), password=PASSWORD)
    add_user("乙", "admin", clock(), password=PASSWORD)
    token = sign_in("甲", PASSWORD, "1.2.3.4", "", None, clock())
    found = find_viewer(token, clock())
    assert found
    assert (found.id, found.name, found.role) == (one, "甲", "member")
    assert (found.second, found.fresh, found.token) == (False, True, token)
    other = token.replace(f"{one}.", f"{one + 1}.")
    for wrong in (other, token + "x", token[:-1], "", f"{one}.", "x.y", token.partition(".")[2]):
        assert find_viewer(wrong, clock()) is None, wrong
    disable_user(one, clock())
    assert find_viewer(token, clock()) is None
    enable_user(one, clock())
    assert find_viewer(token, clock()) is None  # its sessions ended


def test_waiting_ended_and_disabled_sessions_are_nobodys(cast: Cast, clock: Clock) -> None:
    from app.accounts.models import User

    one = add_user("甲", "member", clock(), password=PASSWORD)
    token = sign_in("甲", PASSWORD, "1.2.3.4", "", None, clock())
    change(waiting=True)
    assert find_viewer(token, clock()) is None
    change(waiting=False, expires_at=epoch(clock()))
    assert find_viewer(token, clock()) is None
    change(expires_at=epoch(clock()) + 1)
    assert find_viewer(token, clock())
    change(second=True, proved_at=None)
    found = find_viewer(token, clock())
    assert found
    assert (found.second, found.fresh) == (True, False)
    db.session.execute(update(User).where(User.id == one).values(disabled_at=1))
    db.session.commit()
    assert find_viewer(token, clock()) is None
    assert db.session.scalar(select(Session.user_id)) == one


@pytest.mark.pure
@pytest.mark.parametrize(
    ("token", "owner"),
    [
        ("7.abc", 7),
        ("7.", 7),
        ("7", None),
        ("", None),
        (".abc", None),
        ("x.abc", None),
        ("-7.abc", None),
        ("７.abc", None),
        ("1" * 10 + ".abc", 1111111111),
        ("1" * 11 + ".abc", None),
    ],
)
def test_whose_a_token_claims_to_be(token: str, owner: int | None) -> None:
    assert owner_of(token) == owner
