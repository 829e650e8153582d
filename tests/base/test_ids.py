"""Ids and tokens: random, of one form, and secrets kept only as hashes."""

import pytest

from app.base.ids import digest, is_id, new_id, new_token

pytestmark = pytest.mark.pure


def test_ids_are_recognised() -> None:
    assert all(is_id(new_id()) for _n in range(100))
    assert len({new_id() for _n in range(1000)}) == 1000


@pytest.mark.parametrize("text", ["", "x" * 21, "x" * 23, "长" * 22, "!" * 22, "x" * 21 + "\n"])
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)


def test_secrets_are_long_and_hashed() -> None:
    token = new_token()
    assert len(token) == 43
    assert token not in digest(token)
    assert len(digest(token)) == 64
