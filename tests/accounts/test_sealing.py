"""Secrets kept so that the database alone does not give them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.sealing import seal, unseal

pytestmark = pytest.mark.pure


@given(plain=st.text(max_size=80), owner=st.integers(1, 10**9))
def test_what_was_sealed_comes_back_to_its_owner_only(plain: str, owner: int) -> None:
    sealed = seal(plain, owner, "key")
    assert unseal(sealed, owner, "key") == plain
    assert unseal(sealed, owner + 1, "key") is None
    assert unseal(sealed, owner, "other key") is None
    assert seal(plain, owner, "key") != sealed


@given(place=st.integers(0, 43), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_altered(place: int, bit: int) -> None:
    whole = bytearray(base64.urlsafe_b64decode(seal("sixteen letters.", 1, "key")))
    whole[place] ^= 1 << bit
    assert unseal(base64.urlsafe_b64encode(bytes(whole)).decode(), 1, "key") is None
