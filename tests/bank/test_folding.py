"""Typing habits do not decide whether an answer is right, but digits do."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.folding import fold

pytestmark = pytest.mark.pure
PLAIN = "一年民主集中制党章abcxyz0123456789"
NOISE = " 　，。、；：！？“”《》（）\t"


@given(st.text(PLAIN, max_size=12), st.data())
def test_width_case_spaces_and_punctuation_do_not_matter(text: str, data: st.DataObject) -> None:
    typed = ""
    for char in text:
        wide = chr(ord(char) + 0xFEE0) if char.isascii() else char
        form = data.draw(st.sampled_from([char, char.upper(), wide, wide.upper()]))
        typed += form + data.draw(st.sampled_from(["", *(n for n in NOISE if n != "：")]))
    assert fold(typed) == fold(text) == text


@given(st.text())
def test_any_text_can_be_folded(text: str) -> None:
    folded = fold(text)
    assert not any(unicodedata.category(c)[0] in "ZC" for c in folded)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1.5", "15"), ("3-5年", "35年"), ("1/3", "13"), ("一年", "1年"), ("二", "三"), ("5%", "5")],
)
def test_what_means_something_else_stays_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3—5年", "3-5 年"), ("３～５年", "3-5年"), ("1,000", "1000"), ("１．５", "1.5")],
)
def test_ways_of_writing_numbers(one: str, other: str) -> None:
    assert fold(one) == fold(other)
