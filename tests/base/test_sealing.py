"""Secrets kept so that the database alone does not give them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.base.sealing import seal, unseal

pytestmark = pytest.mark.pure


@given(plain=st.text(max_size=80), whose=st.text(max_size=10))
def test_what_was_sealed_comes_back_for_whom_and_what_it_was_sealed(plain: str, whose: str) -> None:
    sealed = seal(plain, "purpose", whose, "key")
    assert unseal(sealed, "purpose", whose, "key") == plain
    assert unseal(sealed, "purpose", whose + "x", "key") is None
    assert unseal(sealed, "another", whose, "key") is None
    assert unseal(sealed, "purpose", whose, "other key") is None
    assert seal(plain, "purpose", whose, "key") != sealed


@given(place=st.integers(0, 43), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_altered(place: int, bit: int) -> None:
    whole = bytearray(base64.urlsafe_b64decode(seal("sixteen letters.", "p", "1", "key")))
    whole[place] ^= 1 << bit
    assert unseal(base64.urlsafe_b64encode(bytes(whole)).decode(), "p", "1", "key") is None


@pytest.mark.parametrize("text", ["", "x", "====", "AAAA", "Ä"])
def test_what_is_no_seal_opens_to_nothing(text: str) -> None:
    assert unseal(text, "purpose", "1", "key") is None
