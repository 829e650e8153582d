"""Reads of people never carry a secret, and malformed tokens are nobody."""

import pytest
from flask import Flask

from app.accounts import queries
from app.base.errors import NotFound
from tests.conftest import Cast, Clock


@pytest.mark.parametrize(
    "token", ["", ".", "x.y", "1", "-1.x", "１.x", "99999999999.x", "1.", "1.x"]
)
def test_a_malformed_or_unknown_token_is_nobody(cast: Cast, clock: Clock, token: str) -> None:
    cast.make_member("甲")
    assert queries.find_viewer(token, clock()) is None
    assert queries.find_invited(token, clock()) is None


def test_views_of_people_hold_no_hash() -> None:
    shown = {name for view in (queries.Account, queries.Viewer) for name in view.__annotations__}
    assert "password_hash" not in shown
    assert "password_hash" not in queries.listing.c


def test_a_viewers_token_stays_out_of_logs(cast: Cast) -> None:
    viewer = queries.Viewer(1, "甲", "member", None, "zh", "auto", 18, True, token="1.secret")
    assert "secret" not in repr(viewer)


def test_nobody_is_found_by_an_unknown_id(app: Flask) -> None:
    with pytest.raises(NotFound):
        queries.get_user(77)
    with pytest.raises(NotFound):
        queries.get_credentials(77)
