"""Codes of an app and recovery codes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import codes

pytestmark = pytest.mark.pure
# RFC 6238, appendix B, for SHA-1; its eight digits cut to the six that apps show.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
KNOWN = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize(("at", "code"), KNOWN.items())
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert codes.find_step(SECRET, code, datetime.fromtimestamp(at, UTC)) == at // 30


@given(away=st.integers(-400, 400))
def test_a_code_counts_for_its_own_half_minute_and_the_next_to_it(away: int) -> None:
    made = datetime.fromtimestamp(1111111109 // 30 * 30, UTC)
    found = codes.find_step(SECRET, "081804", made + timedelta(seconds=away))
    assert (found is not None) == (-30 <= away < 60)


@pytest.mark.parametrize("code", ["", "28708", "2870822", "28708a", "２８７０８２", "-87082"])
def test_anything_else_is_no_code(code: str) -> None:
    assert codes.find_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_codes_are_read_as_people_type_them() -> None:
    assert codes.plain(" 287 082\n") == "287082"
    assert codes.plain("２８７０８２") == "287082"
    assert codes.plain("abcd-efgh 2345") == "ABCDEFGH2345"


def test_each_session_is_offered_its_own_secret() -> None:
    made = {codes.secret_for(token, key) for token in ("1.a", "1.b") for key in ("x", "y")}
    assert len(made) == 4
    assert all(len(secret) == 32 for secret in made)
    assert codes.secret_for("1.a", "x") == codes.secret_for("1.a", "x")


def test_recovery_codes_are_long_enough_to_be_kept_as_a_plain_hash() -> None:
    made = {codes.new_recovery_code() for _n in range(200)}
    assert len(made) == 200
    assert len(codes.ALPHABET) ** (codes.GROUPS * codes.GROUP) >= 2**112
    assert all(codes.is_recovery(codes.plain(code)) for code in made)
    assert not {"0", "O", "1", "I"} & set("".join(made))
