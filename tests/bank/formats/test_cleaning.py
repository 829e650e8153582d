"""Text is kept as written, without what nobody sees; HTML becomes plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bank.formats.cleaning import clean, looks_like_html, plain_of_html

pytestmark = pytest.mark.pure


@given(text=st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_what_nobody_sees_goes() -> None:
    assert clean(" \u200b甲\u202e乙\ufeff\r\n丙\x07\ud800 ") == "甲乙\n丙"
    assert clean("（　　）①𠮷é") == "（　　）①𠮷é"


def test_html_becomes_plain() -> None:
    assert plain_of_html("<p>甲<br>乙</p><script>x</script><!-- y -->&amp;") == ("甲\n乙\n&", False)
    assert plain_of_html("甲<img src='x'>") == ("甲", True)
    assert looks_like_html("<p>甲</p>")
    assert not looks_like_html("1 < 2 且 3 > 2")
